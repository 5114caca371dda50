"""The standard streams of a command: there, whoever started it, and never the reason for another exit code.

A shell can start a program with standard streams closed (`>&-`). The next file that is opened gets their number then:
libuv aborts the process, and what is printed ends in that file. So they are opened on the null device first.

What cannot be written is dropped. Where the reader of a pipe has gone away, that is all: it has seen enough. Where a
device is full, `Output.failed` keeps the reason, which the command tells at its end.
"""

from __future__ import annotations

import io
import os
import select
import sys
from typing import Any, TextIO

from conformance.support.printable import printable_lines

STDOUT, STDERR = 1, 2

MOST_COLUMNS = 999
"""The widest terminal that is believed in: lines are filled with spaces up to its width, which takes their memory."""


class Output(io.RawIOBase):
    """Standard output or standard error; writing never raises.

    `failed` is the first reason, other than a reader that went away, for which something could not be written.
    """

    def __init__(self, number: int) -> None:
        """Write to the file descriptor `number`."""
        self.failed: OSError | None = None
        self._number = number
        self._closed_by_reader = False

    def writable(self) -> bool:
        """It can be written, whatever becomes of it."""
        return True

    def fileno(self) -> int:
        """The file descriptor."""
        return self._number

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return os.isatty(self._number)

    def write(self, data: Any, /) -> int:
        """Write, or drop the data; the count is that of the whole data where it is dropped."""
        while not self._closed_by_reader and self.failed is None:
            try:
                return os.write(self._number, data)
            except BrokenPipeError:
                self._closed_by_reader = True
            except BlockingIOError:  # Another program has made the terminal or pipe, which it shares, so.
                select.select([], [self._number], [])
            except OSError as error:
                self.failed = error
        return len(data)


def install() -> tuple[Output, Output]:
    """Open the standard streams that are closed, and make the outputs such as never raise; (stdout, stderr)."""
    for number in range(3):
        _open(number)
    if sys.stdin is None:
        sys.stdin = open(0, closefd=False)  # noqa: SIM115 - it stays open as long as the process
    _limit_columns()
    out, err = Output(STDOUT), Output(STDERR)
    sys.stdout = _text(out, sys.stdout, "replace")
    sys.stderr = _text(err, sys.stderr, "backslashreplace")
    return out, err


def message(out: Output) -> str | None:
    """What a person is told where the standard output could not be written."""
    return f"the output cannot be written: {out.failed.strerror}" if out.failed else None


def complain(message: object) -> None:
    """Print a message on standard error as Roomcheck's; nothing in it steers a terminal."""
    print(printable_lines(f"roomcheck: {message}"), file=sys.stderr)


def _open(number: int) -> None:
    """Open the null device as this file descriptor, if it is closed. Called in ascending order: the lowest is taken."""
    try:
        os.fstat(number)
    except OSError:
        opened = os.open(os.devnull, os.O_RDWR)
        os.set_inheritable(opened, True)


def _limit_columns() -> None:
    """Take a width of COLUMNS that no terminal has for the largest that is believed in."""
    columns = os.environ.get("COLUMNS", "").strip()
    if columns.isdecimal() and len(columns.lstrip("0")) > len(str(MOST_COLUMNS)):
        os.environ["COLUMNS"] = str(MOST_COLUMNS)


def _text(output: Output, before: TextIO | None, errors: str) -> io.TextIOWrapper:
    """A text stream over it, with the encoding of the one before; characters that it lacks are replaced."""
    by_line = output.isatty() or output.fileno() == STDERR
    encoding = getattr(before, "encoding", None) or "utf-8"
    return io.TextIOWrapper(io.BufferedWriter(output), encoding=encoding, errors=errors, line_buffering=by_line)
