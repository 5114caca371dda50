"""Forgeries are found in whatever form a service takes them, and an honest service is not accused of any."""

import json

import pytest

from conformance.analysis.queries import PAIR
from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.model.act import Emit, InOrder, Together
from conformance.model.marks import marks_in
from conformance.plan.forging import forgeries
from conformance.plan.stimulus import Setting
from conformance.rules import (
    client_cannot_forge_broadcast,
    clock_fields_tell_now,
    no_undocumented_event,
    payload_keeps_its_schema,
    retired_request_does_nothing,
)
from contracts.load import load

EXAMPLE = load("example")
MARK = "forged0123456789"
OTHER = "forgedabcdefghij"
NOTE = f'{{"id": "n1", "room": "r1", "text": "{MARK} hello", "at": 1}}'
START = PAIR + "oda opened o1\noda in r2\n"
FLAT = START + f"ann -> note:added {NOTE}\n"
WRAPPED = START + f'ann -> note:added {{"room": "r1", "data": {NOTE}}}\n'
FENCE = """
ann -> pen:take {"room": "r1", "pen": "red"}
bob <- pen:taken {"room": "r1", "pen": "red"}
"""


def findings(text: str, rule=client_cannot_forge_broadcast, bundle=EXAMPLE) -> dict[str, tuple[str, str]]:
    """(outcome, message) by subject, of which each has one outcome."""
    found = list(rule.judge(read(bundle, script(bundle, text))))
    assert len({(one.subject, one.outcome) for one in found}) == len({one.subject for one in found})
    return {one.subject: (one.outcome.value, one.message) for one in found}


RELAYED = {
    "as it is": (FLAT + f"bob <- note:added {NOTE}", "the documented payload came out as 'note:added' at bob"),
    "out of its envelope": (
        WRAPPED + f"bob <- note:added {NOTE}",
        "{room, data: {…}} came out as 'note:added' at bob",
    ),
    "under a name that nobody documents": (FLAT + f'bob <- note {{"text": "{MARK} hello"}}', "as 'note' at bob"),
    "under another documented name": (
        FLAT + f'bob <- pen:taken {{"room": "r1", "pen": "{MARK}"}}',
        "as 'pen:taken' at bob",
    ),
    "deep inside": (FLAT + f'bob <- news {{"items": [{{"note": {{"words": ["{MARK}"]}}}}]}}', "as 'news' at bob"),
    "trimmed, escaped, in capitals": (FLAT + f'bob <- note {{"text": "&lt;{MARK.upper()}&gt;"}}', "as 'note' at bob"),
    "as text of JSON": (FLAT + f'bob <- note "{{\\"text\\": \\"{MARK}\\"}}"', "as 'note' at bob"),
    "to another room alone": (FLAT + f"oda <- note:added {NOTE}", "as 'note:added' at oda"),
    "to whoever comes later": (
        FLAT + f"lou opened l1\nlou in r1\nlou <- note:added {NOTE}",
        "as 'note:added' at lou",
    ),
    "in the answer to a question": (
        FLAT + f'bob -> who {{"room": "r1"}} #1\nbob <= who #1 {{"room": "r1", "last": "{MARK}"}}',
        "as the answer to 'who' at bob",
    ),
    "in a list": (
        FLAT + f'http list-notes {{"room": "r1"}} => 200 {{"notes": [{NOTE}], "total": 1}}',
        "as the answer to GET /notes/:room",
    ),
    "on its way to a room at which nobody is": (
        FLAT + f"redis saw note:added r1 board-r1 {NOTE}",
        "as 'note:added' to board-r1 (seen by redis)",
    ),
    "to everybody, as Redis shows": (FLAT + f"redis saw note r1 lobby {NOTE}", "as 'note' to lobby (seen by redis)"),
    "with the room as an argument of its own": (
        START + f'ann -> note:added "r1" {NOTE}\nbob <- note:added {NOTE}',
        "the room and the payload as two arguments came out as 'note:added' at bob",
    ),
    "by an id alone": (
        START + 'ann -> note:added {"id": "0a1b2c3d4e5f", "room": "r1"}\nbob <- note {"ref": "0a1b2c3d4e5f"}',
        "as 'note' at bob",
    ),
}


