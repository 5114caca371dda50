"""As many events as are documented are taken, and what goes above that ends as documented.

A client that keeps below the limit has to be served. One that exceeds it must not mistake the consequence for a
lost connection: it waits for an error, expects silence, or connects again, as the documents say.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from conformance.analysis.absence import ended_text
from conformance.analysis.queries import PAIR, answer_to, refusals
from conformance.analysis.reading import Reading
from conformance.model.payload import payload_of
from conformance.model.transcript import Acked, Closed, Sent
from conformance.model.verdict import Finding, Outcome, failed, passed, unclear
from conformance.plan.limits import rates
from contracts.limits import Limit
from contracts.model import Bundle

CLAUSE = (
    "A socket may send as many events a second as are documented; more are dropped, refused, or end the connection."
)
ACTS = (rates,)

SPREAD_S = 2.0
"""Within which what was sent at once has to have come to the service, so that more than the limit came in a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Burst:
    """Events of one socket that a limit counts, all sent within its time, and what became of them, by entries."""

    actor: str
    sent: tuple[int, ...]
    taken: tuple[int, ...]
    errors: tuple[int, ...]
    ended: int | None
    """The end of the connection, by the service."""
    later: int | None
    """What came of an event that was sent later."""


def subjects(bundle: Bundle) -> list[str]:
    """Each limit."""
    return [limit.title for limit in bundle.limits]


def judge(reading: Reading) -> Iterator[Finding]:
    """The sockets that sent as many events as a limit allows, where another sent more, and that other."""
    for limit in reading.bundle.limits:
        bursts = [burst for actor in reading.actors() if (burst := _burst(reading, limit, actor))]
        above = [burst for burst in bursts if len(burst.sent) > limit.count]
        found = [_sooner(reading, limit, burst) or _above(reading, limit, burst) for burst in above]
        yield from found
        for burst in bursts if above else ():
            finding = _below(reading, limit, burst) if len(burst.sent) == limit.count else None
            # That what is allowed was taken does not outweigh that the rest could not be seen.
            if finding and not (finding.outcome is Outcome.PASS and found[0].outcome is Outcome.INCONCLUSIVE):
                yield finding


def _burst(reading: Reading, limit: Limit, actor: str) -> _Burst | None:
    """The most events of a socket within the time of a limit."""
    own = [(at, one) for at, one in reading.each(Sent) if one.actor == actor and limit.covers(one.event)]
    windows = [
        [at for at, one in own[first:] if one.at_s < began.at_s + limit.window_s]
        for first, (_, began) in enumerate(own)
    ]
    most = max(windows, key=len, default=[])
    if not most or _is_otherwise_limited(reading, limit, most) or not all(_is_valid(reading, at) for at in most):
        return None
    ends = (at for at, closed in reading.each(Closed) if closed.actor == actor and closed.by != "us" and at > most[0])
    answers = {at: _answer(reading, at) for at in most}
    errors = reading.bundle.errors
    told = [at for at in reading.index.heard.get((actor, errors), ()) if at > most[0]] if errors else []
    after = (_answer(reading, at)[0] for at, _ in own if at > most[-1])
    return _Burst(
        actor=actor,
        sent=tuple(most),
        taken=tuple(taken for taken, _ in answers.values() if taken is not None),
        errors=(*told, *(refused for _, refused in answers.values() if refused is not None)),
        ended=next(ends, None),
        later=next((taken for taken in after if taken is not None), None),
    )


def _is_otherwise_limited(reading: Reading, limit: Limit, burst: list[int]) -> bool:
    """Whether a burst goes above another limit as well, of fewer events."""
    names = [sent.event for at in burst if isinstance(sent := reading.entries[at], Sent)]
    return any(
        sum(map(other.covers, names)) > other.count and other.count <= limit.count
        for other in reading.bundle.limits
        if other is not limit
    )


def _is_valid(reading: Reading, index: int) -> bool:
    sent = reading.entries[index]
    request = reading.bundle.request(sent.event) if isinstance(sent, Sent) else None
    return isinstance(sent, Sent) and request is not None and request.payload.is_valid(payload_of(sent.args))


def _answer(reading: Reading, index: int) -> tuple[int | None, int | None]:
    """The entry that shows that an event was taken, and the one that shows that it was refused."""
    sent = reading.entries[index]
    request = reading.bundle.request(sent.event) if isinstance(sent, Sent) else None
    answer = answer_to(reading, index, request) if request is not None and request.reply else None
    said = reading.entries[answer] if answer is not None else None
    reply = request.reply if request is not None else None
    # An ack that is not as documented is taken for a refusal, too.
    is_odd = isinstance(said, Acked) and reply is not None and not reply.payload.is_valid(payload_of(said.args))
    if is_odd or answer in refusals(reading):
        return None, answer
    heard = (reading.control(one) for one in reading.provocations if one.index == index)
    return (answer if answer is not None else next((at for at in heard if at is not None), None)), None


