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
from contracts.model import Broadcast, Bundle

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Links:
    """The causes of one kind and their broadcasts, as written."""

    kind: Literal["event", "call"]
    broadcasts_of: Mapping[str, Names]
    """By cause, as its `effect` says."""
    causes_of: Mapping[str, Names]
    """By broadcast, as its `caused_by` says."""
    effect_path: Names
    """Where the `effect` is in a cause's file."""
    places: Mapping[str, str]
    """The file of each cause."""
    last: frozenset[str] = frozenset()
    """Causes that are the usual ones only where there are no others: they change a membership."""

    def effects(self) -> dict[str, Names]:
        """Every cause with its broadcasts: those of its `effect`, or else those that name it."""
        claimed: dict[str, list[str]] = defaultdict(list)
        for event, causes in self.causes_of.items():
            for cause in causes:
                claimed[cause].append(event)
        return {
            cause: tuple(dict.fromkeys([*self.broadcasts_of.get(cause, ()), *claimed.get(cause, ())]))
            for cause in (*self.broadcasts_of, *(name for name in claimed if name not in self.broadcasts_of))
        }

    def causes(self) -> dict[str, Names]:
        """Every broadcast with its causes, the usual one first: one that it names before those that name it."""
        found: dict[str, list[str]] = {
            event: sorted(causes, key=lambda cause: cause in self.last) for event, causes in self.causes_of.items()
        }
        effects = self.effects()
        for cause in sorted(effects, key=lambda cause: (cause in self.last, cause)):
            for event in effects[cause]:
                if cause not in found.setdefault(event, []):
                    found[event].append(cause)
        return {event: tuple(causes) for event, causes in found.items()}


def with_causes(bundle: Bundle) -> Bundle:
    """The contracts with each cause in both places."""
    by_event, by_call = _links(bundle)
    effects, call_effects = by_event.effects(), by_call.effects()
    causes, call_causes = by_event.causes(), by_call.causes()
    events = dict(bundle.events)
    for name, event in bundle.events.items():
        request, broadcast = event.request, event.broadcast
        if request is not None and name in effects:
            request = replace(request, broadcasts=effects[name])
        if broadcast is not None and _is_caused(bundle, broadcast):
            broadcast = _caused(broadcast, causes.get(name, ()), call_causes.get(name, ()))
        events[name] = replace(event, request=request, broadcast=broadcast)
    calls = {name: replace(call, broadcasts=call_effects.get(name, ())) for name, call in bundle.calls.items()}
    return replace(bundle, events=events, calls=calls)


def _is_caused(bundle: Bundle, broadcast: Broadcast) -> bool:
    """Whether it is due once its cause was given: the event that answers bad requests is not."""
    return broadcast.receivers != "nobody" and broadcast.event != bundle.errors


def _caused(broadcast: Broadcast, events: Names, calls: Names) -> Broadcast:
    return replace(
        broadcast,
        causes=replace(broadcast.causes, events=events, calls=calls),
        caused_by_event=next(iter(events), None),
        caused_by_call=next(iter(calls), None),
    )


def cause_faults(bundle: Bundle) -> Iterator[Fault]:
    """Causes on which two files disagree, and effects that nobody receives; the names that they use exist."""
    for links in _links(bundle):
        yield from _disagreements(bundle, links)
    for request in bundle.requests():
        path = Path(bundle.events[request.event].place)
        for event in request.broadcasts:
            yield from _unreceived(bundle, request.event, event, ("nobody",), path, ("client_to_server", "effect"))
    for call in bundle.calls.values():
        for event in call.broadcasts:
            yield from _unreceived(bundle, call.name, event, ("nobody", "requester"), Path(call.place), ("effect",))


def _unreceived(
    bundle: Bundle, cause: str, event: str, receivers: Names, path: Path, where: tuple[str, ...]
) -> Iterator[Fault]:
    broadcast = bundle.broadcast(event)
    if broadcast is None or broadcast.receivers not in receivers:
        return
    why = "nobody" if broadcast.receivers == "nobody" else "the requester alone, and a call has no socket"
    yield Fault(
        file=path,
        line=line_of(path, (*where, "broadcast")),
        message=f"the effect of `{cause}` is the broadcast `{event}`, but `{event}` is received by {why}",
    )


