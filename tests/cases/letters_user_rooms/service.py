"""Letters: whoever connects is put by the service into the room of their account, a number that the token names."""

from functools import partial
from typing import Any

import jwt
import socketio

from tests.cases.serving import LIE, is_text, serve

KEY = "the key that this post office signs its passes with"


def box(account: int) -> str:
    """The name of an account's room."""
    return f"box:{str(account)[:9]}" if LIE == "boxes-are-shared" else f"box:{account}"


async def arrive(sio: socketio.AsyncServer, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
    try:
        claims = jwt.decode((auth or {}).get("token", ""), KEY, algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise socketio.exceptions.ConnectionRefusedError("POST: no pass") from error
    account = claims["account"]
    if not isinstance(account, int):
        raise socketio.exceptions.ConnectionRefusedError("POST: no account")
    if LIE != "boxes-stay-empty":
        await sio.enter_room(sid, box(account))


async def send(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> Any:
    account = payload.get("account") if isinstance(payload, dict) else None
    if not isinstance(account, int) or isinstance(account, bool) or account < 1 or not is_text(payload.get("text")):
        await sio.emit("refused", {"why": "no account or text"}, to=sid)
        return sio.not_handled
    told = {"account": str(account) if LIE == "account-as-text" else account, "text": payload["text"]}
    await sio.emit("letter:come", told, room=box(account))
    return {"sent": True}


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""
    sio.on("connect", partial(arrive, sio))
    sio.on("letter:send", partial(send, sio))


if __name__ == "__main__":
    serve(made)
