"""Sentences as people write them: which only speak of a name that is gone, and which use it."""

from pathlib import Path

import pytest

from conformance.align.gather import of_texts
from conformance.align.rule import judge, rules
from contracts.load import load
from tests.running import roomcheck

SOS = load("sos")
WHOLE = {"contract-event-is-in-documents", "documented-event-is-in-source", "source-event-is-documented"}
"""Rules that ask for everything at once."""


GONE = (
    "- **BREAKING**: `message:new` → `message:broadcast`",
    "- `message:error` → `error`",
    "* Event `message:new` -> `message:broadcast`",
    "The room name changes from `sos-{sosId}` to `sos:{sosId}`.",
    "Rename `message:new` to `message:broadcast`.",
    "Search and replace `message:new` with `message:broadcast`.",
    "Do **not** emit `message:send`.",
    "Avoid `message:new`.",
    "Clients cannot send `message:send`.",
    "use `message:broadcast` in place of `message:new`",
    "Grep your code for `message:new`, `message:send` and `sos-` and replace them.",
    "`message:new` becomes `message:broadcast`; fine.",
    "> [!CAUTION]\n> `message:new` has been removed. Use `message:broadcast`.",
    "`message:send` was removed; `message:new` too.",
    "We dropped `message:error`.",
    "There is no `message:send` event.",
    "> ⚠️ `message:send` is not implemented: use `POST /api/messages/:sosId`.",
    "The server ignores `message:send`. `message:send` has no effect.",
    "`message:new` never fires.",
    "- `error` (was `message:error`)",
    "(aka the old `message:new`)",
    "(v1: `message:new`)",
    "`message:broadcast` replaces `message:new`",
    "`message:broadcast` supersedes `message:new`.",
    "In v1.0 the event had the name `message:new`. Since v1.1 it is `message:broadcast`.",
    "Statt `message:new` heißt es jetzt `message:broadcast`. `message:send` ist veraltet.",
    "- [ ] Nothing emits `message:send`",
    "- [ ] No `message:new` handlers left",
    "### Removed\n\n- `message:send`",
    "### Removed events\n\n- `message:send`, use `POST /api/messages/:sosId`",
    "Common mistakes:\n\n1. Listening to `message:new`.",
    '```diff\n- socket.on("message:new", h)\n+ socket.on("message:broadcast", h)\n```',
    "| Event | Ack |\n|---|---|\n| `sos:room:leave` | ❌ |",
    '# `message:history:request`\n\n```json\n{ "sosId": "string", "limit": "number?", "skip": "integer" }\n```',
    '# `sos:room:join`\n\nJWT payload:\n\n```json\n{ "identity": { "userId": "u1" }, "iss": "x" }\n```',
    '# `sos:room:join`\n\nThe server stores this document in MongoDB:\n\n```json\n{ "_id": 1 }\n```',
    "Scope `sos:read`, `sos:write`. Permission `message:write`.",
    "Redis channel `sos:updates`.",
    "Log lines: `socket:connected`, `socket:disconnected`.",
)
"""Nothing here is a drift."""

USED = (
    "Instead of polling, listen to `message:new`.",
    "Polling is no longer needed; subscribe to `message:new`.",
    "To avoid polling, clients subscribe to `message:new`.",
    "Use `message:new` instead of `message:broadcast`.",
    "If the token is wrong, the server emits `message:error`.",
    "When a payload is invalid or incorrect you get `message:error`.",
    "| Event | When |\n|---|---|\n| `message:error` | incorrect token |",
    "| Event | When |\n|---|---|\n| `message:error` | Something went wrong |",
    "`message:error` is emitted when something goes wrong.",
    "Forbidden: the server answers `message:error` with code `FORBIDDEN`.",
    "Wrong credentials lead to the event `sos:errors`.",
    "| Event | Ack |\n|---|---|\n| `sos:leave` | ❌ |",
    "| Event | Deprecated |\n|---|---|\n| `message:new` | ❌ |",
    "## Wrong token\n\nThe server sends `message:error`.",
    "## Incorrect payloads\n\nThe server sends `message:error`.",
    "# Legacy browsers\n\n```js\nsocket.on('message:new', h)\n```",
    "## Not deprecated\n\n- `message:new`",
    "Listen to `message:new` from the server.",
    "The server broadcasts `message:new` to `sos:{sosId}`.",
    "`message:new` → `sos:{sosId}`",
    "The service emits `message:new` to `everyone:all`.",
)
"""Each uses a name that no contract has, beside a word that others excuse it with."""

