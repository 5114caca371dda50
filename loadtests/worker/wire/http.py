"""HTTP/1.1 over connections that are kept open, inside the context's loop.

It is our own, on httptools' parser, for two reasons. A call costs half of aiohttp's or less (`benchmarks/http_calls.py`
has the figures), and the calls of a load share one core with its deliveries. And the body is made in the moment in
which a connection is free to send it, once for each attempt, so that a publication is noted when it is sent.

A connection serves one call at a time. It is closed, not used again, unless its call was answered to the end and
nothing followed: an answer that comes after its call was given up would be read as that of the next one.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urlsplit

import httptools

from conformance.support.caps import BODY_BYTES
from loadtests.worker.wire.large import LARGE_AT_ONCE, SMALL_BYTES, LargeAtOnce
from loadtests.worker.wire.waiting import Deadlines, Slots

CALL_S = 10.0
"""How long an answer may take before the call counts as unanswered, as in a check, unless a target says otherwise."""

MOST_CONNECTIONS = 1000
"""How many calls are under way at once, to one address, from one worker. What has to wait for one of them is late by
our own doing, and counted so."""

MOST_BYTES = BODY_BYTES
"""The largest body that is read: more than any page of messages has, and less than would fill the memory."""

HEAD_BYTES = 100_000
"""What an answer may have besides: its head, and those of informal answers before it."""

EXPIRY_MARGIN_S = 1.0
"""How long before the server closes an idle connection (`Keep-Alive: timeout`) it is not used any more."""

NO_BODY = frozenset({204, 304})
"""Answers that end with their head, whatever it says (RFC 9112, 6.3)."""

READ_LENGTHS = frozenset(map(len, (b"content-length", b"transfer-encoding", b"keep-alive", b"set-cookie")))
"""Of the names of headers that are looked at: most headers are not."""

_TIMEOUT = re.compile(rb"timeout=(\d{1,9})")

Body: TypeAlias = bytes | Callable[[], bytes | None] | None


def jar(cookies: Mapping[str, str]) -> str:
    """Cookies as a header shows them."""
    return "; ".join(f"{key}={value}" for key, value in cookies.items())


class NothingToSend(Exception):
    """By the time that a connection was free there was nothing to send any more."""


class Unanswered(Exception):
    """No answer came; the text is constant, so that samples of one cause are one line."""


class Stale(Unanswered):
    """A connection that was kept open was closed before any byte of an answer: the server had most likely ended it."""


@dataclass(slots=True)
class _Answer:
    """An answer as it comes in."""

    done: asyncio.Future[tuple[int, bytes]]
    cookies: dict[str, str] | None = None
    """Where what the answer sets is kept, if anybody wants it."""
    body: bytearray = field(default_factory=bytearray)
    size: int = 0
    """Bytes that have come, head and body."""
    begun: bool = False
    framed: bool = False
    """Its head says how long its body is; without that it ends with the connection."""
    in_body: bool = False


class _Connection(asyncio.Protocol):
    """One connection: one call at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, large: LargeAtOnce) -> None:
        self._loop = loop
        self._large = large
        self._is_large = False
        self._answer: _Answer | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._keeps = True
        self._answered = 0
        self._keep_s = float("inf")
        self._expires_s = float("inf")

    @property
    def free(self) -> bool:
        """Whether another call can be made: nothing is under way, and the server has not said that it will close."""
        return self._keeps and self._answer is None and time.monotonic() < self._expires_s

    # --- asyncio ---------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        self._keeps = False
        self._end_large()
        answer = self._answer
        if answer is None:
            return
        if exc is None and answer.in_body and not answer.framed:
            self._complete(self._parser.get_status_code())
        elif answer.begun:
            self._fail(Unanswered("the connection was closed in mid-answer"))
        elif self._answered:
            self._fail(Stale("the connection was closed before an answer"))
        else:
            self._fail(Unanswered("the connection was closed before an answer"))

    def data_received(self, data: bytes) -> None:
        if self._answer is None:
            self.close()  # Nothing was asked.
            return
        self._answer.begun = True
        self._answer.size += len(data)
        if self._answer.size > MOST_BYTES + HEAD_BYTES:
            self._fail(Unanswered(f"the answer has more than {MOST_BYTES / 1e6:g} MB"))
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(Unanswered("the answer was not HTTP"))
            self.close()
        if self._answer is not None and self._answer.size > SMALL_BYTES and not self._is_large:
            self._begin_large()

    def _begin_large(self) -> None:
        """Read on only while not too many others are as large."""
        self._is_large = True
        if self._transport is not None and not self._large.begin(self, self._transport.resume_reading):
            self._transport.pause_reading()

    def _end_large(self) -> None:
        if self._is_large:
            self._is_large = False
            self._large.end(self)

    # --- httptools -------------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        if self._answer is None:
            self._keeps = False  # More than was asked for.

    def on_header(self, name: bytes, value: bytes) -> None:
        answer = self._answer
        if answer is None or len(name) not in READ_LENGTHS:
            return
        match name.lower():
            case b"content-length" | b"transfer-encoding":
                answer.framed = True
            case b"keep-alive":
                told = _TIMEOUT.search(value)
                self._keep_s = int(told[1]) - EXPIRY_MARGIN_S if told else float("inf")
            case b"set-cookie" if answer.cookies is not None:
                key, _, text = value.decode("latin-1").split(";")[0].partition("=")
                answer.cookies[key.strip()] = text.strip()

    def on_headers_complete(self) -> None:
        if self._answer is not None:
            self._answer.in_body = self._parser.get_status_code() >= 200

    def on_body(self, body: bytes) -> None:
        answer = self._answer
        if answer is None:
            return
        answer.body += body

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if self._answer is None:
            return
        if status < 200:  # `100 Continue` and others that come before the answer.
            self._answer.framed = False
            return
        self._keeps = self._keeps and self._parser.should_keep_alive() and (self._answer.framed or status in NO_BODY)
        self._complete(status)

    # --- a call ----------------------------------------------------------------------------------------------

    def _complete(self, status: int) -> None:
        answer, self._answer = self._answer, None
        self._end_large()
        self._answered += 1
        self._expires_s = time.monotonic() + self._keep_s
        if answer is not None and not answer.done.done():
            answer.done.set_result((status, bytes(answer.body)))

    def _fail(self, why: Unanswered) -> None:
        answer, self._answer = self._answer, None
        self._keeps = False
        if answer is None:
            return
        answer.body.clear()  # What is raised holds it in a cycle, which nobody may look for soon.
        if not answer.done.done():
            answer.done.set_exception(why)

    async def call(
        self, request: bytes, cookies: dict[str, str] | None, deadlines: Deadlines | None
    ) -> tuple[int, bytes]:
        """Make a call; whoever gives it up before its end has to close the connection."""
        answer = self._answer = _Answer(self._loop.create_future(), cookies)
        if self._transport is None or not self._keeps:
            self._answer = None
            raise Stale("the connection was closed before an answer")
        self._transport.write(request)
        if deadlines is not None:
            deadlines.add(answer.done)
        return await answer.done

    def close(self) -> None:
        """End it at once; what is still to come of an answer is not read."""
        self._keeps = False
        self._end_large()
        if self._transport is not None:
            self._transport.abort()


