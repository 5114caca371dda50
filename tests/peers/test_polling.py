"""Long polling as official clients do it: a POST on a closed idle connection is sent again, a slow one waited for."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from conformance.model.transcript import GOODBYE_UNANSWERED, Closed
from conformance.stage.clients import socket
from conformance.stage.clients.engine import Ending, Engine
from conformance.stage.clients.recorder import Clock, Recorder
from conformance.target.target import target
from tests.peers.engines import engine
from tests.polling import served_at


@asynccontextmanager
async def hanging_up(on: Callable[[int, int], bool]) -> AsyncIterator[tuple[str, list[str]]]:
    """A service that takes posts, and hangs up instead where `on` tells so of connection and post."""
    posts: list[str] = []
    connections: dict[object, int] = {}

    async def answer(request: web.Request) -> web.Response:
        number = connections.setdefault(request.transport, len(connections))
        if request.method == "GET":
            if "sid" in request.query:
                await asyncio.Event().wait()
            return web.Response(text='0{"sid": "x", "upgrades": [], "pingInterval": 25000, "pingTimeout": 20000}')
        posts.append(await request.text())
        if on(number, len(posts)) and request.transport is not None:
            request.transport.abort()
        return web.Response(text="ok")

    async with served_at(answer) as url:
        yield url, posts


@pytest.mark.parametrize(
    ("on", "expected", "by"),
    [
        pytest.param(lambda _, post: post == 2, ["4one", "4two", "4two"], "nobody", id="an idle connection once"),
        pytest.param(lambda _, post: post >= 2, ["4one", "4two", "4two"], "service", id="every connection"),
        pytest.param(lambda _, post: post == 1, ["4one"], "service", id="a connection made for it"),
    ],
)
def test_a_post_is_sent_once_more_where_a_reused_connection_was_closed(
    on: Callable[[int, int], bool], expected: list[str], by: str
) -> None:
    async def played() -> tuple[list[str], Ending | None]:
        engine = Engine()
        async with hanging_up(on) as (url, posts), aiohttp.ClientSession(trace_configs=[engine.trace()]) as session:
            engine.http = session
            await engine.connect(url, transports=["polling"])
            writing = engine.write_loop_task
            for text in ("one", "two"):
                await engine.send(text)
                taken = asyncio.ensure_future(engine.queue.join())
                await asyncio.wait({taken, writing}, timeout=10, return_when=asyncio.FIRST_COMPLETED)
            ending = engine.ending() if writing.done() else None
            await engine.disconnect(abort=True)
            return posts, ending

    posts, ending = asyncio.run(played())
    assert posts == expected
    assert (ending.by if ending else "nobody") == by


@asynccontextmanager
async def answering_posts(after_s: float | None) -> AsyncIterator[str]:
    """A service that answers posts after a while, or never; its pings may stay away for half a second."""

    async def answer(request: web.Request) -> web.Response:
        if request.method == "GET" and "sid" not in request.query:
            return web.Response(text='0{"sid": "x", "upgrades": [], "pingInterval": 300, "pingTimeout": 200}')
        late = asyncio.get_running_loop().create_future()
        await asyncio.wait({late}, timeout=None if request.method == "GET" else after_s)
        return web.Response(text="ok")

    async with served_at(answer) as url:
        yield url


@pytest.mark.parametrize(("after_s", "reason"), [(0.3, ""), (None, "ping timeout: a POST was not answered for 0.5 s")])
def test_a_post_is_waited_for_as_long_as_pings_may_stay_away(after_s: float | None, reason: str) -> None:
    async def played() -> str:
        engine = Engine(request_timeout=0.1)
        async with answering_posts(after_s) as url:
            await engine.connect(url, transports=["polling"])
            writing = engine.write_loop_task
            await engine.send("one")
            taken = asyncio.ensure_future(engine.queue.join())
            await asyncio.wait({taken, writing}, timeout=10, return_when=asyncio.FIRST_COMPLETED)
            why = engine.ending().reason if engine._polled else ""
            await engine.disconnect(abort=True)
            return why

    assert asyncio.run(played()) == reason


@pytest.mark.parametrize(("answers", "reasons"), [(True, ["client disconnect"]), (False, [GOODBYE_UNANSWERED])])
def test_a_goodbye_that_is_not_answered_is_told_apart_from_one_that_was_read(
    answers: bool, reasons: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "GOODBYE_S", 0.5)

    async def played() -> list[str]:
        entered = asyncio.Event()

        async def answer(request: web.Request) -> web.Response:
            if "sid" not in request.query:
                return web.Response(text='0{"sid": "x", "upgrades": [], "pingInterval": 25000, "pingTimeout": 20000}')
            if request.method == "POST" and "41" in await request.text() and not answers:
                await asyncio.Event().wait()
            if request.method == "GET":
                await (asyncio.Event().wait() if entered.is_set() else asyncio.sleep(0))
                entered.set()
                return web.Response(text='40{"sid": "y"}')
            return web.Response(text="ok")

        recorder = Recorder(Clock(), asyncio.Event())
        ann = socket.Socket("ann", recorder, lambda: None)
        async with engine(http=answer) as (url, _):
            await ann.open(target(url), url, "polling")
            await ann.close()
        return [entry.reason for entry in recorder.entries if isinstance(entry, Closed) and entry.by == "us"][-1:]

    assert asyncio.run(played()) == reasons
