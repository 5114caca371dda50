"""What the forms of a forgery are called."""

import dataclasses
import json

import pytest

from conformance.analysis.forgery_findings import form_name
from conformance.model.transcript import Sent
from conformance.plan.forms import EVENT_NAMES, ROOM_NAMES, WRAPPERS
from contracts.trigger import Trigger
from tests.unit.scripts import EXAMPLE, transcript_of


def sent(args: str, event: str = "note:added") -> Sent:
    entry = transcript_of(f"ann -> {event} {args}\n").entries[0]
    assert isinstance(entry, Sent)
    return entry


ENVELOPE = json.dumps(dict.fromkeys((*ROOM_NAMES, *EVENT_NAMES, *WRAPPERS), "x"))

NAMES = {
    ENVELOPE: "an envelope with every usual field",
    ENVELOPE[:-1] + ', "more": 1}': "an envelope with every usual field",
    '"r1" {"a": 1}': "the room and the payload as two arguments",
    '{"a": 1} "r1"': "the payload and the room as two arguments",
    '[{"a": 1}]': "the payload in a list",
    '"{\\"a\\": 1}"': "the payload as JSON text",
    '"text"': "its payload",
    "7": "its payload",
    '{"room": "r1", "data": {"a": 1}}': "{room, data: {…}}",
    '{"event": "note:added", "data": {"a": 1}}': "{event, data: {…}}",
    '{"event": "other", "data": {"a": 1}}': "{event, data}",
    '{"room": "r1", "a": {}, "b": {}}': "{room, a, b}",
    '{"id": "n", "room": "r1", "text": "x", "at": 1}': "the documented payload",
    '{"id": "n", "room": "r1", "text": "x", "at": 1, "more": 1}': "the documented payload",
    '{"id": "n", "room": "r1"}': "{id, room}",
    '{"room": {"a": 1}}': "{room}",
}


@pytest.mark.parametrize("args", NAMES)
def test_a_form_is_called_what_it_is(args: str) -> None:
    assert form_name(EXAMPLE, sent(args)) == NAMES[args]


def test_the_body_of_a_trigger_is_called_that() -> None:
    call = dataclasses.replace(EXAMPLE.calls["add-note"], trigger=None)
    assert (
        form_name(dataclasses.replace(EXAMPLE, calls={"add-note": call}), sent('{"room": "r1", "text": "x"}'))
        == "{room, text}"
    )
    made = Trigger(event="note:added", method="POST", url="/x", status=(200,), body={"text": "{text}"})
    with_trigger = dataclasses.replace(EXAMPLE, calls={"add-note": dataclasses.replace(call, trigger=made)})
    assert form_name(with_trigger, sent('{"room": "r1", "text": "x"}')) == f"the body of {call.title}"
    assert form_name(with_trigger, sent('{"room": "r1", "text": "x"}', "pen:taken")) == "{room, text}"
    assert form_name(with_trigger, sent('{"room": "r1", "words": "x"}')) == "{room, words}"
