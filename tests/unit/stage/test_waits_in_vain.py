"""Waits that end early once the run has shown that they can only end without an answer."""

import asyncio
import time
from collections.abc import Coroutine
from types import SimpleNamespace
from typing import Any

import pytest

from conformance.model.act import Emit, Insist, Request
from conformance.model.transcript import Acked, Missed, Probed
from conformance.stage import fence
from conformance.stage.calls import Calls
from conformance.stage.clients.recorder import Clock, Recorder
from conformance.stage.fence import _first_answer, _probed
from conformance.stage.insist import MOST_FAILED, _is_vain
from conformance.stage.state import Crowd, calm

DEADLINE_S = 10
LONG_S = 60.0
ANSWER = Acked(at_s=0.0, actor="ann", event="x", ack=1, args=())
PROBED = Probed(at_s=0.0, actor="ann", asked_s=0.0)


class Socket:
    async def probe(self) -> None:
        """It asks, and nobody answers."""


def stage_of(*, mute: bool, heard: bool = False) -> Any:
    """The part of a stage that a wait looks at."""
    clock, lost = Clock(), asyncio.Event()
    silence = SimpleNamespace(heard=heard)
    run = SimpleNamespace(clock=clock, lost=lost, silence=silence, is_mute=lambda: mute, crowd=Crowd())
    return SimpleNamespace(run=run, log=Recorder(clock, lost), sockets={"ann": Socket()}, go=lambda: None)


def asked() -> Any:
    return [SimpleNamespace(answers=lambda entry: isinstance(entry, Acked), since=0)]


def run(test: Coroutine[Any, Any, None]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(DEADLINE_S):
            await test

    asyncio.run(bounded())


@pytest.fixture(autouse=True)
def long_fences(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wait that is not cut short is cut by the deadline of the test."""
    monkeypatch.setattr(fence, "FENCE_S", LONG_S)
    monkeypatch.setattr(fence, "LOOK_S", 0.01)


def test_a_first_answer_is_not_waited_for_once_the_whole_run_has_none() -> None:
    async def test() -> None:
        stage = stage_of(mute=True)
        assert await _first_answer(stage, asked()) is None

    run(test())


def test_a_first_answer_is_waited_for_as_long_as_others_were_answered() -> None:
    async def test() -> None:
        stage = stage_of(mute=False)
        waiting = asyncio.ensure_future(_first_answer(stage, asked()))
        done, _ = await asyncio.wait([waiting], timeout=0.1)
        assert not done
        stage.log.add(ANSWER)
        assert await waiting == ANSWER

    run(test())


@pytest.mark.parametrize(("mute", "heard", "is_cut"), [(True, False, True), (True, True, False), (False, False, False)])
def test_a_probe_is_waited_for_unless_the_service_has_said_nothing_at_all(
    mute: bool, heard: bool, is_cut: bool
) -> None:
    async def test() -> None:
        stage = stage_of(mute=mute, heard=heard)
        waiting = asyncio.ensure_future(_probed(stage, "ann", 0))
        done, _ = await asyncio.wait([waiting], timeout=0.2)
        assert bool(done) is is_cut
        stage.log.add(PROBED)
        assert await waiting is not is_cut

    run(test())


def test_nothing_is_waited_for_that_can_come_no_more() -> None:
    async def test() -> None:
        stage = stage_of(mute=False)
        stage.run.lost.set()
        began_s = time.process_time()
        assert await _first_answer(stage, asked()) is None
        stage = stage_of(mute=False)
        stage.log.add(Missed(at_s=0.0, actor="ann", what="could not connect: x"))
        assert not await _probed(stage, "ann", 0)
        assert time.process_time() - began_s < DEADLINE_S / 2

    run(test())


@pytest.mark.parametrize("mute", [True, False])
def test_no_act_waits_for_calm_where_all_wait_for_a_service_that_answers_nothing(mute: bool) -> None:
    async def test() -> None:
        stage = stage_of(mute=mute)
        stage.run.crowd.come()
        waiting = asyncio.ensure_future(calm(stage))
        done, _ = await asyncio.wait([waiting], timeout=0.05)
        assert bool(done) is mute
        stage.run.crowd.go()
        await waiting

    run(test())


CALL = Request(call="post", params={}, body=None)
EMIT = Emit(actor="ann", event="x", args=(), ack=False, answered=())


def insisting(*tries: Any, given_up: bool, failed: int) -> bool:
    calls = Calls()
    for _ in range(failed):
        with calls.making("post"):
            pass
    stage: Any = SimpleNamespace(run=SimpleNamespace(api=SimpleNamespace(is_given_up=given_up)), calls=calls)
    return _is_vain(stage, Insist(actor="ann", tries=tries), failed)


def test_calls_are_tried_no_more_that_are_not_made_any_more() -> None:
    assert insisting(CALL, CALL, given_up=True, failed=1)
    assert not insisting(CALL, CALL, given_up=False, failed=1)
    assert insisting(CALL, CALL, given_up=False, failed=MOST_FAILED)
    assert not insisting(CALL, EMIT, given_up=True, failed=MOST_FAILED), "what is emitted may be answered"
