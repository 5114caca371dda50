"""Binary data of Socket.IO: a packet that announces attachments, and the frames that follow it. Pure.

In payloads binary data has the form of `contracts.binary`. Source: the binary packets of
https://github.com/socketio/socket.io-protocol (revision 5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from conformance.support.caps import MOST_MESSAGE_BYTES
from contracts.binary import from_wire, to_wire
from loadtests.worker.wire import codec

SIGN = b'binary":'
"""What the JSON of a packet holds where a payload has binary data, or a key that is written as its own."""

NOT_ANNOUNCED = "a binary frame came that no packet announced"

MOST_ATTACHMENTS = 1000
"""Of one packet: a service that announces more has them come without end."""

_HEAD = re.compile(rb"4([56])(\d{1,4})-")
PLAIN = {b"5": b"2", b"6": b"3"}
"""The type of a packet without attachments, by that of one with them."""


def packed(text: bytes, arguments: Sequence[Any]) -> list[bytes]:
    """The frames of an event or an ack: its text, and its attachments.

    Args:
        text: the packet as one of JSON alone.
        arguments: what stands in it.
    """
    if SIGN not in text:
        return [text]
    found: list[bytes] = []
    head, _, rest = text.partition(b"[")
    items = codec.value(b"[" + rest)
    name = items[: len(items) - len(arguments)]
    body = codec.encode_json([*name, *(_taken_out(to_wire(one), found) for one in arguments)])
    if not found:
        return [head + body]
    kind = {b"2": b"5", b"3": b"6"}[head[1:2]]
    return [b"4" + kind + b"%d-" % len(found) + head[2:] + body, *found]


def _taken_out(value: Any, found: list[bytes]) -> Any:
    """A value with a placeholder for all its binary data, which is added to what was found."""
    if isinstance(value, bytes):
        found.append(value)
        return {"_placeholder": True, "num": len(found) - 1}
    if isinstance(value, dict):
        return {name: _taken_out(inner, found) for name, inner in value.items()}
    return [_taken_out(inner, found) for inner in value] if isinstance(value, list) else value


Read: TypeAlias = tuple[bytes, codec.Packet | None, str]
"""What was read: the whole frame, and its packet; or none, and why."""


class Reader:
    """Reads packets, and holds one back until its attachments have come."""

    __slots__ = ("_frame", "_packet", "_parts", "_size_bytes", "_wanted")

    def __init__(self) -> None:
        self._packet: codec.Packet | None = None
        self._frame = b""
        self._wanted = self._size_bytes = 0
        self._parts: list[bytes] = []

    @property
    def held_bytes(self) -> int:
        """Of a packet whose attachments have not all come."""
        return self._size_bytes if self._packet is not None else 0

    def plain(self, text: bytes, head: bytes, namespace: str) -> codec.Packet | None:
        """An event that `text` would give as well, by a shorter way; None where that has to be asked.

        Args:
            head: what the text begins with, as `codec.plain_event` gives it.
        """
        if self._packet is not None or SIGN in text:
            return None
        data = codec.quick(text[len(head) - 1 :])
        if type(data) is list and data and type(data[0]) is str:
            return codec.Packet(codec.EVENT, namespace, -1, data)
        return None

    def text(self, text: bytes) -> Iterator[Read]:
        """A packet has come as text."""
        if self._packet is not None:
            self._packet = None
            yield self._frame, None, "text came where a binary attachment was announced"
        try:
            if text[1:2] in PLAIN:
                self._begin(text)
                return
            packet = codec.decode(text)
        except codec.Malformed as error:
            yield text, None, str(error)
            return
        # An object that looks like the form of binary data is told from it.
        yield text, packet._replace(data=from_wire(packet.data)) if SIGN in text else packet, ""

    def _begin(self, text: bytes) -> None:
        head = _HEAD.match(text)
        if head is None or not 0 < int(head[2]) <= MOST_ATTACHMENTS:
            raise codec.Malformed(f"expected the number of attachments, up to {MOST_ATTACHMENTS}")
        self._packet = codec.decode(b"4" + PLAIN[head[1]] + text[head.end() :])
        self._frame, self._wanted, self._size_bytes = text, int(head[2]), len(text)
        self._parts = []

    def data(self, data: bytes) -> Iterator[Read]:
        """A binary frame has come, which is an attachment of the packet before."""
        if self._packet is None:
            yield data, None, NOT_ANNOUNCED
            return
        self._parts.append(data)
        self._size_bytes += len(data)
        if len(self._parts) < self._wanted and self._size_bytes <= MOST_MESSAGE_BYTES:
            return
        packet, self._packet = self._packet, None
        frame = codec.SEPARATOR.join([self._frame, *self._parts])
        try:
            if self._size_bytes > MOST_MESSAGE_BYTES:
                raise codec.Malformed("its attachments are too large")
            yield frame, packet._replace(data=from_wire(self._put_back(packet.data))), ""
        except codec.Malformed as error:
            yield frame, None, str(error)

    def _put_back(self, value: Any) -> Any:
        if isinstance(value, dict):
            if value.get("_placeholder") is True:
                number = value.get("num")
                if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < len(self._parts):
                    raise codec.Malformed("a placeholder names no attachment")
                return self._parts[number]
            return {name: self._put_back(inner) for name, inner in value.items()}
        return [self._put_back(inner) for inner in value] if isinstance(value, list) else value
