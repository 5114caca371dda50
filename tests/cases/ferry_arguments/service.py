"""A ferry: decks are boarded by a bare text and remembered by the socket; events have several arguments or none."""

from functools import partial
from typing import Any

import socketio

from tests.cases.serving import LIE, has, is_text, serve


async def refuse(sio: socketio.AsyncServer, sid: str) -> None:
    await sio.emit("refused", "bad request", to=sid)


async def board(sio: socketio.AsyncServer, sid: str, *args: Any) -> Any:
    if len(args) != 1 or not is_text(args[0]):
        await refuse(sio, sid)
        return None
    async with sio.session(sid) as session:
        if session.get("deck"):
            await sio.leave_room(sid, f"deck:{session['deck']}")
        session["deck"] = args[0]
    await sio.enter_room(sid, f"deck:{args[0]}")
    return {"deck": args[0]}


async def disembark(sio: socketio.AsyncServer, sid: str, *args: Any) -> None:
    if args:
        await refuse(sio, sid)
        return
    async with sio.session(sid) as session:
        deck = session.pop("deck", None)
    if deck is not None and LIE != "nobody-disembarks":
        await sio.leave_room(sid, f"deck:{deck}")


async def call_out(sio: socketio.AsyncServer, sid: str, *args: Any) -> None:
    deck = (await sio.get_session(sid)).get("deck")
    if deck is None or len(args) != 1 or not has(args[0], "words") or len(args[0]) > 1:
        await refuse(sio, sid)
        return
    said: dict[str, tuple[Any, ...]] = {
        "loudness-is-a-text": (args[0]["words"], "true"),
        "loudness-is-left-out": (args[0]["words"],),
    }
    room = None if LIE == "all-decks-hear" else f"deck:{deck}"
    await sio.emit("called-out", said.get(LIE, (args[0]["words"], True)), room=room)


async def give_signal(sio: socketio.AsyncServer, sid: str, *args: Any) -> None:
    if len(args) != 2 or not is_text(args[0]) or not has(args[1], "deck"):
        await refuse(sio, sid)
        return
    flag, mast = args[0], args[1].get("mast")
    if not isinstance(mast, int | float) or isinstance(mast, bool) or not 0 <= mast <= 100:
        await refuse(sio, sid)
        return
    deck = args[1]["deck"]
    given = (flag.upper() if LIE == "flags-are-shouted" else flag, deck, {"mast": mast})
    await sio.emit("signalled", given, room=f"deck:{deck}", skip_sid=sid)


HANDLERS = {"board": board, "disembark": disembark, "call-out": call_out, "signal": give_signal}


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""
    for name, handler in HANDLERS.items():
        sio.on(name, partial(handler, sio))


if __name__ == "__main__":
    serve(made)
