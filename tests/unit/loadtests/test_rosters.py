"""Where a load looks for the members that a roster lists: the pointers of a contract, as its reply has them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.load import load
from contracts.model import Event, Request
from loadtests.dialects.selection import words_of


@pytest.mark.parametrize(
    ("reply", "pointers"),
    [
        ({"args": [{"type": "null"}, {"type": "array"}]}, {"members": "/1", "socket": ""}),
        ({"args": [{"type": "null"}, {"type": "object"}]}, {"members": "/1/here", "socket": "/id"}),
        ({"payload": {"type": "object"}}, {"members": "/here", "socket": "/id"}),
        ({"payload": {}}, {"members": "", "socket": ""}),
    ],
    ids=["list-beside-an-error", "object-beside-an-error", "object", "bare-list"],
)
def test_the_members_of_a_roster_are_where_its_reply_has_them(
    reply: dict[str, Any], pointers: dict[str, str], tmp_path: Path
) -> None:
    made = {"bundle": "b", "title": "B", "version": "1.0.0", "summary": "B.", "source": "s"}
    room = {"template": "b{board}", "key": "board", "source": "s"}
    enter: dict[str, Any] = {"effect": {"membership": "enter"}, "reply": {"ack": True, "roster": pointers, **reply}}
    enter["payload"] = {"type": "object", "required": ["board"], "properties": {"board": {"type": "string"}}}
    fields = {name: {"type": "string"} for name in ("board", "text")}
    text = {"type": "object", "required": ["board", "text"], "properties": fields}
    said = {"receivers": "room", "echoes": ["text"], "payload": text}
    files = {
        "bundle.json": made | {"path": "/socket.io/", "namespace": "/", "room": room},
        "events/open.json": {"event": "open", "summary": "S.", "source": "s", "client_to_server": enter},
        "events/say.json": {
            "event": "say", "summary": "S.", "source": "s", "server_to_client": said,
            "client_to_server": {"effect": {"broadcast": "say"}, "payload": text},
        },
    }  # fmt: skip
    (tmp_path / "events").mkdir()
    for name, document in files.items():
        (tmp_path / name).write_text(json.dumps(document))
    words = words_of(load(str(tmp_path)))

    def answer(*members: str) -> list[Any]:
        if not pointers["socket"]:
            found: Any = list(members)
        else:
            found = {"here": [{"id": one} for one in members]}
        return [None, found] if "args" in reply else [found]

    assert words.listed(answer("a", "b")) == {"a", "b"}
    assert words.listed(answer()) == words.listed([]) == words.listed([None]) == set()


@pytest.mark.parametrize(
    ("roster_of", "acked", "proof"),
    [("list", True, "roster"), ("open", True, "answer"), ("open", False, None)],
    ids=["a-request-of-its-own", "the-answer-to-entering", "the-answer-to-entering-and-none-to-leaving"],
)
def test_who_has_left_does_not_enter_again_to_be_listed(
    roster_of: str, acked: bool, proof: str | None, tmp_path: Path
) -> None:
    about = {"type": "object", "required": ["board"], "properties": {"board": {"type": "string"}}}
    roster = {"ack": True, "roster": {"members": "/here", "socket": "/id"}, "payload": {"type": "object"}}
    ack = {"ack": True, "payload": {"type": "object"}}
    fields = {name: {"type": "string"} for name in ("board", "text")}
    text = {"type": "object", "required": ["board", "text"], "properties": fields}
    sides: dict[str, dict[str, Any]] = {
        "open": {"effect": {"membership": "enter"}, "payload": about, "reply": roster if roster_of == "open" else ack},
        "shut": {"effect": {"membership": "leave"}, "payload": about, **({"reply": ack} if acked else {})},
        "say": {"effect": {"broadcast": "say"}, "payload": text},
        **({"list": {"payload": about, "reply": roster}} if roster_of == "list" else {}),
    }
    (tmp_path / "events").mkdir()
    for name, side in sides.items():
        event: dict[str, Any] = {"event": name, "summary": "S.", "source": "s", "client_to_server": side}
        if name == "say":
            event["server_to_client"] = {"receivers": "room", "echoes": ["text"], "payload": text}
        (tmp_path / "events" / f"{name}.json").write_text(json.dumps(event))
    room = {"template": "b{board}", "key": "board", "source": "s"}
    made = {"bundle": "b", "title": "B", "version": "1.0.0", "summary": "B.", "source": "s"}
    made |= {"path": "/socket.io/", "namespace": "/"}
    (tmp_path / "bundle.json").write_text(json.dumps({**made, "room": room}))
    assert words_of(load(str(tmp_path))).door.leave_proof == proof


def test_the_roster_is_not_asked_for_by_leaving_where_entering_tells_it_too() -> None:
    bundle = load("sos")
    roster = bundle.roster_request()
    enter = bundle.by_membership("enter")
    leave = bundle.by_membership("leave")
    assert roster is not None
    assert enter is not None
    assert leave is not None

    def asked(*requests: Request) -> str:
        events = {
            one.event: Event(
                name=one.event, summary="S.", source="s", place="p", request=replace(one, reply=roster.reply)
            )
            for one in requests
        }
        found = replace(bundle, events=events).roster_request()
        assert found is not None
        return found.event

    assert asked(leave, enter) == enter.event
    assert asked(leave, enter, roster) == roster.event
