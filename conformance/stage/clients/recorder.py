"""The growing transcript of one act: entries, the run's clock, and waits for facts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from conformance.model.transcript import Acked, AnyEntry, Closed, Got, Missed, Refused
from conformance.stage.clients.intake import Meter
from conformance.support.wall_clock import WallClock


@dataclass(slots=True)
class Clock:
    """Seconds since the run began, monotonic; and the Unix time of its second 0."""

    zero_s: float = field(default_factory=time.monotonic)
    _wall: WallClock = field(default_factory=WallClock)

    def now(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.zero_s

    @property
    def epoch_s(self) -> float:
        """The Unix time of second 0, as the wall clock told it then."""
        return self._wall.epoch_s

    def reset_epochs_s(self) -> tuple[float, ...]:
        """What it is besides, where the wall clock was set meanwhile."""
        return self._wall.look(self.now())


@dataclass(slots=True)
class _Wait:
    wanted: Callable[[AnyEntry], bool]
    left: int
    actor: str | None
    done: asyncio.Future[AnyEntry | None]


class Recorder:
    """Collects the entries of one act; `wait` is how the stage learns that something happened."""

    def __init__(
        self,
        clock: Clock,
        lost: asyncio.Event,
        meter: Meter | None = None,
        note: Callable[[AnyEntry], None] | None = None,
    ) -> None:
        """`note` is called with each entry."""
        self._note = note
        self.clock = clock
        self.entries: list[AnyEntry] = []
        self.heard_s = 0.0
        """When the service last told any actor of the act something."""
        self._waits: list[_Wait] = []
        self._ended: set[str] = set()
        self.lost = lost
        """Set when the service is gone: nothing is waited for any more."""
        self.meter = meter or Meter()
        """What the sockets and calls of the act have taken."""

    def add(self, entry: AnyEntry) -> None:
        """Append an entry and wake whoever waited for it."""
        self.entries.append(entry)
        if self._note is not None:
            self._note(entry)
        if isinstance(entry, Got | Acked):
            self.heard_s = entry.at_s
        for wait in [wait for wait in self._waits if wait.wanted(entry)]:
            wait.left -= 1
            if wait.left == 0 and not wait.done.done():
                wait.done.set_result(entry)
        if isinstance(entry, Closed | Refused) or (isinstance(entry, Missed) and entry.is_connection):
            self._ended.add(entry.actor)
            for wait in [wait for wait in self._waits if wait.actor == entry.actor and not wait.done.done()]:
                wait.done.set_result(None)

    def ended(self, actor: str | None) -> bool:
        """Whether the actor's connection ended, or was never made: it receives nothing more."""
        return actor in self._ended

    async def wait(
        self,
        wanted: Callable[[AnyEntry], bool],
        timeout_s: float,
        *,
        count: int = 1,
        since: int = 0,
        actor: str | None = None,
    ) -> AnyEntry | None:
        """Wait for the `count`-th entry that fits, counting from index `since`; None when time is up.

        It ends early when nothing will come any more: the service is known to be gone, or the connection of the
        `actor` that would receive it has ended.
        """
        fit = [entry for entry in self.entries[since:] if wanted(entry)]
        if len(fit) >= count:
            return fit[count - 1]
        if self.ended(actor):
            return None
        done: asyncio.Future[AnyEntry | None] = asyncio.get_running_loop().create_future()
        wait = _Wait(wanted=wanted, left=count - len(fit), actor=actor, done=done)
        self._waits.append(wait)
        gone = asyncio.ensure_future(self.lost.wait())
        try:
            both: set[asyncio.Future[Any]] = {wait.done, gone}
            await asyncio.wait(both, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            self._waits.remove(wait)
        return wait.done.result() if wait.done.done() else None
