"""One handshake over one transport: what is told of servers of other protocols, parsers and manners."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from conformance.model.act import Transport
from conformance.stage.clients.handshake import shake
from conformance.stage.clients.refusal import BrokenHandshake, Foreign, NotOffered, Refused, SessionUnknown
from conformance.support.errors import Unreachable
from conformance.target.target import target
from tests.peers import engines
from tests.peers.engines import HANDSHAKE, engine, opening


def shaken(transport: Transport, **served: Any) -> tuple[Exception | None, list[str]]:
    """What came of a thorough handshake with a server, and the transports of the requests that it got."""

    async def whole() -> tuple[Exception | None, list[str]]:
        async with engine(**served) as (url, asked):
            try:
                await shake(target(url), url, transport, thorough=True)
            except Unreachable as error:
                return error, asked
            return None, asked

    return asyncio.run(whole())


def answers(status: int, text: str) -> Callable[[web.Request], Any]:
    async def http(request: web.Request) -> web.Response:
        return web.Response(status=status, text=text)

    return http


@pytest.mark.parametrize("served", [engines.socketio_4, engines.socketio_4_0, engines.hangs_up])
def test_a_server_of_engine_io_4_is_reached_by_websocket_alone(served: Any) -> None:
    error, asked = shaken("websocket", websocket=served)
    assert error is None
    assert set(asked) == {"websocket"}


def test_one_that_does_not_answer_for_a_namespace_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conformance.stage.clients.parser.PARSED_S", 0.2)
    error, _ = shaken("websocket", websocket=engines.stays_silent)
    assert error is None


@pytest.mark.parametrize("transport", ["websocket", "polling", "upgrade"])
def test_a_server_of_socket_io_2_is_named(transport: Transport) -> None:
    error, _ = shaken(transport, websocket=engines.socketio_2, http=engines.socketio_2_by_polling)
    assert isinstance(error, Foreign)
    assert "is a Socket.IO 1 or 2 server (Engine.IO 3; got " in str(error)
    assert str(error).endswith("Roomcheck checks Socket.IO 3 and 4 (Engine.IO 4); upgrade the server")


def test_python_servers_of_engine_io_3_are_named_by_their_binary_payload() -> None:
    error, _ = shaken("polling", http=answers(200, "\x00\x09\x07\xff" + opening(engines.OLD)))
    assert isinstance(error, Foreign)
    assert "is a Socket.IO 1 or 2 server" in str(error)


@pytest.mark.parametrize(
    ("served", "words"),
    [
        (engines.msgpack, 'uses socket.io-msgpack-parser: set parser = "msgpack" in [targets.NAME] to check it'),
        (engines.json_parser, "uses a custom parser, and Roomcheck supports Socket.IO's default parser and"),
    ],
)
def test_another_parser_is_named(served: Any, words: str) -> None:
    error, asked = shaken("websocket", websocket=served)
    assert isinstance(error, Foreign)
    assert words in str(error)
    assert "start the service without the `parser` option" in str(error)
    assert set(asked) == {"websocket"}


REFUSED = {
    "another transport": ('{"code":0,"message":"Transport unknown"}', NotOffered, "does not offer "),
    "python-socketio: another transport": ('"Invalid transport"', NotOffered, "does not offer "),
    "another protocol": ('{"code":5,"message":"Unsupported protocol version"}', Foreign, "not speak Engine.IO 4"),
    "no Upgrade header": ('{"code":3,"message":"Bad request"}', Refused, "does not pass the Upgrade header on"),
    "allowRequest": ('{"code":4,"message":"Forbidden"}', Refused, "into [headers] of the target"),
    "something else": ("nobody is here", Refused, "correct the URL, or `path` of the target"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_refusal_is_told_with_its_body_and_what_to_do(name: str, transport: Transport) -> None:
    body, kind, words = REFUSED[name]
    error, asked = shaken(transport, http=answers(400, body))
    assert asked == [transport]
    assert type(error) is kind
    assert words in str(error)
    assert f"400 {body}" in str(error)


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_the_body_of_a_refusal_is_shown_on_one_line_without_markup_and_printable(transport: Transport) -> None:
    error, asked = shaken(transport)
    expected = "got 404 404 Not\\u001b[31m Found; correct the URL"
    assert f"gave no Engine.IO 4 handshake over {transport}: {expected}" in str(error)
    assert asked == [transport]


def test_a_long_body_is_cut() -> None:
    error, _ = shaken("polling", http=answers(500, "x" * 5000))
    assert f"got 500 {'x' * 200}… (5000 characters)" in str(error)


def test_a_redirection_is_told_with_where_to() -> None:
    async def http(request: web.Request) -> web.Response:
        return web.Response(status=301, headers={"location": "https://elsewhere.example/"})

    error, _ = shaken("polling", http=http)
    assert "redirects to https://elsewhere.example/ (301)" in str(error)


@pytest.mark.parametrize("transport", ["polling", "upgrade"])
def test_a_session_that_the_next_request_does_not_find_wants_sticky_sessions(transport: Transport) -> None:
    async def http(request: web.Request) -> web.Response:
        if "sid" in request.query:
            return web.Response(status=400, text='{"code":1,"message":"Session ID unknown"}')
        return web.Response(text=opening(HANDSHAKE))

    error, _ = shaken(transport, http=http)
    assert isinstance(error, SessionUnknown)
    assert "enable sticky sessions at the load balancer, or use --transport websocket" in str(error)


def test_a_session_that_the_server_ended_is_not_taken_for_one_that_is_not_sticky() -> None:
    sent: list[str] = []

    async def http(request: web.Request) -> web.Response:
        if request.method == "POST":
            sent.append(await request.text())
            return web.Response(text="ok")
        if "sid" in request.query:
            return web.Response(status=400, text='{"code":1,"message":"Session ID unknown"}')
        return web.Response(text=opening(HANDSHAKE))

    error, _ = shaken("polling", http=http)
    assert error is None
    assert sent[0] == "40/roomcheck-probe,"
    assert sent[1].startswith("b"), "msgpack, in base64"


def test_an_upgrade_that_a_proxy_refuses_is_not_offered() -> None:
    async def http(request: web.Request) -> web.Response:
        if request.query["transport"] == "websocket":
            return web.Response(status=403, text="no websockets here")
        return web.Response(text=opening(HANDSHAKE) if request.method == "GET" else "ok")

    error, _ = shaken("upgrade", http=http)
    assert isinstance(error, NotOffered)
    assert "over upgrade: got 403 no websockets here" in str(error)


def test_no_upgrade_is_not_offered() -> None:
    async def http(request: web.Request) -> web.Response:
        return web.Response(text=opening(HANDSHAKE | {"upgrades": []}) if request.method == "GET" else "ok")

    error, asked = shaken("upgrade", http=http)
    assert isinstance(error, NotOffered)
    assert "offers no upgrade from polling to websocket" in str(error)
    assert set(asked) == {"polling"}


BROKEN = {
    "no object": '0"hello"',
    "no JSON": "0{broken",
    "no sid": "0{}",
    "too deep": '0{"sid":' + "[" * 100_000,
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_broken_handshake_is_told(name: str, transport: Transport) -> None:
    async def websocket(frames: web.WebSocketResponse) -> None:
        await frames.send_str(BROKEN[name])

    error, _ = shaken(transport, websocket=websocket, http=answers(200, BROKEN[name]))
    kinds = {"no object": Refused, "no sid": BrokenHandshake}
    assert type(error) is kinds.get(name, Unreachable)
    expected = f"over {transport}: got" if name == "no object" else f"a broken Engine.IO handshake over {transport}"
    assert expected in str(error)


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send a byte whenever the client has not hung up for a while, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n0{")
    await reader.readuntil(b"\r\n\r\n")
    with contextlib.suppress(ConnectionError):
        while not reader.at_eof():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(reader.read(1), 0.1)
            writer.write(b"x")
            await writer.drain()
    writer.close()


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Close the connection unanswered, as Engine.IO does with a websocket on a path that is not its own."""
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


@pytest.mark.parametrize("transport", ["websocket", "polling", "upgrade"])
@pytest.mark.parametrize(
    ("manner", "told"),
    [
        (drip, "did not answer within 1 s over"),
        (hang_up, "closed the connection without an answer to a handshake over"),
    ],
)
def test_a_handshake_that_does_not_come_is_told(manner: Any, told: str, transport: Transport) -> None:
    async def whole() -> str:
        async with await asyncio.start_server(manner, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            try:
                await shake(target(url), url, transport, 1.0)
            except Unreachable as error:
                return str(error)
        return ""

    assert told in asyncio.run(whole())
