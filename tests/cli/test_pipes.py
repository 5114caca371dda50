"""A named pipe that nobody opens at its other end is told by every command that is given it, and never waited for."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from conformance.support import pipes
from tests.golden import golden

CHECK = str(golden("check"))
WRITES, READS = "it is a named pipe, and nobody writes into it", "it is a named pipe, and nobody reads from it"
REGULAR = "is no regular file"
NO_CONTRACTS = "no contracts here"
CLOSED = "http://127.0.0.1:1"

GIVEN = (
    (("report", "html", "pipe"), WRITES),
    (("report", "html", CHECK, "--output", "pipe"), READS),
    (("report", "compare", CHECK, "pipe"), WRITES),
    (("judge", "pipe"), WRITES),
    (("history", "pipe", "--history", "runs.db"), WRITES),
    (("history", CHECK, "--history", "pipe"), REGULAR),
    (("history", "--history", "pipe"), REGULAR),
    (("align", "--wire", "pipe", "guide.md"), WRITES),
    (("align", "pipe"), REGULAR),
    (("align", "--source", "pipe"), REGULAR),
    (("contracts", "infer", "pipe"), WRITES),
    (("contracts", "coverage", "pipe", "--contracts", "sos"), WRITES),
    (("contracts", "coverage", CHECK, "--contracts", "sos", "--json", "pipe"), READS),
    (("contracts", "diff", "example", "example", "--journal", "pipe"), READS),
    (("contracts", "diff", "example", "example", "--changelog", "pipe"), READS),
    (("contracts", "diff", "example", "pipe"), NO_CONTRACTS),
    (("contracts", "validate", "pipe"), NO_CONTRACTS),
    (("contracts", "import", "asyncapi", "pipe"), REGULAR),
    (("contracts", "export", "openapi", "--out", "pipe"), READS),
    (("check", CLOSED, "--journal", "pipe"), READS),
    (("check", CLOSED, "--report", "html=pipe"), READS),
    (("check", CLOSED, "--history", "pipe"), REGULAR),
    (("check", CLOSED, "--known-failures", "pipe"), REGULAR),
    (("check", CLOSED, "--ca", "pipe"), REGULAR),
    (("check", "--target", "it", "--settings", "pipe"), REGULAR),
    (("check", CLOSED, "--contracts", "pipe"), NO_CONTRACTS),
    (("record", CLOSED, "--journal", "pipe"), REGULAR),
    (("record", CLOSED, "--contracts", "pipe"), NO_CONTRACTS),
    (("doctor", "--target", "it", "--settings", "pipe"), REGULAR),
    (("init", "--url", CLOSED, "--settings", "pipe"), REGULAR),
    (("init", "--url", CLOSED, "--auth", "jwt", "--algorithm", "RS256", "--key-file", "pipe"), REGULAR),
    (("selftest", "--contracts", "pipe"), NO_CONTRACTS),
    (("serve", "--contracts", "pipe"), NO_CONTRACTS),
)


@pytest.mark.parametrize(
    ("words", "says"), GIVEN, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_a_pipe_is_told_and_ends_with_2(
    words: tuple[str, ...], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipes, "OTHER_END_S", 0.05)
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    Path("guide.md").write_text("The client emits `message:send`.\n")
    run = CliRunner().invoke(app, words)
    assert (run.exit_code, says in run.output) == (2, True), run.output
    assert "internal error" not in run.output


def test_settings_that_are_a_pipe_are_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("roomcheck.toml")
    run = CliRunner().invoke(app, ("check", "--target", "it"))
    assert (run.exit_code, REGULAR in run.output) == (2, True), run.output
