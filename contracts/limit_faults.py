"""What is wrong with the limits of a bundle, with file and line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

from contracts.faults import Fault, line_of
from contracts.limits import Limit, json_bytes
from contracts.model import Bundle
from contracts.schema import shown


def limit_faults(bundle: Bundle) -> Iterator[Fault]:
    """Limits on events that no client emits, errors that the contract has no form for, examples that are too large."""
    path = Path(bundle.place)
    known = {request.event for request in bundle.requests()}
    titles: set[str] = set()
    for place, limit in enumerate(bundle.limits):
        for number, name in enumerate(limit.events):
            if name not in known:
                near = difflib.get_close_matches(name, sorted(known), n=1)
                hint = f"; did you mean `{near[0]}`?" if near else ""
                message = f"no event that a client emits is called {shown(name)}{hint}"
                yield Fault(file=path, line=line_of(path, ("limits", place, "events", number)), message=message)
        if limit.then == "error" and bundle.errors is None and not _refused_by_ack(bundle, limit):
            message = '`then` is "error", but the bundle has no `errors` event: add `errors`, or choose another `then`'
            yield Fault(file=path, line=line_of(path, ("limits", place, "then")), message=message)
        if limit.title in titles:
            message = f"there are two limits for {limit.title}"
            yield Fault(file=path, line=line_of(path, ("limits", place)), message=message)
        titles.add(limit.title)
    for event in bundle.events.values():
        for example in event.request.examples.valid if event.request and bundle.max_payload_bytes else ():
            size = json_bytes(example)
            if size > (bundle.max_payload_bytes or 0):
                message = f"a valid example has {size} bytes, and a payload {bundle.max_payload_bytes} at most"
                where = ("client_to_server", "examples", "valid")
                yield Fault(file=Path(event.place), line=line_of(Path(event.place), where), message=message)


def _refused_by_ack(bundle: Bundle, limit: Limit) -> bool:
    """Whether every event that is counted has an ack that can say that the request was refused."""
    counted = [request for request in bundle.requests() if limit.covers(request.event)]
    return all(request.reply is not None and request.reply.refused is not None for request in counted)
