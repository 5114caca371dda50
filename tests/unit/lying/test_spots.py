"""What of a bundle a lie can be told of: what its contracts leave open is no lie."""

from dataclasses import replace
from typing import Any

import pytest

from conformance.lying.lie import general_lies
from conformance.lying.spots import changeable, fields_of, seen_broadcasts, unseen_broadcasts
from contracts.cause import Causes
from contracts.load import load
from contracts.model import Broadcast, Bundle
from contracts.schema import Schema

EXAMPLE = load("example")
GAME = load("tests/services/game/contracts")
LIES = {lie.id: lie for lie in general_lies()}


def about(lie: str, bundle: Bundle = EXAMPLE) -> list[str]:
    """What a lie is about, in words."""
    return [str(spot) for spot in LIES[lie].applies(bundle)]


def with_broadcast(event: str, **fields: Any) -> Bundle:
    """The example with another broadcast of that name."""
    old = EXAMPLE.events[event]
    assert old.broadcast is not None
    return replace(EXAMPLE, events={**EXAMPLE.events, event: replace(old, broadcast=replace(old.broadcast, **fields))})


def broadcast(bundle: Bundle, event: str) -> Broadcast:
    found = bundle.broadcast(event)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("schema", "required"),
    [
        ({"type": "object", "required": ["a"], "properties": {"a": {}, "b": {}}}, ["/0/a"]),
        ({"type": ["object", "null"], "required": ["a"], "properties": {"a": {}}}, []),
        (
            {
                "type": "object",
                "required": ["o"],
                "properties": {"o": {"type": "object", "required": ["n"], "properties": {"n": {}, "m": {}}}},
            },
            ["/0/o", "/0/o/n"],
        ),
        (
            {"type": "object", "properties": {"o": {"required": ["n"], "properties": {"n": {}}}}},
            [],
        ),
        (
            {"$defs": {"p": {"required": ["x"], "properties": {"x": {}}}}, "$ref": "#/$defs/p"},
            ["/0/x"],
        ),
        ({"type": "string"}, ["/0"]),
        ({}, ["/0"]),
        ({"type": "object"}, []),
    ],
)
def test_a_field_is_required_where_every_valid_payload_has_it(schema: dict[str, Any], required: list[str]) -> None:
    assert [field.at for field in fields_of(Schema(schema)) if field.required] == required


def test_a_schema_that_refers_to_itself_ends() -> None:
    node = {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#"}}}
    assert len(fields_of(Schema(node))) == 4


def test_what_may_be_left_out_is_no_lie() -> None:
    """Of the optional fields none is told to be missing, or of another type."""
    payload = broadcast(EXAMPLE, "cursor:moved").payload.document
    bundle = with_broadcast("cursor:moved", payload=Schema({**payload, "required": ["room", "x"]}))
    assert "cursor:moved, user" in about("field-is-missing")
    assert "cursor:moved, user" not in about("field-is-missing", bundle)


@pytest.mark.parametrize(
    ("lie", "fields", "told"),
    [
        ("broadcast-comes-twice", {"at_least_once": True}, False),
        ("broadcast-is-late", {"causes": Causes(events=("cursor:move",), every_s=1.0)}, False),
        ("broadcasts-overtake", {"volatile": True}, False),
        ("broadcast-comes-twice", {"volatile": True}, True),
        ("sender-hears-itself", {"receivers": "room"}, False),
        ("sender-is-left-out", {"receivers": "room"}, True),
        ("sender-is-left-out", {}, False),
        ("broadcast-leaks-to-everyone", {"receivers": "everyone-but-sender"}, False),
        ("broadcast-leaks-to-everyone", {}, True),
        ("sender-is-somebody-else", {"sender": None}, False),
        ("sender-is-somebody-else", {}, True),
    ],
)
def test_a_lie_is_told_only_of_what_the_contract_forbids(lie: str, fields: dict[str, Any], told: bool) -> None:
    named = {one.partition(",")[0] for one in about(lie, with_broadcast("cursor:moved", **fields))}
    assert ("cursor:moved" in named) is told


def test_values_come_out_as_they_went_in_by_echoes_or_by_their_names() -> None:
    moved = broadcast(EXAMPLE, "cursor:moved")
    assert [field.name for field in changeable(EXAMPLE, moved)] == ["x"]
    unsaid = with_broadcast("cursor:moved", echoes=())
    assert [field.name for field in changeable(unsaid, broadcast(unsaid, "cursor:moved"))] == ["x"]
    assert (
        LIES["value-is-changed"]
        .advice(unsaid, next(iter(LIES["value-is-changed"].applies(unsaid))))
        .endswith("list it in `echoes`")
    )


def test_a_field_that_some_cause_does_not_have_may_have_any_value() -> None:
    causes = Causes(events=("cursor:move", "pen:take"))
    bundle = with_broadcast("cursor:moved", echoes=(), causes=causes)
    assert list(changeable(bundle, broadcast(bundle, "cursor:moved"))) == []


def test_what_nothing_causes_is_never_sent_and_told_as_such() -> None:
    bundle = with_broadcast(
        "cursor:moved", causes=Causes(other="the operator"), caused_by_event=None, caused_by_call=None
    )
    assert "cursor:moved" not in {one.event for one in seen_broadcasts(bundle)}
    assert [one.event for one in unseen_broadcasts(bundle)] == ["cursor:moved"]
    assert unseen_broadcasts(EXAMPLE) == []


def test_of_an_ack_with_an_error_first_no_field_of_the_error_is_missed() -> None:
    assert "shout, code" not in about("answer-lacks-a-field", GAME)
    assert "room:enter, entered" in about("answer-lacks-a-field")


def test_ids_of_rooms_are_at_no_bound() -> None:
    assert about("value-at-its-bound-is-refused", load("tests/services/dashboard/contracts")) == ["value:set, value"]


def test_bad_tokens_are_told_of_where_a_refusal_is_documented() -> None:
    assert about("bad-token-is-let-in") == ["none", "garbage", "forged", "expired"]
    assert about("bad-token-is-let-in", GAME) == []
