"""A good request gets no error.

A value at the limit of its range, such as 0, is valid: a service that treats it as missing rejects a correct
position. Each valid payload is sent on a socket of its own and compared with a simple one that was accepted; the
field in which they differ is the one that the service does not accept. Texts with a pattern or a format are not
varied.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from conformance.analysis.answering import answering
from conformance.analysis.queries import PAIR, valid_requests
from conformance.analysis.reading import Reading
from conformance.model.payload import payload_of, room_of, same
from conformance.model.transcript import Acked, Got, Sent
from conformance.model.verdict import Finding, failed, passed, unclear
from conformance.model.wire import raw
from conformance.plan.edges import edges
from conformance.plan.requests import answers
from conformance.plan.unrepeated import restored
from contracts.model import Bundle
from contracts.schema import shown

CLAUSE = "A request that keeps its contract is not answered by an error."
ACTS = (edges, answers)

NOTHING = object()
"""Stands for a field that is not there."""


def subjects(bundle: Bundle) -> list[str]:
    """The requests, where the contract has an error event."""
    refusing = (r.event for r in bundle.requests() if bundle.errors or (r.reply and r.reply.refused))
    return list(refusing)


def judge(reading: Reading) -> Iterator[Finding]:
    """Each valid request that was the only open one of its socket, so that an error is known to answer it.

    Where the contract names how a reply says that its request was refused, that is as good as an error.
    """
    if not subjects(reading.bundle):
        return
    found = answering(reading)
    good = {index: sent for index, sent, _ in valid_requests(reading)}
    taken = _each_payload_once(reading, {i: sent for i, sent in good.items() if i not in found.possible})
    closed = _closed(reading)
    refusals: dict[str, list[_Refusal]] = defaultdict(list)
    blunt: set[str] = set()
    told: set[str] = set()
    for index, sent in good.items():
        if index in found.certain:
            room = room_of(reading.bundle, payload_of(sent.args))
            if closed.get(room, index) < index:
                yield unclear(
                    sent.event, "the subject is closed, so the service may refuse it", index, found.certain[index]
                )
                continue
            said = _compared(reading, index, sent, found.certain[index], taken)
            if isinstance(said, Finding):
                blunt.add(_error(reading, found.certain[index]))
                yield said
            else:
                refusals[sent.event].append(said)
        elif index in found.possible:
            yield unclear(sent.event, "an error came that may answer another request", index, found.possible[index])
        elif index in found.last:
            # The same payload is asked of once: a transcript can hold thousands of joins.
            look = sent.event + repr(_fields(reading, sent))
            if look not in told:
                told.add(look)
                yield _without_error(reading, index, sent)
    for event, refused in refusals.items():
        # A limit of rates or sockets hits any payload: its error says nothing of the field that one differs in.
        kept = [one for one in refused if _error(reading, one.error) not in blunt]
        for one in refused if len(kept) < len(refused) else ():
            why = "an ordinary payload got the same error: the service may limit rates or sockets"
            yield unclear(event, why, one.index, one.error)
        if kept:
            yield _told(reading, event, kept)


def _error(reading: Reading, index: int) -> str:
    """An error's payload, to tell it from others by."""
    entry = reading.entries[index]
    if isinstance(entry, Acked):
        return "an ack " + ", ".join(map(shown, raw(entry.args)))
    return shown(payload_of(entry.args)) if isinstance(entry, Got) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refusal:
    """A good request that got an error, and what sets it apart from one that got none."""

    index: int
    error: int
    control: int
    difference: tuple[tuple[str, Any], ...]

    def what(self) -> str:
        """The fields in which it differs from the one that was taken."""
        return " and ".join(f"`{n}` {shown(v)}" if v is not NOTHING else f"no `{n}`" for n, v in self.difference)


def _without_error(reading: Reading, index: int, sent: Sent) -> Finding:
    fence = reading.fence(sent.actor, sent.at_s)
    if fence is None:
        return unclear(sent.event, f"{sent.actor} received nothing that was sent later", index)
    return passed(sent.event, "no error arrived, while a later event did", index, fence)


def _compared(reading: Reading, index: int, sent: Sent, error: int, taken: Mapping[int, Sent]) -> _Refusal | Finding:
    """What sets a request that got an error apart from the one most like it that got none, if anything does."""
    alike = [(other, one) for other, one in taken.items() if one.event == sent.event]
    if not alike and isinstance(reading.entries[error], Acked) and index in _with_effect(reading):
        # An error event may be about something else; an ack is about this request, which was not refused.
        got = f"{_error(reading, error)}, and the broadcast besides"
        return failed(sent.event, "an ack that does not refuse it", got, index, error)
    if not alike:
        return unclear(sent.event, "the service also refuses the request with its simplest valid payload", index, error)
    before = reading.once(_histories)
    alike = [(other, one) for other, one in alike if before[other] == before[index]]
    if not alike:
        why = "other things had been asked for in its room, so that the service may refuse it for these"
        return unclear(sent.event, why, index, error)
    differing = [(_difference(_fields(reading, sent), _fields(reading, one)), other) for other, one in alike]
    difference, control = min(differing, key=lambda one: len(one[0]))
    if not difference:
        why = "one socket was refused a payload that another may send: the service may limit ids, users or rates"
        return unclear(sent.event, why, index, error, control)
    return _Refusal(index=index, error=error, control=control, difference=tuple(difference))


