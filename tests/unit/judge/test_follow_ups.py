"""A fault is told once: what follows from a renamed event or a refused trigger refers to it."""

from dataclasses import replace

import msgspec
import pytest

from conformance.analysis import queries
from conformance.analysis.reading import EFFECT_RULE, NAME_RULE
from conformance.analysis.script import script
from conformance.judge.judge import judge
from conformance.judge.rule import Rule, rules
from conformance.model.transcript import Called, Transcript
from conformance.model.verdict import Outcome, Verdict
from conformance.target.triggers import Equipped, Triggers, equipped
from contracts.load import load
from contracts.model import Bundle
from contracts.trigger import Trigger

EXAMPLE = load("example")
RULES = {rule.id: rule for rule in rules()}
ROOM = """
ann opened a1 user=ua token=own
bob opened b1 user=ub token=own
oda opened o1 user=uo token=own
ann in r1
bob in r1
oda in r2
"""
TAKEN = "ann -> pen:take {'room': 'r1', 'pen': 'red'}\n".replace("'", '"')
UNDER_ANOTHER_NAME = "bob <- pen-taken {'room': 'r1', 'pen': 'red'}\n".replace("'", '"')
LATER = """
bob -> pen:take {"room": "r2", "pen": "blue"}
oda <- pen:taken {"room": "r2", "pen": "blue"}
"""
SENT_AS = "pen:taken is sent as 'pen-taken': see broadcast-keeps-its-name"


def of(rule_id: str, *texts: str) -> list[Verdict]:
    found, _ = judge(EXAMPLE, [script(EXAMPLE, "".join(texts))], [RULES[rule_id]])
    return found


def test_the_rules_that_others_refer_to_are_there() -> None:
    assert {NAME_RULE, EFFECT_RULE} <= RULES.keys()


@pytest.mark.parametrize(
    "rule_id",
    ["broadcast-arrives", "everyone-in-the-room-receives", "rooms-are-isolated", "sender-hears-as-documented"],
)
def test_what_a_rename_hides_refers_to_the_rule_that_tells_it(rule_id: str) -> None:
    found = {v.subject: v for v in of(rule_id, ROOM, TAKEN, UNDER_ANOTHER_NAME)}
    assert found["pen:taken"].outcome is Outcome.INCONCLUSIVE
    assert SENT_AS in found["pen:taken"].message
    assert [v.outcome for v in of(NAME_RULE, ROOM, TAKEN, UNDER_ANOTHER_NAME)] == [Outcome.FAIL]


def test_a_rename_in_the_room_that_was_kept_is_referred_to() -> None:
    kept = """
ann in r2
ann -> room:exit {"room": "r1"}
ann out r1
oda -> pen:take {"room": "r2", "pen": "red"}
ann <- pen-taken {"room": "r2", "pen": "red"}
"""
    [verdict] = of("leaving-one-room-keeps-the-others", ROOM, kept)
    assert (verdict.subject, verdict.outcome, verdict.message) == ("room:exit", Outcome.INCONCLUSIVE, SENT_AS)


def test_a_subject_that_a_rename_leaves_unjudged_is_not_exercised_for_that_reason() -> None:
    played = [script(EXAMPLE, ROOM + TAKEN + UNDER_ANOTHER_NAME)]
    _, missing = judge(EXAMPLE, played, [RULES["delivered-exactly-once"], RULES["values-come-out-as-they-went-in"]])
    assert {one.reason for one in missing if one.subject == "pen:taken"} == {SENT_AS}
    assert all("see broadcast" not in one.reason for one in missing if one.subject != "pen:taken")


def test_a_broadcast_that_also_came_under_its_own_name_is_judged_as_ever() -> None:
    own = 'bob <- pen:taken {"room": "r1", "pen": "red"}\n'
    assert [v.outcome for v in of("broadcast-arrives", ROOM, TAKEN, UNDER_ANOTHER_NAME, own)] == [Outcome.PASS]
    silent = of("everyone-in-the-room-receives", ROOM, TAKEN, own, LATER, 'ann -> who {"room": "r1"} #1\n')
    assert {v.outcome for v in silent} == {Outcome.PASS}


