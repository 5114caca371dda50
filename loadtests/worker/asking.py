"""Questions about rooms, one at a time for each room: the answer is one for all who wait for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

from loadtests.ledger.publication import Room
from loadtests.worker.actor import Actor

Member = TypeVar("Member", bound=Actor)
Spawn: TypeAlias = Callable[[Coroutine[Any, Any, Any]], object]


@dataclass(slots=True)
class Wait(Generic[Member]):
    """A member that waits to be seen in a room, or out of it."""

    member: Member
    wanted: bool
    done: asyncio.Future[bool]
    since_s: float = field(default_factory=time.monotonic)

    def settle(self, seen: bool) -> None:
        """Tell whoever waits, unless it has gone: the tasks of a cohort are cancelled when its users stop."""
        if not self.done.done():
            self.done.set_result(seen)


class RoomQuestions(Generic[Member]):
    """Who waits for an answer about which room."""

    def __init__(self, spawn: Spawn, ask: Callable[[Room, list[Wait[Member]]], Awaitable[list[Wait[Member]]]]) -> None:
        """Begin with nobody.

        Args:
            ask: asks once for those who wait, and gives those for whom it has to be asked again.
        """
        self._spawn = spawn
        self._ask_once = ask
        self._waits: dict[str, list[Wait[Member]]] = {}

    async def seen(self, room: Room, member: Member, *, wanted: bool = True) -> bool:
        """Whether what was asked after this shows the member in the room, or out of it."""
        wait = Wait(member, wanted, asyncio.get_running_loop().create_future())
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
            asked, waits[:] = [wait for wait in waits if not wait.done.done()], ()
            if asked:
                waits.extend(await self._ask_once(room, asked))
        del self._waits[room.name]
