"""A proxy in front of an honest service that tampers with the messages of its websockets as it is told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web
from websockets.frames import Frame, Opcode

from conformance.reference.host import bound, url_of

HOP_BY_HOP = {"connection", "host", "transfer-encoding", "content-length", "keep-alive", "content-encoding"}


class Law:
    """What happens to the connections that pass: nothing, unless a test says so."""

    cut_after_s: float | None = None
    """Each connection is dropped without a word so long after the service confirmed it."""
    close_code: int | None = None
    """Each connection gets a close frame with this code then, in place of being dropped."""

    late_s: float = 0.0
    """How much later than it was sent everything of the service arrives, calls and messages alike."""

    def from_service(self, connection: int, number: int, message: str) -> str | bytes | None:
        """What a message of the service becomes: another, the bytes of a text frame that is none, or nothing."""
        return message

    def from_client(self, connection: int, number: int, message: str) -> str | int | None:
        """What a message of a client becomes: another, nothing, or a close frame with that code."""
        return message


@dataclass(slots=True)
class _Proxy:
    upstream: str
    law: Law
    session: aiohttp.ClientSession
    connections: int = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("upgrade", "").lower() == "websocket":
            return await self.websocket(request)
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP}
        async with self.session.request(
            request.method, self.upstream + request.raw_path, headers=headers, data=await request.read()
        ) as answer:
            held: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.late(held.set_result, None)
            await held
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP}
            return web.Response(status=answer.status, headers=kept, body=await answer.read())

    def late(self, act: Callable[[Any], Any], what: object) -> None:
        """Do it as late as the law has it, in order."""
        if self.law.late_s:
            asyncio.get_running_loop().call_later(self.law.late_s, act, what)
        else:
            act(what)

    async def websocket(self, request: web.Request) -> web.StreamResponse:
        self.connections += 1
        connection, client = self.connections, web.WebSocketResponse(max_msg_size=0, compress=False)
        await client.prepare(request)
        transport = request.transport
        assert transport is not None
        async with self.session.ws_connect(self.upstream + request.raw_path, max_msg_size=0) as service:
            confirmed = asyncio.Event()

            async def down() -> None:
                number = 0
                async for message in service:
                    number += 1
                    told = self.law.from_service(connection, number, message.data)
                    if told is not None:
                        frame = Frame(Opcode.TEXT, told if isinstance(told, bytes) else told.encode())
                        self.late(transport.write, frame.serialize(mask=False))
                    if message.data.startswith("40"):
                        confirmed.set()

            async def up() -> None:
                number = 0
                async for message in client:
                    number += 1
                    told = self.law.from_client(connection, number, message.data)
                    if isinstance(told, int):
                        await client.close(code=told)
                    elif told is not None:
                        await service.send_str(told)

            ways = {asyncio.ensure_future(down()), asyncio.ensure_future(up())}
            made = asyncio.ensure_future(confirmed.wait())
            await asyncio.wait({*ways, made}, return_when=asyncio.FIRST_COMPLETED)
            made.cancel()
            await asyncio.wait(ways, timeout=self.law.cut_after_s, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            await asyncio.wait(ways)
            if self.law.close_code is not None:
                await client.close(code=self.law.close_code)
            transport.abort()
        return client


@contextlib.asynccontextmanager
async def tampered(upstream: str, law: Law) -> AsyncIterator[str]:
    """The proxy on a free port of this machine; gives its URL."""
    async with aiohttp.ClientSession(
        auto_decompress=False, connector=aiohttp.TCPConnector(force_close=True, limit=0)
    ) as session:
        app = web.Application(client_max_size=0)
        app.router.add_route("*", "/{rest:.*}", _Proxy(upstream, law, session).handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        sock = bound("127.0.0.1", 0)
        await web.SockSite(runner, sock).start()
        try:
            yield url_of(sock)
        finally:
            await runner.cleanup()
