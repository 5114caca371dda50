"""`contracts infer`: bundles that validate, hostile names, what is there already, and bad input."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from conformance.commands.infer import infer
from conformance.inference.payloads import DEEPEST_EXAMPLE
from contracts.load import load
from tests.unit.inference.recordings import journal, recording, renamed
from tests.unit.inference.test_documents import rooms

HOSTILE = (
    "../../x", "..", "/etc/passwd", "C:\\x", "con", "aux.json", "__proto__", "constructor", "A", "a", "ａ", "a\u202eb",
    "a\nb", "\ud800", "", " ", "x" * 1_000_000, "\x00", "disconnect", "é" * 100, "$ref", "bundle", "{room}", "`b`",
)  # fmt: skip


def run(*sources: Path, **more: Any) -> int:
    """The exit code; 0 where the command just ends."""
    try:
        infer([str(one) for one in sources], **more)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def tree(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    return journal(tmp_path / "run.ndjson", recording(rooms()))


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_bundle_is_written_that_is_in_order(chat: Path, tmp_path: Path, form: str) -> None:
    assert run(chat, out=tmp_path / "team", form=form, schema=False) == 0
    bundle = load(str(tmp_path / "team"))
    assert sorted(bundle.events) == ["join", "leave", "said", "say"]
    assert bundle.name == "team"
    assert f"events/say.{form}" in tree(tmp_path / "team")
    seen = json.loads((tmp_path / "team" / "seen.json").read_text())
    assert seen["events"]["say"]["client_to_server"]["seen"] == 9
    assert seen["events"]["said"]["server_to_client"]["fields"]["/0/text"] == 15


def test_nothing_is_written_without_a_folder(chat: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tree(tmp_path)
    assert run(chat) == 0
    assert tree(tmp_path) == before
    assert "nothing was written" in capsys.readouterr().out


def test_the_same_again_is_no_difference(chat: Path, tmp_path: Path) -> None:
    run(chat, out=tmp_path / "team")
    before = tree(tmp_path / "team")
    assert run(chat, out=tmp_path / "team") == 0
    assert tree(tmp_path / "team") == before


def test_what_was_written_by_hand_is_never_touched(
    chat: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "team"
    run(chat, out=out, schema=False)
    mine = json.loads((out / "events" / "said.json").read_text()) | {"summary": "Mine."}
    (out / "events" / "said.json").write_text(json.dumps(mine))
    by_hand = tree(out)["events/said.json"]
    more = rooms().replace('"by": "u-ann"', '"by": "u-ann", "colour": "red"')
    more = more.replace('{"room": "room-1", "text": "some text 1"}', '{"room": "room-1", "text": "x", "mood": "loud"}')
    again = journal(tmp_path / "again.ndjson", recording(more), renamed(recording(rooms()), "said", "spoken"))
    before = tree(out)
    assert run(again, out=out) == 1
    assert tree(out) == before
    told = capsys.readouterr().out
    assert "said: field added: `colour` was sent" in told
    assert "say: field added: `mood` was emitted" in told
    assert "spoken: added: sent, and in no contract" in told
    assert run(again, out=out, write=True) == 1
    after = tree(out)
    assert after["events/said.json"] == by_hand
    assert "mood" in after["events/say.json"]
    assert "mood" not in json.loads(after["events/say.json"])["client_to_server"]["payload"]["required"]
    assert "events/spoken.json" in after
    load(str(out))


def test_hostile_names_write_no_file_outside_the_folder_and_none_with_a_surprising_name(tmp_path: Path) -> None:
    base = recording('@0 ann opened s1\n@0 bob opened s2\n@1 ann <- plain {"x": 1}\n@1 bob <- plain {"x": 1}')
    acts = [renamed(base, "plain", name) for name in HOSTILE]
    fields = recording(
        "@0 ann opened s1\n@1 ann <- fields " + json.dumps(dict.fromkeys(["__proto__", "x" * 999, "a/b"], 1))
    )
    out = tmp_path / "inside" / "team"
    acts = [msgspec.structs.replace(act, act=f"act-{n}") for n, act in enumerate(acts)]
    assert run(journal(tmp_path / "run.ndjson", *acts, fields), out=out, schema=False) == 0
    written = tree(tmp_path)
    assert all(name == "run.ndjson" or name.startswith("inside/team/") for name in written)
    names = [Path(name).name for name in written if "/events/" in name]
    assert all(len(name) <= 70 and name.removesuffix(".json").replace("-", "").isalnum() for name in names)
    assert len({name.lower() for name in names}) == len(names)
    assert not {"con.json", "aux.json"} & set(names)
    bundle = load(str(out))
    assert {"../../x", "__proto__", "A", "a", "con"} <= set(bundle.events)
    assert not {"disconnect", "", "\x00", "x" * 1_000_000} & set(bundle.events)


BAD: list[tuple[list[str], dict[str, Any], str]] = [
    ([], {}, "name journals, which `roomcheck record`"),
    (["x"], {"source": [Path("src")]}, "one of the three"),
    (["x"], {"seconds": 3.0}, "--for: used with the URL of a service only"),
    (["x"], {"emit": ["a"]}, "--emit: used with the URL of a service only"),
    (["x"], {"form": "toml"}, "--format: expected json or yaml, got 'toml'"),
    (["x"], {"write": True}, "--write: adds to the bundle that --out names, and there is none"),
    (["http://127.0.0.1:1", "x"], {}, "one service is listened to at a time"),
    (["http://127.0.0.1:1"], {"emit": ["a {"]}, "--emit: expected the name of an event and its arguments as JSON"),
    (["/nonexistent/run.ndjson"], {}, "/nonexistent/run.ndjson: cannot be read: No such file or directory"),
]


@pytest.mark.parametrize(("sources", "more", "message"), BAD)
def test_bad_input_is_one_message(
    sources: list[str], more: dict[str, Any], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*sources, **more) == 2  # type: ignore[arg-type]
    assert message in capsys.readouterr().err


def test_what_is_no_journal_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = journal(tmp_path / "run.ndjson", recording(rooms()))
    path.write_bytes(path.read_bytes().replace(b'"kind":"transcript"', b'"kind":"nothing"'))
    assert run(path, out=tmp_path / "team") == 2
    assert f"{path}:2: expected a record of a Roomcheck journal" in capsys.readouterr().err
    assert not (tmp_path / "team").exists()


def test_a_recording_of_nothing_makes_no_bundle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = journal(tmp_path / "run.ndjson", recording("@0 ann opened s1"))
    assert run(path, out=tmp_path / "team") == 2
    assert "no event was seen of which a contract can be made" in capsys.readouterr().err
    assert not (tmp_path / "team").exists()


def test_source_code_is_read(tmp_path: Path) -> None:
    (tmp_path / "index.js").write_text("""
