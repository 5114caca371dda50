"""Journals that one run writes at a time: what another has begun is not taken away from under it."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from pathlib import Path
from typing import IO, Literal

from conformance.support import pipes
from conformance.support.errors import UsageError

Mode = Literal["ab", "a+b"]

WITHOUT_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)
"""What a file system says that has no locks."""


def opened(path: Path, mode: Mode = "ab") -> IO[bytes]:
    """A file to be written anew, locked before anything of it is taken away; a device or a pipe is only opened.

    Args:
        mode: `a+b` where it is read again, too, which a pipe cannot be.

    Raises:
        OSError: it cannot be opened, or nobody reads from the pipe.
        UsageError: another run is at it.
    """
    if mode == "ab" and pipes.is_pipe(path):
        return pipes.opened(path, "wb")
    file = path.open(mode)
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        lock(file, path)
        file.truncate(0)
    return file


def lock(file: IO[bytes], path: Path) -> None:
    """Let no other run write a file as long as it is open here; a file system without locks lets any.

    Raises:
        UsageError: another run is at it.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise UsageError(f"--journal: another run is writing {path}; name another file") from None
    except OSError as error:
        if error.errno not in WITHOUT_LOCKS:
            raise