@pytest.mark.parametrize("way", RELAYED)
def test_a_forgery_that_comes_out_is_told_with_its_form_and_where_it_came_out(way: str) -> None:
    text, told = RELAYED[way]
    outcome, message = findings(text + FENCE)["note:added"]
    assert outcome == "fail"
    assert told in message


def test_a_form_that_was_emitted_twice_is_known_by_what_came_out_of_the_first() -> None:
    again = f"bob <- note:added {NOTE}\nann -> note:added {NOTE}\n"
    assert findings(FLAT + again + FENCE)["note:added"][0] == "fail"


def test_of_several_forms_each_that_was_relayed_is_named_once() -> None:
    second = NOTE.replace(MARK, OTHER)
    text = FLAT + f'ann -> note:added {{"room": "r1", "message": {second}}}\n'
    text += f"bob <- note:added {NOTE}\nbob <- note:added {NOTE}\nbob <- note {second}\n"
    _, message = findings(text)["note:added"]
    assert message.endswith(
        "relayed: the documented payload came out as 'note:added' at bob; "
        "{room, message: {…}} came out as 'note' at bob"
    )


def test_numbers_that_a_service_rounds_are_known_by_two_of_them() -> None:
    forged = START + 'ann -> cursor:moved {"room": "r1", "user": "u", "x": 12.3456789, "y": 45.6789123}\n'
    both = 'bob <- cursor:moved {"room": "r1", "user": "ua", "x": 12.3457, "y": 45.6789}\n'
    one = 'bob <- cursor:moved {"room": "r1", "user": "ua", "x": 12.3457, "y": 7.1}\n'
    assert findings(forged + both + FENCE)["cursor:moved"][0] == "fail"
    assert findings(forged + one + FENCE)["cursor:moved"][0] == "pass"


# Of a pen there is nothing but its colour, of which a service may tell by itself.
PENS = START + 'ann -> pen:taken {"room": "r1", "pen": "blue"}\nann -> pen:taken {"room": "r1", "pen": "green"}\n'
BLUE = 'bob <- pen:taken {"room": "r1", "pen": "blue"}\n'
GREEN = 'bob <- pen:taken {"room": "r1", "pen": "green"}\n'


def test_values_of_few_choices_prove_a_relay_by_two_of_them() -> None:
    assert findings(PENS + BLUE + GREEN + FENCE)["pen:taken"][0] == "fail"
    renamed = (BLUE + GREEN).replace("pen:taken", "pen:taken:now")
    assert findings(PENS + renamed + FENCE)["pen:taken"][0] == "fail"
    outcome, message = findings(PENS + BLUE + FENCE)["pen:taken"]
    assert outcome == "inconclusive"
    assert message.startswith("'pen:taken' at bob has the same values as what a client emitted")


def test_another_documented_event_with_the_same_choices_is_no_relay() -> None:
    told = ""
    for kind in ("admin", "rescuer"):
        told += f'ann -> participant:joined:broadcast {{"sosId": "r1", "userId": "{MARK}", "userType": "{kind}"}}\n'
    for kind in ("admin", "rescuer"):
        told += f'bob <- participant:left:broadcast {{"sosId": "r1", "userId": "u", "userType": "{kind}"}}\n'
    told += 'ann -> sos:status:update {"sosId": "r1", "status": "active"}\n'
    told += 'bob <- sos:status:broadcast {"sosId": "r1", "status": "active", "timestamp": 1}\n'
    assert findings(PAIR + told, bundle=load("sos"))["participant:joined:broadcast"][0] == "pass"


