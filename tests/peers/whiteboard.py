"""A service of its own that keeps the contracts in `contracts/example`, and was written from those files alone.

It shows that the checker works on a service that it was not made with. It keeps everything in memory and never lies.
"""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypedDict
from urllib.parse import unquote

import jwt
import socketio
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

PENS = ("red", "green", "blue")
FURTHEST_X = 100
EXPIRED = "TOKEN_EXPIRED"
MOST_CHARACTERS = 100
MOST_NOTES = 3
# Engine.IO hangs up on longer messages, and its default is hardly above a megabyte of junk.
MOST_BYTES = 4_000_000


class Note(TypedDict):
    """A note as it is stored, broadcast and answered."""

    id: str
    room: str
    text: str
    at: int


Action = Callable[[str, str, dict[str, Any]], Awaitable[Any]]
"""What an event does, given the socket, the room and the payload; it returns what the ack carries."""


def user_of(token: Any, key: str) -> str:
    """The user that a token names, if it is good."""
    try:
        user = jwt.decode(token, key, algorithms=["HS256"])["identity"]["userId"]
    except jwt.ExpiredSignatureError as error:
        raise HTTPException(401, EXPIRED) from error
    except (jwt.InvalidTokenError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise HTTPException(401, f"NO_TOKEN: {error}") from error
    if not isinstance(user, str) or not user:
        raise HTTPException(401, "NO_TOKEN: it names no user")
    return user


def why(error: HTTPException) -> list[dict[str, Any]]:
    """The data of the connect error, where the guide has any."""
    return [{"code": "EXPIRED", "renew": True}] if error.detail == EXPIRED else []


def seats(room: str) -> str:
    """The name of a board's Socket.IO room."""
    return f"board:{room}"


def answer(status: int, document: object) -> Response:
    """An answer in JSON; in ASCII, so that half a surrogate pair in a text cannot break it."""
    return Response(json.dumps(document), status, media_type="application/json")


class Whiteboard:
    """The boards: who is in their rooms, and their notes."""

    serializer: Any = "default"
    """What packets are written with."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._notes: dict[str, Note] = {}
        # Without handlers in tasks of their own, the events of a socket are handled in the order they were sent in.
        self.sio = socketio.AsyncServer(
            async_mode="asgi", async_handlers=False, max_http_buffer_size=MOST_BYTES, serializer=self.serializer
        )
        self.sio.on("connect", self._connect)
        self._on("room:enter", self._enter)
        self._on("room:exit", self._leave)
        self._on("room:end", self._leave)
        self._on("cursor:move", self._move)
        self._on("pen:take", self._take)
        self._on("who", self._who)
        routes = [
            self._call("POST", "/notes/{room}", self._add),
            self._call("GET", "/notes/{room}", self._list),
            self._call("GET", "/notes/note/{id}", self._read),
            self._call("DELETE", "/boards/{room}/users/{user}", self._unseat),
        ]
        calls = Starlette(routes=routes, exception_handlers={HTTPException: _refuse})
        self.app = socketio.ASGIApp(self.sio, other_asgi_app=_by_raw_path(calls), socketio_path="socket.io")

    async def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        token = auth.get("token") if isinstance(auth, dict) else None
        try:
            await self.sio.save_session(sid, {"user": user_of(token, self._key)})
        except HTTPException as error:
            raise socketio.exceptions.ConnectionRefusedError(error.detail, *why(error)) from error

    def _on(self, event: str, action: Action) -> None:
        """Handle an event: one payload with a room, or a `problem` for its sender."""

        async def handle(sid: str, *args: Any) -> Any:
            payload = args[0] if len(args) == 1 else None
            room = payload.get("room") if isinstance(payload, dict) else None
            try:
                if not isinstance(payload, dict) or not isinstance(room, str) or not room:
                    raise HTTPException(400, "NO_ROOM")
                return await action(sid, room, payload)
            except HTTPException as error:
                await self.sio.emit("problem", {"code": error.detail}, to=sid)
                # No ack either: the documented one carries the reply, and there is none.
                return self.sio.not_handled

        self.sio.on(event, handle)

    async def _enter(self, sid: str, room: str, _: dict[str, Any]) -> dict[str, Any]:
        await self.sio.enter_room(sid, seats(room))
        return {"room": room, "entered": True}

    async def _leave(self, sid: str, room: str, _: dict[str, Any]) -> None:
        await self.sio.leave_room(sid, seats(room))

    async def _move(self, sid: str, room: str, payload: dict[str, Any]) -> None:
        x = payload.get("x")
        # A bool is an int to Python, but no number to JSON.
        if isinstance(x, bool) or not isinstance(x, int | float) or not 0 <= x <= FURTHEST_X:
            raise HTTPException(400, "NO_X")
        moved = {"room": room, "x": x, "user": await self._user(sid)}
        await self.sio.emit("cursor:moved", moved, room=seats(room), skip_sid=sid)

    async def _take(self, _: str, room: str, payload: dict[str, Any]) -> None:
        if payload.get("pen") not in PENS:
            raise HTTPException(400, "NO_PEN")
        await self.sio.emit("pen:taken", {"room": room, "pen": payload["pen"]}, room=seats(room))

    async def _who(self, sid: str, room: str, _: dict[str, Any]) -> dict[str, Any]:
        sockets = [{"socket": one, "user": user} for one, user in await self._seated(room)]
        listed = {"room": room, "sockets": sockets, "count": len(sockets)}
        # A handler is not told whether an ack was asked for: the answer is both, and the ack goes only to who asked.
        await self.sio.emit("who:list", listed, to=sid)
        return listed

    async def _seated(self, room: str) -> list[tuple[str, str]]:
        """The sockets in a board's room, each with its user."""
        sids = [sid for sid, _ in self.sio.manager.get_participants("/", seats(room))]
        return [(sid, await self._user(sid)) for sid in sids]

    async def _user(self, sid: str) -> str:
        return str((await self.sio.get_session(sid))["user"])

    def _call(self, method: str, path: str, handler: Callable[..., Awaitable[Response]]) -> Route:
        """A call that needs a good token and can be read; its handler is given the ids of the path."""

        async def endpoint(request: Request) -> Response:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            user_of(token if scheme.lower() == "bearer" else None, self._key)
            try:
                ids = {name: unquote(part, errors="strict") for name, part in request.path_params.items()}
                return await handler(request, **ids)
            except (ValueError, RecursionError) as error:
                # What an id that is not UTF-8, a query without an integer and a body without JSON have in common.
                raise HTTPException(400, str(error)) from error

        return Route(path, endpoint, methods=[method])

    async def _add(self, request: Request, room: str) -> Response:
        body = await request.json()
        text = body.get("text") if isinstance(body, dict) else None
        if not isinstance(text, str) or not 1 <= len(text) <= MOST_CHARACTERS:
            raise HTTPException(400, f"text is no string of 1 to {MOST_CHARACTERS} characters")
        note = Note(id=f"n{len(self._notes) + 1}", room=room, text=text, at=time.time_ns() // 1_000_000)
        self._notes[note["id"]] = note
        await self.sio.emit("note:added", note, room=seats(room))
        return answer(201, note)

    async def _list(self, request: Request, room: str) -> Response:
        skip = max(0, int(request.query_params.get("skip", 0)))
        limit = min(max(0, int(request.query_params.get("limit", MOST_NOTES))), MOST_NOTES)
        # Sorted, because a clock may be set back; stable, so that pages never overlap.
        notes = sorted((note for note in self._notes.values() if note["room"] == room), key=lambda note: note["at"])
        return answer(200, {"notes": notes[skip : skip + limit], "total": len(notes)})

    async def _read(self, _: Request, id: str) -> Response:  # noqa: A002 - the contract's name
        if id not in self._notes:
            raise HTTPException(404, "there is no such note")
        return answer(200, self._notes[id])

    async def _unseat(self, _: Request, room: str, user: str) -> Response:
        for sid, seated in await self._seated(room):
            if seated == user:
                await self.sio.leave_room(sid, seats(room))
        return Response(status_code=204)


async def _refuse(_: Request, error: Any) -> Response:
    """Every refused call, one to an unknown path too, in the documented form."""
    return answer(error.status_code, {"error": error.detail})


def _by_raw_path(app: ASGIApp) -> ASGIApp:
    """Route by the path as it was sent: once it is decoded, a slash inside an id looks like one between ids."""

    async def routed(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "path": scope["raw_path"].decode("latin-1")}, receive, send)

    return routed


class _Server(uvicorn.Server):
    """Uvicorn as a guest in somebody else's event loop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals stay the host's."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.up.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Engine.IO holds a poll for long, even one whose client has hung up.
        for task in self.server_state.tasks:
            task.cancel()
        await super().shutdown(sockets)


@asynccontextmanager
async def whiteboard(key: str, kind: type[Whiteboard] = Whiteboard) -> AsyncIterator[str]:
    """Serve on a free port of this machine, taking tokens that are signed with `key`; yields the base URL."""
    board = kind(key)
    server = _Server(uvicorn.Config(board.app, lifespan="off", log_config=None, access_log=False))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await server.up.wait()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            await board.sio.shutdown()
            # Nobody waits for goodbyes: connections that are still open are dropped.
            server.should_exit = server.force_exit = True
            await serving
