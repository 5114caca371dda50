"""A shortage of memory of this process, which is no fault of ours or of a service."""

from __future__ import annotations

UNMAPPED = ("failed to map segment", "cannot allocate memory", "cannot map zero-fill pages")
"""How the loader of shared libraries says so."""


def is_out(error: BaseException) -> bool:
    """Whether an error is one."""
    is_unmapped = isinstance(error, ImportError) and any(words in str(error).lower() for words in UNMAPPED)
    return is_unmapped or isinstance(error, MemoryError)


def shortage() -> str:
    """What to say of it."""
    return (
        "Roomcheck has no memory left: give it more, as with `ulimit -v unlimited` or a larger limit of its container"
    )
