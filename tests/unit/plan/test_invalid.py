"""Invalid requests: what is sent, and how an effect is paired with the one request that brought it about."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from conformance.analysis.effects import effects_of
from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.judge.rule import rules
from conformance.model.act import Act, Emit, Enter, InOrder, Step, Together
from conformance.model.ids import SPOILT, marks
from conformance.model.marks import leaves
from conformance.model.payload import payload_of
from conformance.model.transcript import Sent
from conformance.model.verdict import Finding, Outcome
from conformance.plan.invalid import invalid_requests
from conformance.plan.stimulus import Setting
from contracts.load import load

EXAMPLE = load("example")
BUNDLES = ("sos", "sos-built", "example")
RULE = next(rule for rule in rules() if rule.id == "bad-request-has-no-effect")


def flat(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        if isinstance(step, Together | InOrder):
            yield from flat(step.steps)
        else:
            yield step


def played(name: str, run: str = "4c1d9a7be2035f") -> Act:
    act = invalid_requests(Setting(bundle=load(name), nonce=run + "w", run=run))
    assert act is not None
    return act


def bad(name: str, act: Act) -> list[Emit]:
    bundle = load(name)
    emits = [step for step in flat(act.steps) if isinstance(step, Emit) and bundle.request(step.event)]
    emits = [one for one in emits if "i-bad" not in repr(one) and "i-ctl" not in repr(one)]
    return [one for one in emits if not bundle.events[one.event].request.payload.is_valid(payload_of(one.args))]


@pytest.mark.parametrize("name", BUNDLES)
def test_every_invalid_example_of_a_request_with_an_effect_is_sent_and_stays_invalid(name: str) -> None:
    bundle, sent = load(name), bad(name, played(name))
    for request in bundle.requests():
        broadcast = bundle.broadcast(request.broadcast or "")
        if request.membership or (broadcast and broadcast.to_room):
            own = [one for one in sent if one.event == request.event and one.actor.startswith("bad")]
            assert len(own) == len(request.examples.invalid)
            assert len({one.actor for one in own}) == (len(own) if request.most_per_s else len({o.actor for o in own}))


@pytest.mark.parametrize("name", BUNDLES)
def test_no_id_of_an_example_is_sent_under_any_name(name: str) -> None:
    bundle, key = load(name), load(name).room.key
    known = {one[key] for r in bundle.requests() for one in r.examples.valid if isinstance(one, dict) and key in one}
    for emit in bad(name, played(name)):
        for field, value in leaves(emit.args[0]):
            assert value not in known
            if field == key and value not in ("", None) and not isinstance(value, bool):
                assert any(mark in str(value) for mark in marks("4c1d9a7be2035f")) or value in SPOILT


@pytest.mark.parametrize("name", BUNDLES)
def test_free_fields_are_unlike_those_of_any_other_request_and_run(name: str) -> None:
    def drawn(run: str) -> list[Any]:
        key = load(name).room.key
        found = [leaf for emit in bad(name, played(name, run)) for leaf in leaves(emit.args[0]) if leaf[0] != key]
        return [value for _, value in found if isinstance(value, float) and len(repr(value)) > 8]

    first, second = drawn("4c1d9a7be2035f"), drawn("5c1d9a7be2035f")
    assert len(set(first)) == len(first)
    assert not set(first) & set(second)


def test_sockets_listen_where_a_missing_id_leads_and_ask_for_it_without_a_roster() -> None:
    act = played("example")
    joined = [
        s for s in flat(act.steps) if isinstance(s, Emit) and s.event == "room:enter" and s.actor.startswith("nil")
    ]
    assert [s.args[0]["room"] for s in joined][:-1] == list(SPOILT)
    assert joined[-1].args[0]["room"].isdigit()
    assert not {s.room for s in flat(act.steps) if isinstance(s, Enter)} & set(SPOILT)


BEGIN = """
nil opened n1 user=un token=own
ann opened a1 user=ua token=own
bob opened b1 user=ub token=own
wes opened w1 user=uw token=own
nil -> room:enter {"room": "undefined"}
ann in r1
bob in r1
wes in r1
wes in r2
ann in r2
"""
GOOD = """
ann -> cursor:move {"room": "r2", "x": 7.7654321}
wes <- cursor:moved {"room": "r2", "x": 7.7654321, "user": "ua"}
"""


def findings(text: str) -> list[Finding]:
    return list(RULE.judge(read(EXAMPLE, script(EXAMPLE, text))))


def told(text: str) -> list[tuple[str, Outcome]]:
    return [(finding.subject, finding.outcome) for finding in findings(text)]


def test_each_request_is_quoted_with_its_own_effect() -> None:
    text = (
        BEGIN
        + """
