"""What a dry run says would be played: rooms as scenarios take them, rates by hand, and what is needed of the system."""

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from contracts.ids import choices
from contracts.limits import Limit
from contracts.load import load
from loadtests.dialects.dialect import Dialect
from loadtests.dialects.reach import Reach
from loadtests.dialects.selection import words_of
from loadtests.output import plan as output
from loadtests.scenarios import scenarios
from loadtests.workload.forecast import Forecast, forecast
from loadtests.workload.needs import System, needs
from loadtests.workload.options import COMMON
from loadtests.workload.scenario import Scenario
from loadtests.workload.traffic import Seats, by_weight, receivers

SCENARIOS = scenarios()
SOS = words_of(load("sos"))
ROOMY = System(descriptors=None, hard_descriptors=None, ports=60_000, memory_mb=64_000, cores=8)


def options(**given: Any) -> dict[str, Any]:
    own = (option for scenario in SCENARIOS.values() for option in scenario.options)
    return {option.key: option.default for option in (*COMMON, *own)} | given


def foreseen(
    *names: str, words: Dialect = SOS, users: int = 1, workers: int = 1, size: int = 10, **given: Any
) -> Forecast:
    return forecast(words, SCENARIOS, names, options(sockets_per_user=size, **given), users=users, workers=workers)


def rates(found: Forecast) -> dict[str, tuple[float, float]]:
    return {
        one.way.name: (round(one.published_per_s, 3), round(one.delivered_per_s, 3))
        for part in found.parts
        for one in part.streams
    }


def members(found: Forecast) -> list[int]:
    return [room.members for part in found.parts for room in part.rooms]


MESSAGE, LOCATION = "POST /api/messages/:sosId", "location:update"


@pytest.mark.parametrize(
    ("name", "given", "rooms", "told"),
    [
        ("Chat", {"chat_rate": 2}, [10, 10, 5], {MESSAGE: (6, 50)}),
        ("Chat", {"room_size": "4"}, [4, 4, 4, 4, 4, 4, 1], {MESSAGE: (7, 25)}),
        ("Storm", {"storm_rate": 3}, [25], {MESSAGE: (3, 75)}),
        ("Locations", {"location_every": 2}, [10, 10, 5], {LOCATION: (12.5, 112.5)}),
        # Half of the time a member is away.
        ("Churn", {"churn_stay": 2, "churn_away": 2}, [10, 10, 5], {MESSAGE: (3, 12.5)}),
        ("Reconnect", {"reconnect_rate": 1}, [10, 10, 5], {MESSAGE: (3, 25)}),
        # In every other room a fifth does not read.
        ("Slow", {"slow_rate": 1, "slow_percent": 20}, [10, 10, 5], {MESSAGE: (3, 22.5)}),
        ("Knee", {"knee_from": 2}, [10, 10, 5], {MESSAGE: (6, 50)}),
        ("Knee", {"knee_by": "size", "knee_from": 4, "knee_factor": 2, "knee_rate": 1}, [4, 8, 13], {MESSAGE: (3, 25)}),
    ],
)
def test_rooms_and_rates_of_each_scenario(
    name: str, given: Mapping[str, Any], rooms: list[int], told: dict[str, tuple[float, float]]
) -> None:
    found = foreseen(name, size=25, **given)
    assert members(found) == rooms
    assert rates(found) == told
    assert found.sockets == 25


def test_an_incident_begins_with_as_many_people_as_it_has_and_the_others_wait() -> None:
    (part,) = foreseen("Incident", size=11, incident_people=4, incident_length=20.0, incident_rate=1.0).parts
    assert ([room.members for room in part.rooms], part.waiting) == ([4, 4], 3)
    told = {one.way.name: one for one in part.streams}
    assert told["sos:status:update"].published_per_s == pytest.approx(2 * 4 / 20)
    typing = told["message:typing:start"]
    assert typing.delivered_per_s == pytest.approx(3 * typing.published_per_s), "its sender does not receive it"


