"""A websocket that keeps its first message and how it ended, and takes no more than a bounded number of packets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import aiohttp

from conformance.model.transcript import OVER_LIMIT
from conformance.stage.clients.intake import Intake, TooMuch
from conformance.support.caps import MOST_MESSAGE_BYTES
from conformance.support.opening import opening_of

OPTIONS: dict[str, Any] = {"max_msg_size": MOST_MESSAGE_BYTES, "autoping": False}
"""What to connect it with. By itself aiohttp answers pings without telling of them, however many come."""

OPEN = "0"
"""How the packet that opens an Engine.IO session begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Who ended a connection and why: `client` is the library, because of what the service sent or did not send."""

    by: Literal["us", "service", "client"]
    reason: str


class WebSocket(aiohttp.ClientWebSocketResponse):
    """A websocket that keeps its first message and how the connection ended."""

    common: ClassVar[Intake | None] = None
    """What has been taken on all websockets of one socket; None where there is one alone."""
    opening: str | None = None
    ending: Ending | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.intake = self.common or Intake()

    async def receive(self, timeout: float | None = None) -> Any:  # noqa: ASYNC109 - the name is aiohttp's
        """The next message but pings, which are answered.

        Raises:
            TooMuch: it is one too many, or too large.
            ValueError: the first one is an Engine.IO handshake that cannot be used.
        """
        while True:
            message: Any = await super().receive(timeout)
            if message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR):
                self.ending = self.ending or _ending(message)
                return message
            try:
                self.intake.take(len(message.data or ""))
            except TooMuch as error:
                self._end(str(error))
                raise
            if message.type is aiohttp.WSMsgType.PING:
                await self.pong(message.data)
            elif message.type is not aiohttp.WSMsgType.PONG:
                if self.opening is None and message.type is aiohttp.WSMsgType.TEXT:
                    self._open(message.data)
                return message

    def _open(self, first: str) -> None:
        self.opening = first
        if self.common is None or not first.startswith(OPEN):
            return  # Of a websocket that is alone its owner reads the handshake.
        try:
            self.intake.opened(opening_of(first).get("maxPayload"))
        except ValueError as error:
            self._end(f"broken Engine.IO handshake: {error}")
            raise

    def _end(self, why: str) -> None:
        """End the connection without a word: who sends without end may not read what is sent to it."""
        self.intake.fault = why
        self.ending = Ending(by="client", reason=why)
        connection = self._response.connection
        if connection is not None and connection.transport is not None:
            connection.transport.abort()


def _ending(message: Any) -> Ending:
    match message.type:
        case aiohttp.WSMsgType.CLOSE:
            said = f": {message.extra}" if message.extra else ""
            return Ending(by="service", reason=f"close frame {_coded(message.data)}{said}")
        case aiohttp.WSMsgType.ERROR:
            code = getattr(message.data, "code", None)
            if code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG:
                most_mb = MOST_MESSAGE_BYTES / 1e6
                return Ending(by="client", reason=f"{OVER_LIMIT} a message of more than {most_mb:.1f} MB")
            what = getattr(message.data, "args", None) or (message.data,)
            reason = f"the service sent a broken frame: {what[-1]}" + (f", {_coded(code)}" if code is not None else "")
            return Ending(by="client", reason=reason)
        case _:
            return Ending(by="service", reason="transport closed without a close frame")


def _coded(code: int) -> str:
    """A close code with its name (RFC 6455 §7.4.1)."""
    try:
        return f"{int(code)} ({aiohttp.WSCloseCode(code).name.lower().replace('_', ' ')})"
    except ValueError:
        return str(code)
