"""Over TLS, memory for frames that are not whole is counted while they come; what is whole is heard as ever."""

import asyncio
import ssl
from pathlib import Path

import pytest

from loadtests.worker.wire import intake as bounds
from loadtests.worker.wire.address import Address
from loadtests.worker.wire.failures import TooMuch
from loadtests.worker.wire.intake import BUFFER_BYTES, Intake
from loadtests.worker.wire.known import on_wire
from loadtests.worker.wire.reader import SocketReader
from loadtests.worker.wire.socket import Connection
from tests.hostile.certificates import AUTHORITY, context
from tests.hostile.service import Service, Socket, connected
from tests.hostile.wire import Wire
from tests.load.test_handshakes import DEADLINE_S
from tests.load.test_reader import Owner

LARGE = b'42["large","' + b"x" * 400_000 + b'"]'
FRAME = on_wire(LARGE)


def connect(folder: Path, pieces: list[bytes], intake: Intake, count: int = 1) -> list[Owner]:
    """Connect over TLS to a service that sends these bytes; until all owners have heard something, or lost it."""
    owners: list[Owner] = []

    async def test() -> None:
        async def step(socket: Socket) -> None:
            await connected(socket)
            for piece in pieces:
                await socket.wire.send(piece)
            await asyncio.Event().wait()

        service, state = Service(connect=step), dict[str, object]()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await service.serve(Wire(reader, writer, state))
            except (OSError, asyncio.IncompleteReadError):
                writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context("none", folder))
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        trusted, reader = ssl.create_default_context(cafile=str(folder / AUTHORITY)), SocketReader()
        async with asyncio.timeout(DEADLINE_S):
            connections = []
            for _ in range(count):
                owners.append(Owner())
                connections.append(Connection(Address(url=url, tls=trusted), owners[-1], {}, intake, reader))
                await connections[-1].open(None)
            for owner in owners:
                heard = asyncio.ensure_future(owner.heard.get())
                await asyncio.wait([heard, owner.why], return_when=asyncio.FIRST_COMPLETED)
                owner.heard.put_nowait(heard.result()) if heard.done() else heard.cancel()
        for connection in connections:
            connection.end("rst")
        reader.close()
        server.close()

    asyncio.run(test())
    return owners


def test_a_large_frame_is_heard_whole_and_counted(tmp_path: Path) -> None:
    intake = Intake()
    (owner,) = connect(tmp_path, [FRAME[:1], FRAME[1:200_000], FRAME[200_000:]], intake)
    assert owner.heard.get_nowait() == b"new " + LARGE
    assert intake.buffered >= 2 * len(LARGE)


def test_a_frame_that_is_not_whole_ends_a_connection_beyond_what_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "BUFFERED_BYTES", 3 * BUFFER_BYTES)
    monkeypatch.setattr(bounds, "BUFFERED_PER_SOCKET", 0)
    (owner,) = connect(tmp_path, [FRAME[:-1]], Intake())
    assert isinstance(owner.why.result(), TooMuch)


def test_small_frames_are_heard_as_ever(tmp_path: Path) -> None:
    intake = Intake()
    (owner,) = connect(tmp_path, [on_wire(b'42["small",1]') * 20_000], intake)
    assert owner.heard.get_nowait() == b'new 42["small",1]'
