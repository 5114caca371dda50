"""A large cohort comes in turns: whatever else a worker does has its own turns meanwhile, and no long pause."""

import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from contracts.load import load
from loadtests.dialects.dialect import Dialect
from loadtests.worker.client import VirtualClient
from loadtests.worker.config import WorkerConfig
from loadtests.worker.wire import garbage
from loadtests.worker.wire.address import Address
from loadtests.worker.worker import Worker
from loadtests.workload.scenario import BEGIN_AT_ONCE, Scenario

WORDS = Dialect.of(load("sos"))
URL = "http://127.0.0.1:9"
SOCKETS = 5 * BEGIN_AT_ONCE


def played(script: Callable[[Worker], Awaitable[Any]]) -> Any:
    async def play() -> Any:
        worker = Worker(WorkerConfig(addresses=(Address(url=URL),), api_urls=(URL,), words=WORDS, run="r"))
        try:
            return await script(worker)
        finally:
            await worker.close()

    return asyncio.run(play())


class Entering(Scenario):
    """Notes in which turn of the loop each socket begins to enter, and lets none come in."""

    def _begin(self) -> None:
        self.turn = 0
        self.begun: list[int] = []
        self.cancelled = 0
        self.gate = asyncio.Event()

    async def enter(self, member: VirtualClient) -> None:
        self.begun.append(self.turn)
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise

    def turns(self) -> None:
        self.turn += 1
        if not self.gate.is_set():
            asyncio.get_running_loop().call_soon(self.turns)


async def begun(worker: Worker) -> tuple[Entering, "asyncio.Task[None]"]:
    """A cohort of which every socket has begun to enter."""
    scenario = Entering("Chat", worker, {"room_size": "10"})
    scenario.turns()
    cohort = asyncio.ensure_future(scenario.cohort([VirtualClient(worker, "Chat", one) for one in range(SOCKETS)]))
    async with asyncio.timeout(10):
        while len(scenario.begun) < SOCKETS:
            await worker.alarm.after(0.001)
    return scenario, cohort


def test_no_turn_of_the_loop_begins_a_whole_cohort() -> None:
    async def script(worker: Worker) -> Entering:
        scenario, cohort = await begun(worker)
        scenario.gate.set()
        await cohort
        return scenario

    scenario = played(script)
    most = max(scenario.begun.count(turn) for turn in set(scenario.begun))
    assert most <= BEGIN_AT_ONCE
    assert scenario.cancelled == 0


def test_a_cohort_that_is_given_up_leaves_nobody_behind() -> None:
    async def script(worker: Worker) -> int:
        scenario, cohort = await begun(worker)
        cohort.cancel()
        await asyncio.wait([cohort])
        await worker.alarm.after(0.001)
        return scenario.cancelled

    assert played(script) == SOCKETS


def test_the_collector_is_spared_what_has_come_and_not_what_comes_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen: list[int] = []
    there = 0
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(there))
    monkeypatch.setattr(gc, "set_threshold", lambda *_: None)
    monkeypatch.setattr(garbage, "MOST_NEW", 3)

    async def script(worker: Worker) -> None:
        nonlocal there
        for there in (1, 2, 3, 4, 3, 4, 5, 6, 7):
            worker.population.sockets.update(cast("Any", number) for number in range(there))
            worker.population.sockets.intersection_update(cast("Any", number) for number in range(there))
            async with worker.ramp():
                pass
        assert frozen == [3, 6], "sockets are still coming"
        worker.population.sockets.clear()
        for there in (7, 7, 6, 7):
            worker.spared.look(there, ramping=False)

    played(script)
    assert frozen == [3, 6, 7]


class Ring:
    """Part of a cycle."""

    def __init__(self) -> None:
        self.itself = self


def test_what_was_spared_and_is_gone_is_freed_where_all_of_it_is_looked_through() -> None:
    ring = Ring()
    gone = weakref.ref(ring)
    try:
        gc.freeze()
        del ring
        gc.collect()
        assert gone() is not None
        garbage.collect_all()
        assert gone() is None
    finally:
        gc.unfreeze()
