"""`contracts export` and `contracts import` as they are typed, and what they say of what they cannot do."""

import json
import os
from pathlib import Path

import pytest

from conformance.commands.exchange import formats
from contracts.exchange.formats import asyncapi
from contracts.exchange.source import exported
from tests.running import roomcheck

FORMATS = ("asyncapi", "json-schema", "markdown", "openapi", "typescript")
BUNDLE = {"bundle": "b", "title": "t", "version": "1", "summary": "s", "source": "s", "path": "/x/", "namespace": "/"}


def contracts(folder: Path, payload: object) -> Path:
    """A folder of contracts with one event."""
    (folder / "events").mkdir(parents=True)
    (folder / "bundle.json").write_text(json.dumps(BUNDLE))
    sent = {"effect": {"other": "o"}, "payload": payload, "examples": {"invalid": []}}
    event = {"event": "say", "summary": "s", "source": "s", "client_to_server": sent}
    (folder / "events" / "say.json").write_text(json.dumps(event, indent=1))
    return folder


def test_formats_are_found_and_printed(tmp_path: Path) -> None:
    assert tuple(formats()) == FORMATS
    begins = ("asyncapi: 3.0.0\n", '{\n  "$schema"', "# Whiteboard\n", "openapi: 3.1.0\n", "/**\n * Whiteboard 1.0\n")
    for form, text in list(zip(FORMATS, begins, strict=True))[::2]:  # The others by unit tests alone.
        run = roomcheck("contracts", "export", form, "--contracts", "example", cwd=tmp_path)
        assert (run.returncode, run.stderr, run.stdout[: len(text)]) == (0, "", text)


def test_a_file_is_replaced_as_a_whole_and_imported_again(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text("old" * 100_000)
    run = roomcheck("contracts", "export", "asyncapi", "--contracts", "example", "--out", "a.json", cwd=tmp_path)
    assert (run.returncode, run.stdout) == (0, "a.json: asyncapi of example\n")
    assert json.loads(file.read_text()) == asyncapi.made(exported("example"))
    assert sorted(os.listdir(tmp_path)) == ["a.json"]
    run = roomcheck("contracts", "import", "asyncapi", "a.json", "--out", "made", "--no-schema", cwd=tmp_path)
    told = "made: a bundle of 10 events\nnext: roomcheck contracts validate made\n"
    assert (run.returncode, run.stdout, run.stderr) == (0, told, "")
    run = roomcheck("contracts", "validate", "made", cwd=tmp_path)
    assert run.stdout == "made/bundle.json: 10 events and 4 HTTP calls, all in order\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["export", "asynapi"], "no format is called 'asynapi'; did you mean 'asyncapi'?"),
        (["export", "openapi", "--contracts", "bad"], "openapi has no words for this:\n  bad/bundle.json:1: "),
        (["export", "asyncapi", "--contracts", "bad"], "has no words for this:\n  bad/events/say.json:12: a field"),
        (["export", "markdown", "--out", "no/a.md"], "no/a.md: cannot be written: No such file or directory"),
        (["import", "asyncapi", "none.yaml"], "cannot be imported:\n  none.yaml:1: cannot be read: No such file"),
        (["import", "asyncapi", "wrong.yaml"], "cannot be imported:\n  wrong.yaml:2: expected the key `channels`"),
        (["import", "asyncapi", "good.yaml", "--format", "xml"], "--format: expected json or yaml, got 'xml'"),
        (["import", "asyncapi", "good.yaml", "--out", "bad"], "bad/bundle.json is there already, and nothing"),
        (["import", "asyncapi", "slip.yaml", "--out", "x"], "slip.yaml: what it says makes no contracts that"),
    ],
)  # fmt: skip
def test_bad_input_is_one_message_and_writes_nothing(words: list[str], told: str, tmp_path: Path) -> None:
    contracts(tmp_path / "bad", {"type": "object", "properties": {"$ref": {"type": "string"}}})
    (tmp_path / "wrong.yaml").write_text("# one\nasyncapi: 3.0.0\ninfo: {}\n")
    message = "channels: {say: {publish: {message: {payload: %s}}}}\n"
    good = "asyncapi: 2.6.0\ninfo: {}\n"
    (tmp_path / "good.yaml").write_text(good + message % "{type: string}")
    (tmp_path / "slip.yaml").write_text(good + message % "{properties: {rooom: {}}, required: [room]}")
    before = sorted(tmp_path.rglob("*"))
    run = roomcheck("contracts", *words, cwd=tmp_path)
    assert run.returncode == 2
    assert run.stdout == ""
    assert told in run.stderr
    assert "Traceback" not in run.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_notes_show_no_control_characters_of_a_document(tmp_path: Path) -> None:
    schema = {"properties": {"a\x1b[31m\u202e": {"unevaluatedItems\x1b[2J": 1}}}
    channel = {"publish": {"message": {"payload": schema}}}
    document = {"asyncapi": "2.6.0", "info": {}, "channels": {"say": channel}}
    (tmp_path / "a.json").write_text(json.dumps(document))
    run = roomcheck("contracts", "import", "asyncapi", "a.json", "--out", "made", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "is left out: contracts have no such word in schemas" in run.stdout
    assert not {"\x1b", "\u202e"} & set(run.stdout)
