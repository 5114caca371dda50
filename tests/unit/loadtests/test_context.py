"""What virtual clients use of their worker: its schedule, numbers and tags of publications, and whose fault a wait is."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable

import pytest

from contracts.load import load
from loadtests.dialects.dialect import Dialect
from loadtests.worker.config import WorkerConfig
from loadtests.worker.context import UNSENT_NS
from loadtests.worker.wire.address import Address
from loadtests.worker.worker import Worker

URL = "http://127.0.0.1:9"
WORDS = Dialect.of(load("sos"))
DEADLINE_S = 20
SECOND_NS = 1_000_000_000


def run(test: Callable[[Worker], Awaitable[None]], **setup: object) -> None:
    """Play a test in the loop of a worker that has no connection."""

    async def play() -> None:
        made = WorkerConfig(addresses=(Address(url=URL),), api_urls=(URL,), words=WORDS, run="r", **setup)
        worker = Worker(made)
        worker.start()
        async with asyncio.timeout(DEADLINE_S):
            await test(worker)
            await worker.close()

    asyncio.run(play())


def counts(worker: Worker) -> dict[str, int]:
    return {name: count for (name, *_), count in worker.ledger.counts.items() if count}


@pytest.mark.parametrize(("stalled_s", "counted"), [(0, "unjoined"), (400, "unjoined"), (600, "held_up")])
def test_what_did_not_come_while_we_were_held_up_for_most_of_the_time_is_no_fault_of_the_service(
    stalled_s: int, counted: str
) -> None:
    async def test(worker: Worker) -> None:
        since_ns = time.monotonic_ns() - 1000 * SECOND_NS
        worker.health.stalls.append((since_ns, stalled_s * SECOND_NS))
        assert worker.failed("unjoined", "Chat", since_ns) == counted
        assert counts(worker) == {counted: 1}

    run(test)


def test_what_is_over_a_second_late_is_not_sent_but_counted() -> None:
    async def test(worker: Worker) -> None:
        now_ns = time.monotonic_ns()
        assert worker.in_time("Chat", now_ns)
        assert counts(worker) == {}
        assert not worker.in_time("Chat", now_ns - UNSENT_NS - 1)
        assert counts(worker) == {"unsent": 1}

    run(test)


def test_turns_come_when_they_are_due_however_long_one_took() -> None:
    async def test(worker: Worker) -> None:
        until_ns = time.monotonic_ns() + SECOND_NS // 5
        due = []
        async for due_ns in worker.turns(100, until_ns=until_ns):
            assert time.monotonic_ns() >= due_ns
            due.append(due_ns)
            if len(due) == 1:
                await worker.alarm.after(0.03)
        gaps = {later - earlier for earlier, later in itertools.pairwise(due)}
        assert gaps == {SECOND_NS // 100}
        assert 0 <= until_ns - due[-1] < SECOND_NS // 100
        assert time.monotonic_ns() >= until_ns

    run(test)


def test_no_turn_comes_once_the_run_is_over() -> None:
    async def test(worker: Worker) -> None:
        taken = 0
        async for _ in worker.turns(1000):
            taken += 1
            worker.stopping = True
        assert taken == 1

    run(test)


def test_an_error_of_ours_beside_the_run_is_counted_and_one_that_was_cancelled_is_none() -> None:
    async def fails() -> None:
        raise RuntimeError("a fault of ours")

    async def test(worker: Worker) -> None:
        failed, cancelled = worker.spawn(fails()), worker.spawn(asyncio.Event().wait())
        cancelled.cancel()
        await asyncio.wait({failed, cancelled})
        await asyncio.sleep(0)
        assert counts(worker) == {"own_error": 1}
        assert {told.failures.popitem()[0] for told in worker.samples.told()} == {
            "internal error: RuntimeError: a fault of ours"
        }

    run(test)


@pytest.mark.parametrize(("members", "size"), [(0, "10"), (10, "10"), (11, "100"), (100, "100"), (101, "1000")])
def test_a_publication_is_counted_under_the_power_of_ten_that_holds_its_room(members: int, size: str) -> None:
    async def test(worker: Worker) -> None:
        room = worker.ledger.room("room", "Chat")
        for number in range(members):
            worker.ledger.enter(room, number, 0)
        assert dict(worker.tags(room, "message:broadcast", "")) == {
            "scenario": "Chat", "event": "message:broadcast", "room_size": size,
        }  # fmt: skip
        assert dict(worker.tags(room, "message:broadcast", "s"))["step"] == "s"

    run(test)


def test_a_message_that_was_not_answered_is_never_said_to_be_stored() -> None:
    async def test(worker: Worker) -> None:
        room = worker.ledger.room("room", "Chat")
        for number, state in ((4, "taken"), (5, "unanswered"), (6, "refused")):
            publication = worker.publish(
                room, WORDS.writing.place, number, due_ns=0, floor=0, event="message:broadcast", answered=True
            )
            worker.posted(publication, 1, state)
        assert (worker.posts.taken, worker.posts.unanswered) == ({"room": 1}, {"room": 1})
        assert worker.posts.untaken == {(WORDS.writing.place, 5), (WORDS.writing.place, 6)}
        assert worker.posts.spans == {("room", WORDS.writing.place): (4, 6)}

    run(test)
