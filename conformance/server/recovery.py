"""Connection state recovery: who lost the connection and comes back in time keeps its id and rooms, and what it missed.

python-socketio has no such thing. What travels is that of the official server: the handshake is answered with a `pid`,
what can be sent again ends in an offset, and a client that comes back shows both.
"""

from __future__ import annotations

import itertools
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from conformance.server.rooms import Member
from contracts.recovery import Recovery

MOST_KEPT = 1000
"""Events that are kept for one client: one that missed more is told nothing, and begins anew."""

LOST = frozenset({"transport close", "transport error", "ping timeout"})
"""Why a connection ends that can be taken up again; one that either side ended cannot."""


@dataclass(slots=True, kw_only=True)
class Session:
    """What is known of a client that may come back."""

    pid: str
    member: Member
    sent: deque[tuple[str, str, tuple[Any, ...]]] = field(default_factory=lambda: deque(maxlen=MOST_KEPT))
    """(offset, event, arguments) of what was sent, or would have been."""
    lost_s: float | None = None
    """When its connection was lost; None while it has one."""

    def after(self, offset: str) -> list[tuple[str, str, tuple[Any, ...]]] | None:
        """What was sent after an offset; None where that is not known any more."""
        places = [place for place, (own, _, _) in enumerate(self.sent) if own == offset]
        return list(self.sent)[places[0] + 1 :] if places else None


class Sessions:
    """The sessions of all clients; none where the contracts promise no recovery."""

    def __init__(self, promised: Recovery | None) -> None:
        self.promised = promised
        self._by_pid: dict[str, Session] = {}
        self._numbers = itertools.count(1)

    def begin(self, member: Member) -> str:
        """A session for a client that has connected; gives its `pid`."""
        session = Session(pid=uuid.uuid4().hex, member=member)
        self._by_pid[session.pid] = session
        return session.pid

    def of(self, member: Member) -> Session | None:
        """The session of a client."""
        return next((one for one in self._by_pid.values() if one.member is member), None)

    def resumed(self, namespace: str, auth: Any) -> Session | None:
        """The session that a client takes up again; None where it shows none, or one that cannot be taken up."""
        session = self.shown(namespace, auth)
        return session if session is not None and session.lost_s is not None else None

    def shown(self, namespace: str, auth: Any) -> Session | None:
        """The session that a client shows by its `pid` and an offset of it, connected or not; None for none."""
        self._forget()
        given = auth if isinstance(auth, dict) else {}
        pid, offset = given.get("pid"), given.get("offset")
        session = self._by_pid.get(pid) if isinstance(pid, str) else None
        if session is None or session.member.namespace != namespace or not isinstance(offset, str):
            return None
        return session if session.after(offset) is not None else None

    def end(self, member: Member, reason: str) -> None:
        """The connection of a client has ended."""
        session = self.of(member)
        if session is None:
            return
        if reason in LOST:
            session.lost_s = time.monotonic()
        else:
            del self._by_pid[session.pid]

    def lost(self) -> Iterator[Member]:
        """The clients that may come back."""
        self._forget()
        yield from (one.member for one in self._by_pid.values() if one.lost_s is not None)

    def kept(self, event: str, wire: tuple[Any, ...], is_for: Callable[[Member], bool]) -> tuple[Any, ...]:
        """The arguments of an event with the offset behind them, kept for everyone whom it is for."""
        offset = f"{next(self._numbers):x}-{uuid.uuid4().hex[:8]}"
        whole = (*wire, offset)
        for session in self._by_pid.values():
            if is_for(session.member):
                session.sent.append((offset, event, whole))
        return whole

    def _forget(self) -> None:
        """Forget who has been away for too long."""
        if self.promised is None:
            return
        since_s = time.monotonic() - self.promised.within_s
        gone = [pid for pid, one in self._by_pid.items() if one.lost_s is not None and one.lost_s < since_s]
        for pid in gone:
            del self._by_pid[pid]
