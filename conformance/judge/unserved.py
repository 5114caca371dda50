"""Whether the HTTP API is at the target at all, told by the answers to all calls of a run.

Where sockets connect, another service may answer HTTP: then no call is served, and nothing was seen of the API.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from conformance.model.transcript import Called, Transcript
from conformance.target.triggers import Equipped
from contracts.model import Bundle, Call

NOT_SERVED = (404, 405, 426, 501)
"""Statuses of an address at which a call is not served: not found, no such method, websockets alone, not implemented
(RFC 9110 §15). Services that serve some calls give them, too, so that they count only where every call gets one."""


def as_served(equipped: Equipped, transcripts: Sequence[Transcript]) -> Equipped:
    """The contracts without the documented calls, where every one that was made was answered as not served.

    One call that gets another answer, be it a refusal, shows that the API is there: then each status is judged.
    """
    made = list(_made(equipped.bundle, transcripts))
    statuses = Counter(called.status for called, _ in made)
    if not made or any(status not in NOT_SERVED for status in statuses):
        return equipped
    if all(called.status == call.missing for called, call in made):
        return equipped  # These ask for what is not there: the documented answer shows nothing else.
    told = " or ".join(map(str, sorted(status for status in statuses if status)))
    why = (
        f"no call of the HTTP API is served there: all {len(made)} were answered with {told}; if it is elsewhere, name "
        "its address with --api-url, and if there is none, say with --triggers what causes broadcasts"
    )
    return _without_calls(equipped, why)


def _made(bundle: Bundle, transcripts: Sequence[Transcript]) -> Iterator[tuple[Called, Call]]:
    for transcript in transcripts:
        for entry in transcript.entries:
            call = bundle.calls.get(entry.call) if isinstance(entry, Called) else None
            if isinstance(entry, Called) and call is not None and call.trigger is None:
                yield entry, call


def _without_calls(equipped: Equipped, why: str) -> Equipped:
    """The contracts with triggers of the target's own alone; what the calls provoke and answer is not exercised."""
    bundle = equipped.bundle
    calls = {name: call for name, call in bundle.calls.items() if call.trigger is not None}
    events = dict(bundle.events)
    reasons = dict(equipped.reasons) | {call.title: why for name, call in bundle.calls.items() if name not in calls}
    for broadcast in list(bundle.broadcasts()):
        if broadcast.caused_by_call is None or broadcast.caused_by_call in calls:
            continue
        event = events[broadcast.event]
        events[broadcast.event] = replace(event, broadcast=replace(broadcast, caused_by_call=None))
        if not broadcast.caused_by_event:
            reasons[broadcast.event] = why
    return replace(equipped, bundle=replace(bundle, events=events, calls=calls), reasons=reasons, otherwise=why)