def _links(bundle: Bundle) -> tuple[_Links, _Links]:
    found = [broadcast for broadcast in bundle.broadcasts() if _is_caused(bundle, broadcast)]
    requests = {request.event: request for request in bundle.requests()}

    def asked(broadcast: Broadcast, cause: str) -> bool:
        """Whether the broadcast is the documented answer to the request: an ack may come instead."""
        reply = requests[cause].reply if cause in requests else None
        return reply is not None and reply.event == broadcast.event and not broadcast.is_shared

    by_event = _Links(
        kind="event",
        broadcasts_of={name: request.broadcasts for name, request in requests.items() if request.broadcasts},
        causes_of={
            one.event: tuple(cause for cause in one.causes.events if not asked(one, cause))
            for one in found
            if one.causes.events
        },
        effect_path=("client_to_server", "effect"),
        places={name: event.place for name, event in bundle.events.items()},
        last=frozenset(name for name, request in requests.items() if request.membership is not None),
    )
    by_call = _Links(
        kind="call",
        broadcasts_of={name: call.broadcasts for name, call in bundle.calls.items() if call.broadcasts},
        causes_of={one.event: one.causes.calls for one in found if one.causes.calls},
        effect_path=("effect",),
        places={name: call.place for name, call in bundle.calls.items()},
    )
    return by_event, by_call


def _disagreements(bundle: Bundle, links: _Links) -> Iterator[Fault]:
    """Broadcasts to others than the requester that name a cause whose `effect` does not have them."""
    for event, causes in links.causes_of.items():
        broadcast = bundle.broadcast(event)
        for cause in causes:
            written = links.broadcasts_of.get(cause)
            if written is None or event in written or broadcast is None or not broadcast.is_shared:
                continue
            path, other = Path(bundle.events[event].place), Path(links.places[cause])
            line = line_of(path, ("server_to_client", "caused_by", links.kind))
            at = f"{other}:{line_of(other, (*links.effect_path, 'broadcast'))}"
            yield Fault(
                file=path,
                line=line,
                message=f"`{event}` is said to be caused by `{cause}`, but the effect of `{cause}` is "
                f"{' and '.join(f'`{name}`' for name in written)} ({at}); correct one of the two: an effect may list "
                "several broadcasts",
            )


def socket_faults(bundle: Bundle) -> Iterator[Fault]:
    """Causes that do not fit the receivers: a schedule has no sender, a call no requester; broadcasts in a circle."""
    for broadcast in bundle.broadcasts():
        path = Path(bundle.events[broadcast.event].place)
        for message in _misfits(broadcast):
            line = line_of(path, ("server_to_client", "caused_by"))
            yield Fault(file=path, line=line, message=message)
        if broadcast.event in _behind(bundle, broadcast.event):
            line = line_of(path, ("server_to_client", "caused_by"))
            yield Fault(file=path, line=line, message=f"`{broadcast.event}` follows itself")


def _misfits(broadcast: Broadcast) -> Iterator[str]:
    causes, groups = broadcast.causes, broadcast.groups
    by_sender = any(isinstance(group, str) and group.endswith("-but-sender") for group in groups)
    addressed = any(not isinstance(group, str) for group in groups)
    if causes.every_s is not None and (by_sender or broadcast.receivers == "requester"):
        yield f"a schedule has no sender: it cannot be received by {broadcast.to_whom}"
    if causes.disconnect and broadcast.receivers == "requester":
        yield "a socket that has disconnected receives nothing: say who is told of it"
    if addressed and (causes.connection or causes.disconnect or causes.every_s is not None):
        yield "a connection, a disconnection or a schedule has no payload whose field could name who receives it"
    if causes.calls and broadcast.receivers == "requester":
        yield "a call has no socket that could be the requester of a broadcast"


def _behind(bundle: Bundle, event: str) -> set[str]:
    """The broadcasts that one follows, directly or through others."""
    found: set[str] = set()
    ahead = [event]
    while ahead:
        broadcast = bundle.broadcast(ahead.pop())
        for name in broadcast.causes.follows if broadcast else ():
            if name not in found:
                found.add(name)
                ahead.append(name)
    return found
