"""A connection stays open while valid requests are sent over it.

The finding says who closed the connection and why: the service, with a packet, a close frame or neither; or the
client library, because the service sent something that it cannot parse, or did not send the pings that the
handshake announces. What was requested over such a connection is judged by no other rule.
"""

from collections.abc import Iterator

from conformance.analysis.promises import effect_of
from conformance.analysis.queries import PAIR, offenders_of, valid_requests
from conformance.analysis.reading import Reading
from conformance.model.transcript import OVER_LIMIT, Closed, Got, Opened, Sent
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.delivery import chorus
from conformance.plan.rooms import several
from contracts.model import Bundle

CLAUSE = "The service ends no connection that keeps to the protocol."
ACTS = (chorus, several)
SUBJECT = "connection"

RATE_S = 1.0
MOST_PER_S = 10
"""Events of one socket within a second: a service whose contract states no `limits` may end the connection of who sends
more for its rate. What waits for answers sends fewer."""

FLOODED = "connection that is sent too much"
LESS = "check the service for a loop; what it sends on purpose has to stay below these limits to be checked"

HASTE = "connection of who sends fast"
"""What is said of such a connection has a subject of its own: that others stayed open does not outweigh it."""

ASKED = "connection of who is asked for an ack"
"""A service may put out who answers otherwise than its clients do, where nobody says what that is."""


def subjects(bundle: Bundle) -> list[str]:
    """One subject."""
    return [SUBJECT]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each connection that was not ended by ourselves, and those that stayed open and were used."""
    ended = {closed.actor for _, closed in reading.each(Closed)}
    offenders = offenders_of(reading)
    for index, closed in reading.each(Closed):
        if closed.by != "us" and closed.actor not in offenders:
            yield _ended(reading, index, closed)
    for index, opened in reading.each(Opened):
        used = reading.arrivals(opened.actor)
        if opened.actor not in ended and used:
            yield passed(SUBJECT, f"the connection of {opened.actor} stayed open", index, used[-1][0])


def _unsaid(reading: Reading, actor: str, until: int) -> tuple[str, int] | None:
    """The first event whose ack was asked of a client, though no contract says what it has to answer."""
    answers = reading.bundle.answers
    for place, got in reading.each(Got):
        if place < until and got.actor == actor and got.ack is not None and got.event not in answers:
            return got.event, place
    return None


def _lately(reading: Reading, index: int, closed: Closed) -> int:
    """How many events of a socket were sent, or had their effects, within the last second of its connection.

    A busy service takes events later than they are sent, and more of them within a second.
    """
    sent_s = {place: sent.at_s for place, sent in reading.each(Sent) if sent.actor == closed.actor and place < index}
    if len(sent_s) > MOST_PER_S:
        for place, sent, request in valid_requests(reading):
            effect = effect_of(reading, place, sent, request) if place in sent_s else None
            if effect is not None and effect < index:
                sent_s[place] = max(sent.at_s, reading.entries[effect].at_s)
    return sum(closed.at_s - at_s <= RATE_S for at_s in sent_s.values())


def _ended(reading: Reading, index: int, closed: Closed) -> Finding:
    own = [place for place, sent in reading.each(Sent) if sent.actor == closed.actor and place < index]
    lately = _lately(reading, index, closed)
    who = "the client library" if closed.by == "client" else "the service"
    reason = f" ({closed.reason})" if closed.reason else ""
    got = f"{who} ended the connection of {closed.actor} in the middle of valid requests{reason}"
    seen = (*own[-1:], index)
    if closed.reason.startswith(OVER_LIMIT):
        return unclear(FLOODED, f"Roomcheck ended the connection of {closed.actor}{reason}", *seen, hint=LESS)
    if reading.maybe_ours(index):
        return unclear(SUBJECT, f"{got}, while Roomcheck's event loop was stalled", *seen)
    unsaid = _unsaid(reading, closed.actor, index)
    if closed.by == "service" and unsaid is not None:
        event, place = unsaid
        why = f"{got}: it had asked it for an ack of {event}, and the contract does not say what clients answer"
        return unclear(ASKED, why, place, index, hint=f"state what clients answer in `answer` of {event}")
    if closed.by == "service" and lately > MOST_PER_S and not reading.bundle.limits:
        why = (
            f"{got}: {lately} events of it were sent or had their effects in its last second, which a service may limit"
        )
        return unclear(HASTE, why, *seen, hint="if it does, state it in `limits` of the bundle: a check keeps below it")
    within = " while its client keeps below the documented limits" if reading.bundle.limits else ""
    return failed(SUBJECT, f"a connection that stays open{within}", got, *seen)


USED = (
    PAIR
    + """
ann -> pen:take {"room": "r1", "pen": "red"}
bob <- pen:taken {"room": "r1", "pen": "red"}
"""
)
SILENT = USED
SPEAKS = USED + "ann closed service transport closed without a close frame\n"
