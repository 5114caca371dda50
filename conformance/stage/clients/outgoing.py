"""What a client sends: the messages of a packet, with binary data as attachments or inside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from socketio import packet as sio_packet

from conformance.stage.clients.msgpack_frame import MsgpackPacket
from conformance.stage.clients.packet_size import check_size
from contracts.binary import holds_binary, to_wire

BINARY_OF = {sio_packet.EVENT: sio_packet.BINARY_EVENT, sio_packet.ACK: sio_packet.BINARY_ACK}
"""The type of a packet with attachments, by its type without."""


def messages_of(
    packets: type[sio_packet.Packet], kind: int, data: list[Any], namespace: str, number: int | None
) -> list[str | bytes]:
    """The messages of an event or an ack, its attachments last; MessagePack has binary data in its one message.

    Args:
        data: in which binary data has the form of `contracts.binary`.

    Raises:
        ValueError: a text in the form of binary data is no base64.
    """
    if holds_binary(data):
        data = to_wire(data)
        attached = not issubclass(packets, MsgpackPacket) and packets.data_is_binary(data)
        kind = BINARY_OF[kind] if attached else kind
    encoded: Any = packets(kind, namespace=namespace, data=data, id=number).encode()
    return encoded if isinstance(encoded, list) else [encoded]


def check_sizes(messages: Sequence[str | bytes], most_bytes: int | None, *, polls: bool) -> None:
    """Refuse a packet of which the service does not take some message.

    Raises:
        TooBig: with its size.
    """
    for message in messages:
        check_size(message, most_bytes, in_base64=polls and isinstance(message, bytes))
