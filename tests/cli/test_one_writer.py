"""A journal is written by one run at a time: the file of a run that goes on is left alone."""

import fcntl
from pathlib import Path

import pytest

from conformance.journal import records
from conformance.support.errors import UsageError
from tests.running import roomcheck


@pytest.mark.parametrize(
    "words",
    [("check", "--select", "error"), ("load", "-t", "2s", "-u", "2", "Chat"), ("record", "http://127.0.0.1:9")],
    ids=lambda words: words[0],
)
def test_a_journal_that_another_run_writes_is_refused_and_stays_as_it_is(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    path = tmp_path / "run.ndjson"
    path.write_bytes(b"of another run\n")
    with path.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        run = roomcheck(*words, "--journal", str(path))
    assert run.returncode == 2, run.stdout + run.stderr
    assert f"roomcheck: --journal: another run is writing {path}; name another file" in run.stderr
    assert path.read_bytes() == b"of another run\n"


def test_a_journal_of_before_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "run.ndjson"
    path.write_bytes(b"of before\n")
    _, file = records.open_writer(path)
    with pytest.raises(UsageError, match="another run is writing"):
        records.open_writer(path)
    file.write(b"of now\n")
    file.close()
    assert path.read_bytes() == b"of now\n"


def test_what_is_no_regular_file_is_not_locked() -> None:
    files = [records.open_writer(Path("/dev/null"))[1] for _ in range(2)]
    for file in files:
        file.close()