@pytest.mark.parametrize("name", ["Chat", "Storm", "Knee", "Churn"])
@pytest.mark.parametrize("size", ["7", "2-20", "5:80,50:15"])
def test_rooms_are_those_that_a_scenario_opens(name: str, size: str) -> None:
    """Its own `place` gives each socket its room."""
    given = options(room_size=size, load_seed=5, knee_by="size")
    setup = SimpleNamespace(seed=5, shared=False, worker=0, run="r")
    ledger = SimpleNamespace(room=lambda name, scenario, shared: SimpleNamespace(name=name, stays={}))
    context = SimpleNamespace(setup=setup, ledger=ledger, words=SOS, room_name=lambda *names: "-".join(names))
    scenario: Scenario = SCENARIOS[name](name, context, given)  # type: ignore[arg-type]
    for _ in range(60):
        scenario.place().members.append(SimpleNamespace(closed=False))  # type: ignore[arg-type]
    found = foreseen(name, size=60, room_size=size, load_seed=5, knee_by="size")
    assert members(found) == [len(place.members) for place in scenario.places]


def test_workers_have_rooms_of_their_own_or_shared_ones() -> None:
    own = foreseen("Chat", users=3, workers=2, size=10)
    assert (own.workers, members(own), rates(own)) == ([20, 10], [10, 10, 10], {MESSAGE: (3, 30)})
    both = foreseen("Chat", users=3, workers=2, size=10, shared_rooms=True)
    # Each worker publishes into the rooms in which it has members.
    assert (members(both), rates(both)) == ([20, 10], {MESSAGE: (3, 50)})


def test_users_go_to_workers_and_kinds_in_turn_as_locust_gives_them() -> None:
    found = foreseen("Chat", "Storm", users=4, workers=2, size=10)
    assert {part.name: [room.members for room in part.rooms] for part in found.parts} == {
        "Chat": [10, 10], "Storm": [20],
    }  # fmt: skip


def test_where_there_are_no_rooms_everybody_receives_everything() -> None:
    words = words_of(load("tests/services/chat/contracts"))
    assert words.is_roomless
    found = foreseen("Chat", words=words, users=2, workers=2, size=10)
    (stream,) = found.parts[0].streams
    receivers = 20 - (not stream.way.reaches_sender)
    assert stream.delivered_per_s == pytest.approx(stream.published_per_s * receivers)


def test_a_mix_gives_users_by_weight() -> None:
    found = foreseen("Mixed", users=11, size=10)
    assert {part.name: part.sockets for part in found.parts} == {
        "Chat": 60, "Churn": 10, "Incident": 10, "Locations": 30,
    }  # fmt: skip
    assert {part.name for part in foreseen("Mixed", users=4, mix="Chat=1,Storm=1").parts} == {"Chat", "Storm"}
    turns = by_weight({"a": 3, "b": 1})
    assert sorted(next(turns) for _ in range(8)) == ["a"] * 6 + ["b"] * 2


def test_a_limit_of_the_contracts_bounds_what_is_published() -> None:
    limited = replace(
        SOS, bundle=replace(SOS.bundle, limits=(Limit(per_s=0.1, then="dropped", source="x", events=(LOCATION,)),))
    )
    found = foreseen("Locations", words=limited, size=10, location_every=1.0)
    (stream,) = found.parts[0].streams
    assert 0 < stream.published_per_s < 1
    assert "as much as the contracts let one socket send" in stream.note
    (free,) = foreseen("Chat", words=limited).parts[0].streams
    assert free.note == ""


def test_a_scenario_that_the_contracts_lack_is_told() -> None:
    (part,) = foreseen("Incident", words=words_of(load("example"))).parts
    assert part.lacks.startswith("it plays the life of an SOS")
    assert not part.streams


def test_seats_are_taken_across_rooms_and_given_back() -> None:
    seats = Seats(iter([3, 5, 0]))
    for count in (2, 4, 9):
        seats.take(count)
    assert seats.rooms == [3, 5, 7]
    assert (seats.give_back_the_last(), seats.give_back_the_last()) == (7, 0)


# --- the system --------------------------------------------------------------------------------------------------


