"""Sockets that are read many at a time: what is known is taken at once, all else is parsed, and nothing is mistaken."""

import array
import asyncio
import fcntl
import ssl
import termios
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from loadtests.worker.wire import websocket
from loadtests.worker.wire.address import Address
from loadtests.worker.wire.failures import Failed, Internal, TooMuch
from loadtests.worker.wire.known import NOTHING, KnownFrames, on_wire, size_of
from loadtests.worker.wire.reader import SocketReader
from loadtests.worker.wire.reading import NO_FRAMES, READ_BYTES, Reading
from loadtests.worker.wire.socket import Connection
from tests.hostile.service import Service, Socket, connected
from tests.load.test_handshakes import DEADLINE_S, listening

KNOWN, OTHER, FIRST, UNKNOWN = b'42["a",1]', b'42["a",2]', b'42["first"]', b'42["b"]'


class Owner:
    """Hears what nobody knows, and what is known, in one order."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[bytes] = asyncio.Queue()
        self.why: asyncio.Future[Failed] = asyncio.get_running_loop().create_future()

    def first(self, frame: bytes, packet: Any, why: str) -> None:
        self.heard.put_nowait(b"new " + frame)

    def lost(self, why: Failed) -> None:
        self.why.set_result(why)


class Heard:
    """A known frame."""

    fails = False

    def take(self, owner: Owner, frame: bytes, now_ns: int) -> None:
        if self.fails:
            raise RuntimeError("a mistake")
        owner.heard.put_nowait(frame)


Play = Callable[[Connection, Owner, KnownFrames[Heard], Socket], Coroutine[Any, Any, None]]


def played(play: Play, known: KnownFrames[Heard] | None = None, *, is_read: bool = True) -> None:
    """Play with a connection whose socket is read by a reader from its first frame on, or by picows alone."""

    async def test() -> None:
        there: asyncio.Future[Socket] = asyncio.get_running_loop().create_future()

        async def step(socket: Socket) -> None:
            await connected(socket)
            there.set_result(socket)
            await asyncio.Event().wait()

        server, url = await listening(Service(connect=step))
        owner, reader = Owner(), SocketReader()
        frames = known if known is not None else KnownFrames[Heard]()
        async with server, asyncio.timeout(DEADLINE_S):
            connection = Connection(Address(url=url), owner, frames, None, reader if is_read else None)
            await connection.open(None)
            socket = await there
            await socket.wire.send(on_wire(FIRST))
            assert await owner.heard.get() == b"new " + FIRST
            assert (connection._reading is not None) == is_read
            if known is None:
                frames[KNOWN], frames[OTHER] = Heard(), Heard()
            await play(connection, owner, frames, socket)
            connection.end("rst")
            reader.close()

    asyncio.run(test())


async def told(owner: Owner, count: int) -> list[bytes]:
    return [await owner.heard.get() for _ in range(count)]


def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What picows is given to parse."""
    given: list[bytes] = []
    parse = Reading._parse
    monkeypatch.setattr(Reading, "_parse", lambda self, data: (given.append(bytes(data)), parse(self, data)))
    return given


def test_a_known_frame_is_taken_without_being_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    given = parsed(monkeypatch)

    async def play(connection: Connection, owner: Owner, known: KnownFrames[Heard], socket: Socket) -> None:
        given.clear()
        before = connection.taken
        await socket.wire.send(on_wire(KNOWN))
        assert await told(owner, 1) == [KNOWN]
        assert connection.taken == before + 1

    played(play)
    assert given == []


def test_frames_that_come_together_are_taken_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    given = parsed(monkeypatch)

    async def play(connection: Connection, owner: Owner, known: KnownFrames[Heard], socket: Socket) -> None:
        given.clear()
        before = connection.taken
        sent = [KNOWN, OTHER, UNKNOWN, OTHER, KNOWN]
        await socket.wire.send(b"".join(map(on_wire, sent)))
        assert await told(owner, 5) == [KNOWN, OTHER, b"new " + UNKNOWN, OTHER, KNOWN]
        assert connection.taken == before + 5
        await socket.wire.send(on_wire(KNOWN) + on_wire(OTHER))
        assert await told(owner, 2) == [KNOWN, OTHER]

    played(play)
    assert given == []


