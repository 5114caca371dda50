"""What every observer is, and what is raised where it cannot look."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from conformance.model.transcript import Observed, Via

LOOK_S = 3.0
"""How long an observer may take to start, to look, or to catch up: python-socketio's Admin UI lets 0.1 s pass before
it tells its sockets, a busy Redis answers in milliseconds."""


class ObserverUnavailable(Exception):
    """An observer cannot see; says why."""


class Observer(Protocol):
    """One observer."""

    what: str
    """As people know it, with its address."""
    via: Via
    """The kind of observer that it is."""

    async def start(self) -> None:
        """Begin to watch.

        Raises:
            ObserverUnavailable: it cannot be had.
        """

    async def expect(self, names: Collection[str]) -> None:
        """Watch rooms of these names, at which nobody may be, where not every room is watched anyway."""

    async def look(self) -> None:
        """See to it that the rooms of now are known."""

    async def caught_up(self) -> None:
        """Wait until everything that happened before this call has been seen."""

    def observations(self) -> list[Observed]:
        """Everything seen so far."""

    async def stop(self) -> None:
        """End."""
