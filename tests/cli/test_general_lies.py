"""`selftest --contracts`: lies about one's own contracts, those that are noticed, and what to add for the others."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from conformance.commands.general_lies import Options, Summary, _played
from conformance.engine import general_lies
from conformance.engine.check import Result
from conformance.engine.general_lies import Course, Job, Trial, batch, honest, tell, trial_of
from conformance.lying.advice import NO_ECHO
from conformance.lying.lie import Told, told_of
from conformance.lying.spots import Spot
from conformance.model.exit_code import Exit
from conformance.model.verdict import Outcome, Verdict
from contracts.load import load
from tests.running import ROOT, roomcheck

CHAT = "tests/services/chat/contracts"
EVENT = "chat message"


def told(contracts: str, *lies: str) -> list[Told]:
    """These lies about the event of the chat."""
    return [one for one in told_of(load(contracts)) if one.lie.id in lies]


def jobs(contracts: str, *lies: str) -> list[Job]:
    return [Job(lie=one.lie.id, spot=one.spot) for one in told(contracts, *lies)]


@pytest.fixture(scope="module")
def open_chat(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The chat with contracts that cannot fail: a message may be anything, and comes out as anything."""
    folder = tmp_path_factory.mktemp("open") / "contracts"
    shutil.copytree(ROOT / CHAT, folder)
    path = folder / "events" / "chat-message.json"
    event = json.loads(path.read_text())
    for way in ("client_to_server", "server_to_client"):
        event[way] = {**event[way], "payload": {"title": "msg"}}
        for key in ("texts", "echoes", "examples"):
            event[way].pop(key, None)
    path.write_text(json.dumps(event))
    return str(folder)


def test_lies_that_clauses_notice_are_counted_and_reported(tmp_path: Path) -> None:
    report = tmp_path / "lies.json"
    words = (
        "--lie",
        "argument-*",
        "--lie",
        "field-has-*",
        "--fail-under",
        "100",
        "--timeout",
        "0.5",
        "--json",
        str(report),
    )
    run = roomcheck("selftest", "--contracts", CHAT, *words)
    assert run.returncode == Exit.HOLDS, run.stderr
    assert run.stdout.splitlines()[-1] == "2 of 2 lies are noticed (100 %)"
    found = json.loads(report.read_text())
    assert {one["lie"]: one["by"] for one in found["lies"]} == {
        "argument-is-added": ["payload-is-one-argument: chat message"],
        "field-has-another-type": ["payload-keeps-its-schema: chat message"],
    }
    assert (found["noticed"], found["told"], found["not_told"], found["errors"]) == (2, 2, 0, [])


def test_contracts_that_cannot_fail_are_found(open_chat: str) -> None:
    """The honest service keeps them, and so does one whose messages are lists."""
    course = Course(contracts=open_chat, timeout_s=0.5)
    first = honest(course)
    assert first.accused == ()
    course = replace(course, doubted=bool(first.doubt))
    names = ("field-has-another-type", "broadcast-comes-twice")
    assert not any(trial.is_noticed for trial in batch(course, jobs(open_chat, *names)))
    advice = [one.lie.advice(load(open_chat), one.spot) for one in told(open_chat, *names)]
    assert advice == [NO_ECHO, "the type of `msg` is free: give it a `type`"]


def verdict(outcome: Outcome, rule: str = "order-is-kept") -> Verdict:
    return Verdict(
        rule=rule, subject=EVENT, transport="websocket", outcome=outcome, message="why", clause="", source="", act=""
    )


ORDER = Job(lie="broadcasts-overtake", spot=Spot(name=EVENT))


def test_what_the_honest_service_is_accused_of_is_no_sign_of_a_lie() -> None:
    result = Result(verdicts=[verdict(Outcome.FAIL), verdict(Outcome.WARNING, "no-undocumented-event")], doubt="little")
    course = Course(contracts=CHAT)
    both = ("order-is-kept: chat message", "no-undocumented-event: chat message")
    assert trial_of(course, ORDER, result, whole=True).accused == both
    assert trial_of(course, ORDER, result, whole=True).doubt == "little"
    excused = replace(course, excused=frozenset(both[:1]), doubted=True)
    assert trial_of(excused, ORDER, result, whole=True).accused == both[1:]
    assert trial_of(excused, ORDER, result, whole=True).doubt == ""


