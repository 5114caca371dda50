"""`contracts new`: what cannot be made is said in one message, and nothing is written."""

from pathlib import Path
from typing import Any

import pytest

from conformance.commands.new_contracts import new

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"form": "toml"}, "--format: expected json or yaml, got 'toml'"),
    ({"room": "room"}, "--room: expected a name with its id in braces"),
    ({"room": "{a}{b}"}, "--room: expected a name with its id in braces"),
    ({"room": "}a{"}, "--room: expected a name with its id in braces"),
    ({"enter": "join"}, "--enter: needs the names of rooms"),
    ({"leave": "part"}, "--leave: needs the names of rooms"),
    ({"receivers": "room"}, "--receivers: needs the names of rooms"),
    ({"receivers": "all"}, "--receivers: expected one of room, "),
    ({"event": ["disconnect"]}, "`disconnect` is an event of Socket.IO itself"),
    ({"request": ["say"]}, "`say` is named twice as an event of clients"),
    ({"event": ["say=said"], "broadcast": ["said"]}, "`said` is named twice as an event of the service"),
    ({"event": ["say=said"], "errors": "said"}, "`said` is named twice as an event of the service"),
    ({"event": [""]}, "expected the name of an event, got ''"),
    ({"event": ["a\nb"]}, "expected the name of an event, got 'a\\nb'"),
    ({"field": ["x:float"]}, "--field: expected NAME or NAME:TYPE"),
    ({"field": ["x"], "bare": True}, "--field: has no meaning beside --bare"),
    ({"ack": "--format"}, "--ack: expected what a good ack carries, as JSON such as '{\"ok\": true}', got '--format'"),
    ({"room": "{room}", "room_id": "uuid"}, "--room-id: expected string or integer, got 'uuid'"),
    ({"room": "r-{room}", "field": ["room"]}, "--field: 'room' is the field that names the room"),
]


@pytest.mark.parametrize(("flags", "message"), WRONG, ids=[str(flags) for flags, _ in WRONG])
def test_what_cannot_be_made_is_said_in_one_message(
    flags: dict[str, Any], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        new(tmp_path / "chat", **({"event": ["say"]} | flags))
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert said.startswith(f"roomcheck: {message}")
    assert len(said.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
