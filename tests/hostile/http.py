"""HTTP: what answers the request of a handshake in place of a websocket."""

import gzip
from collections.abc import Awaitable, Callable

from tests.hostile.row import Row, Serve
from tests.hostile.service import for_ever
from tests.hostile.wire import CHUNK, Wire

BOMB = gzip.compress(bytes(50_000_000))


def answers(status: str, body: str | bytes = b"", **headers: str) -> Serve:
    async def serve(wire: Wire) -> None:
        while True:
            await wire.request()
            await wire.answer(status, body, **headers)

    return serve


def begins(head: bytes, then: Callable[[Wire], Awaitable[None]] | None = None) -> Serve:
    async def serve(wire: Wire) -> None:
        await wire.request()
        await wire.send(head)
        await (then(wire) if then else wire.until_closed())

    return serve


async def chunks(wire: Wire) -> None:
    await for_ever(lambda: wire.send(b"%x\r\n%s\r\n" % (CHUNK, bytes(CHUNK))))


async def headers(wire: Wire) -> None:
    await for_ever(lambda: wire.send(b"X-More: " + b"a" * 1000 + b"\r\n"))


async def head_line(wire: Wire) -> None:
    await for_ever(lambda: wire.send(b"a" * CHUNK))


async def trickle(wire: Wire) -> None:
    for letter in b"X-Slow: " + b"a" * 1000:
        await wire.send(bytes((letter,)))
        await wire.wait(0.2)


CHUNKED = b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n"
PAGE = "<!DOCTYPE html><html><style>p{}</style><body><p>Welcome to a web site</p></body></html>"

