"""The HTTP session that one socket connects with, and how its connections end."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

import aiohttp

from conformance.stage.clients.intake import Intake
from conformance.stage.clients.network import socket_session
from conformance.stage.clients.websocket import WebSocket
from conformance.target.target import Target


@dataclass(slots=True)
class Line:
    """What one socket connects with."""

    intake: Intake
    road: tuple[Target, str] | None = None
    """The target, and the address of the node."""
    left: aiohttp.ClientWebSocketResponse | None = None
    """The websocket that the client library has given up, and not closed."""
    made: aiohttp.ClientSession | None = None

    def session(self, trace: aiohttp.TraceConfig) -> aiohttp.ClientSession:
        """A session whose websockets count what they take."""
        if self.road is None:
            raise RuntimeError("a session is needed to connect, and to nothing else")
        kind = type("_CountedWebSocket", (WebSocket,), {"common": self.intake})
        self.made = socket_session(*self.road, kind, (trace,))
        return self.made

    async def drop(self) -> None:
        """End every connection at once."""
        if self.left is not None:
            with contextlib.suppress(TimeoutError, aiohttp.ClientError, OSError):
                async with asyncio.timeout(0):
                    await self.left.close()
        if self.made is not None:
            await self.made.close()
