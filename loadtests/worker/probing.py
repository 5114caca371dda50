"""Making sure of who is in a room where nothing lists its members: whoever receives a first publication is one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from loadtests.dialects.way import Way
from loadtests.ledger.publication import Publication, Room
from loadtests.worker.actor import Actor
from loadtests.worker.samples import Samples
from loadtests.worker.waits import PAUSE_S, TRIED_S
from loadtests.worker.wire.timer import Timer


class Prober(Actor, Protocol):
    """A virtual client that can publish what nobody is owed."""

    number: int

    def probe(self, room: Room, way: Way) -> Publication | None:
        """Publish once; None where that cannot be."""


@dataclass(slots=True)
class _Wait:
    member: Prober
    done: asyncio.Future[bool]
    since_s: float = field(default_factory=time.monotonic)


class ProbeCheck:
    """Publishes probes, one at a time for each room: one proves the membership of all who receive it."""

    def __init__(
        self, way: Way | None, spawn: Callable[[Coroutine[Any, Any, Any]], object], alarm: Timer, samples: Samples
    ) -> None:
        self._way = way
        self._spawn = spawn
        self._alarm = alarm
        self._samples = samples
        self._waits: dict[str, list[_Wait]] = {}

    async def seen(self, room: Room, member: Prober) -> bool:
        """Whether the member has received a probe that was published after this."""
        wait = _Wait(member, asyncio.get_running_loop().create_future())
        waits = self._waits.get(room.name)
        if waits is None:
            self._waits[room.name] = [wait]
            self._spawn(self._ask(room))
        else:
            waits.append(wait)
        return await wait.done

    async def _ask(self, room: Room) -> None:
        waits = self._waits[room.name]
        while waits:
            asked, waits[:] = waits[:], ()
            waits.extend(await self._probed(room, asked))
        del self._waits[room.name]

    async def _probed(self, room: Room, asked: list[_Wait]) -> list[_Wait]:
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
                wait.done.set_result(False)
        return again

    def _settled(self, wait: _Wait, probe: Publication) -> bool:
        """Whether a member has received the probe."""
        if probe.probed is None or wait.member.number not in probe.probed:
            return False
        wait.done.set_result(True)
        return True
