"""The parts of a bundle, one for each namespace and kind of room: all else reads contracts of one of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from contracts.model import Bundle, Call, Event
from contracts.room import Room
from contracts.roomless import no_room


def parts_of(bundle: Bundle) -> tuple[Bundle, ...]:
    """The parts of a bundle; itself alone where it has one namespace and one kind of room.

    A part has the events of its namespace that are about its kind of room, or about none.
    """
    namespaces = namespaces_of(bundle)
    if len(namespaces) < 2 and len(bundle.rooms) < 2:
        own = namespaces[0]
        if own == bundle.namespace and own not in bundle.namespaces:
            return (bundle,)
        return (replace(bundle, namespace=own, has_neighbours=own in bundle.namespaces),)
    return tuple(_parts(bundle, namespaces))


def part_of(bundle: Bundle, name: str) -> Bundle:
    """The part of that name; the bundle itself where it has none."""
    return next((part for part in parts_of(bundle) if part.part == name), bundle)


def namespaces_of(bundle: Bundle) -> tuple[str, ...]:
    """The namespaces of its events, the bundle's own first."""
    used = {name for event in bundle.events.values() for name in event.namespaces or (bundle.namespace,)}
    return tuple(sorted(used or {bundle.namespace}, key=lambda name: (name != bundle.namespace, name)))


def in_namespaces(name: str | None, templates: tuple[str, ...]) -> bool:
    """Whether a namespace is one of these; an id stands for whatever is in its place."""
    for template in templates:
        begin, _, rest = template.partition("{")
        if name == template or (rest and name is not None and name.startswith(begin)):
            return True
    return False


def _parts(bundle: Bundle, namespaces: tuple[str, ...]) -> Iterator[Bundle]:
    kinds: dict[str | None, Room] = {None: no_room(bundle.source)}
    kinds.update(bundle.rooms or {"": bundle.room})
    for namespace in namespaces:
        here = {
            name: event
            for name, event in bundle.events.items()
            if namespace in (event.namespaces or (bundle.namespace,))
        }
        own: list[str | None] = [
            kind for kind in kinds if kind is not None and any(kind in _kinds(event) for event in here.values())
        ]
        for kind in own or [None]:
            events = {name: event for name, event in here.items() if not _kinds(event) - {kind, None}}
            yield replace(
                bundle,
                has_neighbours=len(namespaces) > 1 or namespace in bundle.namespaces,
                part=_named(namespace if len(namespaces) > 1 else "", kind or "" if len(own) > 1 else ""),
                namespace=namespace,
                room=kinds[kind],
                events=events,
                calls=_calls(bundle, kinds, kind, events),
                errors=bundle.errors if bundle.errors in events else None,
                elsewhere=frozenset(_received(event) for name, event in here.items() if name not in events) - {""},
            )


def _received(event: Event) -> str:
    """The name under which clients receive something of it: its own, or that of its reply; empty for none."""
    reply = event.request.reply if event.request else None
    return event.name if event.broadcast else (reply.event or "" if reply else "")


def _kinds(event: Event) -> set[str | None]:
    return {one.kind for one in (event.request, event.broadcast) if one is not None}


def _named(namespace: str, kind: str) -> str:
    return " ".join(filter(None, (namespace, kind)))


def _calls(
    bundle: Bundle, kinds: Mapping[str | None, Room], kind: str | None, events: Mapping[str, Event]
) -> dict[str, Call]:
    """The calls that cause something in the part, or whose path names a room of its kind, or of no kind."""
    others = {room.key for name, room in kinds.items() if name != kind}
    found = {}
    for name, call in bundle.calls.items():
        params = set(call.params())
        elsewhere = call.broadcast is not None and call.broadcast not in events
        if not elsewhere and (kinds[kind].key in params or not params & others):
            found[name] = call
    wanted = {call.after for call in found.values() if call.after}
    return found | {name: bundle.calls[name] for name in wanted}
