"""A named pipe is opened where somebody opens its other end, and is never waited for without end."""

import os
import threading
from pathlib import Path

import pytest

from conformance.support import pipes


@pytest.fixture
def pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pipes, "OTHER_END_S", 0.1)
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


def test_a_pipe_that_nobody_writes_into_is_told(pipe: Path) -> None:
    before = threading.active_count()
    with pytest.raises(pipes.NoOtherEnd) as raised:
        pipes.opened(pipe)
    assert (raised.value.strerror, raised.value.filename) == (
        "it is a named pipe, and nobody writes into it",
        str(pipe),
    )
    assert threading.active_count() == before


def test_a_pipe_that_nobody_reads_from_is_told(pipe: Path) -> None:
    with pytest.raises(pipes.NoOtherEnd) as raised:
        pipes.write(pipe, b"a")
    assert raised.value.strerror == "it is a named pipe, and nobody reads from it"


def test_what_is_written_into_a_pipe_is_read(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipes, "OTHER_END_S", 20.0)
    whole = b"x" * 200_000  # More than a pipe holds.
    writer = threading.Thread(target=pipes.write, args=(pipe, whole))
    writer.start()
    with pipes.opened(pipe) as file:
        assert file.read() == whole
    writer.join()


def test_a_writer_that_is_silent_is_waited_for(pipe: Path) -> None:
    keeping = os.open(pipe, os.O_RDWR)
    with pipes.opened(pipe) as file:
        os.write(keeping, b"late\n")
        assert file.readline() == b"late\n"
    os.close(keeping)


def test_other_files_are_opened_as_ever(tmp_path: Path) -> None:
    pipes.write(tmp_path / "file", b"abc")
    with pipes.opened(tmp_path / "file") as file:
        assert file.read() == b"abc"
    with pytest.raises(FileNotFoundError):
        pipes.opened(tmp_path / "none")
    assert not pipes.is_pipe(tmp_path / "none")
