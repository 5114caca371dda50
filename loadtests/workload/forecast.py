"""What a run would be like: sockets, rooms, publications and deliveries, by its options and contracts alone. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from contracts.ids import choices
from loadtests.dialects.dialect import Dialect
from loadtests.workload.scenario import Scenario
from loadtests.workload.traffic import PlannedRoom, Seats, Stream, Traffic, by_weight, cohorts, listed, shared, stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one scenario would play."""

    name: str
    lacks: str = ""
    """Why it cannot be played; empty where it can."""
    sockets: int = 0
    rooms: Sequence[PlannedRoom] = ()
    waiting: int = 0
    """Sockets that are connected and wait for a room to be full."""
    streams: Sequence[Stream] = ()
    is_told: bool = True
    """Whether the scenario says what it publishes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What all of them would."""

    parts: Sequence[Part]
    workers: Sequence[int]
    """The sockets of each worker."""

    @property
    def sockets(self) -> int:
        """All sockets."""
        return sum(self.workers)

    @property
    def published_per_s(self) -> float:
        """Publications a second."""
        return sum(one.published_per_s for part in self.parts for one in part.streams)

    @property
    def delivered_per_s(self) -> float:
        """Deliveries a second."""
        return sum(one.delivered_per_s for part in self.parts for one in part.streams)

    @property
    def calls_per_s(self) -> float:
        """Publications a second that are calls."""
        streams = (one for part in self.parts for one in part.streams)
        return sum(one.published_per_s for one in streams if one.way.call is not None)


@dataclass(slots=True)
class _Worker:
    """The seats of one worker, by scenario."""

    seats: dict[str, Seats] = field(default_factory=dict)
    sockets: Counter[str] = field(default_factory=Counter)


def forecast(
    words: Dialect,
    scenarios: Mapping[str, type[Scenario]],
    chosen: Sequence[str],
    options: Mapping[str, Any],
    *,
    users: int = 0,
    workers: int = 1,
    kinds: Sequence[Sequence[str]] | None = None,
    part: str = "",
) -> Forecast:
    """What a run of the chosen scenarios would play.

    Args:
        chosen: names of scenarios, whose users come in turn.
        users: Locust's users, each with `sockets_per_user` sockets.
        kinds: the scenarios of the users of each worker, in place of `users` and `workers`.
        part: the name of the part of the contracts, where several are played.
    """
    shares = {name: scenarios[name].shares(words, options) for name in chosen}
    own = [
        _seated(one, shares, scenarios, options, part)
        for one in (kinds if kinds is not None else cohorts(users, workers, chosen))
    ]
    everyone = sum(worker.sockets.total() for worker in own)
    played = dict.fromkeys(name for one in chosen for name in (shares[one] or (one,)))
    found = [_part(name, own, words, scenarios, options, everyone) for name in played]
    return Forecast(
        parts=[replace(one, name=_called(one.name, part)) for one in found],
        workers=[worker.sockets.total() for worker in own],
    )


def joined(found: Sequence[Forecast]) -> Forecast:
    """What is played in several parts of the contracts, as one."""
    return Forecast(
        parts=[part for one in found for part in one.parts],
        workers=[sum(sockets) for sockets in zip(*(one.workers for one in found), strict=True)],
    )


def _called(name: str, part: str) -> str:
    return f"{name} {part}" if part else name


def _seated(
    kinds: Sequence[str],
    shares: Mapping[str, Mapping[str, int]],
    scenarios: Mapping[str, type[Scenario]],
    options: Mapping[str, Any],
    part: str,
) -> _Worker:
    """The sockets of one worker in their rooms."""
    turns = {name: by_weight(weights) for name, weights in shares.items() if weights}
    worker, size = _Worker(), options["sockets_per_user"]
    for kind in kinds:
        name = next(turns[kind]) if kind in turns else kind
        worker.sockets[name] += size
        if name not in worker.seats:
            called = _called(name, part)
            worker.seats[name] = Seats(scenarios[name].room_sizes(called, options["load_seed"], options))
        worker.seats[name].take(size)
    return worker


def _part(
    name: str,
    workers: Sequence[_Worker],
    words: Dialect,
    scenarios: Mapping[str, type[Scenario]],
    options: Mapping[str, Any],
    everyone: int,
) -> Part:
    scenario = scenarios[name]
    sockets = sum(worker.sockets[name] for worker in workers)
    if lacks := scenario.lacks(words):
        return Part(name=name, lacks=lacks, sockets=sockets)
    seats = [worker.seats[name] for worker in workers if name in worker.seats]
    waiting = sum(one.give_back_the_last() for one in seats) if scenario.waits else 0
    if words.is_roomless:
        rooms = [PlannedRoom(members=sum(one.rooms)) for one in seats]
    elif words.door.own_rooms:
        rooms = [PlannedRoom(members=1) for _ in range(sockets)]
    elif options["shared_rooms"]:
        rooms = shared([one.rooms for one in seats])
    else:
        rooms = [PlannedRoom(members=members) for one in seats for members in one.rooms]
    room = words.bundle.room
    if room.is_listed and room.id is not None:
        rooms = listed(rooms, len(choices(room.id) or rooms) or 1)
    told: tuple[Traffic, ...] = scenario.traffic(words, options)
    return Part(
        name=name,
        sockets=sockets,
        rooms=rooms,
        waiting=waiting,
        streams=[stream(one, rooms, words, everyone) for one in told],
        is_told=bool(told),
    )
