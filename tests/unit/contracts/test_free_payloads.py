"""Payloads of which nothing is said: they may be texts as well as objects, and a check of them can be played."""

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.form import may_be_anything
from contracts.load import load


@pytest.mark.parametrize(
    ("schema", "anything"),
    [
        ({}, True),
        ({"title": "msg", "description": "whatever"}, True),
        ({"type": "object"}, False),
        ({"properties": {"a": {}}}, False),
        ({"enum": ["a"]}, False),
        ({"$ref": "#/$defs/a"}, False),
    ],
)
def test_a_schema_that_says_nothing_allows_anything(schema: dict[str, Any], anything: bool) -> None:
    assert may_be_anything(schema) is anything


def test_a_text_is_read_as_the_argument_that_it_is(tmp_path: Path) -> None:
    head = {"bundle": "b", "title": "B", "version": "1", "summary": "B.", "source": "B"}
    (tmp_path / "bundle.json").write_text(json.dumps({**head, "path": "/socket.io/", "namespace": "/"}))
    (tmp_path / "events").mkdir()
    carried: dict[str, Any] = {"payload": {}, "examples": {"valid": ["hello"]}}
    event = {"event": "say", "summary": "Says it.", "source": "B", "client_to_server": {**carried, "reply": {
        "ack": True, "payload": {}}}}  # fmt: skip
    (tmp_path / "events" / "say.json").write_text(json.dumps(event))
    request = load(str(tmp_path)).request("say")
    assert request is not None
    assert request.form is not None
    assert request.form.args(request.examples.valid[0]) == ("hello",)
