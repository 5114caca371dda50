"""A bad request has no effect.

A position beyond the poles, a status that does not exist, a request that names no room: what a service passes on
unchecked, every client in the room has to handle. Judged for every invalid example of the contract, in every room
of the act, in the rooms that a missing id turns into (`undefined`, `null`), and by what an observer saw sent.
Replacing a bad value by a good one is an effect, too. Where only an optional field is bad, a service may accept the
rest.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from conformance.analysis.absence import undelivered
from conformance.analysis.effects import Effect, effects_of
from conformance.analysis.expected import Expected
from conformance.analysis.membership import Membership
from conformance.analysis.queries import PAIR, invalid_requests, valid_requests
from conformance.analysis.reading import Reading
from conformance.model.ids import SPOILT
from conformance.model.payload import payload_of, room_of, same
from conformance.model.transcript import Got, Observed, Sent
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.invalid import invalid_requests as invalid_requests_act
from conformance.plan.payloads import is_number
from contracts.model import Bundle, Request
from contracts.schema import Schema, shown

CLAUSE = "A request that breaks its contract has no effect."
ACTS = (invalid_requests_act,)


def subjects(bundle: Bundle) -> list[str]:
    """Requests that have an effect on a room."""
    return [request.event for request in bundle.requests() if request.broadcast or request.membership]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offence:
    """A bad request that had an effect."""

    what: str
    """What is bad about it."""
    effect: str
    evidence: tuple[int, ...]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each bad request; of one that is no object another rule tells whether it was passed on."""
    effects = effects_of(reading)
    offences: dict[str, list[_Offence]] = defaultdict(list)
    for index, sent, request in invalid_requests(reading):
        payload = payload_of(sent.args)
        if request.membership is not None:
            said = list(_membership(reading, index, sent, request))
        elif request.broadcast and isinstance(payload, dict):
            said = list(_relayed(reading, index, sent, request, effects.get(index, ())))
        else:
            continue
        offences[sent.event] += [one for one in said if isinstance(one, _Offence)]
        yield from (one for one in said if isinstance(one, Finding))
    for event, found in offences.items():
        if not found:
            continue
        expected = "no effect of a request with " + ", ".join(dict.fromkeys(one.what for one in found))
        got = "; ".join(dict.fromkeys(one.effect for one in found))
        yield failed(event, expected, got, *(place for one in found for place in one.evidence))


def _relayed(
    reading: Reading, index: int, sent: Sent, request: Request, effects: tuple[Effect, ...]
) -> Iterator[Finding | _Offence]:
    """Whether a bad request was passed on: by what carries its values."""
    if not effects:
        yield from _unheard(reading, index, sent)
        return
    first, payload = effects[0], payload_of(sent.args)
    entry = reading.entries[first.index]
    effect = payload_of(entry.args) if isinstance(entry, Got | Observed) else None
    what = _fault(request, payload)
    if not first.certain:
        yield unclear(
            sent.event,
            "a broadcast like its own was received, but another request may have caused it",
            index,
            first.index,
        )
    elif _spared(request, payload, effect):
        yield unclear(sent.event, f"{what}: the service took the rest of the request", index, first.index)
    else:
        yield _Offence(what=what, effect=_heard(reading, first.index), evidence=(index, first.index))


def _fault(request: Request, payload: object) -> str:
    """What is bad about a payload, in words."""
    problem = request.payload.explain(payload)
    if problem is None:
        return "an invalid payload"
    if problem.keyword == "required":
        return f"no {problem.expected.removeprefix('the field ')}"
    return f"{f'`{problem.path}`' if problem.path else 'the payload'} {problem.got} ({problem.keyword})"


def _spared(request: Request, payload: object, effect: object) -> bool:
    """Whether an optional field alone is bad, and was left out of the effect: a service may ignore it."""
    if not isinstance(payload, dict):
        return False
    shapes, required = request.payload.properties(), request.payload.document.get("required", ())
    optional = [name for name in payload if isinstance(shapes.get(name), dict) and name not in required]
    bad = [name for name in optional if not Schema(shapes[name]).is_valid(payload[name])]
    rest = {name: value for name, value in payload.items() if name not in bad}
    told = effect if isinstance(effect, dict) else {}
    passed_on = any(name in told and same(told[name], payload[name]) for name in bad)
    return bool(bad) and request.payload.is_valid(rest) and not passed_on


def _heard(reading: Reading, index: int) -> str:
    """An effect, and where it was heard or seen."""
    entry = reading.entries[index]
    if not isinstance(entry, Got | Observed):
        return "an effect"
    what = f"{entry.event} {shown(payload_of(entry.args))}"
    if isinstance(entry, Observed):
        return f"{what}, sent to {', '.join(entry.rooms)}"
    asked = [stay.room for stay in reading.stays if stay.actor == entry.actor]
    spoilt = [shown(room) for room in asked if room in SPOILT]
    return f"{what}, heard in the room of {' and '.join(spoilt)}" if spoilt else what


