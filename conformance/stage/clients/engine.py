"""The Engine.IO client under a socket, which also tells what the handshake announced and why the connection ended."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, Literal

import aiohttp
import engineio
from engineio import payload

from conformance.model.transcript import PING_TIMEOUT
from conformance.stage.clients.answer import encoding_of
from conformance.stage.clients.batches import Batches
from conformance.stage.clients.handshake import SEPARATOR
from conformance.stage.clients.intake import CHUNK, Intake, TooMuch, body_of
from conformance.stage.clients.websocket import OPEN, Ending
from conformance.support.opening import opening_of

Method = Literal["GET", "POST"]


WRITE_S = 5.0
"""python-engineio ends a connection on which it had nothing to send for the longer of pingInterval and pingTimeout and
this on top: earlier than the protocol has it, so that the service is not to blame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Some of the packets of an answer to a poll, read by the client as if they were an answer of their own."""

    status: int
    body: bytes

    async def read(self) -> bytes:
        """The packets."""
        return self.body

    async def json(self) -> None:
        """Nothing: what a refusal says is told by the status."""


class Engine(engineio.AsyncClient):  # type: ignore[misc]  # python-engineio has no types
    """A client that can say afterwards why its connection ended."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.intake = Intake()
        """What its socket has taken."""
        self._heard_s = monotonic()
        self._sent_s = monotonic()
        self._polled: Ending | None = None
        self._opening: str | None = None
        self._parts: deque[_Part] = deque()
        """What has come and is yet to be read: python-engineio refuses an answer of many packets as a whole."""
        self._reused = False
        self._headers: Mapping[str, str] = {}
        """What goes with every request: python-engineio sends it with the first one alone."""

    async def connect(self, url: str, headers: Mapping[str, str] | None = None, *args: Any, **options: Any) -> None:
        """Connect, and show the headers with every request, as official clients do: gateways ask for them each time."""
        self._headers = dict(headers or {})  # The library takes cookies out of its own.
        await super().connect(url, dict(self._headers), *args, **options)

    def trace(self) -> aiohttp.TraceConfig:
        """What its session has to be made with: it tells which POSTs go over a connection that was used before."""

        async def begin(_: aiohttp.ClientSession, request: Any, params: aiohttp.TraceRequestStartParams) -> None:
            request.method = params.method

        async def reuse(_: aiohttp.ClientSession, request: Any, __: aiohttp.TraceConnectionReuseconnParams) -> None:
            self._reused = self._reused or request.method == "POST"

        config = aiohttp.TraceConfig()
        config.on_request_start.append(begin)
        config.on_connection_reuseconn.append(reuse)
        return config

    @property
    def most_bytes(self) -> int | None:
        """`maxPayload` of the handshake: what a packet may have at most, in bytes; None where it was not announced."""
        opening = getattr(self.ws, "opening", None) if self._opening is None else self._opening
        try:
            announced = json.loads((opening or "")[1:].split(SEPARATOR)[0]).get("maxPayload")
        except (ValueError, AttributeError, RecursionError):
            return None
        return announced if isinstance(announced, int) and announced > 0 else None

    def create_queue(self, *_args: Any, **_options: Any) -> Batches:
        """Where packets wait to be sent."""
        return Batches(self._most_in_a_batch)

    def _most_in_a_batch(self) -> int | None:
        """Bytes in one request; over a websocket each packet is a message of its own."""
        return self.most_bytes if self.current_transport == "polling" else None

    def ending(self) -> Ending:
        """Why the connection ended, asked when it has just ended and not as the play says."""
        interval_s, timeout_s, now_s = self.ping_interval or 0.0, self.ping_timeout or 0.0, monotonic()
        seen: Ending | None = getattr(self.ws, "ending", None) or self._polled
        if seen is not None:
            return seen
        silent_s = now_s - self._heard_s
        if silent_s >= interval_s + timeout_s > 0:
            announced = f"pingInterval {interval_s:g} s and pingTimeout {timeout_s:g} s"
            why = f"{PING_TIMEOUT}: nothing came for {silent_s:.1f} s, announced were {announced}"
            return Ending(by="client", reason=why)
        if now_s - self._sent_s >= max(interval_s, timeout_s) + WRITE_S:
            return Ending(by="us", reason="the client library gave up: it had nothing to send for too long")
        return Ending(by="client", reason="the service sent a packet that cannot be decoded")

    async def _send_packet(self, packet: Any) -> None:
        self._sent_s = monotonic()
        await super()._send_packet(packet)

    async def _receive_packet(self, packet: Any) -> None:
        self._heard_s = monotonic()
        await super()._receive_packet(packet)

    async def _send_request(self, method: Method, url: str, *args: Any, **options: Any) -> Any:
        if method == "GET" and self._parts:
            return self._parts.popleft()
        waits_s = (self.ping_interval or 0.0) + (self.ping_timeout or 0.0)
        if waits_s:
            # The library gives a POST up after 5 s and a poll after 30 s. Official clients wait for both as long as
            # pings may stay away, so that a slow service loses nothing.
            options["timeout"] = waits_s
        own = options.pop("headers", None) or {}
        taken = {name.lower() for name in own}
        options["headers"] = {**own, **{name: to for name, to in self._headers.items() if name.lower() not in taken}}
        self._reused = self._reused and method != "POST"
        response = await super()._send_request(method, url, *args, **options)
        if method == "POST" and self._reused and isinstance(response, str) and response:
            # A server may close an idle connection as a request is on its way (RFC 9112 §9.3.1). As in browsers it is
            # sent once more where nothing came back.
            response = await super()._send_request(method, url, *args, **options)
        what = "poll" if method == "GET" else "POST"
        if response == "":  # What the library makes of a timeout.
            self._polled = Ending(by="client", reason=f"{PING_TIMEOUT}: a {what} was not answered for {waits_s:g} s")
        elif isinstance(response, str):
            self._polled = Ending(by="service", reason=f"a {what} was not answered: {response}")
        elif isinstance(response, aiohttp.ClientResponse) and not response.ok:
            self._polled = Ending(by="service", reason=f"a {what} was answered with {response.status}")
            response.close()
            return _Part(status=response.status, body=b"")
        elif isinstance(response, aiohttp.ClientResponse) and method == "GET":
            return await self._polled_body(response)
        return response

    async def _polled_body(self, response: aiohttp.ClientResponse) -> _Part | str:
        """Keep the first answer, which is the handshake; note one that cannot be read, and give a long one in parts."""
        try:
            body = await body_of(response.content.iter_chunked(CHUNK), encoding_of(response))
            text = body.decode()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            why = str(error) or type(error).__name__
            self._polled = Ending(by="service", reason=f"the answer to a poll was cut off: {why}")
            return why  # As python-engineio returns what a request failed with.
        except UnicodeDecodeError as error:
            return self._unread(f"the answer to a poll is not valid UTF-8: {error}")
        except (TooMuch, ValueError) as error:
            response.close()
            return self._unread(str(error))
        packets, most = text.split(SEPARATOR), payload.Payload.max_decode_packets
        try:
            if self._opening is None and packets[0].startswith(OPEN):
                self.intake.opened(opening_of(packets[0]).get("maxPayload"))
            for packet in packets:
                self.intake.take(len(packet))
        except TooMuch as error:
            return self._unread(str(error))
        except ValueError as error:
            return self._unread(f"broken Engine.IO handshake: {error}")
        self._opening = text if self._opening is None else self._opening
        for first in range(0, len(packets), most):
            part = SEPARATOR.join(packets[first : first + most])
            self._parts.append(_Part(status=response.status, body=part.encode()))
        return self._parts.popleft()

    def _unread(self, why: str) -> str:
        """Note why an answer to a poll is not read; it, as python-engineio returns what a request failed with."""
        self.intake.fault = why
        self._polled = Ending(by="client", reason=why)
        return why
