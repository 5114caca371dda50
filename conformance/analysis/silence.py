"""What is known of a socket that did not receive something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Whether a socket stayed without something, and what proves it."""

    kind: Literal["leak", "silent", "unproven"]
    why: str = ""
    evidence: tuple[int, ...] = ()