def test_a_request_of_which_nothing_comes_is_told_once() -> None:
    found = of(EFFECT_RULE, ROOM, TAKEN, queries.LATER)
    assert [v.outcome for v in found if v.subject == "pen:take"] == [Outcome.FAIL]
    [verdict] = [v for v in of("broadcast-arrives", ROOM, TAKEN, queries.LATER) if v.subject == "pen:taken"]
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert verdict.message == "nothing came of the request pen:take: see request-has-its-effect"


def probed(*lines: str) -> Transcript:
    """An act that tries other names for the request pen:take."""
    begun = script(EXAMPLE, "try0 opened t0 user=ut token=own\ntry0w opened t1 user=uw token=own\n" + "\n".join(lines))
    return msgspec.structs.replace(begun, act="probe-pen:take")


def test_what_fails_for_a_renamed_request_refers_to_the_rule_that_tells_its_name() -> None:
    bad = script(EXAMPLE, ROOM + 'ann -> pen:take {"pen": "red"}\n' + queries.LATER)
    heard = probed('try0 -> take-pen {"room": "p1", "pen": "red"}', 'try0w <- pen:taken {"room": "p1", "pen": "red"}')
    silent = probed('try0 -> take-pen {"room": "p1", "pen": "red"}')
    chosen = [RULES[EFFECT_RULE], RULES["bad-request-gets-an-error"]]

    def told(*played: Transcript) -> list[tuple[str, Outcome, str]]:
        found, _ = judge(EXAMPLE, played, chosen)
        return [(v.rule, v.outcome, v.message) for v in found if v.subject == "pen:take"]

    knows = "the service uses the name 'take-pen'"
    assert told(bad, heard) == [
        ("bad-request-gets-an-error", Outcome.INCONCLUSIVE, f"{knows}: see request-has-its-effect"),
        (EFFECT_RULE, Outcome.FAIL, f"expected its effect under the name 'pen:take', got {knows}"),
    ]
    assert [one[:2] for one in told(bad, silent)] == [("bad-request-gets-an-error", Outcome.FAIL)]


def test_an_error_in_a_room_where_nobody_listens_is_no_refusal_of_another_request() -> None:
    outsider = """
ann opened a1 user=ua token=own
ann -> pen:take {"room": "r1", "pen": "red"}
ann -> pen:take {}
ann <- problem {"code": "NO_ROOM"}
"""
    [verdict] = [v for v in of(EFFECT_RULE, outsider) if v.subject == "pen:take"]
    assert verdict.outcome is Outcome.INCONCLUSIVE


# --- triggers -------------------------------------------------------------------------------------------------


def own_trigger(**other: object) -> Trigger:
    plain = Trigger(
        event="note:added", method="POST", url="/hooks/{room}", status=(200,), body={"text": "{text}", "room": "{room}"}
    )
    return replace(plain, **other)  # type: ignore[arg-type]


def with_trigger(trigger: Trigger, base: str = "none") -> Equipped:
    return equipped(EXAMPLE, Triggers(base=base, own={"note:added": trigger}), (), "targets.it")


def called(bundle: Bundle, status: int | None, answer: object, text: str = "hello", act: str = "chorus") -> Transcript:
    """Two members of a room, and the trigger's call with its answer."""
    begun = script(bundle, ROOM)
    entry = Called(
        at_s=1.0, actor="http", call="trigger of note:added", method="POST", path="/hooks/r1",
        params={"room": "r1", "text": text}, body={"room": "r1", "text": text}, status=status, answer=answer,
        done_s=1.1,
    )  # fmt: skip
    entries = (*begun.entries, entry)
    return msgspec.structs.replace(begun, act=act, entries=entries, ended_s=20.0)


def judged(made: Equipped, transcript: Transcript, *only: str) -> tuple[list[Verdict], dict[tuple[str, str], str]]:
    chosen: list[Rule] = [RULES[name] for name in only]
    found, missing = judge(EXAMPLE, [transcript], chosen, made)
    return found, {(one.rule, one.subject): one.reason for one in missing}


REFUSED = 'POST /hooks/r1 answered 400 {"error": "text: not one of A, B"}, expected 200'


