"""What every observer is, what it is started with, and what is raised where it cannot look."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from conformance.model.act import Transport
from conformance.model.transcript import Observed, Via
from conformance.stage.clients.recorder import Clock
from conformance.target.target import Target
from contracts.model import Bundle
from contracts.parts import namespaces_of


class ObserverUnavailable(Exception):
    """An observer cannot see; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What an observer may need of the run that it watches."""

    bundle: Bundle
    target: Target
    transport: Transport
    """The transport that reaches the service."""
    clock: Clock
    nonce: str
    """The run id; every room id of the run derives from it."""
    ids: Collection[str] = ()
    """The ids of the run that do not derive from it, since their contract says which there are; more come meanwhile."""
    on_lost: Callable[[str, float], None]
    """Call it with the name of a part of the deployment that no longer answers, and the time since when."""


def namespaces_watched(watch: Watch) -> tuple[str, ...]:
    """The namespaces in which the run has sockets; templates where their names have ids."""
    own = watch.bundle.namespace
    return tuple(watch.target.namespace if name == own else name for name in namespaces_of(watch.bundle))


class Observer(Protocol):
    """One observer."""

    what: str
    """Its title and its address, for messages."""
    via: Via
    """The kind of observer: the actor of its observations."""

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
