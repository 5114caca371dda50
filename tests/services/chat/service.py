"""The chat of Socket.IO's tutorial, on python-socketio. Its first argument is the lie that it tells."""

from typing import Any

import socketio

from tests.cases.serving import LIE, is_text, serve


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""

    async def message(sid: str, msg: Any = None) -> None:
        if not is_text(msg):
            return
        said = " ".join(msg.split()) if LIE == "messages-are-trimmed" else msg
        skip = sid if LIE == "nobody-hears-oneself" else None
        await sio.emit("chat message", {"msg": said} if LIE == "messages-are-objects" else said, skip_sid=skip)
        if LIE == "messages-come-twice":
            await sio.emit("chat message", said)

    sio.on("chat message", message)


if __name__ == "__main__":
    serve(made, async_handlers=False)
