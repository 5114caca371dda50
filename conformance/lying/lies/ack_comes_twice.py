"""A request is acknowledged twice."""

from collections.abc import Iterator
from typing import Any

from socketio import packet

from conformance.lying.spots import Spot, requests
from conformance.lying.teller import Lying
from contracts.model import Bundle

CAUGHT_BY = ("reply-comes-once",)


def applies(bundle: Bundle) -> Iterator[Spot]:
    """Every request with an ack."""
    for request in requests(bundle):
        if request.reply is not None and request.reply.ack:
            yield Spot(name=request.event)


def advice(bundle: Bundle, spot: Spot) -> str:
    """What to add."""
    return "no act asks for its ack"


class Lie(Lying):
    """A request is acknowledged twice."""

    def prepare(self) -> None:
        """Send each packet of an ack twice while the request is handled."""
        send = self.io._send_packet

        async def twice(eio_sid: str, one: Any) -> None:
            await send(eio_sid, one)
            if one.packet_type in (packet.ACK, packet.BINARY_ACK) and self.is_doing():
                await send(eio_sid, one)

        self.io._send_packet = twice
