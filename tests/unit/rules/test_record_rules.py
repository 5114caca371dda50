"""The rules of recordings: silent on their honest scripts, speaking on their lying ones, and silent for each guard."""

import msgspec
import pytest

from conformance.analysis.reading import read
from conformance.analysis.recorded import params_of, prepared
from conformance.analysis.script import script
from conformance.judge.recorded import UNSEEN, findings_of, judge_recorded, unjudged
from conformance.judge.rule import Rule, record_rules, rules
from conformance.model.verdict import Finding, Outcome
from contracts.load import load

EXAMPLE = load("example")
ALONE = [rule for rule in record_rules() if rule not in rules()]
BY_ID = {rule.id: rule for rule in record_rules()}


def findings(rule: Rule, lines: str) -> list[Finding]:
    bundle = load(rule.bundle)
    return list(rule.judge(read(bundle, script(bundle, lines))))


@pytest.mark.parametrize("rule", ALONE, ids=lambda rule: rule.id)
def test_a_rule_of_recordings_passes_its_honest_script_and_speaks_on_its_lying_one(rule: Rule) -> None:
    assert {finding.outcome for finding in findings(rule, rule.silent)} == {Outcome.PASS}
    failures = [one for one in findings(rule, rule.speaks) if one.outcome is Outcome.FAIL]
    assert len(failures) == 1
    assert failures[0].evidence
    assert rule.why


def outcomes(rule: str, lines: str) -> list[Outcome]:
    """What a rule finds in a recording, passes left out."""
    (transcript,) = prepared(EXAMPLE, msgspec.structs.replace(script(EXAMPLE, lines), namespace="/"))
    found = findings_of(BY_ID[rule], read(EXAMPLE, transcript))
    return [one.outcome for one in found if one.outcome is not Outcome.PASS]


JOINED = """
ann opened a1 token=shown
bob opened b1 token=shown
ann -> room:enter {"room": "r1"} #1
ann <= room:enter #1 {"room": "r1", "entered": true}
bob -> room:enter {"room": "r2"} #1
bob <= room:enter #1 {"room": "r2", "entered": true}
ann <- note:added {"id": "n0", "room": "r1", "text": "first", "at": 1}
bob <- note:added {"id": "n9", "room": "r2", "text": "other", "at": 1}
"""
"""Two clients in rooms of their own, as they were seen to be."""

NOTE = '{"id": "n1", "room": "r1", "text": "hello", "at": 1}'
LEAK = f"bob <- note:added {NOTE}\n"
TWICE = f"ann <- note:added {NOTE}\nann <- note:added {NOTE}\n"
FAIL, UNCLEAR = [Outcome.FAIL], [Outcome.INCONCLUSIVE]

