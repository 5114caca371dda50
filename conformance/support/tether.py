"""Programs that Roomcheck starts end with it, however it ends: they read a pipe that only it could write to.

The kernel closes the other end even where Roomcheck is killed, and asks nothing of the system beyond pipes.
"""

from __future__ import annotations

import contextlib
import os
import signal
from _thread import start_new_thread  # gevent replaces it later by what would block everything here.
from collections.abc import Iterator

VARIABLE = "ROOMCHECK_PARENT_FD"
"""Names the descriptor to a program that is started."""


@contextlib.contextmanager
def tether() -> Iterator[int]:
    """The descriptor that programs are to be passed (`pass_fds`), by its number in `VARIABLE` of their environment."""
    reading, writing = os.pipe()
    try:
        yield reading
    finally:
        os.close(reading)
        os.close(writing)


def ends_with_parent() -> None:
    """In a program that was started so: end by SIGTERM when the process that started it has ended."""
    given = os.environ.pop(VARIABLE, "")
    if given:
        # gevent, which replaces `threading` later, would wait at the end for a thread of that module.
        start_new_thread(_wait, (int(given),))


def _wait(reading: int) -> None:
    with contextlib.suppress(OSError):
        os.read(reading, 1)
    os.kill(os.getpid(), signal.SIGTERM)
