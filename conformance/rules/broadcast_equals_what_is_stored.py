"""The broadcast equals what is stored.

Who was connected and who reads it later see the same message.
"""

from collections.abc import Iterator

from conformance.clauses import PAIR, calls, stored_broadcasts
from conformance.model import Finding, Got, failed, passed
from conformance.pairing import same
from conformance.plan.delivery import stored
from conformance.presence import payload_of
from conformance.reading import Reading
from contracts.model import pointed
from contracts.schema import shown

CLAUSE = "A message is persisted, and that message is broadcast."
ACTS = (stored,)
subjects = stored_broadcasts


def judge(reading: Reading) -> Iterator[Finding]:
    """Each resource that was read against the broadcast with its id."""
    create = reading.bundle.by_role("create")
    if create is None or create.broadcast is None:
        return
    field = (create.id or "/id").rpartition("/")[2]
    for index, called, call in calls(reading, lambda one: one.role in ("read", "list", "create")):
        if called.status not in call.status:
            continue
        item = pointed(called.answer, create.item if call.role == "create" else call.item)
        for one in item if isinstance(item, list) else [item]:
            if isinstance(one, dict):
                yield from _compared(reading, index, one, create.broadcast, field)


def _compared(reading: Reading, index: int, item: dict[str, object], event: str, field: str) -> Iterator[Finding]:
    for place, got in reading.each(Got):
        payload = payload_of(got.args)
        if got.event != event or not isinstance(payload, dict) or payload.get(field) != item.get(field):
            continue
        unlike = [name for name in item if name in payload and not same(item[name], payload[name])]
        if unlike:
            name = unlike[0]
            expected = f"`{name}` {shown(item[name])} as it is stored"
            yield failed(event, expected, f"{shown(payload[name])} in the broadcast", place, index)
        else:
            yield passed(event, "broadcast and store agree", place, index)


SILENT = (
    PAIR
    + """
http add-note {"room": "r1"} {"text": "hello"} => 201 {"id": "n1", "room": "r1", "text": "hello", "at": 1}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
http read-note {"id": "n1"} => 200 {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
SPEAKS = (
    PAIR
    + """
http add-note {"room": "r1"} {"text": "hello"} => 201 {"id": "n1", "room": "r1", "text": "hello", "at": 1}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 2}
http read-note {"id": "n1"} => 200 {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
