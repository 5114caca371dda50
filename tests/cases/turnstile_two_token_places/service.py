"""A turnstile: browsers show their pass in `auth`, and devices that cannot show it in the query."""

from functools import partial
from typing import Any
from urllib.parse import parse_qs

import jwt
import socketio

from tests.cases.serving import LIE, has, serve

KEY = "the key that this turnstile signs its passes with"


async def arrive(sio: socketio.AsyncServer, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
    asked = parse_qs(environ.get("QUERY_STRING", "")).get("pass", [])
    shown = (auth or {}).get("pass") or next(iter(asked), "")
    if LIE == "passes-in-the-query-are-not-read" and asked:
        return
    try:
        jwt.decode(shown, KEY, algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise socketio.exceptions.ConnectionRefusedError("TURNSTILE: no pass") from error


async def watch(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> Any:
    if not has(payload, "gate"):
        await sio.emit("refused", {"why": "no gate"}, to=sid)
        return sio.not_handled
    await sio.enter_room(sid, f"gate:{payload['gate']}")
    return {"gate": payload["gate"]}


async def go(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> None:
    if not has(payload, "gate", "who"):
        await sio.emit("refused", {"why": "no gate or who"}, to=sid)
        return
    await sio.emit("gone", {"gate": payload["gate"], "who": payload["who"]}, room=f"gate:{payload['gate']}")


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""
    for name, handler in {"connect": arrive, "watch": watch, "go": go}.items():
        sio.on(name, partial(handler, sio))


if __name__ == "__main__":
    serve(made)