def _below(reading: Reading, limit: Limit, burst: _Burst) -> Finding:
    """The finding on a socket that sent as much as it may."""
    subject, most = limit.title, limit.count
    expected = f"{most} of {most} events to be taken, which is what the limit allows"
    if len(burst.taken) == len(burst.sent):
        return passed(subject, f"{burst.actor} sent {most} events at once, and all were taken", *_ends(burst.taken))
    if burst.ended is not None:
        if reading.maybe_ours(burst.ended):
            return unclear(subject, "a connection ended while Roomcheck's event loop was stalled", burst.ended)
        return failed(subject, expected, ended_text(reading, burst.ended), *_ends(burst.sent), burst.ended)
    if burst.later is None and not burst.errors:
        return unclear(subject, f"nothing shows what became of the events of {burst.actor}", *_ends(burst.sent))
    got = f"{len(burst.taken)} were taken" + (", and errors came" if burst.errors else "")
    shown = [*burst.errors[:1], *((burst.later,) if burst.later is not None else ())]
    return failed(subject, expected, got, *_ends(burst.sent), *shown)


def _above(reading: Reading, limit: Limit, burst: _Burst) -> Finding:
    """The finding on a socket that sent more than it may."""
    subject, count = limit.title, len(burst.sent)
    what = f"{burst.actor} sent {count} events at once"
    began_s = reading.entries[burst.sent[0]].at_s
    ended_s = max((reading.entries[at].at_s for at in (*burst.taken, *burst.errors)), default=began_s)
    allowed = limit.count * (2 + int((ended_s - began_s) / limit.window_s))
    if burst.ended is not None:
        return _hung_up(reading, limit, burst, what)
    if burst.later is None:
        return unclear(subject, f"{what}, and nothing shows what became of them", *_ends(burst.sent))
    shown = (*_ends(burst.sent), *_ends(burst.taken), burst.later)
    if len(burst.taken) > allowed or (len(burst.taken) == count > 2 * limit.count and ended_s - began_s < SPREAD_S):
        return failed(subject, _expected(limit), f"{len(burst.taken)} of {count} were taken", *shown)
    if len(burst.taken) == count:
        return unclear(subject, f"{what}, all were taken, and they may have come to the service in more time", *shown)
    if limit.then == "hang-up":
        return failed(
            subject, _expected(limit), f"{len(burst.taken)} of {count} were taken, and it stayed open", *shown
        )
    if limit.then == "error" and not burst.errors:
        return failed(subject, _expected(limit), f"{len(burst.taken)} of {count} were taken, and no error came", *shown)
    if limit.then == "dropped" and burst.errors:
        return failed(subject, _expected(limit), "errors", *shown, burst.errors[0])
    return passed(subject, f"{what}: {len(burst.taken)} were taken, and the rest were not", *shown)


def _sooner(reading: Reading, limit: Limit, burst: _Burst) -> Finding | None:
    """What to say of a connection that another limit ends sooner than documented, which is told of that limit."""
    for other in reading.bundle.limits if burst.ended is not None and limit.then != "hang-up" else ():
        if other.then == "hang-up" and all(map(other.covers, limit.events or ("",))):
            allowed = (_burst(reading, other, actor) for actor in reading.actors())
            ends = (one.ended for one in allowed if one and one.ended is not None and len(one.sent) == other.count)
            end = next(ends, None)
            if end is not None:
                why = f"connections are ended below the limit of {other.title}"
                return unclear(limit.title, why, burst.sent[-1], end)
    return None


def _hung_up(reading: Reading, limit: Limit, burst: _Burst, what: str) -> Finding:
    ended = burst.ended if burst.ended is not None else burst.sent[-1]
    if limit.then == "hang-up":
        return passed(limit.title, f"{what}, and {ended_text(reading, ended)}", burst.sent[-1], ended)
    if reading.maybe_ours(ended):
        return unclear(limit.title, "a connection ended while Roomcheck's event loop was stalled", ended)
    return failed(limit.title, _expected(limit), ended_text(reading, ended), burst.sent[-1], ended)


def _expected(limit: Limit) -> str:
    match limit.then:
        case "dropped":
            return f"what goes above {limit.title} to be dropped"
        case "error":
            return f"an error for what goes above {limit.title}"
        case "hang-up":
            return f"the connection to be ended above {limit.title}"


def _ends(entries: tuple[int, ...]) -> tuple[int, ...]:
    """The first and the last of some entries."""
    return (entries[0], entries[-1]) if entries else ()


def _moves(actor: str, sent: int, heard: int) -> str:
    """A burst of an actor, of which bob hears some."""
    values = [f'"room": "r1", "x": {number}' for number in range(sent)]
    lines = [f"{actor} -> cursor:move {{{value}}}" for value in values]
    told = [f'bob <- cursor:moved {{{value}, "user": "u{actor[0]}"}}' for value in values[:heard]]
    return "\n".join(lines + told) + "\n"


BUNDLE = "example-more"
BRIM = PAIR + "eve opened e1 user=ue token=own\neve in r1\n" + _moves("ann", 2, 2)
LATER = """
@2 eve -> cursor:move {"room": "r1", "x": 99.5}
bob <- cursor:moved {"room": "r1", "x": 99.5, "user": "ue"}
"""
SILENT = BRIM + _moves("eve", 5, 2) + LATER
SPEAKS = BRIM + _moves("eve", 5, 5) + LATER
