"""What a server that recovers the state of connections knows a client by.

Source: https://socket.io/docs/v4/connection-state-recovery.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


def without_offset(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments of an event without the offset that connection state recovery puts behind them, if it did.

    The official client takes a last argument that is a text for the offset. A lone text is an event's payload: what
    is sent without an offset, as volatile events are, keeps it.
    """
    return args[:-1] if len(args) > 1 and isinstance(args[-1], str) else args


@dataclass(slots=True, kw_only=True)
class Session:
    """What a server that recovers the state of connections knows a client by; texts are empty where it gave none."""

    pid: str = ""
    offset: str = ""
    """Of what came last."""
    node: str = ""
    """The address that the client was connected to."""

    def auth(self) -> dict[str, str]:
        """What a client that comes back shows, as the official one does."""
        return {"pid": self.pid, "offset": self.offset} if self.pid else {}

    def received(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments of an event that has come, without their offset, which is kept."""
        if not self.pid:
            return args
        if args and isinstance(args[-1], str):
            self.offset = args[-1]
        return without_offset(args)
