"""One Engine.IO handshake with a node, over one transport and no other.

A deployment may refuse every transport but one, and a service may not survive a request over another: a transport that
a run does not use is not tried.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp

from conformance.model.act import Transport
from conformance.stage.clients.answer import encoding_of, text_of, told_by
from conformance.stage.clients.intake import CHUNK, TooMuch, body_of
from conformance.stage.clients.network import socket_session
from conformance.stage.clients.parser import Answer, ask_for_namespace
from conformance.stage.clients.refusal import (
    ELSEWHERE,
    SHOWN_BODY,
    BrokenHandshake,
    Foreign,
    NotOffered,
    SessionUnknown,
    of_engine_3,
    refusal,
)
from conformance.stage.clients.tls import of_tls
from conformance.stage.clients.websocket import OPTIONS, WebSocket
from conformance.support.descriptors import OutOfDescriptors, is_out, shortage
from conformance.support.errors import Unreachable
from conformance.support.opening import BadOpening, opening_of
from conformance.target.target import Parser, Target
from contracts.schema import shown

ANSWER_S = 5.0
"""How long the handshake may take before the target counts as not reachable."""

UNASKED_S = 1.0
"""How long an Engine.IO 3 server may take to send the CONNECT packet that nobody asked for. Waited for only where the
handshake tells no `maxPayload`: by Engine.IO 3, and by version 4 before 6.2 of its official server."""

GOODBYE_S = 1.0
"""How long a websocket's closing handshake may take."""

OK, SWITCHED = 200, 101
"""HTTP statuses of a polling request that was taken, and of a connection that became a websocket (RFC 6455 §4.2.2)."""

SEPARATOR = "\x1e"
"""Between the packets of one polling payload (Engine.IO 4)."""

ENGINE_3 = re.compile(r"(\d+:|[\x00\x01][\x00-\x09]{1,10}[\xff\ufffd])0\{")
"""How a polling payload of Engine.IO 3 begins: the length of a packet as text, or in binary framing."""

CLOSE, MESSAGE, PROBE, PROBED, UPGRADE = "1", "4", "2probe", "3probe", "5"
"""Packets of Engine.IO: https://github.com/socketio/engine.io-protocol."""


class Connection(Protocol):
    """An open Engine.IO session."""

    opened: dict[str, Any]
    """The handshake."""

    async def send(self, packet: str | bytes) -> None:
        """Send an Engine.IO packet; bytes are a binary message."""

    async def receive(self) -> str | bytes | None:
        """The next packet; None where the session is over."""

    async def close(self) -> None:
        """End the session."""


async def shake(
    target: Target, url: str, transport: Transport, answer_s: float = ANSWER_S, *, thorough: bool = False
) -> Answer:
    """Open a session with a node over one transport, and close it; what answered for the namespace.

    Args:
        transport: `upgrade` opens by polling and moves on to a websocket.
        thorough: also see which protocol and which parser the server uses, by asking for a namespace that no service
            has: the service's own code is not told of it.

    Raises:
        BrokenHandshake: a Socket.IO service answers, with a handshake that no client can use.
        NotOffered: a Socket.IO service answers, and does not take this transport.
        Foreign: a Socket.IO service answers that Roomcheck cannot check, whatever the transport.
        Unreachable: nothing answers, or something else does.
    """
    try:
        async with asyncio.timeout(answer_s), _session(target, url, transport) as connection:
            if thorough:
                await _nothing_unasked(connection, f"{url}{target.path}")
            answer = await ask_for_namespace(connection, target.parser) if thorough else "default"
        if answer in ("closed", "nothing"):
            # A server ends the session at what it cannot parse, or says nothing: does it speak the other parser?
            async with asyncio.timeout(answer_s), _session(target, url, transport) as connection:
                other: Parser = "msgpack" if target.parser == "default" else "default"
                answer = other if await ask_for_namespace(connection, other) == other else answer
    except TimeoutError as error:
        raise Unreachable(f"{url} did not answer within {answer_s:g} s over {transport}") from error
    except aiohttp.ClientSSLError as error:
        raise Unreachable(of_tls(url, error)) from error
    except aiohttp.ClientHttpProxyError as error:
        raise Unreachable(f"nothing answers at {url}: the proxy answered {error.status} {error.message}") from error
    except aiohttp.ClientConnectorError as error:
        if is_out(error):
            raise OutOfDescriptors(shortage()) from error
        number = error.os_error.errno or 0
        why = os.strerror(number).lower() if number > 0 else error.os_error.strerror or str(error.os_error)
        raise Unreachable(f"nothing answers at {url}: {why}") from error
    except (aiohttp.ServerConnectionError, OSError) as error:
        raise Unreachable(
            f"{url}{target.path} closed the connection without an answer to a handshake over {transport} "
            f"({_on_one_line(error)}); {ELSEWHERE}"
        ) from error
    except aiohttp.ClientResponseError as error:
        raise Unreachable(f"{url} listens, but does not speak HTTP: {_on_one_line(error.message)}") from error
    except aiohttp.ClientError as error:
        raise Unreachable(f"{url} listens, but does not speak HTTP: {_on_one_line(error)}") from error
    if thorough and answer not in ("closed", "nothing", target.parser):
        raise Foreign(f"{url}{target.path} {_other_parser(answer, target)}")
    return answer


