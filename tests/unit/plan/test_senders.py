"""Who emits into a room is a member of it: a service may take what is said in a room from its members alone."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType

import pytest

from conformance.model.act import Emit, Enter, Exit, InOrder, Step, Together
from conformance.plan.rooms import closing, early, leaving, reconnecting, removed, several, twice
from conformance.plan.stimulus import Planner, Setting
from contracts.load import load
from contracts.model import Bundle

PEN = load("example")
SPOKEN = replace(
    PEN,
    calls=MappingProxyType({}),
    events=MappingProxyType({name: event for name, event in PEN.events.items() if not name.startswith("note:")}),
)
"""The example's contracts, in which only requests cause broadcasts."""


def in_order(steps: Sequence[Step]) -> Iterator[Step]:
    """The steps of an act, those within others in their place."""
    for step in steps:
        if isinstance(step, (Together, InOrder)):
            yield from in_order(step.steps)
        elif isinstance(step, Exit):
            yield from (step.step, step)
        else:
            yield step


def causes(bundle: Bundle, step: Step) -> bool:
    """Whether a step is a request that causes a broadcast."""
    request = bundle.request(step.event) if isinstance(step, Emit) else None
    return request is not None and bool(request.broadcast)


@pytest.mark.parametrize("planner", [closing, early, leaving, reconnecting, removed, several, twice])
@pytest.mark.parametrize("bundle", [PEN, SPOKEN], ids=["example", "requests alone"])
def test_what_causes_a_broadcast_is_emitted_by_a_member(planner: Planner, bundle: Bundle) -> None:
    act = planner(Setting(bundle=bundle, nonce="n"))
    members: set[tuple[str, str]] = set()
    for step in in_order(act.steps if act else ()):
        if isinstance(step, Enter):
            members.add((step.actor, step.room))
        elif isinstance(step, Exit):
            members.discard((step.actor, step.room))
        elif causes(bundle, step):
            assert isinstance(step, Emit)
            assert (step.actor, step.args[0]["room"]) in members, step


def test_an_act_in_which_only_requests_speak_is_played() -> None:
    act = leaving(Setting(bundle=SPOKEN, nonce="n"))
    assert act is not None
    assert len([step for step in in_order(act.steps) if causes(SPOKEN, step)]) >= len(act.rooms)
