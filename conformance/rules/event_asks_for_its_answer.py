"""An event that clients have to answer asks for an ack.

Where the contract says what a client answers, its code has a callback to call. A service that sends the event without
asking leaves it with none, and never learns what it asked for.
"""

from collections.abc import Iterator

from conformance.analysis.forgery import forged_entries
from conformance.analysis.queries import PAIR
from conformance.analysis.reading import Reading
from conformance.analysis.recorded import certain
from conformance.model.transcript import Got
from conformance.model.verdict import Finding, failed, passed
from conformance.plan.audience import assembly
from conformance.plan.delivery import chorus
from contracts.model import Bundle

CLAUSE = "An event that a client has to answer asks for an ack."
ACTS = (chorus, assembly)
RECORDED = certain


def subjects(bundle: Bundle) -> list[str]:
    """The events whose contracts say what a client answers."""
    return [broadcast.event for broadcast in bundle.broadcasts() if broadcast.answer is not None]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each of these events that was received."""
    wanted = frozenset(subjects(reading.bundle))
    forged = reading.once(forged_entries) if wanted else frozenset()
    for index, got in reading.each(Got):
        if got.event not in wanted or index in forged:
            continue
        if got.ack is None:
            yield failed(got.event, "an event that asks for an ack", "one that asks for none", index)
        else:
            yield passed(got.event, "it asked for an ack, and was answered", index)


BUNDLE = "example-more"
SILENT = (
    PAIR
    + """
bob <- pen:taken {"room": "r1", "pen": "red"} #1
"""
)
SPEAKS = (
    PAIR
    + """
bob <- pen:taken {"room": "r1", "pen": "red"}
"""
)