HONEST = {
    "nothing comes out": FLAT + FENCE,
    "the same choices, each by a request": PENS
    + 'ann -> pen:take {"room": "r1", "pen": "blue"}\n'
    + BLUE
    + 'ann -> pen:take {"room": "r1", "pen": "green"}\n'
    + GREEN,
    "values that were sent otherwise as well": START
    + 'ann -> note:added {"id": "0a1b2c3d4e5f", "room": "r1", "text": "x", "at": 1}\n'
    + 'http add-note {"room": "r1"} {"text": "0a1b2c3d4e5f"} => 201 {}\n'
    + 'bob <- note:added {"id": "n9", "room": "r1", "text": "0a1b2c3d4e5f", "at": 2}\n'
    + FENCE,
    "the same time as everybody's": START
    + f'ann -> note:added {{"room": "r1", "text": "{MARK}", "ms": 1795858250387, "on": "2026-11-28T09:31:02.017Z"}}\n'
    + 'bob <- tick {"now": 1795858250387, "day": "2026-11-28T09:31:02.017Z"}\n'
    + FENCE,
    "values that were heard before": START
    + 'bob <- banner {"build": "0a1b2c3d4e5f"}\n'
    + 'ann -> note:added {"id": "0a1b2c3d4e5f", "room": "r1"}\n'
    + 'bob <- banner {"build": "0a1b2c3d4e5f"}\n'
    + FENCE,
    "a message on its way to the client that forged": FLAT + f"redis saw problem r1 a1 {NOTE}" + FENCE,
    "an error at others that quotes it, which is another fault": FLAT
    + f'bob <- problem {{"code": "BAD", "message": "{MARK}"}}'
    + FENCE,
    "a constant that every form has": START
    + 'ann -> note:added {"id": "n1", "room": "r1", "kind": "a kind of note"}\n'
    + 'ann -> note:added {"room": "r1", "data": {"id": "n2", "room": "r1", "kind": "a kind of note"}}\n'
    + 'bob <- tick {"kind": "a kind of note"}'
    + FENCE,
    "like choices in another room": PENS + (BLUE + GREEN).replace("r1", "r2") + FENCE,
    "like choices under another name": PENS + (BLUE + GREEN).replace("pen:taken", "shelf") + FENCE,
    "like choices under another documented name": PENS + (BLUE + GREEN).replace("pen:taken", "note:added") + FENCE,
    "another message on its way to the room": FLAT + 'redis saw note:added r1 board:r1 {"text": "other"}' + FENCE,
}


@pytest.mark.parametrize("what", HONEST)
def test_an_honest_service_is_not_accused_of_a_forgery(what: str) -> None:
    assert {outcome for outcome, _ in findings(HONEST[what]).values()} == {"pass"}


ERROR = 'ann <- problem {"code": "BAD_NOTE", "message": "note:added has no text"}\n'
ACK = FLAT.replace('"at": 1}', '"at": 1} #7') + 'ann <= note:added #7 {"ok": false}\n'
HANDLED = {
    "an error": (FLAT + ERROR, "the service answered it with 'problem'"),
    "an error that quotes it": (
        FLAT + f'ann <- problem {{"code": "BAD", "message": "{MARK}"}}\n',
        "the service answered it with 'problem'",
    ),
    "an ack": (ACK, "the service answered it with an ack"),
    "what it forged": (FLAT + f"ann <- note:added {NOTE}\n", "the service answered it with 'note:added'"),
}


@pytest.mark.parametrize("answer", HANDLED)
def test_an_answer_proves_a_handler_and_never_passes(answer: str) -> None:
    text, told = HANDLED[answer]
    outcome, message = findings(text + FENCE)["note:added"]
    assert outcome == "inconclusive"
    assert message.startswith(told)
    assert "has a handler for it" in message


UNKNOWN = f'nil opened x1\nnil in r1\nnil -> unknown:1a {{"room": "r1", "text": "{OTHER}"}} #8\n'


def test_an_answer_that_every_name_gets_proves_nothing() -> None:
    same = 'nil <- problem {"code": "BAD_NOTE", "message": "unknown:1a has no text"}\n'
    assert findings(FLAT + ERROR + UNKNOWN + same + FENCE)["note:added"][0] == "pass"
    acked = 'nil <= unknown:1a #8 {"ok": false}\n'
    assert findings(ACK + UNKNOWN + acked + FENCE)["note:added"][0] == "pass"
    both = 'ann <- problem {"code": "UNKNOWN"}\n' + UNKNOWN + 'nil <- problem {"code": "UNKNOWN"}\n'
    forged_error = START + f'ann -> problem {{"room": "r1", "code": "{MARK}"}}\n'
    assert findings(forged_error + both + FENCE)["problem"][0] == "pass"
    other = 'nil <- problem {"code": "UNKNOWN_NAME", "message": "unknown:1a has no handler"}\n'
    assert findings(FLAT + ERROR + UNKNOWN + other + FENCE)["note:added"][0] == "inconclusive"
    assert findings(FLAT + ERROR + UNKNOWN + FENCE)["note:added"][0] == "inconclusive"


