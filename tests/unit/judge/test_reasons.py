"""Why nothing was found on a subject, and whether the HTTP API is at the target at all."""

import dataclasses

import pytest

from conformance.judge.reasons import INTERRUPTED, reason
from conformance.judge.unserved import as_served
from conformance.target.capabilities import Capabilities, equip
from conformance.target.triggers import NONE, Equipped, Triggers
from contracts.trigger import Trigger
from tests.unit.scripts import EXAMPLE, PAIR, RULES, reading_of, transcript_of

WHOLE = Equipped(bundle=EXAMPLE, reasons={})
NO_API = dataclasses.replace(
    equip(EXAMPLE, Capabilities(triggers=Triggers(base=NONE))), reasons={}, otherwise="no HTTP API"
)
RED = '{"room": "r1", "pen": "red"}'


def why(rule: str, subject: str, text: str = PAIR, equipped: Equipped = WHOLE, **changed: bool) -> str:
    return reason(RULES[rule], subject, EXAMPLE, equipped, [reading_of(text)], **changed)


def test_a_reason_of_the_target_comes_first() -> None:
    equipped = dataclasses.replace(WHOLE, reasons={"pen:taken": "the target has no pens"})
    assert why("order-is-kept", "pen:taken", equipped=equipped, cut_short=True) == "the target has no pens"
    assert why("order-is-kept", "note:added", equipped=equipped, cut_short=True) == INTERRUPTED


def test_what_a_peer_service_emits_is_not_played() -> None:
    take = EXAMPLE.events["pen:take"]
    assert take.request is not None
    peer = dataclasses.replace(take, request=dataclasses.replace(take.request, by_peer=True))
    bundle = dataclasses.replace(EXAMPLE, events={**EXAMPLE.events, "pen:take": peer})
    told = reason(RULES["request-has-its-effect"], "pen:take", bundle, WHOLE, [], cut_short=True)
    assert told == "another service emits it, and a check cannot act as one"


def test_where_nothing_could_connect_that_is_the_reason() -> None:
    missed = "bob missed could not connect: 404\n"
    assert why("order-is-kept", "pen:taken", missed) == "no socket could connect: see socket-connects"
    for token in ("own", "none"):
        turned = f"ann refused {token} unauthorized\n"
        assert why("order-is-kept", "pen:taken", turned) == "no socket could connect: see socket-connects"
    nothing = "nothing that it is judged by happened in the acts sequence"
    assert why("order-is-kept", "pen:taken", "ann refused forged unauthorized\n") == nothing
    assert why("order-is-kept", "pen:taken", "ann refused none unauthorized\nbob opened b1\n") == nothing
    assert why("order-is-kept", "pen:taken", missed + "ann opened a1\n") == nothing
    assert why("order-is-kept", "pen:taken", "bob missed an answer\n") == nothing


def test_a_renamed_broadcast_is_the_reason() -> None:
    renamed = PAIR + f"ann -> pen:take {RED}\nbob <- pen-taken {RED}\n"
    assert (
        why("order-is-kept", "pen:taken", renamed) == "pen:taken is sent as 'pen-taken': see broadcast-keeps-its-name"
    )
    assert why("order-is-kept", "note:added", renamed) == "nothing that it is judged by happened in the acts sequence"


TRIGGER = Trigger(event="note:added", method="POST", url="/say", status=(202,))
TRIGGERED = dataclasses.replace(EXAMPLE.calls["add-note"], trigger=TRIGGER, status=(202,), path="/say")
WITH_TRIGGER = dataclasses.replace(EXAMPLE, calls={**EXAMPLE.calls, "add-note": TRIGGERED})


def test_a_trigger_that_was_refused_is_the_reason_in_the_acts_of_a_rule() -> None:
    refused = PAIR + 'http add-note {"room": "r1"} {"text": "x"} => 500 {"error": "no"}\n'

    def told(subject: str, text: str, act: str) -> str:
        reading = reading_of(text, WITH_TRIGGER, act=act)
        return reason(
            RULES["order-is-kept"], subject, WITH_TRIGGER, Equipped(bundle=WITH_TRIGGER, reasons={}), [reading]
        )

    assert told("note:added", refused, "other").startswith("its trigger ")
    assert told("pen:taken", refused, "sequence").startswith("the trigger of note:added ")
    assert told("pen:taken", refused, "other") == "nothing that it is judged by happened in the acts sequence"
    assert told("note:added", refused.replace("500", "202"), "sequence").startswith("nothing that it is judged by")


