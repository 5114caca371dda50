"""Engine.IO servers made by hand: they answer as servers of other protocols, parsers and manners were seen to."""

import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import WSMsgType, web

from conformance.reference.host import bound, url_of

OLD = {"sid": "aaaa", "upgrades": ["websocket"], "pingInterval": 25000, "pingTimeout": 20000}
"""As Engine.IO 3 sends it, and as 4 did before its version 6.2."""

HANDSHAKE = OLD | {"maxPayload": 1_000_000}

OverWebsocket = Callable[[web.WebSocketResponse], Awaitable[None]]
OverHttp = Callable[[web.Request], Awaitable[web.Response]]


def opening(handshake: dict[str, Any]) -> str:
    return "0" + json.dumps(handshake)


@contextlib.asynccontextmanager
async def engine(
    websocket: OverWebsocket | None = None, http: OverHttp | None = None
) -> AsyncIterator[tuple[str, list[str]]]:
    """A server: its URL, and the transport of each request as it comes.

    `http` answers polling, and websockets where they are not served; without it that is a 404.
    """
    asked: list[str] = []

    async def serve(request: web.Request) -> web.StreamResponse:
        asked.append(request.query.get("transport", ""))
        if asked[-1] == "websocket" and websocket:
            made = web.WebSocketResponse()
            await made.prepare(request)
            await websocket(made)
            return made
        if http:
            return await http(request)
        return web.Response(status=404, text="<html>\n  <h1>404 Not\x1b[31m Found</h1>\n</html>")

    app = web.Application()
    app.router.add_route("*", "/socket.io/", serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    sock = bound("127.0.0.1", 0)
    await web.SockSite(runner, sock).start()
    try:
        yield url_of(sock), asked
    finally:
        await runner.cleanup()


async def socketio_4(frames: web.WebSocketResponse) -> None:
    """Answers for a namespace that it does not have as Socket.IO 4 does."""
    await frames.send_str(opening(HANDSHAKE))
    async for frame in frames:
        if frame.type is WSMsgType.TEXT and frame.data.startswith("40/"):
            await frames.send_str(f'44{frame.data[2:]}{{"message":"Invalid namespace"}}')
        elif frame.data == "1":
            return


async def socketio_2(frames: web.WebSocketResponse) -> None:
    """Enters everybody into `/` unasked, as Socket.IO 1 and 2 do."""
    await frames.send_str(opening(OLD))
    await frames.send_str("40")
    await frames.receive()


async def socketio_2_by_polling(request: web.Request) -> web.Response:
    """A payload of packets with their lengths, as Engine.IO 3 encodes it."""
    packet = opening(OLD)
    return web.Response(text=f"{len(packet)}:{packet}2:40")


async def socketio_4_0(frames: web.WebSocketResponse) -> None:
    """A handshake without `maxPayload`, as Socket.IO 3 and 4.0 to 4.4 send it; says nothing unasked."""
    await frames.send_str(opening(OLD))
    async for frame in frames:
        if frame.type is WSMsgType.TEXT and frame.data.startswith("40/"):
            await frames.send_str(f'44{frame.data[2:]}{{"message":"Invalid namespace"}}')


async def msgpack(frames: web.WebSocketResponse) -> None:
    """Ends the session at a packet in text, and answers one of socket.io-msgpack-parser in binary."""
    await frames.send_str(opening(HANDSHAKE))
    frame = await frames.receive()
    if frame.type is WSMsgType.BINARY:
        asked = msgspec.msgpack.decode(frame.data)
        await frames.send_bytes(msgspec.msgpack.encode({"type": 4, "nsp": asked["nsp"], "data": {"message": "no"}}))
        await frames.receive()


async def json_parser(frames: web.WebSocketResponse) -> None:
    """Answers in text that is not of the default parser."""
    await frames.send_str(opening(HANDSHAKE))
    await frames.receive()
    await frames.send_str('4{"type":4,"nsp":"/","data":{"message":"no"}}')
    await frames.receive()


async def hangs_up(frames: web.WebSocketResponse) -> None:
    """Ends every session that asks for a namespace it does not have, whatever the encoding."""
    await frames.send_str(opening(HANDSHAKE))
    await frames.receive()


async def stays_silent(frames: web.WebSocketResponse) -> None:
    """Answers nobody who asks for a namespace it does not have."""
    await frames.send_str(opening(HANDSHAKE))
    async for _ in frames:
        pass
