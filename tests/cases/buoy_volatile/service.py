"""Buoys: two of three positions are lost on the way, as their guide says; what is written into a log is not."""

from functools import partial
from itertools import count
from typing import Any

import socketio

from tests.cases.serving import LIE, has, serve

POSITIONS = count()


async def watch(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> Any:
    if not has(payload, "bay"):
        await sio.emit("refused", {"why": "no bay"}, to=sid)
        return None
    await sio.enter_room(sid, f"bay:{payload['bay']}")
    return {"bay": payload["bay"]}


async def drift(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> None:
    x = payload.get("x") if has(payload, "bay") else None
    if not isinstance(x, int | float) or isinstance(x, bool) or not 0 <= x <= 100:
        await sio.emit("refused", {"why": "no position"}, to=sid)
        return
    if next(POSITIONS) % 3:
        return
    where = str(x) if LIE == "positions-are-texts" else x
    await sio.emit("drifted", {"bay": payload["bay"], "x": where}, to=f"bay:{payload['bay']}")


async def log(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> None:
    if not has(payload, "bay", "words"):
        await sio.emit("refused", {"why": "no words"}, to=sid)
        return
    for _ in range(2 if LIE == "log-is-doubled" else 1):
        await sio.emit("logged", {"bay": payload["bay"], "words": payload["words"]}, to=f"bay:{payload['bay']}")


HANDLERS = {"watch": watch, "drift": drift, "log": log}


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""
    for name, handler in HANDLERS.items():
        sio.on(name, partial(handler, sio))


if __name__ == "__main__":
    serve(made)
