"""Fields of a request whose values the service has given to the same client before, such as the id of a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a client has the value of a field from."""

    field: str
    kind: Literal["reply", "broadcast"]
    event: str
    """The request that is answered with it, or the broadcast that has it."""
    at: str
    """Where in the answer or broadcast it is: a JSON pointer."""

    @property
    def words(self) -> str:
        """The field and where its value comes from, in words."""
        what = "the answer to" if self.kind == "reply" else "the broadcast"
        return f"`{self.field}` comes from {what} {self.event} at {self.at}"


def given_of(written: dict[str, dict[str, str]] | None) -> tuple[Origin, ...]:
    """The origins that a request's `given` lists."""
    return tuple(
        Origin(field=field, kind="reply", event=one["reply"], at=one["at"])
        if "reply" in one
        else Origin(field=field, kind="broadcast", event=one["broadcast"], at=one["at"])
        for field, one in (written or {}).items()
    )
