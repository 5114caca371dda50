"""What the servers that tell a lie have in common: the spot that it is told of, and everything else honestly."""

from __future__ import annotations

import asyncio
import json
from abc import abstractmethod
from collections.abc import Coroutine, Mapping
from contextvars import ContextVar
from typing import Any
from urllib.parse import unquote

from conformance.lying.spots import Spot
from conformance.server.cause import Cause, Sending
from conformance.server.rooms import kind_of
from conformance.server.service import Service
from conformance.target.target import Auth
from contracts.model import Bundle

DOING: ContextVar[str] = ContextVar("DOING", default="")
"""The event that is being handled where something happens."""


class Lying(Service):
    """The server of a bundle that lies about one spot."""

    spot = Spot(name="")
    timeout_s: float | None = None
    """The deadline of the check in seconds, where it is not that of each contract."""

    def __init__(self, bundle: Bundle, auth: Auth | None = None, **options: Any) -> None:
        """Set up the honest service, and then what the lie changes of it."""
        super().__init__(bundle, auth, **options)
        self.prepare()

    def prepare(self) -> None:
        """Set up what the lie keeps, or has in place of something of the honest service."""

    def around(self, app: Any) -> Any:
        """The ASGI application, so that it keeps the title of the call which is being handled."""

        async def outer(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                DOING.set(call_of(self.bundle, scope))
            await app(scope, receive, send)

        return outer

    async def on_connected(self, sid: str, namespace: str) -> None:
        """What happens on connecting is done for no request."""
        DOING.set("")
        await super().on_connected(sid, namespace)

    async def on_event(
        self, sid: str, namespace: str, event: str, arguments: tuple[Any, ...], *, asked: bool
    ) -> tuple[Any, ...] | None:
        """Handle a request, and keep its name for what happens meanwhile."""
        DOING.set(event)
        return await super().on_event(sid, namespace, event, arguments, asked=asked)

    def is_doing(self) -> bool:
        """Whether what happens is done for the request or the call that the lie is about."""
        return DOING.get() == self.spot.name

    def is_kind(self, kind: str) -> bool:
        """Whether the lie is about this kind of room."""
        room = kind_of(self.bundle, kind)
        return room is not None and (room.kind or room.template) == self.spot.name

    def connected(self, namespace: str) -> tuple[str, ...]:
        """The sockets in a namespace."""
        return tuple(sid for at, sid in self.members if at == namespace)

    def after(self, seconds: float, work: Coroutine[Any, Any, None]) -> None:
        """Do something after a time."""
        asyncio.get_running_loop().call_later(seconds, self.later, work)

    def deadline_s(self, event: str) -> float:
        """How long a check waits for a broadcast."""
        return self.timeout_s or self.broadcast(event).deadline_ms / 1000


class OfBroadcast(Lying):
    """Lies about a broadcast as it is sent."""

    async def send(self, sending: Sending) -> None:
        """Send any other honestly."""
        if sending.event == self.spot.name:
            await self.tell(sending)
        else:
            await self.send_honestly(sending)

    async def send_honestly(self, sending: Sending) -> None:
        """Send a broadcast as it is."""
        await super().send(sending)

    @abstractmethod
    async def tell(self, sending: Sending) -> None:
        """Send the broadcast that the lie is about."""


class OfArguments(Lying):
    """Lies about what a broadcast or an error carries."""

    def compose(self, event: str, cause: Cause) -> tuple[Any, ...]:
        """The arguments of a broadcast."""
        given = super().compose(event, cause)
        return self.changed(given, cause) if event == self.spot.name else given

    async def reply(self, event: str, arguments: tuple[Any, ...], cause: Cause) -> None:
        """An error is sent like a reply."""
        is_spot = event == self.spot.name and event == self.bundle.errors
        await super().reply(event, self.changed(arguments, cause) if is_spot else arguments, cause)

    @abstractmethod
    def changed(self, arguments: tuple[Any, ...], cause: Cause) -> tuple[Any, ...]:
        """What it carries instead."""


class OfAnswer(Lying):
    """Lies about what a request is answered with, by an ack or a named event."""

    def answer(self, event: str, cause: Cause) -> tuple[Any, ...]:
        """The arguments of a reply."""
        given = super().answer(event, cause)
        return self.changed(given) if event == self.spot.name else given

    @abstractmethod
    def changed(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        """What the answer is instead."""


class OfCall(Lying):
    """Lies about the answer to an HTTP call."""

    def around(self, app: Any) -> Any:
        """The ASGI application, with another answer to the call."""
        inner = super().around(app)

        async def outer(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "http" or call_of(self.bundle, scope) != self.spot.name:
                await inner(scope, receive, send)
                return
            held: list[Any] = []

            async def hold(message: Any) -> None:
                held.append(message)

            await inner(scope, receive, hold)
            answer = b"".join(message.get("body", b"") for message in held)
            status, body = self.changed(held[0]["status"], json.loads(answer) if answer else None)
            written = b"" if body is None else json.dumps(body).encode()
            headers = [(name, value) for name, value in held[0]["headers"] if name != b"content-length"]
            length = (b"content-length", str(len(written)).encode())
            await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
            await send({"type": "http.response.body", "body": written})

        return outer

    @abstractmethod
    def changed(self, status: int, body: Any) -> tuple[int, Any]:
        """The status and the body of the answer instead."""


def call_of(bundle: Bundle, scope: Mapping[str, Any]) -> str:
    """The title of the call that a request makes; the empty text for none."""
    asked = unquote(scope["path"]).strip("/").split("/")
    fits = [
        call
        for call in bundle.calls.values()
        if call.method == scope["method"] and _fits(call.path.strip("/").split("/"), asked)
    ]
    return min(fits, key=lambda call: call.path.count(":")).title if fits else ""


def _fits(path: list[str], asked: list[str]) -> bool:
    return len(path) == len(asked) and all(
        one.startswith(":") or one == other for one, other in zip(path, asked, strict=True)
    )