ann -> cursor:move {"room": "r1", "x": 101}
bob -> cursor:move {"room": "r1", "x": -1}
ann -> pen:take {"room": "r1", "pen": "RED"}
wes <- cursor:moved {"room": "r1", "x": -1, "user": "ub"}
wes <- pen:taken {"room": "r1", "pen": "RED"}
wes <- cursor:moved {"room": "r1", "x": 101, "user": "ua"}
"""
    )
    reading = read(EXAMPLE, script(EXAMPLE, text))
    pairs = {}
    for index, effects in effects_of(reading).items():
        sent = reading.entries[index]
        assert isinstance(sent, Sent)
        pairs[json.dumps(sent.args[0])] = [reading.entries[one.index].args[0] for one in effects]
    assert pairs == {
        '{"room": "r1", "x": 101}': [{"room": "r1", "x": 101, "user": "ua"}],
        '{"room": "r1", "x": -1}': [{"room": "r1", "x": -1, "user": "ub"}],
        '{"room": "r1", "pen": "RED"}': [{"room": "r1", "pen": "RED"}],
    }
    failed = {f.subject: f.expected for f in findings(text) if f.outcome is Outcome.FAIL}
    assert failed == {
        "cursor:move": "no effect of a request with `x` 101 (maximum), `x` -1 (minimum)",
        "pen:take": 'no effect of a request with `pen` "RED" (enum)',
    }


def test_a_value_that_was_corrected_is_an_effect() -> None:
    text = (
        BEGIN
        + 'ann -> cursor:move {"room": "r1", "x": 101}\nwes <- cursor:moved {"room": "r1", "x": 100, "user": "ua"}'
    )
    assert told(text) == [("cursor:move", Outcome.FAIL)]


MISSING = BEGIN + 'ann -> cursor:move {"x": 33.7654321}\n'


def test_a_missing_id_is_told_by_whoever_sits_in_the_room_that_it_turns_into() -> None:
    found = findings(MISSING + 'nil <- cursor:moved {"x": 33.7654321}\n')
    assert [(f.subject, f.outcome) for f in found] == [("cursor:move", Outcome.FAIL)]
    assert 'heard in the room of "undefined"' in found[0].got
    assert "no `room`" in found[0].expected


def test_what_a_broadcast_without_a_subject_carries_is_not_judged_by_other_rules() -> None:
    reading = read(
        EXAMPLE, script(EXAMPLE, MISSING + 'nil <- cursor:moved {"x": 33.7654321}\nnil <- note:added {"x": 1}')
    )
    failed = {rule.id for rule in rules() for f in rule.judge(reading) if f.outcome is Outcome.FAIL}
    assert failed == {RULE.id}


def test_what_comes_to_the_room_of_a_missing_id_is_not_taken_for_the_effect_of_junk() -> None:
    rule = next(rule for rule in rules() if rule.id == "junk-reaches-nobody")

    def failed(heard: str) -> list[str]:
        reading = read(EXAMPLE, script(EXAMPLE, BEGIN + 'ann -> cursor:move ["junk"]\n' + heard + GOOD))
        return [f.expected for f in rule.judge(reading) if f.outcome is Outcome.FAIL]

    assert failed('nil <- cursor:moved {"x": 12.3456789, "user": "zoe"}') == []
    assert failed('nil <- cursor:moved ["junk"]') == ["nothing at nil"]
    assert failed('wes <- cursor:moved {"x": 12.3456789, "user": "zoe"}') == ["nothing at wes"]


@pytest.mark.parametrize(
    "heard",
    [
        pytest.param('nil <- cursor:moved {"x": 12.3456789, "user": "zoe"}', id="of other values"),
        pytest.param('nil <- note:added {"x": 33.7654321}', id="of another event"),
        pytest.param('wes <- cursor:moved {"room": "r2", "x": 12.5, "user": "uw"}', id="in another room of ours"),
    ],
)
def test_what_others_send_is_no_effect(heard: str) -> None:
    assert Outcome.FAIL not in {outcome for _, outcome in told(MISSING + heard + GOOD)}


def test_a_value_that_anybody_may_send_proves_nothing_where_others_may_be() -> None:
    text = BEGIN + 'ann -> pen:take {"pen": "red"}\nnil <- pen:taken {"pen": "red"}\n'
    assert told(text) == [("pen:take", Outcome.INCONCLUSIVE)]
    assert told(
        text.replace('{"pen": "red"}\n', '{"pen": "red", "by": "ua"}\n').replace(
            'take {"pen": "red", "by": "ua"}', 'take {"pen": "red"}'
        )
    ) == [("pen:take", Outcome.FAIL)]


def test_an_effect_that_a_good_request_explains_is_not_the_bad_ones() -> None:
    text = (
        BEGIN
        + """
