"""The proxy, byte by byte: what ends, what is broken and what is large passes as it came."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from conformance.model.transcript import AnyEntry, Called, Closed, Opened
from conformance.recording.book import Book
from conformance.recording.heads import Service, request_head
from conformance.recording.proxy import Line, listen
from conformance.recording.watch import Watch
from conformance.stage.clients.recorder import Clock
from conformance.target.auth import tls_of
from conformance.target.secrets import Secrets
from tests.hostile.certificates import context

HANG_S = 30
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Passage:
    """A proxy in front of a service that a test plays byte by byte."""

    def __init__(self, most_bytes: int = 10_000_000) -> None:
        self.entries: list[AnyEntry] = []
        self.records: list[Any] = []
        self.book = Book(Clock(), Secrets(), lambda record, _: self.records.append(record), most_bytes)
        self.watch = Watch(self.book, lambda _, entry: self.entries.append(entry))
        self.lines: set[Line] = set()
        self.port = 0
        self.served: asyncio.Queue[Streams] = asyncio.Queue()

    async def __aenter__(self) -> "Passage":
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self.served.put((reader, writer))

        self._service = await asyncio.start_server(serve, "127.0.0.1", 0)
        there = Service(host="127.0.0.1", port=self._service.sockets[0].getsockname()[1])
        sock = socket.create_server(("127.0.0.1", 0))
        self.port = sock.getsockname()[1]
        self._proxy = await listen(sock, there, None, self.watch, self.book.clock.now, self.lines)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._proxy.close()
        self._service.close()

    async def both(self) -> tuple[Streams, Streams]:
        """A client, and its connection at the service."""
        client = await asyncio.open_connection("127.0.0.1", self.port)
        return client, await asyncio.wait_for(self.served.get(), HANG_S)


def played(play: Callable[[Passage], Awaitable[None]], **options: Any) -> Passage:
    async def whole() -> Passage:
        async with Passage(**options) as made:
            await asyncio.wait_for(play(made), HANG_S)
            made.watch.finish()
            made.book.flush()
        return made

    return asyncio.run(whole())


async def heard(reader: asyncio.StreamReader, end: bytes) -> bytes:
    return await asyncio.wait_for(reader.readuntil(end), HANG_S)


POST = b"POST /notes/r1?x=1 HTTP/1.1\r\nHost: front.example\r\ncontent-TYPE: application/json\r\n"
ANSWER = b"HTTP/1.1 201 Odd Reason\r\nX-Case: Kept\r\nContent-Type: application/json\r\n"


def test_an_answer_passes_byte_for_byte_and_of_a_request_the_host_alone_changes() -> None:
    answer = ANSWER + b'Transfer-Encoding: chunked\r\n\r\n5;ext=1\r\n{"a":\r\n2\r\n1}\r\n0\r\nTrailer: yes\r\n\r\n'

    async def play(passage: Passage) -> None:
        (reader, writer), (at_service, from_service) = await passage.both()
        writer.write(POST + b'Connection: keep-alive\r\nContent-Length: 7\r\n\r\n{"b":2}')
        asked = await heard(at_service, b"}")
        host = b"Host: 127.0.0.1:%d" % passage._service.sockets[0].getsockname()[1]
        assert asked == (POST + b'Connection: keep-alive\r\nContent-Length: 7\r\n\r\n{"b":2}').replace(
            b"Host: front.example", host
        )
        from_service.write(answer)
        assert await asyncio.wait_for(reader.readexactly(len(answer)), HANG_S) == answer

    (call,) = [one for one in played(play).entries if isinstance(one, Called)]
    assert (call.call, call.body, call.status, call.answer, call.query) == (
        "POST /notes/r1", {"b": 2}, 201, {"a": 1}, {"x": 1},
    )  # fmt: skip


def test_chunked_and_pipelined_requests_pass() -> None:
    async def play(passage: Passage) -> None:
        (_, writer), (at_service, _) = await passage.both()
        writer.write(
            POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n"
        )
        assert (await heard(at_service, b"0\r\n\r\n")).endswith(b"\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
        assert (await heard(at_service, b"\r\n\r\n")).startswith(b"GET /a HTTP/1.1\r\nHost: 127.0.0.1:")

    played(play)


SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
ASKED = b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
UPGRADE = b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\n" + ASKED


async def opened(passage: Passage) -> tuple[Streams, Streams]:
    """A websocket through the proxy."""
    client, service = await passage.both()
    client[1].write(UPGRADE)
    await heard(service[0], b"\r\n\r\n")
    service[1].write(SWITCH)
    await heard(client[0], b"\r\n\r\n")
    return client, service


def test_bytes_of_a_websocket_pass_whatever_they_are() -> None:
    async def play(passage: Passage) -> None:
        (reader, writer), (at_service, from_service) = await opened(passage)
        from_service.write(b"\xff\xfe garbage, no frame")
        assert await asyncio.wait_for(reader.readexactly(20), HANG_S) == b"\xff\xfe garbage, no frame"
        writer.write(b"\x00\x01more")
        assert await asyncio.wait_for(at_service.readexactly(6), HANG_S) == b"\x00\x01more"

    made = played(play)
    assert any("broken websocket frame" in what for what in made.watch.tally.unread)


def test_a_refused_upgrade_leaves_the_connection_to_http() -> None:
    async def play(passage: Passage) -> None:
        (reader, writer), (at_service, from_service) = await passage.both()
        writer.write(UPGRADE + b"GET /next HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"/socket.io/" in await heard(at_service, b"\r\n\r\n")
        from_service.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno")
        assert (await heard(reader, b"\r\n\r\nno")).startswith(b"HTTP/1.1 400 ")
        assert b"GET /next" in await heard(at_service, b"\r\n\r\n")

    played(play)


@pytest.mark.parametrize("who", ["client", "service"])
def test_a_reset_is_passed_on_as_a_reset(who: str) -> None:
    async def play(passage: Passage) -> None:
        client, service = await opened(passage)
        ends, stays = (client, service) if who == "client" else (service, client)
        sock = ends[1].get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        ends[1].transport.abort()
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(stays[0].read(), HANG_S)

    played(play)


@pytest.mark.parametrize("who", ["client", "service"])
def test_a_half_closed_connection_stays_half_closed(who: str) -> None:
    async def play(passage: Passage) -> None:
        client, service = await opened(passage)
        ends, stays = (client, service) if who == "client" else (service, client)
        ends[1].write_eof()
        assert await asyncio.wait_for(stays[0].read(), HANG_S) == b""
        stays[1].write(b"still")
        assert await asyncio.wait_for(ends[0].readexactly(5), HANG_S) == b"still"
        stays[1].write_eof()
        assert await asyncio.wait_for(ends[0].read(), HANG_S) == b""

    played(play)


def frame(text: bytes) -> bytes:
    return b"\x81" + bytes([len(text)]) + text


MASK = b"\x00\x00\x00\x00"
"""By which a client changes nothing."""


def test_who_has_ended_its_side_is_closed_where_a_recording_ends_before_the_other_side_does() -> None:
    async def play(passage: Passage) -> None:
        (reader, writer), (at_service, from_service) = await opened(passage)
        from_service.write(frame(b'0{"sid":"e1","pingInterval":25000,"pingTimeout":20000}'))
        writer.write(b"\x81\x82" + MASK + b"40")
        await heard(at_service, b"40")
        from_service.write(frame(b'40{"sid":"s1"}'))
        await heard(reader, b'"s1"}')
        for line in tuple(passage.lines):
            line.half_over()
        assert len(passage.lines) == 1, "nobody has ended it"
        writer.write_eof()
        assert await asyncio.wait_for(at_service.read(), HANG_S) == b""
        for line in tuple(passage.lines):
            line.half_over()
        assert not passage.lines

    opening, closed = played(play).entries
    assert isinstance(opening, Opened)
    assert isinstance(closed, Closed)
    assert (closed.by, closed.reason) == ("us", "transport closed: connection closed")


def test_an_answer_that_is_no_http_passes() -> None:
    async def play(passage: Passage) -> None:
        (reader, writer), (at_service, from_service) = await passage.both()
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await heard(at_service, b"\r\n\r\n")
        from_service.write(b"SSH-2.0-nothing of HTTP\r\n")
        assert await heard(reader, b"\n") == b"SSH-2.0-nothing of HTTP\r\n"

    assert any("it is no HTTP" in what for what in played(play).watch.tally.unread)


def test_a_request_that_is_no_http_is_answered_with_400() -> None:
    async def play(passage: Passage) -> None:
        (reader, writer), _ = await passage.both()
        writer.write(b"\x16\x03\x01 a TLS handshake\r\n\r\n")
        assert (await heard(reader, b"\r\n\r\n")).startswith(b"HTTP/1.1 400 ")

    played(play)


def test_a_service_that_cannot_be_connected_to_is_answered_for_with_502() -> None:
    async def play(passage: Passage) -> None:
        passage._service.close()
        await passage._service.wait_closed()
        reader, writer = await asyncio.open_connection("127.0.0.1", passage.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = await asyncio.wait_for(reader.read(), HANG_S)
        assert answer.startswith(b"HTTP/1.1 502 ")
        assert b"could not be connected to" in answer

    made = played(play)
    assert [one for one in made.entries if isinstance(one, Called)] == []


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (b"http://127.0.0.1:4002", b"https://service.example"),
        (b"http://127.0.0.1:4002/page?a=1", b"https://service.example/page?a=1"),
        (b"http://127.0.0.1:40021", b"http://127.0.0.1:40021"),
        (b"http://front.example", b"http://front.example"),
        (b"null", b"null"),
    ],
)
def test_origin_and_referer_name_the_service_where_they_named_the_proxy(given: bytes, sent: bytes) -> None:
    service = Service(host="service.example", port=443, secure=True)
    for name in (b"Origin", b"referer"):
        headers = [(name, given), (b"Host", b"127.0.0.1:4002"), (b"Cookie", b"a=b")]
        head = request_head(service, b"GET", b"/x", "1.1", headers)
        assert head == b"GET /x HTTP/1.1\r\n%s: %s\r\nHost: service.example\r\nCookie: a=b\r\n\r\n" % (name, sent)


def test_the_largest_size_ends_the_recording_and_not_what_passes(tmp_path: Path) -> None:
    async def play(passage: Passage) -> None:
        (reader, writer), (at_service, from_service) = await passage.both()
        for number in range(5):
            body = b'{"text": "%s"}' % (b"x" * 1000)
            writer.write(POST + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            await heard(at_service, b"}")
            from_service.write(ANSWER + b"Content-Length: 2\r\n\r\n{}")
            assert (await heard(reader, b"{}")).startswith(b"HTTP/1.1 201"), number
            passage.watch.finish()
            passage.book.flush()

    made = played(play, most_bytes=3_000)
    assert made.book.is_full
    assert made.watch.stopped == "the largest size was reached (--max-size)"
    assert 0 < made.book.size <= 3_000
    assert len([one for one in made.entries if isinstance(one, Called)]) < 5


@pytest.mark.parametrize("trusted", [True, False])
def test_a_service_with_tls_is_verified_as_a_check_does(trusted: bool, tmp_path: Path) -> None:
    serving = context("self-signed", tmp_path)
    table = {"ca_file": "self-signed.pem"} if trusted else {}

    async def play() -> bytes:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(ANSWER + b"Content-Length: 2\r\nConnection: close\r\n\r\n{}")
            writer.close()

        service = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=serving)
        there = Service(host="127.0.0.1", port=service.sockets[0].getsockname()[1], secure=True)
        book = Book(Clock(), Secrets(), lambda *_: None, 1_000_000)
        sock = socket.create_server(("127.0.0.1", 0))
        proxy = await listen(
            sock, there, tls_of(table, tmp_path, "--ca"), Watch(book, lambda *_: None), book.clock.now, set()
        )
        reader, writer = await asyncio.open_connection("127.0.0.1", sock.getsockname()[1])
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = await asyncio.wait_for(reader.read(), HANG_S)
        proxy.close()
        service.close()
        return answer

    answer = asyncio.run(play())
    if trusted:
        assert answer == ANSWER + b"Content-Length: 2\r\nConnection: close\r\n\r\n{}"
    else:
        assert answer.startswith(b"HTTP/1.1 502 ")
        assert b"certificate verify failed" in answer


@pytest.mark.parametrize(
    "head", [b"200 OK\r\nContent-Length: 500", b"200 OK\r\nContent-Length: 0", b"204 No Content", b"304 Not Modified"]
)
def test_answers_without_a_body_and_provisional_ones_do_not_confuse_what_comes_after(head: bytes) -> None:
    head = b"HTTP/1.1 " + head + b"\r\n\r\n"
    continued = b"HTTP/1.1 100 Continue\r\n\r\n"

    async def play(passage: Passage) -> None:
        (reader, writer), (at_service, from_service) = await passage.both()
        writer.write(b"HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n")
        await heard(at_service, b"\r\n\r\n")
        from_service.write(head)
        assert await heard(reader, b"\r\n\r\n") == head
        writer.write(POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        await heard(at_service, b"\r\n\r\n")
        from_service.write(continued)
        assert await heard(reader, b"\r\n\r\n") == continued
        writer.write(b"{}")
        await heard(at_service, b"{}")
        from_service.write(ANSWER + b"Content-Length: 2\r\n\r\n[]")
        await heard(reader, b"[]")

    (call,) = [one for one in played(play).entries if isinstance(one, Called)]
    assert (call.status, call.body, call.answer) == (201, {}, [])
