"""Polls that a client gave up: as in the official server, the connection below them has then ended.

python-engineio notices it after the next ping alone, half a minute later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import parse_qs

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


def watched(app: Any, engine: Any, path: str) -> Any:
    """The application, with an eye on its polls.

    Args:
        engine: the Engine.IO server.
        path: where it is.
    """

    async def outer(scope: Any, receive: Receive, send: Send) -> None:
        sid = _polling(scope, path)
        if sid is None:
            await app(scope, receive, send)
            return
        poll = _Poll(receive, send)
        answering = asyncio.ensure_future(app(scope, poll.receive, poll.send))
        watching = asyncio.ensure_future(poll.gone())
        try:
            await asyncio.wait({answering, watching}, return_when=asyncio.FIRST_COMPLETED)
            if answering.done() or poll.answered:
                await answering
                return
            socket = engine.sockets.get(sid)
            if socket is not None and not (socket.closed or socket.upgraded):
                await socket.close(wait=False, abort=True, reason=engine.reason.TRANSPORT_ERROR)
        finally:
            watching.cancel()
            answering.cancel()

    return outer


def _polling(scope: Any, path: str) -> str | None:
    """The session of a poll; None for any other request."""
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(path):
        return None
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    return next(iter(query.get("sid", ())), None)


class _Poll:
    """One poll: its request is read by the application, and what comes after that is the end of its connection."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._read = asyncio.Event()
        self.answered = False

    async def receive(self) -> Message:
        """What comes of the request."""
        message = await self._receive()
        if not message.get("more_body", False):
            self._read.set()
        return message

    async def send(self, message: Message) -> None:
        """Send a part of the answer."""
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self.answered = True
        await self._send(message)

    async def gone(self) -> None:
        """Wait until the connection has ended, or the poll was answered."""
        await self._read.wait()
        message = await self._receive()
        while message["type"] != "http.disconnect":
            message = await self._receive()
