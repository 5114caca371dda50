"""A file that cannot be used is a slip of whoever names it, wherever the name is used first."""

import json
from pathlib import Path

import pytest

from tests.running import roomcheck

LONG = "a" * 300
STEERING = "\x1b[31m\n\u202ered\x9b"
ESCAPED = "\\u001b[31m\\u000a\\u202ered\\u009b"


@pytest.mark.parametrize(
    "words",
    [
        ("contracts", "validate"),
        ("align",),
        ("history", "--history"),
        ("judge",),
        ("report", "html"),
        ("check", "http://127.0.0.1:1", "--ca"),
        ("load", "http://127.0.0.1:1", "-t", "1s", "Chat", "--journal"),
    ],
)
def test_a_name_that_is_too_long_is_one_message_and_2(words: tuple[str, ...]) -> None:
    run = roomcheck(*words, LONG)
    assert run.returncode == 2
    ours = [line for line in run.stderr.splitlines() if line.startswith("roomcheck: ")]
    assert len(ours) == 1
    assert LONG in run.stderr
    assert "File name too long" in run.stderr or "there is no such folder" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("contracts", "validate"),
        ("contracts", "new", "--room", "room:{room}", "--enter", "join", "--event", "say=said"),
        ("contracts", "diff", "example", "sos", "--changelog"),
        ("judge",),
        ("report", "csv", "tests/golden/load.ndjson", "--output"),
        ("history", "--html", "trend.html", "--history"),
        ("load", "--dry-run", "--scenario"),
    ],
    ids=" ".join,
)
def test_a_link_that_leads_to_itself_is_no_file(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    run = roomcheck(*words, str(tmp_path / "loop"))
    assert run.returncode == 2
    assert str(tmp_path / "loop") in run.stderr
    assert "Traceback" not in run.stderr
    assert "internal error" not in run.stderr


@pytest.mark.parametrize(
    "words", [("contracts", "validate"), ("check", "--contracts"), ("load", "-t", "1s", "--contracts")], ids=" ".join
)
def test_a_name_of_a_file_does_not_steer_a_terminal(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    (tmp_path / "bundle.json").write_text('{"bundle": "own", "extends": "example"}')
    (tmp_path / "events" / f"{STEERING}.json").write_text("{bad")
    run = roomcheck(*words, str(tmp_path))
    assert run.returncode == 2
    assert f"{ESCAPED}.json:1: is not JSON" in run.stderr.replace("\n", "")
    assert all(line.isprintable() for line in run.stderr.splitlines())


def test_a_title_does_not_steer_a_terminal(tmp_path: Path) -> None:
    title = json.dumps(STEERING)
    (tmp_path / "bundle.json").write_text(f'{{"bundle": "own", "extends": "example", "title": {title}}}')
    run = roomcheck("contracts", "list", "--contracts", str(tmp_path))
    assert run.returncode == 0
    assert all(line.isprintable() for line in run.stdout.split("\n"))
    assert "\\u001b[31m" in run.stdout
