"""References of a schema lead to a schema, or the contract is refused with the reference that does not."""

from typing import Any

import pytest

from contracts.references import reference_faults

A, B = {"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        (A | {"$defs": {"a": A}}, "`#/$defs/a` refers to itself and to nothing else"),
        (A | {"$defs": {"a": B, "b": A}}, "`#/$defs/a` refers to itself and to nothing else"),
        (A | {"$defs": {"a": {"allOf": [{"type": "object"}, A]}}}, "`#/$defs/a` refers to itself and to nothing else"),
        (A | {"$defs": {"b": {}}}, "`#/$defs/a` is not there; known here: b"),
        (A, "`#/$defs/a` is not there; the schema has no `$defs`"),
    ],
)
def test_a_reference_that_leads_nowhere_is_named(schema: dict[str, Any], says: str) -> None:
    where, message = next(reference_faults({"server_to_client": {"payload": schema}}))
    assert where == ("server_to_client", "payload", "$ref")
    assert message.startswith(says)


@pytest.mark.parametrize(
    "schema",
    [
        A | {"$defs": {"a": {"type": "object", "properties": {"next": A}}}},
        A | {"$defs": {"a": {"type": "array", "items": A}}},
        A | {"$defs": {"a": B, "b": {"anyOf": [{"type": "null"}, {"type": "object", "properties": {"a": A}}]}}},
        {"properties": {"x": A}, "$defs": {"a": {"type": "string"}}},
        {"const": A, "enum": [A], "examples": [A]},
    ],
)
def test_schemas_of_trees_and_lists_are_taken(schema: dict[str, Any]) -> None:
    assert list(reference_faults({"payload": schema})) == []
