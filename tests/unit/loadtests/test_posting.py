"""A message that a load creates: each attempt is a publication, and whatever becomes of the call is counted once."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from contracts.load import load
from loadtests.dialects.dialect import Dialect
from loadtests.dialects.way import Way
from loadtests.ledger.ledger import Ledger
from loadtests.ledger.publication import Publication, Room
from loadtests.worker.posting import MOST_SHOWN, Posting
from loadtests.worker.samples import Samples
from loadtests.worker.shared import Posts
from loadtests.worker.wire.http import NothingToSend, Unanswered

WORDS = Dialect.of(load("sos"))
CREATED = 201
Body = Callable[[], bytes | None]
Answer = Callable[[Body], Awaitable[tuple[int, bytes]]]


class Run:
    """One member that posts into the room `r`, and a service that answers as told."""

    def __init__(self, answer: Answer, *, late: bool = False) -> None:
        self.ledger, self.samples, self.posted = Ledger(), Samples(), []
        self.room = self.ledger.room("r")
        self.unsent, self.heard, self.dropped, self.called = 0, [], 0, []

        async def call(method: str, path: str, body: Body, headers: str) -> tuple[int, bytes]:
            assert (method, path) == ("POST", "/api/messages/r")
            return await answer(body)

        self.context = SimpleNamespace(
            words=WORDS, http=[SimpleNamespace(call=call)], stopping=False, posts=Posts(), ledger=self.ledger,
            in_time=lambda scenario, due_ns: not late, sample=self.samples.add, count=self.count,
            posted=lambda one, took_ns, state: self.posted.append(state),
            hearing=SimpleNamespace(answered=lambda member, call, one, answer: self.heard.append(answer)),
        )  # fmt: skip
        tape = SimpleNamespace(drop=self.drop, called=lambda *said: self.called.append(said[4]))
        self.member = SimpleNamespace(
            number=7, scenario="Chat", user="ann", headers="", token="t", under_way=set(), tape=tape,
            publish=self.publish,
        )  # fmt: skip

    def count(self, name: str, scenario: str) -> None:
        assert (name, scenario) == ("unsent", "Chat")
        self.unsent += 1

    def drop(self) -> None:
        self.dropped += 1

    def publish(self, room: Room, way: Way, due_ns: int, **how: Any) -> Publication:
        number = len(self.ledger.publications)
        self.member.under_way.add(number)
        return self.ledger.publish(room, way.place, number, due_ns=due_ns, now_ns=due_ns)

    def send(self) -> None:
        posting = Posting(cast("Any", self.context), cast("Any", self.member), self.room, WORDS.writing, 1, "")
        asyncio.run(posting.send())
        assert not self.member.under_way, "what is under way is known to be over"

    def failures(self) -> dict[str, int]:
        return dict(failure for told in self.samples.told() for failure in told.failures.items())


def answering(status: int, answer: bytes = b"{}") -> Answer:
    async def answered(body: Body) -> tuple[int, bytes]:
        assert b'"content":"r 0 0"' in (body() or b"")
        return status, answer

    return answered


def test_what_is_created_is_taken_and_its_answer_is_checked() -> None:
    run = Run(answering(CREATED, b'{"id":1}'))
    run.send()
    assert (run.posted, run.heard, run.called) == (["taken"], [b'{"id":1}'], [CREATED])
    assert run.context.posts.writers == {"r": "ann"}
    assert not run.failures()
    assert not run.dropped


def test_a_refusal_is_a_failure_with_the_beginning_of_its_answer() -> None:
    run = Run(answering(429, b"x" * (MOST_SHOWN + 9)))
    run.send()
    assert run.posted == ["refused"]
    assert run.failures() == {"the call was refused with 429": 1}
    assert run.ledger.witnesses["refused"].why == f"{WORDS.writing.name} was answered 429: {'x' * MOST_SHOWN}"
    assert not run.heard


def test_what_is_not_answered_is_no_part_of_a_sample() -> None:
    async def silent(body: Body) -> tuple[int, bytes]:
        body()
        raise Unanswered("no answer within 10 s")

    run = Run(silent)
    run.send()
    assert (run.posted, run.dropped) == (["unanswered"], 1)
    assert run.failures() == {"no answer within 10 s": 1}


def test_each_attempt_is_a_publication_of_its_own() -> None:
    async def closing(body: Body) -> tuple[int, bytes]:
        first, second = body(), body()
        assert first is not None
        assert second is not None
        assert first != second
        return CREATED, b"{}"

    run = Run(closing)
    run.send()
    assert run.posted == ["resent", "taken"]
    assert len(run.ledger.publications) == 2


@pytest.mark.parametrize("late", [True, False])
def test_what_is_too_late_to_be_sent_is_not_published(late: bool) -> None:
    async def late_for_it(body: Body) -> tuple[int, bytes]:
        assert body() is None
        raise NothingToSend

    run = Run(late_for_it, late=late)
    run.context.stopping = not late
    run.send()
    assert run.posted == []
    assert not run.ledger.publications
    assert not run.failures()


def test_what_finds_no_connection_is_unsent() -> None:
    async def full(body: Body) -> tuple[int, bytes]:
        raise Unanswered("no connection within 1 s")

    run = Run(full)
    run.send()
    assert (run.posted, run.unsent) == ([], 1)
    assert run.failures() == {"no connection within 1 s": 1}


def test_a_call_that_is_cancelled_is_unanswered() -> None:
    async def cancelled(body: Body) -> tuple[int, bytes]:
        body()
        raise asyncio.CancelledError

    run = Run(cancelled)
    with pytest.raises(asyncio.CancelledError):
        run.send()
    assert run.posted == ["unanswered"]
    assert run.failures() == {"the call was cancelled": 1}
