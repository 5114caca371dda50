"""Changes of events, rooms, calls and limits: what is told of each, and what is not told of what is the same."""

from pathlib import Path

import pytest

from conformance.diff.rule import judge, rules
from tests.edits import edited

QUIET = "words-are-for-people"
TYPED = '{"payload": {"type": "object", "required": ["room"], "properties": {"room": {"type": "string"}, %s}}'
SAY = (
    '{"event": "%s", "summary": "s", "source": "s", "client_to_server": '
    + TYPED
    + ', "reply": {"ack": true, "payload": {}}}}'
)
TOLD = (
    '{"event": "%s", "summary": "s", "source": "s", "server_to_client": '
    + TYPED
    + ', "receivers": "%s", "caused_by": {"other": "s"}}}'
)
A, B, C = (
    '"a": {"type": "string"}, "b": {"type": "integer"}',
    '"c": {"type": "boolean"}',
    '"a": {"type": "string"}, "b": {"type": "number"}',
)
BOTH = SAY[:-1] % ("type", A) + ", " + TOLD.partition('"source": "s", ')[2] % (A, "room")
ROOMS = 'bundle.json /rooms = {"%s": {"template": "board:{room}", "retired": ["board-{room}"], "source": "s"}}\n- bundle.json /room\n'
LIMIT = '{%s"per_s": %d, "then": "dropped", "source": "s"}'

PENS = '"events": ["pen:take"], '

