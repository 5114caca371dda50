"""Large frames of many sockets: gathered beside picows, as many at a time as there is memory for."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from loadtests.worker.wire import reading
from loadtests.worker.wire.address import Address
from loadtests.worker.wire.failures import TooMuch
from loadtests.worker.wire.framing import LARGE_BYTES
from loadtests.worker.wire.intake import BUFFER_BYTES, Intake
from loadtests.worker.wire.known import KnownFrames, on_wire
from loadtests.worker.wire.large import LargeAtOnce
from loadtests.worker.wire.reader import SocketReader
from loadtests.worker.wire.reading import READ_BYTES
from loadtests.worker.wire.socket import Connection
from tests.hostile.service import Service, Socket, connected, opened
from tests.load.test_handshakes import DEADLINE_S, listening
from tests.load.test_reader import KNOWN, Heard, Owner, parsed, told

LARGE = b'42["large","' + b"x" * LARGE_BYTES + b'"]'
SIZE = len(on_wire(LARGE))

Play = Callable[[list[Connection], list[Owner], list[Socket], SocketReader], Coroutine[Any, Any, None]]


def played(
    play: Play, count: int = 1, known: dict[bytes, Heard] | None = None, step: Any = None, **service: Any
) -> None:
    """Play with connections whose sockets one reader reads."""

    async def test() -> None:
        there: asyncio.Queue[Socket] = asyncio.Queue()

        async def joined(socket: Socket) -> None:
            await (step or connected)(socket)
            there.put_nowait(socket)
            await asyncio.Event().wait()

        server, url = await listening(Service(connect=joined, **service))
        owners, reader, intake = [Owner() for _ in range(count)], SocketReader(), Intake()
        frames = KnownFrames[Heard]()
        for payload, heard in (known or {}).items():
            frames[payload] = heard
        async with server, asyncio.timeout(DEADLINE_S):
            connections, sockets = [], []
            for owner in owners:
                connections.append(Connection(Address(url=url), owner, frames, intake, reader))
                await connections[-1].open(None)
                sockets.append(await there.get())
            await play(connections, owners, sockets, reader)
            for connection in connections:
                connection.end("rst")
            reader.close()

    asyncio.run(test())


@pytest.mark.parametrize("payload", [LARGE, b'42["large","' + b"x" * 300_000 + b'"]'], ids=["16 bit", "64 bit"])
@pytest.mark.parametrize("first", [1, 3, 9, 11, READ_BYTES, READ_BYTES + 5])
def test_a_large_frame_is_heard_whole_wherever_it_is_cut(
    monkeypatch: pytest.MonkeyPatch, payload: bytes, first: int
) -> None:
    given = parsed(monkeypatch)

    async def play(
        connections: list[Connection], owners: list[Owner], sockets: list[Socket], reader: SocketReader
    ) -> None:
        given.clear()
        frame, before = on_wire(b'42["b"]') + on_wire(payload) + on_wire(KNOWN), connections[0].taken
        at = first + len(on_wire(b'42["b"]'))
        await sockets[0].wire.send(frame[:at])
        assert await told(owners[0], 1) == [b'new 42["b"]']
        await sockets[0].wire.send(frame[at:])
        assert await told(owners[0], 2) == [b"new " + payload, KNOWN]
        assert connections[0].taken == before + 3
        assert given == [], "picows has nothing of a large frame, nor of a whole text"

    played(play, known={KNOWN: Heard()})


def test_a_large_frame_that_is_known_is_taken_as_known() -> None:
    async def play(
        connections: list[Connection], owners: list[Owner], sockets: list[Socket], reader: SocketReader
    ) -> None:
        await sockets[0].wire.send(on_wire(LARGE) + on_wire(KNOWN))
        assert await told(owners[0], 2) == [LARGE, KNOWN]

    played(play, known={LARGE: Heard(), KNOWN: Heard()})


def test_parts_of_a_message_may_be_large() -> None:
    async def play(
        connections: list[Connection], owners: list[Owner], sockets: list[Socket], reader: SocketReader
    ) -> None:
        half = len(LARGE) // 2
        for opcode, last, part in ((1, False, LARGE), (0, False, LARGE[:half]), (0, True, LARGE[half:] + b"]")):
            await sockets[0].wire.frame(part, opcode, fin=last)
        heard = await owners[0].heard.get()
        assert heard == b"new " + LARGE + LARGE + b"]"

    played(play)


def test_sockets_beyond_what_there_is_memory_for_wait_for_their_turn() -> None:
    async def play(
        connections: list[Connection], owners: list[Owner], sockets: list[Socket], reader: SocketReader
    ) -> None:
        reader.large = LargeAtOnce(2 * SIZE)
        for socket in sockets:
            await socket.wire.send(on_wire(KNOWN) + on_wire(LARGE)[:-1])
        for owner in owners:
            assert await told(owner, 1) == [KNOWN]
        await until(lambda: sum(one._reading.waits for one in connections if one._reading) == 2)
        waits = [one._reading is not None and one._reading.waits for one in connections]
        late_s = time.monotonic() + 1e6
        assert [one.overdue(late_s) for one in connections] == [not waiting for waiting in waits], "a ping is not read"
        for socket in sockets:
            await socket.wire.send(on_wire(LARGE)[-1:] + on_wire(KNOWN))
        for owner in owners:
            assert await told(owner, 2) == [b"new " + LARGE, KNOWN]
        assert all(one.overdue(time.monotonic() + 1e6) for one in connections)

    played(play, 4, known={KNOWN: Heard()})


async def until(holds: Callable[[], bool]) -> None:
    """Let the loop turn until something is so."""
    turn = asyncio.Event()
    while not holds():
        asyncio.get_running_loop().call_soon(turn.set)
        await turn.wait()
        turn.clear()


def test_who_waits_for_long_is_ended_and_no_service_is_accused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "WAITING_S", 0.05)

    async def play(
        connections: list[Connection], owners: list[Owner], sockets: list[Socket], reader: SocketReader
    ) -> None:
        reader.large = LargeAtOnce(SIZE)
        for socket in sockets:
            await socket.wire.send(on_wire(LARGE)[:-1])
        done, _ = await asyncio.wait([owner.why for owner in owners], return_when=asyncio.FIRST_COMPLETED)
        why = done.pop().result()
        assert isinstance(why, TooMuch)
        assert why.detail.startswith("the service sends more than Roomcheck can keep: ")

    played(play, 2)


def test_whose_connection_ends_lets_others_go_on() -> None:
    async def play(
        connections: list[Connection], owners: list[Owner], sockets: list[Socket], reader: SocketReader
    ) -> None:
        reader.large = LargeAtOnce(SIZE)
        await sockets[0].wire.send(on_wire(LARGE)[:-1])
        await until(lambda: bool(reader.large._read))
        await sockets[1].wire.send(on_wire(LARGE) + on_wire(KNOWN))
        sockets[0].wire.writer.close()
        await owners[0].why
        assert await told(owners[1], 2) == [b"new " + LARGE, KNOWN]

    played(play, 2, known={KNOWN: Heard()})


def test_what_came_before_an_end_is_heard_however_large_it_is() -> None:
    async def play(
        connections: list[Connection], owners: list[Owner], sockets: list[Socket], reader: SocketReader
    ) -> None:
        reader.large = LargeAtOnce(SIZE)
        assert reader.large.begin("another", lambda: None, SIZE)
        await sockets[0].wire.send(on_wire(LARGE) + on_wire(KNOWN) + b"\x88\x02\x03\xe8")
        sockets[0].wire.writer.close()
        await until(lambda: bool(reader.large._waiting))
        reader.large.end("another")
        assert (await owners[0].why).detail == "the connection was lost: close frame 1000"
        assert await told(owners[0], 2) == [b"new " + LARGE, KNOWN]

    played(play, known={KNOWN: Heard()})


def test_who_stops_reading_within_a_large_frame_reads_on_from_there() -> None:
    async def play(
        connections: list[Connection], owners: list[Owner], sockets: list[Socket], reader: SocketReader
    ) -> None:
        await sockets[0].wire.send(on_wire(LARGE)[:-9])
        await until(lambda: connections[0]._reading is not None and bool(connections[0]._reading._large))
        connections[0].reading(False)
        assert not reader.large._read
        await sockets[0].wire.send(on_wire(LARGE)[-9:])
        connections[0].reading(True)
        assert await told(owners[0], 1) == [b"new " + LARGE]

    played(play)


def test_a_service_that_sends_without_pause_from_the_start_is_read_by_frames() -> None:
    """No read ends where a frame does: where frames begin has to be found out."""

    async def opens(socket: Socket) -> None:
        frame = on_wire(LARGE)
        await opened(socket)
        await socket.wire.send(frame * 8)

    async def play(
        connections: list[Connection], owners: list[Owner], sockets: list[Socket], reader: SocketReader
    ) -> None:
        await told(owners[0], 8)
        assert connections[0]._intake.buffered == 0
        picows = connections[0]._transport.underlying_transport.get_protocol()
        assert len(picows.get_buffer(-1)) <= BUFFER_BYTES

    played(play, open=opens)


def test_what_is_sent_at_once_after_the_handshake_is_counted() -> None:
    async def opens(socket: Socket) -> None:
        await socket.wire.send(on_wire(b"6" + b"x" * 2_000_000)[:-1])
        await asyncio.Event().wait()

    async def test() -> None:
        server, url = await listening(Service(open=opens))
        intake, reader = Intake(), SocketReader()
        async with server, asyncio.timeout(DEADLINE_S):
            connection = Connection(Address(url=url), Owner(), KnownFrames[Heard](), intake, reader)
            opening = asyncio.ensure_future(connection.open(None))
            await until(lambda: bool(reader.large._read) or intake.buffered > 2 * 1_900_000)
            opening.cancel()
            await asyncio.wait([opening])
        assert not reader.large._read
        reader.close()

    asyncio.run(test())
