"""What a load cannot write changes no verdict, and is said in one line."""

import sys
from pathlib import Path

import pytest

from tests.cli.test_streams import shell
from tests.running import ROOT, free_port

OURS = "roomcheck: the output cannot be written: No space left on device"


@pytest.mark.parametrize(
    ("into", "says"),
    [
        (">/dev/full", [OURS]),
        pytest.param("| head -n 1; exit ${PIPESTATUS[0]}", [], marks=pytest.mark.long),
        pytest.param(">&- 2>&-", [], marks=pytest.mark.long),
    ],
)
def test_streams_that_take_nothing_change_no_verdict_of_a_load(into: str, says: list[str]) -> None:
    run = shell(f"$roomcheck load http://127.0.0.1:{free_port()} -u 1 --sockets-per-user 1 -t 1s Chat {into}")
    assert run.returncode == 3
    assert [line for line in run.stderr.splitlines() if "/INFO/locust" not in line] == says


def test_a_load_in_a_directory_that_was_deleted_is_said(tmp_path: Path) -> None:
    line = f"cd {tmp_path} && rmdir {tmp_path} && PYTHONPATH={ROOT} exec {sys.executable} -m cli load"
    run = shell(line)
    said = "roomcheck: the working directory has been deleted; change to another one\n"
    assert (run.returncode, run.stderr) == (2, said)
