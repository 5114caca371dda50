"""Packets as `socket.io-msgpack-parser` writes them: one MessagePack map each, binary values and times within it.

A time (the extension -1, and 0 of eight bytes in older releases) is read as the text that JSON has for it.

Source: https://github.com/socketio/socket.io-msgpack-parser.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from socketio import packet as sio_packet

from conformance.stage.clients.frame import ACKS, EVENTS, Packet
from contracts.binary import from_wire

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _extended(code: int, data: memoryview) -> Any:
    """The value of an extension type as notepack.io, the codec of the official parser, writes it."""
    if code == 0 and len(data) == 8:
        try:
            return EPOCH + timedelta(milliseconds=int.from_bytes(data, "big", signed=True))
        except OverflowError:
            return bytes(data)  # An ArrayBuffer of eight bytes: no time lies so far away.
    return None if code == 0 and len(data) == 1 else bytes(data)  # `undefined`, or an ArrayBuffer.


class MsgpackPacket(Packet):
    """A packet in MessagePack. Its `fault` is what the official parser's `Decoder` throws on."""

    def encode(self) -> Any:
        """The packet as a binary message."""
        packet = {"type": self.packet_type, "nsp": self.namespace or "/"}
        packet |= {} if self.data is None else {"data": self.data}
        packet |= {} if self.id is None else {"id": self.id}
        return msgspec.msgpack.encode(packet)

    def _decoded(self, frame: Any) -> int:
        if not isinstance(frame, bytes):
            raise ValueError("a packet in text, not in MessagePack")
        try:
            packet: Any = from_wire(msgspec.msgpack.decode(frame, ext_hook=_extended))
        except (msgspec.DecodeError, RecursionError, OverflowError) as error:
            raise ValueError(f"it is no MessagePack: {error}") from error
        kind = packet.get("type") if isinstance(packet, dict) else None
        if not isinstance(kind, int) or kind not in (*range(sio_packet.CONNECT_ERROR + 1), *EVENTS, *ACKS):
            raise ValueError(f"unknown packet type {kind}")
        namespace = packet.get("nsp")
        if not isinstance(namespace, str):
            raise ValueError("a packet without a namespace")
        self.packet_type, self.data, self.id, self.namespace = kind, packet.get("data"), packet.get("id"), namespace
        self.fault = self._misshapen()
        if kind > sio_packet.CONNECT_ERROR:
            # Binary values need no attachments here, and the official parser has no types for them.
            self.fault = f"the packet type {kind}, which socket.io-msgpack-parser refuses"
            self.packet_type = sio_packet.EVENT if kind in EVENTS else sio_packet.ACK
        elif self.id is not None and not isinstance(self.id, int):
            self.fault = "the id of a packet is an integer"
        return 0