CASES: dict[str, tuple[str, list[str]]] = {
    "an event under another name": (
        f"old events/x.json = {SAY % ('say', A)}\nevents/x.json = {SAY % ('speak', A)}",
        ["breaking event-keeps-its-name speak"],
    ),
    "an event under another name with another field": (
        f"old events/x.json = {TOLD % ('said', A, 'room')}\nevents/x.json = {TOLD % ('spoken', C, 'room')}",
        ["breaking event-keeps-its-name spoken", "breaking message-has-nothing-new spoken"],
    ),
    "a broadcast under another name beside a request that keeps its own": (
        f"old events/x.json = {BOTH}\nevents/x.json = {SAY % ('type', A)}\nevents/y.json = {TOLD % ('typed', A, 'room')}",
        ["breaking event-keeps-its-name typed"],
    ),
    "a direction that is gone": (
        f"old events/x.json = {BOTH}\nevents/x.json = {SAY % ('type', A)}", ["breaking event-keeps-its-direction type"],
    ),
    "a direction beside the first": (
        f"old events/x.json = {SAY % ('type', A)}\nevents/x.json = {BOTH}", ["safe event-keeps-its-direction type"],
    ),
    "an event that is gone and another one": (
        f"old events/x.json = {SAY % ('say', A)}\nevents/x.json = {SAY % ('draw', B)}",
        ["breaking message-is-still-there say", "safe message-is-still-there draw"],
    ),
    "an event that could be either of two new ones": (
        f"old events/x.json = {SAY % ('say', A)}\nevents/x.json = {SAY % ('speak', A)}\nevents/y.json = {SAY % ('talk', A)}",
        ["breaking message-is-still-there say", "safe message-is-still-there speak", "safe message-is-still-there talk"],
    ),
    "a new name that is said": (
        f"old events/x.json = {SAY % ('say', A)}\nevents/x.json = {SAY % ('speak', A)}\nevents/y.json = {SAY % ('talk', A)}\n"
        'bundle.json /retired_events = [{"event": "say", "direction": "client_to_server", "instead": "talk, from 2.0 on"}]',
        ["breaking event-keeps-its-name talk", "safe message-is-still-there note:new", "safe message-is-still-there note:send",
         "safe message-is-still-there say", "safe message-is-still-there speak"],
    ),
    "a name that was retired and is back": (
        f"events/x.json = {TOLD % ('note:new', A, 'room')}", ["risky message-is-still-there note:new"],
    ),
    "an event that nobody received": (
        f"old events/x.json = {TOLD % ('said', A, 'nobody')}", ["safe message-is-still-there said"],
    ),
    "a payload that nobody receives": (
        f"old events/x.json = {TOLD % ('said', A, 'nobody')}\nevents/x.json = {TOLD % ('said', C, 'nobody')}",
        ["safe message-has-nothing-new said"],
    ),
    "one argument, written as a list": (
        "- events/pen-take.json /client_to_server/payload\n"
        'events/pen-take.json /client_to_server/room = "/0/room"\n'
        'events/pen-take.json /client_to_server/args = [{"type": "object", "required": ["room", "pen"], "properties": '
        '{"room": {"type": "string", "minLength": 1}, "pen": {"enum": ["red", "green", "blue"]}}}]',
        [],
    ),
    "the room at another place": (
        'events/pen-take.json /client_to_server/room = "/0/pen"', ["breaking room-is-the-same pen:take"],
    ),
    "one kind of rooms in the long form": (ROOMS % "board", []),
    "a kind of rooms that the contracts call otherwise": (
        "old " + (ROOMS % "board").replace("\n- ", "\n- old ") + ROOMS % "wall", [],
    ),
    "namespaces of which the field is called otherwise": (
        'old bundle.json /namespaces = {"/t-{t}": {"id": {"type": "integer"}, "source": "s"}}\n'
        'bundle.json /namespaces = {"/t-{tenant}": {"id": {"type": "integer"}, "source": "s"}}',
        [],
    ),
    "fewer ids of namespaces": (
        'old bundle.json /namespaces = {"/t-{t}": {"id": {"type": "integer"}, "source": "s"}}\n'
        'bundle.json /namespaces = {"/t-{u}": {"id": {"type": "integer", "maximum": 5}, "source": "s"}}',
        ["breaking request-takes-what-it-took example"],
    ),
    "the namespace of the bundle, written out": ('events/who.json /namespace = "/"', []),
    "a second namespace": ('events/who.json /namespace = ["/", "/two"]', ["safe namespace-is-the-same who"]),
    "a limit above the one that held": (
        f"old bundle.json /limits = [{LIMIT % ('', 5)}]\n"
        f"bundle.json /limits = [{LIMIT % ('', 5)}, {LIMIT % (PENS, 9)}]",
        ["safe limits-are-not-lowered example"],
    ),
    "a limit below the one that held": (
        f"old bundle.json /limits = [{LIMIT % ('', 5)}]\n"
        f"bundle.json /limits = [{LIMIT % ('', 5)}, {LIMIT % (PENS, 3)}]",
        ["breaking limits-are-not-lowered example"],
    ),
    "a limit that is gone": (
        f"old bundle.json /limits = [{LIMIT % ('', 5)}]", ["safe limits-are-not-lowered example"],
    ),
    "a cause that the cause itself names": (
        "- events/cursor-moved.json /server_to_client/caused_by", [],
    ),
    "the usual deadline, written out": ("events/cursor-moved.json /server_to_client/deadline_ms = 2000", []),
    "a longer deadline": (
        "events/cursor-moved.json /server_to_client/deadline_ms = 3000", ["risky deadline-is-the-same cursor:moved"],
    ),
    "the usual roles, written out": ('bundle.json /roles = {"socket": "USER", "caller": "ADMIN"}', []),
    "a token where there was none": (
        "- old bundle.json /refusal", ["breaking token-is-enough example"],
    ),
    "no token any more": ("- bundle.json /refusal", ["safe token-is-enough example"]),
    "a body that is not read any more": (
        "- http/add-note.json /body\n- http/add-note.json /invalid_answer\n- http/add-note.json /texts\n"
        "- old http/add-note.json /invalid_answer\n- old http/add-note.json /texts",
        ["risky call-is-where-it-was POST /notes/:room"],
    ),
    "a call with another name alone": (
        'http/unseat.json /call = "expel"', ["safe call-is-where-it-was DELETE /boards/:room/users/:user"],
    ),
    "a call by another method": (
        'http/unseat.json /method = "POST"', ["breaking call-is-where-it-was POST /boards/:room/users/:user"],
    ),
    "a call that is gone": (
        "- http/read-note.json", ["breaking message-is-still-there GET /notes/note/:id"],
    ),
    "fewer statuses": (
        "old http/add-note.json /answer/status = [200, 201]", ["safe call-is-where-it-was POST /notes/:room"],
    ),
    "another status": (
        "http/add-note.json /answer/status = [200]", ["breaking call-is-where-it-was POST /notes/:room"],
    ),
    "a reply that is gone": (
        "old events/pen-take.json /client_to_server/reply = {\"ack\": true, \"payload\": {}}",
        ["breaking request-is-answered-as-before pen:take"],
    ),
    "more receivers": (
        'events/note-added.json /server_to_client/receivers = "everyone"', ["risky receivers-are-the-same note:added"],
    ),
    "other receivers": (
        'events/note-added.json /server_to_client/receivers = {"user": "/text"}', ["breaking receivers-are-the-same note:added"],
    ),
    "a socket that enters the room now": (
        'events/pen-take.json /client_to_server/effect/membership = "enter"', ["risky effect-is-the-same pen:take"],
    ),
    "what was lost on the way": (
        "old events/pen-taken.json /server_to_client/volatile = true", ["safe delivery-is-as-sure pen:taken"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_told_once_by_the_rule_that_names_it(name: str, tmp_path: Path) -> None:
    text, expected = CASES[name]
    found = judge(edited("example", text, tmp_path), rules())
    told = {f"{one.change.severity} {one.rule.id} {one.change.subject}" for one in found if one.rule.id != QUIET}
    assert sorted(told) == sorted(expected)
