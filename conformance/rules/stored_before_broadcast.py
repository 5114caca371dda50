"""A message is stored before it is broadcast.

A client that receives the message can read it at once. A service that broadcasts before it stores loses the message
where storing fails, though everybody has seen it.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, calls, stored_broadcasts
from conformance.analysis.reading import Reading
from conformance.model.payload import payload_of
from conformance.model.transcript import Got
from conformance.model.verdict import Finding, failed, passed
from conformance.plan.delivery import stored

CLAUSE = "The broadcast comes after the message was persisted."
ACTS = (stored,)
subjects = stored_broadcasts


def judge(reading: Reading) -> Iterator[Finding]:
    """Each read of an id that a broadcast had just told."""
    create = reading.bundle.by_role("create")
    if create is None or create.broadcast is None:
        return
    field = (create.id or "/id").rpartition("/")[2]
    for index, called, call in calls(reading, lambda one: one.role == "read"):
        told = next(
            (
                place
                for place, got in reading.each(Got)
                if got.event == create.broadcast
                and got.at_s <= called.at_s
                and isinstance(payload_of(got.args), dict)
                and payload_of(got.args).get(field) in called.params.values()
            ),
            None,
        )
        if told is None:
            continue
        if called.status in call.status:
            yield passed(create.broadcast, "it could be read when its broadcast arrived", told, index)
        elif called.status == call.missing:
            yield failed(
                create.broadcast, "to read it as soon as its broadcast arrives", f"{called.status}", told, index
            )


SILENT = (
    PAIR
    + """
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
http read-note {"id": "n1"} => 200 {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
SPEAKS = (
    PAIR
    + """
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
http read-note {"id": "n1"} => 404 {"error": "no such note"}
"""
)
