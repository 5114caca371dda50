"""`roomcheck align` on what is neither Markdown nor TypeScript: AsyncAPI, Python, source of clients; and its fixes."""

from pathlib import Path

import pytest

from conformance.align import fix
from conformance.align.gather import of_texts
from conformance.align.rule import judge, rules
from contracts.load import load
from tests.running import roomcheck

SOS = load("sos")
ASYNCAPI = "asyncapi: 2.6.0\ninfo: {title: x, version: '1'}\nchannels:\n"


def test_asyncapi_is_read_as_a_document(tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(f"{ASYNCAPI}  location:update:\n    publish: {{message: {{payload: {{type: object}}}}}}\n")
    run = roomcheck("align", str(path))
    assert run.returncode == 0, run.stdout
    path.write_text(f"{ASYNCAPI}  location:updat:\n    publish: {{message: {{payload: {{type: object}}}}}}\n")
    run = roomcheck("align", str(tmp_path))
    assert run.returncode == 1
    assert f"{path}:4:3: expected `location:update`, got `location:updat` [event-is-documented]" in run.stdout


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("asyncapi: 2.6.0\nchannels:\n  a: [\n", "not readable as AsyncAPI"),
        ("asyncapi: 3.0.0\ninfo: {title: x}\n", "not readable as AsyncAPI: it has no channels"),
        ("asyncapi: 1.2.0\ntopics: {}\n", "not readable as AsyncAPI: expected a mapping of version 2 or 3"),
        ("openapi: 3.1.0\npaths: {/a: [}\n", "not readable as OpenAPI"),
        ("openapi: 3.1.0\ncomponents: {}\n", "not readable as OpenAPI: it has no paths"),
        ("services: {}\n", "neither AsyncAPI nor OpenAPI: expected"),
    ],
)
def test_a_specification_that_cannot_be_read_is_never_aligned(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(text)
    run = roomcheck("align", str(path))
    assert run.returncode == 4
    assert says in run.stderr
    assert run.stdout.splitlines()[-1].startswith("CANNOT TELL")


def test_other_yaml_in_a_folder_is_no_document(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services: {sos:latest: {}}\n")
    (tmp_path / "guide.md").write_text("Listen to `message:broadcast`.\n")
    run = roomcheck("align", str(tmp_path))
    assert run.returncode == 0, run.stdout + run.stderr


def test_source_of_a_client_has_a_column_and_says_nothing_of_what_the_service_sends(tmp_path: Path) -> None:
    (tmp_path / "app.ts").write_text(
        "socket.emit('sos:room:join', { sosId });\nsocket.on('location:update', move);\n"
        "socket.on('location:broadcast', move);\n"
    )
    run = roomcheck("align", "--client-source", str(tmp_path))
    assert run.returncode == 1
    found = [line for line in run.stdout.splitlines() if "expected" in line]
    assert found == [
        f"{tmp_path}/app.ts:2:11: expected client to server, got server to client [direction-is-as-documented]"
    ]
    rows = {words[0]: words[1:] for words in map(str.split, run.stdout.splitlines())}
    assert rows["event"] == ["contract", "client"]
    assert rows["sos:room:join"] == ["ok", "ok"]
    assert rows["location:update"] == ["ok", "WRONG"]


def test_an_unreadable_specification_in_a_fence_is_told(tmp_path: Path) -> None:
    path = tmp_path / "guide.md"
    path.write_text("`message:broadcast`\n\n```yaml\nasyncapi: 2.6.0\nchannels:\n  a: [\n```\n")
    run = roomcheck("align", str(path))
    assert run.returncode == 4
    assert f"{path}: line " in run.stderr


FIXES = {
    "of two directions": (
        "```js\n// client\nsocket.on('location:updated', f);\nsocket.emit('sos:init', { sosId });\n```\n",
        {},
    ),
    "of prose": ("Take the stairs to SOS room 4, and listen to `location:broadcast`.\n", {}),
    "that is not known": ("Listen to `location:updated`.\n", {}),
    "of a room by another name": ("The room is `incident:{sosId}`.\n", {}),
    "that is plain": ("Listen to `location:brodcast`.\n", {"location:brodcast": "location:broadcast"}),
    "of a retired name that is sent": ("Clients emit `message:new`.\n", {}),
}


@pytest.mark.parametrize("name", FIXES)
def test_a_fix_is_made_where_one_thing_can_be_meant(name: str) -> None:
    text, changes = FIXES[name]
    evidence = of_texts(SOS, {"guide.md": text})
    expected = text
    for before, after in changes.items():
        expected = expected.replace(before, after)
    now = fix.harmless(evidence, judge(evidence, rules()), rules())
    assert now.get("guide.md", text) == expected


def test_a_fix_that_would_bring_a_new_finding_is_taken_back_and_the_others_are_made() -> None:
    text = "```js\nio.to(`sos:${sosId}`).emit('message:new', { text: 'x' });\nsocket.on('sos:room:jion', join);\n```\n"
    evidence = of_texts(SOS, {"guide.md": text})
    found = judge(evidence, rules())
    assert [one.drift.replacement for one in found] == ["message:broadcast", "sos:room:join"]
    # The payload that is shown with it is not that of the new name.
    assert fix.harmless(evidence, found, rules()) == {"guide.md": text.replace("jion", "join")}


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("message:typing:broadcast", "message:typing:start"),
        ("message:typing:begin", "message:typing:start"),
        ("sos:status:changed", "sos:status:broadcast"),
        ("sos:room:entered", "sos:room:join"),
        ("participant:left:broadcst", "participant:left:broadcast"),
        ("messageBroadcast", "message:broadcast"),
    ],
)
def test_the_advice_keeps_the_family_of_a_name(name: str, advice: str) -> None:
    (found,) = judge(of_texts(SOS, {"guide.md": f"The event `{name}` is emitted.\n"}), rules())
    assert found.drift.expected == f"`{advice}`"
