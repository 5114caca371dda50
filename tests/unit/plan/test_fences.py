"""What is asked at the end of an act in which something is overdue."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from conformance.engine.check import CheckRequest
from conformance.engine.planning import planned
from conformance.judge.rule import rules
from conformance.model.act import Act, Await, Connect, Emit, InOrder, Request, Together
from conformance.plan.delivery import chorus
from conformance.plan.fence import fenced
from conformance.plan.rooms import early, leaving, reconnecting
from conformance.plan.stimulus import Planner, Setting
from conformance.target.target import target
from contracts.load import load
from contracts.model import Bundle

EXAMPLE = load("example")


def without_replies() -> Bundle:
    """The example's contracts, in which no request is answered."""
    events = {
        name: replace(event, request=replace(event.request, reply=None)) if event.request else event
        for name, event in EXAMPLE.events.items()
    }
    return replace(EXAMPLE, events=MappingProxyType(events))


def closed(planner: Planner, bundle: Bundle = EXAMPLE) -> Act:
    """An act with its fences."""
    setting = Setting(bundle=bundle, nonce="n")
    act = planner(setting)
    assert act is not None
    return fenced(setting, act)


def questions(act: Act) -> dict[str, set[str]]:
    """The rooms that each actor asks in."""
    asked: dict[str, set[str]] = {}
    for step in act.fences:
        assert isinstance(step, Emit)
        assert step.ack
        asked.setdefault(step.actor, set()).add(step.args[0]["room"])
    return asked


def test_every_member_asks_in_its_own_room() -> None:
    act = closed(chorus)
    first, second = act.rooms
    assert questions(act) == {"ann": {first}, "bob": {first}, "eve": {first}, "fay": {second}, "oda": {second}}


def test_who_left_a_room_asks_in_the_one_that_it_kept() -> None:
    act = closed(leaving)
    left, kept = act.rooms
    assert questions(act) == {"sid": {left}, "wes": {left}, "lia": {kept}}


def test_who_disconnected_asks_nothing() -> None:
    assert set(questions(closed(reconnecting))) == {"wes", "back"}


def test_where_no_request_is_answered_each_room_gets_a_broadcast_more() -> None:
    act = closed(early, without_replies())
    (fence,) = act.fences
    assert isinstance(fence, InOrder)
    cause, heard = fence.steps
    assert isinstance(cause, Request)
    assert isinstance(heard, Together)
    awaited = [step for step in heard.steps if isinstance(step, Await)]
    assert {actor for step in awaited for actor in step.actors} == {"sid", "wes", "lia"}


@pytest.mark.parametrize("name", ["example", "sos", "sos-built"])
def test_every_act_with_a_member_of_a_room_has_a_fence(name: str) -> None:
    bundle = load(name)
    order = CheckRequest(bundle=bundle, target=target("http://127.0.0.1:1"), rules=rules())
    for act in planned(bundle, order.rules, order.selection, (Setting(bundle=bundle, nonce="n"),)):
        joined = any(bundle.by_membership("enter") and "Enter(" in repr(step) for step in act.steps)
        assert bool(act.fences) is joined, act.name
        assert not any(isinstance(step, Connect) for step in act.fences)
