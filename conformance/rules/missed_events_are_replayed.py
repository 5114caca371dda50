"""Who comes back soon after its connection was lost is sent what it missed, once.

A service with connection state recovery restores the id and the rooms of a client that reconnects in time, and
sends it the events that it missed. Clients that rely on it do not ask for them, and do not join again: what is not
replayed is lost, and so is all that comes later where the rooms are not restored.
"""

from collections.abc import Iterator

from conformance.analysis.absence import undelivered
from conformance.analysis.queries import PAIR
from conformance.analysis.reading import Reading
from conformance.model.payload import same
from conformance.model.transcript import Closed, Got, Opened
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.plan.recovery import recovery
from contracts.model import Bundle

CLAUSE = "A client that comes back in time after a lost connection is sent the events that it missed."
ACTS = (recovery,)
SUBJECT = "connection state recovery"


def subjects(bundle: Bundle) -> list[str]:
    """One subject, where the contract promises it."""
    return [SUBJECT] if bundle.recovery else []


def judge(reading: Reading) -> Iterator[Finding]:
    """Each socket that resumed another's session."""
    for index, back in reading.each(Opened):
        before = next((one for _, one in reading.each(Opened) if one.actor == back.resumes), None)
        lost = next(((at, one) for at, one in reading.each(Closed) if one.actor == back.resumes), None)
        if back.resumes and before is not None and lost is not None:
            yield from _resumed(reading, index, back, before, *lost)


def _resumed(
    reading: Reading, index: int, back: Opened, before: Opened, ended: int, closed: Closed
) -> Iterator[Finding]:
    promised = reading.bundle.recovery
    away_s = back.at_s - closed.at_s
    if promised is not None and away_s >= promised.within_s:
        yield unclear(SUBJECT, f"it came back after {away_s:.1f} s, and may within {promised.within_s:g} s", index)
    elif back.offset == "":
        yield unclear(SUBJECT, "before the loss nothing came that a client could resume from", ended)
    elif closed.by != "us":
        yield unclear(SUBJECT, "the service ended the connection before it was to be lost", ended)
    elif back.socket != before.socket:
        yield failed(SUBJECT, f"the session of {before.socket}", f"a new one, {back.socket}", ended, index)
    else:
        yield from _replayed(reading, index, back, ended)
        yield from _still_in(reading, back)


def _replayed(reading: Reading, index: int, back: Opened, ended: int) -> Iterator[Finding]:
    """What others heard while it was away, and what it heard once it was back."""
    told = [(place, got) for place, got in reading.each(Got) if _to_a_room(reading, got)]
    heard = [(place, got) for place, got in told if got.actor == back.actor]
    others = [(place, got) for place, got in told if got.actor not in (back.actor, back.resumes)]
    for place, missed in others:
        if not ended < place < index:
            continue
        alike = [at for at, got in heard if _alike(got, missed)]
        # Something else that came to the room shows that the connection had brought what was to come before.
        later = [at for at, got in heard if at not in alike and any(_alike(got, other) for _, other in others)]
        if len(alike) == 1:
            yield passed(SUBJECT, f"{missed.event} was sent again", place, alike[0])
        elif alike:
            yield failed(SUBJECT, f"{missed.event} once", f"it {len(alike)} times", place, *alike)
        elif not later:
            yield unclear(SUBJECT, f"nothing shows whether {missed.event} was sent again", place, index)
        else:
            expected = f"{missed.event}, which the room heard while it was away"
            yield failed(SUBJECT, expected, "what came later alone", place, later[0])


def _still_in(reading: Reading, back: Opened) -> Iterator[Finding]:
    """What its rooms were told once it was back."""
    for provocation in reading.provocations:
        if not provocation.broadcast.to_room or provocation.broadcast.volatile or provocation.at_s < back.at_s:
            continue
        control = reading.control(provocation, but=back.actor)
        got = reading.delivered(provocation, back.actor)
        if got or control is None or provocation.spares(back.actor):
            continue
        missing = undelivered(reading, provocation, back.actor)
        if missing.lost:
            expected = f"{provocation.event} of the room that its session was in"
            yield failed(
                SUBJECT, expected, "nothing, while others received it", provocation.index, control, *missing.evidence
            )
        else:
            why = f"{provocation.event} once it was back: {missing.why}"
            yield unclear(SUBJECT, why, provocation.index, *missing.evidence)


def _to_a_room(reading: Reading, got: Got) -> bool:
    """Whether an event was sent to a room, to be sent again to who missed it: volatile ones are sent once at most."""
    broadcast = reading.bundle.broadcast(got.event)
    return broadcast is not None and broadcast.to_room and not broadcast.volatile


def _alike(left: Got, right: Got) -> bool:
    return left.event == right.event and same(left.args, right.args)


AWAY = (
    PAIR
    + """
bob closed us
ann <- pen:taken {"room": "r1", "pen": "red"}
back opened b1 resumes=bob
"""
)
SILENT = (
    AWAY
    + """
back <- pen:taken {"room": "r1", "pen": "red"}
back <- pen:taken {"room": "r1", "pen": "blue"}
ann <- pen:taken {"room": "r1", "pen": "blue"}
"""
)
SPEAKS = (
    AWAY
    + """
back <- pen:taken {"room": "r1", "pen": "blue"}
ann <- pen:taken {"room": "r1", "pen": "blue"}
"""
)
