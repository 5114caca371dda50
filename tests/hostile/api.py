"""The HTTP API: what answers a call."""

import gzip
from collections.abc import Awaitable, Callable
from functools import partial

from tests.hostile.row import Row
from tests.hostile.service import Service, for_ever
from tests.hostile.wire import CHUNK, Request, Wire

BOMB = gzip.compress(bytes(50_000_000))
CREATED = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"


def answers(status: str, body: str | bytes = b"", **headers: str) -> Callable[[], Service]:
    async def step(service: Service, wire: Wire, request: Request) -> None:
        await wire.answer(status, body, Content_Type="application/json", **headers)

    return partial(Service, call=step)


def begins(head: bytes, then: Callable[[Wire], Awaitable[None]] | None = None) -> Callable[[], Service]:
    async def step(service: Service, wire: Wire, request: Request) -> None:
        await wire.send(head)
        await (then(wire) if then else wire.until_closed())

    return partial(Service, call=step)


async def chunks(wire: Wire) -> None:
    await for_ever(lambda: wire.send(b"%x\r\n%s\r\n" % (CHUNK, bytes(CHUNK))))


async def breaks_off(wire: Wire) -> None:
    wire.writer.close()


ROWS = [
    Row(what="answers no call", worker="no answer within 1 s", service=begins(b""), code=0, says="calls-answer-as-documented: no answer"),
    Row(what="closes at each call", worker="the connection was closed before an answer", service=begins(b"", breaks_off), code=1, says="calls-answer-as-documented: expected status 201, got \"no answer: Server disconnected without sending a"),
    Row(what="answers each call with 503", worker="answered 503", service=answers("503 Service Unavailable"), code=1, says="calls-answer-as-documented: expected status 201, got 503 \"\""),
    Row(what="answers each call with a redirect", worker="answered 302", service=answers("302 Found", Location="http://127.0.0.1:9/"),
        code=1, says="calls-answer-as-documented: expected status 201, got 302 \"\""),
    Row(what="answers each call with broken JSON", worker="the answer is no JSON", service=answers("201 Created", '{"id":'), code=1, says="calls-answer-as-documented: expected type object at ``, got \"{\\\"id\\\":\""),
    Row(what="answers each call with JSON nested 100,000 deep", worker="the answer is no JSON", service=answers("201 Created", "[" * 100_000),
        code=1, says="calls-answer-as-documented: expected type object at ``, got"),
    Row(what="answers each call with a gzip bomb", worker="the answer is no JSON", service=answers("201 Created", BOMB, Content_Encoding="gzip"),
        code=0, says="calls-answer-as-documented: no answer: more than Roomcheck takes: a body of more than"),
    Row(what="answers each call with 100 MB", worker="the answer has more than 2 MB", service=begins(
        CREATED + b"Content-Length: 100000000\r\n\r\n", chunks), code=0, says="calls-answer-as-documented: no answer: more than Roomcheck takes: a body of more than"),
    Row(what="answers each call with chunks without end", worker="the answer has more than 2 MB", service=begins(
        CREATED + b"Transfer-Encoding: chunked\r\n\r\n", chunks), code=0, says="calls-answer-as-documented: no answer: more than Roomcheck takes: a body of more than"),
    Row(what="answers each call with half of a body", worker="the connection was closed in mid-answer", service=begins(
        CREATED + b"Content-Length: 100\r\n\r\n{", breaks_off), code=1, says="calls-answer-as-documented: expected status 201, got \"no answer: peer closed connection without sending"),
    Row(what="answers each call with no HTTP", worker="the answer was not HTTP", service=begins(b"hello\r\n\r\n", breaks_off), code=1, says="calls-answer-as-documented: expected status 201, got \"no answer: illegal status line: bytearray(b'hello')\""),
]  # fmt: skip