UNSEEN = {
    "nothing came later": (FLAT, "nobody received anything that was sent later"),
    "what came later is not of the client that forged": (
        FLAT + 'http add-note {"room": "r1"} {"text": "x"} => 201 {}\nbob <- note:added {"room": "r1", "text": "x"}',
        "nobody received anything that was sent later",
    ),
    "the service hung up": (
        FLAT + "ann closed service" + FENCE,
        "the service closed the connection of the client that emitted it: not every form could be tried",
    ),
    "a form could not be sent": (
        FLAT + "ann missed could not emit note:added: closed" + FENCE,
        "not every form could be emitted",
    ),
}


@pytest.mark.parametrize("why", UNSEEN)
def test_what_could_not_be_seen_is_no_pass(why: str) -> None:
    text, told = UNSEEN[why]
    assert findings(text)["note:added"] == ("inconclusive", told)


def test_an_answer_to_the_client_and_then_one_to_a_listener_are_a_fence() -> None:
    asked = 'ann -> who {"room": "r1"} #1\nann <= who #1 {"room": "r1"}\n'
    listened = 'bob -> who {"room": "r1"} #2\nbob <= who #2 {"room": "r1"}\n'
    assert findings(FLAT + asked + listened)["note:added"][0] == "pass"
    assert findings(FLAT + listened + asked)["note:added"][0] == "inconclusive"


def test_a_retired_request_is_tried_in_every_form_as_well() -> None:
    sent = START + f'ann -> note:send {{"room": "r1", "message": {{"text": "{MARK}"}}}}\n'
    rule = retired_request_does_nothing
    assert findings(sent + FENCE, rule)["note:send"][0] == "pass"
    outcome, message = findings(sent + f'bob <- chat {{"words": "{MARK}"}}\n' + FENCE, rule)["note:send"]
    assert outcome == "fail"
    assert "{room, message: {…}} came out as 'chat' at bob" in message
    stored = sent + f'http list-notes {{"room": "r1"}} => 200 {{"notes": [{{"text": "{MARK}"}}]}}' + FENCE
    assert findings(stored, rule)["note:send"][0] == "fail"
    assert findings(sent + ERROR + FENCE, rule)["note:send"][0] == "inconclusive"


def test_what_comes_out_of_a_forgery_is_told_by_its_rule_alone() -> None:
    relayed = f'bob <- note:added {{"room": "r1", "text": "{MARK}"}}\nbob <- note {{"text": "{MARK}"}}\n'
    emptied = 'bob <- note {"room": "r1"}\n'
    emptied += f'ann <- note:added {{"room": "r1", "text": "{MARK}"}}\n'
    text = FLAT + relayed + emptied + FENCE
    assert {outcome for outcome, _ in findings(text, payload_keeps_its_schema).values()} == {"pass"}
    assert "note" not in findings(text, no_undocumented_event)
    # What no client forged is the service's own.
    plain = text.replace(FLAT, START).replace(MARK, "a text")
    assert findings(plain, payload_keeps_its_schema)["note:added"][0] == "fail"
    assert findings(plain, no_undocumented_event)["note"][0] == "fail"


def test_names_that_clients_or_peer_services_may_emit_are_no_forgeries() -> None:
    built = client_cannot_forge_broadcast.subjects(load("sos-built"))
    # The dialect as built lets clients emit the first, and peer services the others.
    assert not {"message:broadcast", "participant:joined:broadcast", "participant:left:broadcast"} & set(built)
    assert "participant:joined" in built
    documented = client_cannot_forge_broadcast.subjects(load("sos"))
    assert {"message:broadcast", "participant:joined:broadcast", "participant:left:broadcast"} <= set(documented)
    # It travels in both directions.
    assert "message:typing:start" not in documented


# --- the plan ----------------------------------------------------------------------------------------------


def emitted(bundle: str, nonce: str = "abc") -> dict[str, list[Emit]]:
    """What is emitted of each name that a client may not emit."""
    contracts = load(bundle)
    planned = forgeries(Setting(bundle=contracts, nonce=nonce))
    found: dict[str, list[Emit]] = {}
    waiting = list(planned.steps if planned else ())
    while waiting:
        step = waiting.pop(0)
        if isinstance(step, Together | InOrder):
            waiting[:0] = step.steps
        elif isinstance(step, Emit) and contracts.request(step.event) is None:
            found.setdefault(step.event, []).append(step)
    return found


def shapes(emits: list[Emit]) -> list[object]:
    return [sorted(one.args[0]) if isinstance(one.args[0], dict) else len(one.args) for one in emits]


