"""Making sure of who is in a room where nothing lists its members: whoever receives a first publication is one."""

from __future__ import annotations

import time
from typing import Protocol

from loadtests.dialects.way import Way
from loadtests.ledger.publication import Publication, Room
from loadtests.worker.actor import Actor
from loadtests.worker.asking import RoomQuestions, Spawn, Wait
from loadtests.worker.samples import Samples
from loadtests.worker.waits import PAUSE_S, TRIED_S
from loadtests.worker.wire.timer import Timer


class Prober(Actor, Protocol):
    """A virtual client that can publish what nobody is owed."""

    number: int

    def probe(self, room: Room, way: Way) -> Publication | None:
        """Publish once; None where that cannot be."""


class ProbeCheck(RoomQuestions[Prober]):
    """Publishes probes, one at a time for each room: one proves the membership of all who receive it."""

    def __init__(self, way: Way | None, spawn: Spawn, alarm: Timer, samples: Samples) -> None:
        super().__init__(spawn, self._probed)
        self._way = way
        self._alarm = alarm
        self._samples = samples

    async def _probed(self, room: Room, asked: list[Wait[Prober]]) -> list[Wait[Prober]]:
        """Publish one probe; those who wait still, since they were not members when the service took it."""
        prober = next((wait.member for wait in asked if wait.member.connected), None)
        probe = prober.probe(room, self._way) if prober is not None and self._way is not None else None
        begun_s = time.monotonic()
        left = asked
        while left and probe is not None and time.monotonic() - begun_s < PAUSE_S * len(asked) + TRIED_S / 5:
            await self._alarm.after(PAUSE_S)
            left = [wait for wait in left if not self._settled(wait, probe)]
        again = []
        for wait in left:
            if probe is not None and wait.member.connected and time.monotonic() - wait.since_s < TRIED_S:
                again.append(wait)
            else:
                if self._way is not None:
                    self._samples.add("WSC", self._way.name, None, failure="a new member did not receive it")
                wait.settle(False)
        return again

    def _settled(self, wait: Wait[Prober], probe: Publication) -> bool:
        """Whether a member has received the probe."""
        if probe.probed is None or wait.member.number not in probe.probed:
            return False
        wait.settle(True)
        return True
