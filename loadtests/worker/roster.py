"""Making sure of who is in a room: one roster answers for all who wait, since it lists every member."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from loadtests.dialects.dialect import Dialect
from loadtests.ledger.publication import Room
from loadtests.worker.actor import Actor
from loadtests.worker.samples import Samples
from loadtests.worker.waits import PAUSE_S, TRIED_S
from loadtests.worker.wire.failures import Failed
from loadtests.worker.wire.timer import Timer


@dataclass(slots=True)
class _Wait:
    member: Actor
    wanted: bool
    done: asyncio.Future[bool]
    since_s: float = field(default_factory=time.monotonic)


class RosterCheck:
    """Asks for rosters, one at a time for each room."""

    def __init__(
        self, words: Dialect, spawn: Callable[[Coroutine[Any, Any, Any]], object], alarm: Timer, samples: Samples
    ) -> None:
        self._words = words
        self._spawn = spawn
        self._alarm = alarm
        self._samples = samples
        self._waits: dict[str, list[_Wait]] = {}
        self._event = words.roster.event if words.roster is not None else ""

    async def seen(self, room: Room, member: Actor, *, wanted: bool) -> bool:
        """Whether a roster that was asked for after this shows the member in the room, or out of it."""
        wait = _Wait(member, wanted, asyncio.get_running_loop().create_future())
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
            again: list[_Wait] = []
            listed = await self._roster(room, asked)
            for wait in asked:
                connection = wait.member.connection
                if listed is None or connection is None:
                    wait.done.set_result(False)
                elif (connection.sid in listed) is wait.wanted:
                    wait.done.set_result(True)
                elif time.monotonic() - wait.since_s < TRIED_S:
                    again.append(wait)
                else:
                    why = f"the roster {'lacks' if wait.wanted else 'still lists'} the socket"
                    self._samples.add("WSC", self._event, None, failure=why)
                    wait.done.set_result(False)
            if again:
                await self._alarm.after(PAUSE_S)
                waits.extend(again)
        del self._waits[room.name]

    async def _roster(self, room: Room, asked: list[_Wait]) -> set[str] | None:
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
        return None if failure else self._words.listed(answer[0] if answer else None)
