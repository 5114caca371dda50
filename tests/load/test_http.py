"""The load's HTTP client against a server that sends exactly the bytes of a script: no answer is read as another's."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest

from loadtests.worker.wire import http, large
from loadtests.worker.wire.http import Http, NothingToSend, Stale, Unanswered

DEADLINE_S = 10
END, WAIT = object(), object()
"""Of a script: close the connection; wait until the other side has closed it."""

Script = list[Any]
"""What one connection does: for each request a tuple of bytes, which are sent one by one, or `END` or `WAIT`."""


class Server:
    """Plays one script for each connection; `{path}` in an answer is the path that was asked for."""

    def __init__(self, scripts: tuple[Script, ...]) -> None:
        self.scripts = list(scripts)
        self.asked: list[list[str]] = []
        """The paths that each connection was asked for."""
        self.asked_twice = asyncio.Event()
        self.closed = asyncio.Event()
        """A connection was closed by the client where the script waits for that."""
        self.url = ""
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        script, asked = self.scripts.pop(0), list[str]()
        self.asked.append(asked)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            for steps in script:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"Content-Length: (\d+)", head)
                await reader.readexactly(int(length[1]) if length else 0)
                asked.append(head.split()[1].decode())
                if len(asked) == 2:
                    self.asked_twice.set()
                for step in steps:
                    if step is END:
                        writer.close()
                        return
                    if step is WAIT:
                        await reader.read()
                        self.closed.set()
                    else:
                        writer.write(step.replace(b"{path}", asked[-1].encode()))
                        await writer.drain()
                        await asyncio.sleep(0)  # What is written next is read as another piece.
            await reader.read()
        writer.close()


@contextlib.asynccontextmanager
async def served(*scripts: Script) -> AsyncIterator[tuple[Server, Http]]:
    server = Server(scripts)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    client = Http(server.url)
    try:
        async with asyncio.timeout(DEADLINE_S):
            yield server, client
    finally:
        client.close()
        listening.close()


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(test())


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call is given up soon: the same path as after ten seconds."""
    monkeypatch.setattr(http, "CALL_S", 0.2)


def answer(body: bytes, *head: bytes, status: bytes = b"200 OK", framed: bool = True) -> bytes:
    lines = [b"HTTP/1.1 " + status, *head, *([b"Content-Length: %d" % len(body)] if framed else [])]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


SAYS_PATH = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{path}\r\n0\r\n\r\n"
"""The body is the path that was asked for, which has four letters here."""


def bytewise(text: bytes) -> tuple[bytes, ...]:
    return tuple(text[index : index + 1] for index in range(len(text)))


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("before", [0, 1], ids=["on a fresh connection", "on one that was kept open"])
def test_an_answer_that_comes_late_is_not_read_as_that_of_the_next_call(before: int) -> None:
    async def test() -> None:
        late: Script = [*[(SAYS_PATH,)] * before, (WAIT, SAYS_PATH)]
        async with served(late, [(SAYS_PATH,)] * 3) as (server, client):
            for _ in range(before):
                await client.call("POST", "/old", b"{}")
            with pytest.raises(Unanswered, match="no answer within"):
                await client.call("POST", "/one", b"{}")
            for path in ("/two", "/abc", "/xyz"):
                assert await client.call("POST", path, b"{}") == (200, path.encode())
            assert server.asked == [["/old"] * before + ["/one"], ["/two", "/abc", "/xyz"]]

    run(test)


def test_a_call_that_is_cancelled_leaves_no_answer_behind() -> None:
    async def test() -> None:
        async with served([(SAYS_PATH,), (b"HTTP/1.1 200 OK\r\n", WAIT)], [(SAYS_PATH,)]) as (server, client):
            await client.call("GET", "/one")
            call = asyncio.ensure_future(client.call("GET", "/two"))
            await server.asked_twice.wait()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            assert await client.call("GET", "/abc") == (200, b"/abc")
            assert server.asked == [["/one", "/two"], ["/abc"]]

    run(test)


CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
EARLY_HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nab\r\n1\r\nc\r\n0\r\nTrailer: x\r\n\r\n"


