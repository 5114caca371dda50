"""Runs over time: what is kept, by many writers at once, what is listed, and the page of trends."""

import sqlite3
from pathlib import Path

import msgspec
import pytest

from conformance.journal import records as journals
from reports.output import history, trend
from tests.forks import Fork
from tests.golden import KINDS, golden
from tests.records import hostile, many
from tests.running import HANG_S, clean_environment, roomcheck
from tests.validators import valid_html

WRITERS, EACH = 8, 12


def test_runs_are_kept_once_and_listed_in_their_order(tmp_path: Path) -> None:
    base = tmp_path / "runs.db"
    paths = [str(golden(kind)) for kind in KINDS]
    run = roomcheck("history", *paths, "--history", str(base))
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[0] == "3 of 3 added"
    again = roomcheck("history", *paths, "--history", str(base))
    assert again.stdout.splitlines()[0] == "0 of 3 added, the others were already there"
    kept = history.runs(base, 10)
    assert [one.command for one in kept] == list(KINDS)
    check, _, load = kept
    made = journals.read(golden("check"))
    assert check.counts == {name: count for name, count in made.footer.summary.items() if count}  # type: ignore[union-attr]
    assert ("broadcast-keeps-its-name", "message:broadcast") in {one[:2] for one in check.broken}
    assert 0 < load.figures["delivery p50"] < load.figures["delivery p99"]
    assert load.figures["deliveries/s"] > 1
    assert [one.command for one in history.runs(base, 1)] == ["load"]


def test_a_run_is_kept_as_it_ends_whatever_came_of_it(tmp_path: Path) -> None:
    base = tmp_path / "runs.db"
    assert roomcheck("check", "--select", "error", "--history", str(base)).returncode == 0
    assert roomcheck("check", "http://127.0.0.1:9", "--history", str(base)).returncode == 3
    assert roomcheck("align", "docs/sos-guide.md", env={"ROOMCHECK_HISTORY": str(base)}).returncode == 0
    assert {(one.command, one.exit_code) for one in history.runs(base, 9)} == {("check", 0), ("check", 3), ("align", 0)}


def test_writers_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    base = tmp_path / "runs.db"
    code = (
        "import sys, msgspec\n"
        "from pathlib import Path\n"
        "from conformance.journal import records as journal\n"
        "from reports.output import history\n"
        "from tests.golden import golden\n"
        "made = journal.read(golden('check'))\n"
        "for number in range(int(sys.argv[3])):\n"
        "    header = msgspec.structs.replace(made.header, nonce=f'{sys.argv[2]}-{number}')\n"
        "    history.add(Path(sys.argv[1]), [msgspec.structs.replace(made, header=header)])\n"
    )
    writers = [
        Fork(("-c", code, str(base), str(number), str(EACH)), env=clean_environment(), stdout=None, stderr=None)
        for number in range(WRITERS)
    ]
    assert [one.wait(timeout=HANG_S) for one in writers] == [0] * WRITERS
    kept = history.runs(base, 10_000)
    assert len(kept) == WRITERS * EACH
    assert len({tuple(sorted(one.counts.items())) for one in kept}) == 1


def test_hostile_and_long_runs_are_kept_and_break_out_of_no_page(tmp_path: Path) -> None:
    base = tmp_path / "runs.db"
    made = [hostile(kind) for kind in KINDS]
    cut = msgspec.structs.replace(made[0], footer=None)
    assert history.add(base, [*made, cut, many(20_000)]) == 5
    text = trend.render(history.runs(base, 9))
    valid_html(text)
    text.encode()
    assert "cut off" in text
    assert "more broken clauses are not on this page" in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ("--history", "README.md"),
            "is no history of Roomcheck, or cannot be written: file is not a database",
        ),
        (("--history", "nowhere.db"), "there is no nowhere.db; a run with --history creates it"),
        (("--history", "nowhere/x.db", str(golden("check"))), "nowhere/x.db cannot be opened"),
        ((), "--history: in which file are runs kept?"),
        (("nothing.ndjson", "--history", "x.db"), "nothing.ndjson: cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_message(words: tuple[str, ...], says: str) -> None:
    run = roomcheck("history", *words)
    assert run.returncode == 2
    assert says in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_a_history_that_cannot_be_written_is_said_before_anything_is_run(tmp_path: Path) -> None:
    run = roomcheck("check", "--history", "README.md", "--journal", str(tmp_path / "run.ndjson"))
    assert run.returncode == 2
    assert "README.md is no history" in run.stderr
    assert not (tmp_path / "run.ndjson").exists()
    newer = tmp_path / "newer.db"
    with sqlite3.connect(newer) as base:
        base.execute("PRAGMA user_version = 2")
    assert (
        "has format 2, newer than this version reads (1): upgrade"
        in roomcheck("history", "--history", str(newer)).stderr
    )
