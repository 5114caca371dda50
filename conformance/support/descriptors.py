"""The limit of file descriptors of this process: each connection takes one, and a shortage is no fault of a service."""

from __future__ import annotations

import errno
import resource

from conformance.support.errors import UsageError

ENOUGH = 4096
"""Descriptors that a check, or the workers of a load, can use."""


class OutOfDescriptors(UsageError):
    """No connection can be made, since this process may open no more files."""


def raise_limit() -> None:
    """Raise the soft limit of this process as far as it may, up to what is of use."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(ENOUGH, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def require(least: int) -> None:
    """Refuse to begin where this process and those that it starts may not open so many files.

    Raises:
        OutOfDescriptors: the hard limit is below that.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < least:
        raise OutOfDescriptors(
            f"Roomcheck needs {least} file descriptors to begin, and may open {hard}: raise the limit, as with "
            "`ulimit -n 1024`"
        )


def is_out(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is a shortage of descriptors."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            return True
        inner = getattr(error, "os_error", None)
        error = inner if isinstance(inner, OSError) and inner is not error else error.__cause__ or error.__context__
    return False


def shortage() -> str:
    """What to say of a shortage."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return (
        f"Roomcheck has no file descriptors left (its limit is {soft}), which is no fault of the service: raise the "
        "limit, as with `ulimit -n 1024`"
    )
