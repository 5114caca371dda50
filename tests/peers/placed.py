"""The whiteboard of `whiteboard.py`, reading the token from somewhere else than `auth.token`."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.peers.whiteboard import Whiteboard, user_of, why


def shown(scope: Scope, place: str) -> str | None:
    """The token of a request, at a place in it."""
    at, _, name = place.partition(".")
    fields = {key.decode().lower(): value.decode() for key, value in scope["headers"]}
    if at == "query":
        return next(iter(parse_qs(scope["query_string"].decode()).get(name, ())), None)
    if at == "cookie":
        cookies = SimpleCookie(fields.get("cookie", ""))
        return cookies[name].value if name in cookies else None
    return fields.get(name.lower())


def placed(place: str, callers: str = "", *, at_the_door: bool = False) -> type[Whiteboard]:
    """A whiteboard that reads the token of sockets at `place`, and that of callers at `callers`.

    Args:
        at_the_door: whether requests of a handshake without a good token are answered with 403, as by `allowRequest`.
    """

    class Placed(Whiteboard):
        def __init__(self, key: str) -> None:
            super().__init__(key)
            inner = self.app

            async def app(scope: Scope, receive: Receive, send: Send) -> None:
                own = scope["type"] in ("http", "websocket")
                to_socket = own and scope["path"].startswith("/socket.io")
                if to_socket and at_the_door and b"sid=" not in scope["query_string"]:
                    try:
                        user_of(shown(scope, place), key)
                    except HTTPException:
                        if scope["type"] == "http":
                            return await Response("Forbidden", 403)(scope, receive, send)
                        return await send({"type": "websocket.close", "code": 1008})  # ASGI: answered with 403.
                if own and not to_socket and callers:
                    token = shown(scope, callers)
                    kept = [(name, value) for name, value in scope["headers"] if name != b"authorization"]
                    scope["headers"] = [*kept, *([(b"authorization", f"Bearer {token}".encode())] if token else [])]
                return await inner(scope, receive, send)

            self.app = app

        async def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
            at, _, name = place.partition(".")
            if at == "auth":
                token = auth.get(name) if isinstance(auth, dict) else None
            else:
                token = shown(environ["asgi.scope"], place)
            await super()._connect(sid, environ, {"token": token})

    return Placed


class LogsIn(Whiteboard):
    """A whiteboard on which a socket shows its token by an event; the ack, or an event, answers."""

    answers_by_event = False

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.sio.on("login", self._login)

    async def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        await self.sio.save_session(sid, {"user": ""})

    async def _login(self, sid: str, payload: dict[str, Any]) -> Any:
        try:
            user = user_of(payload.get("jwt"), self._key)
        except HTTPException as error:
            if not self.answers_by_event:
                return {"ok": False, "error": error.detail, "data": next(iter(why(error)), None)}
            await self.sio.emit("login:bad", {"message": error.detail, "data": next(iter(why(error)), None)}, to=sid)
            return None
        await self.sio.save_session(sid, {"user": user})
        if not self.answers_by_event:
            return {"ok": True}
        await self.sio.emit("login:good", {"user": user}, to=sid)
        return None


class AnswersByEvent(LogsIn):
    """One that answers by an event."""

    answers_by_event = True


class HangsUp(AnswersByEvent):
    """One that hangs up on who shows a bad token, without a word."""

    async def _login(self, sid: str, payload: dict[str, Any]) -> Any:
        try:
            user_of(payload.get("jwt"), self._key)
        except HTTPException:
            return await self.sio.disconnect(sid)
        return await super()._login(sid, payload)


class IgnoresTheToken(AnswersByEvent):
    """A faulty one: it says yes to every token."""

    async def _login(self, sid: str, payload: dict[str, Any]) -> Any:
        await self.sio.save_session(sid, {"user": sid})
        return await self.sio.emit("login:good", {}, to=sid)
