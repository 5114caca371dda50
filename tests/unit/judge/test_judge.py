"""Findings become verdicts: the worst of a subject counts, each fault is told once, nothing is left out."""

from collections.abc import Callable, Iterator

import msgspec
import pytest

from conformance.analysis.reading import EFFECT_RULE, Reading
from conformance.judge.judge import MOST_EVIDENCE, judge
from conformance.judge.reasons import INTERRUPTED
from conformance.judge.rule import Rule
from conformance.model.transcript import Transcript
from conformance.model.verdict import (
    ENGINE,
    Finding,
    NotExercised,
    Outcome,
    Verdict,
    failed,
    passed,
    skipped,
    summary,
    unclear,
)
from conformance.plan.delivery import chorus
from conformance.plan.requests import PROBE
from tests.unit.scripts import EXAMPLE, PAIR, RULES, transcript_of

CLAUSE = "A clause."


def rule(judged: Callable[[Reading], Iterator[Finding]], *, id: str = "a-rule", **changed: object) -> Rule:  # noqa: A002
    made = {
        "id": id, "title": "A rule.", "why": "", "clause": CLAUSE, "acts": (chorus,), "subjects": lambda _: ["who", "pen:taken"],
        "judge": judged, "silent": "", "speaks": "", **changed,
    }  # fmt: skip
    return Rule(**made)  # type: ignore[arg-type]


def saying(*found: Finding, id: str = "a-rule", **changed: object) -> Rule:  # noqa: A002
    return rule(lambda _: iter(found), id=id, **changed)


def verdicts(*rules: Rule, text: str = PAIR, **changed: object) -> list[Verdict]:
    return judge(EXAMPLE, [transcript_of(text, **changed)], rules)[0]


def told(made: list[Verdict]) -> list[tuple[str, str, str]]:
    return [(one.rule, one.subject, one.outcome.value) for one in made]


ALL = {
    "error": Finding(subject="who", outcome=Outcome.ERROR, message="error"),
    "fail": failed("who", "a", "b"),
    "pass": passed("who", "seen"),
    "inconclusive": unclear("who", "why"),
    "skip": skipped("who", "why"),
}


@pytest.mark.parametrize(
    ("outcomes", "worst"),
    [
        (("pass", "fail"), "fail"), (("fail", "error"), "error"), (("inconclusive", "pass"), "pass"),
        (("skip", "inconclusive"), "inconclusive"), (("skip",), "skip"), (("skip", "pass", "fail", "inconclusive"), "fail"),
    ],
)  # fmt: skip
def test_the_worst_finding_of_a_subject_is_its_verdict(outcomes: tuple[str, ...], worst: str) -> None:
    (verdict,) = verdicts(saying(*(ALL[one] for one in outcomes)))
    assert (verdict.outcome.value, verdict.seen) == (worst, 1)


def test_a_verdict_says_what_its_finding_says() -> None:
    (verdict,) = verdicts(saying(failed("pen:taken", "a", "b", 1, 0, 1, hint="do this")))
    assert verdict == Verdict(
        rule="a-rule", subject="pen:taken", transport="websocket", outcome=Outcome.FAIL, message="expected a, got b",
        clause=CLAUSE, source="Whiteboard guide 1.0, Pens", expected="a", got="b", act="script", hint="do this",
        evidence=("     10.0 ms  ann   connected as a1", "     20.0 ms  bob   connected as b1"),
    )  # fmt: skip


def test_a_verdict_shows_so_many_entries_at_most() -> None:
    text = "".join(f"a{number} opened s{number}\n" for number in range(MOST_EVIDENCE + 2))
    (verdict,) = verdicts(saying(passed("who", "seen", *range(MOST_EVIDENCE + 2))), text=text)
    assert len(verdict.evidence) == MOST_EVIDENCE


def test_of_equal_findings_the_one_that_says_most_is_told() -> None:
    (verdict,) = verdicts(saying(unclear("who", "a"), unclear("who", "b", hint="h"), unclear("who", "c", 0, 1)))
    assert (verdict.message, verdict.seen) == ("b", 3)
    (verdict,) = verdicts(saying(unclear("who", "a", 0), unclear("who", "c", 0, 1)))
    assert verdict.message == "c"
    first, second = transcript_of("", act="first", began_s=2.0), transcript_of("", act="second", began_s=1.0)
    made, _ = judge(EXAMPLE, [first, second], [saying(unclear("who", "a"))])
    assert made[0].act == "second"


