"""Every documented request has its effect.

Socket.IO drops an event without a handler, and reports nothing. Where a request was ignored, similar names are
tried, and the finding says which of them works.
"""

import re
from collections.abc import Collection, Container, Iterator
from typing import Any

from conformance.analysis.absence import TIMES_SLOWEST, heard_by_nobody, unanswered
from conformance.analysis.answering import answering
from conformance.analysis.expected import Expected
from conformance.analysis.membership import Membership
from conformance.analysis.queries import (
    ARRIVAL_RULE,
    LATER,
    PAIR,
    answer_to,
    had_effect,
    listed_sockets,
    refusals,
    request_names,
    roster_replies,
    valid_requests,
)
from conformance.analysis.reading import Reading
from conformance.analysis.room_names import refers, unheard
from conformance.model.payload import payload_of
from conformance.model.transcript import Acked, Got, Opened, Sent
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.audience import assembly
from conformance.plan.delivery import chorus
from conformance.plan.edges import edges
from conformance.plan.naming import naming
from conformance.plan.requests import PROBE, answers
from conformance.plan.rooms import closing, leaving, other_ways_in
from contracts.free_texts import open_texts
from contracts.model import Request

CLAUSE = "A documented request has its documented effect: a broadcast, an answer, or a change of membership."
PLAIN_ID = re.compile("[A-Za-z0-9-]+")
"""Ids in the form of those that every service takes; others it may refuse."""
ACTS = (chorus, assembly, answers, leaving, closing, other_ways_in, edges, naming)
subjects = request_names


def judge(reading: Reading) -> Iterator[Finding]:
    """Broadcasts, answers and memberships that requests ask for."""
    yield from _broadcasts(reading)
    asked = list(valid_requests(reading, replied=True))
    answers = {index: answer_to(reading, index, request) for index, _, request in asked}
    known = frozenset(sent.event for index, sent, _ in asked if answers[index] is not None)
    refused = answering(reading).refused if len(known) < len({sent.event for _, sent, _ in asked}) else {}
    for index, sent, request in asked:
        answer = answers[index]
        if answer is not None and answer in refusals(reading):
            yield unclear(sent.event, "the service refused it: see good-request-gets-no-error", index, answer)
        elif answer is not None:
            yield passed(sent.event, "it was answered", index, answer)
        elif sent.ack is not None and not sent.early:  # Before that the service may not have been listening.
            yield _unanswered(
                reading,
                (index, sent),
                request,
                elsewhere=sent.event in known,
                refused=(sent.actor, sent.event) in refused,
            )
    for stay in reading.stays:
        yield from _entered(reading, stay)
        yield from _left(reading, stay)
    yield from _probed(reading)


def _broadcasts(reading: Reading) -> Iterator[Finding]:
    for provocation in reading.provocations:
        sent = reading.entries[provocation.index]
        if not isinstance(sent, Sent):
            continue
        got = reading.control(provocation)
        got = got if got is not None else reading.renamed(provocation)
        refusal, misnamed = reading.refusal(provocation), refers(reading, provocation, sent.event)
        if got is not None:
            yield passed(sent.event, "it had its effect", provocation.index, got)
        elif misnamed is not None:
            yield misnamed
        elif had_effect(reading, provocation):
            yield unclear(sent.event, f"{provocation.event} did not come of it: see {ARRIVAL_RULE}", provocation.index)
        elif not list(reading.members(provocation)):
            yield unclear(sent.event, "no socket was known to be in the room to see its effect", provocation.index)
        elif refusal is not None:
            yield _refused(reading, provocation, sent, refusal)
        elif reading.closed(provocation.room, provocation.at_s):
            yield unclear(sent.event, "the subject is closed, so the service may ignore it", provocation.index)
        elif (missing := heard_by_nobody(reading, provocation)).lost:
            silent = "nothing: it was ignored"
            yield unheard(reading, provocation, sent.event, provocation.event, silent, *missing.evidence)
        else:
            yield unclear(sent.event, f"{provocation.event}: {missing.why}", provocation.index, *missing.evidence)