def _other_parser(answer: Answer, target: Target) -> str:
    """What to say of a service that does not speak the parser of the target."""
    match answer:
        case "msgpack":
            return (
                f'uses socket.io-msgpack-parser: set parser = "msgpack" in [{target.where}] to check it, or start the '
                "service without the `parser` option"
            )
        case "default":
            return f'uses Socket.IO\'s default parser: remove parser = "{target.parser}" from [{target.where}]'
        case _:
            return (
                "uses a custom parser, and Roomcheck supports Socket.IO's default parser and socket.io-msgpack-parser "
                "only: start the service without the `parser` option to check it"
            )


def _on_one_line(error: Exception | str) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= SHOWN_BODY else f"{text[:SHOWN_BODY]}… ({len(text)} characters)"


@asynccontextmanager
async def _session(target: Target, url: str, transport: Transport) -> AsyncIterator[Connection]:
    """An open session, which is closed behind."""
    line = Line(target=target, url=url)
    async with socket_session(target, url, WebSocket, trace_configs=(line.trace(),)) as line.http:
        match transport:
            case "websocket":
                connection: Connection = await _over_websocket(line)
            case "polling":
                connection = await _over_polling(line)
            case "upgrade":
                connection = await _upgraded(line, await _over_polling(line))
        yield connection
        await connection.close()


@dataclass(slots=True, kw_only=True)
class Line:
    """Requests to one node, with what it answered where it refused."""

    target: Target
    url: str
    http: aiohttp.ClientSession = field(init=False)
    _refused: str = ""

    @property
    def where(self) -> str:
        """The address of the endpoint."""
        return f"{self.url}{self.target.path}"

    def address(self, transport: str, sid: str = "") -> str:
        """The endpoint with its query."""
        query = dict(self.target.knock.query) | {"EIO": "4", "transport": transport} | ({"sid": sid} if sid else {})
        return f"{self.where}?{urlencode(query)}"

    def trace(self) -> aiohttp.TraceConfig:
        """What keeps the body of a refused websocket, which aiohttp's error does not have."""

        async def ended(session: object, context: object, ended: aiohttp.TraceRequestEndParams) -> None:
            over = ended.response.url.query.get("transport")
            if over == "websocket" and ended.response.status != SWITCHED:
                with contextlib.suppress(aiohttp.ClientError, ValueError):  # A body that breaks off is as good as none.
                    self._refused = await text_of(ended.response)

        async def redirected(session: object, context: object, asked: aiohttp.TraceRequestRedirectParams) -> None:
            # No client follows the redirection of a websocket, and aiohttp would.
            answer = asked.response
            raise refusal(self.where, "websocket", answer.status, "", told_by(answer.headers))

        made = aiohttp.TraceConfig()
        made.on_request_redirect.append(redirected)
        made.on_request_end.append(ended)
        return made

    async def websocket(self, sid: str = "") -> WebSocket:
        """A websocket of a new session, or of the one with that id."""
        try:
            made: WebSocket = await self.http.ws_connect(
                self.address("websocket", sid),
                headers=self.target.knock.among(self.target.common_headers()),
                timeout=aiohttp.ClientWSTimeout(ws_close=GOODBYE_S),
                **OPTIONS,
            )
            return made
        except aiohttp.WSServerHandshakeError as error:
            over = "upgrade" if sid else "websocket"
            more = error.message if error.status == SWITCHED else ""
            more = more or told_by(error.headers)
            raise refusal(self.where, over, error.status, self._refused, more, self.target.knock.place) from error

    async def polled(self, sid: str = "", body: str | None = None) -> str:
        """The answer to a polling request."""
        method = "GET" if body is None else "POST"
        headers = self.target.knock.among(self.target.common_headers())
        address = self.address("polling", sid)
        async with self.http.request(method, address, data=body, headers=headers, allow_redirects=False) as answer:
            if answer.status != OK:
                text = await text_of(answer)
                more = told_by(answer.headers)
                raise refusal(self.where, "polling", answer.status, text, more, self.target.knock.place)
            try:
                whole = await body_of(answer.content.iter_chunked(CHUNK), encoding_of(answer))
            except (TooMuch, ValueError) as error:
                raise Unreachable(f"{self.where} sent {error}") from error
            return whole.decode(errors="replace")

    def opened(self, packet: str, over: str) -> dict[str, Any]:
        """The handshake that a packet is.

        Raises:
            BrokenHandshake: a field of it cannot be used.
            Unreachable: it is none.
        """
        if not packet.startswith("0{"):
            raise refusal(self.where, over, None, packet)
        broken = f"{self.where} sent a broken Engine.IO handshake over {over}"
        try:
            return opening_of(packet)
        except BadOpening as error:
            raise BrokenHandshake(f"{broken}: {error}") from error
        except ValueError as error:
            raise Unreachable(f"{broken}: {error}") from error


