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
from loadtests.worker.wire.reader import SocketReader
from loadtests.worker.wire.reading import Reading
from loadtests.worker.wire.through_tls import ThroughTls


class Websocket(picows.WSListener):
    """One websocket: what comes over it that is known goes to who knows it, and the rest to what is made of this."""

    __slots__ = (
        "_began_s", "_buffered", "_ending", "_entered", "_fault", "_intake", "_kept", "_parts", "_reader", "_reading",
        "_said", "_through", "_transport", "allowed", "closing", "known", "owner", "taken",
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
        self._kept = 0
        """What it holds of messages that are not whole."""
        self._buffered = 0
        """What its read buffer may have grown to, where that is more than `BUFFER_BYTES`."""
        self._reader = reader
        """Reads the socket once it is a websocket; None where nothing does, or it has been asked."""
        self._reading: Reading | None = None
        self._through: ThroughTls | None = None
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
        inner = transport.underlying_transport
        self._through = ThroughTls(self, inner) if inner.get_extra_info("ssl_object") is not None else None
        if self._reader is not None:
            reader, self._reader = self._reader, None
            self._reading = reader.take_over(self, inner)

    def on_ws_frame(self, transport: Any, frame: Any) -> None:
        """picows: a frame has come. This runs for every delivery that nothing else reads."""
        self.taken += 1
        if self.taken > self.allowed and self.is_too_much():
            return
        payload = frame.get_payload_as_bytes()
        if self._through is not None:
            self._through.parsed(frame.tail_size)
        if len(payload) + frame.tail_size > BUFFER_BYTES and self.is_too_large(len(payload) + frame.tail_size):
            return
        heard = self.known.get(payload)
        if heard is not None:
            heard.take(self.owner, payload, monotonic_ns())
        else:
            self._unknown(frame.msg_type, frame.fin, payload)
        if self._reading is not None:
            self._reading.parsed(frame.tail_size)

    def came(self, opcode: int, last: bool, payload: bytes) -> None:
        """A large frame has come, which picows has not seen."""
        self.taken += 1
        if self.taken > self.allowed and self.is_too_much():
            return
        heard = self.known.get(payload)
        if heard is not None:
            heard.take(self.owner, payload, monotonic_ns())
        else:
            self._unknown(picows.WSMsgType(opcode), last, payload)

    def _unknown(self, kind: picows.WSMsgType, last: bool, payload: bytes) -> None:
        if kind == picows.WSMsgType.CLOSE:
            self._said = f"close frame {int.from_bytes(payload[:2], 'big')}" if payload else "close frame"
            self._take_no_more()
            self._transport.disconnect()
        elif kind == picows.WSMsgType.PING:
            self._transport.send_pong(payload)
        elif kind == picows.WSMsgType.TEXT and last:
            self._take(payload)
        elif kind in (picows.WSMsgType.TEXT, picows.WSMsgType.CONTINUATION):
            self._gather(last, payload)
        elif kind == picows.WSMsgType.BINARY:
            self._data(payload)

    def unknown(self, text: bytes) -> None:
        """The reader of sockets: a message has come whole that is not known."""
        self._take(text)

    def is_too_much(self) -> bool:
        """Whether nothing more is taken: the service has closed, or sent more than this run can have caused.

        The connection is ended then.
        """
        if self._fault is not None or self._said:
            return True
        most = self._intake.allowed(time.monotonic() - self._began_s)
        if self.taken > most:
            self._intake.flooded = True
            self._refuse_more(TooMuch("the service sends without end", f"{self.taken} packets on one socket"))
        self.allowed = min(most, self.taken + RECHECK)
        return self._fault is not None

    def is_too_large(self, size: int) -> bool:
        """Whether the buffers of all sockets take more memory than there is for them; the connection is ended then.

        A buffer is doubled whenever a read fills it, and is never made smaller.
        """
        if size > BUFFER_BYTES and 2 * size > self._buffered:
            self._intake.buffered += 2 * size - self._buffered
            self._buffered = 2 * size
            if self._intake.is_full:
                self.too_large_for_others()
        return self._fault is not None

    def _held_bytes(self) -> int:
        """What is held of messages that are not whole."""
        return len(self._parts)

    def _keep(self) -> None:
        """What is held of messages that are not whole is more, or less: it counts beside the buffers of all sockets."""
        before, self._kept = self._kept, self._held_bytes()
        self._intake.buffered += self._kept - before
        if self._kept > before and self._intake.is_full:
            self.too_large_for_others()

    def too_large_for_others(self) -> None:
        """What it sends does not fit into memory beside what other sockets send: the connection is ended."""
        self._refuse_more(TooMuch("the service sends more than Roomcheck can keep", BUFFERED))

    def broke(self, error: Exception) -> None:
        """What took a frame has raised an error, which is ours."""
        self._refuse_more(Internal("internal error", f"{type(error).__name__}: {error}"))

    def _refuse_more(self, why: Failed) -> None:
        self._fault = why
        self._take_no_more()
        self._abort()

    def _take_no_more(self) -> None:
        """What else is in the buffer is not looked at: after a close frame no client reads on (RFC 6455, 5.5.1)."""
        self.taken, self.allowed = 1, 0

    def _gather(self, last: bool, payload: bytes) -> None:
        """A message in parts, as RFC 6455 (5.4) lets anybody on the way send it."""
        self._parts += payload
        if len(self._parts) > MOST_MESSAGE_BYTES:
            self._parts.clear()
            self._refuse_more(TooMuch("the service sent a message that is too large", LARGEST))
        elif not last:
            self._keep()
        else:
            whole = bytes(self._parts)
            self._parts.clear()
            self._keep()
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
        self._forget_parts()
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

    def _forget_parts(self) -> None:
        """Nothing more comes of messages that are not whole."""
        self._parts.clear()
        self._keep()

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
            if self._reading is not None and not wanted:
                self._reading.hand_over()
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
