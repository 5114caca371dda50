"""The selftest: every lie is caught, and what becomes of a check that was held up by its neighbours."""

from dataclasses import replace

import pytest

from conformance.engine import selftest
from conformance.engine.selftest import Kill
from conformance.judge.rule import rules
from conformance.reference.lie import lies

RULE = "delivered-within-deadline"
LIE = "messages-are-late"


def answering(monkeypatch: pytest.MonkeyPatch, *kills: Kill) -> list[str | None]:
    """Have these come of the checks, one after another; the list tells which lies were asked."""
    asked: list[str | None] = []
    left = list(kills)

    async def accused(lie: str | None, *, own_rule: bool) -> Kill:
        asked.append(lie)
        return left.pop(0)

    monkeypatch.setattr(selftest, "accused", accused)
    return asked


def test_a_lie_that_was_excused_is_asked_again_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = Kill(lie=LIE, wanted=RULE, rules=(RULE,))
    asked = answering(monkeypatch, Kill(lie=LIE, wanted=RULE, rules=("another",), unclear=(RULE,)), alone)
    assert selftest._share([LIE]) == [alone]
    assert asked == [LIE, LIE]


@pytest.mark.parametrize(
    "kill",
    [
        pytest.param(Kill(lie=LIE, wanted=RULE, rules=(), unclear=("another",)), id="its rule said that all is well"),
        pytest.param(Kill(lie=LIE, wanted=RULE, rules=(RULE,), unclear=(RULE,)), id="it was caught"),
        pytest.param(Kill(lie=selftest.HONEST, rules=(RULE,), unclear=("another",)), id="the honest one"),
    ],
)
def test_nothing_else_is_asked_twice(monkeypatch: pytest.MonkeyPatch, kill: Kill) -> None:
    asked = answering(monkeypatch, kill)
    assert selftest._share([kill.lie]) == [kill]
    assert len(asked) == 1


def test_a_service_without_websocket_is_asked_over_what_it_offers_too() -> None:
    assert selftest.asked_over(("polling", "websocket")) == ("websocket",)
    assert selftest.asked_over(("polling",)) == ("websocket", "polling")


EVERY = 3
"""Of which rules the lies are played: what a rule judges its scripts show, and a lie that its acts are played."""


def one_for_each_rule() -> list[str]:
    """A lie for each rule."""
    return sorted({kind.caught_by: name for name, kind in sorted(lies().items(), reverse=True)}.values())


def test_every_rule_has_a_lie_to_catch() -> None:
    assert {kind.caught_by for kind in lies().values()} == {rule.id for rule in rules()}


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(one_for_each_rule()[::EVERY], id="every third rule"),
        pytest.param(sorted(lies()), id="all", marks=pytest.mark.long),
    ],
)
def test_every_lie_is_caught_by_its_rule_and_the_honest_service_by_none(names: list[str]) -> None:
    """Each lie is played the acts of the rule that has to catch it; `make selftest` plays all to all."""
    matrix = selftest.selftest(names, own_rules=True)
    assert replace(matrix, rules=tuple({lies()[name].caught_by for name in names})).faults() == []
    assert [kill.lie for kill in matrix.kills] == [selftest.HONEST, *names]
    honest, *lying = matrix.kills
    assert all(kill.rules == (kill.wanted,) for kill in lying)
    assert honest.rules == honest.errors == ()
