"""How many packets the sockets of one worker may take: what their own run can have caused, and a little more."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.support.caps import AFTER_FLOOD, DRAWN_PER_S, PACKETS_PER_S
from loadtests.worker.wire.garbage import collect_all

PER_ACTION = 10
"""Packets that a socket may take for each thing that sockets of the worker sent: a join is answered by an ack, a roster
and two or three broadcasts."""

PER_ACTION_SHARED = 1000
"""The same where rooms are shared with other workers, of whose joins nothing is known: a hundred workers as busy."""

RECHECK = 500
"""Packets after which a socket's allowance is computed again: each of a load's deliveries passes here."""

BUFFER_BYTES = 131_072
"""A read buffer above this is a large one. Only a connection that picows reads by itself (TLS) comes to have one, or
one whose service sends a large frame right after the handshake."""

BUFFERED_BYTES, BUFFERED_PER_SOCKET = 60_000_000, 60_000
"""What all large read buffers of a worker may have: so much, or more with more than a thousand sockets, of which each
may have asked for a roster. With what a worker has besides, one of a thousand sockets stays within 300 MB."""

RELEASED_BYTES = 20_000_000
"""How much the sockets that are gone may hold until the garbage is collected, which takes a tenth of a second."""

BUFFERED = "large messages on so many sockets at once that memory for them would have no bound"


@dataclass(slots=True, kw_only=True)
class Intake:
    """What has been sent, and whether any socket was flooded.

    The allowance is a total, not a rate: an overloaded service sends a backlog of many seconds at once, and is honest.
    """

    per_action: int = PER_ACTION
    actions: int = 0
    """Everything that sockets and callers of this worker sent, and what other workers told of."""
    flooded: bool = False
    sockets: int = 0
    """Websockets that are open."""
    buffered: int = 0
    """Bytes of the large read buffers of all sockets, those that are not free again included, and of messages that are
    not whole."""
    _released: int = 0

    @property
    def is_full(self) -> bool:
        """Whether large read buffers take all the memory that there is for them."""
        return self.buffered > max(BUFFERED_BYTES, BUFFERED_PER_SOCKET * self.sockets)

    def release(self, size: int) -> None:
        """A socket with a large read buffer is gone: its memory is there again once the garbage collector has come.

        The buffer is of a cycle of objects, too few of which are made for the collector to come by itself.
        """
        self._released += size
        if self._released > RELEASED_BYTES:
            collect_all()
            self.buffered -= self._released
            self._released = 0

    def allowed(self, age_s: float) -> int:
        """How many packets a socket may have taken in all, so many seconds after it began to connect."""
        if self.flooded:
            return AFTER_FLOOD + int(DRAWN_PER_S * age_s) + self.actions
        return PACKETS_PER_S + int(DRAWN_PER_S * age_s) + self.per_action * self.actions