def test_the_honest_service_is_accused_where_it_is_accused_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a busy machine made it look guilty of once is no sign of a lie, and no error of Roomcheck."""
    trials = [replace(ACCUSED, accused=("a: x", "b: x")), replace(ACCUSED, accused=("b: x", "c: x"))]
    told_courses: list[Course] = []
    monkeypatch.setattr(general_lies, "honest", lambda course: trials.pop(0))
    monkeypatch.setattr(general_lies, "tell", lambda course, *_, **__: told_courses.append(course) or [])
    options = Options(contracts=CHAT)
    first, _ = _played(Course(contracts=CHAT), [], options, Console(stderr=True))
    assert first.accused == ("b: x",)
    assert [course.excused for course in told_courses] == [{"a: x", "b: x", "c: x"}]
    assert trials == []


def test_some_rules_alone_verify_little_and_that_is_no_sign_of_a_lie() -> None:
    assert trial_of(Course(contracts=CHAT), ORDER, Result(doubt="little"), whole=False).doubt == ""


def test_what_kept_a_rule_from_noticing_a_lie_is_told() -> None:
    result = Result(verdicts=[verdict(Outcome.INCONCLUSIVE), verdict(Outcome.INCONCLUSIVE, "socket-connects")])
    trial = trial_of(Course(contracts=CHAT), ORDER, result, whole=True)
    assert (trial.unclear, trial.is_noticed) == ("order-is-kept: chat message: why", False)
    assert trial_of(Course(contracts=CHAT), ORDER, Result(verdicts=[verdict(Outcome.ERROR)]), whole=True).error == "why"


def test_when_the_time_is_over_no_other_lie_is_begun() -> None:
    assert tell(Course(contracts=CHAT), jobs(CHAT, "argument-is-added"), max_s=0.0) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--lie", "argument-is-aded"), "--lie: no general lie matches 'argument-is-aded'; did you mean"),
        (
            ("--select", "chat mesage"),
            "--select: no lie is about an event, a call or a room that matches 'chat mesage'",
        ),
        (("--lie", "leaving-is-ignored"), "these lies are about nothing in these contracts"),
        (("--json", "/nowhere/x.json", "--lie", "argument-*"), "--json: '/nowhere/x.json' cannot be written"),
    ],
)
def test_what_cannot_be_told_is_one_message(words: tuple[str, ...], said: str) -> None:
    run = roomcheck("selftest", "--contracts", CHAT, *words)
    assert run.returncode == Exit.USAGE
    assert said in run.stderr
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [("--select", "x"), ("--fail-under", "50"), ("--list",), ("--json", "x"), ("-v",)])
def test_options_about_contracts_want_contracts(words: tuple[str, ...]) -> None:
    run = roomcheck("selftest", *words)
    assert run.returncode == Exit.USAGE
    assert "used with --contracts only" in run.stderr


def test_the_list_names_each_lie_and_what_it_is_about() -> None:
    run = roomcheck("selftest", "--contracts", CHAT, "--list", "--lie", "broadcast-comes-twice")
    assert run.returncode == Exit.HOLDS
    assert run.stdout.splitlines()[1].split("  ") == ["broadcast-comes-twice", EVENT, "A broadcast is delivered twice."]


def summary(*trials: Trial, honest: Trial | None = None) -> Summary:
    own = honest or Trial(lie="honest", spot=Spot(name=""))
    return Summary(bundle=load(CHAT), told=told(CHAT, "argument-is-added"), trials=trials, honest=own)


NOTICED = Trial(lie="argument-is-added", spot=Spot(name=EVENT), accused=("payload-is-one-argument: chat message",))
MISSED = Trial(lie="argument-is-added", spot=Spot(name=EVENT))
ACCUSED = Trial(lie="honest", spot=Spot(name=""), accused=("order-is-kept: chat message",))


@pytest.mark.parametrize(
    ("found", "fail_under", "code"),
    [
        (summary(NOTICED), None, Exit.HOLDS),
        (summary(NOTICED), 100.0, Exit.HOLDS),
        (summary(MISSED), None, Exit.HOLDS),
        (summary(MISSED), 1.0, Exit.BROKEN),
        (summary(MISSED), 0.0, Exit.HOLDS),
        (summary(), None, Exit.CANNOT_TELL),
        (summary(), 50.0, Exit.CANNOT_TELL),
        (summary(NOTICED, honest=ACCUSED), None, Exit.OUR_ERROR),
        (summary(MISSED, honest=ACCUSED), 50.0, Exit.BROKEN),
        (summary(replace(MISSED, error="a rule failed")), None, Exit.OUR_ERROR),
    ],
)
def test_the_exit_code_says_whether_enough_is_noticed(found: Summary, fail_under: float | None, code: Exit) -> None:
    assert found.code(fail_under) is code


def test_a_check_that_concludes_nothing_notices_too() -> None:
    """Its exit code is not 0: whoever reads it knows that something is wrong."""
    assert Trial(lie="x", spot=Spot(name=""), doubt="nothing was verified").is_noticed
    assert not MISSED.is_noticed
