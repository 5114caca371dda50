"""A campfire: what one says everyone hears, and there are no rooms."""

from typing import Any

import socketio

from tests.cases.serving import LIE, serve


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""

    @sio.on("chat message")
    async def said(sid: str, line: Any = None) -> None:
        if not isinstance(line, str):
            return
        skip = sid if LIE == "speaker-hears-nothing" else None
        for _ in range(2 if LIE == "twice" else 1):
            await sio.emit("chat message", line + "!" if LIE == "cries-out" else line, skip_sid=skip)


if __name__ == "__main__":
    serve(made)
