"""Files that may be named pipes: to open one waits for its other end, which may never come."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import threading
import time
from concurrent.futures import Future
from pathlib import Path
from typing import IO, Literal

OTHER_END_S = 5.0
"""How long the other end of a named pipe may take to be opened: a shell that starts both commands needs under 1 s."""

AGAIN_S = 0.02
"""After which it is looked again whether somebody reads."""

Mode = Literal["rb", "wb"]


class NoOtherEnd(OSError):
    """A named pipe whose other end nobody opens; `strerror` says so, as that of any other OSError."""


def opened(path: Path, mode: Mode = "rb") -> IO[bytes]:
    """Open a file to read it or to write it anew; a named pipe only where somebody opens its other end.

    Raises:
        OSError: it cannot be opened.
        NoOtherEnd: nobody has opened the other end of the pipe within `OTHER_END_S`.
    """
    if not is_pipe(path):
        return path.open(mode)
    return _to_read(path) if mode == "rb" else _to_write(path)


def _to_read(path: Path) -> IO[bytes]:
    """The end of a pipe that is read.

    It is opened in a thread, which waits for a writer: to open it without waiting does not tell whether there is one.
    """
    made: Future[IO[bytes]] = Future()
    opening = threading.Thread(target=_open, args=(path, made), daemon=True)
    opening.start()
    try:
        return made.result(OTHER_END_S)
    except TimeoutError:
        with contextlib.suppress(OSError):  # To be the other end for a moment ends the wait of the thread.
            os.close(os.open(path, os.O_RDWR | os.O_NONBLOCK))
            made.result(OTHER_END_S).close()
            opening.join()
        raise NoOtherEnd(errno.ETIMEDOUT, "it is a named pipe, and nobody writes into it", str(path)) from None


def _to_write(path: Path) -> IO[bytes]:
    """The end of a pipe that is written into. No thread: those of a load are none, as gevent has replaced them."""
    until_s, never = time.monotonic() + OTHER_END_S, threading.Event()
    while True:
        try:
            number = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            if time.monotonic() >= until_s:
                said = "it is a named pipe, and nobody reads from it"
                raise NoOtherEnd(errno.ETIMEDOUT, said, str(path)) from None
            never.wait(AGAIN_S)
        else:
            os.set_blocking(number, True)
            return os.fdopen(number, "wb")


def write(path: Path, data: bytes) -> None:
    """Write a file whole, or all of it into a pipe.

    Raises:
        OSError: as `opened`, or it takes no more.
    """
    with opened(path, "wb") as file:
        file.write(data)


def is_pipe(path: Path) -> bool:
    """Whether a file is there, and is a named pipe."""
    try:
        return stat.S_ISFIFO(path.stat().st_mode)
    except OSError:
        return False


def _open(path: Path, made: Future[IO[bytes]]) -> None:
    try:
        made.set_result(path.open("rb"))
    except OSError as error:
        made.set_exception(error)
