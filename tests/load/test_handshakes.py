"""Handshakes and endings of a load's sockets: where a token goes, and what is told of a connection that ended."""

import asyncio
from typing import Any

import pytest

from loadtests.worker.wire import websocket
from loadtests.worker.wire.address import Address
from loadtests.worker.wire.failures import Failed, Internal, TooMuch
from loadtests.worker.wire.intake import Intake
from loadtests.worker.wire.socket import Connection
from tests.hostile.service import Service, Socket, connected
from tests.hostile.wire import CLOSE, Request, Wire, framed

DEADLINE_S = 10


class Owner:
    def __init__(self) -> None:
        self.why: asyncio.Future[Failed] = asyncio.get_running_loop().create_future()
        self.frames = 0
        self.fails = False

    def first(self, frame: bytes, packet: Any, why: str) -> None:
        self.frames += 1
        if self.fails:
            raise RuntimeError("a mistake")

    def lost(self, why: Failed) -> None:
        self.why.set_result(why)


async def listening(service: Service) -> tuple[asyncio.Server, str]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await service.serve(Wire(reader, writer))
        except (OSError, asyncio.IncompleteReadError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def ended(service: Service, *, fails: bool = False) -> tuple[Failed, int]:
    """How a connection ended, and how many frames its owner was told of."""
    server, url = await listening(service)
    owner = Owner()
    owner.fails = fails
    async with server, asyncio.timeout(DEADLINE_S):
        await Connection(Address(url=url), owner, {}).open(None)
        return await owner.why, owner.frames


def test_a_redirect_is_not_followed_and_no_token_goes_elsewhere() -> None:
    asked: list[str] = []

    async def test() -> None:
        async def takes(wire: Wire, request: Request) -> None:
            asked.append(request.path)
            await wire.upgrade(request)

        other, elsewhere = await listening(Service(shake=takes))

        async def redirects(wire: Wire, request: Request) -> None:
            await wire.answer("302 Found", Location=elsewhere.replace("http", "ws") + "/socket.io/")

        server, url = await listening(Service(shake=redirects))
        async with server, other:
            with pytest.raises(Failed, match=r"^the websocket handshake was answered with 302$") as failed:
                await Connection(Address(url=url, headers={"Authorization": "Bearer x"}), Owner(), {}).open(None)
            assert "it redirects to ws://127.0.0.1:" in failed.value.detail

    asyncio.run(test())
    assert asked == []


def test_a_mistake_of_ours_is_no_lost_connection_of_the_service() -> None:
    async def step(socket: Socket) -> None:
        await connected(socket)
        await socket.emit("x")

    why, _ = asyncio.run(ended(Service(connect=step), fails=True))
    assert isinstance(why, Internal)
    assert why.detail == "internal error: RuntimeError: a mistake"


def test_what_follows_a_flood_in_the_same_buffer_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "RECHECK", 10)

    async def step(socket: Socket) -> None:
        await connected(socket)
        await socket.wire.send(b'\x81\x0742["x"]' * 50_000)

    why, frames = asyncio.run(ended(Service(connect=step)))
    assert isinstance(why, TooMuch)
    assert 2000 <= frames < 5000


def test_what_follows_a_close_frame_in_the_same_buffer_is_not_looked_at() -> None:
    """A worker that had no processor for a while reads what a service sent after it had closed together with it."""

    async def test() -> None:
        async def closes(socket: Socket) -> None:
            await socket.wire.send(framed(b"\x03\xe9", CLOSE) + framed('40{"sid":"a"}') + framed('42["x"]'))

        server, url = await listening(Service(connect=closes))
        owner = Owner()
        async with server, asyncio.timeout(DEADLINE_S):
            with pytest.raises(Failed) as failed:
                await Connection(Address(url=url), owner, {}).open(None)
        assert (failed.value.detail, owner.frames) == (
            "the connection was closed while it was made: close frame 1001",
            0,
        )

    asyncio.run(test())


def test_a_backlog_that_the_run_has_caused_is_taken() -> None:
    async def test() -> None:
        async def step(socket: Socket) -> None:
            await connected(socket)
            await socket.wire.send(b'\x81\x0742["x"]' * 9_000 + b"\x88\x02\x03\xe8")

        server, url = await listening(Service(connect=step))
        owner = Owner()
        async with server, asyncio.timeout(DEADLINE_S):
            connection = Connection(Address(url=url), owner, {}, Intake(actions=1000))
            await connection.open(None)
            why = await owner.why
        assert (why.detail, owner.frames) == ("the connection was lost: close frame 1000", 9_000)

    asyncio.run(test())
