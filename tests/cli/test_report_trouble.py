"""What reports make of runs that ended badly, of journals that are odd, and of outputs that would destroy something."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from conformance.journal import records as journals
from conformance.journal.records import Footer, Journal
from conformance.model.verdict import Outcome
from conformance.support.errors import UsageError
from reports import formats, renderer
from reports.output.destinations import outlets
from reports.parts.compare import compare
from tests.golden import golden
from tests.records import finished, header
from tests.running import HANG_S, ROOT, clean_environment, roomcheck


def ended(code: int, *outcomes: Outcome) -> Journal:
    """A run that ended so, with only such verdicts."""
    made = journals.read(golden("check"))
    kept = tuple(one for one in made.verdicts if one.outcome is Outcome.PASS)
    more = tuple(msgspec.structs.replace(kept[0], outcome=outcome) for outcome in outcomes)
    footer = Footer(summary={}, exit_code=code, took_s=1.0)
    return msgspec.structs.replace(made, verdicts=(*kept, *more), footer=footer)


@pytest.mark.parametrize("code", [3, 4, 5, 130, -1])
@pytest.mark.parametrize("outcome", [Outcome.PASS, Outcome.KNOWN, Outcome.WARNING])
def test_a_run_that_is_no_success_looks_like_none_anywhere(code: int, outcome: Outcome) -> None:
    made = [ended(code, outcome)]
    text = {name: renderer(name)(made) for name in formats()}
    assert "::error title=Roomcheck" in text["github"]
    root = ElementTree.fromstring(text["junit"].encode())  # noqa: S314 - our own
    assert any(case.find("error") is not None for case in root.iter("testcase"))
    assert json.loads(text["gitlab"])[-1]["severity"] in ("blocker", "info", "minor")
    assert any(one["severity"] == "blocker" for one in json.loads(text["gitlab"]))
    assert json.loads(text["sarif"])["runs"][0]["invocations"][0]["executionSuccessful"] is False
    assert "#17682f" not in text["badge"]
    assert "holds" not in text["markdown"].splitlines()[0]
    assert '<header class="good">' not in text["html"]
    assert "HOLDS" not in text["terminal"]


def test_failures_that_ended_with_0_are_no_success() -> None:
    made = journals.read(golden("check"))
    made = msgspec.structs.replace(made, footer=Footer(summary={}, exit_code=0, took_s=1.0))
    assert "contradicts itself" in renderer("html")([made])
    assert "#17682f" not in renderer("badge")([made])


def test_an_interrupted_load_says_so(tmp_path: Path) -> None:
    journal, badge = tmp_path / "load.ndjson", tmp_path / "badge.svg"
    words = ["load", "-t", "60s", "--scenario", "Chat", "--chat-rate", "9", "--journal", str(journal)]
    with subprocess.Popen(
        [sys.executable, "-m", "cli", *words, "--report", f"badge={badge}"],
        cwd=ROOT, env=clean_environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as run:  # fmt: skip
        assert run.stderr is not None
        next(line for line in run.stderr if " ok, " in line and " 0 ok" not in line)
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=HANG_S)
    assert run.returncode == 130
    footer = journals.read(journal).footer
    assert footer is not None
    assert footer.exit_code == 130
    assert "interrupted" in badge.read_text()
    assert "INTERRUPTED" in roomcheck("report", "terminal", str(journal)).stdout


def test_a_load_that_measured_nothing_any_more_is_not_called_equal() -> None:
    before = journals.read(golden("load"))
    for lost in ({"timed": ()}, {"ledgers": ()}, {"timed": (), "ledgers": (), "measured": ()}):
        found = compare(before, msgspec.structs.replace(before, **lost))
        assert found.lost
        assert found.word == "cannot tell"
        assert not found.told


def test_nothing_is_new_where_the_earlier_run_saw_nothing() -> None:
    found = compare(finished([header()]), journals.read(golden("check")))
    assert not found.regressed
    assert found.word == "cannot tell"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("report", "markdown", "run.ndjson", "-o", "run.ndjson"), "is what the report is made from"),
        (("history", "run.ndjson", "--history", "runs.db", "--html", "run.ndjson"), "is what the page is made from"),
        (("history", "--history", "runs.db", "--html", "runs.db"), "is what the page is made from"),
        (("check", "--history", "x.db", "--report", "html=x.db"), "two outputs go to 'x.db'"),
        (("check", "--report", "html=folder"), "'folder' is a folder; name a file in it"),
        (("report", "html", "odd.ndjson"), "odd.ndjson:2: expected a record of a Roomcheck journal"),
    ],
)
def test_nothing_is_destroyed_and_each_slip_is_one_message(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    text = golden("check").read_bytes()
    (tmp_path / "run.ndjson").write_bytes(text)
    (tmp_path / "odd.ndjson").write_bytes(text.splitlines()[0] + b'\n{"kind":"\\ud800"}\n{}\n')
    (tmp_path / "folder").mkdir()
    environment = clean_environment() | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-m", "cli", *words],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 2, run.stdout + run.stderr
    assert says in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert (tmp_path / "run.ndjson").read_bytes() == text


def test_a_report_that_cannot_be_written_keeps_no_other_back(tmp_path: Path) -> None:
    after = tmp_path / "after.html"
    run = roomcheck("check", "--select", "error", "--report", "junit=/dev/full", "--report", f"html={after}")
    assert run.returncode == 2
    assert "--report: /dev/full cannot be written: No space left on device" in run.stderr
    assert after.exists()
    assert "HOLDS" in run.stdout  # What was found is told all the same.


@pytest.mark.parametrize("command", ["check", "load"])
def test_what_was_judged_anew_is_told_where_its_report_cannot_be_written(command: str) -> None:
    run = roomcheck("judge", str(golden(command)), "--report", "junit=/dev/full")
    assert run.returncode == 2
    assert "--report: /dev/full cannot be written: No space left on device" in run.stderr
    assert re.search(r"^(?:HOLDS|BROKEN|CANNOT TELL)\b", run.stdout, re.MULTILINE)


def test_a_report_that_may_not_be_written_is_refused_before_anything_is_played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)  # Permissions do not bind root.
    for path in (tmp_path / "new.html", Path(__file__)):
        with pytest.raises(UsageError, match=r"--report: .* cannot be written: it is read-only, or you have no permis"):
            outlets((f"html={path}",), None)


def test_runs_that_differ_are_each_kept(tmp_path: Path) -> None:
    lines = golden("check").read_bytes().splitlines(keepends=True)
    paths = []
    for name, kept in (("whole", lines), ("cut", lines[:-1]), ("head", lines[:1])):
        path = tmp_path / f"{name}.ndjson"
        path.write_bytes(b"".join(kept))
        paths.append(str(path))
    run = roomcheck("history", *paths, "--history", str(tmp_path / "runs.db"))
    assert run.stdout.splitlines()[0] == "3 of 3 added"


def test_a_table_ends_with_how_the_run_ended(tmp_path: Path) -> None:
    lines = golden("load").read_bytes().splitlines(keepends=True)
    cut = tmp_path / "cut.ndjson"
    cut.write_bytes(b"".join(lines[:-1]))
    assert "cut off: the journal is truncated" in roomcheck("report", "csv", str(cut)).stdout.splitlines()[-1]
    whole = roomcheck("report", "csv", str(golden("load"))).stdout.splitlines()[-1]
    assert "none-duplicate (Chat): 105 duplicate" in whole or "duplicate (Chat)" in whole
    assert "ended" in roomcheck("report", "csv", str(golden("check"))).stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (b'{"kind":"footer","summary":{},"exit_code":0,"took_s":1}\n', "expected one footer, found 2"),
        (b'{"kind":"verd', ": expected a record of a Roomcheck journal"),
        (b'{"kind":"matrix","columns":[],"rows":{}}\n', "expected one matrix, found 2"),
    ],
)
def test_what_follows_the_end_of_a_journal_is_not_passed_over(tmp_path: Path, more: bytes, says: str) -> None:
    path = tmp_path / "two.ndjson"
    path.write_bytes(golden("align").read_bytes() + more)
    run = roomcheck("report", "badge", str(path))
    assert (run.returncode, run.stdout) == (2, "")
    assert says in run.stderr


def test_an_output_that_takes_nothing_is_said() -> None:
    line = f"{sys.executable} -m cli report html {golden('check')} >/dev/full"
    run = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert run.stderr == "roomcheck: the output cannot be written: No space left on device\n"
