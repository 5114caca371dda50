"""HTTP/1.1 over a few connections that are kept open, inside the plane's loop.

It is our own, on httptools' parser, because the common clients cost ten times as much a call, and open their sockets
through Python's `socket` module, which Locust has replaced by gevent's: that belongs to another loop.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httptools

CALL_S = 10.0
"""How long an answer may take before the call counts as unanswered, as in a check."""

MOST_CONNECTIONS = 1000
"""How many calls are under way at once, to one address, from one worker. What has to wait for one of them is late by
our own doing, and counted so."""


def jar(cookies: Mapping[str, str]) -> str:
    """Cookies as a header shows them."""
    return "; ".join(f"{key}={value}" for key, value in cookies.items())


class NothingToSend(Exception):
    """By the time that a connection was free there was nothing to send any more."""


class Unanswered(Exception):
    """No answer came; the text is constant, so that samples of one cause are one line."""


@dataclass(slots=True)
class _Answer:
    done: asyncio.Future[tuple[int, bytes]]
    body: list[bytes] = field(default_factory=list)
    cookies: dict[str, str] | None = None
    """Where what the answer sets is kept, if anybody wants it."""


class _Connection(asyncio.Protocol):
    """One connection: one call at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._answer: _Answer | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self.usable = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        self.usable = False
        if self._answer and not self._answer.done.done():
            self._answer.done.set_exception(Unanswered("the connection was closed before an answer"))

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._answer and self._answer.cookies is not None and name.lower() == b"set-cookie":
            key, _, text = value.decode("latin-1").split(";")[0].partition("=")
            self._answer.cookies[key.strip()] = text.strip()

    def on_body(self, body: bytes) -> None:
        if self._answer:
            self._answer.body.append(body)

    def on_message_complete(self) -> None:
        self.usable = self.usable and self._parser.should_keep_alive()
        status = self._parser.get_status_code()
        # A parser that has answered once reads the next message of the same connection anew.
        self._parser = httptools.HttpResponseParser(self)
        if self._answer and not self._answer.done.done():
            self._answer.done.set_result((status, b"".join(self._answer.body)))

    async def call(self, request: bytes, cookies: dict[str, str] | None) -> tuple[int, bytes]:
        answer = self._answer = _Answer(self._loop.create_future(), cookies=cookies)
        if self._transport is None or not self.usable:
            raise Unanswered("the connection was closed before an answer")
        self._transport.write(request)
        return await answer.done

    def close(self) -> None:
        self.usable = False
        if self._transport:
            self._transport.close()


class Http:
    """Calls to one address."""

    def __init__(self, url: str, tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        self._tls = (tls or ssl.create_default_context()) if parts.scheme == "https" else None
        self._host, self._port = parts.hostname or "", parts.port or (443 if self._tls else 80)
        self._prefix = parts.path.rstrip("/")
        self._head = f"Host: {parts.netloc}\r\nConnection: keep-alive\r\n"
        self._free: deque[_Connection] = deque()
        self._slots = asyncio.Semaphore(MOST_CONNECTIONS)
        self._all: set[_Connection] = set()

    async def call(
        self, method: str, path: str, body: bytes | Callable[[], bytes | None] | None = None, headers: str = "",
        cookies: dict[str, str] | None = None,
    ) -> tuple[int, bytes]:  # fmt: skip
        """Make a call.

        Args:
            body: JSON; a function is asked for it in the moment when a connection is free to send it, and may have
                none any more.
            headers: whole lines, each with its end.
            cookies: are shown, and those that the answer sets are added.

        Returns:
            the status and the body.

        Raises:
            Unanswered: no answer came within `CALL_S`.
            NothingToSend: the function had no body.
        """
        async with self._slots:
            connection = None
            try:
                async with asyncio.timeout(CALL_S):
                    connection = await self._connection()
                    text = body() if callable(body) else body
                    if text is None and callable(body):
                        raise NothingToSend
                    length = f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n" if text else ""
                    headers += f"Cookie: {jar(cookies)}\r\n" if cookies else ""
                    head = f"{method} {self._prefix}{path} HTTP/1.1\r\n{self._head}{headers}{length}\r\n"
                    return await connection.call(head.encode() + (text or b""), cookies)
            except TimeoutError:
                raise Unanswered(f"no answer within {CALL_S:.0f} s") from None
            except OSError:
                raise Unanswered("the connection was refused") from None
            finally:
                if connection:
                    self._give_back(connection)

    def _give_back(self, connection: _Connection) -> None:
        done = connection._answer is not None and connection._answer.done.done()
        if connection.usable and done:
            self._free.append(connection)
        else:
            self._all.discard(connection)
            connection.close()

    async def _connection(self) -> _Connection:
        while self._free:
            # The one that was used last is the one that the server has not tired of.
            connection = self._free.pop()
            if connection.usable:
                return connection
            self._all.discard(connection)
        loop = asyncio.get_running_loop()
        _, made = await loop.create_connection(lambda: _Connection(loop), self._host, self._port, ssl=self._tls)
        self._all.add(made)
        return made

    def close(self) -> None:
        """Close every connection."""
        for connection in self._all:
            connection.close()
        self._all.clear()
        self._free.clear()