ROWS = [
    Row(
        what="answers 401",
        worker="the websocket handshake was answered with 401: no token; the service wants a token before it opens a session: ",
        serve=answers("401 Unauthorized", "no token"),
        code=3,
        says="{url}/socket.io/ gave no Engine.IO 4 handshake over websocket: got 401 no token; the service wants a token",
    ),
    Row(
        what="answers 403",
        worker="the websocket handshake was answered with 403: the service or a proxy forbids the handshake: check the token, ",
        serve=answers("403 Forbidden"),
        code=3,
        says="{url}/socket.io/ gave no Engine.IO 4 handshake over websocket: got 403; the service or a proxy forbids the",
    ),
    Row(
        what="answers 404 with a page",
        worker="the websocket handshake was answered with 404: <!DOCTYPE html><html><style>p{}</style><body><p>Welcome to a we",
        serve=answers("404 Not Found", PAGE),
        code=3,
        says="{url}/socket.io/ gave no Engine.IO 4 handshake over websocket: got 404 Welcome to a web site; correct the",
    ),
    Row(
        what="answers 200 with a page",
        worker="the websocket handshake was answered with 200: <!DOCTYPE html><html><style>p{}</style><body><p>Welcome to a we",
        serve=answers("200 OK", PAGE),
        code=3,
        says="{url}/socket.io/ gave no Engine.IO 4 handshake over websocket: got 200 Welcome to a web site; correct the",
    ),
    Row(
        what="answers 429 with Retry-After",
        worker="the websocket handshake was answered with 429: Retry-After: 30; the service limits the rate of handshakes: wai",
        serve=answers("429 Too Many Requests", Retry_After="30"),
        code=3,
        says="{url}/socket.io/ gave no Engine.IO 4 handshake over websocket: got 429 (Retry-After: 30); the service limits",
    ),
    Row(
        what="answers 500",
        worker="the websocket handshake was answered with 500: oops; the service failed over the handshake: its log says why",
        serve=answers("500 Internal Server Error", "oops"),
        code=3,
        says="{url}/socket.io/ gave no Engine.IO 4 handshake over websocket: got 500 oops; the service failed over the",
    ),
    Row(
        what="answers 502",
        worker="the websocket handshake was answered with 502: a proxy is there, and the service behind it does not answer: st",
        serve=answers("502 Bad Gateway"),
        code=3,
        says="{url}/socket.io/ gave no Engine.IO 4 handshake over websocket: got 502; a proxy is there, and the service",
    ),
    Row(
        what="answers 503",
        worker="the websocket handshake was answered with 503: Retry-After: 5; the service or a proxy says that it is not avai",
        serve=answers("503 Service Unavailable", Retry_After="5"),
        code=3,
        says="{url}/socket.io/ gave no Engine.IO 4 handshake over websocket: got 503 (Retry-After: 5); the service or a",
        sample=True,
    ),
    Row(
        what="redirects",
        worker="the websocket handshake was answered with 302: it redirects to https://elsewhere.example/socket.io/; Socket.IO",
        serve=answers("302 Found", Location="https://elsewhere.example/socket.io/"),
        code=3,
        says="{url}/socket.io/ redirects to https://elsewhere.example/socket.io/ (302), and Socket.IO clients follow no",
    ),
    Row(
        what="redirects to itself",
        worker="the websocket handshake was answered with 301: it redirects to /socket.io/; Socket.IO clients follow no redire",
        serve=answers("301 Moved", Location="/socket.io/"),
        code=3,
        says="{url}/socket.io/ redirects to /socket.io/ (301), and Socket.IO clients follow no redirect over websocket: use",
    ),
    Row(
        what="redirects to nowhere",
        worker="the websocket handshake was answered with 302: it does not say where to; Socket.IO clients follow no redirect:",
        serve=answers("302 Found"),
        code=3,
        says="{url}/socket.io/ redirects, and does not say where to (302), and Socket.IO clients follow no redirect over",
    ),
    Row(
        what="switches protocols with a wrong Sec-WebSocket-Accept",
        worker="the service did not answer as a websocket: cannot upgrade, invalid sec-websocket-accept response",
        serve=begins(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: bm9wZQ==\r\n\r\n"
        ),
        code=3,
        says="{url}/socket.io/ gave no Engine.IO 4 handshake over websocket: got 101 (Invalid challenge response); correct",
    ),
    Row(
        what="answers with a broken status line",
        worker="the service did not answer as a websocket: cannot upgrade, unknown protocol (expected HTTP/1.1) in upgrade res",
        serve=begins(b"HTTP/9.9 yes\r\n\r\n"),
        code=3,
        says="{url} listens, but does not speak HTTP: Bad status line: Invalid HTTP version: b'HTTP/9.9 yes' ^",
    ),
    Row(
        what="begins an answer and stops",
        worker="no connection within 1 s",
        serve=begins(b"HTTP/1.1 200 OK\r\nContent-Le"),
        code=3,
        says="{url} did not answer",
    ),
    Row(
        what="sends headers without end",
        worker="the service did not answer as a websocket: upgrade response headers exceed max_size threshold: 16384",
        serve=begins(b"HTTP/1.1 200 OK\r\n", headers),
        code=3,
        says="{url} listens, but does not speak HTTP: Too many headers received",
    ),
    Row(
        what="sends a header line without end",
        worker="the service did not answer as a websocket: upgrade response headers exceed max_size threshold: 16384",
        serve=begins(b"HTTP/1.1 200 OK\r\nX: ", head_line),
        code=3,
        says="{url} listens, but does not speak HTTP: Got more than 8190 bytes when reading:",
    ),
    Row(
        what="sends a header letter by letter",
        worker="no connection within 1 s",
        serve=begins(b"HTTP/1.1 200 OK\r\n", trickle),
        code=3,
        says="{url} did not answer",
    ),
    Row(
        what="refuses with chunks without end",
        worker="the websocket handshake was answered with 404",
        serve=begins(CHUNKED, chunks),
        code=3,
        says="{url}/socket.io/ gave no Engine.IO 4 handshake over websocket: got 404",
    ),
    Row(
        what="refuses with a gzip bomb",
        worker="the websocket handshake was answered with 404",
        serve=answers("404 Not Found", BOMB, Content_Encoding="gzip"),
        code=3,
        says="{url}/socket.io/ gave no Engine.IO 4 handshake over websocket: got 404",
    ),
    Row(
        what="answers a poll with a gzip bomb",
        worker="the service opened no Engine.IO session",
        serve=answers("200 OK", BOMB, Content_Encoding="gzip"),
        transport="polling",
        code=3,
        says="{url}/socket.io/ sent more than Roomcheck takes: a body of more than",
    ),
    Row(
        what="answers a poll with chunks without end",
        worker="the answer has more than 2 MB",
        serve=begins(CHUNKED.replace(b"404 Not Found", b"200 OK"), chunks),
        transport="polling",
        code=3,
        says="{url}/socket.io/ sent more than Roomcheck takes: a body of more than",
    ),
    Row(
        what="answers a poll with 503",
        worker="the polling handshake was refused: HTTP 503",
        serve=answers("503 Service Unavailable"),
        transport="polling",
        code=3,
        says="{url}/socket.io/ gave no Engine.IO 4 handshake over polling: got 503; the service or a proxy says that it is",
    ),
]
