"""Retired event names are absent.

While a service sends a retired name again, some clients handle it and others do not.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR
from conformance.analysis.reading import Reading
from conformance.analysis.recorded import certain
from conformance.model.transcript import Got
from conformance.model.verdict import Finding, failed, passed
from conformance.plan.delivery import chorus
from conformance.plan.requests import bad_requests
from contracts.model import Bundle

CLAUSE = "A retired name must not come back."
ACTS = (chorus, bad_requests)
RECORDED = certain


def subjects(bundle: Bundle) -> list[str]:
    """The names that the server used to send."""
    return [retired.event for retired in bundle.retired if retired.direction == "server_to_client"]


def judge(reading: Reading) -> Iterator[Finding]:
    """The retired name is not seen, in an act in which what replaced it was."""
    for retired in reading.bundle.retired:
        if retired.direction != "server_to_client":
            continue
        old = next((index for index, got in reading.each(Got) if got.event == retired.event), None)
        new = next((index for index, got in reading.each(Got) if got.event == retired.instead), None)
        if old is not None:
            yield failed(retired.event, retired.instead, f"the retired name {retired.event!r}", old)
        elif new is not None:
            yield passed(retired.event, f"only {retired.instead} was seen", new)


SILENT = (
    PAIR
    + """
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
SPEAKS = (
    PAIR
    + """
bob <- note:new {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