@dataclass(slots=True, kw_only=True)
class _Websocket:
    line: Line
    frames: WebSocket
    opened: dict[str, Any] = field(default_factory=dict)

    async def send(self, packet: str | bytes) -> None:
        if isinstance(packet, bytes):
            await self.frames.send_bytes(packet)
        else:
            await self.frames.send_str(packet)

    async def receive(self) -> str | bytes | None:
        try:
            got = await self.frames.receive()
        except TooMuch as error:
            raise Unreachable(f"{self.line.where} sent {error}") from error
        if got.type is aiohttp.WSMsgType.ERROR:
            raise Unreachable(f"{self.line.where} sent an invalid websocket frame: {got.data}")
        return got.data if isinstance(got.data, str | bytes) else None

    async def close(self) -> None:
        if not self.frames.closed:
            await self.frames.send_str(CLOSE)
        await self.frames.close()


@dataclass(slots=True, kw_only=True)
class _Polling:
    line: Line
    opened: dict[str, Any]
    waiting: list[str] = field(default_factory=list)
    over: bool = False
    taken: bool = False
    """Whether a request of this session was answered."""

    @property
    def sid(self) -> str:
        return str(self.opened["sid"])

    async def send(self, packet: str | bytes) -> None:
        if isinstance(packet, bytes):
            packet = "b" + base64.b64encode(packet).decode()
        await self.line.polled(self.sid, packet)
        self.taken = True

    async def receive(self) -> str | bytes | None:
        if not self.waiting:
            try:
                self.waiting = (await self.line.polled(self.sid)).split(SEPARATOR)
            except SessionUnknown:
                if not self.taken:
                    raise
                self.over = True  # Another request reached it: it was ended meanwhile.
                return None
        packet = self.waiting.pop(0)
        if packet == CLOSE:
            self.over = True
            return None
        return packet.encode() if packet.startswith("b") else packet

    async def close(self) -> None:
        if not self.over:
            await self.line.polled(self.sid, CLOSE)


async def _over_websocket(line: Line) -> _Websocket:
    made = _Websocket(line=line, frames=await line.websocket())
    first = await made.receive()
    if not isinstance(first, str):
        raise refusal(line.where, "websocket", None, "" if first is None else repr(first))
    made.opened = line.opened(first, "websocket")
    return made


async def _nothing_unasked(connection: Connection, where: str) -> None:
    """See that the server waits to be asked for a namespace, as Engine.IO 4 does.

    Raises:
        Foreign: it sends a message by itself, as Socket.IO 1 and 2 do.
    """
    if "maxPayload" in connection.opened or isinstance(connection, _Polling):
        return  # Over polling the payload itself shows the version.
    try:
        async with asyncio.timeout(UNASKED_S):
            unasked = await connection.receive()
    except TimeoutError:
        return
    if isinstance(unasked, str) and unasked.startswith(MESSAGE):
        raise of_engine_3(where, f"the packet {shown(unasked)} before it was asked for a namespace")


async def _over_polling(line: Line) -> _Polling:
    text = await line.polled()
    if ENGINE_3.match(text):
        raise of_engine_3(line.where, shown(text, SHOWN_BODY))
    packets = text.split(SEPARATOR)
    return _Polling(line=line, opened=line.opened(packets[0], "polling"), waiting=packets[1:])


async def _upgraded(line: Line, polling: _Polling) -> Connection:
    upgrades = polling.opened.get("upgrades")
    if not isinstance(upgrades, list) or "websocket" not in upgrades:
        await polling.close()
        raise NotOffered(f"{line.where} offers no upgrade from polling to websocket")
    try:
        frames = await line.websocket(polling.sid)
    except SessionUnknown:
        raise
    except Unreachable as error:
        await polling.close()
        raise NotOffered(str(error)) from error
    made = _Websocket(line=line, frames=frames, opened=polling.opened)
    await made.send(PROBE)
    got = await made.receive()
    if got != PROBED:
        raise NotOffered(f"{line.where} did not upgrade from polling to websocket: expected {PROBED!r}, got {got!r}")
    await made.send(UPGRADE)
    return made
