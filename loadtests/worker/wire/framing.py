"""Where the frames of a server begin in what was read, and which of them are large. Pure."""

from __future__ import annotations

from typing import NamedTuple

from conformance.support.caps import MOST_MESSAGE_BYTES
from loadtests.worker.wire.known import LONG, LONGER, SHORT

LARGE_BYTES = 32_768
"""A frame above this is large. Up to here each socket may have a buffer for one: of a thousand, 57 MB."""

CONTROL = 8
"""From here on an opcode is that of a control frame (RFC 6455, 5.2)."""

UNKNOWN = -1
"""In place of how much of a frame is still to come: the parser has to say."""


class Piece(NamedTuple):
    """What is given to the parser at once."""

    end: int
    """Up to where."""
    left: int
    """How many bytes of its last frame are still to come."""
    large: int = 0
    """The size of the large frame that begins at the end, its head included; 0 where none does."""


def piece(data: bytes, at: int) -> Piece:
    """The frames from the beginning of one on: up to a large one, or to a head that is not whole, or to the end.

    Frames that no server may send are given to the parser with all that follows: it refuses them.
    """
    size = len(data)
    while at < size:
        if at + 2 > size:
            return Piece(at, 0)
        length = data[at + 1]
        head = 2 if length < SHORT else 4 if length == SHORT else 10
        if at + head > size and length <= LONG:
            return Piece(at, 0)
        payload = length if length < SHORT else int.from_bytes(data[at + 2 : at + head], "big")
        is_refused = length > LONG or payload > MOST_MESSAGE_BYTES or (length == LONG and payload < LONGER)
        if is_refused or (payload > LARGE_BYTES and data[at] & 0x7F >= CONTROL):
            return Piece(size, UNKNOWN)
        if payload > LARGE_BYTES:
            return Piece(at, 0, head + payload)
        at += head + payload
    return Piece(min(at, size), max(0, at - size))


class LargeFrame:
    """A large frame of which not all has come yet."""

    __slots__ = ("_came", "_data")

    def __init__(self, size: int) -> None:
        self._data = bytearray(size)
        self._came = 0

    @property
    def missing(self) -> memoryview:
        """What has not come."""
        return memoryview(self._data)[self._came :]

    @property
    def came(self) -> bytes:
        """What has come."""
        return bytes(memoryview(self._data)[: self._came])

    def add(self, data: memoryview) -> int:
        """Take what is of it, from the beginning; how much that is."""
        size = min(len(data), len(self._data) - self._came)
        self._data[self._came : self._came + size] = data[:size]
        self._came += size
        return size

    def read(self, size: int) -> None:
        """So much was read into what was missing."""
        self._came += size

    @property
    def is_whole(self) -> bool:
        """Whether all has come."""
        return self._came == len(self._data)

    @property
    def payload(self) -> bytes:
        """What it carries."""
        return bytes(memoryview(self._data)[4 if self._data[1] == SHORT else 10 :])

    @property
    def opcode(self) -> int:
        """What kind of frame it is."""
        return self._data[0] & 0x0F

    @property
    def is_last(self) -> bool:
        """Whether it ends its message."""
        return bool(self._data[0] & 0x80)
