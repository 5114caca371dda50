"""One Socket.IO connection over websocket: opening, namespace, acks, pings. What it hears goes to its owner."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import picows

from conformance.support.opening import confirmation_fault
from loadtests.worker.wire import attachments, codec
from loadtests.worker.wire.acks import Acks
from loadtests.worker.wire.address import NO_FIELDS, Address
from loadtests.worker.wire.dial import dial
from loadtests.worker.wire.failures import (
    CLOSED_EARLY,
    LOST,
    Broken,
    Failed,
    Refused,
    cut,
    failed,
)
from loadtests.worker.wire.http import Http
from loadtests.worker.wire.intake import Intake
from loadtests.worker.wire.owner import Heard, Owner, Shown
from loadtests.worker.wire.polling import Polling
from loadtests.worker.wire.reader import SocketReader
from loadtests.worker.wire.reset import reset
from loadtests.worker.wire.session import session_of
from loadtests.worker.wire.websocket import Websocket

ANSWER_S = 10.0
"""How long an ack may take before the request counts as unanswered."""

BINARY = "expected text frames"
How: TypeAlias = Literal["close", "rst", "silence"]


class Connection(Websocket):
    """One connection."""

    __slots__ = (
        "_acks", "_address", "_attached", "_opened", "_plain", "_waiting", "patience_s", "pid", "pinged_s", "sid",
    )  # fmt: skip

    def __init__(
        self, address: Address, owner: Owner, known: Mapping[bytes, Heard], intake: Intake | None = None,
        reader: SocketReader | None = None,
    ) -> None:  # fmt: skip
        super().__init__(owner, known, intake or Intake(), reader)
        self._address = address
        self._acks = Acks()
        self._attached = attachments.Reader()
        self._plain = codec.plain_event(address.namespace)
        self._opened: asyncio.Future[None]
        self._waiting: bytes | None = None
        self.sid = ""
        self.pid = ""
        """Of a session that the service can recover: it adds an offset to the arguments of its events then."""
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

    def _held_bytes(self) -> int:
        return super()._held_bytes() + self._attached.held_bytes

    def _forget_parts(self) -> None:
        self._attached = attachments.Reader()
        super()._forget_parts()

    def _data(self, data: bytes) -> None:
        if self._waiting is None:
            self._packets(self._attached.data(data))
            self._keep()
        else:
            self._strange(data, BINARY)

    def _strange(self, text: bytes, why: str) -> None:
        """It is no packet of Engine.IO: no handshake, or a malformed frame."""
        if self._waiting is None:
            self.owner.first(text, None, why)
        else:
            self._refuse(Failed("the service opened no Engine.IO session", f"{why}, got {cut(repr(text[:100]))}"))

    def _take(self, text: bytes) -> None:
        if text.startswith(self._plain) and (
            packet := self._attached.plain(text, self._plain, self._address.namespace)
        ):
            self._packet(packet, text)
        elif text[:1] == b"4":
            self._packets(self._attached.text(text))
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
                self.owner.first(text, None, why)

    def _packet(self, packet: codec.Packet, text: bytes) -> None:
        if packet.namespace != self._address.namespace:
            if packet.kind == codec.EVENT:
                # A client hears nothing of a namespace that it has not entered.
                self.owner.first(text, None, "of another namespace")
            return
        match packet.kind:
            case codec.CONNECT:
                if fault := confirmation_fault(packet.data):
                    self._refuse(Broken("the confirmation of the connection is broken", fault))
                    return
                self.sid, self.pid = packet.data["sid"], str(packet.data.get("pid") or "")
                self._done()
            case codec.CONNECT_ERROR:
                message = packet.data.get("message") if isinstance(packet.data, dict) else packet.data
                self._refuse(Refused("the service refused the connection", cut("" if message is None else message)))
            case codec.ACK:
                self._acks.come(packet.id, packet.data)
            case codec.DISCONNECT:
                self._abort()
            case _:
                self.owner.first(text, packet, "")

    def _done(self) -> None:
        if not self._opened.done():
            self._opened.set_result(None)

    def _refuse(self, why: Failed) -> None:
        if not self._opened.done():
            self._opened.set_exception(why)

    def _over(self, why: Failed) -> None:
        self._refuse(why)
        self._acks.fail(LOST)
        if self._entered and not self.closing:
            self.owner.lost(why)

    # --- sending ---------------------------------------------------------------------------------------------

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
        if self._transport is None:
            return False
        since_s = self.pinged_s if self._reading is None else self._reading.read_since(self.pinged_s, now_s)
        return now_s - since_s > self.patience_s

    def end(self, how: How = "close") -> None:
        """End the connection: politely, by a reset, or by saying nothing any more."""
        if self._transport is None:
            return
        self.closing = True
        self._leave()
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