ODD = {
    "a length in 2 bytes": b"\x81\x7e\x00\x07" + UNKNOWN,
    "a length in 8 bytes": b"\x81\x7f" + len(UNKNOWN).to_bytes(8, "big") + UNKNOWN,
    "in parts": b"\x01\x03" + UNKNOWN[:3] + b"\x80\x04" + UNKNOWN[3:],
    "a part that is not ended": b"\x01\x03" + UNKNOWN[:3],
    "masked": b"\x81\x87\x00\x00\x00\x00" + UNKNOWN,
    "a length of 8 bytes that looks masked": b"\x81\xff" + bytes(7) + b"\x07" + UNKNOWN,
    "reserved bits": b"\xc1\x07" + UNKNOWN,
    "no opcode": b"\x83\x07" + UNKNOWN,
    "a ping": b"\x89\x01x",
    "an empty text": b"\x81\x00",
    "no UTF-8": on_wire(b'42["\xff"]'),
    "no JSON": on_wire(b'42["b"'),
    "no name": on_wire(b"42[]"),
    "no list": on_wire(b"42[1]"),
    "another namespace": on_wire(b'42/x,["b"]'),
    "a binary event": on_wire(b'451-["b",{"_placeholder":true,"num":0}]') + b"\x82\x01x",
    "text in place of an attachment": on_wire(b'451-["b",{"_placeholder":true,"num":0}]'),
    "long": on_wire(b'42["b","' + b"x" * 300 + b'"]'),
}


def heard_of(sent: bytes, *, is_read: bool) -> tuple[list[bytes], str]:
    """What is heard of bytes, and how the connection ends, with the reader of many sockets or by picows alone."""

    heard: list[bytes] = []
    whys: list[str] = []

    async def play(connection: Connection, owner: Owner, known: KnownFrames[Heard], socket: Socket) -> None:
        await socket.wire.send(sent)
        socket.wire.writer.close()
        whys.append((await owner.why).detail)
        heard.extend(owner.heard.get_nowait() for _ in range(owner.heard.qsize()))

    played(play, is_read=is_read)
    return heard, whys[0]


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_what_is_odd_is_heard_as_the_parser_hears_it(odd: bytes) -> None:
    sent = on_wire(UNKNOWN) + odd + on_wire(b'42["c"]')
    assert heard_of(sent, is_read=True) == heard_of(sent, is_read=False)


def test_what_follows_the_message_that_ends_a_connection_is_not_taken() -> None:
    async def play(connection: Connection, owner: Owner, known: KnownFrames[Heard], socket: Socket) -> None:
        await socket.wire.send(on_wire(UNKNOWN) + on_wire(b"41") + on_wire(UNKNOWN) + on_wire(KNOWN))
        assert (await owner.why).detail == "the connection was lost"
        assert await told(owner, 1) == [b"new " + UNKNOWN]
        assert owner.heard.empty()

    played(play)


def test_who_stops_reading_in_the_middle_of_what_has_come_loses_nothing_of_it() -> None:
    async def play(connection: Connection, owner: Owner, known: KnownFrames[Heard], socket: Socket) -> None:
        hear = owner.first

        def first(frame: bytes, packet: Any, why: str) -> None:
            hear(frame, packet, why)
            connection.reading(False)

        owner.first = first  # type: ignore[method-assign]
        await socket.wire.send(on_wire(UNKNOWN) + on_wire(KNOWN) + on_wire(OTHER))
        assert await told(owner, 3) == [b"new " + UNKNOWN, KNOWN, OTHER]

    played(play)


def test_what_looks_like_a_known_frame_within_another_is_none() -> None:
    """The second half of a long text is, byte by byte, a frame that is known."""
    inside = b'"]' + on_wire(KNOWN)
    whole = b'42["b","' + b"x" * 2 * READ_BYTES + inside

    async def play(connection: Connection, owner: Owner, known: KnownFrames[Heard], socket: Socket) -> None:
        reading = connection._reading
        assert reading is not None
        frame = on_wire(whole)
        for piece in (frame[:7], frame[7 : -len(on_wire(KNOWN))]):
            reading.come(piece, 0)
            assert reading.frames is NO_FRAMES
        await socket.wire.send(on_wire(KNOWN))
        assert await told(owner, 1) == [b"new " + whole]
        assert reading.frames is known.wire
        await socket.wire.send(on_wire(KNOWN))
        assert await told(owner, 1) == [KNOWN]

    played(play)


def test_a_sample_knows_nothing_and_other_sockets_know_on() -> None:
    async def play(connection: Connection, owner: Owner, known: KnownFrames[Heard], socket: Socket) -> None:
        connection.recognise(NOTHING)
        await socket.wire.send(on_wire(KNOWN))
        assert await told(owner, 1) == [b"new " + KNOWN]
        connection.recognise(known)
        known.forget(OTHER)
        await socket.wire.send(on_wire(KNOWN) + on_wire(OTHER))
        assert await told(owner, 2) == [KNOWN, b"new " + OTHER]

    played(play)


