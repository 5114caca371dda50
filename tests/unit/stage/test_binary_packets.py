"""Packets with binary data: what goes out and what is made of what comes in, in both encodings."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from socketio import packet as sio_packet

from conformance.stage.clients.frame import Packet
from conformance.stage.clients.msgpack_frame import MsgpackPacket
from conformance.stage.clients.outgoing import messages_of
from conformance.stage.clients.recorder import Clock, Recorder
from conformance.stage.clients.socket import Socket
from conformance.stage.observing.redis_messages import of_manager
from contracts.binary import binary


def heard(*frames: str | bytes) -> list[Any]:
    """The packets that frames make up, as they are recorded."""
    seen: list[Any] = []
    kind: Any = type("Recorded", (Packet,), {"sink": staticmethod(seen.append)})
    packet = kind(encoded_packet=frames[0])
    for frame in frames[1:]:
        packet.add_attachment(frame)
    return seen


def unpacked(message: Any) -> Any:
    seen: list[Any] = []
    kind: Any = type("Recorded", (MsgpackPacket,), {"sink": staticmethod(seen.append)})
    kind(encoded_packet=message)
    return seen[0]


@pytest.mark.parametrize(
    ("kind", "number", "header"),
    [
        (sio_packet.EVENT, None, '51-["e",{"_placeholder":true,"num":0}]'),
        (sio_packet.EVENT, 7, '51-7["e",{"_placeholder":true,"num":0}]'),
        (sio_packet.ACK, 7, '61-7["e",{"_placeholder":true,"num":0}]'),
    ],
)
def test_binary_data_goes_out_as_an_attachment(kind: int, number: int | None, header: str) -> None:
    data = ["e", binary(b"\x01\xff")]
    assert messages_of(Packet, kind, data, "/", number) == [header, b"\x01\xff"]


def test_what_has_no_binary_data_goes_out_as_ever() -> None:
    data = ["e", {"$$binary": "AQL/"}]
    assert messages_of(Packet, sio_packet.EVENT, data, "/", None) == ['2["e",{"$binary":"AQL/"}]']


def test_attachments_are_read_as_the_form() -> None:
    (packet,) = heard(
        '52-["e",{"_placeholder":true,"num":0},{"a":[{"_placeholder":true,"num":1}]}]', b"\x01\x02\xff", b""
    )
    assert packet.data == ["e", {"$binary": "AQL/"}, {"a": [{"$binary": ""}]}]
    assert packet.fault == ""


def test_json_that_looks_like_the_form_is_a_literal() -> None:
    (packet,) = heard('2["e",{"a":{"$binary":"AQL/"}}]')
    assert packet.data == ["e", {"a": {"$$binary": "AQL/"}}]


@pytest.mark.parametrize(
    ("frames", "fault"),
    [
        (('51-["e",{"_placeholder":true,"num":1}]', b"x"), "a placeholder names an attachment that did not come"),
        (('51-["e",{"_placeholder":true,"num":0}]', "x"), "text came where a binary attachment was announced"),
    ],
)
def test_what_the_official_parser_throws_on_is_a_fault(frames: tuple[str | bytes, ...], fault: str) -> None:
    (packet,) = heard(*frames)
    assert packet.fault == fault


def test_messagepack_holds_binary_data_in_its_one_message() -> None:
    data = ["e", {"a": binary(b"\x01\xff")}]
    (message,) = messages_of(MsgpackPacket, sio_packet.EVENT, data, "/", 3)
    assert msgspec.msgpack.decode(message) == {"type": 2, "nsp": "/", "data": ["e", {"a": b"\x01\xff"}], "id": 3}
    assert unpacked(message).data == data


NOON_MS = int(datetime(2026, 11, 28, 12, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (datetime(2026, 11, 28, 12, tzinfo=UTC), "2026-11-28T12:00:00.000Z"),
        (msgspec.msgpack.Ext(0, NOON_MS.to_bytes(8, "big")), "2026-11-28T12:00:00.000Z"),
        (msgspec.msgpack.Ext(0, b"\x00"), None),
        (msgspec.msgpack.Ext(0, b"\x01\x02\xff"), {"$binary": "AQL/"}),
        ({"$binary": "AQL/"}, {"$$binary": "AQL/"}),
    ],
)
def test_extensions_of_messagepack_are_read_as_the_official_parser_reads_them(value: Any, read: Any) -> None:
    message = msgspec.msgpack.encode({"type": 2, "nsp": "/", "data": ["e", value]})
    packet = unpacked(message)
    assert (packet.data, packet.fault) == (["e", read], "")


def test_a_broadcast_of_python_socketio_in_redis_has_its_attachments() -> None:
    message = {
        "method": "emit",
        "event": "e",
        "room": "r",
        "namespace": "/",
        "binary": True,
        "data": [[{"a": {"_placeholder": True, "num": 0}}], "AQL/"],
    }
    told = of_manager(msgspec.json.encode(message))
    assert told is not None
    assert told.args == [{"a": b"\x01\x02\xff"}]


@pytest.mark.parametrize(("closing", "count"), [(False, 1), (True, 0)])
def test_an_attachment_that_comes_after_our_goodbye_is_no_fault_of_the_service(closing: bool, count: int) -> None:
    async def whole() -> int:
        log = Recorder(Clock(), asyncio.Event())
        socket: Any = Socket("ann", log, lambda: None)
        socket._closing = closing
        socket._packet_class(encoded_packet=b"\x01")
        return len(log.entries)

    assert asyncio.run(whole()) == count
