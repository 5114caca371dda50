"""Requests that name what the service may know nothing of: what it has not given, or sockets that are not there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping

from conformance.model.payload import id_of, payload_of
from conformance.model.transcript import Acked, AnyEntry, Got, Opened, Sent
from conformance.model.wire import said
from contracts.given import Origin
from contracts.model import Address, Bundle, Request
from contracts.pointer import pointed


def not_given(bundle: Bundle, entries: tuple[AnyEntry, ...]) -> frozenset[int]:
    """The requests that a service may refuse: they name what it did not give to their socket, or what was named before.

    What was named before may have been removed by that. Where a field says who receives what comes of it, it may refuse
    one that names no socket or user of the transcript, too.
    """
    asking = {request.event: request for request in bundle.requests() if request.given}
    addressed = {request.event: found for request in bundle.requests() if (found := bundle.addresses(request))}
    if not asking and not addressed:
        return frozenset()
    known = {value for one in entries if isinstance(one, Opened) for value in (one.socket, one.user) if value}
    named = {one.user for one in entries if isinstance(one, Opened) and one.user}
    sources = _sources(bundle, asking)
    had: set[tuple[str, Origin, str | None]] = set()
    used: set[tuple[str, str | None]] = set()
    unsure: list[int] = []
    for index, entry in enumerate(entries):
        if isinstance(entry, Sent):
            request = asking.get(entry.event)
            fields = (one for one in addressed.get(entry.event, ()) if named or one.kind == "socket")
            is_given = request is None or _take(request, entry, had, used)
            if not is_given or any(_is_nobody(entry, one, known) for one in fields):
                unsure.append(index)
        elif isinstance(entry, Got | Acked):
            for origin in sources.get((type(entry), entry.event), ()):
                had.add((entry.actor, origin, id_of(pointed(said(bundle, entry), origin.at))))
    return frozenset(unsure)


def _is_nobody(sent: Sent, address: Address, known: Container[str]) -> bool:
    value = pointed(payload_of(sent.args), address.at)
    return not isinstance(value, str) or value not in known


def _sources(bundle: Bundle, asking: Mapping[str, Request]) -> dict[tuple[type, str], list[Origin]]:
    """The origins by the kind and name of the entries that have their values."""
    found: dict[tuple[type, str], list[Origin]] = defaultdict(list)
    for origin in (one for request in asking.values() for one in request.given):
        if origin.kind == "broadcast":
            found[Got, origin.event].append(origin)
            continue
        found[Acked, origin.event].append(origin)
        maker = bundle.request(origin.event)
        if maker is not None and maker.reply is not None and maker.reply.event is not None:
            found[Got, maker.reply.event].append(origin)
    return found


def _take(
    request: Request, sent: Sent, had: set[tuple[str, Origin, str | None]], used: set[tuple[str, str | None]]
) -> bool:
    """Whether the socket of a request was given all its values, each of them named for the first time."""
    payload = payload_of(sent.args)
    fields = payload if isinstance(payload, dict) else {}
    good = True
    for origin in request.given:
        value = id_of(fields.get(origin.field))
        good = good and (sent.actor, origin, value) in had and (origin.event, value) not in used
        used.add((origin.event, value))
    return good
