"""What a beginner gets wrong: each slip is refused in one message that says what to do, and what only looks like one is taken."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.document_text import line_at
from contracts.faults import ContractError
from contracts.load import load
from contracts.starter import Draft, documents

DRAFT = Draft(name="it", room="room:{room}", enter="join", events=(("say", "said"),), errors="oops")
Change = Callable[[dict[str, Any]], Any]


def made(folder: Path, file: str, change: Change) -> list[str]:
    """The faults of a first bundle of which one file was changed."""
    (folder / "events").mkdir()
    for name, document in documents(DRAFT).items():
        document = copy.deepcopy(document)
        if name == file:
            change(document)
        (folder / f"{name}.json").write_text(json.dumps(document, indent=1))
    try:
        load(str(folder))
    except ContractError as error:
        return [f"{fault.file.relative_to(folder).with_suffix('')}: {fault.message}" for fault in error.faults]
    return []


def part(way: str, **changes: Any) -> Change:
    return lambda document: document[way].update(changes)


def sent(**changes: Any) -> Change:
    return part("client_to_server", **changes)


def told(**changes: Any) -> Change:
    return part("server_to_client", **changes)


def called(old: str, new: str, way: str | None = None) -> Change:
    def change(document: dict[str, Any]) -> None:
        inside = document if way is None else document[way]
        inside[new] = inside.pop(old)

    return change


def fields(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


TEXT = {"type": "string"}
SLIPS: list[tuple[str, Change, str]] = [
    # Keys by other names.
    ("events/say", called("payload", "schema", "client_to_server"), "unknown key `schema`; did you mean `payload`?"),
    ("events/say", called("event", "name"), "unknown key `name`; did you mean `event`?"),
    ("events/say", called("summary", "description"), "unknown key `description`; did you mean `summary`?"),
    ("events/say", called("client_to_server", "clientToServer"), "did you mean `client_to_server`?"),
    ("events/say", sent(ack=True), "unknown key `ack`; did you mean `reply`?"),
    ("events/say", sent(effect={"emits": "said"}), "unknown key `emits`; did you mean `broadcast`?"),
    ("events/said", called("receivers", "to", "server_to_client"), "unknown key `to`; did you mean `receivers`?"),
    ("events/said", told(caused_by={"connect": True}), "unknown key `connect`; did you mean `connection`?"),
    ("events/say", sent(payload={"room": "string"}), "in a JSON Schema the fields of an object stand under `properties`"),
    # Keys that are missing.
    ("events/said", called("receivers", "to", "server_to_client"), "the key `receivers` is missing: who receives it, such as"),
    ("events/say", lambda one: one.pop("source"), "the key `source` is missing: the clause of the published document"),
    ("events/say", sent(examples={"invalid": [{"x": 1}]}), "the key `payload` is missing: what is sent"),
    ("events/say", sent(examples={"invalid": [{"x": 1}]}), "the key `keyword` is missing: the schema keyword"),
    # Values of another form.
    ("events/say", sent(effect="said"), 'effect: expected an object, such as {"broadcast": "said"}, got "said"'),
    ("events/said", told(caused_by="say"), 'caused_by: expected an object or a list, such as {"event": "say"}, got "say"'),
    ("events/said", told(receivers="room-but-me"), 'got "room-but-me"; did you mean "room-but-sender"?'),
    ("events/said", told(receivers=["room"]), "receivers: expected a list of at least 2"),
    ("events/join", sent(effect={"membership": "join"}), 'expected one of "enter", "leave", "close", got "join"'),
    ("events/say", sent(payload=fields(room={"type": "str"})), 'got "str"; did you mean "string"?'),
    ("events/say", sent(deadline_ms="2s"), "deadline_ms: expected an integer (by when its answer and its effect are there)"),
    ("bundle", lambda one: one.update(path="/live"), 'path: expected the path of Socket.IO, with a slash at either end, such as'),
    ("bundle", lambda one: one.update(namespace="chat"), 'which begins with a slash, such as "/", got "chat"'),
    ("bundle", lambda one: one.update(version=1), 'version: expected a text, such as "1.0.0", got 1'),
    ("bundle", lambda one: one.update(room="room:{room}"), "room: expected an object, such as {"),
    # Rooms.
    ("bundle", lambda one: one["room"].update(template="room"), 'with its id as a field in braces, such as "room:{room}"'),
    ("bundle", lambda one: one["room"].update(template="room:{roomId}"), "did you mean the key 'roomId'?"),
    ("bundle", lambda one: one["room"].update(template="room:${room}"), "`${` in 'room:${room}' is of JavaScript"),
    ("events/say", sent(payload=fields(roomId=TEXT, text=TEXT)), "no field `room`, by which it would name its room (is it `roomId`?"),
    ("events/join", sent(payload=fields(lobby=TEXT)), "no field `room`, by which it would name its room: add the field"),
    # Causes.
    ("events/say", lambda one: one["client_to_server"].pop("effect"), "the key `caused_by` is missing, and no request"),
    ("events/say", lambda one: one["client_to_server"].pop("effect"), "or write what does, such as `{\"event\": ...}`"),
    ("events/say", sent(effect={"broadcast": "sayd"}), 'no event that the server sends is called "sayd"; did you mean `said`?'),
    # Names and answers.
    ("events/said", lambda one: one.update(event="say"), "an event that travels both ways has one file"),
    ("events/say", lambda one: one.update(event="disconnect"), 'says so by "caused_by": {"disconnect": true}'),
    ("events/say", lambda one: one.update(event="newListener"), "`newListener` is an event of Socket.IO itself"),
    ("events/say", sent(reply={"payload": {}}), "it answers by nothing: write `\"ack\": true`"),
    ("events/say", sent(payload=fields(room=TEXT) | {"required": ["room", "txt"], "properties": {"room": TEXT, "text": TEXT}}),
     "the field `txt` is required, and not among `properties`; did you mean `text`?"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "change", "message"), SLIPS, ids=[message for _, _, message in SLIPS])
def test_a_slip_is_refused_with_what_to_do(file: str, change: Change, message: str, tmp_path: Path) -> None:
    found = made(tmp_path, file, change)
    assert any(message in fault for fault in found), found
    assert all(len(fault) < 400 for fault in found)


HONEST: list[tuple[str, Change]] = [
    ("events/say", lambda one: None),
    ("events/say", sent(payload={})),
    ("events/say", sent(payload={"type": "object", "required": ["text"]})),
    ("events/join", sent(payload=fields(lobby=TEXT), room="/0/lobby")),
    ("events/say", sent(payload=fields(text=TEXT), room="remembered")),
    ("events/say", sent(payload=fields(text=TEXT) | {"patternProperties": {"^room$": TEXT}})),
    ("events/say", sent(payload=fields(room=TEXT, text=TEXT) | {"required": ["room", "text", "texts"]})),
    ("events/say", sent(payload=fields(room=TEXT, text=TEXT) | {"required": ["room", "text", "kind"]})),
    ("events/say", sent(reply={"event": "oops", "payload": {}})),
    ("events/join", sent(payload=fields(lobby=TEXT), by="peer")),
    ("bundle", lambda one: one["room"].update(template="{room}")),
]


@pytest.mark.parametrize(("file", "change"), HONEST)
def test_what_only_looks_like_a_slip_is_taken(file: str, change: Change, tmp_path: Path) -> None:
    assert made(tmp_path, file, change) == []


def test_the_line_is_that_of_the_slip(tmp_path: Path) -> None:
    made(tmp_path, "events/say", sent(payload=fields(roomId=TEXT)))
    with pytest.raises(ContractError) as caught:
        load(str(tmp_path))
    path = tmp_path / "events" / "say.json"
    wanted = line_at(path, path.read_text(), ("client_to_server", "payload", "properties"))
    assert [fault.line for fault in caught.value.faults if "no field `room`" in fault.message] == [wanted]


def test_events_beside_their_folder_are_said_to_be(tmp_path: Path) -> None:
    for name, document in documents(DRAFT).items():
        (tmp_path / f"{Path(name).name}.json").write_text(json.dumps(document))
    with pytest.raises(
        ContractError, match=r"found none: join.json, oops.json, said.json and the like belong into .*events"
    ):
        load(str(tmp_path))
