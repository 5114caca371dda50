"""One socket that the reader reads: known frames are taken at once, large ones gathered here, others parsed by picows.

picows has a buffer for each socket, doubles it whenever a read fills it, and never makes it smaller. So it is given
small pieces, and no large frame; large ones of all sockets have one budget, and a socket beyond it waits, unread.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from time import monotonic_ns
from typing import Any, Protocol

from loadtests.worker.wire.framing import UNKNOWN, LargeFrame, piece
from loadtests.worker.wire.intake import BUFFER_BYTES
from loadtests.worker.wire.known import KnownFrames, size_of, text_at
from loadtests.worker.wire.large import LargeAtOnce
from loadtests.worker.wire.owner import Heard

READ_BYTES = 1 << 14
"""How much is read of a socket at once; what is left is read in the next turn."""

FRAMES_BYTES = 24_000_000
"""What the large frames that are gathered at once may have: 240 of 100 kB, or six of the largest."""

WAITING_S = 5.0
"""How long a socket may wait for the large frames of others: half of what a request waits for its answer."""

Frames = Mapping[bytes, tuple[Heard, bytes]]

NO_FRAMES: Frames = {}
"""Within a frame nothing is known: what comes next is not the beginning of one."""


class Source(Protocol):
    """A connection whose socket is read."""

    known: Mapping[bytes, Heard]
    owner: Any
    taken: int
    """How many packets have come."""
    allowed: int
    """Up to how many of them nothing has to be asked."""

    def is_too_much(self) -> bool:
        """Whether nothing more is taken."""

    def unknown(self, text: bytes) -> None:
        """A message of text has come in one frame that is not known, and that picows has not seen."""

    def is_too_large(self, size: int) -> bool:
        """Its parser has a buffer of so many bytes: whether nothing more is taken."""

    def came(self, opcode: int, last: bool, payload: bytes) -> None:
        """A large frame has come."""

    def too_large_for_others(self) -> None:
        """A large frame has waited in vain for those of other sockets."""

    def broke(self, error: Exception) -> None:
        """What took a frame has raised an error."""


class Watching(Protocol):
    """What watches sockets."""

    large: LargeAtOnce
    """The large frames of all sockets."""
    spare_bytes: int
    """What may be read of large frames in this turn of the loop, besides what every socket reads."""

    def watch(self, reading: Reading) -> None:
        """Read it when there is something to read."""

    def end(self, reading: Reading) -> None:
        """Do not read it any more."""


class Reading:
    """One socket that is read here."""

    __slots__ = (
        "_head", "_held", "_is_over", "_large", "_left", "_protocol", "_transport", "_waiting", "_watching",
        "_went_on_s", "descriptor", "frames", "source",
    )  # fmt: skip

    def __init__(self, source: Source, transport: Any, descriptor: int, watching: Watching) -> None:
        self.source = source
        self._watching = watching
        self._transport = transport
        self._protocol = transport.get_protocol()
        self.descriptor = descriptor
        self._left = UNKNOWN
        """How much is still to come of the frame that picows has the beginning of."""
        self._held = 0
        """What picows was given and has not parsed yet."""
        self._head = b""
        """The beginning of a frame that nobody was given yet."""
        self._large: LargeFrame | None = None
        self._waiting: asyncio.TimerHandle | None = None
        """Gives it up, where it waits for the large frames of others."""
        self._is_over = False
        self._went_on_s = 0.0
        """When it last did not wait any more."""
        self.frames: Frames = NO_FRAMES

    @property
    def waits(self) -> bool:
        """Whether it is not read, since others have to be first."""
        return self._waiting is not None

    def read_since(self, since_s: float, now_s: float) -> float:
        """Since when it was read without waiting for others, where that is later."""
        return now_s if self.waits else max(since_s, self._went_on_s)

    def recognise(self) -> None:
        """Take what its connection knows as what is known; it may have changed."""
        known = self.source.known
        is_between = self._left == 0 and not self._head and self._large is None
        self.frames = known.wire if is_between and isinstance(known, KnownFrames) else NO_FRAMES

    def come(self, data: bytes, now_ns: int) -> None:
        """What has come is not one known frame: it is several, or something else."""
        at, size, source = 0, len(data), self.source
        while at < size and not self._is_over:
            if self.frames is NO_FRAMES:
                data, at = self._unknown(data, at)
                size = len(data)
                continue
            end = at + size_of(data, at)
            found = self.frames.get(data[at:end])
            text = text_at(data, at, end) if found is None else b""
            if not (found or text):
                at = self._next(data, at)
                continue
            at = end
            source.taken += 1
            if source.taken > source.allowed and source.is_too_much():
                return
            if found is not None:
                found[0].take(source.owner, found[1], now_ns)
                continue
            source.unknown(text)
            if self._is_over and at < size and not self._transport.is_closing():
                self._parse(data[at:])  # It is not to be read any more; what was read already is taken all the same.

    def _unknown(self, data: bytes, at: int) -> tuple[bytes, int]:
        """What comes next is no known frame, wherever it begins; what has come, and up to where it was taken."""
        if self._head:
            data, at, self._head = self._head + data[at:], 0, b""
        if self._large is not None:
            at += self._fill(self._large, memoryview(data)[at:])
            self.recognise()
        elif self._left:
            at = self._rest_of_frame(data, at)
            self.recognise()
        else:
            at = self._next(data, at)
        return data, at

    def _rest_of_frame(self, data: bytes, at: int) -> int:
        """Picows has the beginning of a frame; up to where it was given more."""
        end = len(data) if self._left == UNKNOWN else min(at + self._left, len(data))
        if self._left != UNKNOWN:
            self._left -= end - at
        self._parse(data[at:end])
        return end

    def _next(self, data: bytes, at: int) -> int:
        """Picows gets what is no large frame; up to where."""
        end, self._left, large = piece(data, at)
        if end > at:
            self._parse(data[at:end])
        if end < len(data) and not self._is_over:
            if not large or not self._may_begin(large):
                self._head, end = data[end:], len(data)
            else:
                self._large = LargeFrame(large)
        self.recognise()
        return end

    def _may_begin(self, size: int) -> bool:
        if self._watching.large.begin(self, self._soon, size):
            return True
        self._watching.end(self)
        self._waiting = asyncio.get_running_loop().call_later(WAITING_S, self._gives_up)
        return False

    def _soon(self) -> None:
        asyncio.get_running_loop().call_soon(self._goes_on)

    def _goes_on(self) -> None:
        """There is room for its large frame."""
        self._waits_no_more()
        if self._is_over:
            self._watching.large.end(self)
            return
        self._watching.watch(self)
        data, self._head = self._head, b""
        self.take(data)

    def _gives_up(self) -> None:
        self._waits_no_more()
        self.source.too_large_for_others()

    def _waits_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        self._went_on_s = time.monotonic()

    def take(self, data: bytes) -> None:
        """Take what has come, or was held back."""
        try:
            self.come(data, monotonic_ns())
        except Exception as error:  # noqa: BLE001 - raised by what took the frame, which is ours
            self.source.broke(error)

    def _fill(self, large: LargeFrame, data: memoryview) -> int:
        """A large frame goes on; how much of this is of it. What else of it is there is read at once."""
        used = large.add(data)
        try:
            while not large.is_whole and self._watching.spare_bytes > 0:
                read = os.readv(self.descriptor, [large.missing])
                if not read:
                    break
                large.read(read)
                self._watching.spare_bytes -= read
        except OSError:
            pass  # There is no more yet, or never: what watches the socket will say.
        if large.is_whole:
            self._large = None
            self._watching.large.end(self)
            self.source.came(large.opcode, large.is_last, large.payload)
        return used

    def parsed(self, left: int) -> None:
        """Picows has parsed a frame, after which so many bytes are left."""
        self._held = left

    def _parse(self, data: bytes) -> None:
        """Have picows parse what has come, in pieces that its buffer has room for."""
        rest = memoryview(data)
        while rest:
            room = self._protocol.get_buffer(-1)
            size = min(len(room), len(rest))
            room[:size] = rest[:size]
            self._held += size
            self._protocol.buffer_updated(size)
            rest = rest[size:]
        if self._left == UNKNOWN:
            self._find(data)
        if self._held > BUFFER_BYTES:
            self.source.is_too_large(self._held)

    def _find(self, data: bytes) -> None:
        """Find out how much of the last frame is still to come: what picows holds begins where a frame does."""
        if self._held <= len(data):
            end, left, large = piece(data, len(data) - self._held)
            if large:
                self._left = large - self._held
            elif end == len(data):
                self._left = left

    def leave(self) -> None:
        """Have nobody read it any more."""
        self._is_over = True
        self._large, self._head = None, b""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        self._watching.large.end(self)
        self._watching.end(self)

    def hand_over(self) -> None:
        """Have nobody read it any more, after picows has been given all that was read."""
        held = self._large.came if self._large is not None else self._head
        self.leave()
        self._parse(held)

    def give_back(self) -> None:
        """The service has ended the connection: take what came before, then have libuv see the end."""
        while not self._is_over and not self.waits:
            try:
                data = os.read(self.descriptor, READ_BYTES)
            except OSError:
                break
            if not data:
                break
            self.take(data)
        if not self.waits and not self._is_over:
            self.leave()
            if not self._transport.is_closing():
                self._transport.resume_reading()
