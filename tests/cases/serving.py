"""What the services of the cases have in common: a port of their own, and the lie that they were told."""

import asyncio
import sys
from collections.abc import Callable
from typing import Any

import socketio
from aiohttp import web

LIE = sys.argv[1] if len(sys.argv) > 1 else ""


def serve(
    made: Callable[[socketio.AsyncServer], None],
    routes: Callable[[socketio.AsyncServer], list[web.RouteDef]] = lambda _: [],
    **options: Any,
) -> None:
    """Serve until killed, and print the address first.

    Args:
        made: gives the service its handlers.
        routes: of HTTP, beside it.
        options: of the Socket.IO server.
    """

    async def whole() -> None:
        server = socketio.AsyncServer(async_mode="aiohttp", **{"max_http_buffer_size": 4_000_000, **options})
        app = web.Application()
        server.attach(app)
        made(server)
        app.add_routes(routes(server))
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
        await asyncio.Event().wait()

    asyncio.run(whole())


def is_text(value: Any) -> bool:
    """Whether a value is a text with something in it."""
    return isinstance(value, str) and bool(value)


def has(payload: Any, *names: str) -> bool:
    """Whether a payload is an object in which these are texts."""
    return isinstance(payload, dict) and all(is_text(payload.get(name)) for name in names)
