"""The values of forged forms: each has one that is known again, where its schema has room for one."""

from conformance.analysis.forgery import LONG_NUMBER
from conformance.model.act import Emit, Step
from conformance.plan.forging import forgeries
from conformance.plan.forms import SHORT
from conformance.plan.stimulus import Setting
from contracts.load import load
from tests.unit.plan.test_senders import in_order

TICK_LENGTH = LONG_NUMBER - 1
"""Zeros of the least number that is known again."""


def ticks(steps: tuple[Step, ...]) -> list[int]:
    emits = [step for step in in_order(steps) if isinstance(step, Emit) and step.event == "board:tick"]
    payloads = [one.args[0] for one in emits if len(one.args) == 1 and isinstance(one.args[0], dict)]
    return [payload["tick"] for payload in payloads if "tick" in payload]


def test_a_whole_number_without_a_maximum_is_short_at_first_and_long_at_last() -> None:
    act = forgeries(Setting(bundle=load("example-more"), nonce="n"))
    assert act is not None
    first, *_, last = ticks(act.steps)
    assert first <= SHORT < 10**TICK_LENGTH < last
