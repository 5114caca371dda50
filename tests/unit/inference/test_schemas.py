"""Schemas that are inferred: they accept all samples, whatever their order, and runs can be summed up apart."""

from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.inference.schemas import Taste, clashes, schema_of
from conformance.inference.shapes import MOST_FIELDS, MOST_VALUES, Shape, summed_up
from contracts.closed_schema import ClosedSchema
from contracts.faults import META_SCHEMA
from contracts.schema import Schema

TEXTS = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        ["on", "off", "a@b.cd", "a@b.cd\n", "http://x/y", "2026-01-02", "2026-01-02T03:04:05Z", "2026-13-01"]
    ),
    st.uuids().map(str),
    st.datetimes().map(lambda at: at.isoformat() + "Z"),
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 10**16), st.floats(allow_nan=False, allow_infinity=False), TEXTS,
    st.just({"$binary": "AQI="}), st.just({"$binary": "(secret)"}), st.just({"$$binary": "AQI="}),
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(["id", "text", "__proto__", "", "kind", "\ud800", "x" * 90]), inner, max_size=4
        ),
    ),
    max_leaves=8,
)
SAMPLES = st.lists(VALUES, min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(SAMPLES)
def test_a_schema_accepts_every_sample_of_it(samples: list[Any]) -> None:
    for emitted in (False, True):
        schema = Schema(schema_of(summed_up(samples), Taste(emitted=emitted)))
        assert [value for value in samples if not schema.is_valid(value)] == []


@settings(max_examples=60, deadline=None)
@given(SAMPLES, st.randoms(use_true_random=False))
def test_the_order_of_samples_does_not_matter(samples: list[Any], chance: Any) -> None:
    shuffled = list(samples)
    chance.shuffle(shuffled)
    assert summed_up(samples) == summed_up(shuffled)
    assert schema_of(summed_up(samples)) == schema_of(summed_up(shuffled))


@settings(max_examples=60, deadline=None)
@given(SAMPLES, SAMPLES, SAMPLES)
def test_runs_are_summed_up_apart_and_merged_in_any_grouping(a: list[Any], b: list[Any], c: list[Any]) -> None:
    first, second, third = (summed_up(one) for one in (a, b, c))
    left, right = deepcopy(first), deepcopy(second)
    left.merge(second)
    left.merge(third)
    right.merge(third)
    first.merge(right)
    assert left == first == summed_up([*a, *b, *c])


def test_merging_leaves_the_other_summary_alone() -> None:
    one, other = summed_up([{"a": 1}]), summed_up([{"b": {"c": [1]}}])
    before = deepcopy(other)
    one.merge(other)
    one.add({"b": {"c": ["x"]}})
    assert other == before


@settings(max_examples=40, deadline=None)
@given(SAMPLES)
def test_a_schema_is_one_that_contracts_take(samples: list[Any]) -> None:
    import json

    part = {"receivers": "everyone", "caused_by": {"other": "x"}, "payload": schema_of(summed_up(samples))}
    document = {"event": "e", "summary": "s", "source": "s", "server_to_client": part}
    assert not list(ClosedSchema(json.loads(META_SCHEMA.read_text())).faults(document, "event"))


def said(*samples: Any) -> dict[str, Any]:
    return schema_of(summed_up(samples))


def test_a_field_that_every_sample_has_is_required() -> None:
    made = said({"a": 1.5, "b": "x"}, {"a": 2, "b": "y"}, {"a": 3})
    assert made["required"] == ["a"]
    assert made["properties"] == {"a": {"type": "number"}, "b": {"type": "string"}}


def test_what_may_be_null_has_its_type_beside_it() -> None:
    assert said("x", None) == {"type": ["string", "null"]}


def test_a_number_is_whole_and_not_negative_where_enough_samples_are() -> None:
    assert said(1, 2, 3) == {"type": "number"}
    assert said(*range(5)) == {"type": "integer"}
    assert said(*range(20)) == {"type": "integer", "minimum": 0}
    assert said(*range(-1, 20)) == {"type": "integer"}
    assert said(*range(20), 0.5) == {"type": "number", "minimum": 0}


def test_few_words_that_come_often_are_a_list_of_values() -> None:
    states = [{"state": one} for one in ("open", "closed", "held") * 6]
    assert said(*states)["properties"]["state"] == {"type": "string", "enum": ["closed", "held", "open"]}
    assert "enum" not in said(*states, *({"state": one} for one in ("new", "old", "lost")))["properties"]["state"]
    assert "enum" not in said(*states[:9])["properties"]["state"]
    named = [{"userName": one} for one in ("ann", "bob") * 9]
    assert "enum" not in said(*named)["properties"]["userName"]
    assert "enum" not in schema_of(summed_up(states), Taste(free=frozenset({"state"})))["properties"]["state"]


def test_texts_of_a_format_have_it() -> None:
    uuid = "3f2b8c1e-5a4d-4e6f-8b7a-9c0d1e2f3a4b"
    assert said(*[uuid] * 5) == {"type": "string", "format": "uuid"}
    assert said(*["2026-01-02T03:04:05.000Z"] * 5) == {"type": "string", "format": "date-time"}
    assert said(*["2026-01-02"] * 5) == {"type": "string", "format": "date"}
    assert "@" in said(*["a@b.cd"] * 5)["pattern"]
    assert "://" in said(*["https://a.example/b"] * 5)["pattern"]
    assert said(*[uuid] * 5, "other") == {"type": "string", "minLength": 1}
    assert said(*[uuid] * 5, "") == {"type": "string"}


def test_binary_data_stands_beside_json() -> None:
    assert said({"$binary": "AQI="}) == {"binary": True}
    assert said({"$binary": "AQI="}, None) == {"anyOf": [{"binary": True}, {"type": "null"}]}


def test_an_object_whose_names_are_data_is_a_map() -> None:
    made = said({f"user-{n}": 1.5 for n in range(MOST_FIELDS + 1)})
    assert made == {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}}
    assert "properties" not in said({"x" * 1_000_000: 1})


def test_a_summary_does_not_grow_with_its_samples() -> None:
    shape = Shape()
    for number in range(MOST_VALUES + 1):
        shape.add({"id": f"id-{number}"})
    assert shape.fields["id"].values is None


def test_types_that_do_not_go_together_are_told() -> None:
    shape = summed_up([{"a": 1, "b": [{"c": "x"}]}, {"a": "1", "b": [{"c": {}}]}, {"a": None, "b": []}])
    assert dict(clashes(shape)) == {"a": {"number": 1, "string": 1}, "b[].c": {"string": 1, "object": 1}}
    assert not dict(clashes(summed_up([1, 2.5, None])))


def test_what_clients_emit_is_no_more_than_was_seen() -> None:
    made = schema_of(summed_up([{"n": 3, "on": True, "ids": ["a"], "text": "abc"}] * 6), Taste(emitted=True))
    assert made["properties"] == {
        "n": {"type": "integer", "minimum": 3, "maximum": 3},
        "on": {"const": True},
        "ids": {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
        "text": {"type": "string"},
    }
