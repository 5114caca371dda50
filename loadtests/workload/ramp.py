"""A ramp: so many users after so long, then so many after so long again. Pure."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

_TIME = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?")
"""As Locust writes times: 90, 30s, 1h30m."""

Stage = tuple[int, float]
"""How many users there are at its end, and how many seconds it lasts."""


LONGEST_S = 10**9
"""Of one stage, in seconds: some thirty years."""


def stages(text: str) -> list[Stage]:
    """The stages of a ramp such as `10:30s,100:1m,100:5m,0:30s`.

    Raises:
        ValueError: it is none; says what was expected.
    """
    found: list[Stage] = []
    for part in text.split(","):
        users, colon, time = part.partition(":")
        lasts = _TIME.fullmatch(time.strip())
        parts = zip(lasts.groups() if lasts else (), (3600, 60, 1), strict=False)
        lasts_s = sum(int(number or 0) * unit_s for number, unit_s in parts)
        if not colon or not users.strip().isdecimal() or not 0 < lasts_s <= LONGEST_S:
            raise ValueError(f"expected users and times such as 10:30s,100:1m,0:30s, got {text!r}")
        found.append((int(users), float(lasts_s)))
    return found


def ramp_text(text: str) -> str:
    """Check a ramp, as an option's kind; an empty one is none."""
    try:
        stages(text) if text else []
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def users_at(stages: Sequence[Stage], elapsed_s: float) -> int | None:
    """How many users there are then, between two stages in proportion; None once the last one is over."""
    before = 0
    for users, lasts_s in stages:
        if elapsed_s < lasts_s:
            return round(before + (users - before) * elapsed_s / lasts_s)
        elapsed_s -= lasts_s
        before = users
    return None
