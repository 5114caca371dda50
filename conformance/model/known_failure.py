"""A failure that is known and accepted until a date."""

from __future__ import annotations

from datetime import date

import msgspec


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the file."""

    rule: str
    subject: str
    reason: str
    owner: str
    expires: str | None = None
    """ISO 8601; the last day on which it counts."""
    place: str = ""
    """File and line."""

    def expired(self, today: date) -> bool:
        """Whether it counts no more."""
        return self.expires is not None and date.fromisoformat(self.expires) < today
