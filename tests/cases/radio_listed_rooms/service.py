"""A radio with eight channels and no more: an id that is not listed is refused."""

from functools import partial
from typing import Any

import socketio

from tests.cases.serving import LIE, has, serve

CHANNELS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "haven")


async def tune(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> Any:
    if not has(payload, "channel") or payload["channel"] not in CHANNELS:
        await sio.emit("refused", {"why": "no such channel"}, to=sid)
        return sio.not_handled
    await sio.enter_room(sid, f"channel:{payload['channel']}")
    return {"channel": payload["channel"]}


async def speak(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> None:
    if not has(payload, "channel", "words") or payload["channel"] not in CHANNELS:
        await sio.emit("refused", {"why": "no such channel, or no words"}, to=sid)
        return
    told = {"channel": payload["channel"], "words": payload["words"]}
    await sio.emit("spoken", told, room=None if LIE == "one-channel-for-all" else f"channel:{payload['channel']}")


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""
    sio.on("tune", partial(tune, sio))
    sio.on("speak", partial(speak, sio))


if __name__ == "__main__":
    serve(made)
