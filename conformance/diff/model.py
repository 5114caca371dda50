"""What a comparison of two versions finds, as frozen values."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Way: TypeAlias = Literal["client_to_server", "server_to_client"]
"""Which way a message travels, as contracts write it."""

WAYS: tuple[Way, Way] = ("client_to_server", "server_to_client")


class Severity(enum.StrEnum):
    """How much a change matters to who keeps the old version, worst first."""

    BREAKING = "breaking"
    """Who keeps the old version is refused, misses something, or is sent what it does not know."""
    RISKY = "risky"
    """Whether it is depends on what the contracts do not say, or cannot be told from them."""
    SAFE = "safe"


ORDER = (Severity.BREAKING, Severity.RISKY, Severity.SAFE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is not as it was."""

    subject: str
    """The event's name, the call as people write it, or a clause of the bundle."""
    severity: Severity
    what: str
    """What has changed: a field, a keyword, a clause."""
    was: str
    now: str
    why: str
    """What it means for whoever keeps the old version."""
    place: str
    """`file:line` in the new version; in the old one where nothing of it is left."""
    way: Way | None = None
    witness: Any = None
    """A payload that is right in one version and wrong in the other, as JSON; None where none is shown."""

    @property
    def message(self) -> str:
        """The change in a sentence."""
        about = f"{self.what}: " if self.what else ""
        return f"{about}was {self.was}, now {self.now}"
