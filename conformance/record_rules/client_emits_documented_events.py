"""A client emits only events that the contract names.

Nothing answers an event that the service does not know: the client waits for what never comes. A name that no contract
has is a slip of the client, or a gap in the contract.
"""

from collections.abc import Iterator

from conformance.analysis.forgery import is_unknown
from conformance.analysis.queries import PAIR
from conformance.analysis.reading import Reading
from conformance.analysis.recorded import certain, first_emitted
from conformance.model.verdict import Finding, Outcome, failed, passed
from contracts.model import Bundle

CLAUSE = "The contract names every event that a client may emit."
ACTS = ()
RECORDED = certain
LEVEL = Outcome.WARNING
EVERY = "every name emitted"


def subjects(bundle: Bundle) -> list[str]:
    """One subject for all the names that are documented."""
    return [EVERY]


def judge(reading: Reading) -> Iterator[Finding]:
    """Names that are neither documented nor retired."""
    bundle = reading.bundle
    strange, count = first_emitted(reading, lambda name: is_unknown(bundle, name) and name not in bundle.elsewhere)
    for event, index in strange.items():
        yield failed(event, "an event that the contract names", f"the client emitted {event!r}", index)
    if count and not strange:
        yield passed(EVERY, f"clients emitted {count} events, all documented")


SILENT = (
    PAIR
    + """
ann -> pen:take {"room": "r1", "pen": "red"}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> pen:grab {"room": "r1", "pen": "red"}
"""
)
