"""A client emits no retired name.

A retired event does nothing any more: what the user did is lost without an error. Where the way is now an HTTP call,
the event would go past the checks of the call.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, calls
from conformance.analysis.reading import Reading
from conformance.analysis.recorded import certain
from conformance.model.transcript import Sent
from conformance.model.verdict import Finding, failed, passed
from contracts.model import Bundle

CLAUSE = "A retired name must not come back: clients use what replaced it."
ACTS = ()
RECORDED = certain


def subjects(bundle: Bundle) -> list[str]:
    """The names that clients used to emit."""
    retired = (one.event for one in bundle.retired if one.direction == "client_to_server")
    return [name for name in retired if name not in bundle.events]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each retired name: emitted, or not while the client emitted other events."""
    first: dict[str, int] = {}
    for index, sent in reading.each(Sent):
        first.setdefault(sent.event, index)
    for index, _, call in calls(reading, lambda one: True):
        first.setdefault(call.title, index)
    for retired in reading.bundle.retired:
        name = retired.event
        if retired.direction != "client_to_server" or name in reading.bundle.events:
            continue
        if name in first:
            got = f"the client emitted the retired name {name!r}"
            yield failed(name, retired.instead, got, first[name])
        elif retired.instead in first:
            yield passed(name, f"only {retired.instead} was used", first[retired.instead])


SILENT = (
    PAIR
    + """
http add-note {"room": "r1"} {"text": "hello"} => 201 {}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> note:send {"room": "r1", "text": "hello"}
"""
)