SOURCES = {
    "a prefix from a constant": ("const P = 'sos:';\nio.to(`${P}${sosId}`).emit('message:broadcast', m);", 0),
    "a prefix from elsewhere": ("io.to(`${config.prefix}${sosId}`).emit('message:broadcast', m);", 0),
    "a helper": ("const room = (id: string) => `sos-${id}`;\nio.to(room(sosId)).emit('message:broadcast', m);", 1),
    "a helper that returns": (
        "function roomOf(sosId) {\n  return 'sos-' + sosId;\n}\nsocket.join(roomOf(sosId));\n"
        "socket.on('sos:close', close);",
        1,
    ),
    "a method": (
        "class A { room(sosId) { return `sos-${sosId}`; }\n"
        "go() { this.io.to(this.room(id)).emit('sos:status:broadcast', p); } }",
        1,
    ),
    "a helper that is right": (
        "const room = (id) => `sos:${id}`;\nio.to(room(sosId)).emit('message:broadcast', m);",
        0,
    ),
    "a wrong prefix": ("const P = 'sos-';\nio.to(`${P}${sosId}`).emit('message:broadcast', m);", 1),
    "a client and its manager": (
        "import { io } from 'socket.io-client';\nsocket.emit('sos:room:join', { sosId });\n"
        "socket.on('message:broadcast', add);\nsocket.io.on('reconnect', () => {});",
        0,
    ),
    "other emitters": (
        "io.engine.on('connection_error', f);\nio.on('cache:flush', f);\nsocket.conn.on('packet', f);\n"
        "ws.on('message', f);\nthis.eventEmitter.emit('sos:created', { sosId });",
        0,
    ),
    "a computed key": (
        "io.to(r).emit('location:broadcast', { ['sosId']: i, userId, latitude: 1, longitude: 2, accuracy: 3, timestamp: 4 })",
        0,
    ),
    "a table of messages": ("const MESSAGES = { new: 'You have a new message', error: 'message:failed' };", 0),
    "a long sum": ("const sql = " + " + ".join(['"line"'] * 900) + ";\nio.emit('message:new', 1);", 1),
}


def found(file: str, text: str) -> list[str]:
    return [one.line for one in judge(of_texts(SOS, {file: f"{text}\n"}), rules()) if one.rule.id not in WHOLE]


@pytest.mark.parametrize("text", GONE)
def test_who_speaks_of_a_name_that_is_gone_is_not_accused(text: str) -> None:
    assert found("guide.md", text) == []


@pytest.mark.parametrize("text", USED)
def test_who_uses_one_is(text: str) -> None:
    assert found("guide.md", text)


@pytest.mark.parametrize("name", SOURCES)
def test_source_as_it_is_written(name: str) -> None:
    text, drifts = SOURCES[name]
    assert len(found("source.ts", text)) == drifts, found("source.ts", text)


@pytest.mark.parametrize(
    ("event", "written"),
    [
        ("sos:room:jion", "sos:room:join"),
        ("sos:room:enter", None),
        ("sos:room:exit", None),
        ("location:updated", None),
    ],
)
def test_only_a_slip_of_the_pen_is_rewritten(event: str, written: str | None) -> None:
    text = f"```js\n// client\nsocket.{'on' if event == 'location:updated' else 'emit'}('{event}', {{ sosId }});\n```\n"
    drifts = [one.drift for one in judge(of_texts(SOS, {"guide.md": text}), rules()) if one.drift.subject == event]
    assert {drift.replacement for drift in drifts} == {written}


def test_a_fix_keeps_the_byte_order_mark_and_tabs_and_leaves_addresses_alone(tmp_path: Path) -> None:
    path = tmp_path / "guide.md"
    link = '\ufeff<a href="https://e.example/message:new">message:new</a>'
    before = link + '\n\n```js\n\tsocket.on("message:new", show);\n```\n'
    path.write_bytes(before.encode())
    run = roomcheck("align", str(path), "--fix")
    assert '-\tsocket.on("message:new", show);' in run.stdout
    after = before.replace(">message:new<", ">message:broadcast<").replace('"message:new"', '"message:broadcast"')
    assert path.read_bytes() == after.encode()


def test_an_example_of_a_block_in_a_fence_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "guide.md"
    text = "Listen to `message:broadcast`.\n\n```md\n<!-- roomcheck: events-table -->\n<!-- /roomcheck -->\n```\n"
    path.write_text(text)
    assert roomcheck("align", str(path), "--update-blocks").returncode == 0
    assert path.read_text() == text


def test_what_is_nested_too_deeply_is_said_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "deep.ts").write_text("const x = " + "{a:" * 20_000 + "1" + "}" * 20_000 + ";\n")
    (tmp_path / "good.ts").write_text("io.to(`sos:${sosId}`).emit('message:new', m);\n")
    run = roomcheck("align", "--source", str(tmp_path))
    assert run.returncode == 1, run.stderr
    assert "[retired-event-is-not-used]" in run.stdout
    assert "Traceback" not in run.stderr


def test_links_are_read_as_browsers_and_site_generators_do(tmp_path: Path) -> None:
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "c d.md").write_text("x")
    (tmp_path / "x.md").write_text("x")
    guide = tmp_path / "guide.md"
    guide.write_text(
        "`error` [1](a%20b/c%20d.md) [2](<a b/c d.md>) [3](x) [4](x.html) [5](/api/health) [6](${BASE}/x.md) "
        "[7](y.md)\n"
    )
    run = roomcheck("align", str(guide), "--select", "link-leads-somewhere")
    assert [line.split("got ")[1] for line in run.stdout.splitlines() if "expected" in line] == [
        "`y.md` [link-leads-somewhere]"
    ]
