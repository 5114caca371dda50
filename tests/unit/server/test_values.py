"""What is known of a cause comes before examples, and examples before generated values."""

from typing import Any

import pytest

from conformance.server.values import made
from contracts.schema import Schema

CARD: dict[str, Any] = {
    "type": "object",
    "required": ["board", "at"],
    "properties": {
        "board": {"type": "string", "minLength": 1},
        "at": {"type": "integer", "minimum": 1},
        "note": {"type": "string"},
        "place": {"type": ["null", "object"], "required": ["x"], "properties": {"x": {"type": "number"}}},
    },
}


@pytest.mark.parametrize(
    ("examples", "known", "expected"),
    [
        ([{"board": "b", "at": 7}], {}, {"board": "b", "at": 7}),
        ([{"board": "b", "at": 7, "note": "n"}], {"board": "c"}, {"board": "c", "at": 7}),
        ([{"board": "b", "at": 7}], {"note": "n", "other": 1}, {"board": "b", "at": 7, "note": "n"}),
        ([{"board": "b", "at": 0}, {"board": "b", "at": 9}], {}, {"board": "b", "at": 9}),
        ([], {"board": "c", "at": 3}, {"board": "c", "at": 3}),
    ],
)
def test_known_values_are_laid_over_the_first_example_that_then_keeps_the_schema(
    examples: list[Any], known: dict[str, Any], expected: Any
) -> None:
    assert made(Schema(CARD), examples, known) == expected


def test_without_examples_values_are_generated_that_keep_the_schema() -> None:
    assert Schema(CARD).is_valid(made(Schema(CARD), (), {}))
    assert set(made(Schema(CARD), (), {})) == {"board", "at"}


def test_fields_inside_of_an_object_are_known_too_and_null_gives_way_to_them() -> None:
    wanted = {**CARD, "required": ["place"]}
    assert made(Schema(wanted), [{"place": None}], {}) == {"place": None}
    assert made(Schema(wanted), [{"place": None}], {"x": 4}) == {"place": {"x": 4}}


def test_all_of_an_example_is_taken_where_the_required_fields_alone_are_not_enough() -> None:
    either = {**CARD, "anyOf": [{"required": ["note"]}]}
    assert made(Schema(either), [{"board": "b", "at": 1, "note": "n"}], {"board": "c"}) == {
        "board": "c",
        "at": 1,
        "note": "n",
    }


def test_what_its_cause_did_not_carry_is_left_out() -> None:
    either = {**CARD, "anyOf": [{"required": ["place"]}]}
    example = {"board": "b", "at": 1, "note": "n", "place": None}
    assert "note" not in made(Schema(either), [example], {}, frozenset({"note"}))
