"""Bounds of calls: no more under way than may be, in the order in which they came, and none longer than it may take."""

import asyncio

import pytest

from loadtests.worker.wire.waiting import Deadlines, Slots


class TooLate(Exception):
    pass


def test_who_finds_no_slot_waits_for_the_next_that_is_given_back() -> None:
    async def test() -> list[str]:
        slots, order = Slots(1), list[str]()

        async def use(name: str) -> None:
            await slots.wait()
            order.append(name)

        assert slots.take()
        assert not slots.take()
        first, second = asyncio.create_task(use("first")), asyncio.create_task(use("second"))
        await asyncio.sleep(0)
        assert order == []
        slots.give()
        await first
        assert not slots.take()
        assert order == ["first"]
        slots.give()
        await second
        slots.give()
        assert slots.take()
        return order

    assert asyncio.run(test()) == ["first", "second"]


@pytest.mark.parametrize("given", [False, True], ids=["while it waits", "as it is given one"])
def test_a_slot_is_not_lost_with_who_waited_for_it(given: bool) -> None:
    async def test() -> None:
        slots = Slots(1)
        assert slots.take()
        waiting = asyncio.create_task(slots.wait())
        await asyncio.sleep(0)
        if given:
            slots.give()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        if not given:
            slots.give()
        assert slots.take()
        assert not slots.take()

    asyncio.run(test())


def test_each_wait_ends_at_its_own_time_and_what_is_over_is_forgotten() -> None:
    async def test() -> None:
        loop = asyncio.get_running_loop()
        deadlines = Deadlines(0.05, TooLate)
        over, first = loop.create_future(), loop.create_future()
        begun_s = loop.time()
        deadlines.add(over)
        deadlines.add(first)
        over.set_result("answered")
        with pytest.raises(TooLate):
            await first
        assert loop.time() - begun_s >= 0.05
        second = loop.create_future()
        begun_s = loop.time()
        deadlines.add(second)
        with pytest.raises(TooLate):
            await second
        assert loop.time() - begun_s >= 0.05
        assert over.result() == "answered"

    asyncio.run(test())


def test_answered_waits_are_not_kept() -> None:
    async def test() -> None:
        loop = asyncio.get_running_loop()
        deadlines = Deadlines(60, TooLate)
        for _ in range(1000):
            wait = loop.create_future()
            deadlines.add(wait)
            wait.set_result("answered")
        assert len(deadlines._waits) == 1
        deadlines.close()

    asyncio.run(test())
