"""A kiosk with limits that its contract does not state: of events a second, and of sizes, which the handshake tells."""

import json
import time
from collections import defaultdict, deque
from functools import partial
from typing import Any

import socketio

from tests.cases.serving import LIE, has, serve

MOST_PER_S = 20
MOST_BYTES = 60_000
FEWEST = 3
"""After so many events the lie hangs up, however slowly they come."""

SENT_S: dict[str, deque[float]] = defaultdict(deque)
"""When each socket sent what it sent in the last second."""
COUNTS: dict[str, int] = defaultdict(int)


def is_too_much(sid: str, payload: Any) -> bool:
    """Whether the connection is to end: more events within a second than are taken, or what the lie adds."""
    sent, now_s = SENT_S[sid], time.monotonic()
    while sent and sent[0] < now_s - 1:
        sent.popleft()
    sent.append(now_s)
    COUNTS[sid] += 1
    if LIE == "hangs-up-on-the-slow" and COUNTS[sid] > FEWEST:
        return True
    if LIE == "takes-less-than-it-says" and len(json.dumps(payload)) > MOST_BYTES // 4:
        return True
    return len(sent) > MOST_PER_S


async def enter(sio: socketio.AsyncServer, sid: str, payload: Any) -> Any:
    await sio.enter_room(sid, f"shelf:{payload['shelf']}")
    return {"shelf": payload["shelf"]}


async def put(sio: socketio.AsyncServer, sid: str, payload: Any) -> Any:
    if not has(payload, "paper"):
        await sio.emit("refused", {"why": "no paper"}, to=sid)
        return sio.not_handled
    told = {"shelf": payload["shelf"], "paper": payload["paper"]}
    await sio.emit("paper:shown", told, room=None if LIE == "one-shelf-for-all" else f"shelf:{payload['shelf']}")
    return sio.not_handled


async def on_event(sio: socketio.AsyncServer, handler: Any, sid: str, payload: Any = None) -> Any:
    """End the connection where there is too much, and handle the event otherwise."""
    if is_too_much(sid, payload):
        await sio.disconnect(sid)
        return sio.not_handled
    if not has(payload, "shelf"):
        await sio.emit("refused", {"why": "no shelf"}, to=sid)
        return sio.not_handled
    return await handler(sio, sid, payload)


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""
    sio.on("shelf:watch", partial(on_event, sio, enter))
    sio.on("paper:put", partial(on_event, sio, put))


if __name__ == "__main__":
    serve(made, max_http_buffer_size=MOST_BYTES, async_handlers=False)
