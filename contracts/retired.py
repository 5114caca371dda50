"""Names of events that a service no longer has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """A name that must not come back."""

    event: str
    direction: Literal["client_to_server", "server_to_client"]
    instead: str
    stand_in_call: str | None = None