@pytest.mark.parametrize(
    "text",
    [answer(b"abc"), CONTINUE + answer(b"abc"), EARLY_HINTS + CONTINUE + CHUNKED, CHUNKED],
    ids=["plain", "continue", "hints", "chunked"],
)
@pytest.mark.parametrize("parts", ["whole", "bytewise", "after the first"])
def test_an_answer_is_the_same_in_whatever_pieces_it_comes(text: bytes, parts: str) -> None:
    first, rest = text.split(b"\r\n\r\n", 1)
    pieces = {"whole": (text,), "bytewise": bytewise(text), "after the first": (first + b"\r\n\r\n", rest)}[parts]

    async def test() -> None:
        async with served([pieces, (SAYS_PATH,)]) as (server, client):
            assert await client.call("POST", "/one", b"{}") == (200, b"abc")
            assert await client.call("POST", "/two", b"{}") == (200, b"/two")
            assert len(server.asked) == 1, "the connection is used again"

    run(test)


def test_a_connection_that_was_closed_while_idle_is_replaced() -> None:
    """Closed as the next request comes, which is when a client cannot know it: the call is made on a fresh one."""

    async def test() -> None:
        bodies = iter((b"1", b"2", b"3"))
        async with served([(SAYS_PATH,), (END,)], [(SAYS_PATH,), (END,)], [(SAYS_PATH,)]) as (server, client):
            await client.call("GET", "/one")
            assert await client.call("GET", "/get") == (200, b"/get")
            assert await client.call("POST", "/abc", lambda: next(bodies)) == (200, b"/abc")
            assert next(bodies) == b"3", "the body was asked for once for each attempt"
            assert server.asked == [["/one", "/get"], ["/get", "/abc"], ["/abc"]]

    run(test)


def test_what_may_have_been_read_is_not_sent_again_without_asking() -> None:
    async def test() -> None:
        async with served([(SAYS_PATH,), (END,)]) as (server, client):
            await client.call("GET", "/one")
            with pytest.raises(Stale, match="the connection was closed before an answer"):
                await client.call("POST", "/two", b"{}")
            assert server.asked == [["/one", "/two"]]

    run(test)


def test_a_body_that_is_asked_for_again_may_be_none_any_more() -> None:
    async def test() -> None:
        bodies = iter((b"1", None))
        async with served([(SAYS_PATH,), (END,)], []) as (_, client):
            await client.call("GET", "/one")
            with pytest.raises(NothingToSend):
                await client.call("POST", "/two", lambda: next(bodies))

    run(test)


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ((END,), "the connection was closed before an answer"),
        ((b"HTTP/1.1 200 OK\r\nContent-", END), "the connection was closed in mid-answer"),
        ((answer(b"abcdef")[:-3], END), "the connection was closed in mid-answer"),
        ((CHUNKED[:-4], END), "the connection was closed in mid-answer"),
        ((CONTINUE, END), "the connection was closed in mid-answer"),
        ((b"SSH-2.0-OpenSSH_9.2\r\n\r\n",), "the answer was not HTTP"),
        (
            (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",),
            "the answer was not HTTP",
        ),
    ],
)
def test_half_an_answer_is_none_and_is_not_tried_again(steps: tuple[Any, ...], says: str) -> None:
    async def test() -> None:
        async with served([steps], [(SAYS_PATH,)]) as (server, client):
            with pytest.raises(Unanswered, match=says) as failed:
                await client.call("GET", "/one")
            assert not isinstance(failed.value, Stale)
            assert await client.call("GET", "/two") == (200, b"/two")
            assert server.asked == [["/one"], ["/two"]]

    run(test)


def test_half_an_answer_on_a_connection_that_was_kept_open_is_not_tried_again() -> None:
    async def test() -> None:
        async with served([(SAYS_PATH,), (b"HTTP/1.1 2", END)]) as (server, client):
            await client.call("GET", "/one")
            with pytest.raises(Unanswered, match="in mid-answer"):
                await client.call("GET", "/two")
            assert server.asked == [["/one", "/two"]]

    run(test)


