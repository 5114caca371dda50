"""A bakery with counters: who steps up to one hears each loaf that is offered there, and who stands at it is listed."""

import asyncio
import contextlib
import math
import time
from functools import partial
from typing import Any

import socketio

from tests.cases.serving import LIE, has, serve

LATE_S = 0.1
"""How long the lies about membership and listeners are late."""

SINCE_S: dict[str, float] = {}
"""When each socket connected."""
QUEUES: dict[str, dict[str, None]] = {}
"""Who stands at each counter."""


async def enter(sio: socketio.AsyncServer, sid: str, room: Any) -> None:
    with contextlib.suppress(KeyError):  # It may be gone by now.
        await sio.enter_room(sid, room)


async def step_up(sio: socketio.AsyncServer, sid: str, payload: Any) -> Any:
    counter = payload["counter"]
    QUEUES.setdefault(counter, {})[sid] = None
    room: Any = int(counter) if LIE == "digits-are-joined-as-numbers" and counter.isdecimal() else counter
    if LIE == "answers-before-it-joins":
        entering = partial(sio.start_background_task, enter, sio, sid, room)
        asyncio.get_running_loop().call_later(LATE_S, entering)
    else:
        await enter(sio, sid, room)
    return {"counter": counter, "served": True}


async def step_back(sio: socketio.AsyncServer, sid: str, payload: Any) -> Any:
    if LIE != "who-left-is-listed":
        QUEUES.get(payload["counter"], {}).pop(sid, None)
    await sio.leave_room(sid, payload["counter"])
    return sio.not_handled


async def offer(sio: socketio.AsyncServer, sid: str, payload: Any) -> Any:
    if not has(payload, "loaf"):
        await sio.emit("refused", {"why": "no loaf"}, to=sid)
        return sio.not_handled
    told = {"counter": payload["counter"], "loaf": payload["loaf"]}
    if LIE == "prices-are-not-numbers":
        told["price"] = math.nan
    await sio.emit("loaf:offered", told, room=payload["counter"])
    return sio.not_handled


async def queue(sio: socketio.AsyncServer, sid: str, payload: Any) -> Any:
    if LIE == "queue-is-for-bakers":
        await sio.emit("refused", {"why": "not a baker"}, to=sid)
        return sio.not_handled
    return {"counter": payload["counter"], "queue": [{"socket": one} for one in QUEUES.get(payload["counter"], {})]}


async def on_event(sio: socketio.AsyncServer, handler: Any, sid: str, payload: Any = None) -> Any:
    """Refuse an event without a counter, and handle any other."""
    if LIE == "listens-late" and time.monotonic() - SINCE_S[sid] < LATE_S:
        return sio.not_handled
    if not has(payload, "counter"):
        await sio.emit("refused", {"why": "no counter"}, to=sid)
        return sio.not_handled
    return await handler(sio, sid, payload)


def came(sid: str, environ: Any, auth: Any = None) -> None:
    SINCE_S[sid] = time.monotonic()


def left(sid: str, reason: str = "") -> None:
    for standing in QUEUES.values():
        standing.pop(sid, None)


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""
    sio.on("connect", came)
    sio.on("disconnect", left)
    for name, handler in {"counter:up": step_up, "counter:back": step_back, "loaf:offer": offer}.items():
        sio.on(name, partial(on_event, sio, handler))
    sio.on("queue", partial(on_event, sio, queue))


if __name__ == "__main__":
    serve(made)
