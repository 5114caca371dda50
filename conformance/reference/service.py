"""The honest service: sockets and HTTP of the documented contract. Lies override one method of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import jwt
import socketio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from conformance.reference.guide import Bad, algorithms_of, is_int, raw_path, segment, within
from conformance.reference.internal import SENDERS, internal_routes
from conformance.reference.store import Store, now_iso, now_ms

STATUSES = ("active", "assigned", "responding", "en_route", "arrived", "resolved", "completed", "closed", "cancelled")
USER_TYPES = ("admin", "rescuer", "citizen")
ADMIN = "/admin"
TYPE_OF_ROLE = {"CITIZEN": "citizen", "RESCUER": "rescuer", "ADMIN": "admin", "DISPATCHER": "admin"}
MOST_CHARACTERS = 2000
MOST_PER_PAGE = 50


@dataclass(slots=True, kw_only=True)
class Person:
    """Who a socket or an HTTP caller is."""

    user: str
    kind: str = "citizen"
    name: str | None = None
    since: str = field(default_factory=now_iso)


class Service:
    """The documented contract in full. `app` is the ASGI application.

    What a lie may change is a method or one of these attributes.
    """

    caught_by: ClassVar[str] = ""
    """The rule that has to accuse a lie; the honest service has none."""
    recovers_within_s: ClassVar[float | None] = None
    """How long it says that sessions are recovered; a check holds it to this as well."""
    limits: ClassVar[tuple[Mapping[str, Any], ...]] = ()
    max_payload_bytes: ClassVar[int | None] = None
    """The limits that it says it has beyond the guide, as contracts write them; a check holds it to these as well."""
    schedules_s: ClassVar[Mapping[str, float]] = {}
    """Broadcasts that it says it sends by a schedule besides, with their periods; a check holds it to these as well."""
    acknowledges: ClassVar[Mapping[str, dict[str, Any]]] = {}
    """Requests that it acknowledges beyond the guide, with the schema of the ack: a check holds it to these as well."""
    asks_for: ClassVar[Mapping[str, Any]] = {}
    """What it says beyond the guide that clients answer, an example by event: a check holds it to asking for these."""
    nodes: ClassVar[int] = 1
    """How many addresses it listens on where it is embedded, as the nodes of a deployment do."""
    most_characters: ClassVar[int] = MOST_CHARACTERS
    most_per_page: ClassVar[int] = MOST_PER_PAGE
    transports: ClassVar[tuple[Literal["polling", "websocket"], ...]] = ("polling", "websocket")

    def __init__(self, store: Store, key: str | None = None, manager: socketio.AsyncManager | None = None) -> None:
        """Set up sockets and routes; `manager` joins several nodes, as python-socketio's Redis manager does."""
        self.store = store
        self.key = key
        self.people: dict[str, Person] = {}
        # Events of one socket are handled in their order: a later request never overtakes a join.
        self.io = socketio.AsyncServer(
            async_mode="asgi",
            async_handlers=False,
            cors_allowed_origins="*",
            transports=list(self.transports),
            client_manager=manager,
        )
        self.io.on("connect", self.on_connect)
        self.io.on("disconnect", self.on_disconnect)
        self.io.on("*", self.on_event)
        self.io.on("connect", self.on_admin, namespace=ADMIN)
        self.admin = False
        self.internal: str | None = None
        """The secret of the internal calls; None where they are not offered."""
        routes = [
            *internal_routes(self),
            Route("/health", self.http_health),
            Route("/api/messages/message/{message}", self.http_read, methods=["GET"]),
            Route("/api/messages/{sos}", self.http_list, methods=["GET"]),
            Route("/api/messages/{sos}", self.http_create, methods=["POST"]),
            Route("/api/sos/{sos}/participants/join", self.http_join, methods=["POST"]),
            Route("/api/sos/{sos}/participants/{user}/leave", self.http_leave, methods=["PATCH"]),
        ]
        errors: Any = {Bad: self.http_bad, 404: self.http_not_found}
        self.http = Starlette(routes=routes, exception_handlers=errors)
        self.app = socketio.ASGIApp(self.io, other_asgi_app=raw_path(self.http))

    # --- sockets ------------------------------------------------------------------------------------------

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Let a socket in, or refuse it with the documented message."""
        token = auth.get("token") if isinstance(auth, dict) else None
        try:
            self.people[sid] = self.person(token, f"anonymous-{sid}")
        except Bad as bad:
            raise socketio.exceptions.ConnectionRefusedError(bad.message) from bad

    async def on_admin(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Tell an administrator every socket and its rooms, in the words of the Admin UI."""
        if not self.admin:
            raise socketio.exceptions.ConnectionRefusedError("there is no such namespace")
        rooms = {one: self.io.rooms(one) for one in self.people}
        told = [{"id": one, "nsp": "/", "rooms": rooms[one]} for one in self.people]
        await self.io.emit("all_sockets", told, to=sid, namespace=ADMIN)

    async def on_disconnect(self, sid: str, reason: str = "") -> None:
        """Forget a socket; its rooms forget it by themselves."""
        self.people.pop(sid, None)

    async def on_event(self, event: str, sid: str, *args: Any) -> Any:
        """Handle a documented request; the answer is returned as the ack. Other names are ignored."""
        handler = self.handlers().get(event)
        if handler is None:
            return None
        payload = args[0] if args else None
        try:
            if not isinstance(payload, dict):
                raise Bad("INVALID_SOS_ID", "expected an object with a sosId")
            sos = payload.get("sosId")
            if not isinstance(sos, str) or not sos:
                raise Bad("INVALID_SOS_ID", "sosId is required")
            return await handler(sid, sos, payload)
        except Bad as bad:
            await self.complain(sid, {"code": bad.code, "message": bad.message})
        return None

    def handlers(self) -> dict[str, Any]:
        """The documented requests and what handles each."""
        return {
            "sos:room:join": self.join,
            "sos:init": self.join,
            "sos:room:leave": self.leave,
            "sos:close": self.close,
            "message:typing:start": self.typing_start,
            "message:typing:stop": self.typing_stop,
            "message:history:request": self.history,
            "participants:active:request": self.active,
            "sos:status:update": self.status,
            "location:update": self.location,
        }

    async def join(self, sid: str, sos: str, payload: dict[str, Any]) -> Any:
        """The socket joins the room of the SOS."""
        kind, name = payload.get("userType"), payload.get("displayName")
        if (kind is not None and kind not in USER_TYPES) or not isinstance(name, str | None):
            raise Bad("INVALID_PARTICIPANT", "userType or displayName is not as documented")
        person = self.people[sid]
        person.kind, person.name = kind or person.kind, name or person.name
        await self.io.enter_room(sid, self.room(sos))

    async def leave(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """The socket leaves the room."""
        await self.io.leave_room(sid, self.room(sos))

    async def close(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """The SOS is closed; the socket leaves the room."""
        await self.io.leave_room(sid, self.room(sos))

    async def typing_start(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Tell the others in the room."""
        name = payload.get("displayName")
        if not isinstance(name, str):
            raise Bad("INVALID_TYPING", "displayName is required")
        said = {"sosId": sos, "userId": self.people[sid].user, "displayName": name}
        await self.send("message:typing:start", said, self.room(sos), but=sid)

    async def typing_stop(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Tell the others in the room."""
        said = {"sosId": sos, "userId": self.people[sid].user}
        await self.send("message:typing:stop", said, self.room(sos), but=sid)

    async def history(self, sid: str, sos: str, payload: dict[str, Any]) -> Any:
        """Answer the requester: by the ack, and by the named event for clients that ask without one."""
        limit, skip = payload.get("limit", MOST_PER_PAGE), payload.get("skip", 0)
        if not is_int(limit) or not is_int(skip) or not 1 <= limit <= MOST_PER_PAGE or skip < 0:
            raise Bad("INVALID_HISTORY", "limit is 1 to 50, skip at least 0")
        messages, total = self.page(sos, skip, limit)
        answer = {"sosId": sos, "messages": messages, "total": total, "timestamp": now_ms()}
        return await self.answer("message:history:response", answer, sid)

    async def active(self, sid: str, sos: str, payload: dict[str, Any]) -> Any:
        """Answer the requester with the room's members."""
        members = [self.member(other) for other in self.members(sos) if other in self.people]
        answer = {"sosId": sos, "participants": members, "count": len(members), "timestamp": now_ms()}
        return await self.answer("participants:active:response", answer, sid)

    async def status(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Tell the room of a new status."""
        status = payload.get("status")
        if status not in STATUSES:
            raise Bad("INVALID_STATUS_DATA", "status is required, and one of " + ", ".join(STATUSES))
        said = {"sosId": sos, "status": status, "timestamp": now_ms(), "updatedBy": self.people[sid].user}
        await self.send("sos:status:broadcast", said, self.room(sos))

    async def location(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Tell the room where a device is, the sender too."""
        place = {name: payload.get(name) for name in ("latitude", "longitude", "accuracy")}
        latitude, longitude, accuracy = place.values()
        if not (within(latitude, -90, 90) and within(longitude, -180, 180) and within(accuracy, 0, None)):
            raise Bad("INVALID_LOCATION", "latitude, longitude and accuracy are numbers in their ranges")
        said = {"sosId": sos, "userId": self.people[sid].user, **place, "timestamp": now_ms()}
        if isinstance(payload.get("deviceId"), str):
            said["deviceId"] = payload["deviceId"]
        await self.send("location:broadcast", said, self.room(sos))

    # --- what every answer and broadcast goes through -----------------------------------------------------

    def room(self, sos: str) -> str:
        """The documented room name."""
        return f"sos:{sos}"

    def members(self, sos: str) -> list[str]:
        """The sockets in a room."""
        rooms = self.io.manager.get_participants("/", self.room(sos))
        return [sid for sid, _ in rooms]

    def member(self, sid: str) -> dict[str, Any]:
        """How the roster lists a socket."""
        person = self.people[sid]
        told = {"userId": person.user, "userType": person.kind, "socketId": sid, "connectedAt": person.since}
        return told | ({"displayName": person.name} if person.name is not None else {})

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        await self.io.emit(event, payload, room=room, skip_sid=but)

    async def answer(self, event: str, payload: Any, sid: str) -> Any:
        """Answer a requester by the named event and by the ack; whoever asked without an ack gets the event."""
        await self.io.emit(event, payload, to=sid)
        return payload

    async def complain(self, sid: str, payload: dict[str, Any]) -> None:
        """Tell the requester of a bad request what was wrong."""
        await self.io.emit("error", payload, to=sid)

    def person(self, token: Any, otherwise: str) -> Person:
        """Who shows this token. Without a key it is read and not verified, and may be left away.

        Raises:
            Bad: a key is set and the token is missing or bad.
        """
        if token is None and self.key is None:
            return Person(user=otherwise)
        try:
            options: Any = {"verify_signature": self.key is not None, "require": ["exp"] if self.key else []}
            claims = jwt.decode(str(token), self.key or "", algorithms=algorithms_of(self.key), options=options)
            identity = claims["identity"]
            return Person(user=identity["userId"], kind=TYPE_OF_ROLE[identity["role"]])
        except (jwt.PyJWTError, KeyError, TypeError) as error:
            if self.key is None:
                return Person(user=otherwise)
            message = "AUTHENTICATION_ERROR: the token is missing or bad"
            raise Bad("AUTHENTICATION_ERROR", message, status=401) from error

    def finish(self) -> None:
        """Let go of the database."""
        self.store.close()

    # --- HTTP ---------------------------------------------------------------------------------------------

    def caller(self, request: Request) -> Person:
        """Who makes an HTTP call."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return self.person(token if scheme.lower() == "bearer" and token else None, "anonymous")

    async def body(self, request: Request) -> dict[str, Any]:
        """The JSON object that a call carries."""
        try:
            body = json.loads(await request.body())
        except (ValueError, RecursionError) as error:
            raise Bad("INVALID_BODY", "the body is not JSON") from error
        if not isinstance(body, dict):
            raise Bad("INVALID_BODY", "the body is not an object")
        return body

    async def http_health(self, request: Request) -> Response:
        """The service is up."""
        return JSONResponse({"status": "ok"})

    async def http_create(self, request: Request) -> Response:
        """Store a message, then broadcast it, then answer."""
        caller = self.caller(request)
        sos = segment(request, "sos")
        fields = self.checked_message(await self.body(request))
        message = await self.publish(sos, {"senderType": caller.kind, "senderId": caller.user, **fields})
        return self.done(message, 201)

    def checked_message(self, body: dict[str, Any]) -> dict[str, Any]:
        """The fields of a message that a caller may choose."""
        name, content, kind = body.get("senderDisplayName"), body.get("content"), body.get("contentType", "text")
        if not isinstance(name, str):
            raise Bad("INVALID_MESSAGE", "senderDisplayName is required")
        if not isinstance(content, str) or not 1 <= len(content) <= self.most_characters:
            raise Bad("INVALID_MESSAGE", f"content is 1 to {MOST_CHARACTERS} characters")
        if kind not in ("text", "system"):
            raise Bad("INVALID_MESSAGE", "contentType is text or system")
        return {"senderDisplayName": name, "content": content, "contentType": kind}

    async def publish(self, sos: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Store, then broadcast."""
        message = self.store.add(sos, fields)
        await self.send("message:broadcast", message, self.room(sos))
        return message

    def sender_of(self, internal: str) -> str:
        """How a broadcast names the kind of sender that an internal call named."""
        return SENDERS[internal]

    async def http_list(self, request: Request) -> Response:
        """A page of messages."""
        self.caller(request)
        try:
            skip = int(request.query_params.get("skip", 0))
            limit = int(request.query_params.get("limit", MOST_PER_PAGE))
        except ValueError as error:
            raise Bad("INVALID_PAGE", "skip and limit are whole numbers") from error
        if skip < 0 or limit < 1:
            raise Bad("INVALID_PAGE", "skip is at least 0, limit at least 1")
        limit = min(limit, self.most_per_page)
        data, total = self.page(segment(request, "sos"), skip, limit)
        pagination = {"total": total, "skip": skip, "limit": limit}
        return JSONResponse({"success": True, "data": data, "pagination": pagination})

    async def http_read(self, request: Request) -> Response:
        """One message."""
        self.caller(request)
        message = self.store.get(segment(request, "message"))
        if message is None:
            raise Bad("NOT_FOUND", "no such message", status=404)
        return self.done(message)

    async def http_join(self, request: Request) -> Response:
        """Tell the room that a participant has joined."""
        self.caller(request)
        body = await self.body(request)
        user, kind, name = body.get("userId"), body.get("userType"), body.get("displayName", "")
        if not isinstance(user, str) or not user or kind not in USER_TYPES or not isinstance(name, str):
            raise Bad("INVALID_PARTICIPANT", "userId and userType are required")
        sos = segment(request, "sos")
        return self.done(await self.tell_joined(sos, {"userId": user, "userType": kind, "displayName": name}))

    async def tell_joined(self, sos: str, who: dict[str, Any]) -> dict[str, Any]:
        """Tell the room of a participant who has joined."""
        said = {"sosId": sos, "joinedAt": now_iso(), **who}
        await self.send("participant:joined:broadcast", said, self.room(sos))
        return said

    async def http_leave(self, request: Request) -> Response:
        """Take a user's sockets out of the room, and tell the room."""
        self.caller(request)
        sos, user = segment(request, "sos"), segment(request, "user")
        said = await self.tell_left(sos, {"userId": user})
        await self.put_out(sos, user)
        return self.done(said)

    async def tell_left(self, sos: str, who: dict[str, Any]) -> dict[str, Any]:
        """Tell the room of a participant who has left."""
        said = {"sosId": sos, "leftAt": now_iso(), **who}
        await self.send("participant:left:broadcast", said, self.room(sos))
        return said

    async def put_out(self, sos: str, user: str) -> None:
        """Take a user's sockets out of the room."""
        for sid in self.members(sos):
            if sid in self.people and self.people[sid].user == user:
                await self.io.leave_room(sid, self.room(sos))

    def page(self, sos: str, skip: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """A page of messages, and how many there are in all."""
        return self.store.page(sos, skip, limit)

    def done(self, data: Any, status: int = 200) -> Response:
        """A successful answer."""
        return JSONResponse({"success": True, "data": data}, status_code=status)

    async def http_bad(self, request: Request, bad: Bad) -> Response:
        """A documented failure."""
        return JSONResponse({"success": False, "error": bad.message}, status_code=bad.status)

    async def http_not_found(self, request: Request, error: Exception) -> Response:
        """No such path."""
        return JSONResponse({"success": False, "error": "not found"}, status_code=404)
