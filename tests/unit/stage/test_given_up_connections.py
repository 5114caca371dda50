"""A connection that is given up while it is being made leaves nothing behind: no task, no open connection, no talk."""

import asyncio
import gc
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from conformance.model.act import Transport
from conformance.stage.clients.recorder import Clock, Recorder
from conformance.stage.clients.socket import Socket
from conformance.target.target import Target

OPEN = json.dumps({"sid": "x", "upgrades": ["websocket"], "pingInterval": 25000, "pingTimeout": 20000})


@asynccontextmanager
async def mute(asked: asyncio.Event) -> AsyncIterator[str]:
    """A service that takes connections and never answers the question for the namespace, which it tells."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if request.query.get("transport") == "websocket":
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            await socket.send_str(f"0{OPEN}")
            async for message in socket:
                if message.type is WSMsgType.TEXT and message.data.startswith("40"):
                    asked.set()
            return socket
        if request.method == "POST":
            asked.set()
            return web.Response(text="ok")
        if "sid" in request.query:
            await asyncio.Event().wait()
        return web.Response(text=f"0{OPEN}")

    app = web.Application()
    app.router.add_route("*", "/socket.io/", handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_nothing_is_left_of_a_connection_that_is_given_up(transport: Transport) -> None:
    told: list[dict[str, Any]] = []

    async def play() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
        asked = asyncio.Event()
        async with mute(asked) as url:
            before = asyncio.all_tasks()
            socket = Socket("ann", Recorder(Clock(), asyncio.Event()), lambda: None)
            opening = asyncio.ensure_future(socket.open(Target(urls=(url,)), url, transport))
            async with asyncio.timeout(10):
                await asked.wait()
                opening.cancel()
                await asyncio.wait({opening})
                assert opening.cancelled()
                own = {task for task in asyncio.all_tasks() - before if "RequestHandler" not in repr(task.get_coro())}
                # Without its connections the client library ends by itself.
                _, pending = await asyncio.wait(own, timeout=5)
                assert pending == set()
            assert socket._line.made is not None
            assert socket._line.made.closed
            del socket, opening
            gc.collect()

    asyncio.run(play())
    gc.collect()
    assert told == []
