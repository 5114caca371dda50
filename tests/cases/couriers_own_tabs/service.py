"""Notes between couriers: one goes to all sockets of whom it is for, and to all of whom it is from."""

from functools import partial
from typing import Any

import jwt
import socketio

from tests.cases.serving import LIE, has, serve

KEY = "the key that this dispatcher signs its badges with"
USERS: dict[str, str] = {}


async def came(sio: socketio.AsyncServer, sid: str, environ: Any, auth: Any = None) -> None:
    try:
        USERS[sid] = jwt.decode((auth or {}).get("token", ""), KEY, algorithms=["HS256"])["sub"]
    except jwt.InvalidTokenError:
        raise socketio.exceptions.ConnectionRefusedError("no courier") from None


async def left(sio: socketio.AsyncServer, sid: str, reason: str = "") -> None:
    USERS.pop(sid, None)


async def send(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> Any:
    if not has(payload, "to", "text"):
        return {"error": "to whom, and what?"}
    sender = payload.get("from", USERS[sid]) if LIE == "anybody-signs" else USERS[sid]
    theirs = [one for one, user in USERS.items() if user == payload["to"]]
    own = [one for one, user in USERS.items() if user == USERS[sid]]
    if LIE == "own-tabs-are-forgotten":
        own = [sid]
    if LIE == "senders-hear-nothing":
        own = []
    if LIE == "one-tab-is-enough":
        theirs = theirs[:1]
    for one in dict.fromkeys([*theirs, *own]):
        await sio.emit("note", {"from": sender, "to": payload["to"], "text": payload["text"]}, to=one)
    return {"sent": True}


async def shift(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> Any:
    return {"day": payload["day"], "open": True} if has(payload, "day") else {"error": "which day?"}


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""
    for name, handler in {"connect": came, "disconnect": left, "note": send, "shift": shift}.items():
        sio.on(name, partial(handler, sio))


if __name__ == "__main__":
    serve(made)
