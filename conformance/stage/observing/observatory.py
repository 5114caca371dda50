"""Starts the observers that a target's settings ask for, and collects what they see while acts are played.

An observer only reads. One that cannot be started, or goes away, is a remark of the run and breaks nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial

from conformance.model.transcript import AnyEntry, Observed, Opened, Via, Watcher
from conformance.stage.observing.observer import Observer, ObserverUnavailable, Watch
from conformance.support.discovery import declared, module_of
from conformance.target.settings_file import OBSERVERS
from conformance.target.target import CALL_S


class Observatory:
    """The observers of a run."""

    def __init__(
        self,
        observers: Sequence[Observer] = (),
        watchers: Mapping[Via, Watcher] | None = None,
        limit_s: float = CALL_S,
    ) -> None:
        self.notes: list[str] = []
        """What could not be watched, and why."""
        self.watchers = dict(watchers or {})
        """What each kind of observer is called, and what to check where it shows nothing."""
        self._observers = list(observers)
        self._limit_s = limit_s
        """How long an observer may take to start, look or catch up: on a busy machine as long as any call."""
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
        await asyncio.gather(*(self._or_without(observer, observer.start) for observer in tuple(self._observers)))

    async def expect(self, names: Collection[str]) -> None:
        """Let every observer watch rooms of these names."""
        await asyncio.gather(
            *(self._or_without(observer, partial(observer.expect, names)) for observer in tuple(self._observers))
        )

    async def look(self) -> None:
        """Let every observer look."""
        await asyncio.gather(*(self._or_without(observer, observer.look) for observer in tuple(self._observers)))

    async def seen(self, rooms: Sequence[str], entries: Sequence[AnyEntry]) -> list[Observed]:
        """What the observers saw of an act: its rooms' broadcasts, those without a subject, its sockets' rooms."""
        await asyncio.gather(*(self._or_without(observer, observer.caught_up) for observer in tuple(self._observers)))
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

    async def _or_without(self, observer: Observer, doing: Callable[[], Awaitable[None]]) -> None:
        """Do something with an observer; if it cannot see, go on without it, and note why."""
        try:
            async with asyncio.timeout(self._limit_s):
                await doing()
        except ObserverUnavailable as error:
            why = str(error)
        except TimeoutError:
            why = f"no answer within {self._limit_s:g} s"
        else:
            return
        if observer in self._observers:
            self._observers.remove(observer)
            self.notes.append(f"{observer.what} shows no rooms: {why}")
            await asyncio.gather(observer.stop(), return_exceptions=True)


def observatory(watch: Watch) -> Observatory:
    """The observers that the settings of a target ask for, not started yet."""
    made: list[Observer] = []
    watchers: dict[Via, Watcher] = {}
    for name in set_up(watch.target.observers):
        module = module_of(OBSERVERS, name)
        own = module.observers(watch)
        watchers |= {observer.via: Watcher(title=module.TITLE, hint=module.HINT) for observer in own}
        made += own
    return Observatory(made, watchers, watch.target.call_s)


def set_up(settings: Mapping[str, object]) -> tuple[str, ...]:
    """The names of the observers that settings ask for: those of which the first setting has a value."""
    first = {name: next(iter(keys)) for name, keys in declared(OBSERVERS, "SETTINGS").items()}
    return tuple(name for name, key in first.items() if settings.get(key))
