"""Lists are paged as documented: skip, limit, the most a page may hold, order, total.

Where pages overlap or leave gaps, clients lose messages or show them twice, without any error.
"""

from collections.abc import Iterator
from itertools import pairwise

from conformance.analysis.queries import PAIR, calls
from conformance.analysis.reading import Reading
from conformance.model.transcript import Called
from conformance.model.verdict import Finding, failed, passed
from conformance.plan.delivery import pages
from contracts.model import Bundle, Call, Page
from contracts.pointer import pointed

CLAUSE = "A list is asked for by skip and limit, holds at most a page, is in order of creation, and tells the total."
ACTS = (pages,)


def subjects(bundle: Bundle) -> list[str]:
    """The calls that list."""
    return [call.title for call in bundle.calls.values() if call.page]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each page by itself, and against the others of the same list."""
    create = reading.bundle.by_role("create")
    taken = {*create.status, None} if create else set()
    made = [c for _, c, _ in calls(reading, lambda one: one is create) if c.status in taken]
    for index, called, call in calls(reading, lambda one: one.page is not None):
        if called.status in call.status and call.page is not None:
            yield _judged(reading, index, called, call, call.page, made)


def _judged(reading: Reading, index: int, called: Called, call: Call, page: Page, made: list[Called]) -> Finding:
    items = pointed(called.answer, call.item)
    if not isinstance(items, list):
        return failed(call.title, f"a list at `{call.item}`", "none", index)
    skip, limit = int(called.query.get(page.skip, 0)), int(called.query.get(page.limit, page.most))
    most = min(limit, page.most)
    if len(items) > most:
        return failed(call.title, f"at most {most} items", f"{len(items)}", index)
    order = [item.get(page.order_by) for item in items if isinstance(item, dict)] if page.order_by else []
    for one, other in pairwise(order):
        if one is not None and other is not None and type(one) is type(other) and one > other:
            return failed(call.title, f"order by `{page.order_by}`", f"{one} before {other}", index)
    room = called.params.get(reading.bundle.room.key)
    own = [one for one in made if one.params.get(reading.bundle.room.key) == room]
    # One that was sent twice may be stored twice, and one that was not answered may be stored.
    if not own or any(one.done_s > called.at_s or one.tries > 1 or one.status is None for one in own):
        return passed(call.title, f"{len(items)} items, in order", index)
    total = pointed(called.answer, page.total) if page.total else len(own)
    if total != len(own):
        return failed(call.title, f"a total of {len(own)}, as many as were created", f"{total}", index)
    due = max(0, min(most, len(own) - skip))
    if len(items) != due:
        return failed(call.title, f"{due} items at skip {skip}, limit {limit} of {len(own)}", f"{len(items)}", index)
    for place, other, _ in calls(reading, lambda one: one is call):
        between = _disagreement(called, other, call, page)
        if between:
            return failed(call.title, f"one order in every page: {between}", "another", index, place)
    return passed(call.title, f"{len(items)} items at skip {skip}, limit {limit}", index)


def _disagreement(one: Called, other: Called, call: Call, page: Page) -> str | None:
    """A place of the list that two pages of the same list fill differently."""
    if one.params != other.params or other.status not in call.status:
        return None
    first, second = pointed(one.answer, call.item) or [], pointed(other.answer, call.item) or []
    a, b = int(one.query.get(page.skip, 0)), int(other.query.get(page.skip, 0))
    for at in range(max(a, b), min(a + len(first), b + len(second))):
        if first[at - a] != second[at - b]:
            return f"item {at}"
    return None


MADE = (
    PAIR
    + """
http add-note {"room": "r1"} {"text": "a"} => 201 {"id": "n1", "room": "r1", "text": "a", "at": 1}
http add-note {"room": "r1"} {"text": "b"} => 201 {"id": "n2", "room": "r1", "text": "b", "at": 2}
"""
)
SILENT = (
    MADE
    + """
http list-notes {"room": "r1"} ?{"skip": 1, "limit": 1} => 200 {"notes": [{"id": "n2", "at": 2}], "total": 2}
"""
)
SPEAKS = (
    MADE
    + """
http list-notes {"room": "r1"} ?{"skip": 1, "limit": 1} => 200 {"notes": [], "total": 2}
"""
)
