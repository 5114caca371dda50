"""The parts of a load's worker, each by itself: samples, health, waits, and the check of rosters."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from types import SimpleNamespace
from typing import Any, cast

import pytest

from contracts.load import load
from loadtests.dialects.dialect import Dialect
from loadtests.dialects.door import Asked
from loadtests.ledger.publication import Room
from loadtests.worker.health import Health
from loadtests.worker.roster import RosterCheck
from loadtests.worker.samples import Samples
from loadtests.worker.senders import Senders
from loadtests.worker.waits import BACK_OFF_S, HURRY_S, JITTER, Waits, back_off
from loadtests.worker.wire.failures import Failed
from loadtests.worker.wire.timer import Timer

WORDS = Dialect.of(load("sos"))


def test_samples_are_told_once() -> None:
    samples = Samples()
    samples.add("WSC", "join", 2_000_000, 10)
    samples.add("WSC", "join", None, 5, failure="refused")
    samples.fail("WSR", "join", "late", 3)
    by_kind = {told.kind: told for told in samples.told()}
    join = by_kind["WSC"]
    assert (join.times.count, join.untimed, join.size_bytes, join.failures) == (1, 1, 15, {"refused": 1})
    assert join.times.percentile(50) == pytest.approx(2, rel=0.004)
    assert (by_kind["WSR"].times.count, by_kind["WSR"].failures) == (0, {"late": 3})
    assert samples.told() == []


STALLS = {
    "none": ((), 0, 100, 0),
    "within": (((10, 20),), 0, 100, 20),
    "of which a part is within": (((10, 20),), 15, 25, 10),
    "before": (((10, 20),), 30, 100, 0),
    "after": (((50, 20),), 0, 50, 0),
    "several": (((10, 5), (20, 5), (80, 40)), 12, 100, 28),
}


@pytest.mark.parametrize("what", STALLS)
def test_the_stalls_of_a_time_are_those_that_lie_in_it(what: str) -> None:
    stalls, since_ns, until_ns, expected = STALLS[what]
    health = Health()
    health.stalls.extend(stalls)
    assert health.stalled_ns(since_ns, until_ns) == expected


def test_a_stall_counts_while_it_lasts() -> None:
    health = Health(_due_ns=50)
    assert health.stalled_ns(0, 80) == 30
    assert health.stalled_ns(60, 80) == 20
    assert health.stalled_ns(0, 40) == 0


def test_the_worst_lag_is_told_once() -> None:
    health = Health(worst_ms=12.345, backlog_bytes=7)
    first, second = health.told(), health.told()
    assert (first.lag_ms, first.backlog_bytes) == (pytest.approx(12.345, abs=0.006), 7)
    assert (second.lag_ms, second.backlog_bytes) == (0, 0)


def test_clients_wait_twice_as_long_each_time_up_to_a_bound() -> None:
    waits = back_off(random.Random(1))  # noqa: S311
    for middle_s in (BACK_OFF_S[0], 2 * BACK_OFF_S[0], 4 * BACK_OFF_S[0], BACK_OFF_S[1], BACK_OFF_S[1]):
        assert abs(next(waits) - middle_s) <= JITTER * middle_s


def test_an_interrupted_run_waits_no_longer_than_its_hurry() -> None:
    waits, far_s = Waits(), time.monotonic() + 1000
    assert not waits.over(far_s)
    assert waits.over(time.monotonic())
    waits.hurry_s = time.monotonic() - HURRY_S
    assert waits.over(far_s)


def test_the_first_interruption_counts() -> None:
    waits = Waits()
    waits.hurry_s = 7.0
    waits.hurry()
    assert waits.hurry_s == 7.0


def test_what_raises_while_it_is_waited_for_is_raised() -> None:
    async def waited() -> bool:
        work = asyncio.get_running_loop().create_future()
        work.set_exception(ValueError("broken"))
        return await Waits().bounded(work, 1)

    with pytest.raises(ValueError, match="broken"):
        asyncio.run(waited())


def test_what_does_not_end_is_cancelled_at_its_limit() -> None:
    async def waited() -> tuple[bool, bool]:
        work: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        return await Waits().bounded(work, 0), work.cancelled()

    assert asyncio.run(waited()) == (False, True)


Rosters = Callable[[int], Awaitable[Any]]


class Member:
    """A virtual client that is asked for rosters."""

    connected = True

    def __init__(self, sid: str, roster: Rosters) -> None:
        self.connection = SimpleNamespace(sid=sid)
        self._roster, self.asked = roster, 0

    async def call(self, asked: Asked, room: str) -> list[Any]:
        self.asked += 1
        return [await self._roster(self.asked)]


def listing(*socket_ids: str) -> dict[str, Any]:
    return {"participants": [{"socketId": one} for one in socket_ids]}


async def seen(members: list[Member], wanted: bool, samples: Samples | None = None) -> list[bool]:
    tasks: set[asyncio.Task[Any]] = set()

    def spawn(work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    check = RosterCheck(WORDS, spawn, Timer(), samples or Samples(), Senders(WORDS))
    room = Room("r", "Chat")
    return await asyncio.gather(*(check.seen(room, cast("Any", member), wanted=wanted) for member in members))


def test_one_roster_answers_all_who_wait_for_it() -> None:
    async def both(_: int) -> Any:
        return listing("a", "b")

    members = [Member("a", both), Member("b", both)]
    assert asyncio.run(seen(members, wanted=True)) == [True, True]
    assert sum(member.asked for member in members) == 1


def test_a_roster_is_asked_for_again_until_it_shows_the_member() -> None:
    async def late(asked: int) -> Any:
        return listing("a") if asked > 2 else listing()

    member = Member("a", late)
    assert asyncio.run(seen([member], wanted=True)) == [True]
    assert member.asked == 3


def test_who_has_stopped_waiting_is_told_nothing_and_the_others_are() -> None:
    async def one_stops() -> bool:
        begun, answer = asyncio.Event(), asyncio.get_running_loop().create_future()

        async def slow(_: int) -> Any:
            begun.set()
            return await answer

        failed: list[BaseException | None] = []

        def spawn(work: Coroutine[Any, Any, Any]) -> None:
            asyncio.get_running_loop().create_task(work).add_done_callback(lambda task: failed.append(task.exception()))

        check, room = RosterCheck(WORDS, spawn, Timer(), Samples(), Senders(WORDS)), Room("r", "Chat")
        members = [Member("a", slow), Member("b", slow)]
        first, second = [asyncio.create_task(check.seen(room, cast("Any", one))) for one in members]
        await begun.wait()
        first.cancel()
        answer.set_result(listing("a", "b"))
        found = await second
        assert first.cancelled() or await asyncio.gather(first, return_exceptions=True)
        assert failed in ([], [None])
        return found

    assert asyncio.run(one_stops()) is True


def test_a_roster_that_does_not_come_shows_nothing() -> None:
    async def none(_: int) -> Any:
        raise Failed("no answer")

    samples = Samples()
    assert asyncio.run(seen([Member("a", none)], wanted=False, samples=samples)) == [False]
    (told,) = samples.told()
    assert told.failures == {"no answer": 1}
