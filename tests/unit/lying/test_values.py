"""Values as lies have them: in another type, with another value, or not there."""

from typing import Any

import pytest

from conformance.lying.values import altered, another_value, at_bound, of_another_type, without
from contracts.binary import binary
from contracts.schema import Schema


@pytest.mark.parametrize("value", [True, 1, 2.5, "text", [1], {"a": 1}, None, binary(b"abc")])
def test_another_type_is_another_type(value: Any) -> None:
    other = of_another_type(value)
    assert type(other) is not type(value)


def test_binary_data_is_written_as_base64() -> None:
    assert of_another_type(binary(b"abc")) == "YWJj"


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        (5, {"type": "integer", "maximum": 5}),
        (0, {"type": "number", "minimum": 0}),
        ("abc", {"type": "string", "maxLength": 3}),
        ("a", {"type": "string", "minLength": 1}),
        ("red", {"enum": ["red", "green"]}),
        (True, {"type": "boolean"}),
        (binary(b"abc"), {"binary": True, "maxBytes": 3}),
    ],
)
def test_another_value_keeps_the_schema(value: Any, shape: dict[str, Any]) -> None:
    other = another_value(value, shape)
    assert other != value
    assert Schema(shape).is_valid(other)


def test_where_no_other_value_keeps_the_schema_it_is_changed_all_the_same() -> None:
    assert another_value(5, {"minimum": 5, "maximum": 5}) != 5
    assert another_value(None, {}) is None


@pytest.mark.parametrize(
    ("at", "changed", "cut"),
    [
        ("/0/a", [{"a": 9, "b": {"c": 2}}, "x"], [{"b": {"c": 2}}, "x"]),
        ("/0/b/c", [{"a": 1, "b": {"c": 9}}, "x"], [{"a": 1, "b": {}}, "x"]),
        ("/1", [{"a": 1, "b": {"c": 2}}, 9], [{"a": 1, "b": {"c": 2}}]),
        ("/0", [9, "x"], []),
        ("/0/none", [{"a": 1, "b": {"c": 2}}, "x"], [{"a": 1, "b": {"c": 2}}, "x"]),
        ("/5", [{"a": 1, "b": {"c": 2}}, "x"], [{"a": 1, "b": {"c": 2}}, "x"]),
    ],
)
def test_a_field_is_changed_or_left_out_and_the_rest_stays(at: str, changed: list[Any], cut: list[Any]) -> None:
    document = [{"a": 1, "b": {"c": 2}}, "x"]
    assert altered(document, at, 9) == changed
    assert without(document, at) == cut
    assert document == [{"a": 1, "b": {"c": 2}}, "x"]


@pytest.mark.parametrize(
    ("value", "shape", "bound"),
    [
        (1, {"minimum": 1, "maximum": 3}, True),
        (3, {"minimum": 1, "maximum": 3}, True),
        (2, {"minimum": 1, "maximum": 3}, False),
        (True, {"minimum": 1}, False),
        ("abc", {"maxLength": 3}, True),
        ("ab", {"maxLength": 3}, False),
        (None, {"minimum": 1}, False),
    ],
)
def test_a_value_is_at_its_bound(value: Any, shape: dict[str, Any], bound: bool) -> None:
    assert at_bound(value, shape) is bound
