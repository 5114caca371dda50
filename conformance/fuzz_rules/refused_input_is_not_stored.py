"""What a call refuses is not stored.

A service that stores first and validates then answers with an error, and shows everybody what it has refused. Judged by
the list that is asked for after bad calls: it has no more items than were taken.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, calls
from conformance.analysis.reading import Reading
from conformance.model.transcript import Called, Sent
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.oddities import unplayed
from conformance.plan.requests import bad_calls
from contracts.model import Bundle, Call
from contracts.pointer import pointed

CLAUSE = "What is refused is not stored."
ACTS = (bad_calls, unplayed)


def subjects(bundle: Bundle) -> list[str]:
    """The call that creates what another lists."""
    create, listing = bundle.by_role("create"), bundle.by_role("list")
    return [create.title] if create is not None and create.body is not None and listing is not None else []


def judge(reading: Reading) -> Iterator[Finding]:
    """Each list that was asked for after a refused creation in its room."""
    create, listing = reading.bundle.by_role("create"), reading.bundle.by_role("list")
    if create is None or listing is None or create.body is None:
        return
    for index, called, _ in calls(reading, lambda one: one is listing):
        items = pointed(called.answer, listing.item)
        made = _before(reading, create, called)
        refused = [place for place, one in made if _is_refused(create, one)]
        if called.status not in listing.status or not isinstance(items, list) or not refused:
            continue
        # One that was sent twice may be stored twice, and one that was not answered may be stored.
        taken = sum(one.tries for _, one in made if not _is_refused(create, one)) + _by_event(reading, create, called)
        if len(items) > taken:
            expected = f"a list of at most {taken}, as many as were taken"
            yield failed(create.title, expected, f"{len(items)} items", *refused[:3], index)
        elif items:
            yield passed(create.title, f"{len(refused)} were refused, and none is listed", refused[0], index)
        else:
            yield unclear(create.title, "nothing is listed that was taken either", refused[0], index)


def _before(reading: Reading, create: Call, listed: Called) -> list[tuple[int, Called]]:
    """The creations in the room of a list that began before it was asked for."""
    key = reading.bundle.room.key
    found = calls(reading, lambda one: one is create)
    return [(i, c) for i, c, _ in found if c.params.get(key) == listed.params.get(key) and c.at_s < listed.done_s]


def _is_refused(create: Call, called: Called) -> bool:
    """Whether a creation had a body that the contract forbids, and was answered with an error of the client."""
    forbidden = create.body is not None and not create.body.is_valid(called.body)
    return forbidden and called.status is not None and 400 <= called.status < 500


def _by_event(reading: Reading, create: Call, listed: Called) -> int:
    """How many events of clients may have stored something: those with the broadcast of the call."""
    names = {r.event for r in reading.bundle.requests() if set(r.broadcasts) & set(create.broadcasts)}
    return sum(sent.event in names and sent.at_s < listed.done_s for _, sent in reading.each(Sent))


REFUSED = (
    PAIR
    + """
http add-note {"room": "r1"} {} => 400 {"error": "no text"}
http add-note {"room": "r1"} {"text": "a"} => 201 {"id": "n1", "room": "r1", "text": "a", "at": 1}
"""
)
SILENT = (
    REFUSED
    + """
http list-notes {"room": "r1"} => 200 {"notes": [{"id": "n1", "at": 1}], "total": 1}
"""
)
SPEAKS = (
    REFUSED
    + """
http list-notes {"room": "r1"} => 200 {"notes": [{"id": "n0", "at": 0}, {"id": "n1", "at": 1}], "total": 2}
"""
)
