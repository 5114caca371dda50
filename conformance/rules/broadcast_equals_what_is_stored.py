"""The broadcast equals what is stored.

Clients that were connected and clients that load the history later must show the same message.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from conformance.analysis.queries import PAIR, calls, stored_broadcasts
from conformance.analysis.reading import Reading
from conformance.model.payload import payload_of, same
from conformance.model.transcript import Got
from conformance.model.verdict import Finding, failed, passed
from conformance.plan.delivery import stored
from contracts.pointer import pointed
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
    told = _told(reading, create.broadcast, field)
    for index, called, call in calls(reading, lambda one: one.role in ("read", "list", "create")):
        if called.status not in call.status:
            continue
        item = pointed(called.answer, create.item if call.role == "create" else call.item)
        for one in item if isinstance(item, list) else [item]:
            if isinstance(one, dict):
                yield from _compared(index, one, create.broadcast, told.get(repr(one.get(field)), ()))


def _told(reading: Reading, event: str, field: str) -> dict[str, list[tuple[int, dict[str, object]]]]:
    """The payloads of the broadcasts, by the id of what they tell of."""
    found: dict[str, list[tuple[int, dict[str, object]]]] = defaultdict(list)
    for place, got in reading.each(Got):
        payload = payload_of(got.args)
        if got.event == event and isinstance(payload, dict):
            found[repr(payload.get(field))].append((place, payload))
    return found


def _compared(
    index: int, item: dict[str, object], event: str, told: Iterable[tuple[int, dict[str, object]]]
) -> Iterator[Finding]:
    for place, payload in told:
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
