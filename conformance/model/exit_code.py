"""Exit codes, the same for every command, and which one a run of verdicts earns."""

from __future__ import annotations

import enum
from collections.abc import Sequence

from conformance.model.verdict import NotExercised, Verdict, summary, verified_percent


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
    not_exercised: Sequence[NotExercised],
    *,
    lost: bool = False,
    fail_on_warning: bool = False,
    min_verified: float = 0.0,
) -> Exit:
    """The code of a run. A proved failure outweighs internal errors, and nothing verified is never green."""
    counts = summary(verdicts)
    if lost:
        return Exit.UNREACHABLE
    if counts["fail"] or (fail_on_warning and counts["warning"]):
        return Exit.BROKEN
    if counts["error"]:
        return Exit.OUR_ERROR
    if not counts["pass"] + counts["warning"] + counts["known"]:
        return Exit.CANNOT_TELL
    if verified_percent(verdicts, not_exercised) < min_verified:
        return Exit.CANNOT_TELL
    return Exit.HOLDS
