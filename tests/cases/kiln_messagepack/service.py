"""A pottery kiln, whose packets are MessagePack."""

from functools import partial
from typing import Any

import socketio

from tests.cases.serving import LIE, has, serve


async def open_kiln(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> Any:
    if not has(payload, "kiln"):
        await sio.emit("refused", {"why": "no kiln"}, to=sid)
        return sio.not_handled
    await sio.enter_room(sid, f"kiln:{payload['kiln']}")
    return {"kiln": payload["kiln"]}


async def note(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> None:
    if not has(payload, "kiln", "note"):
        await sio.emit("refused", {"why": "no kiln or note"}, to=sid)
        return
    room = None if LIE == "every-kiln-hears" else f"kiln:{payload['kiln']}"
    await sio.emit("firing:noted", {"kiln": payload["kiln"], "note": payload["note"]}, room=room)


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""
    sio.on("kiln:open", partial(open_kiln, sio))
    sio.on("firing:note", partial(note, sio))


if __name__ == "__main__":
    serve(made, serializer="msgpack")
