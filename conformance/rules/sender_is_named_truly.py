"""A broadcast names the user who caused it.

Others act on who reported something: a client that names somebody else in what it sends must not be believed. Judged
where the check signed the sender's token and therefore knows the user.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR
from conformance.analysis.reading import Reading
from conformance.model.payload import id_of, payload_of
from conformance.model.transcript import Got
from conformance.model.verdict import Finding, failed, passed, skipped
from conformance.plan.audience import assembly
from conformance.plan.consequences import consequences
from conformance.plan.delivery import chorus
from conformance.plan.impersonation import impersonation
from conformance.plan.stimulus import caused_broadcasts
from contracts.model import Bundle
from contracts.schema import shown

CLAUSE = "The broadcast's user is the one whose socket caused it."
ACTS = (chorus, assembly, consequences, impersonation)


def subjects(bundle: Bundle) -> list[str]:
    """Broadcasts with a field for the user who caused them."""
    return [b.event for b in caused_broadcasts(bundle) if b.sender and (b.caused_by_event or b.causes.is_seen)]


def judge(reading: Reading) -> Iterator[Finding]:
    """The user field of each delivery against the sender's identity."""
    for provocation in reading.provocations:
        field, sender = provocation.broadcast.sender, provocation.sender
        got = reading.control(provocation)
        if field is None or sender is None or got is None:
            continue
        known = provocation.users
        entry = reading.entries[got]
        payload = payload_of(entry.args) if isinstance(entry, Got) else None
        told = payload.get(field) if isinstance(payload, dict) else None
        if not known:
            yield skipped(provocation.event, "the sender's user id is unknown: no token that was sent contains it")
        elif id_of(told) in known:
            yield passed(provocation.event, "it names its sender", provocation.index, got)
        else:
            expected = f"`{field}` {shown(sorted(known)[0])}"
            yield failed(provocation.event, expected, shown(told), provocation.index, got)


SILENT = (
    PAIR
    + """
ann -> cursor:move {"room": "r1", "x": 1}
bob <- cursor:moved {"room": "r1", "x": 1, "user": "ua"}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> cursor:move {"room": "r1", "x": 1}
bob <- cursor:moved {"room": "r1", "x": 1, "user": "ub"}
"""
)
