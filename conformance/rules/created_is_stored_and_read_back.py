"""What was created is stored and read back.

Every resource whose creation was confirmed is in the list, with the fields of the confirmation. Otherwise clients
show a message that is gone after the next reload.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, calls
from conformance.analysis.reading import Reading
from conformance.model.payload import same
from conformance.model.transcript import Called
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.delivery import pages
from contracts.model import Bundle, Call
from contracts.pointer import pointed
from contracts.schema import shown

CLAUSE = "A confirmed message is persisted and can be read."
ACTS = (pages,)


def subjects(bundle: Bundle) -> list[str]:
    """The call that creates, where there is one that lists."""
    create = bundle.by_role("create")
    return [create.title] if create and bundle.by_role("list") else []


def judge(reading: Reading) -> Iterator[Finding]:
    """Each confirmed creation against all that was listed after the last of them."""
    create, listing = reading.bundle.by_role("create"), reading.bundle.by_role("list")
    if create is None or listing is None:
        return
    field = (create.id or "/id").rpartition("/")[2]
    made = [(i, c) for i, c, _ in calls(reading, lambda one: one is create) if c.status in create.status]
    lists = [(i, c) for i, c, _ in calls(reading, lambda one: one is listing) if c.status in listing.status]
    for room in dict.fromkeys(called.params.get(reading.bundle.room.key) for _, called in made):
        own = [(i, c) for i, c in made if c.params.get(reading.bundle.room.key) == room]
        last_s = max(called.done_s for _, called in own)
        after = [(i, c) for i, c in lists if c.at_s >= last_s and c.params.get(reading.bundle.room.key) == room]
        if not after:
            continue
        items = [item for _, called in after for item in pointed(called.answer, listing.item) or []]
        stored = {item[field]: item for item in items if isinstance(item, dict) and isinstance(item.get(field), str)}
        totals = [pointed(c.answer, listing.page.total or "/") for _, c in after] if listing.page else []
        whole = any(isinstance(total, int) and len(stored) >= total for total in totals)
        for index, called in own:
            item = pointed(called.answer, create.item)
            fields = item if isinstance(item, dict) else {}
            name = fields.get(field)
            if name in stored:
                unlike = [key for key in fields if key in stored[name] and not same(fields[key], stored[name][key])]
                if unlike:
                    expected = f"`{unlike[0]}` {shown(fields[unlike[0]])}"
                    got = f"{shown(stored[name][unlike[0]])} in the list"
                    yield failed(create.title, expected, got, index, after[0][0])
                else:
                    yield passed(create.title, "it is in the list as it was confirmed", index, after[0][0])
            elif whole or (not stored and any(_is_first(c, listing) for _, c in after)):
                yield failed(create.title, f"{shown(name)} in the list", "a list without it", index, after[0][0])
            else:
                yield unclear(create.title, "not every page was read", index)


def _is_first(called: Called, listing: Call) -> bool:
    """Whether a list was asked for from its beginning: a page beyond the end is empty, rightly."""
    return listing.page is None or not called.query.get(listing.page.skip)


MADE = (
    PAIR
    + """
http add-note {"room": "r1"} {"text": "hello"} => 201 {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
SILENT = (
    MADE
    + """
http list-notes {"room": "r1"} => 200 {"notes": [{"id": "n1", "room": "r1", "text": "hello", "at": 1}], "total": 1}
"""
)
SPEAKS = (
    MADE
    + """
http list-notes {"room": "r1"} => 200 {"notes": [], "total": 0}
"""
)
