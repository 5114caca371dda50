"""Values made from schemas: valid ones are accepted, invalid ones rejected by the one clause that they name."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.invalid_values import invalid_values
from contracts.schema import Schema
from contracts.valid_values import DEEPEST_TREE, valid_values

MANY = 500

NUMBERS = st.integers(-50, 50).flatmap(
    lambda low: st.fixed_dictionaries(
        {"type": st.sampled_from(["integer", "number"]), "minimum": st.just(low)},
        optional={
            "maximum": st.integers(low + 2, low + 90),
            "exclusiveMaximum": st.integers(low + 2, low + 90),
            "multipleOf": st.just(1),
        },
    )
)
TEXTS = st.one_of(
    st.integers(0, 8).flatmap(
        lambda least: st.fixed_dictionaries(
            {"type": st.just("string"), "minLength": st.just(least)}, optional={"maxLength": st.integers(least, 40)}
        )
    ),
    st.sampled_from(["^[A-Z]{2}-[0-9]{4}$", "^(red|blue)$", "[a-f]+", "^\\w{3,5}\\d$"]).map(
        lambda pattern: {"type": "string", "pattern": pattern}
    ),
    st.sampled_from(["date-time", "date", "uuid"]).map(lambda name: {"type": "string", "format": name}),
)
LEAVES = st.one_of(
    NUMBERS,
    TEXTS,
    st.just({"type": "boolean"}),
    st.just({"type": "null"}),
    st.lists(
        st.one_of(st.text("abc", min_size=1, max_size=3), st.integers(0, 9)), min_size=1, max_size=4, unique=True
    ).map(lambda values: {"enum": values}),
    st.one_of(st.text("xyz", max_size=3), st.integers(0, 9), st.booleans()).map(lambda value: {"const": value}),
    st.integers(0, 4).map(lambda least: {"binary": True, "minBytes": least, "maxBytes": least + 8}),
)


def composed(inner: Any) -> Any:
    fields = st.dictionaries(st.sampled_from("abcd"), inner, min_size=1, max_size=3)
    return st.one_of(
        fields.flatmap(
            lambda own: st.fixed_dictionaries(
                {
                    "type": st.just("object"),
                    "properties": st.just(own),
                    "required": st.lists(st.sampled_from(sorted(own)), unique=True),
                },
                optional={"additionalProperties": st.just(False)},
            )
        ),
        inner.flatmap(
            lambda item: st.fixed_dictionaries(
                {"type": st.just("array"), "items": st.just(item)},
                optional={"minItems": st.integers(0, 2), "maxItems": st.integers(2, 5)},
            )
        ),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda items: {
                "type": "array",
                "prefixItems": items,
                "minItems": len(items),
                "maxItems": len(items),
            }
        ),
        st.lists(inner, min_size=1, max_size=2).map(lambda ways: {"anyOf": ways}),
        inner.map(lambda one: {"allOf": [one]}),
    )


SCHEMAS = st.recursive(LEAVES, composed, max_leaves=6)


@settings(max_examples=60)
@given(SCHEMAS)
def test_what_is_made_does_what_it_says(document: dict[str, Any]) -> None:
    schema = Schema(document)
    made = valid_values(document)
    assert made
    for value in made:
        assert schema.is_valid(value)
        assert schema.explain(value) is None
    broken = invalid_values(document, made)
    assert broken
    for one in broken:
        assert not schema.is_valid(one.payload)
        problem = schema.explain(one.payload)
        assert problem is not None
        assert problem.keyword == one.keyword
        assert len(schema.problems(one.payload)) == 1
    assert valid_values(document) == made
    assert invalid_values(document, made) == broken


MOVE = {
    "type": "object",
    "required": ["piece", "to"],
    "additionalProperties": False,
    "properties": {
        "piece": {"$ref": "#/$defs/piece"},
        "to": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 8}, "minItems": 2, "maxItems": 2},
        "note": {"type": "string", "minLength": 2, "maxLength": 20},
        "clock": {"type": "number", "exclusiveMinimum": 0},
    },
    "$defs": {"piece": {"enum": ["king", "queen", "pawn"]}},
}


def test_valid_values_are_full_small_and_at_every_edge() -> None:
    full, small, *edges = valid_values(MOVE, MANY)
    assert set(full) == {"piece", "to", "note", "clock"}
    assert set(small) == {"piece", "to"}
    every = [full, small, *edges]
    assert {one["piece"] for one in every} == {"king", "queen", "pawn"}
    assert {2, 20} <= {len(one["note"]) for one in every if "note" in one}
    assert {1, 8} <= {number for one in every for number in one["to"]}
    assert all(one["clock"] > 0 for one in every if "clock" in one)
    assert min(one["clock"] for one in every if "clock" in one) < 0.001


def test_invalid_values_break_every_clause_of_every_field() -> None:
    broken = {(one.path, one.keyword) for one in invalid_values(MOVE, most=MANY)}
    assert broken == {
        ("", "type"),
        ("", "additionalProperties"),
        ("/piece", "required"),
        ("/piece", "enum"),
        ("/to", "required"),
        ("/to", "type"),
        ("/to", "minItems"),
        ("/to", "maxItems"),
        *(("/to/0", keyword) for keyword in ("type", "minimum", "maximum")),
        ("/note", "type"),
        ("/note", "minLength"),
        ("/note", "maxLength"),
        ("/clock", "type"),
        ("/clock", "exclusiveMinimum"),
    }


def test_the_first_invalid_values_are_unlike_each_other() -> None:
    first = invalid_values(MOVE)
    assert len({(one.path, one.keyword) for one in first}) == len(first) == 8


@pytest.mark.parametrize(
    ("document", "full"),
    [
        ({"oneOf": [{"type": "object", "required": ["a"], "properties": {"a": {"const": 1}}, "additionalProperties": False},
                    {"type": "string", "minLength": 1}]}, {"a": 1}),
        ({"allOf": [{"type": "integer", "minimum": 3}, {"maximum": 3}]}, 3),
        ({"type": "object", "properties": {"kind": {"enum": ["a", "b"]}}, "required": ["kind"],
          "if": {"properties": {"kind": {"const": "b"}}}, "then": {"required": ["size"]}}, {"kind": "a"}),
        ({"type": "array", "contains": {"const": 7}, "minItems": 2}, [7, 7]),
        ({"type": "array", "items": {"type": "integer"}, "uniqueItems": True, "minItems": 3}, [1, 2, 0]),
        ({"type": "object", "minProperties": 2, "patternProperties": {"^x-[0-9]$": {"type": "boolean"}}}, None),
        ({"type": "object", "minProperties": 1, "propertyNames": {"pattern": "^[a-z]{3}$"}}, None),
        ({"$ref": "#/$defs/tree", "$defs": {"tree": {"type": "object", "required": ["v"], "properties": {
            "v": {"type": "integer"}, "left": {"$ref": "#/$defs/tree"}}}}}, None),
        ({"type": "object", "dependentRequired": {"a": ["b"]}, "properties": {"a": {}, "b": {}}}, None),
        ({"not": {"type": "string"}}, None),
        ({"type": "string", "pattern": "^a+$", "minLength": 20}, "a" * 20),
        ({"type": "number", "multipleOf": 0.5, "exclusiveMinimum": 0, "maximum": 0.5}, 0.5),
        ({}, "sample"),
        ({"type": ["null", "object"]}, None),
    ],
)  # fmt: skip
def test_every_way_of_saying_a_schema_has_values(document: dict[str, Any], full: Any) -> None:
    made = valid_values(document)
    assert made
    assert full is None or full in made
    assert all(Schema(document).is_valid(value) for value in made)


@pytest.mark.parametrize(
    "document",
    [
        {"type": "string", "enum": [1]},
        {"type": "integer", "minimum": 2, "maximum": 1},
        {"allOf": [{"type": "string"}, {"type": "number"}]},
        {"type": "object", "required": ["a"], "properties": {"a": {"enum": [1]}}, "propertyNames": {"const": "b"}},
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}},
        {"not": {}},
    ],
)
def test_of_what_nothing_can_keep_nothing_is_made(document: dict[str, Any]) -> None:
    assert valid_values(document) == ()


WIDE: dict[str, Any] = {"type": "string", "minLength": 9_000}
for _ in range(4):
    WIDE = {"type": "array", "minItems": 100, "items": WIDE}


@pytest.mark.parametrize(
    "document",
    [
        {"type": "array", "minItems": 10**12, "items": {"enum": [1, 2]}},
        {"type": "object", "minProperties": 10**12},
        {"type": "string", "minLength": 10**12, "pattern": "^a*$"},
        {"binary": True, "minBytes": 10**12},
        WIDE,
    ],
    ids=["array", "object", "string", "binary", "lists in lists"],
)
def test_of_what_is_too_large_nothing_is_made(document: dict[str, Any]) -> None:
    assert valid_values(document) == ()


def test_of_what_everything_keeps_nothing_invalid_is_made() -> None:
    assert invalid_values({}) == ()


def test_what_a_careless_service_takes_for_binary_data_is_among_the_invalid() -> None:
    document = {"type": "object", "required": ["frame"], "properties": {"frame": {"binary": True, "maxBytes": 4}}}
    frames = [
        one.payload["frame"]
        for one in invalid_values(document, most=MANY)
        if one.path == "/frame" and one.keyword != "required"
    ]
    assert {"ACVKbw=="} <= {frame for frame in frames if isinstance(frame, str)}
    assert {"type": "Buffer", "data": [0, 37, 74, 111]} in frames


def test_a_text_in_place_of_a_number_has_its_digits() -> None:
    document = {"type": "object", "properties": {"n": {"type": "integer", "minimum": 7}}}
    assert {"n": "7"} in [one.payload for one in invalid_values(document, most=MANY)]


def nested(depth: int) -> dict[str, Any]:
    """Objects in each other, of which each has to have the next."""
    if not depth:
        return {"type": "string"}
    return {"type": "object", "required": ["a"], "properties": {"a": nested(depth - 1)}}


def test_values_are_made_of_a_tree_that_is_deeper_than_usual_but_not_of_one_without_end() -> None:
    assert valid_values(nested(DEEPEST_TREE - 1))
    assert not valid_values(nested(DEEPEST_TREE))
    endless = {
        "$ref": "#/$defs/x",
        "$defs": {"x": {"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#/$defs/x"}}}},
    }
    assert not valid_values(endless)