History: TypeAlias = tuple[int, frozenset[tuple[str, bool, int]]]
"""How many others had come into a room, and how often each other request had been made there: by itself, or others."""


def _histories(reading: Reading) -> dict[int, History]:
    """What had been asked for in the room of each request before it; of what names no room, by its socket alone.

    A service may refuse a request for that, as a move of whose turn it is not.
    """
    counts: dict[str | None, Counter[tuple[str, str]]] = defaultdict(Counter)
    found: dict[int, History] = {}
    for index, sent in reading.each(Sent):
        request = reading.bundle.request(sent.event)
        room = room_of(reading.bundle, payload_of(sent.args))
        so_far = counts[room]
        asked = Counter[tuple[str, bool]]()
        for (actor, event), count in so_far.items():
            if actor == sent.actor or room is not None:
                asked[event, actor == sent.actor] += count
        others = len({actor for actor, event in so_far if actor != sent.actor}) if room is not None else 0
        found[index] = others, frozenset((event, own, count) for (event, own), count in asked.items())
        if request is None or request.membership != "enter":
            so_far[sent.actor, sent.event] += 1
        else:
            so_far[sent.actor, sent.event] = 1  # A stage that is not sure of it repeats it.
    return found


def _with_effect(reading: Reading) -> frozenset[int]:
    """The requests whose broadcast came."""
    return reading.once(_effects)


def _effects(reading: Reading) -> frozenset[int]:
    return frozenset(p.index for p in reading.provocations if reading.control(p) is not None)


def _told(reading: Reading, event: str, refused: list[_Refusal]) -> Finding:
    """One finding for all the fields and values of an event that the service does not take."""
    refused.sort(key=lambda one: len(one.difference))
    single = [one.difference[0] for one in refused if len(one.difference) == 1]
    # A payload that holds a value that is refused by itself says nothing more.
    kept = [one for one in refused if len(one.difference) == 1 or not any(d in single for d in one.difference)]
    effects = _with_effect(reading)
    got: list[str] = []
    evidence: list[int] = []
    for one in kept:
        got.append(
            f"{_error(reading, one.error)} for {one.what()}"
            + (", and the broadcast besides" if one.index in effects else "")
        )
        evidence += [one.control, one.index, one.error]
    expected = (
        f"no {reading.bundle.errors or 'refusal'} for "
        + ", ".join(one.what() for one in kept)
        + ", which the contract allows"
    )
    return failed(event, expected, "; ".join(got), *evidence)


def _closed(reading: Reading) -> dict[str | None, int]:
    """The first request that closes the subject of each room."""
    found: dict[str | None, int] = {}
    for index, sent, request in valid_requests(reading):
        room = room_of(reading.bundle, payload_of(sent.args))
        if request.membership == "close" and room is not None:
            found.setdefault(room, index)
    return found


def _each_payload_once(reading: Reading, sent: Mapping[int, Sent]) -> dict[int, Sent]:
    """The first request with each payload: a transcript can hold thousands of the same."""
    found = {one.event + repr(_fields(reading, one)): index for index, one in reversed(tuple(sent.items()))}
    return {index: sent[index] for index in sorted(found.values())}


def _fields(reading: Reading, sent: Sent) -> Any:
    """The payload of a request but for its room, in objects inside it, too, and with the texts that each draws anew."""
    key = reading.bundle.room.key

    def without(value: Any) -> Any:
        return {name: without(one) for name, one in value.items() if name != key} if isinstance(value, dict) else value

    request = reading.bundle.request(sent.event)
    payload = payload_of(sent.args)
    return without(restored(reading.bundle, request, payload) if request is not None else payload)


def _difference(fields: Any, others: Any, where: str = "") -> list[tuple[str, Any]]:
    """(name, value) of each field that differs from another payload's; NOTHING for one that the other has alone."""
    if not isinstance(fields, dict) or not isinstance(others, dict):
        return [] if same(fields, others) else [(where or "payload", fields)]
    found: list[tuple[str, Any]] = []
    for name in dict.fromkeys((*fields, *others)):
        path = f"{where}.{name}" if where else name
        if name not in fields:
            found.append((path, NOTHING))
        elif name not in others:
            found.append((path, fields[name]))
        else:
            found += _difference(fields[name], others[name], path)
    return found


SILENT = (
    PAIR
    + """
ann -> pen:take {"room": "r1", "pen": "red"}
ann <- pen:taken {"room": "r1", "pen": "red"}
bob -> pen:take {"room": "r1"}
bob <- problem {"code": "NO_PEN"}
"""
)
SPEAKS = (
    PAIR
    + """
ann -> pen:take {"room": "r1", "pen": "red"}
ann <- pen:taken {"room": "r1", "pen": "red"}
bob -> pen:take {"room": "r2", "pen": "blue"}
bob <- problem {"code": "NO_PEN"}
"""
)
