"""What to say of a check that ended before all acts had been played."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many of the acts had been played to their end."""

    played: int
    planned: int
    """0 before any was planned."""

    def __str__(self) -> str:
        return f"{self.played} of {self.planned} acts had been played to their end, and only those are judged"


def interrupted(progress: Progress, after_s: float) -> str:
    """What to say of a check that a signal ended."""
    when = f"interrupted {max(0.0, after_s):.1f} s into the check"
    if not progress.planned:
        return f"{when}, before any act was played: nothing is judged"
    return f"{when}: {progress}"


def expired(progress: Progress, max_s: float) -> str:
    """What to say of a check that its time limit ended."""
    return f"the time limit of {max_s:g} s (--max-time) ended the check: {progress}"
