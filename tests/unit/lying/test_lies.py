"""General lies: what of a bundle each is about, and what it advises where nothing notices it."""

from dataclasses import replace
from typing import Any

import pytest

from conformance.judge.rule import rules
from conformance.lying.lie import GeneralLie, general_lies, told_of
from conformance.lying.teller import Lying
from contracts.load import load
from contracts.model import Bundle
from contracts.schema import Schema

MORE = (
    "tests/services/dashboard/contracts",
    "tests/cases/loom_limits/contracts",
    "tests/cases/ferry_state_recovery/contracts",
)
BUNDLES = ("example", "example-more", "sos", "tests/services/chat/contracts", "tests/services/game/contracts")
LIES = general_lies()


def lie(name: str) -> GeneralLie:
    return next(one for one in LIES if one.id == name)


def about(name: str, bundle: Bundle) -> list[str]:
    """What a lie is about, in words."""
    return [str(spot) for spot in lie(name).applies(bundle)]


def with_payload(bundle: Bundle, event: str, schema: dict[str, Any]) -> Bundle:
    """A bundle in which a broadcast has another schema."""
    old = bundle.events[event]
    assert old.broadcast is not None
    broadcast = replace(old.broadcast, payload=Schema(schema))
    return replace(bundle, events={**bundle.events, event: replace(old, broadcast=broadcast)})


@pytest.mark.parametrize("one", LIES, ids=lambda one: one.id)
def test_a_lie_says_what_is_wrong_and_who_notices_it(one: GeneralLie) -> None:
    assert one.title.endswith(".")
    assert one.caught_by
    assert set(one.caught_by) <= {rule.id for rule in rules()}
    assert issubclass(one.service, Lying)


@pytest.mark.parametrize("name", BUNDLES)
def test_every_lie_has_advice_for_whatever_it_is_about(name: str) -> None:
    bundle = load(name)
    told = told_of(bundle)
    assert len({(one.lie.id, one.spot) for one in told}) == len(told)
    for one in told:
        advice = one.lie.advice(bundle, one.spot)
        assert advice
        assert not advice.endswith(".")


def test_every_lie_is_about_something_in_some_bundle() -> None:
    bundles = [load(name) for name in (*BUNDLES, *MORE)]
    assert [one.id for one in LIES if not any(list(one.applies(bundle)) for bundle in bundles)] == []
