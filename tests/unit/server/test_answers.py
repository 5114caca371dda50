"""Broadcasts, replies, refusals and errors are made as the contracts say, field by field."""

from dataclasses import replace
from typing import Any

import pytest

from conformance.server import answers
from conformance.server.cause import Cause
from conformance.server.rooms import Member
from contracts.form import Form
from contracts.load import load
from contracts.replies import UNSAID, RefusedAck, Reply
from contracts.room import Entry, Room
from contracts.schema import Problem, Schema

EXAMPLE = load("example")
PROBLEM = Problem(path="x", keyword="type", expected="type number", got='"1"')
MOVED = Cause(kind="event", name="cursor:move", subject="r1", sid="s1", user="ann", values={"room": "r1", "x": 5})


def broadcast(event: str, cause: Cause) -> Any:
    told = EXAMPLE.broadcast(event)
    assert told is not None
    (payload,) = answers.composed(EXAMPLE, told, cause)
    return payload


def test_a_broadcast_names_its_room_its_sender_and_what_it_echoes() -> None:
    assert broadcast("cursor:moved", MOVED) == {"room": "r1", "x": 5, "user": "ann"}


def test_a_request_cannot_say_who_sent_it() -> None:
    forged = replace(MOVED, values={**MOVED.values, "user": "somebody else", "room": "another"})
    assert broadcast("cursor:moved", forged) == {"room": "r1", "x": 5, "user": "ann"}


def test_what_was_stored_is_told_with_the_time_at_which_it_was_stored() -> None:
    stored = Cause(kind="call", name="add-note", subject="r1", values={"id": "n1", "text": "hello", "at": 7})
    assert broadcast("note:added", stored) == {"id": "n1", "room": "r1", "text": "hello", "at": 7}
    assert broadcast("note:added", replace(stored, kind="event"))["at"] > 1_700_000_000_000


def replying(**about: Any) -> Reply:
    return Reply(payload=Schema({"type": "object"}), ack=True, **about)


ERROR = {"title": "err", "type": ["null", "object"], "required": ["code"], "properties": {"code": {"type": "string"}}}
NODE = Form(schemas=(ERROR, {"title": "data", "type": ["null", "boolean"]}), room_at=None, key="room")


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (replying(refused=RefusedAck(at="/0/ok", const=False)), [{"ok": False}]),
        (replying(refused=RefusedAck(at="/0", const="no")), ["no"]),
        (replying(form=NODE, refused=RefusedAck(at="/1", const=False)), [None, False]),
    ],
)
def test_an_ack_says_that_a_request_is_refused(reply: Reply, expected: list[Any]) -> None:
    assert list(answers.refusing(reply, PROBLEM)) == expected


def test_an_ack_of_node_has_its_error_first_and_nothing_behind_it() -> None:
    reply = replying(form=NODE, refused=RefusedAck(at="/0", const=UNSAID))
    error, data = answers.refusing(reply, PROBLEM)
    assert (set(error), data) == ({"code"}, None)
    assert reply.refused is not None
    assert reply.refused.is_in((error, data))


def test_the_roster_lists_members_and_counts_them() -> None:
    request = EXAMPLE.request("who")
    assert request is not None
    assert request.reply is not None
    members = [Member(sid="s1", namespace="/", user="ann"), Member(sid="s2", namespace="/", user="bob")]
    asked = Cause(kind="event", name="who", subject="r1", values={"room": "r1"})
    (roster,) = answers.replied(EXAMPLE, request, request.reply, asked, members)
    listed = [{"socket": "s1", "user": "ann"}, {"socket": "s2", "user": "bob"}]
    assert roster == {"room": "r1", "sockets": listed, "count": 2}


def test_a_refusal_says_what_is_wrong_with_the_token() -> None:
    message, data = answers.refusal_of(EXAMPLE, "expired")
    assert (message, data["code"]) == ("TOKEN_EXPIRED", "EXPIRED")
    message, data = answers.refusal_of(EXAMPLE, "garbage")
    assert (message.startswith("NO_TOKEN"), data) == (True, None)


TABLE = Room(template="t:{t}", key="t", source="", id=Schema({"type": "integer", "minimum": 1}))


@pytest.mark.parametrize(
    ("entry", "auth", "query", "expected"),
    [
        (Entry(at="auth", name="t"), {"t": 7}, "", "7"),
        (Entry(at="auth", name="t"), {"t": 0}, "", None),
        (Entry(at="auth", name="t"), {"t": "x"}, "", None),
        (Entry(at="auth", name="t"), None, "", None),
        (Entry(at="query", name="t"), None, "EIO=4&t=12", "12"),
        (Entry(at="query", name="t"), None, "EIO=4", None),
        (Entry(at="service"), None, "", "42"),
        (None, {"t": 7}, "t=7", None),
    ],
)
def test_a_handshake_enters_the_room_that_it_names(entry: Entry | None, auth: Any, query: str, expected: Any) -> None:
    member = Member(sid="s", namespace="/", user="42", auth=auth, environ={"QUERY_STRING": query})
    assert answers.entered_by(replace(TABLE, entry=entry), member) == expected
