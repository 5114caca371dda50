"""Reads the websocket messages of one side from the bytes that pass."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from websockets.exceptions import PayloadTooBig, ProtocolError
from websockets.extensions import Extension
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Close, Frame, Opcode
from websockets.headers import parse_extension
from websockets.streams import StreamReader

from conformance.model.transcript import OVER_LIMIT
from conformance.support.caps import MOST_MESSAGE_BYTES

DEFAULT_WINDOW_BITS = 15
"""Of permessage-deflate (RFC 7692 §7.1.2), where the handshake names none."""


class Unreadable(Exception):
    """The bytes are no websocket messages that can be read; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goodbye:
    """A close frame."""

    code: int
    reason: str

    def __str__(self) -> str:
        return f"close frame {self.code}" + (f": {self.reason}" if self.reason else "")


def extensions_of(answer: str, *, of_client: bool) -> list[Extension]:
    """What the frames of one side are encoded with, by the `Sec-WebSocket-Extensions` of the service's answer.

    Raises:
        Unreadable: it names another extension than permessage-deflate, or names that in a way that cannot be read.
    """
    if not answer.strip():
        return []
    try:
        parsed = parse_extension(answer)
    except Exception as error:
        raise Unreadable(f"its extensions cannot be read: {answer!r}") from error
    made: list[Extension] = []
    for name, parameters in parsed:
        if name != "permessage-deflate":
            raise Unreadable(f"it uses the websocket extension {name!r}, which is not read")
        given, side = dict(parameters), "client" if of_client else "server"
        bits = given.get(f"{side}_max_window_bits")
        made.append(
            PerMessageDeflate(
                remote_no_context_takeover=f"{side}_no_context_takeover" in given,
                local_no_context_takeover=True,
                remote_max_window_bits=int(bits) if bits and bits.isdigit() else DEFAULT_WINDOW_BITS,
                local_max_window_bits=DEFAULT_WINDOW_BITS,
            )
        )
    return made


class Messages:
    """The messages of one side of a websocket."""

    def __init__(self, extensions: list[Extension], *, of_client: bool) -> None:
        """`of_client`: its frames are masked."""
        self._reader = StreamReader()
        self._extensions = extensions
        self._masked = of_client
        self._frame: Generator[None, None, Frame] | None = None
        self._pieces: list[bytes] = []
        self._size = 0
        self._is_text = False

    def read(self, data: bytes) -> Iterator[str | bytes | Goodbye]:
        """The messages that are whole once these bytes came.

        Raises:
            Unreadable: the bytes break the protocol, or a message is larger than what is kept.
        """
        self._reader.feed_data(data)
        try:
            while (frame := self._next()) is not None:
                made = self._message(frame)
                if made is not None:
                    yield made
        except PayloadTooBig:
            most_mb = MOST_MESSAGE_BYTES / 1e6
            raise Unreadable(f"{OVER_LIMIT} a message of more than {most_mb:g} MB") from None
        except (ProtocolError, UnicodeDecodeError, EOFError) as error:
            raise Unreadable(f"a broken websocket frame: {error}") from None

    def _next(self) -> Frame | None:
        """The next frame, if it is whole."""
        if self._frame is None:
            if not self._reader.buffer:
                return None
            self._frame = Frame.parse(
                self._reader.read_exact,
                mask=self._masked,
                max_size=MOST_MESSAGE_BYTES,
                extensions=self._extensions or None,
            )
        try:
            next(self._frame)
        except StopIteration as done:
            self._frame = None
            frame: Frame = done.value
            return frame
        return None

    def _message(self, frame: Frame) -> str | bytes | Goodbye | None:
        opcode = frame.opcode
        if opcode is Opcode.CLOSE:
            said = Close.parse(frame.data)
            return Goodbye(code=int(said.code), reason=said.reason)
        if opcode in (Opcode.TEXT, Opcode.BINARY):
            self._pieces, self._is_text = [bytes(frame.data)], opcode is Opcode.TEXT
            self._size = len(frame.data)
        elif opcode is Opcode.CONT:
            self._pieces.append(bytes(frame.data))
            self._size += len(frame.data)
            if self._size > MOST_MESSAGE_BYTES:
                raise PayloadTooBig(None, MOST_MESSAGE_BYTES)
        else:
            return None  # A ping or pong.
        if not frame.fin:
            return None
        whole, self._pieces = b"".join(self._pieces), []
        return whole.decode() if self._is_text else whole
