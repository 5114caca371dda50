"""A tollgate: acks say ok or not, photos are bytes both ways, and who watches a gate answers what it is shown."""

import asyncio
import base64
import contextlib
from functools import partial
from typing import Any

import socketio

from tests.cases.serving import LIE, has, serve

LATER_S = 0.1
"""How long after its ack a socket watches a gate: its request waits in a queue."""

REFUSED = {"ok": LIE == "every-car-is-ok", "why": "bad request"}
WRONG_ANSWERS: dict[str, int] = {}
"""How many each socket gave."""


async def enter(sio: socketio.AsyncServer, sid: str, gate: str) -> None:
    with contextlib.suppress(KeyError):  # It may be gone by now.
        await sio.enter_room(sid, f"gate:{gate}")


async def watch(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> Any:
    if not has(payload, "gate"):
        return REFUSED
    entering = partial(sio.start_background_task, enter, sio, sid, payload["gate"])
    asyncio.get_running_loop().call_later(LATER_S, entering)
    return {"ok": True}


async def leave(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> Any:
    if not has(payload, "gate"):
        return REFUSED
    await sio.leave_room(sid, f"gate:{payload['gate']}")
    return "gone" if LIE == "leaving-is-told" else None


async def answered(sio: socketio.AsyncServer, sid: str, *args: Any) -> None:
    """Put out who answered otherwise than the guide says for the second time."""
    if len(args) == 2 and args[0] is True and args[1] == b"thumb" and LIE != "answers-do-not-count":
        return
    WRONG_ANSWERS[sid] = WRONG_ANSWERS.get(sid, 0) + 1
    if WRONG_ANSWERS[sid] > 1:
        await sio.disconnect(sid)


async def let_pass(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> Any:
    photo = payload.get("photo") if isinstance(payload, dict) else None
    if not has(payload, "gate", "plate") or not isinstance(photo, bytes) or not 0 < len(photo) <= 256:
        return REFUSED
    told = {name: payload[name] for name in ("gate", "plate", "photo")}
    if LIE == "photos-are-base64":
        told["photo"] = base64.b64encode(photo).decode()
    for one, _ in list(sio.manager.get_participants("/", f"gate:{payload['gate']}")):
        await sio.emit("car:passed", told, to=one, callback=partial(answered, sio, one))
    receipt = b"paid"[: 3 if LIE == "receipts-are-short" else 4]
    return {"ok": True, "receipt": receipt}


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""
    sio.on("gate:watch", partial(watch, sio))
    sio.on("gate:leave", partial(leave, sio))
    sio.on("car:pass", partial(let_pass, sio))


if __name__ == "__main__":
    serve(made)
