"""Known failures: green while they fail, red when they pass, expire or match nothing."""

import json
from datetime import date
from pathlib import Path

import pytest

from conformance.judge.known_failures import RULE, excused
from conformance.model.known_failure import Known
from conformance.model.verdict import NotExercised, Outcome, Verdict
from tests.running import roomcheck, served

TODAY = date(2026, 11, 24)


def verdict(outcome: Outcome, rule: str = "r", subject: str = "s") -> Verdict:
    return Verdict(
        rule=rule, subject=subject, transport="websocket", outcome=outcome, message="m", clause="c", source=""
    )


def known(**fields: str) -> Known:
    return Known(**{"rule": "r", "subject": "s", "reason": "mended in 2.1", "owner": "ann"} | fields)


def outcomes(one: Known, *verdicts: Verdict, missing: tuple[NotExercised, ...] = (), whole: bool = True) -> list[tuple]:
    found = excused([one], list(verdicts), list(missing), today=TODAY, whole=whole)
    return [(v.rule, v.outcome.value, v.got or v.known) for v in found]


def test_one_that_fails_is_told_and_stops_nobody() -> None:
    assert outcomes(known(), verdict(Outcome.FAIL)) == [("r", "known", "mended in 2.1 (ann)")]
    assert outcomes(known(expires="2026-11-24"), verdict(Outcome.WARNING)) == [
        ("r", "known", "mended in 2.1 (ann, until 2026-11-24)")
    ]


def test_one_that_passes_turns_red() -> None:
    got = "a pass: remove the entry from the file"
    assert outcomes(known(), verdict(Outcome.PASS)) == [("r", "pass", ""), (RULE, "fail", got)]


def test_one_that_is_expired_turns_red_with_its_failure() -> None:
    assert outcomes(known(expires="2026-11-23"), verdict(Outcome.FAIL)) == [
        ("r", "fail", ""),
        (RULE, "fail", "a date that has passed"),
    ]


def test_one_that_matches_nothing_turns_red() -> None:
    got = "none: no rule judged that subject"
    assert outcomes(known(subject="other"), verdict(Outcome.FAIL)) == [("r", "fail", ""), (RULE, "fail", got)]


def test_what_was_left_out_by_choice_or_could_not_be_seen_says_nothing_of_an_entry() -> None:
    assert outcomes(known(subject="other"), verdict(Outcome.PASS), whole=False) == [("r", "pass", "")]
    assert outcomes(known(), verdict(Outcome.INCONCLUSIVE)) == [("r", "inconclusive", "")]
    missing = NotExercised(rule="r", subject="s", transport="websocket", reason="")
    assert outcomes(known(), missing=(missing,)) == []


def test_an_error_of_ours_is_never_excused() -> None:
    assert outcomes(known(), verdict(Outcome.ERROR)) == [("r", "error", "")]


ENTRY = """
[[known]]
rule = "broadcast-keeps-its-name"
subject = "message:typing:start"
reason = "since 2.0"
owner = "ann"
"""


def test_the_command_is_green_with_a_known_failure_and_red_without_it(tmp_path: Path) -> None:
    path, report, journal = tmp_path / "known.toml", tmp_path / "report.json", tmp_path / "run.ndjson"
    path.write_text(ENTRY)
    selected = ("--select", "broadcast-keeps-its-name", "--timeout", "1")
    with served("--lie", "typing-by-another-word") as url:
        red = roomcheck("check", url, *selected)
        green = roomcheck("check", url, *selected, "--known-failures", str(path), "--report", f"json={report}",
                          "--report", f"junit={tmp_path / 'junit.xml'}", "--journal", str(journal))  # fmt: skip
    again = roomcheck("judge", str(journal))
    assert red.returncode == 1
    assert (green.returncode, again.returncode) == (0, 0), green.stdout
    assert "KNOWN  broadcast-keeps-its-name  message:typing:start" in green.stdout
    assert "since 2.0 (ann)" in green.stdout
    assert "1 known" in green.stdout
    assert json.loads(report.read_text())["summary"]["known"] == 1
    assert "known failure: since 2.0 (ann)" in (tmp_path / "junit.xml").read_text()


def test_the_command_is_red_when_a_known_failure_passes(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    path.write_text(ENTRY)
    with served() as url:
        run = roomcheck("check", url, "--select", "broadcast-keeps-its-name", "--known-failures", str(path))
    assert run.returncode == 1
    assert "FAIL  known-failures  broadcast-keeps-its-name message:typing:start" in run.stdout
    assert f"{path}:2" in run.stdout
    assert "  again " not in run.stdout, "no rule of this name can be selected"


FAULTS = {
    "an unknown key": (ENTRY + "until = 2027-01-01\n", "known[0].until: unknown key `until`"),
    "no owner": ('[[known]]\nrule = "r"\nsubject = "s"\nreason = "x"\n', "the key `owner` is missing"),
    "no date": (ENTRY + 'expires = "soon"\n', "expires: expected a date such as 2027-01-31"),
    "twice": (ENTRY + ENTRY, "broadcast-keeps-its-name 'message:typing:start' is listed twice"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_wrong_with_the_file_is_said(name: str, tmp_path: Path) -> None:
    text, message = FAULTS[name]
    path = tmp_path / "known.toml"
    path.write_text(text)
    run = roomcheck("check", "--known-failures", str(path))
    assert run.returncode == 2
    assert message in run.stderr
