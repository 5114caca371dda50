"""A parking garage: the ticket stands in the query, and who is turned away is told why."""

from functools import partial
from typing import Any
from urllib.parse import parse_qs

import jwt
import socketio

from tests.cases.serving import LIE, has, serve

KEY = "the key that this garage signs its tickets with"


def ticket_fault(environ: dict[str, Any]) -> tuple[str, str] | None:
    """(message, code) of what is wrong with a ticket."""
    shown = parse_qs(environ.get("QUERY_STRING", "")).get("ticket", [])
    if not shown:
        return "BARRIER: no ticket", "WRONG"
    try:
        jwt.decode(shown[0], KEY, algorithms=["HS256"])
    except jwt.ExpiredSignatureError:
        return "BARRIER: ticket ran out", "RAN_OUT"
    except jwt.InvalidTokenError:
        return "BARRIER: not one of ours", "WRONG"
    return None


async def arrive(sio: socketio.AsyncServer, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
    fault = ticket_fault(environ)
    if fault is None or LIE == "barrier-is-open":
        return
    message, code = ("BARRIER: ticket ran out", "RAN_OUT") if LIE == "all-ran-out" else fault
    more = () if LIE == "code-is-forgotten" else ({"code": code, "renew": code == "RAN_OUT"},)
    raise socketio.exceptions.ConnectionRefusedError(message, *more)


async def watch(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> Any:
    if not has(payload, "deck"):
        await sio.emit("refused", {"why": "no deck"}, to=sid)
        return sio.not_handled
    await sio.enter_room(sid, f"deck:{payload['deck']}")
    return {"deck": payload["deck"]}


async def enter(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> None:
    if not has(payload, "deck", "plate"):
        await sio.emit("refused", {"why": "no deck or plate"}, to=sid)
        return
    told = {"deck": payload["deck"], "plate": payload["plate"]}
    await sio.emit("plate:entered", told, room=f"deck:{payload['deck']}")


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""
    for name, handler in {"connect": arrive, "deck:watch": watch, "plate:enter": enter}.items():
        sio.on(name, partial(handler, sio))


if __name__ == "__main__":
    serve(made)
