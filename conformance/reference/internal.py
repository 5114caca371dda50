"""The internal calls of the reference service: what a peer service broadcasts through, with a secret of its own."""

from __future__ import annotations

import hmac
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from conformance.reference.guide import Bad, segment
from conformance.reference.store import now_ms

SENDERS = {"CITIZEN": "citizen", "SOS_ADMIN": "admin", "RESCUER": "rescuer", "SYSTEM": "admin"}
"""How the call that broadcasts a message names senders, and how the guide does."""


class Broadcasts(Protocol):
    """What the internal calls ask of the service that they belong to."""

    internal: str | None

    async def body(self, request: Request) -> dict[str, Any]:
        """The JSON object that a call carries."""

    def sender_of(self, internal: str) -> str:
        """How a broadcast names the kind of sender that an internal call named."""

    def room(self, sos: str) -> str:
        """The name of a room."""

    async def send(self, event: str, payload: Any, room: str) -> None:
        """Broadcast to a room."""

    async def tell_joined(self, sos: str, who: dict[str, Any]) -> dict[str, Any]:
        """Broadcast that a participant has joined."""

    async def tell_left(self, sos: str, who: dict[str, Any]) -> dict[str, Any]:
        """Broadcast that a participant has left."""

    def done(self, data: Any, status: int = 200) -> Response:
        """The answer of a call that succeeded."""


def internal_routes(service: Broadcasts) -> list[Route]:
    """The routes; they are not there where the service has no secret for them."""

    def admitted(request: Request, *, by_secret: bool) -> None:
        if service.internal is None:
            raise Bad("NOT_FOUND", "not found", status=404)
        shown = request.headers.get("x-internal-token" if by_secret else "x-internal-request", "")
        if not hmac.compare_digest(shown.encode(), (service.internal if by_secret else "true").encode()):
            raise Bad("UNAUTHORIZED", "this call is internal", status=401)

    async def broadcast(request: Request) -> Response:
        admitted(request, by_secret=True)
        body = await service.body(request)
        sos, message = _text(body, "sosId"), body.get("message")
        if not isinstance(message, dict):
            raise Bad("INVALID_MESSAGE", "message is required")
        for name in ("id", "senderType", "senderDisplayName", "contentType", "content", "createdAt"):
            _text(message, name)
        if message["senderType"] not in SENDERS:
            raise Bad("INVALID_MESSAGE", f'"message.senderType" must be one of [{", ".join(SENDERS)}]')
        sender = service.sender_of(message["senderType"])
        said = {"senderId": None, **message, "senderType": sender, "sosId": sos}
        await service.send("message:broadcast", said, service.room(sos))
        return service.done(None)

    async def joined(request: Request) -> Response:
        admitted(request, by_secret=False)
        body = await service.body(request)
        who = {"userId": _text(body, "userId"), "userType": _text(body, "userType")}
        more = {"displayName": body.get("displayName", ""), **_given(body, "joinedAt")}
        await service.tell_joined(_text(body, "sosId"), who | more)
        return service.done(None)

    async def left(request: Request) -> Response:
        admitted(request, by_secret=False)
        body = await service.body(request)
        who = {"userId": _text(body, "userId"), **_given(body, "leftAt")}
        await service.tell_left(_text(body, "sosId"), who)
        return service.done(None)

    async def status(request: Request) -> Response:
        admitted(request, by_secret=True)
        body, sos = await service.body(request), segment(request, "sos")
        said = {"sosId": sos, "status": _text(body, "status"), "timestamp": now_ms()}
        by = body.get("updatedBy")
        said |= {"updatedBy": by} if isinstance(by, str) else {}
        await service.send("sos:status:broadcast", said, service.room(sos))
        return service.done(None)

    return [
        Route("/internal/messaging/broadcast", broadcast, methods=["POST"]),
        Route("/internal/participants/joined", joined, methods=["POST"]),
        Route("/internal/participants/left", left, methods=["POST"]),
        Route("/internal/realtime/sos/{sos}/status", status, methods=["POST"]),
    ]


def _given(body: dict[str, Any], *names: str) -> dict[str, Any]:
    """The fields that a body has."""
    return {name: body[name] for name in names if name in body}


def _text(body: dict[str, Any], name: str) -> str:
    """A text that a body has to have."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Bad("INVALID_BODY", f"{name} is required")
    return value
