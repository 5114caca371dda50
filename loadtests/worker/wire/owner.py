"""What a connection of the load is given: who owns it, frames that are known, and what it shows of a token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from loadtests.worker.wire import codec
from loadtests.worker.wire.failures import Failed


class Heard(Protocol):
    """A frame that is known, because an equal one has come before."""

    def take(self, owner: Any, frame: bytes, now_ns: int) -> None:
        """It has come once more."""


class Shown(Protocol):
    """What a connection shows of a token in the requests of its handshake."""

    @property
    def query(self) -> Mapping[str, str]:
        """Parameters of every request."""

    def among(self, headers: Mapping[str, str]) -> dict[str, str]:
        """These headers and its own."""


class Owner(Protocol):
    """Who a connection belongs to."""

    def first(self, frame: bytes, packet: codec.Packet | None, why: str) -> None:
        """A frame has come that nobody knew; without a packet where it is malformed, and why."""

    def lost(self, why: Failed) -> None:
        """The connection was lost, not closed by its owner."""
