"""Making sure of who is in a room: one roster answers for all who wait, since it lists every member."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from loadtests.ledger.publication import Room
from loadtests.worker.wire.failures import Failed

if TYPE_CHECKING:
    from loadtests.worker.client import Member
    from loadtests.worker.worker import Plane

TRIED_S = 5.0
"""How long rosters may come without showing what was asked for: a service may take a join long after a question."""

PAUSE_S = 0.02
"""Between two rosters of a room that do not show it yet."""


@dataclass(slots=True)
class _Wait:
    member: Member
    wanted: bool
    done: asyncio.Future[bool]
    since_s: float = field(default_factory=time.monotonic)


class Roll:
    """Asks for rosters, one at a time for each room."""

    def __init__(self, plane: Plane) -> None:
        self._plane = plane
        self._waits: dict[str, list[_Wait]] = {}

    async def seen(self, room: Room, member: Member, *, wanted: bool) -> bool:
        """Whether a roster that was asked for after this shows the member in the room, or out of it."""
        wait = _Wait(member, wanted, asyncio.get_running_loop().create_future())
        waits = self._waits.get(room.name)
        if waits is None:
            self._waits[room.name] = [wait]
            self._plane.spawn(self._ask(room))
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
                    self._plane.sample("WSC", self._plane.words.roster, None, failure=why)
                    wait.done.set_result(False)
            if again:
                await self._plane.alarm.after(PAUSE_S)
                waits.extend(again)
        del self._waits[room.name]

    async def _roster(self, room: Room, asked: list[_Wait]) -> set[str] | None:
        """The sockets that a roster lists; None where none came."""
        words = self._plane.words
        # A member knows of its own room in any service; one that leaves may be told nothing.
        asker = next((wait.member for wait in asked if wait.wanted and wait.member.connected), None)
        asker = asker or next((wait.member for wait in asked if wait.member.connected), None)
        if asker is None:
            return None
        start_ns = time.monotonic_ns()
        failure = None
        try:
            roster = await asker.call(words.roster, {words.key: room.name}, words.roster_reply)
        except Failed as error:
            failure = str(error)
        self._plane.sample("WSC", words.roster, time.monotonic_ns() - start_ns, failure=failure)
        return None if failure else words.listed(roster)