bob -> pen:take {"room": "r1", "pen": "red"}
ann -> pen:take {"room": 3, "pen": "red"}
wes <- pen:taken {"room": "r1", "pen": "red"}
wes <- pen:taken {"room": "r1", "pen": "red"}
"""
    )
    assert Outcome.FAIL not in {outcome for _, outcome in told(text)}


def test_what_came_before_the_request_is_not_its_effect() -> None:
    text = BEGIN + 'wes <- cursor:moved {"room": "r1", "x": 101}\nann -> cursor:move {"room": "r1", "x": 101}' + GOOD
    assert told(text) == [("cursor:move", Outcome.PASS)]


def test_silence_is_a_pass_only_where_a_good_request_is_heard_afterwards() -> None:
    bad_one = 'ann -> cursor:move {"room": "r1", "x": 101}\n'
    assert told(BEGIN + bad_one + GOOD) == [("cursor:move", Outcome.PASS)]
    assert told(BEGIN + bad_one) == []
    assert told(BEGIN + bad_one + GOOD.split("wes")[0]) == [("cursor:move", Outcome.INCONCLUSIVE)]
    assert told(BEGIN + GOOD + bad_one) == [("cursor:move", Outcome.INCONCLUSIVE)]


def test_an_observer_counts_as_a_listener() -> None:
    found = findings(
        BEGIN
        + 'ann -> cursor:move {"room": "r1", "x": 101}\nredis saw cursor:moved r1 board:r1 {"room": "r1", "x": 101}'
    )
    assert [(f.subject, f.outcome) for f in found] == [("cursor:move", Outcome.FAIL)]
    assert "sent to board:r1" in found[0].got


NUMBER = """
cyd opened c1
cyd -> room:enter {"room": 482913370115526}
http add-note {"room": "482913370115526"} {"text": "counted"} => 201 {}
wes <- note:added {"id": "n1", "room": "482913370115526", "text": "counted", "at": 1}
"""
WHO = """
cyd -> who {"room": "r1"} #1
cyd <= who #1 {"room": "r1", "sockets": [], "count": 0}
"""


def test_a_join_that_is_taken_though_it_is_invalid_is_an_effect() -> None:
    heard = 'cyd <- note:added {"id": "n1", "room": "482913370115526", "text": "counted", "at": 1}'
    found = findings(BEGIN + NUMBER + heard)
    assert [(f.subject, f.outcome) for f in found if f.subject == "room:enter"] == [("room:enter", Outcome.FAIL)]
    assert told(BEGIN + NUMBER + WHO) == [("room:enter", Outcome.PASS)]
    assert told(BEGIN + NUMBER) == []


def test_a_join_that_names_no_room_must_lead_into_none() -> None:
    text = BEGIN + NUMBER.replace('{"room": 482913370115526}', '{"board": "r"}')
    heard = 'cyd <- note:added {"id": "n1", "room": "482913370115526", "text": "counted", "at": 1}'
    assert told(text + WHO) == [("room:enter", Outcome.PASS)]
    assert told(text + heard) == [("room:enter", Outcome.FAIL)]
    assert told(text) == []


def test_a_room_that_was_asked_for_as_documented_explains_what_is_heard_of_it() -> None:
    bad = BEGIN + NUMBER.replace('{"room": 482913370115526}', '{"board": "r"}')
    good = 'cyd -> room:enter {"room": "482913370115526"}\n'
    heard = 'cyd <- note:added {"id": "n1", "room": "482913370115526", "text": "counted", "at": 1}\n'
    call = next(line for line in NUMBER.splitlines() if line.startswith("http"))
    assert told(bad.replace(call, good + call) + heard) == []
    assert told(bad + heard + good) == [("room:enter", Outcome.FAIL)]


def test_a_leave_that_is_taken_though_it_is_invalid_is_an_effect() -> None:
    text = (
        BEGIN
        + """
bob -> room:exit {}
http add-note {"room": "r1"} {"text": "after"} => 201 {}
wes <- note:added {"id": "n1", "room": "r1", "text": "after", "at": 1}
"""
    )
    still = 'bob <- note:added {"id": "n1", "room": "r1", "text": "after", "at": 1}\n'
    fence = 'bob -> who {"room": "r1"} #1\nbob <= who #1 {"room": "r1", "sockets": [], "count": 0}\n'
    assert told(text + still + fence) == [("room:exit", Outcome.PASS)]
    assert told(text + fence) == [("room:exit", Outcome.FAIL)]
    assert told(text) == []


def test_the_broadcast_of_anothers_bad_join_is_not_taken_for_ones_own() -> None:
    """At whoever caused its like, and is not to hear it, a broadcast that names another user is the other's."""
    text = """
ann opened a1 user=ua token=own
bob opened b1 user=ub token=own
ann in r1
bob in r1
ann -> cursor:move {"room": "r1", "x": 5}
ann <- cursor:moved {"room": "r1", "x": 5, "user": "ub"}
"""
    rule = next(rule for rule in rules() if rule.id == "sender-hears-as-documented")
    for heard, outcome in ((text, False), (text.replace('"ub"}', '"ua"}'), True)):
        found = {finding.outcome for finding in rule.judge(read(EXAMPLE, script(EXAMPLE, heard)))}
        assert (Outcome.FAIL in found) is outcome


def test_an_error_that_a_good_request_got_is_not_one_at_the_wrong_socket() -> None:
    rule = next(rule for rule in rules() if rule.id == "error-goes-to-the-requester-alone")
    text = BEGIN + 'ann -> pen:take {"room": "r1"}\nnil <- problem {"code": "NO_ID"}\n'
    assert Outcome.FAIL not in {f.outcome for f in rule.judge(read(EXAMPLE, script(EXAMPLE, text)))}
    told_to_all = text.replace("nil <-", "wes <-")
    assert Outcome.FAIL in {f.outcome for f in rule.judge(read(EXAMPLE, script(EXAMPLE, told_to_all)))}
