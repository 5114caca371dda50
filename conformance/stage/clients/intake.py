"""How much a service may send: packets and bytes of a socket, an act and a run, and bytes of an HTTP body.

What Roomcheck keeps of a service has to fit into memory, and a run has to end. Who sends more is cut off; what came
until then is judged, and the rest is inconclusive.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import zlib
from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass, field

from conformance.model.transcript import OVER_LIMIT
from conformance.support.caps import AFTER_FLOOD, BODY_BYTES, MESSAGE_BYTES, MOST_MESSAGE_BYTES, PACKETS_PER_S

CHUNK = 65_536

GZIP_OR_ZLIB, RAW_DEFLATE = 47, -15
"""`wbits` of zlib for the two encodings that are asked for; some servers send deflate without its header."""

LARGE_BYTES = 250_000
"""A body above this is a large one."""

ENCODINGS = "gzip, deflate"
"""What requests accept: what can be decompressed within a bound."""


class TooMuch(Exception):
    """The service has sent more than is taken; the message says of what."""


@dataclass(slots=True, kw_only=True)
class Meter:
    """What an act or a run has taken so far."""

    what: str = "act"
    most_packets: int = 10_000
    most_bytes: int = 16_000_000
    whole: Meter | None = None
    """What it is part of."""
    packets: int = 0
    size: int = 0
    flooded: bool = False

    def add(self, size: int, packets: int = 1) -> None:
        """Take packets.

        Raises:
            TooMuch: they are more than the act or the run may have.
        """
        self.packets += packets
        self.size += size
        if self.packets > self.most_packets:
            raise TooMuch(f"{OVER_LIMIT} more than {self.most_packets} packets in one {self.what}")
        if self.size > self.most_bytes:
            raise TooMuch(f"{OVER_LIMIT} more than {self.most_bytes / 1e6:g} MB in one {self.what}")
        if self.whole:
            self.whole.add(size, packets)


def of_run() -> Meter:
    """The meter of a whole run. A check of six rounds takes some 20,000 packets and 10 MB."""
    return Meter(what="run", most_packets=200_000, most_bytes=40_000_000)


@dataclass(slots=True, kw_only=True)
class Intake:
    """What one socket has taken so far."""

    meter: Meter = field(default_factory=Meter)
    now_s: Callable[[], float] = time.monotonic
    most_message: int = MESSAGE_BYTES
    count: int = 0
    fault: str = ""
    """Why the socket takes no more; empty while it does."""
    _began_s: float = 0.0
    _lately: int = 0

    def opened(self, announced: int | None) -> None:
        """The handshake has announced how large a message may be."""
        self.most_message = max(MESSAGE_BYTES, min(announced or 0, MOST_MESSAGE_BYTES))

    def take(self, size: int) -> None:
        """Take one packet of so many bytes.

        Raises:
            TooMuch: it is one too many, or too large.
        """
        now_s = self.now_s()
        if now_s - self._began_s >= 1.0:
            self._began_s, self._lately = now_s, 0
        self._lately += 1
        self.count += 1
        if size > self.most_message:
            raise TooMuch(f"{OVER_LIMIT} a message of more than {self.most_message / 1e6:g} MB")
        run = self.meter.whole or self.meter
        if self._lately > PACKETS_PER_S or (run.flooded and self.count > AFTER_FLOOD):
            run.flooded = True
            raise TooMuch(f"{OVER_LIMIT} the service sends without end: {self.count} packets on one socket")
        try:
            self.meter.add(size)
        except TooMuch:
            run.flooded = True
            raise


async def body_of(
    chunks: AsyncIterable[bytes], encoding: str = "", most: int = BODY_BYTES, large: asyncio.Semaphore | None = None
) -> bytes:
    """The body of an HTTP answer, decompressed.

    Args:
        encoding: the `Content-Encoding` of the answer.
        large: is held by a body of more than `LARGE_BYTES` until it is whole.

    Raises:
        TooMuch: it is longer than `most` bytes.
        ValueError: it is not encoded as it says, or in a way that was not asked for.
    """
    encoding = encoding.strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise ValueError(f"the body has the encoding {encoding!r}, which was not asked for")
    whole, plain = bytearray(), encoding in ("", "identity")
    inflater = zlib.decompressobj(GZIP_OR_ZLIB)
    async with contextlib.AsyncExitStack() as held:
        async for chunk in chunks:
            if plain:
                whole += chunk
            else:
                try:
                    whole += inflater.decompress(chunk, most + 1 - len(whole))
                except zlib.error as error:
                    if whole or encoding != "deflate":
                        raise ValueError(f"the body is not encoded as {encoding}: {error}") from error
                    inflater = zlib.decompressobj(RAW_DEFLATE)
                    whole += _inflated(inflater, chunk, most)
            if large and len(whole) > LARGE_BYTES:
                await held.enter_async_context(large)
                large = None
            if len(whole) > most:
                whole.clear()  # The traceback holds it until the garbage collector comes, and calls are many.
                raise TooMuch(f"{OVER_LIMIT} a body of more than {most / 1e6:g} MB")
    return bytes(whole)


def _inflated(inflater: zlib._Decompress, chunk: bytes, most: int) -> bytes:
    try:
        return inflater.decompress(chunk, most + 1)
    except zlib.error as error:
        raise ValueError(f"the body is not encoded as deflate: {error}") from error
