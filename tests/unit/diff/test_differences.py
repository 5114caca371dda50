"""What a change of a schema means to whoever keeps the old one: clients that send, and clients that receive."""

import time
from typing import Any

import pytest

from conformance.diff.schemas import differences, dotted

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
Told = tuple[tuple[str, str, str], ...]


def fields(*required: str, **named: Any) -> dict[str, Any]:
    return {"type": "object", "properties": named, **({"required": list(required)} if required else {})}


def closed(*required: str, **named: Any) -> dict[str, Any]:
    return {**fields(*required, **named), "additionalProperties": False}


def told(old: Any, new: Any, way: Any) -> list[tuple[str, str, str]]:
    return [(one.severity.value, one.kind, dotted(one.path)) for one in differences(old, new, way)]


BREAKS = "breaking"
OLD = fields("a", a=TEXT, b=NUMBER)
CASES: dict[str, tuple[Any, Any, Told, Told]] = {
    # name: (old, new, what it means where clients send it, what it means where the service sends it)
    "a new optional field": (OLD, fields("a", a=TEXT, b=NUMBER, c=TEXT), (("safe", "takes", "c"),), (("safe", "only", "c"),)),
    "a new required field": (OLD, fields("a", "c", a=TEXT, b=NUMBER, c=TEXT), ((BREAKS, "needs", "c"),), (("safe", "only", "c"),)),
    "a field that is required now": (OLD, fields("a", "b", a=TEXT, b=NUMBER), ((BREAKS, "needs", "b"),), (("safe", "has", "b"),)),
    "a field that is optional now": (OLD, fields(a=TEXT, b=NUMBER), (("safe", "needs", "a"),), ((BREAKS, "has", "a"),)),
    "a required field that is gone": (OLD, fields(b=NUMBER), (("risky", "takes", "a"),), ((BREAKS, "has", "a"),)),
    "an optional field that is gone": (OLD, fields("a", a=TEXT), (("risky", "takes", "b"),), ((BREAKS, "has", "b"),)),
    "a field that is gone where no other is allowed": (
        closed("a", a=TEXT, b=NUMBER), closed("a", a=TEXT), ((BREAKS, "takes", "b"),), ((BREAKS, "has", "b"),),
    ),
    "a field that is new where no other was allowed": (
        closed("a", a=TEXT), closed("a", a=TEXT, b=NUMBER), (("safe", "takes", "b"),), (("risky", "only", "b"),),
    ),
    "no other fields any more": (OLD, closed("a", a=TEXT, b=NUMBER), (("risky", "takes", ""),), (("safe", "only", ""),)),
    "other fields, too": (closed("a", a=TEXT, b=NUMBER), OLD, (("safe", "takes", ""),), (("risky", "only", ""),)),
    "a wider type": (fields(a=NUMBER), fields(a={"type": "number"}), (("safe", "takes", "a"),), ((BREAKS, "only", "a"),)),
    "another type": (fields(a=NUMBER), fields(a=TEXT), ((BREAKS, "takes", "a"),), ((BREAKS, "only", "a"),)),
    "null, too": (fields(a=TEXT), fields(a={"type": ["string", "null"]}), (("safe", "takes", "a"),), ((BREAKS, "only", "a"),)),
    "a new value": (fields(a={"enum": [1, 2]}), fields(a={"enum": [1, 2, 3]}), (("safe", "takes", "a"),), ((BREAKS, "only", "a"),)),
    "a lower bound": (
        fields(a={"type": "integer", "maximum": 9}), fields(a={"type": "integer", "maximum": 8}),
        ((BREAKS, "takes", "a"),), (("safe", "only", "a"),),
    ),
    "the same bound, written otherwise": (
        fields(a={"type": "integer", "minimum": 1}), fields(a={"type": "integer", "exclusiveMinimum": 0}), (), (),
    ),
    "a pattern where there was none": (
        fields(a=TEXT), fields(a={"type": "string", "pattern": "^[0-9]+$"}), ((BREAKS, "takes", "a"),), (("safe", "only", "a"),),
    ),
    "a pattern that takes everything": (
        fields(a=TEXT), fields(a={"type": "string", "pattern": "^"}), (("risky", "takes", "a"),), (("safe", "only", "a"),),
    ),
    "an optional one of alternatives": (
        {"anyOf": [TEXT, NUMBER]}, {"anyOf": [NUMBER]}, ((BREAKS, "takes", ""),), (("safe", "only", ""),),
    ),
    "alternatives as a list of types": ({"anyOf": [TEXT, NUMBER]}, {"type": ["integer", "string"]}, (), ()),
    "alternatives that a field tells apart": (
        {"oneOf": [fields("k", k={"const": "a"}, v=TEXT), fields("k", k={"const": "b"}, v=NUMBER)]},
        {"oneOf": [fields("k", k={"const": "b"}, v=NUMBER), fields("k", k={"enum": ["a"]}, v=TEXT)]}, (), (),
    ),
    "an alternative that is not excluded any more": (
        {"anyOf": [fields("k", k=TEXT), fields("m", m=TEXT)]}, {"oneOf": [fields("k", k=TEXT), fields("m", m=TEXT)]},
        (("risky", "takes", ""),), (("safe", "only", ""),),
    ),
    "another `not`": (
        {"type": "string", "not": {"const": "x"}}, {"type": "string", "not": {"pattern": "^y{9}$"}},
        (("risky", "takes", ""),), (("risky", "only", ""), ),
    ),
    "the same `not` beside another bound": (
        {"type": "string", "not": {"const": "x"}, "maxLength": 9}, {"type": "string", "not": {"const": "x"}, "maxLength": 10},
        (("safe", "takes", ""),), ((BREAKS, "only", ""),),
    ),
    "a condition that holds anyway": (
        fields("a", a=TEXT, b=TEXT), {**fields("a", a=TEXT, b=TEXT), "if": fields("b", b=TEXT), "then": fields("a")}, (), (),
    ),
    "an item of a list": (
        {"type": "array", "items": NUMBER}, {"type": "array", "items": TEXT}, ((BREAKS, "takes", "[]"),), ((BREAKS, "only", "[]"),),
    ),
    "a list that is part of a reference to itself": (
        {"$ref": "#/$defs/t", "$defs": {"t": fields(a=TEXT, t={"type": "array", "items": {"$ref": "#/$defs/t"}})}},
        {"$ref": "#/$defs/u", "$defs": {"u": fields(a=NUMBER, t={"type": "array", "items": {"$ref": "#/$defs/u"}})}},
        ((BREAKS, "takes", "a"),), ((BREAKS, "only", "a"),),
    ),
    "the same by references": (fields(a=TEXT), {**fields(a={"$ref": "#/$defs/t"}), "$defs": {"t": TEXT}}, (), ()),
    "the same in an `allOf`": (fields("a", a=TEXT, b=TEXT), {"allOf": [fields("a", a=TEXT), fields(b=TEXT)]}, (), ()),
    "a field that another one needs": (
        fields(a=TEXT, b=TEXT), {**fields(a=TEXT, b=TEXT), "dependentRequired": {"a": ["b"]}},
        ((BREAKS, "takes", "a"),), (("safe", "only", "a"),),
    ),
    "another default": (
        fields(a={**NUMBER, "default": 1}), fields(a={**NUMBER, "default": 2}), (("risky", "takes", "a"),), (("risky", "only", "a"),),
    ),
    "a first default": (fields(a=NUMBER), fields(a={**NUMBER, "default": 2}), (("safe", "takes", "a"),), (("safe", "only", "a"),)),
    "other words": (fields(a=TEXT), fields(a={**TEXT, "description": "new", "title": "A"}), (), ()),
    "binary data of another size": (
        {"binary": True, "maxBytes": 9}, {"binary": True, "maxBytes": 8}, ((BREAKS, "takes", ""),), (("safe", "only", ""),),
    ),
    "a text in place of binary data": ({"binary": True}, TEXT, ((BREAKS, "takes", ""),), ((BREAKS, "only", ""),)),
    "a name of fields": (
        {"type": "object", "patternProperties": {"^x": TEXT}, "additionalProperties": False},
        {"type": "object", "patternProperties": {"^x": NUMBER}, "additionalProperties": False},
        ((BREAKS, "takes", "^x"),), ((BREAKS, "only", "^x"),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_clients_send_is_held_by_the_new_schema(name: str) -> None:
    old, new, sent, _ = CASES[name]
    assert told(old, new, "client_to_server") == list(sent)


@pytest.mark.parametrize("name", CASES)
def test_what_the_service_sends_is_held_by_the_old_schema(name: str) -> None:
    old, new, _, received = CASES[name]
    assert told(old, new, "server_to_client") == list(received)


def test_a_payload_shows_what_breaks() -> None:
    old = fields("a", "b", a=TEXT, b={"type": "array", "items": {"type": "integer", "maximum": 9}})
    new = fields("a", "b", a=TEXT, b={"type": "array", "items": {"type": "integer", "maximum": 8}})
    (found,) = differences(old, new, "client_to_server")
    assert (found.was, found.now, found.witness) == ("at most 9", "at most 8", {"a": "sample", "b": [9]})


def test_what_cannot_be_told_says_why() -> None:
    (found,) = differences(TEXT, {"type": "string", "pattern": "^"}, "client_to_server")
    assert (
        found.why
        == "whether clients that send what was allowed are refused cannot be told: patterns cannot be compared"
    )


def deep(leaf: Any, levels: int) -> Any:
    for _ in range(levels):
        leaf = {"anyOf": [fields("a", a=leaf), fields("b", b=leaf)]}
    return leaf


@pytest.mark.parametrize("way", ["client_to_server", "server_to_client"])
def test_schemas_that_multiply_end_in_time_and_are_not_safe(way: Any) -> None:
    began_s = time.process_time()
    listed = {f"f{n}": {"enum": list(range(10))} for n in range(15)}
    wide = {"anyOf": [fields(*listed, **listed), fields("z", z=TEXT)]}
    wider = {"anyOf": [fields(*listed, **{**listed, "f14": {"enum": list(range(9))}}), fields("z", z=NUMBER)]}
    for old, new in ((deep(TEXT, 6), deep(NUMBER, 6)), (wide, wider)):
        assert any(one.severity != "safe" for one in differences(old, new, way))
    assert time.process_time() - began_s < 5
