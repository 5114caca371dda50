"""One websocket of a load, by picows, which gives frames to a plain function, without a task or a queue for each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from time import monotonic_ns
from typing import Any

import picows

from conformance.support.caps import MOST_MESSAGE_BYTES
from loadtests.worker.wire.failures import CLOSED_EARLY, LARGEST, LOST, Failed, Internal, TooMuch, failed
from loadtests.worker.wire.intake import BUFFER_BYTES, BUFFERED, RECHECK, Intake
from loadtests.worker.wire.owner import Heard, Owner
from loadtests.worker.wire.reader import Reading, SocketReader


class Websocket(picows.WSListener):
    """One websocket: what comes over it that is known goes to who knows it, and the rest to what is made of this."""

    __slots__ = (
        "_began_s", "_buffered", "_ending", "_entered", "_fault", "_intake", "_parts", "_reader", "_reading", "_said",
        "_transport", "allowed", "closing", "known", "owner", "taken",
    )  # fmt: skip

    def __init__(self, owner: Owner, known: Mapping[bytes, Heard], intake: Intake, reader: SocketReader | None) -> None:
        """`intake` and `reader` are those of the worker; without a reader picows reads everything."""
        self.owner = owner
        self.known = known
        self._intake = intake
        self.taken = 0
        self.allowed = RECHECK
        self._began_s = time.monotonic()
        self._fault: Failed | None = None
        """Why nothing more is taken from the service; None while it is."""
        self._said = ""
        """What the service said as it closed the connection."""
        self._ending: asyncio.Task[None] | None = None
        self._parts = bytearray()
        self._buffered = 0
        """What its read buffer may have grown to, where that is more than `BUFFER_BYTES`."""
        self._reader = reader
        """Reads the socket once its namespace is entered; None where nothing does, or it has been asked."""
        self._reading: Reading | None = None
        self._transport: Any = None
        self.closing = False
        self._entered = False

    def _take(self, text: bytes) -> None:
        """A message has come that is not known."""
        raise NotImplementedError

    def _data(self, data: bytes) -> None:
        """A binary message has come."""
        raise NotImplementedError

    def _over(self, why: Failed) -> None:
        """The connection is over."""
        raise NotImplementedError

    # --- receiving -------------------------------------------------------------------------------------------

    def on_ws_connected(self, transport: Any) -> None:
        """picows: the websocket is open."""
        self._intake.sockets += 1
        self._transport = transport

    def on_ws_frame(self, transport: Any, frame: Any) -> None:
        """picows: a frame has come. This runs for every delivery that nothing else reads."""
        self.taken += 1
        if self.taken > self.allowed and self.is_too_much():
            return
        payload = frame.get_payload_as_bytes()
        if len(payload) + frame.tail_size > BUFFER_BYTES and self._is_too_large(len(payload) + frame.tail_size):
            return
        heard = self.known.get(payload)
        if heard is not None:
            heard.take(self.owner, payload, monotonic_ns())
        else:
            self._unknown(transport, frame, payload)
        if self._reading is not None:
            self._reading.parsed(frame.tail_size)
        elif self._reader is not None and self._entered and not frame.tail_size and self.open_now:
            reader, self._reader = self._reader, None
            self._reading = reader.take_over(self, transport.underlying_transport)

    def _unknown(self, transport: Any, frame: Any, payload: bytes) -> None:
        if frame.msg_type == picows.WSMsgType.CLOSE:
            self._said = f"close frame {int.from_bytes(payload[:2], 'big')}" if payload else "close frame"
            transport.disconnect()
        elif frame.msg_type == picows.WSMsgType.PING:
            transport.send_pong(payload)
        elif frame.msg_type == picows.WSMsgType.TEXT and frame.fin:
            self._take(payload)
        elif frame.msg_type in (picows.WSMsgType.TEXT, picows.WSMsgType.CONTINUATION):
            self._gather(frame.fin, payload)
        elif frame.msg_type == picows.WSMsgType.BINARY:
            self._data(payload)

    def is_too_much(self) -> bool:
        """Whether the service has sent more than this run can have caused; the connection is ended then."""
        most = self._intake.allowed(time.monotonic() - self._began_s)
        if self._fault is None and self.taken > most:
            self._intake.flooded = True
            self._refuse_more(TooMuch("the service sends without end", f"{self.taken} packets on one socket"))
        self.allowed = min(most, self.taken + RECHECK)
        return self._fault is not None

    def _is_too_large(self, size: int) -> bool:
        """Whether the buffers of all sockets take more memory than there is for them; the connection is ended then.

        A buffer is doubled whenever a read fills it, and is never made smaller.
        """
        if 2 * size > self._buffered:
            self._intake.buffered += 2 * size - self._buffered
            self._buffered = 2 * size
            if self._intake.is_full:
                self._refuse_more(TooMuch("the service sends more than Roomcheck can keep", BUFFERED))
        return self._fault is not None

    def broke(self, error: Exception) -> None:
        """What took a frame has raised an error, which is ours."""
        self._refuse_more(Internal("internal error", f"{type(error).__name__}: {error}"))

    def _refuse_more(self, why: Failed) -> None:
        self._fault = why
        self.taken, self.allowed = 1, 0  # What else is in the buffer is not looked at.
        self._abort()

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
                heard.take(self.owner, whole, monotonic_ns())
            else:
                self._take(whole)

    def on_ws_disconnected(self, transport: Any) -> None:
        """picows: the connection is over; why, it tells once this has returned."""
        self._intake.sockets -= 1
        if self._buffered:
            asyncio.get_running_loop().call_soon(self._intake.release, self._buffered)
            self._buffered = 0
        self._leave()
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

    # --- sending ---------------------------------------------------------------------------------------------

    @property
    def open_now(self) -> bool:
        """Whether packets can be sent."""
        return self._transport is not None and not self.closing and self._fault is None

    def send(self, text: bytes) -> None:
        """Send a packet, where the connection still is."""
        if self._transport is not None:
            self._transport.send(picows.WSMsgType.TEXT, text)

    # --- ending ----------------------------------------------------------------------------------------------

    def descriptor(self) -> int:
        """The file descriptor of the connection; -1 where it is over."""
        inner = self._transport.underlying_transport.get_extra_info("socket") if self._transport is not None else None
        return inner.fileno() if inner is not None else -1

    def reading(self, wanted: bool) -> None:
        """Stop reading, or go on."""
        if self._transport is not None:
            self._leave()
            inner = self._transport.underlying_transport
            inner.resume_reading() if wanted else inner.pause_reading()
            if not wanted:
                self.patience_s = float("inf")  # Who does not read hears no ping.

    def _abort(self) -> None:
        self._leave()
        if self._transport is not None:
            self._transport.disconnect(graceful=False)

    def _leave(self) -> None:
        """Have its socket read no more."""
        self._reader, reading, self._reading = None, self._reading, None
        if reading is not None:
            reading.leave()

    def recognise(self, known: Mapping[bytes, Heard]) -> None:
        """Know other frames from now on."""
        self.known = known
        if self._reading is not None:
            self._reading.recognise()