GUARDS = {
    "a leak": ("rooms-stay-apart", JOINED + LEAK, FAIL),
    "a member": ("rooms-stay-apart", JOINED + f"ann <- note:added {NOTE}\n", []),
    "asked for": ("rooms-stay-apart", JOINED + 'bob -> room:enter {"room": "r1"}\n' + LEAK, []),
    "entered by a name that no contract has": ("rooms-stay-apart", JOINED + "bob -> room:peek {}\n" + LEAK, UNCLEAR),
    "a member of nothing": ("rooms-stay-apart", f"bob opened b1\nbob <- note:added {NOTE}\n", []),
    "of the room before it asked for any": (
        "rooms-stay-apart",
        f"bob opened b1\nbob <- note:added {NOTE}\n" + JOINED.replace("bob opened b1 token=shown\n", "") + LEAK,
        UNCLEAR,
    ),
    "a session that was not recorded": (
        "rooms-stay-apart", JOINED.replace("bob opened b1", "bob opened b1 resumes=unrecorded") + LEAK, UNCLEAR,
    ),
    "twice": ("same-broadcast-comes-once", JOINED + TWICE, FAIL),
    "changed": ("same-broadcast-comes-once", JOINED + TWICE.replace("hello", "bye", 1), []),
    "at two": ("same-broadcast-comes-once", JOINED + f"ann <- note:added {NOTE}\nbob <- note:added {NOTE}\n", []),
    "asked for in between": (
        "same-broadcast-comes-once",
        JOINED + f'ann <- note:added {NOTE}\nann -> who {{"room": "r1"}} #2\nann <- note:added {NOTE}\n',
        UNCLEAR,
    ),
    "resumed": (
        "same-broadcast-comes-once", JOINED.replace("ann opened a1", "ann opened a1 resumes=c9") + TWICE, UNCLEAR,
    ),
    "a refused call": (
        "calls-answer-as-documented", 'http add-note {"room": "r1"} {"text": "hello"} => 403 {"error": "no"}\n', UNCLEAR,
    ),
    "an answer that breaks its schema": (
        "calls-answer-as-documented", 'http add-note {"room": "r1"} {"text": "hello"} => 201 {}\n', FAIL,
    ),
    "a fault of the service": (
        "calls-answer-as-documented", 'http add-note {"room": "r1"} {"text": "hello"} => 500 {"error": "x"}\n', FAIL,
    ),
    "a call that broke off": (
        "calls-answer-as-documented", 'http add-note {"room": "r1"} {"text": "hello"} => null "cut"\n', UNCLEAR,
    ),
    "a bad body of the client": (
        "calls-answer-as-documented", 'http add-note {"room": "r1"} {"text": ""} => 400 {"error": "x"}\n', [],
    ),
    "a bad body, of the client": (
        "client-payload-keeps-its-schema", 'http add-note {"room": "r1"} {"text": ""} => 400 {"error": "x"}\n', FAIL,
    ),
    "a renamed broadcast": (
        "broadcast-keeps-its-name",
        JOINED + 'bob -> room:enter {"room": "r1"} #2\nbob <= room:enter #2 {"ok": true}\n'
        'bob <- note:added {"id": "n3", "room": "r1", "text": "seen", "at": 1}\n'
        'ann -> pen:take {"room": "r1", "pen": "red"}\nbob <- pen:was-taken {"room": "r1", "pen": "red"}\n',
        FAIL,
    ),
    "a name of its own, where nobody is owed the broadcast": (
        "broadcast-keeps-its-name",
        JOINED + 'ann -> pen:take {"room": "r1", "pen": "red"}\nbob <- pen:was-taken {"room": "r1", "pen": "red"}\n',
        UNCLEAR,
    ),
    "an order of causes that are alike": (
        "order-of-causes-is-kept",
        JOINED + 3 * 'http add-note {"room": "r1"} {"text": "x"} => 201 {}\n' + f"ann <- note:added {NOTE}\n",
        [],
    ),
    "an order in which another may have said the same": (
        "order-of-causes-is-kept",
        JOINED + 'http add-note {"room": "r1"} {"text": "a"} => 201 {}\nhttp add-note {"room": "r1"} {"text": "b"} => 201 {}\n'
        'ann <- note:added {"id": "n2", "room": "r1", "text": "b", "at": 1}\n'
        'ann <- note:added {"id": "n1", "room": "r1", "text": "a", "at": 1}\n'
        'ann <- note:added {"id": "n3", "room": "r1", "text": "b", "at": 1}\n',
        [],
    ),
    "a second ack": (
        "reply-comes-once", JOINED + "ann <= room:enter #1 {\"ok\": true}\n", FAIL,
    ),
    "a secret in a payload": (
        "payload-keeps-its-schema", JOINED + 'ann <- note:added {"id": "(secret)", "room": "r1", "text": "", "at": 1}\n',
        UNCLEAR,
    ),
    "an empty payload": ("payload-keeps-its-schema", JOINED + "ann <- note:added {}\n", FAIL),
    "an unknown name": ("no-undocumented-event", JOINED + "ann <- note:gone {}\n", FAIL),
    "a retired name": ("retired-name-is-absent", JOINED + f"ann <- note:new {NOTE}\n", FAIL),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "lines", "found"), GUARDS.values(), ids=GUARDS)
def test_a_recording_is_proof_of_what_it_shows_alone(rule: str, lines: str, found: list[Outcome]) -> None:
    assert outcomes(rule, lines) == found


def test_what_did_not_pass_is_not_exercised() -> None:
    verdicts, missing = judge_recorded(EXAMPLE, [], record_rules())
    assert verdicts == []
    assert missing == []
    empty = msgspec.structs.replace(script(EXAMPLE, "ann opened a1\n"), namespace="/")
    verdicts, missing = judge_recorded(EXAMPLE, [empty], record_rules())
    assert verdicts == []
    assert {one.rule for one in missing} == {rule.id for rule in record_rules() if list(rule.subjects(EXAMPLE))}
    assert {one.reason for one in missing} == {UNSEEN}


def test_a_namespace_that_no_contract_has_is_not_judged() -> None:
    other = msgspec.structs.replace(script(EXAMPLE, JOINED + LEAK), namespace="/other")
    assert judge_recorded(EXAMPLE, [other], record_rules()) == ([], [])
    (said,) = unjudged(EXAMPLE, [other])
    assert said == f"no contract has the namespace '/other': {len(other.entries)} entries of it were not judged"
    assert unjudged(EXAMPLE, [msgspec.structs.replace(other, namespace="/")]) == []


def test_a_call_is_named_by_its_path() -> None:
    (call,) = (one for one in EXAMPLE.calls.values() if one.path == "/boards/:room/users/:user")
    assert params_of(call, "/boards/r1/users/u%201") == {"room": "r1", "user": "u%201"}
    assert params_of(call, "/boards/r1/users/") is None
    assert params_of(call, "/boards/r1/users/u/x") is None
    assert params_of(call, "/notes/r1/users/u") is None
