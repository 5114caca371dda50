"""A dry run for people: what would be played, and what the system lacks for it. Pure: facts in, lines out."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from conformance.support.printable import printable
from loadtests.dialects.dialect import Dialect
from loadtests.dialects.mark import Mark
from loadtests.dialects.way import Way
from loadtests.workload.forecast import Forecast, Part
from loadtests.workload.needs import Need
from loadtests.workload.subject import Subject
from loadtests.workload.traffic import Stream, together

WIDEST = 100
"""Columns: longer lines are not read."""

LABEL = 15
"""Columns of what stands before each fact."""

PROOFS = {
    "connection": "it is connected",
    "roster": "a roster lists it",
    "answer": "its request is answered",
    "publication": "it has received a first publication",
}
"""What shows that a socket is a member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a dry run shows."""

    subject: Subject
    target: str
    found: Forecast
    comes: str
    """How many users come, how fast, and for how long."""
    processes: str
    token: str
    gates: Sequence[str]
    needs: Sequence[Need]
    parts: Sequence[tuple[Dialect, Forecast]] = ()
    """Of contracts with several parts what each would have."""
    left: Mapping[str, str] = field(default_factory=dict)
    """Why other parts are not played."""


def lines(plan: Plan, width: int) -> Iterator[str]:
    """The text, in lines of at most so many columns."""
    columns = min(width, WIDEST)
    yield "Dry run: nothing was connected, and nothing was loaded."
    for label, text in _facts(plan):
        yield from _told(label, text, columns)
    yield ""
    yield from _parts(plan.found, columns)
    yield ""
    for words, found in plan.parts or ((plan.subject.words, plan.found),):
        yield from _events(words, found, columns, words.bundle.part if len(plan.parts) > 1 else "")
        yield ""
    if plan.left:
        yield from (line for name, why in plan.left.items() for line in _told("Not played", f"{name}: {why}", columns))
        yield ""
    yield from _needs(plan.needs, columns)


def _told(label: str, text: str, columns: int) -> Iterator[str]:
    indent = " " * LABEL
    yield from textwrap.wrap(
        printable(text), max(columns, 2 * LABEL), initial_indent=f"{label:{LABEL}}", subsequent_indent=indent,
        break_on_hyphens=False,
    ) or [label]  # fmt: skip


def _facts(plan: Plan) -> Iterator[tuple[str, str]]:
    subject, found = plan.subject, plan.found
    yield "Target", plan.target
    yield "Contracts", f"{subject.bundle.name} {subject.bundle.version}".rstrip()
    yield "Sockets", f"{found.sockets:,} ({plan.comes})"
    yield "Workers", plan.processes
    yield "Token", plan.token
    for words, _ in plan.parts if len(plan.parts) > 1 else ():
        yield "Rooms", f"{words.bundle.part}: {_entry(words)}"
    if len(plan.parts) < 2:
        yield "Rooms", _entry(subject.words)
    yield (
        "In a second",
        f"about {_rate(found.published_per_s)} publications and {_rate(found.delivered_per_s)} deliveries, once every "
        "socket is there",
    )
    yield "Gates", "; ".join(plan.gates) or "none (--gate): defects and failures alone break the run"


def _entry(words: Dialect) -> str:
    door = words.door
    if words.is_roomless:
        return "none: every socket receives everything"
    if door.own_rooms:
        return "each user's own, which the service enters"
    if door.call is not None:
        how = f"entered by {door.call.title}"
    elif door.enter is not None:
        how = f"entered by `{door.enter.event}`"
    elif door.call is not None:
        how = f"entered by {door.call.title}"
    elif door.own_rooms:
        how = "one for each user, which the service enters"
    else:
        field = door.handshake or door.query
        how = f"entered by `{field}` of the handshake" if field else "entered by connecting"
    return f"{how}; a socket is a member once {PROOFS[door.proof]}"


def _rate(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 or number == 0 else f"{number:.2g}"


# --- scenarios ---------------------------------------------------------------------------------------------------


def _parts(found: Forecast, columns: int) -> Iterator[str]:
    yield f"{'Scenario':{LABEL}}{'sockets':>9}{'rooms':>8}{'members':>11}{'published/s':>13}{'delivered/s':>13}"
    for part in found.parts:
        if part.lacks:
            yield from _told(part.name, f"not played: {part.lacks}", columns)
            continue
        published, delivered = (
            (_rate(sum(one.published_per_s for one in part.streams)),
             _rate(sum(one.delivered_per_s for one in part.streams))) if part.is_told else ("?", "?")
        )  # fmt: skip
        name = printable(part.name)
        if len(name) >= LABEL:
            yield name
            name = ""
        yield (
            f"{name:{LABEL}}{part.sockets:>9,}{len(part.rooms):>8,}{_members(part):>11}{published:>13}{delivered:>13}"
        )
        if part.waiting:
            yield from _told("", f"{part.waiting:,} sockets wait for a room that is not full", columns)
        if not part.is_told:
            yield from _told("", "the scenario does not say what it publishes (`traffic`)", columns)


def _members(part: Part) -> str:
    sizes = [room.members for room in part.rooms]
    if not sizes:
        return "-"
    least, most = min(sizes), max(sizes)
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"


# --- events ------------------------------------------------------------------------------------------------------


def _events(words: Dialect, found: Forecast, columns: int, part: str) -> Iterator[str]:
    streams = together([one for part in found.parts for one in part.streams])
    yield printable(f"Published in {part}" if part else "Published")
    for one in streams:
        yield f"  {printable(one.way.name)} -> {printable(one.way.broadcast.event)}"
        yield from _told("", _stream(one), columns)
    used = {one.way.name for one in streams}
    unused = [way.name for way in words.ways if way.name not in used]
    if unused:
        yield from _told("Not published", ", ".join(unused) + ": no scenario of this run does", columns)
    yield from _reasons(words.reasons, columns)


def _stream(one: Stream) -> str:
    way = one.way
    rates = f"{_rate(one.published_per_s)}/s, {_rate(one.delivered_per_s)} deliveries/s"
    many = way.reach.everyone or way.reach.room
    sender = "" if way.reaches_sender or not many else " but the sender"
    note = f" ({one.note})" if one.note else ""
    return f"to {_whom(way)}{sender}, {_marked(way)}: {rates}{note}"


def _whom(way: Way) -> str:
    reach = way.reach
    if reach.everyone:
        return "every socket"
    named = ["every member"] if reach.room else ["the socket that sends it"] if reach.sender else []
    if reach.named:
        count = len(reach.named)
        named.append("one socket that it names" if count == 1 else f"{count} sockets that it names")
    return " and ".join(named) or "nobody"


def _marked(way: Way) -> str:
    fields = " and ".join(f"`{name}`" for name in way.marking.fill(Mark("", 0, 0)))
    if not fields:
        return "marked in no field, so that deliveries are counted and nothing is verified"
    return f"marked in {fields}{', of which a room takes each value once' if way.is_finite else ''}"


def _reasons(reasons: Mapping[str, str], columns: int) -> Iterator[str]:
    for name, reason in reasons.items():
        yield from _told("Not loaded", f"{name}: {reason}", columns)


# --- the system --------------------------------------------------------------------------------------------------


def _needs(needs: Sequence[Need], columns: int) -> Iterator[str]:
    yield f"{'Needed on this machine':32}{'needed':>12}{'there is':>12}"
    for need in needs:
        has = "?" if need.has is None else f"{need.has:,}"
        enough = need.unit if need.suffices else f"{need.unit}  too little".strip()
        yield f"{need.what:32}{need.wanted:>12,}{has:>12}  {enough}".rstrip()
        if not need.suffices:
            yield from _told("", need.advice, columns)