def test_the_level_of_a_rule_takes_the_place_of_a_failure_alone() -> None:
    outcomes = []
    for found in ALL.values():
        (verdict,) = verdicts(saying(found, level=Outcome.WARNING))
        outcomes.append(verdict.outcome.value)
    assert outcomes == ["error", "warning", "pass", "inconclusive", "skip"]


def test_a_rule_that_raises_is_an_error_and_no_failure() -> None:
    def broken(_: Reading) -> Iterator[Finding]:
        yield failed("who", "a", "b")
        raise KeyError("x")

    made = verdicts(rule(broken), saying(passed("who", "seen"), id="b-rule"))
    assert told(made) == [("a-rule", "a-rule", "error"), ("a-rule", "who", "fail"), ("b-rule", "who", "pass")]
    assert made[0].message == "this rule failed on the act script: KeyError: 'x'"


def test_an_act_that_broke_is_an_error_and_is_not_judged() -> None:
    broke = transcript_of(PAIR, broke="out of memory", act="broken", transport="polling")
    made, missing = judge(EXAMPLE, [broke], [saying(passed("who", "seen"))])
    assert made == [
        Verdict(
            rule=ENGINE, subject="broken", transport="polling", outcome=Outcome.ERROR, source="Roomcheck", act="broken",
            message="the act could not be completed: out of memory", clause="Every act is completed.",
        )
    ]  # fmt: skip
    assert [one.subject for one in missing] == ["who", "pen:taken"]


def test_each_transport_is_judged_by_itself() -> None:
    def judged(reading: Reading) -> Iterator[Finding]:
        for actor in reading.actors():
            yield passed(actor, "seen")

    over = [transcript_of(PAIR, transport="websocket"), transcript_of("eve opened e1\n", transport="polling")]
    made, missing = judge(EXAMPLE, over, [rule(judged)])
    assert [(one.subject, one.transport) for one in made] == [
        ("ann", "websocket"),
        ("bob", "websocket"),
        ("eve", "polling"),
    ]
    assert [(one.subject, one.transport) for one in missing] == [
        ("who", "websocket"), ("pen:taken", "websocket"), ("who", "polling"), ("pen:taken", "polling"),
    ]  # fmt: skip


def reasons(missing: list[NotExercised]) -> dict[str, str]:
    return {one.subject: one.reason for one in missing}


def test_a_subject_on_which_nothing_was_found_is_told_with_the_reason() -> None:
    _, missing = judge(EXAMPLE, [transcript_of(PAIR)], [saying(passed("who", "seen"))])
    assert reasons(missing) == {"pen:taken": "nothing that it is judged by happened in the acts chorus"}
    _, missing = judge(
        EXAMPLE, [transcript_of(PAIR)], [saying(passed("who", "seen"))], interrupted=("websocket", "polling")
    )
    assert [(one.subject, one.transport, one.reason) for one in missing] == [
        ("pen:taken", "websocket", INTERRUPTED), ("who", "polling", INTERRUPTED), ("pen:taken", "polling", INTERRUPTED),
    ]  # fmt: skip


def test_the_reason_is_that_of_the_subject_over_its_transport() -> None:
    renamed = PAIR + 'ann -> pen:take {"room": "r1", "pen": "red"}\nbob <- pen-taken {"room": "r1", "pen": "red"}\n'
    over = [transcript_of(renamed, transport="websocket"), transcript_of(PAIR, transport="polling")]
    _, missing = judge(EXAMPLE, over, [saying()])
    told = "pen:taken is sent as 'pen-taken': see broadcast-keeps-its-name"
    nothing = "nothing that it is judged by happened in the acts chorus"
    assert [one.reason for one in missing] == [nothing, told, nothing, nothing]


