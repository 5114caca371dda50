"""No undocumented event name is seen.

An event that no contract names is either a change that was not documented or a gap in the contract. The finding is
a warning, and has the first lines of a contract for it.
"""

import json
from collections.abc import Iterator

from conformance.analysis.forgery import forged_entries
from conformance.analysis.queries import PAIR
from conformance.analysis.reading import Reading
from conformance.analysis.recorded import certain
from conformance.model.payload import payload_of
from conformance.model.transcript import Got
from conformance.model.verdict import Finding, Outcome, failed, passed
from conformance.plan.delivery import chorus
from conformance.plan.requests import answers, bad_requests, junk
from conformance.plan.rooms import closing, leaving, other_ways_in, reconnecting, removed
from contracts.form import BARE
from contracts.model import Bundle

CLAUSE = "The contract names every event that a client can receive."
ACTS = (chorus, answers, bad_requests, junk, leaving, closing, removed, reconnecting, other_ways_in)
RECORDED = certain
LEVEL = Outcome.WARNING
EVERY = "every name seen"


def subjects(bundle: Bundle) -> list[str]:
    """One subject for all the names that are documented."""
    return [EVERY]


def judge(reading: Reading) -> Iterator[Finding]:
    """Names that are neither documented, nor retired, nor recognised as a renamed event."""
    known = set(reading.documented_names()) | {retired.event for retired in reading.bundle.retired}
    for provocation in reading.provocations:
        if reading.control(provocation) is None:
            other = reading.renamed(provocation)
            entry = reading.entries[other] if other is not None else None
            known |= {entry.event} if isinstance(entry, Got) else set()
    # What a client forged says nothing of what the service sends by itself: the rule about forgeries tells it.
    known |= {got.event for index, got in reading.each(Got) if index in reading.once(forged_entries)}
    strange: dict[str, int] = {}
    count = 0
    for index, got in reading.each(Got):
        count += 1
        if got.event not in known and not got.fault:
            strange.setdefault(got.event, index)
    for event, index in strange.items():
        entry = reading.entries[index]
        stub = _stub(event, payload_of(entry.args) if isinstance(entry, Got) else None)
        yield failed(event, "an event that the contract names", f"{event!r}", index, hint=stub)
    if count and not strange:
        yield passed(EVERY, f"{count} events, all documented")


def _stub(event: str, payload: object) -> str:
    """The beginning of a contract file for an event as it was seen."""
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    fields = payload if isinstance(payload, dict) else {}
    properties = {name: {"type": names.get(type(value), "null")} for name, value in fields.items()}
    schema: dict[str, object] = {"type": "object", "required": sorted(fields), "properties": properties}
    if names.get(type(payload)) in BARE:
        schema = {"type": names[type(payload)]}
    return "contract to begin with: " + json.dumps(
        {"event": event, "server_to_client": {"receivers": "room", "payload": schema}}, ensure_ascii=True
    )


SILENT = (
    PAIR
    + """
bob <- pen:taken {"room": "r1", "pen": "red"}
"""
)
SPEAKS = (
    PAIR
    + """
bob <- pen:dropped {"room": "r1", "pen": "red"}
"""
)
