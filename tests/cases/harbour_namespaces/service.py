"""A harbour with two namespaces: pilots follow ships and piers, and the crew follows ships of the same ids."""

from functools import partial
from typing import Any

import socketio

from tests.cases.serving import LIE, has, serve

PILOTS, CREW = "/pilots", "/crew"


def room(kind: str, ident: str) -> str:
    """The name of a room."""
    return ident if LIE == "names-without-their-kind" else f"{kind}:{ident}"


async def follow(sio: socketio.AsyncServer, place: tuple[str, str], sid: str, payload: Any = None) -> Any:
    namespace, kind = place
    if not has(payload, kind) or len(payload) > 1:
        await sio.emit("refused", {"why": f"no {kind}"}, to=sid, namespace=namespace)
        return sio.not_handled
    await sio.enter_room(sid, room(kind, payload[kind]), namespace=namespace)
    return {kind: payload[kind]}


async def tell(sio: socketio.AsyncServer, place: tuple[str, str], sid: str, payload: Any = None) -> None:
    namespace, kind = place
    if not has(payload, kind, "news") or len(payload) > 2:
        await sio.emit("refused", {"why": f"no {kind} or news"}, to=sid, namespace=namespace)
        return
    told = {kind: payload[kind], "news": payload["news"]}
    event = "crew:told" if namespace == CREW else f"{kind}:told"
    await sio.emit(event, told, room=room(kind, payload[kind]), namespace=namespace)
    if LIE == "crew-hears-pilots" and namespace == PILOTS:
        await sio.emit(event, told, room=room(kind, payload[kind]), namespace=CREW)


async def hail(sio: socketio.AsyncServer, sid: str, payload: Any = None) -> None:
    if not has(payload, "words") or len(payload) > 1:
        await sio.emit("refused", {"why": "no words"}, to=sid, namespace=PILOTS)
        return
    for namespace in (PILOTS, CREW) if LIE == "hails-go-everywhere" else (PILOTS,):
        await sio.emit("hailed", {"words": payload["words"]}, namespace=namespace)


def made(sio: socketio.AsyncServer) -> None:
    """Give the server its handlers."""
    for kind in ("ship", "pier"):
        sio.on(f"{kind}:follow", partial(follow, sio, (PILOTS, kind)), namespace=PILOTS)
        sio.on(f"{kind}:tell", partial(tell, sio, (PILOTS, kind)), namespace=PILOTS)
    sio.on("hail", partial(hail, sio), namespace=PILOTS)
    sio.on("crew:follow", partial(follow, sio, (CREW, "ship")), namespace=CREW)
    sio.on("crew:tell", partial(tell, sio, (CREW, "ship")), namespace=CREW)


if __name__ == "__main__":
    serve(made)
