"""What a process has no time or no memory for is its own limit, and no fault of the service."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from picows import WSMsgType

from contracts.load import load
from loadtests.dialects.dialect import Dialect
from loadtests.ledger.publication import Room
from loadtests.worker.client import VirtualClient
from loadtests.worker.config import WorkerConfig
from loadtests.worker.health import Health
from loadtests.worker.wire.address import Address
from loadtests.worker.wire.failures import Failed, Refused, TooMuch
from loadtests.worker.wire.intake import BUFFER_BYTES, BUFFERED_BYTES, BUFFERED_PER_SOCKET, RELEASED_BYTES, Intake
from loadtests.worker.wire.socket import Connection
from loadtests.worker.worker import Worker

URL = "http://127.0.0.1:9"


def counted(worker: Worker) -> dict[str, int]:
    return {name: count for (name, *_), count in worker.ledger.counts.items() if count}


async def _worker() -> Worker:
    return Worker(WorkerConfig(addresses=(Address(url=URL),), api_urls=(URL,), words=Dialect.of(load("sos")), run="r"))


def stall(monkeypatch: pytest.MonkeyPatch, share: float) -> None:
    """Have the loop be held up for a share of what is waited for, without a wait."""
    monkeypatch.setattr(Health, "stalled_ns", lambda _, since_ns, until_ns: int(share * (until_ns - since_ns)))


@pytest.mark.parametrize(
    ("ask", "share", "expected"),
    [
        (ask, share, expected)
        for ask, undone in ((VirtualClient.join, "unjoined"), (VirtualClient.leave, "unleft"))
        for share, expected in ((0.0, undone), (0.4, undone), (0.6, "held_up"))
    ],
)
def test_a_join_or_a_leave_that_was_not_proved_while_we_were_held_up_is_no_fault(
    ask: Callable[[VirtualClient, Room], Awaitable[bool]], share: float, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> dict[str, int]:
        worker = await _worker()
        stall(monkeypatch, share)
        client = VirtualClient(worker, "Chat", 1)

        async def unproved(*_: object, **__: object) -> bool:
            return False

        monkeypatch.setattr(VirtualClient, "_proved", unproved)
        client.connection = cast("Any", SimpleNamespace(open_now=True))
        assert not await ask(client, Room(name="r", scenario="Chat"))
        return counted(worker)

    assert asyncio.run(play()) == {expected: 1}


@pytest.mark.parametrize(
    ("error", "share", "expected"),
    [
        (Failed("no connection within 10 s"), 0.0, "unreached"),
        (Failed("no connection within 10 s"), 0.6, "held_up"),
        (Refused("the service refused the connection", "no"), 0.6, "refused_sockets"),
    ],
)
def test_a_connection_that_timed_out_while_we_were_held_up_is_no_fault(
    error: Failed, share: float, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> dict[str, int]:
        worker = await _worker()
        stall(monkeypatch, share)

        async def failing(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr(Connection, "open", failing)
        assert not await VirtualClient(worker, "Chat", 1).connect()
        return counted(worker)

    assert asyncio.run(play()) == {expected: 1}


class Owner:
    def __init__(self) -> None:
        self.lost_by: list[Failed] = []

    def first(self, *_: object) -> None:
        """What comes is not looked at."""

    def lost(self, why: Failed) -> None:
        self.lost_by.append(why)


def frame(size: int, tail: int = 0) -> Any:
    return SimpleNamespace(get_payload_as_bytes=lambda: b"4" * size, tail_size=tail, msg_type=None, fin=True)


def test_the_buffers_of_all_sockets_together_are_bounded() -> None:
    intake, large = Intake(), 2_000_000
    sockets = [Connection(Address(url=URL), Owner(), {}, intake) for _ in range(BUFFERED_BYTES // (2 * large) + 1)]
    for socket in sockets:
        socket.on_ws_frame(None, frame(1000, tail=BUFFER_BYTES // 2))
    assert intake.buffered == 0
    for socket in sockets:
        socket.on_ws_frame(None, frame(large))
        socket.on_ws_frame(None, frame(large // 2))
    assert [socket for socket in sockets if socket._fault is not None] == sockets[-1:]
    assert isinstance(sockets[-1]._fault, TooMuch)
    held = intake.buffered
    intake.release(4_000_000)
    assert intake.buffered == held, "it may still be there"
    intake.release(RELEASED_BYTES)
    assert intake.buffered == held - 4_000_000 - RELEASED_BYTES


def test_what_waits_behind_a_frame_is_in_the_buffer_too() -> None:
    intake = Intake()
    Connection(Address(url=URL), Owner(), {}, intake).on_ws_frame(None, frame(100, tail=BUFFER_BYTES))
    assert intake.buffered == 2 * (BUFFER_BYTES + 100)


def test_a_roster_that_each_of_many_sockets_asks_for_has_room() -> None:
    intake = Intake(sockets=20_000, buffered=BUFFERED_BYTES + 1)
    assert not intake.is_full
    intake.buffered = 20_000 * BUFFERED_PER_SOCKET + 1
    assert intake.is_full


def part(size: int, kind: WSMsgType, *, fin: bool = False) -> Any:
    return SimpleNamespace(get_payload_as_bytes=lambda: b"x" * size, tail_size=0, msg_type=kind, fin=fin)


def test_messages_that_are_never_whole_are_bounded_over_all_sockets() -> None:
    intake, size = Intake(), 60_000
    count = BUFFERED_BYTES // (30 * size) + 1
    sockets = [Connection(Address(url=URL), Owner(), {}, intake) for _ in range(count)]
    for socket in sockets:
        for _ in range(30 if socket._fault is None else 0):
            socket.on_ws_frame(None, part(size, WSMsgType.TEXT))
    assert [socket for socket in sockets if socket._fault is not None] == sockets[-1:]
    assert isinstance(sockets[-1]._fault, TooMuch)
    assert BUFFERED_BYTES < intake.buffered <= BUFFERED_BYTES + size
    sockets[-1]._forget_parts()
    assert intake.buffered == (count - 1) * 30 * size
    sockets[0].on_ws_frame(None, part(size, WSMsgType.CONTINUATION, fin=True))
    assert intake.buffered == (count - 2) * 30 * size


def test_attachments_that_are_held_count_until_they_are_whole() -> None:
    intake, size = Intake(), 50_000
    socket = Connection(Address(url=URL), Owner(), {}, intake)
    packet = b'452-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]'
    text = SimpleNamespace(get_payload_as_bytes=lambda: packet, tail_size=0, msg_type=WSMsgType.TEXT, fin=True)
    socket.sid = "s"
    socket.on_ws_frame(None, text)
    socket.on_ws_frame(None, part(size, WSMsgType.BINARY, fin=True))
    assert intake.buffered == len(packet) + size
    socket.on_ws_frame(None, part(size, WSMsgType.BINARY, fin=True))
    assert intake.buffered == 0
    socket.on_ws_frame(None, text)
    socket.on_ws_frame(None, part(size, WSMsgType.BINARY, fin=True))
    socket._forget_parts()
    assert intake.buffered == 0