class Http:
    """Calls to one address."""

    def __init__(self, url: str, tls: ssl.SSLContext | None = None, call_s: float | None = None) -> None:
        """`call_s` is how long an answer may take; `CALL_S` where nothing says."""
        self._call_s = CALL_S if call_s is None else call_s
        parts = urlsplit(url)
        self._tls = (tls or ssl.create_default_context()) if parts.scheme == "https" else None
        self._host, self._port = parts.hostname or "", parts.port or (443 if self._tls else 80)
        self._prefix = parts.path.rstrip("/")
        self._head = f"Host: {parts.netloc}\r\nConnection: keep-alive\r\n"
        self._free: deque[_Connection] = deque()
        self._slots = Slots(MOST_CONNECTIONS)
        self._deadlines = Deadlines(self._call_s, self._too_late)
        self._large = LargeAtOnce(LARGE_AT_ONCE)
        self._all: set[_Connection] = set()

    async def call(
        self, method: str, path: str, body: Body = None, headers: str = "", cookies: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Make a call.

        A connection that was kept open and is closed before any byte of an answer was most likely ended by the server
        before it read the request. Then the call is made once more, on a fresh one, where that does no harm: where it
        is a GET, or where a function makes the body, which is asked again and knows that the one before may have
        been read all the same.

        Args:
            body: JSON; a function is asked for it in the moment when a connection is free to send it, and may have
                none any more.
            headers: whole lines, each with its end.
            cookies: are shown, and those that the answer sets are added.

        Returns:
            the status and the body.

        Raises:
            Unanswered: no answer came in time.
            NothingToSend: the function had no body.
        """
        begun_s, again, fresh = time.monotonic(), method == "GET" or callable(body), False
        if self._free and self._slots.take():
            # As most calls go: a connection is there, and nothing has to be waited for but the answer.
            try:
                connection = self._kept()
                if connection is not None:
                    return await self._asked(connection, method, path, body, headers, cookies, self._deadlines)
            except Stale:
                if not again:
                    raise
                fresh = True
            finally:
                self._slots.give()
        await self._slots.wait()
        try:
            async with asyncio.timeout(self._call_s - (time.monotonic() - begun_s if fresh else 0)):
                if not fresh:
                    try:
                        return await self._asked(await self._connection(), method, path, body, headers, cookies)
                    except Stale:
                        if not again:
                            raise
                return await self._asked(await self._made(), method, path, body, headers, cookies)
        except TimeoutError:
            raise self._too_late() from None
        except OSError:
            raise Unanswered("the connection was refused") from None
        finally:
            self._slots.give()

    def _too_late(self) -> Unanswered:
        return Unanswered(f"no answer within {self._call_s:g} s")

    async def _asked(
        self, connection: _Connection, method: str, path: str, body: Body, headers: str,
        cookies: dict[str, str] | None, deadlines: Deadlines | None = None,
    ) -> tuple[int, bytes]:  # fmt: skip
        try:
            text = body() if callable(body) else body
            if text is None and callable(body):
                raise NothingToSend
            length = f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n" if text else ""
            shown = f"Cookie: {jar(cookies)}\r\n" if cookies else ""
            head = f"{method} {self._prefix}{path} HTTP/1.1\r\n{self._head}{headers}{shown}{length}\r\n"
            return await connection.call(head.encode() + (text or b""), cookies, deadlines)
        finally:
            self._give_back(connection)

    def _give_back(self, connection: _Connection) -> None:
        if connection.free:
            self._free.append(connection)
        else:
            self._end(connection)

    def _end(self, connection: _Connection) -> None:
        self._all.discard(connection)
        connection.close()

    def _kept(self) -> _Connection | None:
        """A connection that was kept open; None where there is none."""
        while self._free:
            # The one that was used last is the one that the server has not tired of.
            connection = self._free.pop()
            if connection.free:
                return connection
            self._end(connection)
        return None

    async def _connection(self) -> _Connection:
        return self._kept() or await self._made()

    async def _made(self) -> _Connection:
        loop = asyncio.get_running_loop()
        _, made = await loop.create_connection(
            lambda: _Connection(loop, self._large), self._host, self._port, ssl=self._tls
        )
        self._all.add(made)
        return made

    def close(self) -> None:
        """Close every connection."""
        for connection in self._all:
            connection.close()
        self._all.clear()
        self._deadlines.close()
        self._free.clear()
