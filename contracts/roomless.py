"""Services without rooms: what everyone, the requester, or whom a field names receives is all that they send."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contracts.faults import Fault, line_of
from contracts.model import Bundle, Room


def room_of(head: dict[str, Any]) -> Room:
    """The rooms of a bundle; one without a template and a key where it has none."""
    room = head.get("room")
    if room is None:
        return Room(template="", key="", source=head["source"])
    return Room(
        template=room["template"], key=room["key"], source=room["source"], retired=tuple(room.get("retired", ()))
    )


def roomless_faults(bundle: Bundle) -> Iterator[Fault]:
    """What is said of rooms in a bundle that does not say what its rooms are."""
    if not bundle.room.is_none:
        return
    for event in bundle.events.values():
        path = Path(event.place)
        if event.request is not None and event.request.membership is not None:
            yield _fault(path, ("client_to_server", "effect", "membership"), "a request changes who is in a room")
        groups = event.broadcast.groups if event.broadcast else ()
        if any(group in ("room", "room-but-sender") for group in groups):
            yield _fault(path, ("server_to_client", "receivers"), "a broadcast goes to a room")


def _fault(path: Path, where: tuple[str, ...], what: str) -> Fault:
    return Fault(
        file=path, line=line_of(path, where), message=f"{what}, but the bundle has no `room`: add it to bundle.json"
    )
