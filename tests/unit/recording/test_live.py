"""What the table of a recording counts, and what it calls wrong while it passes."""

from typing import Any

import pytest

from conformance.model.transcript import AnyEntry, Called, Got, Opened, Sent
from conformance.recording.live import Live
from contracts.load import load

EXAMPLE = load("example")
PEN = {"room": "r1", "pen": "red"}
NOTE = {"id": "n1", "room": "r1", "text": "hello", "at": 1}


def sent(event: str, *args: Any) -> Sent:
    return Sent(at_s=0.0, actor="c1", event=event, args=args)


def got(event: str, *args: Any, fault: str = "") -> Got:
    return Got(at_s=0.0, actor="c1", event=event, args=args, fault=fault)


def call(body: Any, status: int, answer: Any, path: str = "/notes/r1") -> Called:
    return Called(
        at_s=0.0, actor="http", call=f"POST {path}", method="POST", path=path, params={}, body=body, status=status,
        answer=answer, done_s=0.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "name", "wrong"),
    [
        (sent("pen:take", PEN), "pen:take", ""),
        (sent("pen:take", {"room": "r1", "pen": 7}), "pen:take", "breaks its schema"),
        (sent("pen:grab", PEN), "pen:grab", "in no contract"),
        (sent("note:send", {}), "note:send", "retired: use POST /notes/:room"),
        (sent("note:added", NOTE), "note:added", "sent the wrong way: the server sends it"),
        (got("note:added", NOTE), "note:added", ""),
        (got("note:added", {}), "note:added", "breaks its schema"),
        (got("note:added", NOTE, fault="no JSON: NaN"), "note:added", "no JSON: NaN"),
        (got("note:new", NOTE), "note:new", "retired"),
        (got("pen:take", PEN), "pen:take", "sent the wrong way: clients send it"),
        (got("pen:grabbed", PEN), "pen:grabbed", "in no contract"),
        (got("problem", {"code": "E", "message": "no"}), "problem", ""),
        (call({"text": "hello"}, 201, NOTE), "POST /notes/:room", ""),
        (call({"text": ""}, 400, {"error": "x"}), "POST /notes/:room", "its body breaks its schema"),
        (call({"text": "hello"}, 201, {}), "POST /notes/:room", "its answer breaks its schema"),
        (call({}, 200, {}, "/other"), "POST /other", ""),
    ],
)
def test_what_breaks_the_contracts_by_itself_is_counted(entry: AnyEntry, name: str, wrong: str) -> None:
    live = Live(bundle=EXAMPLE)
    row = live.see("/", entry)
    assert row is not None
    assert (row.name, row.count, row.violations, row.latest) == (name, 1, int(bool(wrong)), wrong)


def test_names_have_a_row_for_each_direction_and_namespace() -> None:
    live = Live(bundle=load("sos"))
    for _ in range(2):
        live.see("/", sent("message:typing:start", {"sosId": "1", "displayName": "A"}))
    live.see("/", got("message:typing:start", {"sosId": "1", "userId": "u", "displayName": "A"}))
    live.see("/other", got("message:typing:start"))
    assert live.see("/", Opened(at_s=0.0, actor="c1", socket="x")) is None
    rows = [(row.name, row.direction, row.count, row.latest) for row in live.rows.values()]
    assert rows == [
        ("message:typing:start", "client to server", 2, ""),
        ("message:typing:start", "server to client", 1, ""),
        ("/other message:typing:start", "server to client", 1, "a namespace that no contract has"),
    ]
