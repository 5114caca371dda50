"""One Locust user that is one socket in one room: connecting, joining, the schedule of its turns, and the samples.

The latency of a delivery runs from the moment when its turn was due, not from when it was taken, to the moment when
the client's handler runs: what delays this process is part of it. A broadcast that never arrives leaves no sample, but
the ledger knows of it.
"""

from __future__ import annotations

import itertools
import secrets
import time
from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

import socketio
from locust import FastHttpUser, events, task
from socketio import packet

from loadtests.accounts import ACCOUNTS

TURN_NS = 1_000_000_000
"""Each user takes one turn a second."""

CONNECT_S = 5
"""How long the service may take to answer the connect packet; python-socketio gives each step before it as long."""


def begin(**_: Any) -> None:
    """Name the rooms of this run.

    Every worker process draws its own name, after Locust has forked it: rooms of two processes never mix, so a
    stamp is only ever compared with the clock that it was taken from.
    """
    SocketUser.run_id = secrets.token_hex(6)


events.test_start.add_listener(begin)  # type: ignore[no-untyped-call]  # Locust leaves this one untyped


ROSTER = "participants:active:request"
"""What a socket asks to be sure that it is a member: its join was taken before."""

Stamp = tuple[int, int | None]
"""When the turn that caused a broadcast was due, and its number in the ledger; None where nobody is owed it."""


class Failed(Exception):
    """Why a sample is a failure. The text is constant, because Locust keeps one line for each text."""


class SizedPacket(packet.Packet):  # type: ignore[misc]  # python-socketio has no types
    """A packet that hands its own size in bytes to the event's handler, as the last argument."""

    def decode(self, encoded_packet: str) -> Any:
        """Decode it, and add the size to the arguments of an event."""
        attachments = super().decode(encoded_packet)
        if self.packet_type == packet.EVENT:
            self.data.append(len(encoded_packet.encode()))
        return attachments


class SocketUser(FastHttpUser):
    """A socket that takes a turn a second and records every broadcast that its room receives."""

    abstract = True
    broadcast: ClassVar[str]
    """The event whose deliveries are recorded."""
    turn_ns: ClassVar[int] = TURN_NS
    """From one turn to the next."""
    run_id: ClassVar[str]
    numbers: ClassVar[Iterator[int]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # Each scenario counts its own users: with one count for all, two scenarios would use every other room.
        cls.numbers = itertools.count()

    @abstractmethod
    def act(self) -> None:
        """Cause one broadcast, stamped with `due_ns` and with its number in the ledger."""

    @abstractmethod
    def stamp(self, payload: dict[str, Any]) -> Stamp | None:
        """What the turn that caused this broadcast was stamped with; None where none in this room did."""

    def on_start(self) -> None:
        """Take a place in a room; the first turn connects."""
        self.number = next(self.numbers)
        rooms = self.environment.parsed_options.rooms
        self.sos_id = f"load-{self.run_id}-{type(self).__name__}-{self.number % rooms}"
        self.due_ns = time.monotonic_ns()
        # Reconnecting is left to turns, which record it; interrupts are left to Locust.
        self.sio = socketio.Client(serializer=SizedPacket, reconnection=False, handle_sigint=False)
        self.sio.on(self.broadcast, self.received)
        self.sio.on("error", self.complained)
        self.sio.on("disconnect", self.disconnected)

    def on_stop(self) -> None:
        """Close the socket, even one that is still connecting."""
        ACCOUNTS.ledger.leave(self.sos_id, self.number, time.monotonic_ns())
        self.sio.disconnect()

    def wait_time(self) -> float:
        """The time until the next turn is due. After a late turn it follows at once, and keeps the time it was due."""
        self.due_ns += self.turn_ns
        return max(0.0, (self.due_ns - time.monotonic_ns()) / 1e9)

    @task
    def turn(self) -> None:
        """Act; a user without a socket connects instead, so no act overtakes the join before it."""
        if self.sio.connected:
            self.act()
        else:
            self.connect()

    def connect(self) -> None:
        """Connect, join the room, and start the schedule anew."""
        failure = None
        start_ns = time.monotonic_ns()
        try:
            self.sio.connect(self.host, transports=["websocket"], wait_timeout=CONNECT_S)
        except socketio.exceptions.ConnectionError:
            failure = "the connection was refused"
        self.record("WS", "connect", (time.monotonic_ns() - start_ns) / 1e6, failure=failure)
        self.due_ns = time.monotonic_ns()
        if failure is None:
            self.emit("sos:room:join", {"sosId": self.sos_id})
            self.make_sure()

    def make_sure(self) -> None:
        """Ask for the roster; a socket that is on it is owed everything from here on."""
        failure, start_ns = None, time.monotonic_ns()
        try:
            roster = self.sio.call(ROSTER, {"sosId": self.sos_id}, timeout=CONNECT_S)
            members = roster.get("participants") if isinstance(roster, dict) else None
            listed = [one.get("socketId") for one in members or () if isinstance(one, dict)]
            if self.sio.get_sid() in listed:
                ACCOUNTS.ledger.enter(self.sos_id, self.number)
            else:
                failure = "the roster does not list the socket"
        except (socketio.exceptions.TimeoutError, socketio.exceptions.SocketIOError):
            failure = "the roster was not told"
        self.record("WSC", ROSTER, (time.monotonic_ns() - start_ns) / 1e6, failure=failure)

    def publish(self) -> int:
        """Note a publication that begins; its number in the ledger."""
        return ACCOUNTS.ledger.publish(self.sos_id, self.number, time.monotonic_ns())

    def emit(self, event: str, payload: dict[str, Any]) -> None:
        """Send an event. Nothing answers it, so its sample has no time."""
        self.sio.emit(event, payload)
        self.record("WSE", event, None)

    def received(self, *arguments: Any) -> None:
        """Record a delivery with its latency; one without a stamp of this room is a failure."""
        now_ns = time.monotonic_ns()
        payload = arguments[0] if isinstance(arguments[0], dict) else {}
        stamp = self.stamp(payload)
        if stamp is None:
            if str(payload.get("sosId", "")) != self.sos_id:
                ACCOUNTS.ledger.leak()
            self.record("WSR", self.broadcast, None, arguments[-1], "the broadcast carries no stamp of this room")
            return
        due_ns, number = stamp
        if number is not None:
            ACCOUNTS.ledger.deliver(self.sos_id, self.number, number, now_ns)
        self.record("WSR", self.broadcast, (now_ns - due_ns) / 1e6, arguments[-1])

    def complained(self, *arguments: Any) -> None:
        """Record that the service refused a request."""
        self.record("WSR", "error", None, arguments[-1], "the service answered with an error")

    def disconnected(self, reason: str) -> None:
        """Record a connection that was lost, not one that this user closed."""
        ACCOUNTS.ledger.leave(self.sos_id, self.number, time.monotonic_ns())
        if reason != self.sio.reason.CLIENT_DISCONNECT:
            self.record("WS", "disconnect", None, failure="the connection was lost")

    def record(self, kind: str, name: str, ms: float | None, size: int = 0, failure: str | None = None) -> None:
        """One sample, or one failure, of Locust's statistics."""
        self.environment.events.request.fire(
            request_type=kind,
            name=name,
            response_time=ms,
            response_length=size,
            exception=Failed(failure) if failure else None,
            context=self.context(),
        )
