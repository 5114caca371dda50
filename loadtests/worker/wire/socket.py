"""One Socket.IO connection over websocket: opening, namespace, acks, pings. What it hears goes to its owner.

picows gives frames to a plain function, without a task or a queue for each. Its faster transport (aiofastnet) opens
sockets through Python's `socket` module, which Locust has replaced by gevent's, so it is not used.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import struct
import time
from collections.abc import Callable, Mapping
from time import monotonic_ns
from typing import Any, Literal, Protocol, TypeAlias

import picows

from loadtests.worker.wire import codec
from loadtests.worker.wire.address import NO_FIELDS, Address
from loadtests.worker.wire.failures import Failed, Refused, failed
from loadtests.worker.wire.http import Http, Unanswered, jar

ANSWER_S = 10.0
"""How long an ack may take before the request counts as unanswered."""

READ_BYTES = 512
"""The first size of a read buffer, which grows with what comes; picows' 16 KB would be most of what a socket costs."""

MOST_FRAME_BYTES = 1 << 24

QUIET = logging.getLogger("roomcheck.sockets")
"""picows tells of every connection; ten thousand of them are no news."""
QUIET.setLevel(logging.ERROR)

How: TypeAlias = Literal["close", "rst", "silence"]


class Heard(Protocol):
    """A frame that is known, because an equal one has come before."""

    def take(self, owner: Any, frame: bytes, now_ns: int) -> None:
        """It has come once more."""


class Shown(Protocol):
    """What a connection shows of a token in the requests of its handshake."""

    @property
    def query(self) -> Mapping[str, str]:
        """Parameters of every request."""

    def among(self, headers: Mapping[str, str]) -> dict[str, str]:
        """These headers and its own."""


class Owner(Protocol):
    """Who a connection belongs to."""

    def first(self, frame: bytes, packet: codec.Packet | None, why: str) -> None:
        """A frame has come that nobody knew; without a packet where it is malformed, and why."""

    def lost(self, why: str) -> None:
        """The connection was lost, not closed by us."""


