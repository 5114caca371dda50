"""A journal that is written anew: locked before it is emptied, a pipe as it is, and read again where that is asked for."""

import os
import threading
from pathlib import Path
from typing import Literal

import pytest

from conformance.support import one_writer, pipes
from conformance.support.errors import UsageError


@pytest.mark.parametrize("mode", ["ab", "a+b"])
def test_a_file_is_emptied_and_no_other_run_may_write_it(mode: Literal["ab", "a+b"], tmp_path: Path) -> None:
    path = tmp_path / "run.ndjson"
    path.write_bytes(b"of the last run")
    with one_writer.opened(path, mode) as file:
        assert path.read_bytes() == b""
        file.write(b"of this one")
        file.flush()
        with pytest.raises(UsageError, match="another run"):
            one_writer.opened(path, mode)
        assert path.read_bytes() == b"of this one"


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    with one_writer.opened(tmp_path / "run.ndjson", "a+b") as file:
        file.write(b"entries")
        file.seek(0)
        assert file.read() == b"entries"


def test_a_pipe_is_written_to_who_reads_it(tmp_path: Path) -> None:
    path, read = tmp_path / "pipe", list[bytes]()
    os.mkfifo(path)
    reader = threading.Thread(target=lambda: read.append(path.read_bytes()))
    reader.start()
    with one_writer.opened(path) as file:
        file.write(b"entries")
    reader.join()
    assert read == [b"entries"]


def test_a_pipe_that_nobody_reads_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipes, "OTHER_END_S", 0.0)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(pipes.NoOtherEnd):
        one_writer.opened(tmp_path / "pipe")
