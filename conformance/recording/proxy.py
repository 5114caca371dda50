"""The proxy: each connection of a client gets one of its own to the service, and bytes pass as they come.

What passes is handed on to a watcher after it was sent on its way. Ends are passed on as well: a half-closed connection
stays half-closed, and a reset is a reset.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections import deque
from collections.abc import Callable
from typing import Any, Literal, Protocol, cast

import httptools

from conformance.recording.exchange import Exchange
from conformance.recording.heads import Service
from conformance.recording.messages import Answers, Requests
from conformance.support.descriptors import is_out, shortage

Side = Literal["client", "service"]

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER of a connection whose end is a reset."""

CONNECT_S = 30.0
"""How long the service may take to accept a connection: longer than any client waits for an answer (20 s for the
official one), so that it is the client that gives up."""

MOST_EARLY = 1_000_000
"""Bytes of a client that are kept until the service is connected."""

BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Watcher(Protocol):
    """Is told what passed, after it was sent on its way."""

    def asked(self, exchange: Exchange) -> None:
        """A request is whole."""

    def answered(self, exchange: Exchange) -> None:
        """Its answer is whole, or ended early: `status` is None where none came."""

    def switched(self, exchange: Exchange) -> None:
        """The connection became a websocket."""

    def passed(self, exchange: Exchange, side: Side, data: bytes, at_s: float) -> None:
        """Bytes of a websocket passed, sent by that side."""

    def ended(self, exchange: Exchange, side: Side, how: str, at_s: float) -> None:
        """A websocket's connection was ended by that side."""

    def odd(self, what: str) -> None:
        """Something could not be read; it was passed on."""


class Line:
    """A client's connection and the one to the service that belongs to it."""

    def __init__(
        self,
        service_at: Service,
        tls: ssl.SSLContext | None,
        watcher: Watcher,
        now: Callable[[], float],
        lines: set[Line],
    ) -> None:
        lines.add(self)
        self._lines = lines
        self.service_at = service_at
        self.tls = tls
        self.watcher = watcher
        self.now = now
        self.client = _ClientSide(self)
        self.service = _ServiceSide(self)
        self.waiting: deque[Exchange] = deque()
        """Requests whose answers are not whole."""
        self.websocket: Exchange | None = None
        self.requests = Requests(self)
        self.answers: Answers | None = Answers(self)
        self._early: bytearray | None = bytearray()
        """What the client sent before the service was connected; None once it is."""
        self._held = b""
        """What the client sent after it had asked for another protocol, until that is answered."""
        self._asked_to_switch = False
        self._refusal = b""
        """What to answer where the service cannot be reached."""
        self._first_end: tuple[Side, str, float] | None = None
        self.is_over = False

    def request_is_whole(self, exchange: Exchange) -> None:
        """Tell the watcher."""
        self.watcher.asked(exchange)

    def current(self) -> Exchange | None:
        """The exchange whose answer comes next."""
        return self.waiting[0] if self.waiting else None

    async def connect(self) -> None:
        """Connect to the service, as the client has connected to us."""
        service = self.service_at
        options: dict[str, Any] = {"ssl": self.tls, "server_hostname": service.host} if service.secure else {}
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECT_S):
                await loop.create_connection(lambda: self.service, service.host, service.port, **options)
        except (OSError, TimeoutError) as error:
            why = shortage() if is_out(error) else str(error) or f"no connection within {CONNECT_S:g} s"
            self.watcher.odd(f"{service.url} could not be connected to: {why}")
            text = f"roomcheck record: {service.url} could not be connected to: {why}\n".encode()
            self._refusal = BAD_GATEWAY % len(text) + text
        early, self._early = self._early, None
        self.client.resume()
        if self.client.is_closing:
            self.service.abort()
        elif early:
            self.from_client(bytes(early))

    def from_client(self, data: bytes) -> None:
        """Pass on what the client sent."""
        if self._early is not None:
            self._early += data
            if len(self._early) > MOST_EARLY:
                self.client.pause()
        elif self._refusal:
            self.client.write(self._refusal)
            self.client.close()
        elif self.websocket is not None:
            at_s = self.now()
            self.service.write(data)
            self.watcher.passed(self.websocket, "client", data, at_s)
        elif self._asked_to_switch:
            self._held += data
        else:
            self._request(data)

    def _request(self, data: bytes) -> None:
        reader = self.requests
        try:
            reader.parser.feed_data(data)
        except httptools.HttpParserUpgrade as switch:
            self._asked_to_switch = True
            self._held = data[switch.args[0] :]
        except httptools.HttpParserError as error:
            self.watcher.odd(f"a request was answered with 400: it is no HTTP ({error})")
            self.client.write(BAD_REQUEST)
            self.client.close()
            return
        if reader.out:
            out, reader.out = b"".join(reader.out), []
            self.service.write(out)

    def from_service(self, data: bytes) -> None:
        """Pass on what the service sent."""
        at_s = self.now()
        self.client.write(data)
        if self.websocket is not None:
            self.watcher.passed(self.websocket, "service", data, at_s)
        elif self.answers is not None:
            self._answer(self.answers, data, at_s)

    def _answer(self, reader: Answers, data: bytes, at_s: float) -> None:
        try:
            reader.parser.feed_data(data)
        except httptools.HttpParserUpgrade as switch:
            self._switch(data[switch.args[0] :], at_s)
            return
        except httptools.HttpParserError as error:
            self.watcher.odd(f"an answer of the service was passed on unread: it is no HTTP ({error})")
            self.answers = None
            return
        if reader.is_bodiless:
            self.answers = Answers(self)
            self.answer_is_whole()

    def answer_is_whole(self) -> None:
        """Tell the watcher, and read on what was held back where the service stays with HTTP."""
        exchange = self.waiting.popleft()
        exchange.done_s = self.now()
        self.watcher.answered(exchange)
        if exchange.is_upgrade and self._asked_to_switch:
            self._asked_to_switch, held, self._held = False, self._held, b""
            self.requests = Requests(self)
            if held:
                self._request(held)

    def _switch(self, rest: bytes, at_s: float) -> None:
        exchange = self.current()
        if exchange is None:
            return
        self.waiting.popleft()
        self.websocket = exchange
        self.watcher.switched(exchange)
        held, self._held = self._held, b""
        if held:
            self.service.write(held)
            self.watcher.passed(exchange, "client", held, at_s)
        if rest:
            self.watcher.passed(exchange, "service", rest, at_s)

    def side_ended(self, side: Side, how: str) -> None:
        """Note which side ended the connection first."""
        self._first_end = self._first_end or (side, how, self.now())

    def half_over(self) -> None:
        """Nobody waits for the other side to end: where one has ended, tell it."""
        if self._first_end is not None:
            self.over()

    def over(self) -> None:
        """Both connections are over, or about to be."""
        if self.is_over:
            return
        self.is_over = True
        self._lines.discard(self)
        side, how, at_s = self._first_end or ("service", "connection closed", self.now())
        if self.websocket is not None:
            self.watcher.ended(self.websocket, side, how, at_s)
        while self.waiting:
            exchange = self.waiting.popleft()
            exchange.done_s = at_s
            self.watcher.answered(exchange)


