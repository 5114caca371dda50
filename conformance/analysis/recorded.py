"""A transcript that was recorded, as contracts speak of it; and what is not certain in one.

A recording shows what passed the proxy and nothing else: other clients may have been connected past it, values in it
need not be unique, and no clause was played to its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

import msgspec

from conformance.analysis.reading import Reading
from conformance.model.payload import payload_of, room_of
from conformance.model.transcript import Acked, AnyEntry, Called, Closed, Got, Marked, Opened, Sent, Transcript
from conformance.model.verdict import Finding
from conformance.model.wire import is_refusal, read_wire
from contracts.model import Broadcast, Bundle, Call
from contracts.parts import in_namespaces, parts_of

Doubt: TypeAlias = Callable[[Reading, Finding], str]
"""Why a failure that a rule finds in a recording may be none; empty where it is one."""

COVERED = "(secret)"
"""What stands in a journal in place of a secret."""


def certain(_: Reading, __: Finding) -> str:
    """The doubt of a rule whose failures are certain: what passed is all that it judges by."""
    return ""


def prepared(bundle: Bundle, transcript: Transcript) -> list[Transcript]:
    """A recorded transcript for each part of the contracts that is of its namespace: none where no contract has it.

    Calls have the names of contracts, and the memberships that were seen are marked.
    """
    parts = [part for part in parts_of(bundle) if in_namespaces(transcript.namespace, (part.namespace,))]
    made = []
    for part in parts:
        others = {name for other in parts for name in other.events if name not in part.events}
        own = msgspec.structs.replace(transcript, entries=tuple(_of_part(part, others, transcript.entries)))
        entries = tuple(_marked(part, zip(own.entries, read_wire(part, own).entries, strict=True)))
        rooms = dict.fromkeys(entry.room for entry in entries if isinstance(entry, Marked))
        made.append(msgspec.structs.replace(transcript, part=part.part, entries=entries, rooms=tuple(rooms)))
    return made


def _of_part(part: Bundle, others: set[str], entries: tuple[AnyEntry, ...]) -> Iterator[AnyEntry]:
    for entry in entries:
        match entry:
            case Sent() | Got() | Acked() if entry.event in others:
                continue
            case Called():
                yield named(part, entry)
            case Opened() if entry.token == "shown":
                # The service took it.
                yield msgspec.structs.replace(entry, token="own")
            case _:
                yield entry


def named(bundle: Bundle, called: Called) -> Called:
    """A call under the name that contracts have for it, with the parameters of its path."""
    fitting = [
        (sum(part.startswith(":") for part in call.path.split("/")), call, params)
        for call in bundle.calls.values()
        if call.method == called.method
        and call.trigger is None
        and (params := params_of(call, called.path)) is not None
    ]
    if not fitting:
        return called
    _, call, params = min(fitting, key=lambda one: one[0])
    token = "own" if called.token == "shown" else called.token
    return msgspec.structs.replace(called, call=call.name, path=call.path, params=dict(params), token=token)


def params_of(call: Call, path: str) -> Mapping[str, str] | None:
    """The parameters of a call's path in an address; None where it is of another call."""
    wanted, given = call.path.strip("/").split("/"), path.strip("/").split("/")
    if len(wanted) != len(given):
        return None
    found = {}
    for part, value in zip(wanted, given, strict=True):
        if part.startswith(":"):
            if not value:
                return None
            found[part[1:]] = value
        elif part != value:
            return None
    return found


