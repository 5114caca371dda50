"""One transcript as inference reads it: what was emitted, what was sent to whom, and what each of it came of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import quote

import msgspec

from conformance.model.transcript import (
    Acked,
    AnyEntry,
    Called,
    Closed,
    Got,
    Marked,
    Observed,
    Opened,
    Sent,
    Transcript,
)
from contracts.binary import is_binary

Scalar: TypeAlias = str | int | float
Place: TypeAlias = str
"""A JSON pointer into the list of arguments."""

CALL, CONNECTION = "call ", "a socket that connects"
"""How causes are named that are no requests of a socket."""

SAME_S = 1.0
"""Within which sockets receive the same arguments where they were sent at once."""
EFFECT_S = 3.0
"""Within which what a request causes is looked for."""
SHORTEST = 4
"""Characters of a text that two messages have in common only where one came of the other."""
LEAST_NUMBER = 100
"""A whole number from which on the same holds of it."""
ERRORS = re.compile(
    r"(?i)(?:^|[^a-z])(?:errors?|fail(?:ed|ure)?|invalid|problem|reject(?:ed|ion)?|denied|refused|exception|oops)(?:$|[^a-z])"
)
"""Names of events that answer a bad request: the same error to several sockets is an answer to each."""
DEEPEST = 4
"""Objects and lists inside each other whose values are looked at."""
MOST_PLACES = 64
"""Values of one message that are looked at."""
LONGEST = 200
"""Characters of a text that are looked at, besides its length."""


@dataclass(slots=True, kw_only=True, eq=False)
class Emission:
    """A request of a client, with what came of it."""

    event: str
    namespace: str
    actor: str
    at_s: float
    args: tuple[Any, ...]
    values: Mapping[Place, Scalar]
    effects: set[str] = field(default_factory=set)
    """The events that were sent because of it."""
    refused: bool = False
    """Whether an error answered it."""
    ack: tuple[Any, ...] | None = None
    asked: bool = False
    """Whether an ack was asked for."""
    open_s: float = 0.0
    """How long the socket was open after it, within the act."""


@dataclass(slots=True, kw_only=True, eq=False)
class Publication:
    """An event that the service sent, to all that received it at once."""

    event: str
    namespace: str
    first_s: float
    values: Mapping[Place, Scalar]
    receivers: set[str] = field(default_factory=set)
    last_s: float = 0.0
    causes: dict[str, tuple[Emission | None, int]] = field(default_factory=dict)
    """What it may have come of, by name, with how many values they have in common: requests of clients, HTTP calls
    (`CALL`), `CONNECTION`."""
    cause: Emission | None = None
    """The request that was chosen of these."""
    nearby: list[Emission] = field(default_factory=list)
    """The last requests of its receivers."""
    alike: list[Emission] = field(default_factory=list)
    """Those of them that are like its cause."""


@dataclass(slots=True, kw_only=True)
class Scene:
    """A transcript in the order of time."""

    emissions: list[Emission]
    publications: list[Publication]
    lives: dict[str, list[tuple[float, float, str]]]
    """(from, until, namespace) of each connection, by actor."""
    ids: dict[str, set[str]]
    """The ids by which the service knows an actor: its socket's and its user's."""
    users: dict[str, str]
    rooms: tuple[str, ...]
    """The names of rooms that observers saw."""
    marks: list[tuple[str, str, float]]
    """(actor, room, when) of each membership that a check has made sure of."""

    def live(self, namespace: str, at_s: float) -> set[str]:
        """The actors that were connected to a namespace at a time."""
        return {
            actor
            for actor, spans in self.lives.items()
            if any(begin <= at_s < end and here == namespace for begin, end, here in spans)
        }


def values_of(args: Sequence[Any]) -> dict[Place, Scalar]:
    """The texts and numbers of some arguments, by where they stand."""
    found: dict[Place, Scalar] = {}
    waiting: list[tuple[Place, Any, int]] = [(f"/{n}", one, DEEPEST) for n, one in enumerate(args)]
    while waiting and len(found) < MOST_PLACES:
        place, value, depth = waiting.pop(0)
        if isinstance(value, bool) or value is None or is_binary(value):
            continue
        if isinstance(value, int | float):
            found[place] = value
        elif isinstance(value, str):
            found[place] = value if len(value) <= LONGEST else f"{value[:LONGEST]} and so on: {len(value)} characters"
        elif isinstance(value, dict) and depth:
            fit = [(name, one) for name, one in value.items() if name and "/" not in name and "~" not in name]
            waiting += [(f"{place}/{name}", one, depth - 1) for name, one in fit[:MOST_PLACES]]
        elif isinstance(value, list) and depth:
            waiting += [(f"{place}/{n}", one, depth - 1) for n, one in enumerate(value[:4])]
    return found


def telling(values: Mapping[Any, Scalar]) -> set[Scalar]:
    """The values that two messages have in common only where one came of the other."""
    return {
        one
        for one in values.values()
        if (len(one) >= SHORTEST if isinstance(one, str) else abs(one) >= LEAST_NUMBER or not float(one).is_integer())
    }


def scene_of(transcript: Transcript) -> Scene:
    """Read a transcript."""
    scene = Scene(emissions=[], publications=[], lives={}, ids={}, users={}, rooms=(), marks=[])
    usual = transcript.namespace or (transcript.part.split(" ")[0] if transcript.part.startswith("/") else "")
    _lives(scene, transcript, usual)
    _messages(scene, transcript.entries, usual)
    ended = transcript.ended_s
    for one in scene.emissions:
        ends = [end for begin, end, _ in scene.lives.get(one.actor, ()) if begin <= one.at_s <= end]
        one.open_s = min([ended, *ends]) - one.at_s
    _causes(scene, transcript.entries)
    scene.marks = [
        (one.actor, one.room, one.at_s) for one in transcript.entries if isinstance(one, Marked) and one.mark == "in"
    ]
    scene.rooms = tuple(
        dict.fromkeys(room for one in transcript.entries if isinstance(one, Observed) for room in one.rooms)
    )
    return scene


def _lives(scene: Scene, transcript: Transcript, usual: str) -> None:
    begun: dict[str, tuple[float, str]] = {}
    spans: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
    for entry in transcript.entries:
        if isinstance(entry, Opened):
            begun[entry.actor] = (entry.at_s, entry.namespace or usual)
            ids = scene.ids.setdefault(entry.actor, set())
            ids.update(filter(None, (entry.socket, entry.user)))
            if entry.user:
                scene.users[entry.actor] = entry.user
        elif isinstance(entry, Closed) and entry.actor in begun:
            at_s, namespace = begun.pop(entry.actor)
            spans[entry.actor].append((at_s, entry.at_s, namespace))
    for actor, (at_s, namespace) in begun.items():
        spans[actor].append((at_s, float("inf"), namespace))
    scene.lives = dict(spans)


def _messages(scene: Scene, entries: Sequence[AnyEntry], usual: str) -> None:
    acks: dict[tuple[str, int], Emission] = {}
    # What a service sends at once may come before the connection is written down.
    where = {one.actor: one.namespace or usual for one in reversed(entries) if isinstance(one, Opened)}
    latest: dict[tuple[str, str, bytes], Publication] = {}
    for entry in entries:
        if isinstance(entry, Opened):
            where[entry.actor] = entry.namespace or usual
        elif isinstance(entry, Sent):
            made = Emission(
                event=entry.event, namespace=where.get(entry.actor, usual), actor=entry.actor, at_s=entry.at_s,
                args=entry.args, values=values_of(entry.args), asked=entry.ack is not None,
            )  # fmt: skip
            scene.emissions.append(made)
            if entry.ack is not None:
                acks[entry.actor, entry.ack] = made
        elif isinstance(entry, Acked):
            emission = acks.pop((entry.actor, entry.ack), None)
            if emission is not None and not entry.fault:
                emission.ack = entry.args
        elif isinstance(entry, Got) and not entry.fault:
            _received(scene, entry, where.get(entry.actor, usual), latest)


def _received(
    scene: Scene,
    got: Got,
    namespace: str,
    latest: dict[tuple[str, str, bytes], Publication],
) -> None:
    key = (namespace, got.event, _bytes(got.args))
    found = latest.get(key)
    apart = ERRORS.search(got.event) is not None
    if found is None or apart or got.actor in found.receivers or got.at_s - found.first_s > SAME_S:
        found = Publication(event=got.event, namespace=namespace, first_s=got.at_s, values=values_of(got.args))
        latest[key] = found
        scene.publications.append(found)
    found.receivers.add(got.actor)
    found.last_s = got.at_s


def _bytes(args: tuple[Any, ...]) -> bytes:
    try:
        return msgspec.json.encode(args)
    except (UnicodeEncodeError, RecursionError, OverflowError):
        return repr(args).encode("utf-8", "backslashreplace")


def _causes(scene: Scene, entries: Sequence[AnyEntry]) -> None:
    """Find what each publication may have come of: of each kind the latest that has values in common with it."""
    given = sorted(
        [(one.at_s, one.event, telling(one.values), one) for one in scene.emissions] + list(_others(entries)),
        key=lambda one: one[0],
    )
    first = 0
    taken: set[tuple[str, int]] = set()
    for one in sorted(scene.publications, key=lambda one: one.first_s):
        while first < len(given) and given[first][0] < one.first_s - EFFECT_S:
            first += 1
        own = telling(one.values)
        most: dict[str, tuple[int, int]] = {}
        for place in range(first, len(given)):
            at_s, name, values, emission = given[place]
            if at_s > one.first_s:
                break
            if (one.event, place) in taken or (emission is not None and emission.namespace != one.namespace):
                continue
            shared = len(own & values)
            if not shared and emission is not None and emission.values and emission.values == one.values:
                shared = 1
            own_doing = emission is not None and one.receivers == {emission.actor}
            if (shared or own_doing or not own) and shared >= most.get(name, (0, 0))[0]:
                most[name] = shared, place
        recent = (given[place][3] for place in range(first, len(given)) if given[place][0] <= one.last_s)
        one.nearby = [emission for emission in recent if emission is not None and emission.actor in one.receivers]
        for name, (shared, place) in most.items():
            taken.add((one.event, place))
            one.causes[name] = given[place][3], shared


def _others(entries: Sequence[AnyEntry]) -> Iterator[tuple[float, str, set[Scalar], Emission | None]]:
    """(time, what it is, its values, None) of what may cause an event and is no request of a socket."""
    for entry in entries:
        match entry:
            case Called() if entry.status is not None and entry.status < 400:
                values = telling(values_of([entry.params, entry.query, entry.body]))
                yield entry.at_s, f"{CALL}{entry.method} {_template(entry)}", values, None
            case Opened():
                yield entry.asked_s or entry.at_s, CONNECTION, {*filter(None, (entry.socket, entry.user))}, None
            case _:
                pass


def _template(called: Called) -> str:
    """The path of a call, with the names of its parameters in place of their values."""
    steps = called.path.split("?")[0].split("/")
    names = {quote(str(value), safe=""): name for name, value in called.params.items()}
    return "/".join(f":{names[step]}" if step in names else step for step in steps)