@pytest.mark.parametrize("pieces", ["one", "two"])
@pytest.mark.parametrize("more", [answer(b"stolen"), b"rubbish\r\n\r\n", b"\x00"])
def test_what_follows_an_answer_is_nobodys(more: bytes, pieces: str) -> None:
    sent = (answer(b"first") + more,) if pieces == "one" else (answer(b"first"), more)

    async def test() -> None:
        async with served([(*sent, WAIT), (SAYS_PATH,)], [(SAYS_PATH,)] * 2) as (server, client):
            assert await client.call("GET", "/one") == (200, b"first")
            await server.closed.wait()
            assert await client.call("GET", "/two") == (200, b"/two")
            assert await client.call("GET", "/abc") == (200, b"/abc")
            assert server.asked[1] == ["/two", "/abc"]

    run(test)


def test_a_body_without_a_length_ends_with_its_connection() -> None:
    async def test() -> None:
        async with served([(answer(b"abc", framed=False), b"def", END)], [(SAYS_PATH,)]) as (_, client):
            assert await client.call("GET", "/one") == (200, b"abcdef")
            assert await client.call("GET", "/two") == (200, b"/two")

    run(test)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (answer(b"abc", b"Connection: close"), False),
        (answer(b"abc").replace(b"1.1", b"1.0"), False),
        (answer(b"abc", b"Connection: keep-alive", b"Keep-Alive: timeout=1"), False),
        (answer(b"abc", b"Keep-Alive: timeout=5, max=100"), True),
        (answer(b"", status=b"204 No Content", framed=False), True),
    ],
)
def test_a_connection_is_kept_as_long_as_the_server_says(text: bytes, kept: bool) -> None:
    async def test() -> None:
        async with served([(text,), (SAYS_PATH,)], [(SAYS_PATH,)]) as (server, client):
            await client.call("GET", "/one")
            assert await client.call("GET", "/two") == (200, b"/two")
            assert len(server.asked) == (1 if kept else 2)

    run(test)


def test_an_answer_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MOST_BYTES", 1_000_000)

    async def test() -> None:
        flood = (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", *([b"x" * 65536] * 32), WAIT)
        async with served([flood]) as (_, client):
            with pytest.raises(Unanswered, match="the answer has more than 1 MB"):
                await client.call("GET", "/one")

    run(test)


def test_large_answers_come_one_after_the_other_where_there_is_memory_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "LARGE_AT_ONCE", 1)

    async def test() -> None:
        bodies = [letter * 500_000 for letter in (b"a", b"b", b"c")]
        async with served(*([(answer(body),)] for body in bodies)) as (_, client):
            answers = await asyncio.gather(*(client.call("GET", "/one") for _ in bodies))
        assert sorted(body for _, body in answers) == bodies

    run(test)


@pytest.mark.parametrize(
    "endless", [b"X: " + b"x" * 65536 + b"\r\n", b"x" * 65536, b"HTTP/1.1 100 Continue\r\n\r\n" * 3000]
)
def test_a_head_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch, endless: bytes) -> None:
    monkeypatch.setattr(http, "MOST_BYTES", 1_000_000)

    async def test() -> None:
        first = b"" if endless.startswith(b"HTTP") else b"HTTP/1.1 200 OK\r\nX: y"
        async with served([(first + b"\r\n" * (endless[:1] == b"X"), *([endless] * 32), WAIT)]) as (_, client):
            with pytest.raises(Unanswered, match=r"the answer has more than 1 MB|the answer was not HTTP"):
                await client.call("GET", "/one")

    run(test)


def test_who_is_not_there_is_told_as_that() -> None:
    async def test() -> None:
        async with served() as (server, client):
            pass
        with pytest.raises(Unanswered, match="the connection was refused"):
            await client.call("GET", server.url)

    run(test)


def test_cookies_that_an_answer_sets_are_shown_by_the_next_call() -> None:
    async def test() -> None:
        cookies: dict[str, str] = {}
        async with served([(answer(b"", b"Set-Cookie: node=a; Path=/"),), (SAYS_PATH,)]) as (_, client):
            await client.call("GET", "/one", cookies=cookies)
            assert cookies == {"node": "a"}
            assert http.jar(cookies) == "node=a"

    run(test)
