"""The packets that wait to be sent, taken out in batches that a service accepts as the body of one POST request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

SEPARATOR_BYTES = 1
"""Between two packets of a body (Engine.IO 4, HTTP long-polling)."""


class Batches(asyncio.Queue[Any]):
    """A queue of packets that seems empty where the next packet would make a batch larger than `maxPayload`.

    `maxPayload` limits the whole body of a request, as the official client heeds; python-engineio sends all that waits.
    """

    def __init__(self, most_bytes: Callable[[], int | None]) -> None:
        super().__init__()
        self._most_bytes = most_bytes
        self._bytes = 0
        """Of the batch so far, a separator behind each packet; 0 where none was begun."""

    async def get(self) -> Any:
        """The first packet of a batch, of whatever size."""
        self._bytes = 0
        return await super().get()

    def get_nowait(self) -> Any:
        """The next packet of the batch.

        Raises:
            asyncio.QueueEmpty: there is none, or the batch is full.
        """
        waiting: Sequence[Any] = getattr(self, "_queue", ())
        most = self._most_bytes() if self._bytes and waiting else None
        if most is not None and self._bytes + _bytes_of(waiting[0]) - SEPARATOR_BYTES > most:
            raise asyncio.QueueEmpty
        packet = super().get_nowait()
        self._bytes += _bytes_of(packet)
        return packet


def _bytes_of(packet: Any) -> int:
    """What a packet adds to a body, in bytes; the mark at the end of a connection adds nothing."""
    if packet is None:
        return 0
    if packet.binary:
        # Counted, not encoded: the packet would keep the base64 of polling, and be sent so over a websocket, too.
        return 1 + 4 * -(-len(packet.data) // 3) + SEPARATOR_BYTES
    return len(packet.encode(b64=True).encode()) + SEPARATOR_BYTES
