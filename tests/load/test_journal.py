"""The journal of a load: whole, of the same records as a check's, and its sample judged by the same rules."""

from pathlib import Path

import pytest

from conformance.journal.records import read
from conformance.model.verdict import Outcome
from reports.output.history import runs
from tests.running import is_limited, load_held, peer, roomcheck, served


def load(url: str, path: Path, *words: str) -> tuple[int, str]:
    run = roomcheck("load", url, "-t", "5s", "--journal", str(path), "--room-size", "4", "--chat-rate", "3", *words)
    return run.returncode, run.stdout + run.stderr


def test_a_journal_holds_the_series_the_ledger_the_times_and_a_sample(tmp_path: Path) -> None:
    with served() as url:
        code, said = load(url, tmp_path / "load.ndjson", "--gate", "delivery: p(99)<500", "--load-seed", "4")
    assert code == 0 or is_limited(code, said), said
    journal = read(tmp_path / "load.ndjson")
    header, footer = journal.header, journal.footer
    assert (header.command, header.seed, header.target) == ("load", 4, url)
    assert header.load["chat_rate"] == "3.0"
    assert not {"gate", "journal"} & set(header.load)
    assert footer is not None
    assert footer.exit_code == code
    assert [one.at_s for one in journal.measured] == sorted(one.at_s for one in journal.measured)
    assert len(journal.measured) >= 3
    assert journal.measured[-1].workers["local"]["rss_kb"] > 0
    assert set(journal.measured[-1].recent_ms) == {"p50", "p95", "p99"}
    assert set(journal.measured[-1].gates) == {"delivery: p(99)<500"}
    whole = {one.scenario: one.counts for one in journal.ledgers}
    assert whole["Chat"]["published"] == whole["Chat"]["stored"] > 0
    delivered = sum(count for one in journal.timed if one.metric.startswith("delivery") for _, count in one.histogram)
    assert delivered >= sum(counts["ok"] for counts in whole.values())
    assert [(one.gate, one.outcome) for one in journal.gates] == [("delivery: p(99)<500", "holds")]
    assert len(journal.transcripts) == 1
    assert not [one for one in journal.verdicts if one.outcome in (Outcome.FAIL, Outcome.ERROR)]
    assert len([one for one in journal.verdicts if one.outcome is Outcome.PASS]) > 10
    judged = roomcheck("judge", str(tmp_path / "load.ndjson"))
    assert judged.returncode == code, judged.stdout


@pytest.mark.parametrize(
    "scenario", ["Churn", "Incident", *(pytest.param(one, marks=pytest.mark.long) for one in ("Chat", "Reconnect"))]
)
@pytest.mark.peer
def test_no_rule_accuses_an_honest_service_for_its_sample(tmp_path: Path, scenario: str) -> None:
    words = ("--scenario", scenario, "--churn-stay", "1", "--churn-away", "0.3", "--drop-after", "2")
    with peer() as url:
        code, said = load(url, tmp_path / "load.ndjson", *words, "--incident-length", "2")
    # A machine that is busy besides may limit the generator, which says so, and accuses nobody either.
    assert code == 0 or is_limited(code, said), said
    assert not [one for one in read(tmp_path / "load.ndjson").verdicts if one.outcome is Outcome.FAIL]


def test_what_the_ledger_cannot_see_the_rules_see_in_the_sample(tmp_path: Path) -> None:
    with served("--lie", "roster-counts-wrong") as url:
        code, said = load(url, tmp_path / "load.ndjson", "--scenario", "Chat")
    limited = is_limited(code, said)
    assert code == 1 or limited, said
    assert ("broken: roster-is-true (participants:active:request): expected" in said) is not limited
    # What a sample shows of a run that the generator limited may be the generator's own doing.
    outcome = Outcome.INCONCLUSIVE if limited else Outcome.FAIL
    told = [one for one in read(tmp_path / "load.ndjson").verdicts if one.outcome is outcome and one.got]
    assert {one.rule for one in told} == {"roster-is-true"}


def test_the_first_witness_of_a_defect_is_kept_with_its_frame(tmp_path: Path) -> None:
    with served("--lie", "delivered-twice") as url:
        code, said = load(url, tmp_path / "load.ndjson", "--scenario", "Chat")
    assert code == 1, said
    (witness,) = [one for one in read(tmp_path / "load.ndjson").witnesses if one.defect == "duplicate"]
    assert witness.frame.startswith('42["message:broadcast"')
    assert witness.room in witness.frame
    assert witness.at_s > witness.due_s > 0
    twice = next(one for one in read(tmp_path / "load.ndjson").verdicts if one.rule == "none-duplicate")
    assert (twice.outcome, twice.subject) == (Outcome.FAIL, "Chat")
    assert int(twice.got) > 0
    assert witness.room in twice.evidence[0]
    judged = roomcheck("judge", str(tmp_path / "load.ndjson"))
    assert judged.returncode == 1, "what the ledger saw stays seen"
    assert "none-duplicate" in judged.stdout


def test_reports_and_the_history_are_written_without_a_journal_too(tmp_path: Path) -> None:
    page, series, base = tmp_path / "load.html", tmp_path / "load.csv", tmp_path / "runs.db"
    words = ("--report", f"html={page}", "--report", f"csv={series}", "--history", str(base))
    run = roomcheck("load", "-t", "4s", "--room-size", "4", "--scenario", "Chat", *words)
    assert load_held(run), run.stderr + run.stdout
    assert '<figure class="chart"' in page.read_text()
    assert len(series.read_text().splitlines()) >= 4
    (kept,) = runs(base, 5)
    assert (kept.command, kept.exit_code) == ("load", run.returncode)
    assert kept.figures["deliveries/s"] > 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--report", "htlm=x"), "--report: there is no format 'htlm'; did you mean 'html'?"),
        (("--report", "html=nowhere/x"), "--report: there is no folder 'nowhere' to write 'nowhere/x' in"),
        (("--report", "csv=x.csv", "--journal", "x.csv"), "two outputs go to 'x.csv'"),
        (("--history", "README.md"), "README.md is no history of Roomcheck"),
    ],
)
def test_what_cannot_be_written_is_said_before_the_run(words: tuple[str, ...], says: str) -> None:
    run = roomcheck("load", *words)
    assert run.returncode == 2, run.stdout
    assert says in run.stderr
    assert "Traceback" not in run.stderr


def test_a_journal_that_cannot_be_written_is_said_before_the_run(tmp_path: Path) -> None:
    run = roomcheck("load", "--journal", str(tmp_path / "nowhere" / "load.ndjson"))
    assert run.returncode == 2, run.stderr
    assert "cannot be written" in run.stderr
