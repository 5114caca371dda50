"""Guestbooks: entries are numbered by the service, and their authors, nobody else, may edit and remove them."""

import itertools
from typing import Any

import socketio

from tests.cases.serving import LIE, has, serve

Entry = dict[str, Any]
NUMBERS = itertools.count(1)
BOOKS: dict[str, dict[str, Entry]] = {}
"""The entries of each book, by their ids."""
AUTHORS: dict[str, str] = {}
"""Which socket wrote each entry."""


async def read(sio: socketio.AsyncServer, sid: str, payload: Any) -> Any:
    await sio.enter_room(sid, f"book:{payload['book']}")
    return {"ok": True, "entries": list(BOOKS.get(payload["book"], {}).values())}


async def shut(sio: socketio.AsyncServer, sid: str, payload: Any) -> Any:
    await sio.leave_room(sid, f"book:{payload['book']}")
    return {"ok": True}


async def add(sio: socketio.AsyncServer, sid: str, payload: Any) -> Any:
    made = {"book": payload["book"], "id": f"e{next(NUMBERS)}", "text": payload["text"]}
    BOOKS.setdefault(payload["book"], {})[made["id"]] = made
    AUTHORS[made["id"]] = sid
    await sio.emit("entry:added", made, room=f"book:{payload['book']}")
    return {"ok": True, "id": made["id"]}


async def edit(sio: socketio.AsyncServer, sid: str, payload: Any) -> Any:
    if AUTHORS.get(payload["id"]) != sid or LIE == "authors-may-not-edit":
        return {"ok": False, "why": "no entry of yours"}
    made = {"book": payload["book"], "id": payload["id"], "text": payload["text"]}
    BOOKS[payload["book"]][payload["id"]] = made
    if LIE != "edits-are-unheard":
        told = {**made, "id": "e0"} if LIE == "another-is-edited" else made
        await sio.emit("entry:edited", told, room=f"book:{payload['book']}")
    return {"ok": True}


async def remove(sio: socketio.AsyncServer, sid: str, payload: Any) -> Any:
    if AUTHORS.get(payload["id"]) != sid:
        return {"ok": False, "why": "no entry of yours"}
    BOOKS[payload["book"]].pop(payload["id"], None)
    del AUTHORS[payload["id"]]
    room = None if LIE == "removals-are-told-everyone" else f"book:{payload['book']}"
    await sio.emit("entry:removed", {"book": payload["book"], "id": payload["id"]}, room=room)
    return {"ok": True}


HANDLERS = {
    "book:read": (read, ("book",)),
    "book:shut": (shut, ("book",)),
    "entry:add": (add, ("book", "text")),
    "entry:edit": (edit, ("book", "id", "text")),
    "entry:remove": (remove, ("book", "id")),
}


def made(sio: socketio.AsyncServer) -> None:
    async def on_any(event: str, sid: str, *args: Any) -> Any:
        handler, names = HANDLERS.get(event, (None, ()))
        if handler is None:
            return sio.not_handled
        if len(args) != 1 or not has(args[0], *names):
            return {"ok": False, "why": "incomplete"}
        return await handler(sio, sid, args[0])

    sio.on("*", on_any)


if __name__ == "__main__":
    serve(made)
