"""Frames that are known, because equal ones have come before: by their payload, and by all their bytes on the wire."""

from __future__ import annotations

from typing import Any, TypeVar

from loadtests.worker.wire.owner import Heard

T = TypeVar("T", bound=Heard)

TEXT = 0x81
"""The first byte of a message of text in one frame (RFC 6455, 5.2)."""

SHORT, LONG, LONGER = 126, 127, 1 << 16
"""Up to which length the second byte says it; from here on 2 bytes do, and from there on 8."""


def on_wire(payload: bytes) -> bytes:
    """The frame in which a service sends a text: whole, and as servers do without a mask."""
    size = len(payload)
    if size < SHORT:
        return bytes((TEXT, size)) + payload
    if size < LONGER:
        return bytes((TEXT, SHORT)) + size.to_bytes(2, "big") + payload
    return bytes((TEXT, LONG)) + size.to_bytes(8, "big") + payload


def size_of(data: bytes, at: int) -> int:
    """How many bytes the frame has that begins there; too many where its head has not come yet."""
    length = data[at + 1] if at + 1 < len(data) else 0
    if length < SHORT:
        return 2 + length
    more = 2 if length == SHORT else 8
    return 2 + more + int.from_bytes(data[at + 2 : at + 2 + more], "big")


def text_at(data: bytes, at: int, end: int) -> bytes:
    """The text of a frame that is a whole message, is not masked and has come as a whole; empty where it is another."""
    if data[at] != TEXT or end > len(data):
        return b""
    length = data[at + 1]
    if length < SHORT:
        return data[at + 2 : end]
    # A length that is written longer than it need be is left to the parser, and so is one of 8 bytes or with a mask.
    return data[at + 4 : end] if length == SHORT and end - at - 4 >= SHORT else b""


class KnownFrames(dict[bytes, T]):
    """What frames are, by their payload; `wire` has the same by the bytes of the whole frame, with the payload."""

    def __init__(self) -> None:
        super().__init__()
        self.wire: dict[bytes, tuple[Heard, bytes]] = {}

    def __setitem__(self, payload: bytes, heard: T) -> None:
        super().__setitem__(payload, heard)
        self.wire[on_wire(payload)] = heard, payload

    def forget(self, payload: bytes) -> None:
        """A frame need not be known any more."""
        if self.pop(payload, None) is not None:
            del self.wire[on_wire(payload)]


NOTHING: KnownFrames[Any] = KnownFrames()
"""What is known to sockets that have every frame decoded anew; nothing is added to it."""
