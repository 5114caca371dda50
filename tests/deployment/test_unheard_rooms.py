"""A broadcast that goes to a room at which nobody is: what observers saw of it counts, though nobody heard it."""

import json
from pathlib import Path

import pytest

from conformance.analysis.queries import LATER, PAIR
from conformance.analysis.reading import read
from conformance.analysis.room_names import HINT, names_for
from conformance.analysis.script import script
from conformance.judge.rule import rules
from contracts.load import load
from tests.deploying import nodes, redis
from tests.deployment.test_observers import instrumented
from tests.running import KEY, peer, roomcheck, settings

EXAMPLE = load("example")
RULES = {rule.id: rule for rule in rules()}
NAMED, ARRIVES, EFFECT = "room-is-named-as-documented", "broadcast-arrives", "request-has-its-effect"
TAKEN = PAIR + 'ann -> pen:take {"room": "r1", "pen": "red"}\n'
RED = '{"room": "r1", "pen": "red"}'


def findings(text: str, rule: str) -> list[tuple[str, str]]:
    return [(one.outcome.value, one.message) for one in RULES[rule].judge(read(EXAMPLE, script(EXAMPLE, text)))]


WRONG = {
    "a dash in Redis": (f"redis saw pen:taken r1 board-r1 {RED}", "board-{room} (seen by redis)"),
    "without what it carries, as older journals have it": (
        "redis saw pen:taken r1 board-r1",
        "board-{room} (seen by redis)",
    ),
    "several rooms, none of them right": (
        f"redis saw pen:taken r1 board-r1 desk {RED}",
        "board-{room} (seen by redis)",
    ),
    "everybody": (f"redis saw pen:taken r1 lobby {RED}", "lobby (one name for every room) (seen by redis)"),
    "under another name": (f"redis saw pen-taken r1 board-r1 {RED}", "board-{room} (seen by redis)"),
    "the wrong room joined": (
        "admin saw socket=b1 board-r1",
        "members in board-{room} (seen by admin)",
    ),
    "one joined, the other sent to": (
        f"admin saw socket=b1 board-r1\nredis saw pen:taken r1 board:r1 {RED}",
        "members in board-{room} (seen by admin), while it was sent to board:{room} (seen by redis)",
    ),
    "both wrong": (
        f"admin saw socket=b1 board-r1\nredis saw pen:taken r1 board_r1 {RED}",
        "members in board-{room} (seen by admin), while it was sent to board_{room} (seen by redis)",
    ),
    "the documented room joined, another sent to": (
        f"admin saw socket=b1 board:r1\nredis saw pen:taken r1 board-r1 {RED}",
        "board-{room} (seen by redis)",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_room_that_nobody_hears_is_told_by_the_rule_of_names_and_by_no_other(what: str) -> None:
    seen, got = WRONG[what]
    assert findings(TAKEN + seen, NAMED) == [("fail", f"expected a room named board:{{room}}, got {got}")]
    for other in (ARRIVES, EFFECT):
        if what == "under another name" and other == ARRIVES:
            continue
        assert [outcome for outcome, _ in findings(TAKEN + seen, other)] == ["inconclusive"]
        assert f"see {NAMED}" in findings(TAKEN + seen, other)[0][1]


def test_the_rules_of_delivery_refer_to_it() -> None:
    text = TAKEN + f"redis saw pen:taken r1 board-r1 {RED}"
    told = f"nobody received pen:taken: it was sent to board-{{room}} (seen by redis); see {NAMED}"
    assert findings(text, "everyone-in-the-room-receives") == [("inconclusive", told)]
    outside = text + "\noda opened o1\noda in r2\n"
    assert ("inconclusive", told) in findings(PAIR + outside.removeprefix(PAIR), "everyone-in-the-room-receives")


def test_an_id_is_not_said_to_be_refused_where_its_room_has_another_name() -> None:
    text = (
        'ann opened a1\nann in r-1\noda opened o1\noda in r-12\nhttp add-note {"room": "r-1"} {"text": "x"} => 201 {}\n'
    )
    text += 'redis saw note:added r-1 board-r-1 {"room": "r-1", "text": "x"}\n'
    told = f"nobody received note:added: it was sent to board-{{room}} (seen by redis); see {NAMED}"
    assert ("inconclusive", told) in findings(text, "similar-ids-do-not-mix")


NOTHING = {
    "it is on its way to the documented room": (f"redis saw pen:taken r1 board:r1 {RED}", "pass"),
    "it is so among other rooms": (f"redis saw pen:taken r1 desk board:r1 {RED}", "pass"),
    "a copy goes elsewhere": (
        f"redis saw pen:taken r1 audit-r1 {RED}\nredis saw pen:taken r1 board:r1 {RED}",
        "pass",
    ),
    "single sockets": (f"redis saw pen:taken r1 b1 {RED}", ""),
    "single sockets and a feed of all": (
        f"redis saw pen:taken r1 b1 {RED}\nredis saw pen:taken r1 feed {RED}",
        "",
    ),
    "another event": (f"redis saw pen:put r1 board-r1 {RED}".replace("red", "blue"), ""),
    "another subject": ('redis saw pen:taken r2 board-r2 {"room": "r2", "pen": "red"}', ""),
    "the documented room joined": ("admin saw socket=b1 board:r1", ""),
    "a look at somebody else": ("admin saw socket=x9 board-r1", ""),
    "nothing": ("", ""),
}


@pytest.mark.parametrize("what", NOTHING)
def test_what_shows_no_other_room_accuses_nobody(what: str) -> None:
    seen, outcome = NOTHING[what]
    assert [one for one, _ in findings(TAKEN + seen, NAMED)] == ([outcome] if outcome else [])


def test_what_was_sent_before_its_cause_is_not_its_own() -> None:
    before = PAIR + f"redis saw pen:taken r1 board-r1 {RED}\n" + TAKEN.removeprefix(PAIR)
    assert findings(before, NAMED) == []


def test_what_carries_the_values_of_one_cause_is_not_the_others() -> None:
    blue = 'ann -> pen:take {"room": "r1", "pen": "blue"}\nbob <- pen:taken {"room": "r1", "pen": "blue"}\n'
    text = TAKEN + blue + f"redis saw pen:taken r1 board:r1 {RED.replace('red', 'blue')}\n" + LATER
    assert [outcome for outcome, _ in findings(text, NAMED)] == ["pass"]
    assert ("fail", "expected pen:taken, got nothing: it was ignored (no observer saw it sent)") in findings(
        text, EFFECT
    )


def test_a_heard_broadcast_and_an_unheard_one_are_judged_each_by_its_own() -> None:
    note = 'http add-note {"room": "r1"} {"text": "x"} => 201 {}\nbob <- note:added {"room": "r1", "text": "x"}\n'
    text = TAKEN + note + f"redis saw pen:taken r1 board-r1 {RED}\n"
    text += 'redis saw note:added r1 board:r1 {"room": "r1", "text": "x"}\n'
    assert [outcome for outcome, _ in findings(text, NAMED)] == ["fail", "pass"]


def test_a_renamed_broadcast_that_was_heard_is_told_as_renamed() -> None:
    heard = f"bob <- pen-taken {RED}\nredis saw pen-taken r1 board-r1 {RED}\n" + LATER
    assert findings(TAKEN + heard, NAMED) == [
        ("fail", "expected a room named board:{room}, got board-{room} (seen by redis)")
    ]
    told = "pen:taken is sent as 'pen-taken': see broadcast-keeps-its-name"
    assert findings(TAKEN + heard, ARRIVES) == [("inconclusive", told)]
    assert ("pass", "it had its effect") in findings(TAKEN + heard, EFFECT)


def test_without_an_observer_it_may_have_been_sent_elsewhere_and_what_to_switch_on_is_said() -> None:
    note = PAIR + 'http add-note {"room": "r1"} {"text": "x"} => 201 {}\n'
    for rule, silent, text in ((EFFECT, "it was ignored", TAKEN), (ARRIVES, "it was not sent", note)):
        (found, *_) = RULES[rule].judge(read(EXAMPLE, script(EXAMPLE, text + LATER)))
        assert found.got == f"nothing: {silent}, or sent to another room than board:{{room}}"
        assert found.hint == HINT


def test_a_broadcast_on_its_way_to_the_right_room_that_nobody_gets_was_not_ignored() -> None:
    text = TAKEN + f"redis saw pen:taken r1 board:r1 {RED}\n" + LATER
    (found, *_) = RULES[EFFECT].judge(read(EXAMPLE, script(EXAMPLE, text)))
    assert found.got == "nothing at its members, though it was sent to board:{room} (seen by redis)"


def test_rooms_that_no_pattern_finds_are_guessed() -> None:
    names = names_for(EXAMPLE.room, ["7"])
    assert names[0] == "board:7"
    assert {"board-7", "board_7", "board/7", "board7", "board.7", "7"} <= set(names)
    assert len(names) == len(set(names))


# --- on real services --------------------------------------------------------------------------------------

SELECTED = ("--select", NAMED, "--select", EFFECT, "--select", "sos:status:broadcast", "--select", "sos:status:update")


def verdicts(folder: Path, *words: str) -> dict[str, tuple[str, str]]:
    report = folder / "report.json"
    roomcheck("check", "--target", "it", "--settings", str(folder / "roomcheck.toml"), "--timeout", "1", *words,
              "--report", f"json={report}", timeout_s=120)  # fmt: skip
    return {one["rule"]: (one["outcome"], one["message"]) for one in json.loads(report.read_text())["verdicts"]}


@pytest.mark.parametrize(
    "adapter", ["sharded", *(pytest.param(one, marks=pytest.mark.long) for one in ("classic", "streams"))]
)
def test_every_adapter_shows_a_room_at_which_nobody_is(adapter: str, tmp_path: Path) -> None:
    options = ("--adapter", adapter, "--jwt-key", KEY, "--audience-template", "sos-{sosId}")
    with redis(tmp_path) as (redis_url, _), nodes(redis_url, *options) as urls:
        settings(tmp_path, realtime_urls=urls, auth={"kind": "jwt", "key": KEY}, observers={"redis_url": redis_url})
        found = verdicts(tmp_path, *SELECTED)
    assert found[NAMED] == ("fail", "expected a room named sos:{sosId}, got sos-{sosId} (seen by redis)")
    assert found[EFFECT][0] == "inconclusive"


def test_the_admin_ui_shows_that_members_are_elsewhere(tmp_path: Path) -> None:
    options = ("--jwt-key", KEY, "--room-template", "sos-{sosId}", "--audience-template", "sos:{sosId}", "--admin")
    with peer(*options) as url:
        settings(tmp_path, realtime_urls=[url], auth={"kind": "jwt", "key": KEY}, observers={"admin": True})
        found = verdicts(tmp_path, *SELECTED)
    assert found[NAMED] == ("fail", "expected a room named sos:{sosId}, got members in sos-{sosId} (seen by admin)")
    assert found[EFFECT][0] == "inconclusive"


def test_python_socketio_on_redis_shows_a_room_at_which_nobody_is(tmp_path: Path) -> None:
    with redis(tmp_path) as (redis_url, _), instrumented("--audience", "sos-{sosId}", "--redis", redis_url) as url:
        settings(tmp_path, realtime_urls=[url], observers={"redis_url": redis_url, "admin": True})
        found = verdicts(tmp_path, "--select", NAMED, "--select", ARRIVES, "--select", "message:broadcast")
    assert found[NAMED] == ("fail", "expected a room named sos:{sosId}, got sos-{sosId} (seen by redis)")
    assert found[ARRIVES][0] == "inconclusive"
