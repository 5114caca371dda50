"""A terminal that is closed ends what runs in it as Ctrl-C does: the journal is whole, though nobody can be told."""

import fcntl
import os
import pty
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from conformance.journal.records import read
from tests.running import HANG_S, ROOT, clean_environment, free_port


def closed(*words: str, once: str) -> int:
    """Run a command in a terminal that is closed as soon as it has shown something; its exit code."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "cli", *words],
        cwd=ROOT,
        env=clean_environment() | {"TERM": "xterm"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    ) as run:
        os.close(theirs)
        shown = ""
        while once not in shown:
            shown += os.read(ours, 65536).decode(errors="replace")
        os.close(ours)
        return run.wait(HANG_S)


@pytest.mark.parametrize(
    ("words", "once", "code"),
    [
        (("check",), "played ", 130),
        (("record", "http://127.0.0.1:{port}", "--port", "0"), "stop with Ctrl-C", 0),
        (("load", "-t", "60s", "Chat", "--sockets-per-user", "2"), " ok, ", 130),
    ],
)
def test_a_closed_terminal_leaves_a_whole_journal(words: tuple[str, ...], once: str, code: int, tmp_path: Path) -> None:
    journal = tmp_path / "journal.ndjson"
    words = tuple(word.format(port=free_port()) for word in words)
    assert closed(*words, "--journal", str(journal), once=once) == code
    footer = read(journal).footer
    assert footer is not None
    assert footer.exit_code == code


def test_a_service_that_is_served_ends_with_its_terminal() -> None:
    assert closed("serve", "--port", "0", once="serving on ") == 130


def test_what_was_started_by_nohup_goes_on() -> None:
    command = [sys.executable, "-m", "cli", "load", "-t", "2s", "Chat", "--sockets-per-user", "2"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=clean_environment(),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    ) as run:
        assert run.stderr is not None
        next(line for line in run.stderr if "Ramping to" in line)
        os.killpg(run.pid, signal.SIGHUP)
        run.communicate(timeout=HANG_S)
    assert run.returncode in (0, 4), "it came to its own end"
