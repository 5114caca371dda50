"""A dashboard on python-socketio: widgets with numbers for ids on /board, and the room of each user on /inbox."""

from typing import Any

import jwt
import socketio

from tests.cases.serving import LIE, has, serve

KEY = "a key of the dashboard, for tests alone, which is long enough"
BOARD, INBOX = "/board", "/inbox"


def user_of(auth: Any) -> str:
    """The user that a token names."""
    try:
        user = jwt.decode(auth["token"], KEY, algorithms=["HS256"])["identity"]["userId"]
    except (jwt.InvalidTokenError, LookupError, TypeError) as error:
        raise socketio.exceptions.ConnectionRefusedError("NO_USER") from error
    return str(user)


def is_widget(payload: Any) -> bool:
    widget = payload.get("widget") if isinstance(payload, dict) else None
    return isinstance(widget, int) and not isinstance(widget, bool) and widget > 0


class Board(socketio.AsyncNamespace):
    """Widgets, whose values all who watch them are told."""

    def __init__(self) -> None:
        super().__init__(BOARD)
        self.values: dict[int, float] = {}

    def room(self, widget: int) -> str:
        return f"widget:{widget}"

    async def trigger_event(self, event: str, *args: Any) -> Any:
        """Events have colons in their names."""
        handler = getattr(self, f"on_{event.replace(':', '_')}", None)
        return await handler(*args) if handler else self.server.not_handled

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        greeting = {"user": user_of(auth), "widgets": len(self.values)}
        if LIE != "nobody-is-greeted":
            await self.emit("welcome", greeting, to=sid)

    async def on_disconnect(self, sid: str, reason: str = "") -> None:
        pass

    async def on_widget_watch(self, sid: str, payload: Any = None) -> Any:
        if not is_widget(payload):
            await self.emit("oops", {"code": "BAD_WIDGET"}, to=sid)
            return self.server.not_handled
        widget = payload["widget"]
        await self.enter_room(sid, self.room(widget))
        return {"widget": str(widget) if LIE == "numbers-are-texts" else widget, "watching": True}

    async def on_widget_unwatch(self, sid: str, payload: Any = None) -> Any:
        if not is_widget(payload):
            await self.emit("oops", {"code": "BAD_WIDGET"}, to=sid)
        elif LIE != "watching-never-ends":
            await self.leave_room(sid, self.room(payload["widget"]))
        return self.server.not_handled

    async def on_value_set(self, sid: str, payload: Any = None) -> Any:
        value = payload.get("value") if is_widget(payload) else None
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1000:
            await self.emit("oops", {"code": "BAD_VALUE"}, to=sid)
            return self.server.not_handled
        told = {"widget": payload["widget"], "value": value}
        self.values[payload["widget"]] = value
        await self.emit("value", told, room=self.room(payload["widget"]))
        return self.server.not_handled


class Inbox(socketio.AsyncNamespace):
    """Notes to users, each of whom has a room."""

    def __init__(self) -> None:
        super().__init__(INBOX)
        self.users: dict[str, str] = {}

    async def trigger_event(self, event: str, *args: Any) -> Any:
        """Events have colons in their names."""
        handler = getattr(self, f"on_{event.replace(':', '_')}", None)
        return await handler(*args) if handler else self.server.not_handled

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        self.users[sid] = user_of(auth)
        await self.enter_room(sid, f"user:{self.users[sid]}")

    async def on_disconnect(self, sid: str, reason: str = "") -> None:
        self.users.pop(sid, None)

    async def on_note_send(self, sid: str, payload: Any = None) -> Any:
        if not has(payload, "to", "text"):
            await self.emit("oops", {"code": "BAD_NOTE"}, to=sid)
            return self.server.not_handled
        sender = "somebody" if LIE == "notes-are-unsigned" else self.users[sid]
        room = None if LIE == "notes-are-public" else f"user:{payload['to']}"
        await self.emit("note", {"to": payload["to"], "text": payload["text"], "from": sender}, room=room)
        return self.server.not_handled


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its namespaces."""
    sio.register_namespace(Board())
    sio.register_namespace(Inbox())


if __name__ == "__main__":
    serve(made, async_handlers=False, namespaces=[BOARD, INBOX])
