"""Who comes back after a lost connection is not sent what it missed."""

from collections.abc import Callable, Iterator
from typing import Any

from conformance.lying.spots import Spot
from conformance.lying.teller import Lying
from conformance.server.recovery import Sessions
from conformance.server.rooms import Member
from contracts.model import Bundle

CAUGHT_BY = ("missed-events-are-replayed",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """The recovery of connections, where it is promised."""
    if bundle.recovery is not None:
        yield Spot(name="connection state recovery")


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "nothing comes that could be missed: document a broadcast to a room, and what causes it"


class Forgetful(Sessions):
    """Keeps nothing for who is away."""

    def kept(self, event: str, wire: tuple[Any, ...], is_for: Callable[[Member], bool]) -> tuple[Any, ...]:
        """The arguments of an event with the offset behind them."""
        away = [id(member) for member in self.lost()]
        return super().kept(event, wire, lambda member: id(member) not in away and is_for(member))


class Lie(Lying):
    """Who comes back after a lost connection is not sent what it missed."""

    def prepare(self) -> None:
        """Let clients come back, and keep nothing for them meanwhile."""
        self.sessions = Forgetful(self.bundle.recovery)