def test_a_documented_call_that_was_refused_is_no_reason() -> None:
    refused = PAIR + 'http add-note {"room": "r1"} {"text": "x"} => 500 {}\n'
    reading = reading_of(refused, act="sequence")
    told = reason(RULES["order-is-kept"], "pen:taken", EXAMPLE, WHOLE, [reading])
    assert told == "nothing that it is judged by happened in the acts sequence"


def test_a_subject_that_only_calls_show_lacks_them() -> None:
    assert why("pages-are-true", "GET /notes/:room", equipped=NO_API) == "no HTTP API"
    assert why("stored-before-broadcast", "note:added", equipped=NO_API) == "no HTTP API"
    assert why("bad-token-is-401", "token: missing", equipped=NO_API) == "no HTTP API"
    assert (
        why("order-is-kept", "pen:taken", equipped=NO_API)
        == "nothing that it is judged by happened in the acts sequence"
    )
    assert why("pages-are-true", "GET /notes/:room").startswith(
        "nothing that it is judged by happened in the acts pages"
    )


ADD, LIST, READ = (
    'http add-note {"room": "r1"} {"text": "x"} => %s\n',
    'http list-notes {"room": "r1"} => %s\n',
    'http read-note {"id": "n"} => %s\n',
)

SERVED = {
    "no call": ("", True),
    "an answer": (ADD % 201, True),
    "a refusal": (ADD % 401, True),
    "not found": (ADD % 404 + LIST % 404, False),
    "not found, and one answer": (ADD % 404 + LIST % 200, True),
    "websockets alone": (ADD % 426, False),
    "no such method": (ADD % 405, False),
    "not implemented": (ADD % 501, False),
    "no answer": (ADD % "null", True),
    "what is not there, rightly": (READ % 404, True),
    "what is not there, and a call that is not": (READ % 404 + LIST % 404, False),
}


@pytest.mark.parametrize("what", SERVED)
def test_the_api_is_there_where_one_call_was_answered(what: str) -> None:
    text, served = SERVED[what]
    assert (as_served(WHOLE, [transcript_of(text)]) is WHOLE) is served


def test_an_api_that_is_not_there_leaves_its_calls_out() -> None:
    found = as_served(WHOLE, [transcript_of(ADD % 404), transcript_of(LIST % 405)])
    assert found.bundle.calls == {}
    note = found.bundle.broadcast("note:added")
    assert note is not None
    assert note.caused_by_call is None
    why_not = found.otherwise
    assert why_not.startswith("no call of the HTTP API is served there: all 2 were answered with 404 or 405; ")
    assert found.reasons == {**{call.title: why_not for call in EXAMPLE.calls.values()}, "note:added": why_not}
    taken = found.bundle.broadcast("pen:taken")
    assert taken is not None
    assert taken.caused_by_event == "pen:take"


def test_a_trigger_of_the_target_is_no_call_of_the_api() -> None:
    equipped = Equipped(bundle=WITH_TRIGGER, reasons={"who": "kept"})
    assert as_served(equipped, [transcript_of(ADD % 404)]) is equipped
    found = as_served(equipped, [transcript_of(ADD % 202 + LIST % 404)])
    assert list(found.bundle.calls) == ["add-note"]
    assert found.reasons["who"] == "kept"
    assert "note:added" not in found.reasons
    assert TRIGGERED.title not in found.reasons


def test_what_a_clients_request_causes_as_well_is_still_exercised() -> None:
    note = EXAMPLE.events["note:added"]
    assert note.broadcast is not None
    both = dataclasses.replace(note, broadcast=dataclasses.replace(note.broadcast, caused_by_event="pen:take"))
    bundle = dataclasses.replace(EXAMPLE, events={**EXAMPLE.events, "note:added": both})
    found = as_served(Equipped(bundle=bundle, reasons={}), [transcript_of(ADD % 404)])
    assert "note:added" not in found.reasons
