"""A retired request neither stores nor broadcasts.

What is created over HTTP alone must not be created by a socket: it would bypass what HTTP checks.
"""

from collections.abc import Iterator

from conformance.clauses import PAIR, calls, unexplained
from conformance.model import Called, Finding, Got, Sent, failed, passed, unclear
from conformance.plan.delivery import forgeries
from conformance.presence import payload_of
from conformance.reading import Reading
from contracts.model import Bundle, Retired, pointed

CLAUSE = "What is created over HTTP alone is not created by a socket: the retired name stores and broadcasts nothing."
ACTS = (forgeries,)


def subjects(bundle: Bundle) -> list[str]:
    """The names that clients used to emit."""
    return [retired.event for retired in bundle.retired if retired.direction == "client_to_server"]


def judge(reading: Reading) -> Iterator[Finding]:
    """After a client emitted it, nobody hears of it and no list has it."""
    for index, sent in reading.each(Sent):
        for retired in reading.bundle.retired:
            if retired.event == sent.event and retired.direction == "client_to_server":
                yield _judged(reading, index, sent, retired)


def _judged(reading: Reading, index: int, sent: Sent, retired: Retired) -> Finding:
    call = reading.bundle.calls.get(retired.stand_in_call or "")
    others = [actor for actor in reading.actors() if actor != sent.actor]
    payload = payload_of(sent.args)
    texts = {payload.get(name) for name in call.texts} if call and isinstance(payload, dict) else set()
    for actor in others:
        for heard in unexplained(reading, actor, sent.at_s, call.broadcast or "") if call else ():
            entry = reading.entries[heard]
            said = payload_of(entry.args) if isinstance(entry, Got) else None
            if isinstance(said, dict) and texts & {value for value in said.values() if isinstance(value, str)}:
                return failed(retired.event, f"nothing; the way is {retired.instead}", "a broadcast", index, heard)
    for place, called, listing in calls(reading, lambda one: one.role == "list"):
        items = pointed(called.answer, listing.item)
        stored = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        if called.at_s >= sent.at_s and any(
            texts & {v for v in item.values() if isinstance(v, str)} for item in stored
        ):
            return failed(
                retired.event, f"nothing; the way is {retired.instead}", "what it carried in the list", index, place
            )
    fence = next((found for actor in others if (found := reading.fence(actor, sent.at_s)) is not None), None)
    if fence is None:
        return unclear(retired.event, "nobody received anything that was sent later", index)
    listed = any(isinstance(entry, Called) and entry.at_s >= sent.at_s for entry in reading.entries)
    seen = "nobody heard of it, and a later event arrived" + (", and no list has it" if listed else "")
    return passed(retired.event, seen, index, fence)


SILENT = (
    PAIR
    + """
ann -> note:send {"room": "r1", "text": "hello"}
ann -> pen:take {"room": "r1", "pen": "red"}
bob <- pen:taken {"room": "r1", "pen": "red"}
http list-notes {"room": "r1"} => 200 {"notes": [], "total": 0}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> note:send {"room": "r1", "text": "hello"}
bob <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
"""
)