def needed(found: Forecast, system: System, *, addresses: int = 1) -> dict[str, tuple[int, bool, str]]:
    all_of = needs(found, system, addresses=addresses, here=found.workers, most_calls=1000)
    return {need.what.split()[0]: (need.wanted, need.suffices, need.advice) for need in all_of}


def test_what_is_needed_is_held_against_the_limits_of_the_system() -> None:
    found = foreseen("Chat", users=4, workers=2, size=10_000)
    enough = needed(found, ROOMY)
    assert all(suffices for _, suffices, _ in enough.values())
    assert enough["file"][0] == 20_000 + 1000 + 100, "its sockets, the connections for calls, and its own"
    assert enough["ports"][0] == 42_000
    small = System(descriptors=1024, hard_descriptors=4096, ports=28_232, memory_mb=100, cores=2)
    scarce = needed(found, small)
    assert [name for name, (_, suffices, _) in scarce.items() if not suffices] == ["file", "ports", "memory"]
    assert "ulimit -n 21100, as root: the hard limit is 4,096" in scarce["file"][2]
    assert "ip_local_port_range" in scarce["ports"][2]
    assert needed(found, small, addresses=2)["ports"][:2] == (21_000, True)


def test_a_worker_without_time_asks_for_more_workers() -> None:
    found = foreseen("Storm", users=1, size=50_000, storm_rate=2.0)
    wanted, suffices, advice = needed(found, ROOMY)["processor"]
    assert (wanted, suffices) == (180, False)
    assert advice == "--processes 3"
    assert "on more machines than this one with its 1 cores" in needed(found, replace(ROOMY, cores=1))["processor"][2]


def test_this_machine_is_looked_at() -> None:
    here = System.here()
    assert here.cores
    assert here.ports is None or 1000 < here.ports < 65_536
    assert here.memory_mb is None or here.memory_mb > 10


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_the_text_keeps_to_the_width_and_shows_nothing_hostile(columns: int) -> None:
    found = foreseen("Mixed", users=7)
    subject = SimpleNamespace(bundle=replace(SOS.bundle, name="sos\x1b[2J"), words=SOS)
    plan = output.Plan(
        subject=subject, target="http://a.example", found=found, comes="7 users", processes="one", token="none",  # type: ignore[arg-type]
        gates=("lost==0",), needs=needs(found, ROOMY, addresses=1, here=found.workers, most_calls=1000),
    )  # fmt: skip
    lines = list(output.lines(plan, columns))
    assert max(map(len, lines)) <= max(80, min(columns, 100))
    assert "\x1b" not in "".join(lines)
    assert "  POST /api/messages/:sosId -> message:broadcast" in lines
    assert "marked in `content`" in " ".join(" ".join(lines).split())


@pytest.mark.parametrize(
    ("reach", "own_rooms", "expected"),
    [
        (Reach(room=True), False, 10),
        (Reach(everyone=True), False, 50),
        (Reach(sender=True), False, 1),
        (Reach(named=("one", "two")), False, 2),  # type: ignore[arg-type]  # how many is what counts
        (Reach(room=True, named=("one",)), False, 11),  # type: ignore[arg-type]
        (Reach(room=True), True, 10),
    ],
)
def test_receivers_are_those_that_the_contracts_reach(reach: Reach, own_rooms: bool, expected: int) -> None:
    way = SimpleNamespace(reach=reach, reaches_sender=True)
    assert receivers(way, 10, 50, own_rooms=own_rooms) == expected  # type: ignore[arg-type]
    spared = SimpleNamespace(reach=reach, reaches_sender=False)
    # Who writes into another's own room is not in it.
    less = (reach.everyone or reach.room) and not own_rooms
    assert receivers(spared, 10, 50, own_rooms=own_rooms) == expected - less  # type: ignore[arg-type]


def test_listed_rooms_are_used_in_turn() -> None:
    words = words_of(load("tests/cases/radio_listed_rooms/contracts"))
    found = foreseen("Chat", words=words, users=10, size=10)
    room = words.bundle.room
    assert room.id is not None
    assert len(found.parts[0].rooms) == len(choices(room.id) or ()) < 10
    assert sum(members(found)) == 100
    assert sum(one.publishers for one in found.parts[0].rooms) == 10
