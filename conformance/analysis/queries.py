"""Questions that several rules ask of a contract or a reading; each rule file keeps only its own."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Literal, TypeAlias

from conformance.analysis.absence import ended_text, undelivered, unreturned
from conformance.analysis.expected import Expected
from conformance.analysis.given import not_given
from conformance.analysis.index import following
from conformance.analysis.membership import Membership
from conformance.analysis.reading import Reading
from conformance.analysis.room_names import refers
from conformance.model.payload import payload_of, roster_of, same
from conformance.model.subject import reply_to
from conformance.model.transcript import OVER_LIMIT, Acked, AnyEntry, Called, Closed, Got, Opened, Sent
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.model.wire import is_refusal
from conformance.plan.payloads import invalid_payload, is_number
from conformance.plan.stimulus import caused_broadcasts, owed_broadcasts, room_broadcasts
from contracts.form import REMEMBERED
from contracts.model import Bundle, Call, Request
from contracts.replies import Reply

PAIR = """
ann opened a1 user=ua token=own
bob opened b1 user=ub token=own
ann in r1
bob in r1
"""
"""How most scripts begin: two members of one room."""

TRIO = PAIR + "oda opened o1 user=uo token=own\noda in r2\n"
"""Two members of one room and a member of another."""

LATER = """
@9.0 ann -> who {"room": "r1"} #8
ann <= who #8 {"room": "r1", "sockets": [], "count": 0}
ann -> who {"room": "r1"} #9
ann <= who #9 {"room": "r1", "sockets": [], "count": 0}
"""
"""Two questions, put after every deadline and one after the other: the first answer shows that all that the socket
sent before has been read, and the second, the fence, that all that was sent to it has arrived."""

EndedBy = Literal["leave", "close", "call", "disconnect"]


def room_events(bundle: Bundle) -> list[str]:
    """The names of the broadcasts to rooms that a documented cause provokes."""
    return [broadcast.event for broadcast in room_broadcasts(bundle)]


def shared_events(bundle: Bundle) -> list[str]:
    """The names of the broadcasts that a documented cause provokes: to rooms, to everyone, to whom a field names."""
    return [broadcast.event for broadcast in caused_broadcasts(bundle)]


def owed_events(bundle: Bundle) -> list[str]:
    """The same with those that the requester alone receives."""
    return [broadcast.event for broadcast in owed_broadcasts(bundle)]


def stored_broadcasts(bundle: Bundle) -> list[str]:
    """Broadcasts of what a call creates, where it can be read back."""
    create, read_one = bundle.by_role("create"), bundle.by_role("read")
    return [create.broadcast] if create and create.broadcast and read_one else []


def request_names(bundle: Bundle) -> list[str]:
    """The names of the events that are emitted to the service: by clients, or by peer services alone."""
    return [event.name for event in bundle.events.values() if event.request]


def asked_for(bundle: Bundle) -> list[str]:
    """The names of the requests that are answered."""
    return [request.event for request in bundle.requests() if request.reply]


def ended_by(reading: Reading, stay: Membership) -> EndedBy | None:
    """What ended a stay."""
    for entry in reading.once(_by_time).get(stay.asked_out_s, ()):
        if isinstance(entry, Sent) and entry.actor == stay.actor:
            request = reading.bundle.request(entry.event)
            if request and request.membership in ("leave", "close"):
                return "leave" if request.membership == "leave" else "close"
        if isinstance(entry, Called):
            return "call"
        if isinstance(entry, Closed) and entry.actor == stay.actor:
            return "disconnect"
    return None


def _by_time(reading: Reading) -> dict[float, list[AnyEntry]]:
    found: dict[float, list[AnyEntry]] = defaultdict(list)
    for entry in reading.entries:
        found[entry.at_s].append(entry)
    return found


def silence_after(reading: Reading, how: EndedBy, subject: str) -> Iterator[Finding]:
    """That a socket whose stay ended in that way hears the room no more."""
    for stay in reading.stays:
        if ended_by(reading, stay) != how:
            continue
        for provocation in reading.provocations:
            later = provocation.room == stay.room and provocation.at_s >= stay.out_s
            if later and reading.inside(stay.actor, stay.room, provocation.at_s) == "no":
                yield silent(reading, stay.actor, provocation, subject)


def silent(reading: Reading, actor: str, provocation: Expected, subject: str) -> Finding:
    """The finding on one socket that must not hear one broadcast."""
    said = reading.silence(provocation, actor)
    match said.kind:
        case "leak":
            expected = f"nothing of {provocation.place} at {actor}"
            return failed(subject, expected, f"its {provocation.event}", provocation.index, *said.evidence)
        case "unproven":
            about = "" if provocation.event in said.why else f"{provocation.event}: "
            return refers(reading, provocation, subject) or unclear(subject, about + said.why, provocation.index)
        case "silent":
            return passed(subject, f"{actor} stayed without it, and {said.why}", provocation.index, *said.evidence)


def owed_to(reading: Reading, actor: str, provocation: Expected, subject: str) -> Finding:
    """The finding on one socket that must hear one broadcast."""
    got = reading.delivered(provocation, actor)
    if got:
        return passed(subject, f"{actor} received {provocation.event}", provocation.index, got[0])
    control = reading.control(provocation)
    if control is None:
        why = reading.why_unheard(provocation)
        return refers(reading, provocation, subject) or unclear(subject, why, provocation.index)
    missing = undelivered(reading, provocation, actor)
    if not missing.lost:
        return unclear(subject, f"{provocation.event}: {missing.why}", provocation.index, *missing.evidence)
    expected = f"{provocation.event} of {provocation.room!r} at {actor}, a member of the room"
    if provocation.audience is not None:
        expected = f"{provocation.event} to {provocation.place}, at {actor}"
    got_text = "nothing, while others received it"
    return failed(subject, expected, got_text, provocation.index, control, *missing.evidence)


def refusals(reading: Reading) -> frozenset[int]:
    """The acks and named replies that say that their request was refused."""
    return reading.once(_refusals)


def _refusals(reading: Reading) -> frozenset[int]:
    return frozenset(
        index for kind in (Acked, Got) for index, one in reading.each(kind) if is_refusal(reading.bundle, one)
    )


def answer_to(reading: Reading, index: int, request: Request, *, surely: bool = False) -> int | None:
    """The entry that answers a request: its ack, or else the named event at the requester for the same room.

    Args:
        surely: not an event that may as well be the late answer to an earlier request.
    """
    sent = reading.entries[index]
    if not isinstance(sent, Sent) or request.reply is None:
        return None
    acked = reading.index.ack(sent, index)
    if acked is not None:
        return acked
    asked = payload_of(sent.args)
    room = asked.get(reading.bundle.room.key) if isinstance(asked, dict) else None
    answers = reading.index.heard_of(sent.actor, request.reply.event, room) if request.reply.event else ()
    if surely:
        # Like requests before this one were answered before it: by their acks, or by so many events.
        alike = reading.index.alike[index]
        if bisect_left(answers, index) < alike.before and alike.acked > index:
            return None
    return following(answers, index)


ARRIVAL_RULE = "broadcast-arrives"
"""The rule that tells of a broadcast that is missing where others of the same cause came."""


def had_effect(reading: Reading, provocation: Expected) -> bool:
    """Whether another broadcast of the same cause was received."""
    alike = reading.once(_by_cause)[provocation.index]
    return any(other.key != provocation.key and reading.control(other) is not None for other in alike)


def _by_cause(reading: Reading) -> dict[int, list[Expected]]:
    found: dict[int, list[Expected]] = {}
    for one in reading.provocations:
        found.setdefault(one.index, []).append(one)
    return found


Asked: TypeAlias = tuple[int, Sent, Request]
"""An event that was emitted, with its entry and what the contract says of it."""


def valid_requests(reading: Reading, *, replied: bool = False) -> Iterator[Asked]:
    """The documented requests that were emitted with a payload that the contract allows."""
    valid, _ = reading.once(_requests)
    return iter(valid) if not replied else (one for one in valid if one[2].reply)


def invalid_requests(reading: Reading) -> Iterator[Asked]:
    """The documented requests that were emitted with a payload that the contract forbids."""
    _, invalid = reading.once(_requests)
    return iter(invalid)


def _requests(reading: Reading) -> tuple[list[Asked], list[Asked]]:
    """The documented requests that were emitted: those with valid payloads, and the others.

    One that names what the service may know nothing of is neither.
    """
    valid: list[Asked] = []
    invalid: list[Asked] = []
    unsure = not_given(reading.bundle, reading.entries)
    for index, sent in reading.each(Sent):
        request = reading.bundle.request(sent.event)
        if request is None:
            continue
        if not request.payload.is_valid(payload_of(sent.args)):
            invalid.append((index, sent, request))
        elif index not in unsure:
            valid.append((index, sent, request))
    return valid, invalid


def offenders_of(reading: Reading) -> frozenset[str]:
    """The actors that did what a service may end a connection for: sent what no contract allows, showed a bad token."""
    return reading.once(_offenders)


def _offenders(reading: Reading) -> frozenset[str]:
    opened = [entry for _, entry in reading.each(Opened)]
    on_purpose = any(entry.token not in ("own", "none") for entry in opened)
    unshown = {entry.actor for entry in opened if on_purpose and entry.token != "own"}
    unknown = {sent.actor for _, sent in reading.each(Sent) if reading.bundle.request(sent.event) is None}
    return frozenset({sent.actor for _, sent, _ in invalid_requests(reading)} | unknown | unshown)


def innocent_end(reading: Reading) -> int | None:
    """The end of a connection over which nothing bad was sent: where there is one, bad requests are not the cause."""
    offenders = offenders_of(reading)
    ends = (index for index, closed in reading.each(Closed) if closed.by != "us" and closed.actor not in offenders)
    return next(ends, None)


def survived(reading: Reading, label: str, actor: str, index: int) -> Finding:
    """The finding on whether a connection outlived the bad request at `index`."""
    at_s = reading.entries[index].at_s
    ended = next((place for place, closed in reading.each(Closed) if closed.actor == actor and closed.by != "us"), None)
    fence = reading.fence(actor, at_s)
    if ended is None and fence is not None:
        return passed(label, "the socket heard something later", index, fence)
    if ended is None or reading.entries[ended].at_s < at_s:
        return unclear(label, f"{actor} received nothing that was sent later", index)
    other = innocent_end(reading)
    if other is not None:
        why = "connections over which nothing bad was sent were ended, too"
        return unclear(label, why, index, ended, other)
    if reading.maybe_ours(ended):
        return unclear(label, "its connection ended while Roomcheck's event loop was stalled", index, ended)
    return failed(label, "a connection that stays open", ended_text(reading, ended), index, ended)


def is_answered_by_error(reading: Reading, sent: Sent, request: Request) -> bool:
    """Whether the contract documents that this very payload is answered by the error event."""
    payload, key = payload_of(sent.args), reading.bundle.room.key
    if isinstance(payload, dict) and request.form is not None and request.form.room_at == REMEMBERED:
        # The room that the socket remembers is none of its fields.
        payload = {name: value for name, value in payload.items() if name != key}
    room = payload.get(key) if isinstance(payload, dict) else None
    moved, number = room if isinstance(room, str) else "", room if is_number(room) else None
    return any(
        invalid.answer == "error" and same(payload, invalid_payload(reading.bundle, invalid, moved, number))
        for invalid in request.examples.invalid
    )


def replies(reading: Reading) -> Iterator[tuple[int, Got | Acked, str, Reply]]:
    """(index, entry, subject, what the contract says of it) of every documented reply that carries something.

    An ack of an invalid request is none: what a service acknowledges those with is its own affair. Neither is one that
    says that its request was refused.
    """
    refused = refusals(reading)
    named = reading.bundle.reply_names()
    asked = {(sent.actor, sent.ack): sent for _, sent in reading.each(Sent)}
    for index, entry in enumerate(reading.entries):
        if isinstance(entry, Got) and entry.event in named:
            request = named[entry.event]
            if request.reply and reading.bundle.broadcast(entry.event) is None and index not in refused:
                yield index, entry, reply_to(request.event), request.reply
        elif isinstance(entry, Acked) and entry.args:
            sent = asked.get((entry.actor, entry.ack))
            by_ack = reading.bundle.request(entry.event)
            valid = by_ack is not None and sent is not None and by_ack.payload.is_valid(payload_of(sent.args))
            if valid and by_ack and by_ack.reply and by_ack.reply.ack and index not in refused:
                yield index, entry, reply_to(entry.event), by_ack.reply


def unexplained(reading: Reading, actor: str, since_s: float, event: str) -> list[int]:
    """Each `event` that an actor received since then and that no documented cause explains.

    What goes to others than one room may come of another act, and what comes by a schedule of nothing that is seen.
    """
    broadcast = reading.bundle.broadcast(event)
    if broadcast is not None and (not broadcast.to_room or broadcast.causes.is_unseen):
        return []
    return [
        index
        for index in reading.index.heard.get((actor, event), ())
        if reading.entries[index].at_s >= since_s and index not in reading.explained and index not in reading.doubtful
    ]


def calls(reading: Reading, fits: Callable[[Call], bool]) -> Iterator[tuple[int, Called, Call]]:
    """The HTTP exchanges of an act, by kind of call."""
    for index, called in reading.each(Called):
        call = reading.bundle.calls.get(called.call)
        if call and fits(call):
            yield index, called, call


TOO_MANY = 429
"""The status of a call that a service did not take because there were too many (RFC 6585 §4)."""


def not_taken(reading: Reading, index: int, called: Called, call: Call) -> Finding | None:
    """What to say of a call that was turned away for its token or its rate: nothing else can be said of it."""
    refusal = reading.bundle.refusal
    if refusal and called.status == refusal.http_status:
        hint = "give a token: --token or --jwt-key"
        return unclear(call.title, "the service refused the call for its token", index, hint=hint)
    return not_handled(reading, index, called, call.title)


def not_handled(reading: Reading, index: int, called: Called, subject: str) -> Finding | None:
    """What to say of a call that may not have been handled: there were too many, or no answer came in time."""
    if called.status == TOO_MANY:
        return unclear(subject, "the service limits the rate of calls", index)
    if called.status is None and OVER_LIMIT in str(called.answer):
        return unclear(subject, str(called.answer), index)
    if called.status is None and not (late := unreturned(reading, index)).lost:
        return unclear(subject, late.why, index, *late.evidence)
    return None


def roster_replies(reading: Reading) -> Iterator[tuple[int, int, Sent, Any]]:
    """(request's index, reply's index, request, payload) of every roster that was asked for with an ack."""
    return iter(reading.once(_roster_replies))


def _roster_replies(reading: Reading) -> list[tuple[int, int, Sent, Any]]:
    found: list[tuple[int, int, Sent, Any]] = []
    request = reading.bundle.roster_request()
    if request is None:
        return found
    for index, sent, asked in valid_requests(reading, replied=True):
        if asked.event != request.event:
            continue
        answer = answer_to(reading, index, asked, surely=True)
        entry = reading.entries[answer] if answer is not None else None
        if answer is not None and isinstance(entry, Acked | Got):
            found.append((index, answer, sent, payload_of(entry.args)))
    return found


def listed_sockets(reading: Reading, reply: Any) -> list[tuple[str | None, str | None]]:
    """(socket, user) of each member that a roster reply lists."""
    request = reading.bundle.roster_request()
    if request is None or request.reply is None or request.reply.roster is None:
        return []
    return roster_of(request.reply.roster, reply)


def token_hint(place: str) -> str:
    """What to do where a service refuses the token that it should take, which stood in that place."""
    usual = "give tokens that it takes: --token, --jwt-key, or [auth] of the settings"
    if not place:
        return usual
    return (
        f"{usual}; the token was shown in {place}: where the service reads it elsewhere, set token_in of [auth] to "
        "auth.NAME, query.NAME, header.NAME or cookie.NAME, or describe the event in token_event"
    )
