"""Decodes Socket.IO packets, and says of each whether the official JavaScript client can parse it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from socketio import packet as sio_packet

from conformance.support.opening import confirmation_fault
from conformance.support.strict_json import parsed
from contracts.binary import KEY, from_wire

SHOWN = 200
"""Characters that are kept of a frame that cannot be parsed."""

CONNECT, DISCONNECT, CONNECT_ERROR = sio_packet.CONNECT, sio_packet.DISCONNECT, sio_packet.CONNECT_ERROR
EVENTS = (sio_packet.EVENT, sio_packet.BINARY_EVENT)
ACKS = (sio_packet.ACK, sio_packet.BINARY_ACK)


class _Json:
    """What python-socketio decodes one packet with; it remembers what was no JSON."""

    def __init__(self) -> None:
        self.fault = ""

    def loads(self, text: str) -> Any:
        """Decode as Python does, which takes more than JSON."""
        value, self.fault = parsed(text)
        return value


class Packet(sio_packet.Packet):  # type: ignore[misc]  # python-socketio has no types
    """Hands each event, ack and connection to `sink` as it is decoded, before anything can drop or reorder it."""

    # Whoever sends binary data says so by the packet's type; looking for it would walk every payload.
    uses_binary_events = False
    sink: Callable[[Packet], None]
    packet_type: int
    fault = ""
    """Why the official client cannot parse the frame: socket.io-parser's `Decoder` throws on it."""

    def decode(self, encoded_packet: Any) -> int:
        """Decode a frame. One that cannot be decoded becomes an event without a name, once there is a connection."""
        self.json = _Json()
        try:
            attachments = self._decoded(encoded_packet)
        except (ValueError, RecursionError) as error:
            said = str(error) if isinstance(error, json.JSONDecodeError) else "it is no packet of Socket.IO 5"
            said = "it is nested too deeply" if isinstance(error, RecursionError) else said
            self.fault = f"the frame cannot be decoded: {said}"
            if self.packet_type in (sio_packet.CONNECT, sio_packet.CONNECT_ERROR):
                self.data = None
                type(self).sink(self)
                return 0
            self.packet_type, self.id, self.data = sio_packet.EVENT, None, [None, str(encoded_packet[:SHOWN])]
            attachments = 0
        if self.packet_type in (sio_packet.EVENT, sio_packet.ACK, sio_packet.CONNECT, sio_packet.CONNECT_ERROR):
            type(self).sink(self)
        return attachments

    def _decoded(self, frame: Any) -> int:
        """The number of binary attachments that follow.

        Raises:
            ValueError: nothing can be made of the frame.
        """
        if not isinstance(frame, str):
            raise ValueError("a binary frame that no event announced")
        attachments: int = super().decode(frame)
        if self.packet_type not in range(len(sio_packet.packet_names)):
            raise ValueError(f"unknown packet type {self.packet_type}")
        if self.packet_type in (sio_packet.BINARY_EVENT, sio_packet.BINARY_ACK) and attachments < 1:
            raise ValueError("a binary event without attachments")
        self.fault = self.json.fault or self._misshapen()
        if KEY in frame:
            self.data = from_wire(self.data)
        return attachments

    def add_attachment(self, attachment: Any) -> Any:
        """Take a binary attachment; the last completes the packet, whose data then has the form of `contracts.binary`.

        What the official parser throws on is written down as a fault: text in place of an attachment, and a
        placeholder for one that is not there.
        """
        if not isinstance(attachment, bytes | bytearray):
            self.fault = "text came where a binary attachment was announced"
            attachment = b""
        self.attachments.append(bytes(attachment))
        if len(self.attachments) < self.attachment_count:
            return False
        try:
            self.data = from_wire(self.reconstruct_binary(self.data, self.attachments))
        except (IndexError, TypeError):
            self.fault = self.fault or "a placeholder names an attachment that did not come"
        type(self).sink(self)
        return True

    def _misshapen(self) -> str:
        """What is wrong with a payload that is JSON."""
        if self.packet_type == sio_packet.CONNECT:
            return confirmation_fault(self.data)
        if self.packet_type in EVENTS and not self._is_named():
            return "an event is an array that begins with its name"
        if self.packet_type in ACKS and not isinstance(self.data, list):
            return "an ack is an array"
        return ""

    def _is_named(self) -> bool:
        # socket.io-parser takes numbers for names, too.
        name = self.data[0] if isinstance(self.data, list) and self.data else None
        return isinstance(name, str | int | float) and not isinstance(name, bool)
