"""Fields that are `given` by what no client can have their values from."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path

from contracts.faults import Fault, line_of
from contracts.form import Form
from contracts.given import Origin
from contracts.model import Broadcast, Bundle, Event, Request
from contracts.pointer import lacking
from contracts.schema import Schema, shown


def given_faults(bundle: Bundle) -> Iterator[Fault]:
    """Origins that no client can have a value from."""
    for event in bundle.events.values():
        request = event.request
        for origin in request.given if request is not None else ():
            message = _fault(bundle, request, origin) if request is not None else None
            if message is not None:
                path = Path(event.place)
                line = line_of(path, ("client_to_server", "given", origin.field))
                yield Fault(file=path, line=line, message=message)


def _fault(bundle: Bundle, request: Request, origin: Origin) -> str | None:
    """What is wrong with an origin; None where nothing is."""
    if origin.field not in request.payload.properties():
        return f"the payload has no field `{origin.field}`" + _near(origin.field, request.payload.properties())
    if request.membership is not None:
        return "a request that enters or leaves a room cannot have fields that are `given`"
    source = bundle.events.get(origin.event)
    if source is None:
        return f"no event is called {shown(origin.event)}" + _near(origin.event, bundle.events)
    schema, form = _schema(source, origin)
    if schema is None:
        what = "answered" if origin.kind == "reply" else "sent by the service"
        return f"{shown(origin.event)} is not {what}, so that no client has `{origin.field}` from it"
    if origin.kind == "broadcast" and source.broadcast is not None and _spares(source.broadcast):
        return f"who causes {shown(origin.event)} does not receive it: name a `reply` that has `{origin.field}`"
    maker = bundle.request(origin.event) if origin.kind == "reply" else _maker(bundle, source)
    if maker is not None and maker.given:
        return f"{shown(maker.event)} has fields that are `given` itself: name what gives the first of them"
    missing = lacking(schema.document, origin.at) if form is None else None
    return f"{shown(origin.event)} {missing}, at which `{origin.field}` is said to be" if missing else None


def _spares(broadcast: Broadcast) -> bool:
    """Whether the one who causes a broadcast never receives it."""
    return broadcast.receivers == "nobody" or broadcast.spares_sender


def _maker(bundle: Bundle, source: Event) -> Request | None:
    return bundle.request((source.broadcast.caused_by_event if source.broadcast else None) or "")


def _schema(source: Event, origin: Origin) -> tuple[Schema | None, Form | None]:
    """The schema of what has the value, and how it stands on the wire; None where there is none."""
    reply = source.request.reply if source.request is not None else None
    one = source.broadcast if origin.kind == "broadcast" else reply
    return (one.payload, one.form) if one is not None else (None, None)


def _near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f"; did you mean `{near[0]}`?" if near else ""