io.on('connection', (socket) => {
  socket.on('join', (msg) => {
    socket.join(`room:${msg.room}`);
  });
  socket.on('say', ({ room, text }) => {
    io.to(`room:${room}`).emit('said', { room, text, at: 1 });
  });
  socket.on('ping me', () => {});
});
""")
    (tmp_path / "events.ts").write_text("""
export interface ServerToClientEvents {
  said: (msg: { room: string; text: string; kind?: 'text' | 'image' }) => void;
}
""")
    assert run(source=[tmp_path], out=tmp_path / "team") == 0
    bundle = load(str(tmp_path / "team"))
    assert bundle.room.template == "room:{room}"
    join, say, said = bundle.request("join"), bundle.request("say"), bundle.broadcast("said")
    assert join is not None
    assert join.membership == "enter"
    assert say is not None
    assert say.broadcasts == ("said",)
    assert said is not None
    assert said.receivers == "room"
    assert said.payload.properties()["kind"] == {"type": "string", "enum": ["text", "image"]}
    assert said.payload.document["required"] == ["room", "text", "at"]
    assert bundle.request("ping me") is not None


@pytest.mark.parametrize("form", ["json", "yaml"])
@pytest.mark.parametrize(
    ("deep", "more"),
    [('{"a":' * 400 + "1" + "}" * 400, 0), ("[" * 400 + "]" * 400, 1)],  # A list is one of several arguments.
    ids=["objects", "lists"],
)
def test_a_payload_that_is_nested_deep_stops_nothing(deep: str, more: int, form: str, tmp_path: Path) -> None:
    text = f"{rooms()}\n@90 ann -> draw {deep}\n@91 ann <- drawn {deep}"
    assert run(journal(tmp_path / "run.ndjson", recording(text)), out=tmp_path / "made", form=form) == 0
    asked = load(str(tmp_path / "made")).request("draw")
    assert asked is not None
    depth, value = 0, asked.examples.valid[0]
    while value:
        depth, value = depth + 1, next(iter(value.values() if isinstance(value, dict) else value))
    assert depth == DEEPEST_EXAMPLE + more
