"""One Socket.IO connection over websocket: opening, namespace, acks, pings. What it hears goes to its owner.

picows gives frames to a plain function, without a task or a queue for each.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from time import monotonic_ns
from typing import Any, Literal, TypeAlias

import picows

from conformance.support.caps import MOST_MESSAGE_BYTES
from conformance.support.opening import confirmation_fault
from loadtests.worker.wire import attachments, codec
from loadtests.worker.wire.acks import Acks
from loadtests.worker.wire.address import NO_FIELDS, Address
from loadtests.worker.wire.dial import dial
from loadtests.worker.wire.failures import (
    CLOSED_EARLY,
    LARGEST,
    LOST,
    Broken,
    Failed,
    Internal,
    Refused,
    TooMuch,
    cut,
    failed,
)
from loadtests.worker.wire.http import Http
from loadtests.worker.wire.intake import RECHECK, Intake
from loadtests.worker.wire.owner import Heard, Owner, Shown
from loadtests.worker.wire.polling import Polling
from loadtests.worker.wire.reset import reset
from loadtests.worker.wire.session import session_of

ANSWER_S = 10.0
"""How long an ack may take before the request counts as unanswered."""

BINARY = "expected text frames"
How: TypeAlias = Literal["close", "rst", "silence"]


class Connection(picows.WSListener):
    """One connection."""

    __slots__ = (
        "_acks", "_address", "_allowed", "_began_s", "_ending", "_entered", "_fault", "_intake", "_opened", "_owner",
        "_parts", "_reader", "_said", "_taken", "_transport", "_waiting", "closing", "known", "patience_s", "pinged_s",
        "recovers", "sid",
    )  # fmt: skip

    def __init__(
        self, address: Address, owner: Owner, known: Mapping[bytes, Heard], intake: Intake | None = None
    ) -> None:
        """`intake` is that of the worker; without it the socket is alone."""
        self._address = address
        self._owner = owner
        self.known = known
        self._intake = intake or Intake()
        self._taken = 0
        self._allowed = RECHECK
        self._began_s = time.monotonic()
        self._fault: Failed | None = None  # Why nothing more is taken from the service.
        self._said = ""  # By the service, as it closed the connection.
        self._ending: asyncio.Task[None] | None = None
        self._acks = Acks()
        self._parts = bytearray()
        self._reader = attachments.Reader()
        self._transport: Any = None
        self._opened: asyncio.Future[None]
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
        self._intake.actions += 1
        headers = shown.among(self._address.headers) if shown else self._address.headers
        query = shown.query if shown else NO_FIELDS
        try:
            async with asyncio.timeout(self._address.connect_s):
                if self._address.transport == "upgrade" and http:
                    await self._upgrade(auth, Polling(self._address, http, headers, query), query)
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
        finally:
            if not self._opened.cancel() and not self._opened.cancelled():
                self._opened.exception()  # Nobody asks for it any more.

    async def _websocket(self, sid: str | None, headers: Mapping[str, str], query: Mapping[str, str]) -> None:
        await dial(self, self._address, self._address.websocket(sid, query), headers)
        if self._transport is None and self._ending is None:
            raise Failed(CLOSED_EARLY)  # picows takes an end before the answer for an answer.

    async def _upgrade(self, auth: Any, polling: Polling, query: Mapping[str, str]) -> None:
        """Open by polling, enter the namespace, then move to a websocket, as browsers do."""
        sid = self._opening((await polling.poll("GET", None))[0])["sid"]
        await polling.poll("POST", sid, codec.connect(self._address.namespace, auth))
        while not self._opened.done():
            for text in await polling.poll("GET", sid):
                self._take(text)
        await self._opened
        self._opened = asyncio.get_running_loop().create_future()
        await self._websocket(sid, polling.headers, query)
        self.send(codec.PROBE)
        await self._opened

    def on_ws_connected(self, transport: Any) -> None:
        """picows: the websocket is open."""
        self._transport = transport

    def _opening(self, text: bytes) -> dict[str, Any]:
        """What the service says of the session, in the packet that opens it.

        Raises:
            Failed: it cannot be used.
        """
        told = session_of(text)
        self.patience_s = (told["pingInterval"] + told["pingTimeout"]) / 1000
        self.pinged_s = time.monotonic()
        return told

    # --- receiving -------------------------------------------------------------------------------------------

    def on_ws_frame(self, transport: Any, frame: Any) -> None:
        """picows: a frame has come. This runs for every delivery."""
        self._taken += 1
        if self._taken > self._allowed and self._is_too_much():
            return
        payload = frame.get_payload_as_bytes()
        heard = self.known.get(payload)
        if heard is not None:
            heard.take(self._owner, payload, monotonic_ns())
        elif frame.msg_type == picows.WSMsgType.CLOSE:
            self._said = f"close frame {int.from_bytes(payload[:2], 'big')}" if payload else "close frame"
            transport.disconnect()
        elif frame.msg_type == picows.WSMsgType.PING:
            transport.send_pong(payload)
        elif frame.msg_type == picows.WSMsgType.TEXT and frame.fin:
            self._take(payload)
        elif frame.msg_type in (picows.WSMsgType.TEXT, picows.WSMsgType.CONTINUATION):
            self._gather(frame.fin, payload)
        elif frame.msg_type == picows.WSMsgType.BINARY:
            self._packets(self._reader.data(payload)) if self._waiting is None else self._strange(payload, BINARY)

    def _is_too_much(self) -> bool:
        """Whether the service has sent more than this run can have caused; the connection is ended then."""
        most = self._intake.allowed(time.monotonic() - self._began_s)
        if self._fault is None and self._taken > most:
            self._intake.flooded = True
            self._refuse_more(TooMuch("the service sends without end", f"{self._taken} packets on one socket"))
        self._allowed = min(most, self._taken + RECHECK)
        return self._fault is not None

    def _refuse_more(self, why: Failed) -> None:
        self._fault = why
        self._taken, self._allowed = 1, 0  # What else is in the buffer is not looked at.
        self._abort()

    def _strange(self, text: bytes, why: str) -> None:
        """It is no packet of Engine.IO: no handshake, or a malformed frame."""
        if self._waiting is None:
            self._owner.first(text, None, why)
        else:
            self._refuse(Failed("the service opened no Engine.IO session", f"{why}, got {cut(repr(text[:100]))}"))

    def _gather(self, last: bool, payload: bytes) -> None:
        """A message in parts, as RFC 6455 (5.4) lets anybody on the way send it."""
        self._parts += payload
        if len(self._parts) > MOST_MESSAGE_BYTES:
            self._parts.clear()
            self._refuse_more(TooMuch("the service sent a message that is too large", LARGEST))
        elif last:
            whole = bytes(self._parts)
            self._parts.clear()
            heard = self.known.get(whole)
            if heard is not None:
                heard.take(self._owner, whole, monotonic_ns())
            else:
                self._take(whole)

    def _take(self, text: bytes) -> None:
        if text[:1] == b"4":
            self._packets(self._reader.text(text))
        elif text == codec.PING:
            self.pinged_s = time.monotonic()
            self.send(codec.PONG)
        elif text[:1] == b"0":
            try:
                self._opening(text)
            except Failed as error:
                self._refuse(error)
            if self._waiting:
                self.send(self._waiting)
                self._waiting = None
        elif text == codec.PROBED:
            self.send(codec.UPGRADE)
            self._done()
        elif text != codec.NOOP and text[:1] != b"1":
            self._strange(text, "expected an Engine.IO packet")

    def _packets(self, found: Iterable[attachments.Read]) -> None:
        for text, packet, why in found:
            if packet is not None:
                self._packet(packet, text)
            elif not self.sid:
                self._refuse(Broken("the confirmation of the connection is broken", why))
            else:
                self._owner.first(text, None, why)

    def _packet(self, packet: codec.Packet, text: bytes) -> None:
        if packet.namespace != self._address.namespace:
            if packet.kind == codec.EVENT:
                # A client hears nothing of a namespace that it has not entered.
                self._owner.first(text, None, "of another namespace")
            return
        match packet.kind:
            case codec.CONNECT:
                if fault := confirmation_fault(packet.data):
                    self._refuse(Broken("the confirmation of the connection is broken", fault))
                    return
                self.sid, self.recovers = packet.data["sid"], "pid" in packet.data
                self._done()
            case codec.CONNECT_ERROR:
                message = packet.data.get("message") if isinstance(packet.data, dict) else packet.data
                self._refuse(Refused("the service refused the connection", cut("" if message is None else message)))
            case codec.ACK:
                self._acks.come(packet.id, packet.data)
            case codec.DISCONNECT:
                self._abort()
            case _:
                self._owner.first(text, packet, "")

    def _done(self) -> None:
        if not self._opened.done():
            self._opened.set_result(None)

    def _refuse(self, why: Failed) -> None:
        if not self._opened.done():
            self._opened.set_exception(why)

    def on_ws_disconnected(self, transport: Any) -> None:
        """picows: the connection is over; why, it tells once this has returned."""
        self._transport = None
        if self.closing:
            self._over(Failed(LOST))
        else:
            self._ending = asyncio.get_running_loop().create_task(self._explain(transport))

    async def _explain(self, transport: Any) -> None:
        why = self._fault
        try:
            await transport.wait_disconnected()
        except picows.WSProtocolError as error:
            is_large = error.code == picows.WSCloseCode.MESSAGE_TOO_BIG
            why = why or (
                TooMuch("the service sent a message that is too large", LARGEST) if is_large else failed(error)
            )
        except Exception as error:  # noqa: BLE001 - raised by what took the frame, which is ours
            why = why or Internal("internal error", f"{type(error).__name__}: {error}")
        self._over(why or Failed(LOST if self._entered else CLOSED_EARLY, self._said))

    def _over(self, why: Failed) -> None:
        self._refuse(why)
        self._acks.fail(LOST)
        if self._entered and not self.closing:
            self._owner.lost(why)

    # --- sending ---------------------------------------------------------------------------------------------

    @property
    def open_now(self) -> bool:
        """Whether packets can be sent."""
        return self._transport is not None and not self.closing and self._fault is None

    def send(self, text: bytes) -> None:
        """Send a packet, where the connection still is."""
        if self._transport is not None:
            self._transport.send(picows.WSMsgType.TEXT, text)

    def _send_all(self, text: bytes, arguments: Sequence[Any]) -> None:
        """Send a packet, and its attachments."""
        packet, *attached = attachments.packed(text, arguments)
        self.send(packet)
        for data in attached if self._transport is not None else ():
            self._transport.send(picows.WSMsgType.BINARY, data)

    def emit(self, name: str, *arguments: Any) -> None:
        """Send an event."""
        self._intake.actions += 1
        self._send_all(codec.event(self._address.namespace, name, arguments), arguments)

    def acknowledge(self, number: int, arguments: Sequence[Any]) -> None:
        """Answer an event that asked for an ack."""
        self._intake.actions += 1
        self._send_all(codec.ack(self._address.namespace, number, arguments), arguments)

    async def call(
        self,
        name: str,
        arguments: Sequence[Any],
        waiting: asyncio.Future[list[Any]],
        acked: Callable[[list[Any]], object],
    ) -> list[Any]:
        """Send an event that is answered by an ack, or in another way that resolves what waits.

        Args:
            acked: is told of an ack.

        Returns:
            the arguments of the answer.

        Raises:
            Failed: no answer came.
        """
        if self._transport is None:
            raise Failed(LOST)
        number = self._acks.ask(waiting, acked)
        self._intake.actions += 1
        self._send_all(codec.event(self._address.namespace, name, arguments, number), arguments)
        try:
            async with asyncio.timeout(ANSWER_S):
                return await waiting
        except TimeoutError:
            raise Failed("no answer came") from None
        finally:
            self._acks.forget(number)

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
