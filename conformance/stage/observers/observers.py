"""What watches the rooms from outside while acts are played: the adapter's Redis, the Admin UI.

An observer only reads. One that cannot be had, or goes away, is a note of the run and breaks nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence

from conformance.model.act import Transport
from conformance.model.transcript import AnyEntry, Observed, Opened, Via
from conformance.stage.clients.recorder import Clock
from conformance.stage.observers.base import LOOK_S, Blind, Eye
from conformance.target.target import Target
from contracts.model import Bundle


class Observatory:
    """The observers of a run."""

    def __init__(self, eyes: Sequence[Eye] = ()) -> None:
        self.notes: list[str] = []
        """What could not be watched, and why."""
        self._eyes = list(eyes)
        self._wanted = tuple(dict.fromkeys(eye.via for eye in eyes))

    @property
    def watching(self) -> tuple[Via, ...]:
        """The kinds of observers that watch."""
        return tuple(via for via in self._wanted if any(eye.via == via for eye in self._eyes))

    @property
    def blind(self) -> tuple[Via, ...]:
        """The kinds of observers of which none can watch."""
        return tuple(via for via in self._wanted if via not in self.watching)

    async def start(self) -> None:
        """Start every observer, and leave out those that cannot be had."""
        await asyncio.gather(*(self._or_blind(eye, eye.start()) for eye in tuple(self._eyes)))

    async def expect(self, names: Collection[str]) -> None:
        """Let every observer watch rooms of these names."""
        await asyncio.gather(*(self._or_blind(eye, eye.expect(names)) for eye in tuple(self._eyes)))

    async def look(self) -> None:
        """Let every observer look."""
        await asyncio.gather(*(self._or_blind(eye, eye.look()) for eye in tuple(self._eyes)))

    async def seen(self, rooms: Sequence[str], entries: Sequence[AnyEntry]) -> list[Observed]:
        """What the observers saw of an act: its rooms' broadcasts, those without a subject, its sockets' rooms."""
        await asyncio.gather(*(self._or_blind(eye, eye.caught_up()) for eye in tuple(self._eyes)))
        sockets = {entry.socket for entry in entries if isinstance(entry, Opened)}
        return [
            sighting
            for eye in self._eyes
            for sighting in eye.sightings()
            if (sighting.socket in sockets if sighting.socket else sighting.subject in (None, *rooms))
        ]

    async def stop(self) -> None:
        """End every observer."""
        await asyncio.gather(*(eye.stop() for eye in self._eyes), return_exceptions=True)

    async def _or_blind(self, eye: Eye, doing: Awaitable[None]) -> None:
        """Do something with an observer; if it cannot see, go on without it, and note why."""
        try:
            async with asyncio.timeout(LOOK_S):
                await doing
        except Blind as error:
            why = str(error)
        except TimeoutError:
            why = f"no answer within {LOOK_S:g} s"
        else:
            return
        if eye in self._eyes:
            self._eyes.remove(eye)
            self.notes.append(f"{eye.what} shows no rooms: {why}")
            await asyncio.gather(eye.stop(), return_exceptions=True)


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
    eyes: list[Eye] = []
    observers = target.observers
    if observers.redis_url:
        from conformance.stage.observers.redis import RedisEye

        eyes.append(RedisEye(observers, target.namespace, bundle.room.key, clock, nonce, on_lost))
    if observers.admin:
        from conformance.stage.observers.admin_ui import AdminEye

        eyes += [AdminEye(target, url, transport, clock) for url in target.urls]
    return Observatory(eyes)
