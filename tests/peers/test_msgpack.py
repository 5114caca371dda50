"""Services on socket.io-msgpack-parser: checked where the target says so, and named where it does not."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgpack
import pytest

from conformance.engine.check import CheckRequest, Result, check
from conformance.judge.rule import rules
from conformance.judge.selection import Selection
from conformance.model.act import Filler, Transport
from conformance.model.verdict import Outcome
from conformance.stage.clients.msgpack_frame import MsgpackPacket
from conformance.stage.clients.packet_size import TooBig, check_size, fitted
from conformance.support.errors import Unreachable
from conformance.target.target import Auth, Parser, target
from contracts.binary import from_wire
from contracts.load import load
from tests.peers.whiteboard import Whiteboard, seats, whiteboard
from tests.running import KEY, roomcheck, settings


class Packed(Whiteboard):
    """The whiteboard on python-socketio's MessagePack."""

    serializer = "msgpack"


class Paints(Packed):
    """One that tells of pens that there are not."""

    async def _take(self, sid: str, room: str, payload: dict[str, Any]) -> None:
        await self.sio.emit("pen:taken", {"room": room, "pen": "purple"}, room=seats(room))


def checked(kind: type[Whiteboard], parser: Parser, transport: Transport = "websocket", rule: str = "") -> Result:
    async def whole() -> Result:
        async with whiteboard(KEY, kind) as url:
            aim = replace(target(url, auth=Auth(key=KEY)), parser=parser, name="it")
            order = CheckRequest(
                bundle=load("example"),
                target=aim,
                rules=rules(),
                selection=Selection(rules=(rule,) if rule else ()),
                transports=(transport,),
            )
            return await check(order, lambda record: None)

    return asyncio.run(whole())


@pytest.mark.parametrize(
    "transport", ["polling", *(pytest.param(one, marks=pytest.mark.long) for one in ("websocket", "upgrade"))]
)
def test_a_service_on_messagepack_holds(transport: Transport) -> None:
    result = checked(Packed, "msgpack", transport)
    assert [(v.rule, v.subject, v.message) for v in result.verdicts if v.outcome is not Outcome.PASS] == [
        ("room-is-named-as-documented", event, "only behaviour was seen, which shows no names")
        for event in ("cursor:moved", "note:added", "pen:taken")
    ]
    assert result.not_exercised == []


def test_one_that_breaks_its_contract_is_found() -> None:
    result = checked(Paints, "msgpack", rule="payload-keeps-its-schema")
    (broken,) = [v for v in result.verdicts if v.outcome is Outcome.FAIL]
    assert (broken.subject, broken.message[-12:]) == ("pen:taken", 'got "purple"')


@pytest.mark.parametrize(
    ("kind", "parser", "words"),
    [
        (Packed, "default", 'uses socket.io-msgpack-parser: set parser = "msgpack" in [targets.it] to check it'),
        (Whiteboard, "msgpack", 'uses Socket.IO\'s default parser: remove parser = "msgpack" from [targets.it]'),
    ],
)
@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_the_parser_that_a_service_speaks_is_named(
    kind: type[Whiteboard], parser: Parser, words: str, transport: Transport
) -> None:
    with pytest.raises(Unreachable) as raised:
        checked(kind, parser, transport)
    assert words in str(raised.value)


def test_load_says_that_it_does_not_speak_it(tmp_path: Path) -> None:
    path = settings(tmp_path, realtime_urls=["http://127.0.0.1:1"], parser="msgpack")
    run = roomcheck("load", "--settings", str(path), "--target", "it", "-t", "1s")
    assert run.returncode == 2
    assert "targets.it.parser: load speaks Socket.IO's default parser only, not msgpack" in run.stdout + run.stderr


def test_a_parser_that_there_is_not_is_refused(tmp_path: Path) -> None:
    path = settings(tmp_path, realtime_urls=["http://127.0.0.1:1"], parser="msgpck")
    run = roomcheck("check", "--settings", str(path), "--target", "it")
    assert run.returncode == 2
    assert "targets.it.parser" in run.stderr


def taken(packet: Any) -> Any:
    """What a frame that carries this is decoded to."""
    seen: list[Any] = []
    kind: Any = type("Recorded", (MsgpackPacket,), {"sink": staticmethod(seen.append)})
    kind(encoded_packet=packet if isinstance(packet, bytes | str) else msgpack.dumps(packet))
    (found,) = seen
    return found


@pytest.mark.parametrize(
    ("packet", "fault"),
    [
        ({"type": 2, "nsp": "/", "data": ["e", {"a": b"\x01"}]}, ""),
        ({"type": 2, "nsp": "/", "data": ["e"], "id": 3}, ""),
        ({"type": 3, "nsp": "/", "data": [1], "id": 3}, ""),
        ({"type": 2, "nsp": "/", "data": {"e": 1}}, "an event is an array that begins with its name"),
        ({"type": 3, "nsp": "/", "data": 1}, "an ack is an array"),
        ({"type": 2, "nsp": "/", "data": ["e"], "id": "3"}, "the id of a packet is an integer"),
        ({"type": 5, "nsp": "/", "data": ["e"]}, "the packet type 5, which socket.io-msgpack-parser refuses"),
        ({"type": 9, "nsp": "/", "data": ["e"]}, "the frame cannot be decoded"),
        ({"type": 2, "data": ["e"]}, "the frame cannot be decoded"),
        ([1], "the frame cannot be decoded"),
        (b"\xc1", "the frame cannot be decoded"),
        ('2["e"]', "the frame cannot be decoded"),
    ],
)
def test_a_frame_is_faulty_where_the_official_parser_throws(packet: Any, fault: str) -> None:
    found = taken(packet)
    assert found.fault.startswith(fault)
    assert bool(found.fault) == bool(fault)
    if not fault:
        assert (found.data, found.namespace, found.id) == (from_wire(packet["data"]), "/", packet.get("id"))


def test_a_packet_is_written_as_the_official_parser_does() -> None:
    assert msgpack.loads(MsgpackPacket(0, namespace="/n").encode()) == {"type": 0, "nsp": "/n"}
    event = MsgpackPacket(2, data=["e", {"a": [None, 1.5]}], namespace=None, id=0)
    assert msgpack.loads(event.encode()) == {"type": 2, "nsp": "/", "data": ["e", {"a": [None, 1.5]}], "id": 0}


def test_what_is_sent_in_base64_may_be_smaller() -> None:
    filler = Filler(least=10, most=1000)
    assert len(fitted(filler, None, in_base64=True)) == 1000
    assert len(fitted(filler, 400, in_base64=False)) == 380
    assert len(fitted(filler, 400, in_base64=True)) == 284
    with pytest.raises(TooBig, match="a packet of this service has 13 bytes at most"):
        fitted(filler, 13, in_base64=True)
    check_size(b"x" * 72, 98, in_base64=True)
    with pytest.raises(TooBig, match="it has 97 bytes, and a packet of this service 97 at most"):
        check_size(b"x" * 72, 97, in_base64=True)
    check_size("é" * 10, 21, in_base64=False)
    with pytest.raises(TooBig, match="it has 20 bytes"):
        check_size("é" * 10, 20, in_base64=False)