class Limit:
    """Ends quietly where judging is broken off."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return kind is SystemExit


def test_a_rule_that_was_not_come_to_has_judged_nothing() -> None:
    def stopped(_: Reading) -> Iterator[Finding]:
        raise SystemExit

    rules = [saying(passed("who", "seen")), rule(stopped, id="b-rule"), saying(passed("who", "seen"), id="c-rule")]
    made, missing = judge(EXAMPLE, [transcript_of(PAIR)], rules, limit=Limit())
    assert told(made) == [("a-rule", "who", "pass")]
    assert [(one.rule, one.subject, one.reason == INTERRUPTED) for one in missing] == [
        ("a-rule", "pen:taken", False),
        ("b-rule", "who", True), ("b-rule", "pen:taken", True), ("c-rule", "who", True), ("c-rule", "pen:taken", True),
    ]  # fmt: skip


RED = '{"room": "r1", "pen": "red"}'
FAULTY = 'bob <- pen:taken {"room": "r1", "pen": NaN}\nhttp list-notes {} => 200 {"total": NaN}\nbob <- pen:taken {}\n'

CANNOT_BE_PARSED = {
    "a frame": ("a-rule", (0,), "inconclusive"),
    "a frame, by its own rule": ("frames-can-be-parsed", (0,), "fail"),
    "a frame, by the rule of calls": ("calls-answer-as-documented", (0,), "inconclusive"),
    "an answer": ("a-rule", (1,), "inconclusive"),
    "an answer, by its own rule": ("calls-answer-as-documented", (1,), "fail"),
    "an answer, by the rule of frames": ("frames-can-be-parsed", (1,), "inconclusive"),
    "neither": ("a-rule", (2,), "fail"),
    "one of several": ("a-rule", (2, 0), "inconclusive"),
}


@pytest.mark.parametrize("what", CANNOT_BE_PARSED)
def test_what_rests_on_what_no_client_can_parse_refers_to_the_rule_that_tells_it(what: str) -> None:
    name, evidence, expected = CANNOT_BE_PARSED[what]
    (verdict,) = verdicts(saying(failed("who", "a", "b", *evidence), id=name), text=FAULTY)
    assert verdict.outcome.value == expected
    (verdict,) = verdicts(saying(passed("who", "seen", *evidence), id=name), text=FAULTY)
    assert verdict.outcome is Outcome.PASS


def probing(subject: str = "who", outcome: Finding | None = None, act: str = f"{PROBE}who") -> list[Verdict]:
    effect = rule(
        lambda reading: iter([outcome or failed("who", "a", "b", hint="the service uses the name 'whoo'")]
                             if reading.transcript.act == act else []),
        id=EFFECT_RULE,
    )  # fmt: skip
    other = rule(lambda reading: iter([] if reading.transcript.act == act else [failed(subject, "a", "b")]))
    skip = rule(lambda reading: iter([passed(subject, "seen")]), id="b-rule")
    return judge(EXAMPLE, [transcript_of(PAIR), transcript_of(PAIR, act=act)], [effect, other, skip])[0]


def test_what_fails_for_a_request_of_another_name_refers_to_the_verdict_that_tells_it() -> None:
    assert told(probing()) == [
        ("a-rule", "who", "inconclusive"),
        ("b-rule", "who", "pass"),
        (EFFECT_RULE, "who", "fail"),
    ]
    assert probing()[0].message == f"the service uses the name 'whoo': see {EFFECT_RULE}"
    assert (probing()[0].expected, probing()[0].got) == ("", "")
    assert told(probing(subject="pen:taken"))[0] == ("a-rule", "pen:taken", "fail")
    assert told(probing(outcome=passed("who", "seen")))[0] == ("a-rule", "who", "fail")
    assert told(probing(act="probe-of-another"))[0] == ("a-rule", "who", "fail")


def test_another_rule_that_fails_in_such_an_act_names_nothing() -> None:
    other = saying(failed("who", "a", "b", hint="h"), id="b-rule")
    made = verdicts(saying(failed("who", "a", "b")), other, act=f"{PROBE}who")
    assert [one.outcome for one in made] == [Outcome.FAIL, Outcome.FAIL]


def test_a_summary_counts_each_outcome() -> None:
    made = [
        Verdict(rule="r", subject="s", transport="t", outcome=one, message="", clause="", source="") for one in Outcome
    ]
    assert summary([*made, made[0]]) == {
        "pass": 1, "fail": 1, "warning": 1, "known": 1, "inconclusive": 1, "skip": 1, "error": 2,
    }  # fmt: skip


def test_a_reply_has_the_source_of_its_request() -> None:
    (verdict,) = verdicts(saying(passed("who (reply)", "seen")))
    assert verdict.source == EXAMPLE.source_of("who")
    assert verdict.source == "Whiteboard guide 1.0, Rooms"


def test_every_rule_of_the_folder_can_be_judged_on_nothing() -> None:
    made, missing = judge(
        EXAMPLE, [Transcript(act="a", rooms=(), entries=(), began_s=0.0, ended_s=0.0)], RULES.values()
    )
    assert made == []
    assert {one.rule for one in missing} >= {"roster-is-true", "order-is-kept"}


def test_a_verdict_can_be_written_down() -> None:
    (verdict,) = verdicts(saying(passed("who", "seen", 0)))
    assert msgspec.json.decode(msgspec.json.encode(verdict), type=Verdict) == verdict
