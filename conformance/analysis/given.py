"""Requests whose fields have to be `given`, and whose values the service may know nothing of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from conformance.model.payload import id_of, payload_of
from conformance.model.transcript import Acked, AnyEntry, Got, Sent
from conformance.model.wire import said
from contracts.given import Origin
from contracts.model import Bundle, Request
from contracts.pointer import pointed


def not_given(bundle: Bundle, entries: tuple[AnyEntry, ...]) -> frozenset[int]:
    """The requests that a service may refuse: they name what it did not give to their socket, or what was named before.

    What was named before may have been removed by that.
    """
    asking = {request.event: request for request in bundle.requests() if request.given}
    if not asking:
        return frozenset()
    sources = _sources(bundle, asking)
    had: set[tuple[str, Origin, str | None]] = set()
    used: set[tuple[str, str | None]] = set()
    found: list[int] = []
    for index, entry in enumerate(entries):
        if isinstance(entry, Sent):
            request = asking.get(entry.event)
            if request is not None and not _take(request, entry, had, used):
                found.append(index)
        elif isinstance(entry, Got | Acked):
            for origin in sources.get((type(entry), entry.event), ()):
                had.add((entry.actor, origin, id_of(pointed(said(bundle, entry), origin.at))))
    return frozenset(found)


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