def _refused(reading: Reading, provocation: Expected, sent: Sent, refusal: int) -> Finding:
    """The finding on a request of which nothing came but an error."""
    if reading.closed(provocation.room, provocation.at_s):
        return unclear(sent.event, "the subject is closed, so the service may refuse it", provocation.index, refusal)
    if _names_outsiders(reading, provocation):
        why = "it names a socket that is not known to be in the room, so the service may refuse it"
        return unclear(sent.event, why, provocation.index, refusal)
    if provocation.broadcast.volatile:
        why = "its effect may be lost, and the error another's"
        return unclear(sent.event, why, provocation.index, refusal)
    alike = [p for p in reading.provocations if p.event == provocation.event]
    if any(reading.control(other) is not None for other in alike):
        return unclear(sent.event, "the service refused it with this payload", provocation.index, refusal)
    state = _may_be_refused(reading, sent, provocation.room)
    if state is not None:
        return unclear(sent.event, state, provocation.index, refusal)
    return failed(sent.event, "its effect", "an error", provocation.index, refusal)


def _may_be_refused(reading: Reading, sent: Sent, room: str | None) -> str | None:
    """What a service may have refused a request for, that is no matter of its form."""
    request = reading.bundle.request(sent.event)
    # Where the contract says what a request names, its texts name nothing else.
    told = request is None or request.given or reading.bundle.addresses(request)
    texts = () if request is None or told else open_texts(reading.bundle, request)
    ids = {one for _, opened in reading.each(Opened) for one in (opened.socket, opened.user) if one}
    named = (other for _, other in reading.each(Sent) if (other.actor, other.event) == (sent.actor, sent.event))
    if texts and not any(_names_one_of(payload_of(other.args), texts, ids) for other in named):
        return "a text in it may have to name somebody, so that the service may refuse it"
    # Of those that ask at a time the service may take any first.
    own_s = min((one.in_s for one in reading.stays if (one.actor, one.room) == (sent.actor, room)), default=0.0)
    if any(one.room == room and one.actor != sent.actor and one.asked_in_s < own_s for one in reading.stays):
        return "others may have come into the room before it, so that the service may refuse it"
    return None


def _names_one_of(payload: Any, texts: Collection[str], ids: Container[str]) -> bool:
    """Whether all of these fields that a payload has are ids of sockets or users."""
    found = [payload[name] for name in texts if name in payload] if isinstance(payload, dict) else []
    return bool(found) and all(value in ids for value in found)


def _names_outsiders(reading: Reading, provocation: Expected) -> bool:
    """Whether a request about a room says who receives what comes of it, and that is no member of the room."""
    causes = [one for one in reading.provocations if one.index == provocation.index]
    rooms = {one.room for one in causes if one.broadcast.to_room}
    named = {actor for one in causes if one.audience is not None for actor in one.audience.named}
    return any(reading.inside(actor, room, provocation.at_s) != "yes" for room in rooms for actor in named)


def _unanswered(
    reading: Reading, asked: tuple[int, Sent], request: Request, *, elsewhere: bool, refused: bool
) -> Finding:
    """The finding on a request that got no answer.

    Args:
        elsewhere: others of its name were answered.
        refused: one of its name and socket was surely answered by an error.
    """
    index, sent = asked
    room = str(payload_of(sent.args).get(reading.bundle.room.key))
    errors = reading.bundle.errors
    error = reading.index.heard_after(sent.actor, errors, index) if errors else None
    if reading.closed(room, sent.at_s):
        return unclear(sent.event, "the subject is closed, so the service may refuse it", index)
    if error is not None and (elsewhere or not PLAIN_ID.fullmatch(room)):
        return unclear(sent.event, f"the service refused it for {room!r}", index, error)
    named = request.reply.event if request.reply else None
    expected = "an ack" + (f" or {named}" if named else "")
    if refused and error is not None:
        return failed(sent.event, expected, "an error", index, error)
    missing = unanswered(reading, index, request.deadline_ms)
    if not missing.lost:
        return unclear(sent.event, f"no answer: {missing.why}", index, *missing.evidence)
    return failed(sent.event, expected, "no answer", index, *missing.evidence)


def _request_behind(reading: Reading, actor: str, at_s: float) -> tuple[int, Sent] | None:
    return next(((i, s) for i, s in reading.each(Sent) if s.actor == actor and s.at_s == at_s), None)


