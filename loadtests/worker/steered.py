"""A virtual client whose steps are written one after the other, as tasks of a Locust user are."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loadtests.dialects.door import Asked
from loadtests.dialects.mark import InChoice
from loadtests.dialects.reach import names_room
from loadtests.dialects.way import Way
from loadtests.ledger.publication import Publication, Room
from loadtests.worker.client import VirtualClient
from loadtests.worker.context import Context
from loadtests.worker.wire.failures import Failed
from loadtests.worker.wire.known import NOTHING
from loadtests.worker.wire.owner import Heard

MOST_KEPT = 1000
"""How many received events a client keeps for a task that asks for one: more than come while a task does one step."""

LOOK_S = 0.02
"""Between two looks at whether a publication has come to everybody."""


@dataclass(frozen=True, slots=True)
class Received:
    """An event that has come: its name, and its payload as the contract describes it."""

    event: str
    payload: Any


class SteeredClient(VirtualClient):
    """One socket. Every frame is decoded, so that a task can wait for any event."""

    __slots__ = ("_arrived", "_count", "_news", "_seen")

    def __init__(self, context: Context, scenario: str, number: int) -> None:
        super().__init__(context, scenario, number)
        self._arrived: deque[tuple[int, Received]] = deque(maxlen=MOST_KEPT)
        self._count = 0
        """How many events have come."""
        self._seen = 0
        """Up to which of them a task has looked, or did something of its own."""
        self._news = asyncio.Event()

    def _known(self) -> Mapping[bytes, Heard]:
        return NOTHING

    def notice(self, event: str, arguments: list[Any], frame: bytes) -> None:
        """An event has come."""
        super().notice(event, arguments, frame)
        self._count += 1
        form = self.context.words.form_of(event)
        payload = form.fields(arguments) if form is not None else arguments[0] if arguments else None
        self._arrived.append((self._count, Received(event, payload)))
        self._news.set()

    def acts(self) -> None:
        """A task does something: what has come until now is not the answer to it."""
        self._seen = self._count

    async def next_of(self, event: str, wanted: Mapping[str, Any], timeout_s: float) -> Received | None:
        """The first event of a name that has come since the client acted last; None where none comes in time.

        Args:
            wanted: values that its payload has.
        """
        end_s = time.monotonic() + timeout_s
        while True:
            self._news.clear()
            for count, one in self._arrived:
                if count > self._seen and one.event == event and _has(one.payload, wanted):
                    self._seen = count
                    return one
            left_s = end_s - time.monotonic()
            if left_s <= 0 or self.context.stopping:
                return None
            try:
                async with asyncio.timeout(min(left_s, 1.0)):
                    await self._news.wait()
            except TimeoutError:
                continue

    # --- what tasks do ---------------------------------------------------------------------------------------

    def way_of(self, name: str, fields: Mapping[str, Any], room: Room) -> tuple[Way, int | None]:
        """A way to publish with given fields, and which of its stream it is where a field says that.

        Raises:
            LookupError: there is no such way.
            ValueError: a field cannot be given, or breaks the contract.
        """
        words = self.context.words
        way = words.named_way(name)
        marking, number = way.marking, None
        if isinstance(marking, InChoice) and marking.field in fields:
            if fields[marking.field] not in marking.values:
                raise ValueError(f"{name}: {marking.field}: expected one of {', '.join(marking.values)}")
            number = marking.values.index(fields[marking.field])
            fields = {name: value for name, value in fields.items() if name != marking.field}
        return (way.given(fields, words.value(room.name)) if fields else way), number

    async def asks(self, asked: Asked, room: Room | None, fields: Mapping[str, Any]) -> Any:
        """Send a request that is answered; what answers it.

        Raises:
            Failed: no answer came.
        """
        arguments = self.arguments(asked, room, fields)
        start_ns, failure = time.monotonic_ns(), None
        try:
            answer = await self.answer_to(asked.event, arguments, asked.reply)
            return answer[0] if len(answer) == 1 else answer
        except Failed as error:
            failure = str(error)
            if self.connected and not self.context.stopping:
                self.context.count("unanswered", self.scenario)
                why, where = f"{asked.event}: {failure}", room or self.context.nowhere
                self.context.ledger.witness("unanswered", where, self.number, time.monotonic_ns(), why=why)
            raise
        finally:
            self.context.sample("WSC", asked.event, time.monotonic_ns() - start_ns, failure=failure)

    def arguments(self, asked: Asked, room: Room | None, fields: Mapping[str, Any]) -> tuple[Any, ...]:
        """The arguments of a request with given fields.

        Raises:
            ValueError: they break its contract.
        """
        value = self.context.words.value(room.name) if room is not None else None
        named = {asked.key: value} if room is not None and names_room(asked.request, asked.key) else {}
        payload = {**asked.base, **named, **fields}
        problem = asked.request.payload.explain(payload)
        if problem is not None:
            raise ValueError(f"{asked.event}: the payload breaks its contract: {problem}")
        form = asked.request.form
        return form.args(payload) if form is not None else (payload,)

    async def arrives(self, publication: Publication, timeout_s: float) -> bool:
        """Whether everybody whom a publication is owed has received it within that time."""
        end_s = time.monotonic() + timeout_s
        while publication.state in ("begun", "taken"):
            if publication.closed:
                return not publication.lost
            if publication.state == "taken" and publication.owed <= publication.got:
                return True
            if time.monotonic() >= end_s:
                return False
            await self.context.alarm.after(LOOK_S)
        return False


def _has(payload: Any, wanted: Mapping[str, Any]) -> bool:
    fields = payload if isinstance(payload, dict) else {}
    return all(name in fields and fields[name] == value for name, value in wanted.items())
