"""A postbox: letters go to a user, wherever that user is signed in, and who signs in and out is told by name."""

from functools import partial
from typing import Any

import jwt
import socketio

from tests.cases.serving import LIE, has, serve

KEY = "the key that this postbox signs its stamps with"
USERS: dict[str, str] = {}
FIELDS = 2


async def came(sio: socketio.AsyncServer, sid: str, environ: Any, auth: Any = None) -> None:
    try:
        user = jwt.decode((auth or {}).get("token", ""), KEY, algorithms=["HS256"])["sub"]
    except jwt.InvalidTokenError:
        raise socketio.exceptions.ConnectionRefusedError("unknown sender") from None
    USERS[sid] = user
    told = "somebody" if LIE == "nobody-is-named" else user
    await sio.emit("person:came", {"user": told}, skip_sid=sid)


async def left(sio: socketio.AsyncServer, sid: str, reason: str = "") -> None:
    user = USERS.pop(sid, None)
    if user is not None and LIE != "nobody-is-told-who-left":
        await sio.emit("person:left", {"user": user}, skip_sid=sid)


async def send(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> None:
    if not has(payload, "to", "text") or len(payload) > FIELDS:
        await sio.emit("refused", {"why": "no text, or to nobody"}, to=sid)
        return
    sockets = [one for one, user in USERS.items() if user == payload["to"]]
    if LIE == "latest-socket-alone":
        sockets = sockets[-1:]
    if LIE == "letters-are-read-by-all":
        sockets = list(USERS)
    for one in sockets:
        await sio.emit("letter:came", {"from": USERS[sid], "text": payload["text"]}, to=one)


async def count(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> Any:
    if not has(payload, "colour") or len(payload) > 1:
        await sio.emit("refused", {"why": "no colour"}, to=sid)
        return sio.not_handled
    return {"count": len(payload["colour"])}


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""
    handlers = {"connect": came, "disconnect": left, "letter:send": send, "letter:count": count}
    for name, handler in handlers.items():
        sio.on(name, partial(handler, sio))


if __name__ == "__main__":
    serve(made)