def _unheard(reading: Reading, index: int, sent: Sent) -> Iterator[Finding]:
    """What to say of a bad request without an effect: a good one after it shows that one would have been heard."""
    good = [p for p in reading.provocations if _cause(reading, p) == sent.event]
    for provocation in good:
        heard = reading.control(provocation, but=sent.actor)
        heard = heard if heard is not None else reading.renamed(provocation)
        if provocation.at_s >= sent.at_s and heard is not None:
            yield passed(
                sent.event, "it had no effect, while a later valid request had", index, provocation.index, heard
            )
            return
    if good:
        yield unclear(
            sent.event, "no valid request after it had an effect either, so a missing effect proves nothing", index
        )


def _cause(reading: Reading, provocation: Expected) -> str | None:
    entry = reading.entries[provocation.index]
    return entry.event if isinstance(entry, Sent) else None


def _membership(reading: Reading, index: int, sent: Sent, request: Request) -> Iterator[Finding | _Offence]:
    """Whether a bad request made its sender a member, or ended its membership: by what it hears of the room later."""
    payload = payload_of(sent.args)
    what = _fault(request, payload)
    named = payload.get(reading.bundle.room.key) if isinstance(payload, dict) else payload
    entering = request.membership == "enter"
    stays = [stay for stay in reading.stays if stay.actor == sent.actor]
    own = {stay.room for stay in stays if stay.in_s < sent.at_s}
    # Where no room is named, it may have become a member of any.
    asked = {str(named)} if is_number(named) or (isinstance(named, str) and named) else None
    rooms = (asked or {provocation.room for provocation in reading.provocations}) - own if entering else own
    if not entering:  # Who had asked to leave before, may be out by then.
        rooms = {stay.room for stay in stays if stay.in_s < sent.at_s <= stay.asked_out_s}
    for provocation in reading.provocations:
        if provocation.audience is not None or provocation.room not in rooms or provocation.at_s < sent.at_s:
            continue
        heard = reading.delivered(provocation, sent.actor)
        if entering and heard and _explained(reading, stays, sent, provocation.room, heard[0]):
            continue
        if heard and not entering:
            yield passed(sent.event, "its sender's membership is as before", index, heard[0])
        elif heard and _spared(request, payload, None):
            yield unclear(sent.event, f"{what}: the service took the rest of the request", index, heard[0])
        elif heard:
            effect = f"its sender hears the room {provocation.room!r}"
            yield _Offence(what=what, effect=effect, evidence=(index, heard[0]))
        elif entering:
            silence = reading.silence(provocation, sent.actor)
            if silence.kind == "silent":
                yield passed(sent.event, "its sender's membership is as before", index, silence.evidence[0])
        else:
            evidence = _lost(reading, provocation, sent.actor)
            if evidence is not None:
                effect = f"its sender hears the room {provocation.room!r} no more"
                yield _Offence(what=what, effect=effect, evidence=(index, *evidence))


def _lost(reading: Reading, provocation: Expected, actor: str) -> tuple[int, ...] | None:
    """What shows that a broadcast is missing at a member, as others heard it; None where it need not have come."""
    if provocation.spares(actor) or not reading.is_distinct(provocation):
        return None
    if reading.control(provocation, but=actor) is None:
        return None
    missing = undelivered(reading, provocation, actor)
    return missing.evidence if missing.lost else None


def _explained(reading: Reading, stays: Iterable[Membership], bad: Sent, room: str, heard: int) -> bool:
    """Whether a valid join of the same socket explains what it hears: some are confirmed by nothing else."""
    heard_s = reading.entries[heard].at_s
    joins_s = [
        sent.at_s
        for _, sent, request in valid_requests(reading)
        if request.membership == "enter"
        and (sent.actor, room_of(reading.bundle, payload_of(sent.args))) == (bad.actor, room)
    ]
    # A membership begins with the first join that names the room, be it the bad one.
    return any(
        stay.room == room
        and stay.asked_in_s < heard_s < stay.out_s
        and (stay.asked_in_s != bad.at_s or any(bad.at_s <= at_s < heard_s for at_s in joins_s))
        for stay in stays
    )


SILENT = (
    PAIR
    + """
ann -> pen:take {"room": "r1", "pen": "purple"}
ann <- problem {"code": "NO_PEN"}
ann -> pen:take {"room": "r1", "pen": "red"}
bob <- pen:taken {"room": "r1", "pen": "red"}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> pen:take {"room": "r1", "pen": "purple"}
bob <- pen:taken {"room": "r1", "pen": "purple"}
"""
)
