"""A lighthouse: keepers are greeted, the others are told who came and went, and a flash is seen and counted."""

from functools import partial
from typing import Any

import socketio

from tests.cases.serving import LIE, has, serve

CREWS: dict[str, set[str]] = {}
FLASHES: dict[str, int] = {}


async def came(sio: socketio.AsyncServer, sid: str, environ: Any, auth: Any = None) -> None:
    if LIE != "greets-nobody":
        for _ in range(2 if LIE == "greets-twice" else 1):
            await sio.emit("keeper:hello", {"watch": "night"}, to=None if LIE == "greets-everyone" else sid)
    if LIE != "tells-nobody-who-came":
        await sio.emit("keeper:came", {"socket": sid}, skip_sid=None if LIE == "newcomer-is-told" else sid)


async def left(sio: socketio.AsyncServer, sid: str, reason: str = "") -> None:
    if LIE != "tells-nobody-who-left":
        await sio.emit("keeper:left", {"socket": sid}, skip_sid=sid)
    for lamp in [lamp for lamp, crew in CREWS.items() if sid in crew]:
        CREWS[lamp].discard(sid)
        if LIE != "crew-is-told-of-quitting-alone":
            await sio.emit("crew:gone", {"lamp": lamp, "socket": sid}, room=f"lamp:{lamp}", skip_sid=sid)


async def join(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> Any:
    if not has(payload, "lamp") or len(payload) > 1:
        await sio.emit("refused", {"why": "no lamp"}, to=sid)
        return sio.not_handled
    lamp = payload["lamp"]
    await sio.enter_room(sid, f"lamp:{lamp}")
    again = sid in CREWS.setdefault(lamp, set())
    CREWS[lamp].add(sid)
    if LIE != "newcomer-is-sent-no-state":
        to = f"lamp:{lamp}" if LIE == "state-is-sent-to-all" else sid
        await sio.emit("lamp:state", {"lamp": lamp, "lit": not again}, to=to)
    await sio.emit("crew:came", {"lamp": lamp, "socket": sid}, room=f"lamp:{lamp}", skip_sid=sid)
    return {"lamp": lamp}


async def leave(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> None:
    if not has(payload, "lamp") or len(payload) > 1:
        await sio.emit("refused", {"why": "no lamp"}, to=sid)
        return
    lamp = payload["lamp"]
    await sio.leave_room(sid, f"lamp:{lamp}")
    CREWS.get(lamp, set()).discard(sid)
    await sio.emit("crew:gone", {"lamp": lamp, "socket": sid}, room=f"lamp:{lamp}")


async def flash(sio: socketio.AsyncServer, again: bool, sid: str, payload: Any = None) -> None:
    if not has(payload, "lamp", "code") or len(payload) > 2:
        await sio.emit("refused", {"why": "no lamp or code"}, to=sid)
        return
    if again and LIE == "nothing-is-repeated":
        return
    lamp = payload["lamp"]
    FLASHES[lamp] = FLASHES.get(lamp, 0) + 1
    await sio.emit("flash:seen", payload, room=f"lamp:{lamp}")
    if LIE != "flashes-are-not-counted":
        await sio.emit("flash:counted", {**payload, "count": FLASHES[lamp]}, room=f"lamp:{lamp}")


async def crew_of(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> Any:
    if not has(payload, "lamp") or len(payload) > 1:
        await sio.emit("refused", {"why": "no lamp"}, to=sid)
        return sio.not_handled
    return {"lamp": payload["lamp"], "crew": [{"socket": one} for one in sorted(CREWS.get(payload["lamp"], set()))]}


async def turn(sio: socketio.AsyncServer) -> None:
    """Tell the tide and the beams once a second."""
    turns = 0
    while True:
        await sio.sleep(1)
        turns += 1
        await sio.emit("tide:turned", {"height": turns % 7})
        for lamp in list(CREWS):
            to = None if LIE == "beam-is-seen-by-all" else f"lamp:{lamp}"
            await sio.emit("beam:turned", {"lamp": lamp, "angle": turns % 360}, room=to)


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""
    sio.on("connect", partial(came, sio))
    sio.on("disconnect", partial(left, sio))
    sio.on("lamp:join", partial(join, sio))
    sio.on("lamp:quit", partial(leave, sio))
    sio.on("lamp:flash", partial(flash, sio, False))
    sio.on("lamp:repeat", partial(flash, sio, True))
    sio.on("crew:list", partial(crew_of, sio))
    sio.start_background_task(turn, sio)


if __name__ == "__main__":
    serve(made)