def _entered(reading: Reading, stay: Membership) -> Iterator[Finding]:
    behind = _request_behind(reading, stay.actor, stay.asked_in_s)
    if behind is None or stay.in_s == float("inf"):
        return
    index, sent = behind
    if stay.sure:
        yield passed(sent.event, f"{stay.actor} is a member", index)
        return
    sockets = {entry.socket for _, entry in reading.each(Opened) if entry.actor == stay.actor}
    roster = reading.bundle.roster_request()
    if roster is None:
        yield unclear(sent.event, "whether the socket became a member could not be seen", index)
        return
    first_s: float | None = None
    if stay.room in reading.unheard_ids:
        yield unclear(sent.event, f"no room with ids such as {stay.room!r} is heard", index)
        return
    for asked, reply, roster_sent, payload in roster_replies(reading):
        of_room = isinstance(payload_of(roster_sent.args), dict) and stay.room in payload_of(roster_sent.args).values()
        absent = not any(socket in sockets for socket, _ in listed_sockets(reading, payload))
        if not of_room or not absent or roster_sent.actor != stay.actor or roster_sent.at_s < stay.asked_in_s:
            continue
        # The first answer shows that the join before it has been taken; from then on it has a deadline.
        first_s = reading.entries[reply].at_s if first_s is None else first_s
        waited_s = roster_sent.at_s - first_s - reading.stalled_s(first_s, roster_sent.at_s)
        took_s = reading.entries[reply].at_s - roster_sent.at_s
        if waited_s >= max(reading.deadline_s(roster.deadline_ms), TIMES_SLOWEST * took_s):
            yield failed(sent.event, "the socket in the room", "a roster without it", index, asked, reply)
            return
    yield unclear(sent.event, "whether the socket became a member could not be seen", index)


def _left(reading: Reading, stay: Membership) -> Iterator[Finding]:
    behind = _request_behind(reading, stay.actor, stay.asked_out_s)
    if behind is None:
        return
    index, sent = behind
    own = [other for other in reading.stays if (other.actor, other.room) == (stay.actor, stay.room)]
    # Who comes back hears the room again, rightly.
    back_s = min((other.asked_in_s for other in own if other.asked_in_s >= stay.out_s), default=float("inf"))
    after = [p for p in reading.provocations if p.room == stay.room and stay.out_s <= p.at_s and p.due_s < back_s]
    heard = [reading.delivered(p, stay.actor)[0] for p in after if reading.delivered(p, stay.actor)]
    if heard:
        yield failed(sent.event, "the socket out of the room", "its broadcasts still", index, heard[0])
    elif any(reading.control(p, but=stay.actor) is not None for p in after):
        yield passed(sent.event, "the socket no longer receives the room's broadcasts", index)


def _probed(reading: Reading) -> Iterator[Finding]:
    """Acts that try other names for a request that was ignored."""
    event = reading.transcript.act.removeprefix(PROBE)
    request = reading.bundle.request(event)
    if request is None or event == reading.transcript.act:
        return
    for index, sent in reading.each(Sent):
        if sent.event in reading.bundle.events or not isinstance(payload_of(sent.args), dict):
            continue
        room = payload_of(sent.args).get(reading.bundle.room.key)
        for place, entry in enumerate(reading.entries):
            answered = isinstance(entry, Acked) and entry.ack == sent.ack and bool(payload_of(entry.args))
            named = isinstance(entry, Got) and reading.of_room(entry, str(room))
            effect = named if request.reply is None else answered and entry.actor == sent.actor
            if place > index and effect:
                hint = f"the service uses the name {sent.event!r}"
                yield failed(event, f"its effect under the name {event!r}", hint, index, place, hint=hint)
                break


SILENT = (
    PAIR
    + """
ann -> pen:take {"room": "r1", "pen": "red"}
bob <- pen:taken {"room": "r1", "pen": "red"}
ann -> who {"room": "r1"} #1
ann <= who #1 {"room": "r1", "sockets": [], "count": 0}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> pen:take {"room": "r1", "pen": "red"}
ann -> who {"room": "r1"} #1
"""
    + LATER
)