class _Side(asyncio.Protocol):
    """One of the two connections."""

    side: Side

    def __init__(self, line: Line) -> None:
        self.line = line
        self.transport: asyncio.Transport | None = None
        self._half_over = False
        self._paused = False

    @property
    def other(self) -> _Side:
        """The connection on the other side."""
        return self.line.service if self.side == "client" else self.line.client

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send small packets at once, as clients and services do."""
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is none by its class.
        sock = transport.get_extra_info("socket")
        if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def write(self, data: bytes) -> None:
        """Send."""
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)

    def pause_writing(self) -> None:
        """Read no more from the other side until this one takes what is there."""
        self.other.pause()

    def resume_writing(self) -> None:
        """Read on."""
        self.other.resume()

    def pause(self) -> None:
        """Read no more for now."""
        if self.transport is not None and not self.is_closing and not self._paused:
            self._paused = True
            self.transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if self.transport is not None and not self.is_closing and self._paused:
            self._paused = False
            self.transport.resume_reading()

    @property
    def is_closing(self) -> bool:
        """Whether the connection is over, or about to be."""
        return self.transport is None or self.transport.is_closing()

    def abort(self) -> None:
        """Reset the connection."""
        if self.transport is None or self.is_closing:
            return
        sock = self.transport.get_extra_info("socket")
        if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.transport.abort()

    def eof_received(self) -> bool:
        """Close the other side's half as well."""
        self.line.side_ended(self.side, "connection closed")
        self._half_over = True
        to = self.other.transport
        if to is None or to.is_closing():
            return False
        if to.can_write_eof():
            to.write_eof()
            return not self.other._half_over
        to.close()
        return False

    def close(self) -> None:
        """End this connection once everything is sent."""
        if self.transport is not None:
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """End the other connection in the same way."""
        self.line.side_ended(self.side, "connection reset" if error else "connection closed")
        if error is not None:
            self.other.abort()
        else:
            self.other.close()
        self.line.over()


class _ClientSide(_Side):
    side: Side = "client"

    def __init__(self, line: Line) -> None:
        super().__init__(line)
        self._connecting: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connect to the service as well."""
        super().connection_made(transport)
        self._connecting = asyncio.get_running_loop().create_task(self.line.connect())

    def data_received(self, data: bytes) -> None:
        """Pass it on."""
        self.line.from_client(data)


class _ServiceSide(_Side):
    side: Side = "service"

    def data_received(self, data: bytes) -> None:
        """Pass it on."""
        self.line.from_service(data)


async def listen(
    sock: socket.socket,
    service: Service,
    tls: ssl.SSLContext | None,
    watcher: Watcher,
    now: Callable[[], float],
    lines: set[Line],
) -> asyncio.Server:
    """Take connections on a socket that is bound, until the server is closed; `lines` has those that are not over."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: Line(service, tls, watcher, now, lines).client, sock=sock, backlog=BACKLOG)


BACKLOG = 4096
"""Connections that may wait to be accepted, as the reference service has it."""
