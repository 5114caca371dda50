"""Whatever gives no verdict ends with 0 where nobody reads its output, and with 2 where a device is full."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from cli import app
from tests.forks import Fork
from tests.running import HANG_S, ROOT, clean_environment

FULL = "roomcheck: the output cannot be written: No space left on device\n"


def commands(command: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command, and every group of them."""
    yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*path, name))


JOURNAL = str(ROOT / "tests" / "golden" / "load.ndjson")

SAYING = (
    ("--version",),
    ("check", "--list"),
    ("contracts", "list"),
    ("contracts", "show", "message:broadcast"),
    ("contracts", "validate"),
    ("contracts", "schema"),
    ("contracts", "schema", "event"),
    ("contracts", "export", "json-schema"),
    ("contracts", "manual"),
    ("rules", "list"),
    ("rules", "explain", "order-is-kept"),
    ("rules", "manual"),
    ("selftest", "--contracts", "sos", "--list"),
    ("serve", "--lie", "list"),
    ("report", "csv", JOURNAL),
)
"""What prints something and judges nothing."""


def ended(words: tuple[str, ...], out: int) -> tuple[int, str]:
    """The exit code and the messages of a command that prints into a file descriptor."""
    with (
        os.fdopen(out, "wb") as file,
        Fork(("cli", *words), env=clean_environment(), cwd=ROOT, stdout=file, stderr=subprocess.PIPE) as run,
    ):
        _, err = run.communicate(HANG_S)
    return run.returncode or 0, err


def unread(words: tuple[str, ...]) -> tuple[int, str]:
    """How a command ends whose reader has gone away before it began."""
    reading, writing = os.pipe()
    os.close(reading)
    return ended(words, writing)


def unwritable(words: tuple[str, ...]) -> tuple[int, str]:
    """How a command ends that prints on a full device."""
    return ended(words, os.open("/dev/full", os.O_WRONLY))


@pytest.mark.parametrize("path", [*commands(get_command(app))], ids=" ".join)
def test_help_that_cannot_be_written_is_said(path: tuple[str, ...]) -> None:
    assert unwritable((*path, "--help")) == (2, FULL)


@pytest.mark.parametrize("words", [*SAYING, ("load", "--help"), ("--help",)], ids=" ".join)
def test_an_output_that_takes_nothing_is_no_verdict(words: tuple[str, ...]) -> None:
    assert unread(words) == (0, "")
    assert unwritable(words) == (2, FULL)


def test_the_list_of_a_history_is_no_verdict(tmp_path: Path) -> None:
    words = ("history", JOURNAL, "--history", str(tmp_path / "runs.db"))
    assert unread(words) == (0, "")
    assert unwritable(words) == (2, FULL)


@pytest.mark.parametrize(("least", "code"), [("1", 0), ("100", 1)])
def test_a_goal_of_coverage_is_a_verdict_which_stays(least: str, code: int) -> None:
    journal = str(ROOT / "tests" / "golden" / "check.ndjson")
    words = ("contracts", "coverage", journal, "--contracts", "sos", "--fail-under", least)
    assert unread(words)[0] == unwritable(words)[0] == code
