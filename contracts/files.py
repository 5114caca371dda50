"""Files that people name: read whole where they are files of an ordinary size, and refused where they are not.

A pipe that nobody writes to would be waited for without end, and `/dev/zero` never ends.
"""

from __future__ import annotations

import errno
import stat
from pathlib import Path

MOST_BYTES = 4_000_000
"""Of a file that a person writes: contracts, settings, lists of known failures."""


class Refused(OSError):
    """A file that is not read; `strerror` says why, as that of any other OSError."""


def content(path: Path, most_bytes: int = MOST_BYTES) -> bytes:
    """The bytes of a file.

    Raises:
        OSError: it cannot be read, is no regular file, or has more bytes.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise Refused(errno.EINVAL, "it is no regular file", str(path))
    with path.open("rb") as file:
        data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise Refused(errno.EFBIG, f"it is larger than {most_bytes // 1_000_000} MB", str(path))
    return data


def text(path: Path, encoding: str = "utf-8") -> str:
    """The text of a file; a line ends with a newline, whatever it ends with in the file.

    Raises:
        OSError: as `content`.
        UnicodeDecodeError: it has another encoding.
    """
    return content(path).decode(encoding).replace("\r\n", "\n").replace("\r", "\n")


def unusable(path: Path) -> str:
    """Why a path names no file that can be read whole, as a sentence; empty where it does."""
    if path.is_file():
        return ""
    return f"{str(path)!r} is no regular file" if path.exists() else f"there is no file {str(path)!r}"
