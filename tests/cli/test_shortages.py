"""Where a machine has too little of something, a command says what, and does not call it an error of its own."""

import errno
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.commands.shell import faults
from tests.running import HANG_S, ROOT, clean_environment


def limited(what: int, most: int, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli", *words], cwd=ROOT, env=clean_environment(), capture_output=True, text=True,
        timeout=HANG_S, check=False, preexec_fn=lambda: resource.setrlimit(what, (most, most)),
    )  # fmt: skip


@pytest.mark.parametrize("words", [("serve", "--port", "0"), ("record", "http://127.0.0.1:1", "--journal", "{}/j")])
def test_too_few_descriptors(words: tuple[str, ...], tmp_path: Path) -> None:
    run = limited(resource.RLIMIT_NOFILE, 8, *(word.format(tmp_path) for word in words))
    assert run.returncode == 2
    said = run.stderr.splitlines()[-1]  # uvloop tells its own part before.
    assert said.startswith("roomcheck: Roomcheck has no file descriptors left (its limit is 8), ")
    assert "ulimit -n 1024" in said
    assert "Warning" not in run.stderr


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "Roomcheck has no memory left"),
        (ImportError("/x/_rust.so: failed to map segment from shared object"), "Roomcheck has no memory left"),
        (OSError(errno.ENOSPC, "No space left on device"), "a file: cannot be written: No space left on device"),
        (OSError(errno.EROFS, "Read-only file system", "/x/y"), "/x/y: cannot be written: Read-only file system"),
        (OSError(errno.EMFILE, "Too many open files"), "Roomcheck has no file descriptors left"),
    ],
)
def test_what_a_machine_lacks_is_told(error: Exception, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, faults():
        raise error
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith(f"roomcheck: {said}")


@pytest.mark.parametrize(
    "error", [ImportError("no module named x"), OSError(errno.EIO, "Input/output error"), KeyError()]
)
def test_what_else_happens_is_an_error_of_ours(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, faults():
        raise error
    assert ended.value.code == 5
    assert "internal error" in capsys.readouterr().err
