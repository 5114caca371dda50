"""What fuzz sends: values that the contracts forbid, with their documented answers, and smaller ones of the same kind."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from conformance.engine.smallest import smallest
from conformance.plan.fuzzing import AT_ONCE, Forbidden, batches, forbidden, reduced, value_of, with_invalid
from conformance.plan.shrinking import size, smaller
from contracts.load import HERE, load
from contracts.model import Bundle

EXAMPLE = load("example")
BUNDLES = ("example", "sos", *(str(HERE.parent / "tests/services" / name / "contracts") for name in ("game", "chat")))


@pytest.mark.parametrize("name", BUNDLES)
def test_every_value_is_forbidden_and_none_is_sent_twice(name: str) -> None:
    bundle = load(name)
    values = list(forbidden(bundle, 0))
    assert len({str(one) for one in values}) == len(values) > 15
    assert {one.name for one in values if not one.is_call} == {request.event for request in bundle.requests()}
    for one in values:
        of = bundle.calls[one.name].body if one.is_call else request_schema(bundle, one.name)
        assert of is not None
        assert not of.is_valid(one.invalid.payload)


def request_schema(bundle: Bundle, name: str) -> Any:
    request = bundle.request(name)
    assert request is not None
    return request.payload


def test_the_seed_decides_what_comes_first() -> None:
    first, same, other = ([str(one) for one in forbidden(EXAMPLE, seed)] for seed in (1, 1, 2))
    assert first == same
    assert first[:40] != other[:40]
    assert sorted(first) == sorted(other)


def test_an_answer_is_documented_by_an_example_that_breaks_the_same_clause_in_the_same_way() -> None:
    def answer(event: str, *args: Any) -> Any:
        value = value_of(EXAMPLE, event, args)
        assert value is not None
        return value.invalid.answer

    assert answer("room:enter", {}) == "error"
    assert answer("room:enter", {"colour": 1}) == "error"
    assert answer("room:enter", {"room": 1}) is None
    assert answer("add-note", {"text": ["x"]}) == 400
    assert answer("add-note", {"text": 7}) == 400


def test_what_is_allowed_or_unknown_is_no_value() -> None:
    assert value_of(EXAMPLE, "room:enter", ({"room": "r", "more": 1},)) is None
    assert value_of(EXAMPLE, "no:such", ({},)) is None
    assert value_of(EXAMPLE, "room:enter", ()) is None


def test_a_bad_optional_field_has_no_documented_answer() -> None:
    sos = load("sos")
    value = value_of(sos, "create-message", ({"senderDisplayName": "a", "content": "b", "contentType": 1},))
    assert value is not None
    assert value.invalid.answer is None
    generated = [one for one in forbidden(sos, 0) if one.name == "sos:room:join" and "userType" in str(one.args[0])]
    assert generated
    assert all(one.invalid.answer is None for one in generated if one.invalid.keyword == "enum")


def test_a_batch_has_a_few_values_of_each_and_its_contracts_have_these_alone() -> None:
    values = list(forbidden(EXAMPLE, 0))
    made = batches(values)
    assert sum(map(len, made)) == len(values)
    counts = [len([one for one in batch if one.name == "who"]) for batch in made]
    assert max(counts) == counts[0] == AT_ONCE
    bundle = with_invalid(EXAMPLE, made[0])
    who = bundle.request("who")
    assert who is not None
    assert who.examples.invalid == tuple(one.invalid for one in made[0] if one.name == "who")
    assert who.examples.valid == EXAMPLE.events["who"].request.examples.valid  # type: ignore[union-attr]


@pytest.mark.parametrize("value", [{"a": [1, {"b": "text"}]}, [[["x"]]], "abcdef", 17, {"$binary": "AAE="}, None, True])
def test_smaller_values_are_smaller_and_the_smallest_come_first(value: Any) -> None:
    sizes = [size(one) for one in smaller(value)]
    assert sizes == sorted(sizes)
    assert all(one < size(value) for one in sizes)
    assert bool(sizes) == (value not in (None, True, {"$binary": "AAE="}))


def found(values: list[Forbidden], fails: Any, most: int = 100) -> tuple[list[Forbidden] | None, int]:
    """What is left of values, and how often it was tried."""
    tries = 0

    async def tried(some: Sequence[Forbidden]) -> bool | None:
        nonlocal tries
        tries += 1
        return None if tries > most else any(map(fails, some))

    def less(value: Forbidden) -> Iterable[Forbidden]:
        return reduced(EXAMPLE, value)

    return asyncio.run(smallest(values, tried, less)), tries


def test_a_failure_is_shrunk_to_the_one_smallest_value_that_still_fails() -> None:
    values = [one for one in forbidden(EXAMPLE, 0) if one.name == "pen:take"][:8]
    bad = value_of(EXAMPLE, "pen:take", ({"room": "a long name of a room", "pen": "purple", "more": [1, 2, 3]},))
    assert bad is not None
    least, _ = found([*values[:5], bad, *values[5:]], lambda one: one.args[0] is not None and "purple" in str(one))
    assert least is not None
    assert [str(one) for one in least] == ['pen:take {"room": "a", "pen": "purple"}']


def test_a_failure_that_is_not_seen_again_is_not_shrunk() -> None:
    values = [one for one in forbidden(EXAMPLE, 0) if one.name == "pen:take"][:4]
    assert found(values, lambda one: False) == (None, 1)


def test_shrinking_ends_where_no_more_may_be_tried() -> None:
    values = [one for one in forbidden(EXAMPLE, 0) if one.name == "pen:take"][:8]
    least, tries = found(values, lambda one: True, most=4)
    assert least is not None
    assert len(least) == 1
    assert tries == 5
