"""One actor's Socket.IO connection: python-socketio's client, with every packet written down."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import socketio
from socketio import packet as sio_packet

from conformance.model.act import Filler, Transport
from conformance.model.transcript import GOODBYE_UNANSWERED, SAID_GOODBYE, Acked, Closed, Got, Probed
from conformance.stage.clients.frame import Packet
from conformance.stage.clients.intake import Intake
from conformance.stage.clients.library import CLIENT_TRANSPORTS, NO_ANSWERS, Answers, Client, once
from conformance.stage.clients.line import Line
from conformance.stage.clients.login import LOGIN_ACK, Login, Refusal
from conformance.stage.clients.msgpack_frame import MsgpackPacket
from conformance.stage.clients.outgoing import check_sizes, messages_of
from conformance.stage.clients.packet_size import fitted, least
from conformance.stage.clients.parser import NAMESPACE
from conformance.stage.clients.recorder import Recorder
from conformance.stage.clients.session import Session
from conformance.stage.clients.websocket import OPTIONS, Ending
from conformance.support.descriptors import OutOfDescriptors, is_out, shortage
from conformance.support.interrupt import current
from conformance.target.target import Parser, Target
from conformance.target.token_place import NOTHING, Presented, TokenEvent

MALFORMED = "(malformed packet)"  # The name under which an event without a name is written down.

GOODBYE_S = 2.0
"""How long a service may take to acknowledge that a connection ends."""

HURRIED_S = 0.1
"""The same once the run has been interrupted: whoever ends it does not wait for the service."""

MOST_QUEUED = 8
"""Packets that may wait for one polling request: python-engineio's server refuses more than 16."""


