"""An auction house with rooms of two kinds: halls, whose ids follow a pattern, and lots, whose ids are numbers."""

import re
from functools import partial
from typing import Any

import socketio

from tests.cases.serving import LIE, is_text, serve

HALL = re.compile("H-[A-Z]{6}[0-9]{4}")


def is_lot(payload: Any) -> bool:
    """Whether a payload names a lot by its number."""
    lot = payload.get("lot") if isinstance(payload, dict) else None
    return isinstance(lot, int) and not isinstance(lot, bool) and lot > 0


def room(kind: str, ident: Any) -> str:
    """The name of a room."""
    if LIE == "last-digits-are-cut" and kind == "lot":
        return f"lot:{str(ident)[:9]}"
    return f"{kind}:{ident}"


async def refuse(sio: socketio.AsyncServer, sid: str, why: str) -> Any:
    await sio.emit("refused", {"why": why}, to=sid)
    return sio.not_handled


async def watch(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> Any:
    if not is_lot(payload):
        return await refuse(sio, sid, "no lot")
    await sio.enter_room(sid, room("lot", payload["lot"]))
    return {"lot": str(payload["lot"]) if LIE == "number-as-text" else payload["lot"]}


async def unwatch(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> None:
    if is_lot(payload) and LIE != "nobody-stops-watching":
        await sio.leave_room(sid, room("lot", payload["lot"]))


async def bid(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> Any:
    amount = payload.get("amount") if isinstance(payload, dict) else None
    if not is_lot(payload) or not isinstance(amount, int | float) or isinstance(amount, bool) or amount < 0:
        return await refuse(sio, sid, "no lot or amount")
    lot = payload["lot"]
    await sio.emit("lot:bidden", {"lot": lot, "amount": amount}, room=room("lot", lot))
    return sio.not_handled


async def enter(sio: socketio.AsyncServer, sid: str, hall: Any = None, *more: Any) -> Any:
    if not isinstance(hall, str) or not HALL.fullmatch(hall) or more:
        return await refuse(sio, sid, "no hall")
    await sio.enter_room(sid, room("hall", hall))
    return {"entered": hall}


async def call(sio: socketio.AsyncServer, sid: str, words: Any = None, hall: Any = None) -> Any:
    if not is_text(words) or not isinstance(hall, str) or not HALL.fullmatch(hall):
        return await refuse(sio, sid, "no words or hall")
    await sio.emit("hall:called", (words, hall), room=room("hall", hall), skip_sid=sid)
    return sio.not_handled


async def relay(sio: socketio.AsyncServer, sid: str, payload: Any = None, *more: Any) -> Any:
    """Relay what only the service may send."""
    if is_lot(payload):
        await sio.emit("lot:bidden", payload, room=room("lot", payload["lot"]))
    return sio.not_handled


HANDLERS = {"lot:watch": watch, "lot:unwatch": unwatch, "lot:bid": bid, "hall:enter": enter, "hall:call": call}


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""
    own = {"lot:bidden": relay} if LIE == "forged-bids-are-relayed" else {}
    for name, handler in {**HANDLERS, **own}.items():
        sio.on(name, partial(handler, sio))


if __name__ == "__main__":
    serve(made)
