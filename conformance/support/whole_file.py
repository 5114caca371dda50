"""Files are replaced as a whole: where the disk is full, or the process ends meanwhile, what was there still is."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path

CLOSED_FOLDER = {errno.EACCES, errno.EPERM}
"""Errors of a folder that takes no new file, though the file in it may be written."""


def replace(path: Path, data: bytes) -> None:
    """Write a file in place of what is there, with its rights; a link stays one.

    Raises:
        OSError: it cannot be written.
    """
    place = path.resolve()
    there = place.stat() if place.exists() else None
    try:
        number, half = tempfile.mkstemp(prefix=".", suffix=".part", dir=place.parent)
    except OSError as error:
        if there is None or error.errno not in CLOSED_FOLDER:
            raise OSError(error.errno, error.strerror, str(path)) from None
        place.write_bytes(data)
        return
    try:
        with os.fdopen(number, "wb") as opened:
            opened.write(data)
        if there is not None:
            with contextlib.suppress(PermissionError):
                os.chown(half, there.st_uid, there.st_gid)
        os.chmod(half, there.st_mode & 0o777 if there is not None else 0o644)
        os.replace(half, place)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
