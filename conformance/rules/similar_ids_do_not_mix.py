"""Similar ids are separate rooms, and each is a room.

Ids that share a prefix, differ in letter case, or contain a colon, a dash, a slash, a space or non-Latin letters:
where a service truncates, folds, splits or cleans ids, two rooms become one. Ids of digits, with leading zeros, or
of 24 hexadecimal digits: where a service joins a room by a number and emits to it by a string, nobody receives
anything, and where it parses them as numbers, different ids become one. An id that the service rejects with an
error is not a fault.
"""

from collections.abc import Iterator

from conformance.analysis.absence import ended_text, undelivered
from conformance.analysis.expected import Expected
from conformance.analysis.queries import silent
from conformance.analysis.reading import Reading
from conformance.analysis.room_names import refers
from conformance.model.ids import alike, form_of
from conformance.model.payload import payload_of, room_of
from conformance.model.transcript import Acked, Closed, Got, Sent
from conformance.model.verdict import Finding, Outcome, failed, unclear
from conformance.plan.likeness import likeness, ways
from contracts.model import Bundle

CLAUSE = "Each id has a room of its own."
ACTS = (likeness,)

HINT = "the service may join such an id in one form and send to it in another, for example as a number"


def subjects(bundle: Bundle) -> list[str]:
    """The ways in which two ids that the contract allows are alike; none where there are no rooms."""
    return ways(bundle.room)


def judge(reading: Reading) -> Iterator[Finding]:
    """For each pair of ids, what is sent in one at the socket that is in the other."""
    told = False
    if not reading.actors():  # Nobody was there to hear anything, whatever the ids.
        return
    for subject, first, second in alike(reading.transcript.rooms):
        for room, other in ((first, second), (second, first)):
            for finding in _judged(reading, subject, room, other, told=told):
                # Rooms that nobody hears for the form of their ids are one fault, whatever their digits.
                told = told or (finding.outcome is Outcome.FAIL and form_of(room) is not None)
                yield finding


def _judged(reading: Reading, subject: str, room: str, other: str, *, told: bool) -> Iterator[Finding]:
    found: list[Finding] = []
    due = [provocation for provocation in reading.provocations if provocation.room == room]
    for provocation in due:
        for actor in reading.actors():
            apart = reading.inside(actor, room, provocation.at_s) == "no"
            if apart and reading.inside(actor, other, provocation.at_s) != "no":
                found.append(silent(reading, actor, provocation, subject))
    # An id with a slash may not fit a path of this service; what one road shows is enough.
    seen = [finding for finding in found if finding.outcome is not Outcome.INCONCLUSIVE]
    yield from seen
    if not seen:
        yield _unheard(reading, subject, room, due, told=told)


def _unheard(reading: Reading, subject: str, room: str, due: list[Expected], *, told: bool) -> Finding:
    """What to say of a room in which nobody heard anything: a fault only where nothing was refused."""
    for provocation in due:
        members = [stay.actor for stay in reading.stays if stay.room == room]
        if any(reading.delivered(provocation, actor) for actor in members):
            return unclear(subject, f"what was heard in the room {room!r} could not be fenced", provocation.index)
    misnamed = (refers(reading, provocation, subject) for provocation in due)
    named_elsewhere = next((found for found in misnamed if found is not None), None)
    if named_elsewhere is not None:
        return named_elsewhere
    refused = _refusal(reading, room)
    if refused is not None:
        return unclear(subject, f"the service refused the id {room!r}", refused)
    proof = _proof(reading, room, due)
    ended = _ended(reading, room, due) if proof is None else None
    if ended is not None:
        return unclear(subject, f"nothing was heard in the room {room!r}: {ended_text(reading, ended)}", ended)
    if proof is None:
        return unclear(subject, f"nothing was heard in the room {room!r}: the service may not accept such an id")
    if told:
        return unclear(subject, f"nothing was heard in the room {room!r}, as in other rooms of such ids", *proof)
    expected = f"{due[0].event} of {room!r} at its members"
    got = "nothing, though no request was refused and broadcasts to other ids arrive"
    return failed(subject, expected, got, *proof, hint=HINT)


def _refusal(reading: Reading, room: str) -> int | None:
    """An error at a socket that asked for the room, or an ack of its join that is not as documented."""
    asked = {
        sent.actor: sent.ack
        for _, sent in reading.each(Sent)
        if room_of(reading.bundle, payload_of(sent.args)) == room and reading.bundle.request(sent.event)
    }
    for index, got in reading.each(Got):
        if got.actor in asked and got.event == reading.bundle.errors:
            return index
    for index, ack in reading.each(Acked):
        request = reading.bundle.request(ack.event)
        schema = request.reply.payload if request and request.reply and request.reply.ack else None
        if ack.actor in asked and ack.args and schema and not schema.is_valid(payload_of(ack.args)):
            return index
    return None


def _ended(reading: Reading, room: str, due: list[Expected]) -> int | None:
    """The end of a connection that its members, or who was to send to it, had."""
    actors = {stay.actor for stay in reading.stays if stay.room == room} | {one.sender for one in due if one.sender}
    ends = (at for at, closed in reading.each(Closed) if closed.actor in actors and closed.by != "us")
    return next(ends, None)


def _proof(reading: Reading, room: str, due: list[Expected]) -> tuple[int, ...] | None:
    """(cause, like cause in another room, what was heard of that, fence): proof that the room's own is lost."""
    for provocation in due:
        by_socket = provocation.sender is not None
        for other in reading.provocations:
            like = other.event == provocation.event and (other.sender is not None) is by_socket
            control = reading.control(other) if like and other.room != room else None
            if control is None:
                continue
            for stay in reading.stays:
                member = stay.room == room and stay.in_s <= provocation.at_s < stay.asked_out_s
                missing = undelivered(reading, provocation, stay.actor) if member else None
                if missing is not None and missing.lost:
                    return (provocation.index, other.index, control, *missing.evidence)
    return None


PREFIXED = """
ann opened a1
ann in r-1
oda opened o1
oda in r-12
http add-note {"room": "r-1"} {"text": "hello"} => 201 {}
ann <- note:added {"id": "n1", "room": "r-1", "text": "hello", "at": 1}
"""
SILENT = (
    PREFIXED
    + """
http add-note {"room": "r-12"} {"text": "other"} => 201 {}
oda <- note:added {"id": "n2", "room": "r-12", "text": "other", "at": 1}
http add-note {"room": "r-1"} {"text": "again"} => 201 {}
ann <- note:added {"id": "n3", "room": "r-1", "text": "again", "at": 1}
"""
)
SPEAKS = (
    PREFIXED
    + """
oda <- note:added {"id": "n1", "room": "r-1", "text": "hello", "at": 1}
"""
)
