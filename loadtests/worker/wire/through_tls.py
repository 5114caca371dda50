"""What comes through TLS goes to picows by way of this, which sees how large a frame has become before it is whole.

picows doubles its buffer whenever a read fills it, and tells of a frame once all of it is there: a thousand sockets
with half of a large frame each would hold more than a worker may have, and nobody would know.
"""

from __future__ import annotations

import asyncio
from typing import Any

from loadtests.worker.wire.intake import BUFFER_BYTES
from loadtests.worker.wire.reading import Source


class ThroughTls(asyncio.BufferedProtocol):
    """Between a transport of TLS and the protocol of picows."""

    __slots__ = ("_held", "_protocol", "_source")

    def __init__(self, source: Source, transport: Any) -> None:
        """From now on the transport has its data taken by this."""
        self._source = source
        self._held = 0
        """What picows holds of frames that are not whole."""
        self._protocol = transport.get_protocol()
        transport.set_protocol(self)

    def get_buffer(self, sizehint: int) -> Any:
        """Where it goes."""
        return self._protocol.get_buffer(sizehint)

    def buffer_updated(self, nbytes: int) -> None:
        """So much more has come."""
        self._held += nbytes
        self._protocol.buffer_updated(nbytes)
        if self._held > BUFFER_BYTES:
            self._source.is_too_large(self._held)

    def parsed(self, left: int) -> None:
        """Picows has parsed a frame, after which so many bytes are left."""
        self._held = left

    def eof_received(self) -> bool | None:
        """The service has sent its last."""
        ends: bool | None = self._protocol.eof_received()
        return ends

    def pause_writing(self) -> None:
        """The service is slow to read."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """It has read."""
        self._protocol.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is over."""
        self._protocol.connection_lost(exc)
