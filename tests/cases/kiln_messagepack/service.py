"""A pottery kiln, whose packets are MessagePack, with bytes and times in them."""

import base64
import time
from functools import partial
from typing import Any

import msgpack
import socketio

from tests.cases.serving import LIE, has, serve


async def open_kiln(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> Any:
    if not has(payload, "kiln"):
        await sio.emit("refused", {"why": "no kiln"}, to=sid)
        return sio.not_handled
    await sio.enter_room(sid, f"kiln:{payload['kiln']}")
    return {"kiln": payload["kiln"]}


async def note(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> None:
    glow = payload.get("glow", b"\x00") if isinstance(payload, dict) else None
    if not has(payload, "kiln", "note") or not isinstance(glow, bytes) or not 0 < len(glow) <= 64:
        await sio.emit("refused", {"why": "no kiln, note or glow"}, to=sid)
        return
    room = None if LIE == "every-kiln-hears" else f"kiln:{payload['kiln']}"
    at = time.time() + (3600 if LIE == "an-hour-ahead" else 0)
    told = {**payload, "at": msgpack.Timestamp.from_unix(at)}
    if "glow" in payload and LIE == "glow-is-base64":
        told["glow"] = base64.b64encode(glow).decode()
    await sio.emit("firing:noted", told, room=room)


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""
    sio.on("kiln:open", partial(open_kiln, sio))
    sio.on("firing:note", partial(note, sio))


if __name__ == "__main__":
    serve(made, serializer="msgpack")