def test_who_does_not_read_reads_nothing() -> None:
    async def play(connection: Connection, owner: Owner, known: KnownFrames[Heard], socket: Socket) -> None:
        connection.reading(False)
        await socket.wire.send(on_wire(KNOWN))
        waiting = array.array("i", [0])
        while not waiting[0]:
            await asyncio.sleep(0)
            fcntl.ioctl(connection.descriptor(), termios.FIONREAD, waiting, True)
        for _ in range(5):
            await asyncio.sleep(0)
        assert owner.heard.empty()
        connection.reading(True)
        assert await told(owner, 1) == [KNOWN]

    played(play)


def test_an_end_is_told_after_what_came_before_it() -> None:
    async def play(connection: Connection, owner: Owner, known: KnownFrames[Heard], socket: Socket) -> None:
        await socket.wire.send(on_wire(KNOWN) + on_wire(OTHER) + b"\x88\x02\x03\xe8")
        assert (await owner.why).detail == "the connection was lost: close frame 1000"
        assert await told(owner, 2) == [KNOWN, OTHER]

    played(play)


def test_an_end_without_a_word_is_told() -> None:
    async def play(connection: Connection, owner: Owner, known: KnownFrames[Heard], socket: Socket) -> None:
        await socket.wire.send(on_wire(KNOWN))
        socket.wire.writer.close()
        assert (await owner.why).detail == "the connection was lost"
        assert await told(owner, 1) == [KNOWN]

    played(play)


def test_a_mistake_of_ours_is_none_of_the_service() -> None:
    async def play(connection: Connection, owner: Owner, known: KnownFrames[Heard], socket: Socket) -> None:
        known[KNOWN].fails = True
        await socket.wire.send(on_wire(KNOWN))
        why = await owner.why
        assert isinstance(why, Internal)
        assert why.detail == "internal error: RuntimeError: a mistake"

    played(play)


@pytest.mark.parametrize("together", [1, 1000], ids=["one by one", "together"])
def test_a_flood_of_known_frames_is_ended(monkeypatch: pytest.MonkeyPatch, together: int) -> None:
    monkeypatch.setattr(websocket, "RECHECK", 10)

    async def play(connection: Connection, owner: Owner, known: KnownFrames[Heard], socket: Socket) -> None:
        sent = asyncio.create_task(flood(socket))
        assert isinstance(await owner.why, TooMuch)
        assert 2000 <= owner.heard.qsize() < 5000
        sent.cancel()

    async def flood(socket: Socket) -> None:
        for _ in range(50_000 // together):
            await socket.wire.send(on_wire(KNOWN) * together)

    played(play)


@pytest.mark.parametrize(("is_tls", "is_closing"), [(True, False), (False, True)], ids=["TLS", "closing"])
def test_what_cannot_be_read_here_is_left_to_picows(is_tls: bool, is_closing: bool) -> None:
    class Transport:
        def get_extra_info(self, name: str) -> object:
            return (ssl.SSLObject if is_tls else None) if name == "ssl_object" else self

        def is_closing(self) -> bool:
            return is_closing

    async def test() -> None:
        reader = SocketReader()
        assert reader.take_over(object(), Transport()) is None  # type: ignore[arg-type]
        reader.close()

    asyncio.run(test())


def test_a_system_without_epoll_leaves_all_to_picows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("select.epoll")

    async def test() -> None:
        reader = SocketReader()
        assert reader.take_over(object(), object()) is None  # type: ignore[arg-type]
        reader.close()

    asyncio.run(test())


def test_an_end_that_follows_the_first_frame_at_once_is_told() -> None:
    async def test() -> None:
        async def step(socket: Socket) -> None:
            await connected(socket)
            await socket.wire.send(b"\x88\x02\x03\xe8")

        server, url = await listening(Service(connect=step))
        owner, reader = Owner(), SocketReader()
        async with server, asyncio.timeout(DEADLINE_S):
            connection = Connection(Address(url=url), owner, KnownFrames[Heard](), None, reader)
            await connection.open(None)
            assert (await owner.why).detail == "the connection was lost: close frame 1000"
        reader.close()

    asyncio.run(test())


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_a_frame_of_any_length_is_made_and_measured(size: int) -> None:
    frame = on_wire(b"x" * size)
    assert size_of(b"ab" + frame + b"cd", 2) == len(frame)
    assert size_of(frame[:1], 0) > 1
    assert frame[0] == 0x81
    assert frame.endswith(b"x" * size)
