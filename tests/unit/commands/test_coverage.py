"""`contracts coverage`: what it prints, what it writes, its exit codes, and bad input."""

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.commands.coverage import coverage
from tests.unit.inference.recordings import journal, recording


def run(*journals: Path, **more: Any) -> int:
    """The exit code; 0 where the command just ends."""
    try:
        coverage(list(journals), **more)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.fixture
def played(tmp_path: Path) -> Path:
    return journal(tmp_path / "run.ndjson", recording('@0 ann opened s1\n@1 ann -> nobody {"x": 1}'))


def test_everything_is_written_as_json(played: Path, tmp_path: Path) -> None:
    assert run(played, contracts="example", json_file=tmp_path / "all.json") == 0
    said = json.loads((tmp_path / "all.json").read_text())
    assert said["percent"] == 0
    assert said["kinds"]["events"]["exercised"] == 0
    assert said["kinds"]["events"]["all"] == sum(one["kind"] == "events" for one in said["items"])


def test_less_than_was_asked_for_ends_with_1(played: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(played, contracts="example", fail_under=1) == 1
    assert "0.0 % is under the 1 % of --fail-under" in capsys.readouterr().err
    assert run(played, contracts="example", fail_under=0) == 0


def test_a_run_without_contracts_needs_them_named(played: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(played) == 2
    assert "the run had no contracts: name them with --contracts" in capsys.readouterr().err


def test_a_journal_that_is_not_there_is_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "none.ndjson", contracts="example") == 2
    assert "cannot be read: No such file or directory" in capsys.readouterr().err


def test_json_that_cannot_be_written_is_one_message(played: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(played, contracts="example", json_file=Path("/nonexistent/all.json")) == 2
    assert "--json: /nonexistent/all.json cannot be written" in capsys.readouterr().err