def _marked(bundle: Bundle, entries: Iterable[tuple[AnyEntry, AnyEntry]]) -> Iterator[AnyEntry]:
    """The entries with the memberships that they show: assumed until something of the room is heard.

    Args:
        entries: each as it was recorded, and with payloads in place of its arguments.
    """
    asked: dict[tuple[str, int], tuple[str, str]] = {}
    for recorded, entry in entries:
        yield recorded
        match entry:
            case Sent():
                request, room = bundle.request(entry.event), room_of(bundle, payload_of(entry.args))
                if request is None or room is None or request.membership is None:
                    continue
                if entry.ack is not None:
                    asked[entry.actor, entry.ack] = (request.membership, room)
                if request.membership == "enter" and request.payload.is_valid(payload_of(entry.args)):
                    yield Marked(at_s=entry.at_s, actor=entry.actor, mark="in", room=room, how="assumed")
            case Acked() if (entry.actor, entry.ack) in asked:
                membership, room = asked.pop((entry.actor, entry.ack))
                request = bundle.request(entry.event)
                reply = request.reply if request is not None else None
                told = reply is not None and reply.ack and reply.payload.is_valid(payload_of(entry.args))
                if told and membership == "leave" and not is_refusal(bundle, entry):
                    yield Marked(at_s=entry.at_s, actor=entry.actor, mark="out", room=room, how="ack")
            case Closed():
                asked = {key: value for key, value in asked.items() if key[0] != entry.actor}


def identity_of(bundle: Bundle, broadcast: Broadcast) -> str | None:
    """The field by which deliveries of a broadcast are known: the id that the call which causes it answers with."""
    for call in bundle.calls.values():
        if call.id is not None and broadcast.event in call.broadcasts:
            return call.id.rpartition("/")[2] or None
    return None


def of_one_session(reading: Reading, finding: Finding) -> str:
    """The doubt of a rule that counts what a socket asked for: one that resumes a session has asked before."""
    actors = {reading.entries[index].actor for index in finding.evidence}
    resumed = any(opened.actor in actors and opened.resumes for _, opened in reading.each(Opened))
    return "the connection resumed a session, and may receive what was asked for in that one" if resumed else ""


def of_a_member(reading: Reading, finding: Finding) -> str:
    """The doubt of a rule about a broadcast that nobody received: whether there was anyone to receive it."""
    for provocation in reading.provocations:
        if finding.evidence and provocation.index == finding.evidence[0] and provocation.event == finding.subject:
            receivers = {reading.entries[index].actor for index in finding.evidence[1:]}
            if receivers & set(reading.members(provocation)):
                return ""
    return "nobody was seen to be owed it"


def of_a_permitted_call(reading: Reading, finding: Finding) -> str:
    """The doubt of a rule about answers: a service may refuse what a client asks for, and a client may hang up."""
    for index in finding.evidence:
        called = reading.entries[index]
        if isinstance(called, Called) and called.status is None:
            return "the connection ended before the call was answered, and by whom cannot be told"
        call = reading.bundle.calls.get(called.call) if isinstance(called, Called) else None
        refused = isinstance(called, Called) and 400 <= (called.status or 0) < 500
        if isinstance(called, Called) and refused and call is not None and called.status not in call.status:
            return f"the service refused the call with {called.status}; whether it had a reason cannot be told"
    return ""


def holds_secret(reading: Reading, finding: Finding) -> bool:
    """Whether what a finding rests on was covered in part: what the payload was cannot be told any more."""
    return COVERED in finding.got or any(_covered(reading.entries[index]) for index in finding.evidence)


def _covered(entry: AnyEntry) -> bool:
    match entry:
        case Sent(args=value) | Got(args=value) | Acked(args=value):
            return _has_cover(value)
        case Called(body=body, answer=answer):
            return _has_cover([body, answer])
    return False


def _has_cover(value: object) -> bool:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if COVERED in one:
                return True
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list | tuple):
            waiting += one
    return False


def first_emitted(reading: Reading, is_wrong: Callable[[str], bool]) -> tuple[dict[str, int], int]:
    """(the first emission of each name that is wrong, how many events clients emitted)."""
    sent = list(reading.each(Sent))
    found: dict[str, int] = {}
    for index, one in sent:
        if is_wrong(one.event):
            found.setdefault(one.event, index)
    return found, len(sent)
