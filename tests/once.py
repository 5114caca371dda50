"""What is made once for all processes of a run of tests."""

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first process to ask for it makes; the others wait until it is whole.

    Args:
        make: fills the folder. Where it fails, the next to ask tries again.
    """
    base = factory.getbasetemp()
    # With several processes each has a folder of its own in that of the run.
    shared = base.parent if base.name.startswith("popen-") else base
    folder, whole = shared / name, shared / f"{name}.whole"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            whole.touch()
    return folder
