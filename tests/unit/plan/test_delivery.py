"""Acts about delivery: who listens, and what can be told apart in a row."""

from conformance.model.act import Await, Connect, InOrder, Step, Together
from conformance.plan.delivery import chorus
from conformance.plan.order import ordered
from conformance.plan.stimulus import Setting
from contracts.load import load
from contracts.parts import parts_of


def flat(steps: tuple[Step, ...]) -> list[Step]:
    return [one for step in steps for one in (flat(step.steps) if isinstance(step, Together | InOrder) else [step])]


def test_what_spares_its_sender_is_heard_by_two_listeners() -> None:
    """Of one listener alone nobody could tell whether everyone else in the room receives it."""
    act = chorus(Setting(bundle=load("example"), nonce="n"))
    assert act is not None
    awaited = [step for step in flat(act.steps) if isinstance(step, Await) and step.event == "cursor:moved"]
    assert {step.actors for step in awaited if step.room == act.rooms[0]} == {("bob",), ("eve",)}


def test_where_senders_hear_themselves_two_members_are_enough() -> None:
    act = chorus(Setting(bundle=load("tests/cases/radio_listed_rooms/contracts"), nonce="n", run="n"))
    assert act is not None
    assert "eve" not in {step.actor for step in flat(act.steps) if isinstance(step, Connect)}


def test_binary_data_in_a_row_is_told_apart() -> None:
    (game,) = parts_of(load("tests/services/game/contracts"))
    assert {broadcast.event for broadcast in ordered(game)} >= {"world", "shouted"}