class Socket:
    """A connection that writes what it receives into a log."""

    def __init__(
        self,
        actor: str,
        log: Recorder,
        on_trouble: Callable[[], None],
        parser: Parser = "default",
        answers: Answers = NO_ANSWERS,
    ) -> None:
        self.actor = actor
        self._on_trouble = on_trouble
        self.id = ""
        self.opened_s = 0.0
        """When the service confirmed the connection."""
        self.asked_s = 0.0
        """When it began to connect."""
        self._goodbye_s: float | None = None
        self._opening = False
        self._log = log
        self._refused = asyncio.Event()
        self._sending = asyncio.Lock()
        self._spoofed = ""
        self.session = Session()
        self._binary = parser == "msgpack"
        self._asked: dict[int, str] = {}
        self.stated_bytes: int | None = None
        """What a packet may have at most by the contract."""
        self._probes: dict[str, float] = {}
        """When each namespace that no service has was asked for, in seconds of the run."""
        self._closing = False
        self._late = False  # Given up before it was made: then nothing that follows is part of the play.
        self._refusal: Refusal | None = None
        self._broken = ""
        """Why the connection cannot be made; empty while it may be."""
        self._login: Login | None = None
        """Set while the token that an event showed is not answered yet."""
        self._namespace = "/"
        kind = MsgpackPacket if parser == "msgpack" else Packet
        self._packet_class = type("_RecordedPacket", (kind,), {"sink": staticmethod(self._record)})
        self._intake = Intake(meter=log.meter)
        self._line = Line(self._intake)
        self._client: Client = Client(
            self._unconfirmed,
            reconnection=False,
            handle_sigint=False,
            serializer=self._packet_class,
            http_session=lambda: self._line.session(self._client.eio.trace()),
            websocket_extra_options=dict(OPTIONS),
        )
        self._client.answers, self._client.send = answers, self._send
        self._client.eio.intake = self._intake

    @property
    def most_bytes(self) -> int | None:
        """What a packet may have at most, if the handshake announced it."""
        announced: int | None = self._client.eio.most_bytes
        return announced

    @property
    def pings_s(self) -> tuple[float, float]:
        """(pingInterval, pingTimeout) of the handshake."""
        return float(self._client.eio.ping_interval or 0.0), float(self._client.eio.ping_timeout or 0.0)

    def fitted(self, filler: Filler) -> str:
        """A text as long as one packet may carry beside its other parts, and at most what is asked for.

        Raises:
            TooBig: not even the least of it fits.
        """
        return fitted(filler, least(self.most_bytes, self.stated_bytes), in_base64=self._binary and self._polls)

    @property
    def _polls(self) -> bool:
        return bool(self._client.transport() == "polling")

    @property
    def connected(self) -> bool:
        """Whether events can be sent."""
        return bool(self._client.connected)

    async def open(
        self,
        target: Target,
        url: str,
        transport: Transport,
        presented: Presented = NOTHING,
        greet: Callable[[], Awaitable[None]] | None = None,
        limit_s: float | None = None,
    ) -> None:
        """Connect to the node at `url`; `greet` is called in the moment in which the service confirms that.

        Args:
            presented: what it shows of a token. By an event, the connection is confirmed once that is answered.
            limit_s: how long it may take; by default what the target says.

        Raises:
            Refusal: the service said no, with its message.
            ConnectionError: there is no Socket.IO service, or it does not take this transport.
            OutOfDescriptors: this process can open no more connections.
        """
        self._line.road, self._namespace = (target, url), target.namespace
        self.asked_s = self._log.clock.now()
        self._listen(target.namespace, greet if presented.event is None else None)
        connecting = asyncio.ensure_future(
            self._client.connect(
                presented.address(url),
                headers=presented.among(target.common_headers()),
                transports=CLIENT_TRANSPORTS[transport],
                auth=presented.auth,
                namespaces=[target.namespace],
                socketio_path=target.path.strip("/"),
                wait_timeout=2 * target.connect_s,  # Our own limit comes first.
            )
        )
        # What it fails with is not looked at once it is given up.
        connecting.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        limit_s = target.connect_s if limit_s is None else limit_s
        late = await self._settled(connecting, limit_s)
        try:
            if not connecting.done():
                connecting.cancel()
                raise ConnectionError(self._broken) if self._broken else TimeoutError
            connecting.result()
            if self._broken:
                raise ConnectionError(self._broken)
            if late:
                raise TimeoutError  # It was made after we had hung up on it.
        except Exception as error:
            self._late = True  # For the play there was no connection.
            await self._line.drop()
            raise self._told(error, limit_s) from error
        self._opening = False
        self._namespace = target.namespace
        self.id = self._client.get_sid(target.namespace) or ""
        if transport == "upgrade" and self._client.transport() != "websocket":
            await self.close()
            raise ConnectionError("the connection was not upgraded from polling to websocket")
        if presented.event is not None:
            await self._log_in(*presented.event, target.connect_s)
            if greet is not None:
                await greet()

    def _told(self, error: Exception, limit_s: float) -> Exception:
        """What to say of a connection that was not made. Whatever the library stumbled over came from the service."""
        if is_out(error):
            return OutOfDescriptors(shortage())
        if self._client.failed_namespaces and self._refusal is not None:
            return self._refusal
        known = isinstance(error, socketio.exceptions.ConnectionError | aiohttp.ClientError | OSError)
        told = str(error) if known else f"broken handshake ({type(error).__name__}: {error})"
        told = f"no connection within {limit_s:g} s" if isinstance(error, TimeoutError) else told
        return ConnectionError(self._broken or self._intake.fault or told or type(error).__name__)

    async def _log_in(self, event: TokenEvent, payload: Any, limit_s: float) -> None:
        """Show the token by an event, of which nothing is written down.

        Raises:
            Refusal: the service did not take it.
        """
        login = self._login = Login(event)
        packet = self._packet_class(
            sio_packet.EVENT, namespace=self._namespace, data=[event.name, payload], id=login.ack
        )
        try:
            await self._send([packet.encode()])
            await login.answered(limit_s)
        except Refusal:
            self._late = True  # For the play there was no connection.
            await self.close()
            raise
        finally:
            self._login = None
        self.opened_s = self._log.clock.now()

    async def _settled(self, connecting: asyncio.Future[Any], limit_s: float) -> bool:
        """Wait until a connection is made or refused, or the time is up; whether it is up.

        Whoever stops waiting for this, as an observer does, leaves nothing behind.
        """
        refused: asyncio.Future[Any] = asyncio.ensure_future(self._refused.wait())
        gone: asyncio.Future[Any] = asyncio.ensure_future(self._log.lost.wait())
        try:
            await asyncio.wait({connecting, refused, gone}, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
            if self._log.lost.is_set() and not connecting.done():
                self._broken = self._broken or "the service is gone"
            self._late = late = not connecting.done() and not self._refused.is_set()
            if not connecting.done():
                # A refused client says goodbye and waits for its last poll, which some servers hold for long.
                await self._line.drop()
                if not (self._broken or late):
                    await asyncio.wait({connecting}, timeout=GOODBYE_S)
        except asyncio.CancelledError:
            connecting.cancel()
            await self._line.drop()
            raise
        finally:
            refused.cancel()
            gone.cancel()
        return late

    async def emit(self, event: str, args: tuple[Any, ...], ack: int | None, *, unbounded: bool = False) -> None:
        """Send an event. `ack` is the number under which an acknowledgement is asked for.

        Raises:
            ConnectionError: the connection is gone.
            TooBig: the service takes no packet of that size.
        """
        if ack is not None:
            self._asked[ack] = event
        if not (self._client.connected or self._opening):
            raise ConnectionError("the connection is closed")
        most_bytes = None if unbounded else least(self.most_bytes, self.stated_bytes)
        messages = messages_of(self._packet_class, sio_packet.EVENT, [event, *args], self._namespace, ack)
        check_sizes(messages, most_bytes, polls=self._polls)
        await self._send(messages)

    async def probe(self) -> None:
        """Ask for a namespace that no service has, another each time: the answer is written down as `Probed`.

        Raises:
            ConnectionError: the connection is gone.
        """
        if not self._client.connected:
            raise ConnectionError("the connection is closed")
        namespace = f"{NAMESPACE}-{len(self._probes)}"
        self._probes[namespace] = self._log.clock.now()
        await self._send([self._packet_class(sio_packet.CONNECT, namespace=namespace).encode()])

    async def _send(self, messages: list[str | bytes]) -> None:
        # One at a time: emissions that waited together would otherwise go on together.
        async with self._sending:
            for message in messages:
                queue = self._client.eio.queue
                if self._client.transport() == "polling" and queue.qsize() >= MOST_QUEUED:
                    await queue.join()
                await self._client.eio.send(message)

    async def close(self) -> None:
        """End the connection with a goodbye, waiting for the service's no longer than is polite."""
        self._closing = True
        self._goodbye_s = self._log.clock.now()
        ending: asyncio.Task[None] | None = None
        reason = "no goodbye"
        try:
            async with asyncio.timeout(GOODBYE_S if current().at_s is None else HURRIED_S):
                queue = self._client.eio.queue
                polling = self._client.connected and self._client.transport() == "polling"
                if polling:
                    reason = GOODBYE_UNANSWERED
                    await queue.join()
                ending = asyncio.ensure_future(self._client.disconnect())
                if polling:
                    # Some servers hold the last poll until their next ping: once the goodbye is sent, hang up.
                    await asyncio.sleep(0)
                    await queue.join()
                    reason = "no goodbye"
                    await self._line.drop()
                await ending
        except (TimeoutError, aiohttp.ClientError, OSError):
            if ending is not None:
                ending.cancel()
            if not self._late:
                self._log.add(self._ended(reason))
        await self._line.drop()

    async def lose(self) -> None:
        """Lose the connection: the service is not told."""
        self._closing = True
        await self._line.drop()

    def _listen(self, namespace: str, greet: Callable[[], Awaitable[None]] | None) -> None:
        """Be told of the connection's beginning and end."""
        self._client.on("disconnect", self._on_disconnect, namespace=namespace)
        self._client.on("connect_error", self._on_refusal, namespace=namespace)
        if greet is not None:
            self._namespace = namespace
            self._client.on("connect", once(greet), namespace=namespace)

    def _record(self, packet: Packet) -> None:
        now = self._log.clock.now()
        data: Any = packet.data
        fault = packet.fault
        if packet.namespace in self._probes:
            # Whether it has such a namespace or not: its answer shows what it has read.
            self._log.add(Probed(at_s=now, actor=self.actor, asked_s=self._probes[packet.namespace]))
        elif packet.packet_type == sio_packet.CONNECT_ERROR or self._is_of_another(packet):
            pass  # The client library tells `_on_refusal`; the official client ignores other namespaces.
        elif packet.packet_type == sio_packet.CONNECT and packet.fault:
            self._break(f"broken confirmation of the connection: {packet.fault}")
        elif packet.packet_type == sio_packet.CONNECT:
            # `pid` where connection state recovery is on: each event that can be replayed then ends in an offset.
            self.session.pid = data.get("pid") or ""
            self.opened_s = now
            self._opening = True
        elif packet.packet_type in (sio_packet.ACK, sio_packet.BINARY_ACK):
            number = packet.id if packet.id is not None else -1
            if self._login is not None and number == LOGIN_ACK:
                self._login.acked(tuple(data) if isinstance(data, list) else (data,))
                return
            event = self._asked.get(number, MALFORMED)
            args = tuple(data) if isinstance(data, list) else (data,)
            self._log.add(Acked(at_s=now, actor=self.actor, event=event, ack=number, args=args, fault=fault))
        elif isinstance(data, list) and data and isinstance(data[0], str):
            args = self.session.received(tuple(data[1:]))
            if self._login is not None and self._login.heard(data[0], args):
                return
            got = Got(at_s=now, actor=self.actor, event=data[0], args=args, fault=fault)
            self._log.add(got if packet.id is None else self._client.answered(got, packet.id))
            if data[0] in ("disconnect", "connect_error"):
                # The client library calls the handler of the real thing for an event of that name.
                self._spoofed = data[0]
        elif not self._closing:
            # After our goodbye the client library has forgotten what attachments were announced.
            self._log.add(Got(at_s=now, actor=self.actor, event=MALFORMED, args=(data,), fault=fault))

    def _is_of_another(self, packet: Packet) -> bool:
        return packet.packet_type == sio_packet.CONNECT and (packet.namespace or "/") != self._namespace

    def _ended(self, reason: str) -> Closed:
        """That we have ended the connection."""
        return Closed(at_s=self._log.clock.now(), actor=self.actor, by="us", reason=reason, asked_s=self._goodbye_s)

    def _is_spoofed(self, name: str) -> bool:
        spoofed, self._spoofed = self._spoofed == name, ""
        return spoofed

    def _on_disconnect(self, reason: str = "") -> None:
        if self._is_spoofed("disconnect") or self._late:
            return None
        if self._closing:
            return self._log.add(self._ended(str(reason)))
        self._line.left = self._client.eio.ws
        told = reason == self._client.reason.SERVER_DISCONNECT
        ending = Ending(by="service", reason=SAID_GOODBYE) if told else self._client.eio.ending()
        if self._login is not None:
            return self._login.ended(ending.reason)
        self._log.add(Closed(at_s=self._log.clock.now(), actor=self.actor, by=ending.by, reason=ending.reason))
        return self._on_trouble()

    def _unconfirmed(self, reason: str) -> None:
        """The connection ended while it was being made."""
        if not (self._closing or self._late or self._refused.is_set()):
            self._break(f"the connection ended before it was confirmed: {self._intake.fault or reason}")

    def _break(self, why: str) -> None:
        self._broken = self._broken or why
        self._refused.set()

    def _on_refusal(self, data: Any = None) -> None:
        if self._is_spoofed("connect_error"):
            return
        message = str(data.get("message", data)) if isinstance(data, dict) else str(data)
        message = "no reason given" if data is None else message
        self._refusal = Refusal(message, data.get("data") if isinstance(data, dict) else None)
        self._refused.set()
