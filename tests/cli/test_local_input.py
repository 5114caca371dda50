"""Local input that would be read or computed without end: refused at once, with what is wrong and where."""

import json
import os
import shutil
from pathlib import Path

import pytest

from conformance.journal.records import MOST_LINE_BYTES
from conformance.journal.records import read as journal
from conformance.support.errors import UsageError
from conformance.target.settings_file import read as settings
from contracts import files
from contracts.faults import ContractError
from contracts.load import load
from contracts.schema import Schema
from loadtests.verdict.thresholds import gate
from reports.output.destinations import outlets
from tests.golden import golden
from tests.running import ROOT

CATASTROPHIC = "^(a+)+$"
NEARLY = "a" * 5_000 + "!"


def example(folder: Path) -> Path:
    shutil.copytree(ROOT / "contracts" / "example", folder)
    return folder


def test_a_pattern_takes_time_in_proportion_to_the_text() -> None:
    schema = Schema(
        {"type": "object", "patternProperties": {CATASTROPHIC: {"type": "string"}}, "additionalProperties": False}
    )
    assert schema.is_valid({"aaa": "x"})
    problem = schema.explain({NEARLY: "x"})
    assert problem is not None
    assert problem.keyword == "additionalProperties"
    problem = Schema({"pattern": CATASTROPHIC}).explain(NEARLY)
    assert problem is not None
    assert problem.keyword == "pattern"
    assert Schema({"pattern": "^.$"}).explain("\ud800") is None


@pytest.mark.parametrize("schema", [{}, {"additionalProperties": False}, {"additionalProperties": {"type": "integer"}}])
def test_words_about_properties_agree_with_the_verdict(schema: dict[str, object]) -> None:
    whole = Schema({"properties": {"a": {"type": "string"}}, "patternProperties": {"^x": {"type": "null"}}, **schema})
    for payload in ({}, {"a": "1"}, {"a": 1}, {"x1": None}, {"x1": 1}, {"b": 1}, {"b": "1"}, [], "a"):
        assert (whole.explain(payload) is None) == whole.is_valid(payload), payload


@pytest.mark.parametrize("pattern", ["^(?=a)", r"(a)\1", "["])
def test_a_pattern_that_the_engine_does_not_know_is_refused(pattern: str, tmp_path: Path) -> None:
    folder = example(tmp_path / "example")
    path = next((folder / "events").glob("*.json"))
    document = json.loads(path.read_text())
    side = document.get("client_to_server") or document["server_to_client"]
    side["payload"]["properties"]["extra"] = {"type": "string", "pattern": pattern}
    path.write_text(json.dumps(document, indent=2))
    with pytest.raises(ContractError) as raised:
        load(str(folder))
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if '"pattern"' in text)
    said = f"{path}:{line}: {pattern!r} is no pattern that can be used; look-around and back-references cannot"
    assert str(raised.value) == said


def test_a_pipe_or_a_device_is_no_contract(tmp_path: Path) -> None:
    folder = example(tmp_path / "example")
    os.mkfifo(folder / "events" / "pipe.json")
    (folder / "events" / "zero.json").symlink_to("/dev/zero")
    (folder / "events" / "large.json").write_bytes(b" " * (files.MOST_BYTES + 1))
    with pytest.raises(ContractError) as raised:
        load(str(folder))
    for name, why in (
        ("pipe", "it is no regular file"),
        ("zero", "it is no regular file"),
        ("large", "it is larger than 4 MB"),
    ):
        assert f"{folder / 'events' / name}.json:1: cannot be read: {why}" in str(raised.value)


def test_a_line_of_a_journal_has_an_end(tmp_path: Path) -> None:
    path = tmp_path / "run.ndjson"
    header = golden("check").read_bytes().splitlines(keepends=True)[0]
    path.write_bytes(header + b'{"kind":"note","text":"' + b"x" * MOST_LINE_BYTES + b'"}\n')
    for one, line in ((path, 2), (Path("/dev/zero"), 1)):
        with pytest.raises(UsageError) as raised:
            journal(one)
        assert (
            str(raised.value) == f"{one}:{line}: a line of more than 32 MB, which is no record of a Roomcheck journal"
        )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a = " + "[" * 3000 + "]" * 3000, "is nested too deeply to be settings"),
        (
            '[targets.it.headers]\n"bad name" = "x"',
            "the key `bad name`: expected the name of a header",
        ),
        ('[targets.it.headers]\nX-A = "hunter2\\nhunter2"', "headers.X-A: expected the value of a header: one line of"),
        ('[targets.it.auth]\nkind = "token"\ntoken = ["hunter2"]', "3: targets.it.auth.token: expected type string"),
        ('[targets.it]\nrealtime_urls = [["hunter2"]]', "2: targets.it.realtime_urls[0]: expected type string"),
    ],
)
def test_settings_that_are_wrong_are_told_without_their_values(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "roomcheck.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as raised:
        settings(path, "settings")
    assert says in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_names_and_thresholds_have_an_end() -> None:
    with pytest.raises(UsageError, match="cannot be written: File name too long"):
        outlets((f"html={'x' * 300}",), None)
    with pytest.raises(ValueError, match="is longer than 500 characters"):
        gate("a" * 100_000)
