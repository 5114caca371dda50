"""Standard streams that are closed, full or read by nobody: never a traceback, and never another exit code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.support.streams import MOST_COLUMNS, Output, message
from tests.running import ROOT, clean_environment, roomcheck


def shell(line: str) -> subprocess.CompletedProcess[str]:
    """What a line of bash, in which `$roomcheck` is the program, writes and ends with."""
    environment = clean_environment() | {"roomcheck": f"{sys.executable} -m cli"}
    return subprocess.run(["bash", "-c", line], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_what_a_reader_that_went_away_would_have_read_is_dropped() -> None:
    reading, writing = os.pipe()
    out = Output(writing)
    assert out.write(b"12") == 2
    os.close(reading)
    assert out.write(b"345") == 3
    assert out.write(b"6789") == 4
    assert message(out) is None
    os.close(writing)


def test_what_a_full_device_does_not_take_is_dropped_and_said() -> None:
    with Path("/dev/full").open("wb", buffering=0) as full:
        out = Output(full.fileno())
        assert out.write(b"12") == 2
    assert message(out) == "the output cannot be written: No space left on device"


def test_an_output_that_takes_no_more_for_now_is_waited_for() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with subprocess.Popen(["wc", "-c"], stdin=reading, stdout=subprocess.PIPE, text=True) as reader:
        os.close(reading)
        out, rest = Output(writing), memoryview(bytes(1 << 20))
        while rest:
            rest = rest[out.write(rest) :]
        os.close(writing)
        assert reader.communicate()[0].split() == [str(1 << 20)]
    assert message(out) is None


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("$roomcheck check --select order-is-kept --quiet <&- >&-", 0, ""),
        ("$roomcheck check --select order-is-kept >&- 2>&-", 0, ""),
        ("$roomcheck check --select order-is-kept 2>&-", 0, ""),
        ("$roomcheck rules explain no-such-rule <&- >&-", 2, "roomcheck: there is no rule"),
        ("$roomcheck --help >/dev/full", 2, "roomcheck: the output cannot be written: No space left on device\n"),
        ("$roomcheck load --help >/dev/full", 2, "roomcheck: the output cannot be written: No space left on device\n"),
        ("$roomcheck rules list >/dev/full", 2, "roomcheck: the output cannot be written: No space left on device\n"),
        ("$roomcheck align tests/align/broken.ts >/dev/full", 1, "cannot be written: No space left on device\n"),
        ("$roomcheck --help | head -n 0; exit ${PIPESTATUS[0]}", 0, ""),
        ("$roomcheck rules manual | head -n 1; exit ${PIPESTATUS[0]}", 0, ""),
    ],
)
def test_streams_that_take_nothing_change_no_verdict(line: str, code: int, says: str) -> None:
    run = shell(line)
    assert says in run.stderr
    assert len(run.stderr.splitlines()) == bool(says)
    assert run.returncode == code


def test_a_width_that_no_terminal_has_is_not_filled_with_spaces() -> None:
    run = roomcheck("contracts", "coverage", "tests/golden/check.ndjson", env={"COLUMNS": "9" * 9})
    assert run.returncode == 0
    assert max(map(len, run.stdout.splitlines())) <= MOST_COLUMNS
