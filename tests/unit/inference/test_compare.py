"""A recording is compared with contracts: what it shows besides is told, and widens what was inferred."""

from typing import Any

import pytest
from hypothesis import given, settings

from conformance.inference.compare import differences, joined, widened
from conformance.inference.schemas import Taste, schema_of
from conformance.inference.shapes import summed_up
from contracts.schema import Schema
from tests.unit.inference.test_schemas import SAMPLES


@settings(max_examples=80, deadline=None)
@given(SAMPLES, SAMPLES)
def test_joined_schemas_accept_what_either_accepts(ours: list[Any], theirs: list[Any]) -> None:
    for emitted in (False, True):
        one, other = (schema_of(summed_up(some), Taste(emitted=emitted)) for some in (ours, theirs))
        made = Schema(joined(one, other))
        assert [value for value in (*ours, *theirs) if not made.is_valid(value)] == []


def event(payload: dict[str, Any], **more: Any) -> dict[str, Any]:
    part = {"receivers": "everyone", "payload": payload, **more}
    return {"event": "said", "summary": "s", "source": "s", "server_to_client": part}


TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
NULLABLE = {"type": "object", "properties": {"text": {"type": ["string", "null"]}, "at": {"type": "number"}}}


def told(old: dict[str, Any], new: dict[str, Any], *samples: Any) -> list[str]:
    return [str(one) for one in differences([old], {"events/said": new}, {("said", "server_to_client"): samples})]


def test_what_contracts_say_already_is_no_difference() -> None:
    assert told(event(TEXT), event(TEXT), ({"text": "a"},)) == []


def test_fields_that_were_added_and_types_that_were_widened_are_told() -> None:
    assert told(event(TEXT), event(NULLABLE), ({"text": None, "at": 1},), ({"text": None},)) == [
        "said: field added: `at` was sent",
        "said: widened: `text`: sent with another than type string, got null (2 times)",
    ]


@pytest.mark.parametrize(
    ("new", "what"),
    [
        ({**event(TEXT), "event": "other"}, "other: added: sent, and in no contract"),
        (
            {**event(TEXT), "client_to_server": {"payload": TEXT}},
            "said: added: emitted, and the contract does not say so",
        ),
        (event(TEXT, receivers="room"), 'said: sent to "room", and the contract says everyone'),
    ],
)
def test_events_directions_and_receivers_are_told(new: dict[str, Any], what: str) -> None:
    assert told(event(TEXT), new) == [what]


def test_receivers_that_a_recording_does_not_tell_are_no_difference() -> None:
    assert told(event(TEXT, receivers="room"), event(TEXT, receivers="everyone", volatile=True)) == []


def test_the_answer_to_a_request_is_no_event_of_its_own() -> None:
    request = {"event": "ask", "client_to_server": {"payload": {}, "reply": {"event": "said", "payload": {}}}}
    assert differences([request], {"events/said": event(TEXT)}, {}) == []


def test_a_document_is_widened_by_what_was_seen_besides() -> None:
    made = widened(event(TEXT, deadline_ms=500), event(NULLABLE, volatile=True))
    assert made["server_to_client"] == {
        "receivers": "everyone",
        "deadline_ms": 500,
        "volatile": True,
        "payload": {
            "type": "object",
            "properties": {"text": {"type": ["string", "null"]}, "at": {"type": "number"}},
        },
    }