def test_every_name_is_emitted_as_documented_in_envelopes_and_as_the_bodies_of_its_calls() -> None:
    forms = emitted("sos")["message:broadcast"]
    for wrapper in ("message", "data", "payload"):
        assert ["sosId", wrapper] in [list(one.args[0]) for one in forms if isinstance(one.args[0], dict)]
    inner = [one.args[0]["message"] for one in forms if isinstance(one.args[0], dict) and "message" in one.args[0]]
    # The documented payload, and the message as the internal call has it.
    assert {"content", "createdAt", "options"} <= set(inner[0])
    assert any("content" in one and "options" not in one for one in inner)
    assert ["content", "contentType", "senderDisplayName", "sosId"] in shapes(forms)
    status = shapes(emitted("sos")["sos:status:broadcast"])
    assert ["oldStatus", "sosId", "status", "updatedBy"] in status
    assert 2 in status
    assert [one.ack for one in forms][-1:] == [True]
    assert sum(one.ack for one in forms) == 1


def test_a_name_is_emitted_in_the_envelopes_that_relays_of_any_kind_take() -> None:
    forms = [one.args for one in emitted("example")["note:added"]]
    note = {"id", "room", "text", "at"}
    objects = [args[0] for args in forms if isinstance(args[0], dict)]
    assert [[type(arg) for arg in args] for args in forms if len(args) == 2] == [[str, dict], [dict, str]]
    assert any(isinstance(args[0], list) and note <= args[0][0].keys() for args in forms)
    assert any(note <= json.loads(args[0]).keys() for args in forms if len(args) == 1 and isinstance(args[0], str))
    for kind, wrapper in (("type", "payload"), ("event", "data")):
        (one,) = [one for one in objects if one.keys() == {kind, wrapper}]
        assert one[kind] == "note:added"
        assert note <= one[wrapper].keys()
    (usual,) = [one for one in objects if "roomId" in one]
    assert usual["roomId"] == usual["room"]
    assert usual["data"]["payload"].keys() == note


@pytest.mark.parametrize(
    ("args", "form"),
    [
        (f'{NOTE} "r1"', "the payload and the room as two arguments"),
        (f"[{NOTE}]", "the payload in a list"),
        (json.dumps(NOTE), "the payload as JSON text"),
        (f'{{"type": "note:added", "payload": {NOTE}}}', "{type, payload: {…}}"),
        (
            '{"type": 1, "event": 1, "name": 1, "room": "r1", "roomId": "r1", "id": "r1", "message": 1, "payload": 1,'
            f' "data": {NOTE}}}',
            "an envelope with every usual field",
        ),
    ],
)
def test_an_envelope_is_called_what_it_is_and_its_silence_is_a_pass(args: str, form: str) -> None:
    text = FLAT.replace(MARK, OTHER) + f"ann -> note:added {args}\n"
    outcome, message = findings(text + f"oda <- note:added {NOTE}\n")["note:added"]
    assert (outcome, form in message) == ("fail", True)
    assert findings(text + FENCE)["note:added"][0] == "pass"


def test_the_time_in_a_forgery_is_not_the_services() -> None:
    note = NOTE.replace('"at": 1', '"at": 999999999')
    relayed = f"ann -> note:added {note}\nbob <- note:added {note}\n"
    assert findings(START + relayed, clock_fields_tell_now) == {}
    own = relayed.splitlines()[1]
    assert findings(START + own, clock_fields_tell_now)["note:added"][0] == "fail"


def test_every_form_is_valid_but_for_its_shape_and_marked_as_no_other() -> None:
    bundle = load("sos")
    seen: set[str] = set()
    for event, forms in emitted("sos").items():
        for one in forms if event in bundle.events else ():
            marks = marks_in(one.args)
            assert len(marks) == 1 or event in ("location:broadcast", "sos:status:broadcast"), (event, one.args)
            assert not marks & seen
            seen |= marks
    assert not seen & {mark for forms in emitted("sos", "def").values() for one in forms for mark in marks_in(one.args)}


def test_a_name_that_nobody_can_know_is_emitted_too() -> None:
    unknown = [event for event in emitted("sos") if event.startswith("unknown:")]
    assert len(unknown) == 1
    assert unknown != [event for event in emitted("sos", "def") if event.startswith("unknown:")]
