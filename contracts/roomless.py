"""Services without rooms: what everyone, the requester, or whom a field names receives is all that they send."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from contracts.faults import Fault, line_of
from contracts.model import Bundle
from contracts.room import Room


def no_room(source: str) -> Room:
    """What stands for the rooms of a bundle that has none: without a template and a key."""
    return Room(template="", key="", source=source)


def no_contracts(path: str = "/socket.io/", namespace: str = "/") -> Bundle:
    """A bundle that says nothing but where a service is."""
    return Bundle(
        name="nothing", title="", version="", summary="", source="", place="", path=path, namespace=namespace,
        room=no_room(""), events={}, calls={},
    )  # fmt: skip


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