def test_a_refused_trigger_shows_what_was_called_and_what_came_back() -> None:
    made = with_trigger(own_trigger())
    transcript = called(made.bundle, 400, {"error": "text: not one of A, B"})
    found, missing = judged(
        made, transcript, "calls-answer-as-documented", "broadcast-arrives", "several-rooms-on-one-socket"
    )
    [verdict] = [v for v in found if v.rule == "calls-answer-as-documented"]
    assert (verdict.outcome, verdict.message) == (
        Outcome.INCONCLUSIVE, f"the trigger of note:added was refused: {REFUSED}"
    )  # fmt: skip
    assert missing["broadcast-arrives", "note:added"] == f"its trigger {REFUSED}"
    assert "answered 400" not in missing["several-rooms-on-one-socket", "several rooms on one socket"]
    _, missing = judged(made, called(made.bundle, 400, {"error": "text: not one of A, B"}, act="several"),
                        "several-rooms-on-one-socket")  # fmt: skip
    assert (
        missing["several-rooms-on-one-socket", "several rooms on one socket"] == f"the trigger of note:added {REFUSED}"
    )


def test_a_trigger_that_is_not_answered_says_that() -> None:
    made = with_trigger(own_trigger())
    found, _ = judged(made, called(made.bundle, None, "no answer: refused"), "calls-answer-as-documented")
    assert [v.message for v in found] == [
        'the trigger of note:added was refused: POST /hooks/r1 "no answer: refused", expected 200'
    ]


def test_the_setting_is_named_only_where_the_api_is_what_lacks() -> None:
    made = with_trigger(own_trigger())
    _, missing = judged(made, called(made.bundle, 200, None), "calls-answer-as-documented", "stored-before-broadcast",
                        "rooms-are-isolated", "bad-token-is-401", "order-is-kept")  # fmt: skip
    lacks = 'the HTTP API is not part of this target: set triggers = "api" and api_url'
    assert missing["calls-answer-as-documented", "POST /notes/:room"] == lacks
    assert missing["stored-before-broadcast", "note:added"] == lacks
    nothing = "nothing that it is judged by happened in the acts"
    acts = "chorus, assembly, consequences, neighbours"
    assert missing["rooms-are-isolated", "pen:taken"] == f"{nothing} {acts}"
    assert missing["order-is-kept", "pen:taken"] == f"{nothing} sequence"


def test_values_of_the_calls_own_are_sent_and_are_no_echo() -> None:
    made = with_trigger(own_trigger(values={"text": (7, 8)}))
    assert made.bundle.calls["trigger of note:added"].trigger is not None
    passed_on = called(made.bundle, 200, None, text="hello")
    heard = script(made.bundle, '@1.2 bob <- note:added {"id": "n1", "room": "r1", "text": "hullo", "at": 1}')
    both = msgspec.structs.replace(passed_on, entries=(*passed_on.entries, *heard.entries))
    found, _ = judged(made, both, "values-come-out-as-they-went-in")
    assert [v.outcome for v in found] == [Outcome.FAIL], "what the contract can hold is compared as it was sent"
    foreign = called(made.bundle, 200, None)
    sent = msgspec.structs.replace(
        foreign.entries[-1], body={"room": "r1", "text": 7}, params={"room": "r1", "text": 7}
    )
    both = msgspec.structs.replace(foreign, entries=(*foreign.entries[:-1], sent, *heard.entries))
    found, _ = judged(made, both, "values-come-out-as-they-went-in", "payload-keeps-its-schema")
    assert {(v.rule, v.outcome) for v in found} == {
        ("values-come-out-as-they-went-in", Outcome.PASS), ("payload-keeps-its-schema", Outcome.PASS)
    }  # fmt: skip


def test_what_a_peer_service_alone_emits_is_not_exercised_for_that_reason() -> None:
    event = EXAMPLE.events["pen:take"]
    assert event.request is not None
    by_peer = replace(event, request=replace(event.request, by_peer=True))
    bundle = replace(EXAMPLE, events={**EXAMPLE.events, "pen:take": by_peer})
    _, missing = judge(bundle, [script(bundle, ROOM)], [RULES[EFFECT_RULE]])
    reasons = {one.subject: one.reason for one in missing}
    assert reasons["pen:take"] == "another service emits it, and a check cannot act as one"
    assert reasons["who"].startswith("nothing that it is judged by happened")
