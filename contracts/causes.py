"""What causes each broadcast, from both places that may say it: `caused_by` of the broadcast, `effect` of its cause.

One of the two is enough, and the other is derived from it. Where both are written they have to agree, since a
broadcast that is waited for after a request with another effect would never be judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from contracts.faults import Fault, line_of
from contracts.model import Bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class _Links:
    """The causes of one kind and their broadcasts, as written."""

    kind: Literal["event", "call"]
    broadcast_of: Mapping[str, str]
    """By cause, as its `effect` says."""
    cause_of: Mapping[str, str]
    """By broadcast, as its `caused_by` says."""
    effect_path: tuple[str, ...]
    """Where the `effect` is in a cause's file."""
    places: Mapping[str, str]
    """The file of each cause."""


def with_causes(bundle: Bundle) -> Bundle:
    """The contracts with each cause in both places.

    Where several requests have the same effect and the broadcast names none of them, its cause is the first by name,
    those first that leave memberships as they are.
    """
    by_event, by_call = _links(bundle)
    memberships = {request.event: request.membership is not None for request in bundle.requests()}
    effects = {**_claimed(by_event), **by_event.broadcast_of}
    call_effects = {**_claimed(by_call), **by_call.broadcast_of}
    causes = {**_first(effects, memberships), **by_event.cause_of}
    call_causes = {**_first(call_effects, {}), **by_call.cause_of}
    events = dict(bundle.events)
    for name, event in bundle.events.items():
        request, broadcast = event.request, event.broadcast
        if request is not None and name in effects:
            request = replace(request, broadcast=effects[name])
        if broadcast is not None and broadcast.is_shared:
            broadcast = replace(broadcast, caused_by_event=causes.get(name), caused_by_call=call_causes.get(name))
        events[name] = replace(event, request=request, broadcast=broadcast)
    calls = {name: replace(call, broadcast=call_effects.get(name)) for name, call in bundle.calls.items()}
    return replace(bundle, events=events, calls=calls)


def cause_faults(bundle: Bundle) -> Iterator[Fault]:
    """Causes on which two files disagree; the names that they use are known to exist."""
    for links in _links(bundle):
        yield from _disagreements(bundle, links)
        for cause, event in links.broadcast_of.items():
            broadcast = bundle.broadcast(event)
            if broadcast is not None and not broadcast.is_shared:
                path = Path(links.places[cause])
                yield Fault(
                    file=path,
                    line=line_of(path, (*links.effect_path, "broadcast")),
                    message=f"the effect of `{cause}` is the broadcast `{event}`, but `{event}` is received by "
                    f"{broadcast.receivers} alone; write what the requester receives as a `reply`",
                )


def _links(bundle: Bundle) -> tuple[_Links, _Links]:
    shared = [broadcast for broadcast in bundle.broadcasts() if broadcast.is_shared]
    by_event = _Links(
        kind="event",
        broadcast_of={request.event: request.broadcast for request in bundle.requests() if request.broadcast},
        cause_of={one.event: one.caused_by_event for one in shared if one.caused_by_event},
        effect_path=("client_to_server", "effect"),
        places={name: event.place for name, event in bundle.events.items()},
    )
    by_call = _Links(
        kind="call",
        broadcast_of={name: call.broadcast for name, call in bundle.calls.items() if call.broadcast},
        cause_of={one.event: one.caused_by_call for one in shared if one.caused_by_call},
        effect_path=("effect",),
        places={name: call.place for name, call in bundle.calls.items()},
    )
    return by_event, by_call


def _claimed(links: _Links) -> dict[str, str]:
    """Causes that say no effect themselves, with the broadcast that names them."""
    return {cause: event for event, cause in links.cause_of.items()}


def _first(effects: Mapping[str, str], last: Mapping[str, bool]) -> dict[str, str]:
    """The first cause of each broadcast, those in `last` after the others."""
    ordered = sorted(effects, key=lambda cause: (last.get(cause, False), cause), reverse=True)
    return {effects[cause]: cause for cause in ordered}


def _disagreements(bundle: Bundle, links: _Links) -> Iterator[Fault]:
    claims: dict[str, list[str]] = defaultdict(list)
    for event, cause in links.cause_of.items():
        claims[cause].append(event)
    for cause, events in claims.items():
        written = links.broadcast_of.get(cause)
        for event in events if written is not None else events[1:]:
            if event == written:
                continue
            path = Path(bundle.events[event].place)
            line = line_of(path, ("server_to_client", "caused_by", links.kind))
            if written is not None:
                other = Path(links.places[cause])
                at = f"{other}:{line_of(other, (*links.effect_path, 'broadcast'))}"
                why = f"the effect of `{cause}` is `{written}` ({at})"
            else:
                other = Path(bundle.events[events[0]].place)
                at = f"{other}:{line_of(other, ('server_to_client', 'caused_by', links.kind))}"
                why = f"`{cause}` causes `{events[0]}` as well ({at})"
            yield Fault(
                file=path,
                line=line,
                message=f"`{event}` is said to be caused by `{cause}`, but {why}; one request or call has one "
                'broadcast: correct one of the two, or describe the cause in words as `"caused_by": {"other": ...}`',
            )
