"""Making sure of who is in a room: one roster answers for all who wait, since it lists every member."""

from __future__ import annotations

import time

from loadtests.dialects.dialect import Dialect
from loadtests.ledger.publication import Room
from loadtests.worker.actor import Actor
from loadtests.worker.asking import RoomQuestions, Spawn, Wait
from loadtests.worker.samples import Samples
from loadtests.worker.senders import Senders
from loadtests.worker.waits import PAUSE_S, TRIED_S
from loadtests.worker.wire.failures import Failed
from loadtests.worker.wire.timer import Timer


class RosterCheck(RoomQuestions[Actor]):
    """Asks for rosters, one at a time for each room: one answers for all who wait, since it lists every member."""

    def __init__(self, words: Dialect, spawn: Spawn, alarm: Timer, samples: Samples, senders: Senders) -> None:
        super().__init__(spawn, self._listed)
        self._words = words
        self._alarm = alarm
        self._samples = samples
        self._senders = senders
        self._event = words.roster.event if words.roster is not None else ""

    async def _listed(self, room: Room, asked: list[Wait[Actor]]) -> list[Wait[Actor]]:
        """Ask once; those who wait still, since the roster does not show them yet as they are to be."""
        again: list[Wait[Actor]] = []
        listed = await self._roster(room, asked)
        for wait in asked:
            connection = wait.member.connection
            if listed is None or connection is None:
                wait.settle(False)
            elif (connection.sid in listed) is wait.wanted:
                wait.settle(True)
            elif time.monotonic() - wait.since_s < TRIED_S:
                again.append(wait)
            else:
                why = f"the roster {'lacks' if wait.wanted else 'still lists'} the socket"
                self._samples.add("WSC", self._event, None, failure=why)
                wait.settle(False)
        if again:
            await self._alarm.after(PAUSE_S)
        return again

    async def _roster(self, room: Room, asked: list[Wait[Actor]]) -> set[str] | None:
        """The sockets that a roster lists; None where none came."""
        roster = self._words.roster
        # A member knows of its own room in any service; one that leaves may be told nothing.
        asker = next((wait.member for wait in asked if wait.wanted and wait.member.connected), None)
        asker = asker or next((wait.member for wait in asked if wait.member.connected), None)
        if asker is None or roster is None:
            return None
        start_ns = time.monotonic_ns()
        failure = None
        try:
            answer = await asker.call(roster, room.name)
        except Failed as error:
            failure = str(error)
        self._samples.add("WSC", self._event, time.monotonic_ns() - start_ns, failure=failure)
        if failure:
            return None
        self._senders.listed(answer)
        return self._words.listed(answer)
