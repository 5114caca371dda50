"""What counts as evidence of a room's name, and what an honest service may do without being accused."""

import msgspec
import pytest

from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.model.transcript import Via, Watcher
from conformance.model.verdict import Outcome
from conformance.rules.room_is_named_as_documented import NOTED, judge
from contracts.load import load

EXAMPLE = load("example")
TWO = (
    NOTED
    + """
oda opened o1
oda in r2
http add-note {"room": "r2"} {"text": "other"} => 201 {}
oda <- note:added {"id": "n2", "room": "r2", "text": "other", "at": 1}
"""
)

HONEST = {
    "the room among others in Redis": NOTED + "redis saw note:added r1 desk board:r1",
    "a socket in rooms of other kinds": NOTED + "admin saw socket=b1 user:ub board:r1 desk",
    "a room that all share, besides its own": TWO
    + "admin saw socket=b1 everybody board:r1\nadmin saw socket=o1 everybody board:r2",
    "what goes to single sockets": NOTED + "redis saw note:added r1 b1\nredis saw note:added r1 board:r1",
    "another event of another service": NOTED + "redis saw note:drawn r1 board-r1\nredis saw note:added r1 board:r1",
    "an id that begins like it": NOTED + "bob in r12\nadmin saw socket=b1 board:r12 board:r1",
}


def outcomes(text: str) -> list[tuple[str, str]]:
    return [(found.outcome.value, found.message) for found in judge(read(EXAMPLE, script(EXAMPLE, text)))]


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_service_is_not_accused(name: str) -> None:
    assert {outcome for outcome, _ in outcomes(HONEST[name])} == {"pass"}


UNCLEAR = {
    "nothing but behaviour": NOTED,
    "the subject by itself in a payload": NOTED
    + 'ann -> who {"room": "r1"} #1\nann <= who #1 {"roomId": "r1", "sockets": []}',
    "several rooms of the subject": NOTED + "admin saw socket=b1 board:r1 audit:r1",
    "a look before the join": "admin saw socket=b1 board-r0\n" + NOTED,
    "rooms of other kinds alone": NOTED + "admin saw socket=b1 user:ub desk",
    "single sockets alone": NOTED + "redis saw note:added r1 b1",
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_what_proves_nothing_is_inconclusive(name: str) -> None:
    assert {outcome for outcome, _ in outcomes(UNCLEAR[name])} == {"inconclusive"}


LYING = {
    "a dash in Redis": (NOTED + "redis saw note:added r1 board-r1", "board-{room} (seen by redis)"),
    "capitals in Redis": (NOTED + "redis saw note:added r1 BOARD:r1", "BOARD:{room} (seen by redis)"),
    "an id in capitals": (NOTED + "redis saw note:added r1 board:R1", "board:{room in other letters} (seen by redis)"),
    "everybody": (NOTED + "redis saw note:added r1 lobby", "lobby (one name for every room) (seen by redis)"),
    "a dash in the Admin UI": (NOTED + "admin saw socket=b1 user:ub board-r1", "board-{room} (seen by admin)"),
    "one room for all in the Admin UI": (
        TWO + "admin saw socket=b1 lobby\nadmin saw socket=o1 lobby",
        "lobby (one name for every room) (seen by admin)",
    ),
    "a dash in a payload": (
        NOTED + 'ann -> who {"room": "r1"} #1\nann <= who #1 {"roomName": "board-r1", "sockets": []}',
        "board-{room} (seen by payload)",
    ),
}


@pytest.mark.parametrize("name", LYING)
def test_a_room_of_another_name_is_told_with_its_template(name: str) -> None:
    text, got = LYING[name]
    assert ("fail", f"expected a room named board:{{room}}, got {got}") in outcomes(text)


WATCHERS = {
    "redis": Watcher(title="Redis", hint="see that observers.redis_url is right"),
    "admin": Watcher(title="the Admin UI", hint="see that observers.admin_namespace is right"),
}
UNSEEN: dict[str, tuple[str, dict[str, tuple[Via, ...]], str, str]] = {
    "nothing watches": (NOTED, {}, "only behaviour was seen", "set observers.redis_url or observers.admin"),
    "Redis, where nothing is published": (
        NOTED,
        {"watched_by": ("redis",)},
        "Redis was watched and showed no room",
        "see that observers.redis_url is right",
    ),
    "Redis, where other things are published": (
        NOTED + "redis saw note:drawn r1 board:r1",
        {"watched_by": ("redis",)},
        "Redis was watched and showed other rooms only",
        "see that observers.redis_url",
    ),
    "the Admin UI, which tells nothing": (
        NOTED,
        {"watched_by": ("admin",)},
        "the Admin UI was watched and showed no room",
        "see that observers.admin_namespace is right",
    ),
    "both, and neither sees": (
        NOTED + "admin saw socket=b1 desk",
        {"watched_by": ("redis", "admin")},
        "showed no room; the Admin UI was watched and showed other rooms only",
        "see that observers.admin_namespace is right",
    ),
    "an observer that is not there": (NOTED, {"blind": ("redis",)}, "only behaviour was seen", "a remark of the run"),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_an_observer_that_is_set_and_sees_nothing_is_told_as_that(name: str) -> None:
    text, observers, why, hint = UNSEEN[name]
    transcript = msgspec.structs.replace(script(EXAMPLE, text), watchers=WATCHERS, **observers)
    (finding,) = judge(read(EXAMPLE, transcript))
    assert finding.outcome is Outcome.INCONCLUSIVE
    assert why in finding.message
    assert hint in finding.hint
    assert ("set observers" in finding.hint) == (not observers)


def test_where_a_name_is_seen_it_decides_whatever_else_watches() -> None:
    made = script(EXAMPLE, NOTED + "redis saw note:added r1 board:r1")
    (finding,) = judge(read(EXAMPLE, msgspec.structs.replace(made, watched_by=("redis", "admin"))))
    assert finding.outcome is Outcome.PASS
