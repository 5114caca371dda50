"""What watches the rooms from outside while acts are played: the adapter's Redis, the Admin UI.

An observer only reads. One that cannot be had, or goes away, is a note of the run and breaks nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence

from conformance.model.act import Transport
from conformance.model.transcript import AnyEntry, Observed, Opened, Via
from conformance.stage.clients.recorder import Clock
from conformance.stage.observers.base import LOOK_S, Observer, ObserverUnavailable
from conformance.target.target import Target
from contracts.model import Bundle


class Observatory:
    """The observers of a run."""

    def __init__(self, observers: Sequence[Observer] = ()) -> None:
        self.notes: list[str] = []
        """What could not be watched, and why."""
        self._observers = list(observers)
        self._wanted = tuple(dict.fromkeys(observer.via for observer in observers))

    @property
    def watching(self) -> tuple[Via, ...]:
        """The kinds of observers that watch."""
        return tuple(via for via in self._wanted if any(observer.via == via for observer in self._observers))

    @property
    def blind(self) -> tuple[Via, ...]:
        """The kinds of observers of which none can watch."""
        return tuple(via for via in self._wanted if via not in self.watching)

    async def start(self) -> None:
        """Start every observer, and leave out those that cannot be had."""
        await asyncio.gather(*(self._or_without(observer, observer.start()) for observer in tuple(self._observers)))

    async def expect(self, names: Collection[str]) -> None:
        """Let every observer watch rooms of these names."""
        await asyncio.gather(
            *(self._or_without(observer, observer.expect(names)) for observer in tuple(self._observers))
        )

    async def look(self) -> None:
        """Let every observer look."""
        await asyncio.gather(*(self._or_without(observer, observer.look()) for observer in tuple(self._observers)))

    async def seen(self, rooms: Sequence[str], entries: Sequence[AnyEntry]) -> list[Observed]:
        """What the observers saw of an act: its rooms' broadcasts, those without a subject, its sockets' rooms."""
        await asyncio.gather(*(self._or_without(observer, observer.caught_up()) for observer in tuple(self._observers)))
        sockets = {entry.socket for entry in entries if isinstance(entry, Opened)}
        return [
            observation
            for observer in self._observers
            for observation in observer.observations()
            if (observation.socket in sockets if observation.socket else observation.subject in (None, *rooms))
        ]

    async def stop(self) -> None:
        """End every observer."""
        await asyncio.gather(*(observer.stop() for observer in self._observers), return_exceptions=True)

    async def _or_without(self, observer: Observer, doing: Awaitable[None]) -> None:
        """Do something with an observer; if it cannot see, go on without it, and note why."""
        try:
            async with asyncio.timeout(LOOK_S):
                await doing
        except ObserverUnavailable as error:
            why = str(error)
        except TimeoutError:
            why = f"no answer within {LOOK_S:g} s"
        else:
            return
        if observer in self._observers:
            self._observers.remove(observer)
            self.notes.append(f"{observer.what} shows no rooms: {why}")
            await asyncio.gather(observer.stop(), return_exceptions=True)


def observatory(
    bundle: Bundle,
    target: Target,
    transport: Transport,
    clock: Clock,
    nonce: str,
    on_lost: Callable[[str, float], None],
) -> Observatory:
    """The observers that a target has, not started yet.

    Args:
        transport: that the service is reached over; the Admin UI is a namespace of it.
        on_lost: told of a part of the deployment that was there and answers no more, and since when.
    """
    made: list[Observer] = []
    observers = target.observers
    if observers.redis_url:
        from conformance.stage.observers.redis import RedisObserver

        made.append(RedisObserver(observers, target.namespace, bundle.room.key, clock, nonce, on_lost))
    if observers.admin:
        from conformance.stage.observers.admin_ui import AdminObserver

        made += [AdminObserver(target, url, transport, clock) for url in target.urls]
    return Observatory(made)
