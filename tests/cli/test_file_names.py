"""A file that cannot be used is a slip of whoever names it, wherever the name is used first."""

from pathlib import Path

import pytest

from tests.running import roomcheck

LONG = "a" * 300


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


def test_a_link_that_leads_to_itself_is_no_contract(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    run = roomcheck("contracts", "validate", str(tmp_path / "loop"))
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
