"""One answer to a poll may hold more packets than the client library takes at once, and none of them is lost."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from engineio import payload

from conformance.stage.clients.engine import Engine
from tests.polling import served_at

OPEN = "0" + json.dumps({"sid": "x", "upgrades": [], "pingInterval": 25000, "pingTimeout": 20000})
LIBRARY = payload.Payload.max_decode_packets
"""How many packets of one answer the library takes, here and in the service of the same process."""


CUT = "an answer that breaks off"


async def cut_off(request: web.Request) -> web.StreamResponse:
    """Half an answer, and the end of its connection."""
    response = web.StreamResponse()
    response.content_length = 100
    await response.prepare(request)
    await response.write(b"4half")
    assert request.transport is not None
    request.transport.close()
    return response


@asynccontextmanager
async def polled(*answers: str | bytes) -> AsyncIterator[str]:
    """A service that gives these answers to polls, one after the other, and holds the one after them."""
    waiting = iter(answers)

    async def poll(request: web.Request) -> web.StreamResponse:
        if request.method == "POST":
            return web.Response(text="ok")
        answer = next(waiting, None)
        if answer is None:
            await asyncio.Event().wait()
        if answer == CUT:
            return await cut_off(request)
        return web.Response(body=answer.encode() if isinstance(answer, str) else answer)

    async with served_at(poll) as url:
        yield url


async def heard(count: int, *answers: str | bytes) -> tuple[list[str], Engine]:
    """The messages that come of polls, up to so many or to the end of the connection."""
    engine, messages, over = Engine(), [], asyncio.Event()

    def on_message(text: str) -> None:
        messages.append(text)
        if len(messages) == count:
            over.set()

    engine.on("message", on_message)
    engine.on("disconnect", lambda *_: over.set())
    async with polled(OPEN, *answers) as url:
        await engine.connect(url, transports=["polling"])
        async with asyncio.timeout(10):
            await over.wait()
        await engine.disconnect(abort=True)
    return messages, engine


@pytest.mark.parametrize("count", [LIBRARY, LIBRARY + 1, 2 * LIBRARY, 500])
def test_every_packet_of_a_long_answer_is_heard_in_order(count: int) -> None:
    sent = [f"é{number}" for number in range(count)]
    messages, _ = asyncio.run(heard(count + 1, "\x1e".join(f"4{text}" for text in sent), "4last"))
    assert messages == [*sent, "last"]


def test_the_library_is_left_as_it_is() -> None:
    asyncio.run(heard(20, "\x1e".join(f"4{number}" for number in range(20))))
    assert payload.Payload.max_decode_packets == LIBRARY == 16


def test_a_broken_packet_in_a_long_answer_ends_the_connection_as_anywhere() -> None:
    texts = [f"4{number}" for number in range(20)]
    messages, engine = asyncio.run(heard(99, "\x1e".join([*texts, "x"])))
    assert messages == [str(number) for number in range(16)]
    assert engine.state == "disconnected"


def test_an_answer_that_is_cut_off_is_no_packet_that_cannot_be_decoded() -> None:
    _, engine = asyncio.run(heard(99, CUT))
    assert engine.ending().by == "service"
    assert engine.ending().reason.startswith("the answer to a poll was cut off: ")