def reset(descriptor: int) -> None:
    """Have the kernel end a connection by a reset when it is closed (`SO_LINGER` of 0 s)."""
    if descriptor >= 0:
        # Of a copy of the descriptor: whose socket it is, libuv must not lose.
        with socket.socket(fileno=os.dup(descriptor)) as copy:
            copy.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Connection(picows.WSListener):
    """One connection."""

    __slots__ = (
        "_acks", "_address", "_entered", "_number", "_opened", "_owner", "_parts", "_transport", "_waiting", "closing",
        "known", "patience_s", "pinged_s", "recovers", "sid",
    )  # fmt: skip

    def __init__(self, address: Address, owner: Owner, known: Mapping[bytes, Heard]) -> None:
        self._address = address
        self._owner = owner
        self.known = known
        self._acks: dict[int, tuple[asyncio.Future[list[Any]], Callable[[list[Any]], object]]] = {}
        self._number = 0
        self._parts = b""
        self._transport: Any = None
        self._opened: asyncio.Future[None] | None = None
        self._waiting: bytes | None = None
        self.closing = False
        self._entered = False
        self.sid = ""
        self.recovers = False
        """The service recovers the state of lost connections: it adds an offset to the arguments of its events."""
        self.pinged_s = 0.0
        self.patience_s = float("inf")

    # --- opening ---------------------------------------------------------------------------------------------

    async def open(self, auth: Any, http: Http | None = None, shown: Shown | None = None) -> None:
        """Connect, and enter the namespace.

        Args:
            auth: goes with the packet that enters the namespace.
            shown: goes with the requests of the handshake.
            http: makes the calls of the polling handshake, where the address wants an upgrade.

        Raises:
            Failed: a step did not succeed.
        """
        self._opened = asyncio.get_running_loop().create_future()
        headers = shown.among(self._address.headers) if shown else self._address.headers
        query = shown.query if shown else NO_FIELDS
        try:
            async with asyncio.timeout(self._address.connect_s):
                if self._address.transport == "upgrade" and http:
                    await self._upgrade(auth, http, headers, query)
                else:
                    self._waiting = codec.connect(self._address.namespace, auth)
                    await self._websocket(None, headers, query)
                    await self._opened
            self._entered = True
        except TimeoutError:
            self._abort()
            raise Failed(f"no connection within {self._address.connect_s:g} s") from None
        except (OSError, picows.WSError) as error:
            self._abort()
            raise failed(error) from None
        except (Failed, asyncio.CancelledError):
            self._abort()
            raise

    async def _websocket(self, sid: str | None, headers: Mapping[str, str], query: Mapping[str, str]) -> None:
        await picows.ws_connect(
            lambda: self,
            self._address.websocket(sid, query),
            ssl_context=self._address.tls,
            websocket_handshake_timeout=self._address.connect_s,
            extra_headers=dict(headers) or None,
            max_frame_size=MOST_FRAME_BYTES,
            read_buffer_init_size=READ_BYTES,
            use_aiofastnet=False,
            logger_name=QUIET,
        )

    async def _upgrade(self, auth: Any, http: Http, headers: Mapping[str, str], query: Mapping[str, str]) -> None:
        """Open by polling, enter the namespace, then move to a websocket, as browsers do."""
        opened = self._opened = asyncio.get_running_loop().create_future()
        # The service's cookies go into one header with those that were given.
        given = next((value for name, value in headers.items() if name.lower() == "cookie"), "")
        headers = {name: value for name, value in headers.items() if name.lower() != "cookie"}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        cookies = dict(part.split("=", 1) for part in given.split("; ") if "=" in part)
        # By them a load balancer knows which node a client belongs to.

        async def poll(method: str, sid: str | None, body: bytes | None = None) -> list[bytes]:
            try:
                status, answer = await http.call(
                    method, self._address.query("polling", sid, query), body, lines, cookies
                )
            except Unanswered as error:
                raise Failed(str(error)) from error
            if status != 200:
                raise Refused("the polling handshake was refused", f"HTTP {status}")
            return answer.split(codec.SEPARATOR)

        try:
            told = codec.opening((await poll("GET", None))[0])
        except codec.Malformed as error:
            raise Refused("the polling handshake was not understood") from error
        self._patient(told)
        await poll("POST", told["sid"], codec.connect(self._address.namespace, auth))
        while not opened.done():
            for text in await poll("GET", told["sid"]):
                self._take(text)
        await opened
        self._opened = asyncio.get_running_loop().create_future()
        own = {**headers, "Cookie": jar(cookies)} if cookies else headers
        await self._websocket(told["sid"], own, query)
        self.send(codec.PROBE)
        await self._opened

    def on_ws_connected(self, transport: Any) -> None:
        """picows: the websocket is open."""
        self._transport = transport

    def _patient(self, told: dict[str, Any]) -> None:
        self.patience_s = (told.get("pingInterval", 25_000) + told.get("pingTimeout", 20_000)) / 1000
        self.pinged_s = time.monotonic()

    # --- receiving -------------------------------------------------------------------------------------------

    def on_ws_frame(self, transport: Any, frame: Any) -> None:
        """picows: a frame has come. This runs for every delivery."""
        payload = frame.get_payload_as_bytes()
        heard = self.known.get(payload)
        if heard is not None:
            heard.take(self._owner, payload, monotonic_ns())
        elif frame.msg_type == picows.WSMsgType.CLOSE:
            transport.disconnect()
        elif frame.msg_type == picows.WSMsgType.TEXT and frame.fin:
            self._take(payload)
        elif frame.msg_type in (picows.WSMsgType.TEXT, picows.WSMsgType.CONTINUATION):
            self._gather(frame.fin, payload)
        elif frame.msg_type == picows.WSMsgType.BINARY:
            self._owner.first(payload, None, "expected text frames")

    def _gather(self, last: bool, payload: bytes) -> None:
        """A message in parts, as RFC 6455 (5.4) lets anybody on the way send it."""
        self._parts += payload
        if len(self._parts) > MOST_FRAME_BYTES:
            self._abort()
        elif last:
            whole, self._parts = self._parts, b""
            heard = self.known.get(whole)
            if heard is not None:
                heard.take(self._owner, whole, monotonic_ns())
            else:
                self._take(whole)

    def _take(self, text: bytes) -> None:
        if text[:1] == b"4":
            self._packet(text)
        elif text == codec.PING:
            self.pinged_s = time.monotonic()
            self.send(codec.PONG)
        elif text[:1] == b"0":
            try:
                self._patient(codec.opening(text))
            except codec.Malformed:
                self._refuse(Refused("the opening was not understood"))
            if self._waiting:
                self.send(self._waiting)
                self._waiting = None
        elif text == codec.PROBED:
            self.send(codec.UPGRADE)
            self._done()
        elif text != codec.NOOP and text[:1] != b"1":
            self._owner.first(text, None, "expected an Engine.IO packet")

    def _packet(self, text: bytes) -> None:
        try:
            packet = codec.decode(text)
        except codec.Malformed as error:
            self._owner.first(text, None, str(error))
            return
        if packet.namespace != self._address.namespace:
            if packet.kind == codec.EVENT:
                # A client hears nothing of a namespace that it has not entered.
                self._owner.first(text, None, "of another namespace")
            return
        match packet.kind:
            case codec.CONNECT:
                told = packet.data if isinstance(packet.data, dict) else {}
                self.sid, self.recovers = told.get("sid", ""), "pid" in told
                self._done()
            case codec.CONNECT_ERROR:
                message = packet.data.get("message") if isinstance(packet.data, dict) else packet.data
                self._refuse(Refused("the service refused the connection", str(message or "")))
            case codec.ACK:
                waiting, acked = self._acks.pop(packet.id, (None, None))
                if waiting and acked and not waiting.done():
                    waiting.set_result(packet.data)
                    acked(packet.data)
            case codec.DISCONNECT:
                self._abort()
            case _:
                self._owner.first(text, packet, "")

    def _done(self) -> None:
        if self._opened and not self._opened.done():
            self._opened.set_result(None)

    def _refuse(self, why: Failed) -> None:
        if self._opened and not self._opened.done():
            self._opened.set_exception(why)

    def on_ws_disconnected(self, transport: Any) -> None:
        """picows: the connection is over."""
        self._refuse(Failed("the connection was closed while it was made"))
        self._transport = None
        for waiting, _ in self._acks.values():
            if not waiting.done():
                waiting.set_exception(Failed("the connection was lost"))
        self._acks.clear()
        if self._entered and not self.closing:
            self._owner.lost("the connection was lost")

    # --- sending ---------------------------------------------------------------------------------------------

    @property
    def open_now(self) -> bool:
        """Whether packets can be sent."""
        return self._transport is not None and not self.closing

    def send(self, text: bytes) -> None:
        """Send a packet, where the connection still is."""
        if self._transport is not None:
            self._transport.send(picows.WSMsgType.TEXT, text)

    def emit(self, name: str, payload: Any) -> None:
        """Send an event."""
        self.send(codec.event(self._address.namespace, name, payload))

    async def call(
        self, name: str, payload: Any, waiting: asyncio.Future[list[Any]], acked: Callable[[list[Any]], object]
    ) -> Any:
        """Send an event that is answered by an ack, or in another way that resolves what waits.

        Args:
            acked: is told of an ack.

        Returns:
            the first argument of the answer.

        Raises:
            Failed: no answer came.
        """
        if self._transport is None:
            raise Failed("the connection was lost")
        self._number += 1
        number = self._number
        self._acks[number] = (waiting, acked)
        self.send(codec.event(self._address.namespace, name, payload, number))
        try:
            async with asyncio.timeout(ANSWER_S):
                arguments = await waiting
        except TimeoutError:
            raise Failed("no answer came") from None
        finally:
            self._acks.pop(number, None)
        return arguments[0] if arguments else None

    # --- ending ----------------------------------------------------------------------------------------------

    def overdue(self, now_s: float) -> bool:
        """Whether the service has not pinged for longer than it promised."""
        return self._transport is not None and now_s - self.pinged_s > self.patience_s

    def descriptor(self) -> int:
        """The file descriptor of the connection; -1 where it is over."""
        inner = self._transport.underlying_transport.get_extra_info("socket") if self._transport is not None else None
        return inner.fileno() if inner is not None else -1

    def reading(self, wanted: bool) -> None:
        """Stop reading, or go on."""
        if self._transport is not None:
            inner = self._transport.underlying_transport
            inner.resume_reading() if wanted else inner.pause_reading()
            if not wanted:
                self.patience_s = float("inf")  # Who does not read hears no ping.

    def end(self, how: How = "close") -> None:
        """End the connection: politely, by a reset, or by saying nothing any more."""
        if self._transport is None:
            return
        self.closing = True
        match how:
            case "close":
                self.send(codec.disconnect(self._address.namespace))
                self._transport.send_close(picows.WSCloseCode.OK)
                self._transport.disconnect(graceful=True)
            case "rst":
                reset(self.descriptor())
                self._transport.underlying_transport.abort()
            case "silence":
                self.reading(False)

    def _abort(self) -> None:
        if self._transport is not None:
            self._transport.disconnect(graceful=False)
