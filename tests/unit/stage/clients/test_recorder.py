"""What an act waits for: the entry that fits, or the end of what it would come from, and nothing longer."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from conformance.model.transcript import UNCONNECTED, Acked, AnyEntry, Closed, Got, Missed, Refused
from conformance.stage.clients.recorder import Clock, Recorder

LONG_S = 60.0
"""Far longer than any of these tests: whoever waits so long waits for the wrong thing."""


def got(event: str, actor: str = "ann", at_s: float = 0.0) -> Got:
    return Got(at_s=at_s, actor=actor, event=event, args=())


def named(event: str) -> Callable[[AnyEntry], bool]:
    return lambda entry: isinstance(entry, Got) and entry.event == event


def run(test: Callable[[Recorder], Awaitable[None]]) -> None:
    async def play() -> None:
        async with asyncio.timeout(LONG_S / 2):
            await test(Recorder(Clock(), asyncio.Event()))

    asyncio.run(play())


def test_what_is_there_already_is_not_waited_for() -> None:
    async def test(recorder: Recorder) -> None:
        recorder.add(got("a"))
        recorder.add(got("b"))
        assert await recorder.wait(named("b"), LONG_S) is recorder.entries[1]
        assert await recorder.wait(named("a"), 0, since=1) is None, "what came before it was asked for"

    run(test)


def test_the_entry_of_the_number_that_is_asked_for_ends_a_wait() -> None:
    async def test(recorder: Recorder) -> None:
        recorder.add(got("a"))
        waiting = asyncio.ensure_future(recorder.wait(named("a"), LONG_S, count=3))
        await asyncio.sleep(0)
        for event in ("a", "b", "a", "a"):
            recorder.add(got(event))
        assert await waiting is recorder.entries[3]

    run(test)


@pytest.mark.parametrize(
    "end",
    [
        Closed(at_s=0.0, actor="ann", by="service", reason="gone"),
        Refused(at_s=0.0, actor="ann", token="own", message="no"),
        Missed(at_s=0.0, actor="ann", what=f"{UNCONNECTED} a node"),
    ],
    ids=lambda end: type(end).__name__,
)
def test_the_end_of_a_connection_ends_what_is_waited_for_on_it_and_nothing_else(end: AnyEntry) -> None:
    async def test(recorder: Recorder) -> None:
        of_ann = asyncio.ensure_future(recorder.wait(named("a"), LONG_S, actor="ann"))
        of_bob = asyncio.ensure_future(recorder.wait(named("a"), LONG_S, actor="bob"))
        await asyncio.sleep(0)
        recorder.add(end)
        assert await of_ann is None
        assert recorder.ended("ann")
        assert not recorder.ended("bob")
        assert not of_bob.done()
        assert await recorder.wait(named("a"), LONG_S, actor="ann") is None, "nothing comes any more"
        recorder.add(got("a", "bob"))
        assert await of_bob is recorder.entries[-1]

    run(test)


def test_something_else_that_was_missed_ends_no_connection() -> None:
    recorder = Recorder(Clock(), asyncio.Event())
    recorder.add(Missed(at_s=0.0, actor="ann", what="ack of a"))
    assert not recorder.ended("ann")


def test_a_service_that_is_gone_ends_all_waits() -> None:
    async def test(recorder: Recorder) -> None:
        waiting = asyncio.ensure_future(recorder.wait(named("a"), LONG_S, actor="ann"))
        await asyncio.sleep(0)
        recorder.lost.set()
        assert await waiting is None

    run(test)


def test_the_time_of_what_the_service_told_last_is_kept_and_every_entry_noted() -> None:
    noted: list[AnyEntry] = []
    recorder = Recorder(Clock(), asyncio.Event(), note=noted.append)
    recorder.add(got("a", at_s=1.0))
    recorder.add(Acked(at_s=2.0, actor="ann", event="b", ack=1, args=()))
    recorder.add(Closed(at_s=3.0, actor="ann", by="client", reason=""))
    assert recorder.heard_s == 2.0
    assert noted == recorder.entries
