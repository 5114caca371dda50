"""A tram depot: announcements, a bell that its ringer does not hear, pages, and news of a line and its driver."""

from functools import partial
from typing import Any

import socketio

from tests.cases.serving import LIE, has, serve


async def ride(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> Any:
    if not has(payload, "line"):
        await sio.emit("refused", {"why": "no line"}, to=sid)
        return None
    await sio.enter_room(sid, f"line:{payload['line']}")
    return {"line": payload["line"]}


async def announce(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> None:
    if not has(payload, "text") or len(payload) > 1:
        await sio.emit("refused", {"why": "no text"}, to=sid)
        return
    skip = sid if LIE == "announcer-hears-nothing" else None
    await sio.emit("announced", {"text": payload["text"]}, skip_sid=skip)


async def ring(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> None:
    if not has(payload, "tune") or len(payload) > 1:
        await sio.emit("refused", {"why": "no tune"}, to=sid)
        return
    await sio.emit("rung", {"tune": payload["tune"]}, skip_sid=None if LIE == "ringer-hears-it" else sid)


async def page(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> None:
    if not has(payload, "to", "text") or len(payload) > 2:
        await sio.emit("refused", {"why": "no text, or to nobody"}, to=sid)
        return
    if LIE != "nobody-is-paged":
        to = None if LIE == "all-are-paged" else payload["to"]
        await sio.emit("paged", {"text": payload["text"]}, to=to)


async def reroute(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> None:
    if not has(payload, "line", "text") or not has(payload.get("driver"), "socket"):
        await sio.emit("refused", {"why": "no line, driver or text"}, to=sid)
        return
    to = [f"line:{payload['line']}", payload["driver"]["socket"]]
    to = to[:1] if LIE == "driver-is-forgotten" else to
    await sio.emit("rerouted", {"line": payload["line"], "text": payload["text"]}, to=to)


HANDLERS = {"line:ride": ride, "announce": announce, "ring": ring, "page": page, "reroute": reroute}


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""
    for name, handler in HANDLERS.items():
        sio.on(name, partial(handler, sio))


if __name__ == "__main__":
    serve(made)
