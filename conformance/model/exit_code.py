"""Exit codes, the same for every command, and which one a run of verdicts earns."""

from __future__ import annotations

import enum
from collections.abc import Sequence

from conformance.model.verdict import Verdict, summary


class Exit(enum.IntEnum):
    """What the caller of a command can tell by its exit code."""

    HOLDS = 0
    BROKEN = 1
    USAGE = 2
    UNREACHABLE = 3
    CANNOT_TELL = 4
    OUR_ERROR = 5
    INTERRUPTED = 130


def exit_of(
    verdicts: Sequence[Verdict],
    *,
    doubt: str = "",
    lost: bool = False,
    fail_on_warning: bool = False,
) -> Exit:
    """The code of a run. A proved failure outweighs internal errors.

    Args:
        doubt: why a run without failures is no success, as `conformance.judge.sufficiency.doubt` says.
    """
    counts = summary(verdicts)
    if lost:
        return Exit.UNREACHABLE
    if counts["fail"] or (fail_on_warning and counts["warning"]):
        return Exit.BROKEN
    if counts["error"]:
        return Exit.OUR_ERROR
    return Exit.CANNOT_TELL if doubt else Exit.HOLDS
