"""Several runs on one service at once: each is right or cannot tell, and none takes the others' doings for faults."""

import json
import sys
from pathlib import Path

import pytest

from tests.cases.checking import accused, expected
from tests.forks import Fork
from tests.running import HANG_S, ROOT, clean_environment, served, settings, started

SOME = ("broadcast-arrives", "delivered-exactly-once", "rooms-are-isolated")


def check(folder: Path, number: int, url: str, rules: tuple[str, ...] = SOME) -> tuple[Fork, Path]:
    """A check that goes on, and where its report will be."""
    report = folder / f"{number}.json"
    selected = [word for rule in rules for word in ("--select", rule)]
    words = ["check", url, *selected, "--seed", str(number), "--report", f"json={report}"]
    return Fork(("cli", *words), env=clean_environment()), report


def ended(running: tuple[Fork, Path]) -> tuple[int, dict]:
    program, report = running
    out, err = program.communicate(timeout=HANG_S)
    assert report.exists(), out + err
    return program.returncode or 0, json.loads(report.read_text())


def test_two_checks_and_a_load_at_once_accuse_nobody(tmp_path: Path) -> None:
    with served() as url:
        words = ["load", url, "-u", "2", "-r", "2", "-t", "3s", "--sockets-per-user", "4", "Chat", "Locations"]
        load = Fork(("cli", *words), env=clean_environment())
        ends = [ended(one) for one in [check(tmp_path, number, url) for number in (1, 2)]]
        out, err = load.communicate(timeout=HANG_S)
    for code, made in ends:
        assert accused(made) == []
        assert code in (0, 4)
        assert sum(verdict["outcome"] == "pass" for verdict in made["verdicts"]) > 10
    assert load.returncode in (0, 4), out + err
    assert "lost" not in out
    assert "duplicate" not in out


def test_a_fault_is_found_by_two_checks_at_once_and_nothing_else(tmp_path: Path) -> None:
    with served("--lie", "delivered-twice") as url:
        ends = [ended(one) for one in [check(tmp_path, number, url, SOME[:2]) for number in (1, 2)]]
    for code, made in ends:
        assert code == 1
        assert {line.partition(":")[0] for line in accused(made)} == {"delivered-exactly-once"}


@pytest.mark.long
@pytest.mark.parametrize("name", ["campfire_without_rooms", "ferry_arguments", "loom_limits", "radio_listed_rooms"])
def test_two_whole_checks_that_hear_each_other_accuse_nobody(name: str, tmp_path: Path) -> None:
    folder = ROOT / "tests" / "cases" / name
    with started(sys.executable, "-m", f"tests.cases.{name}.service", "") as (_, line):
        table = {"contracts": str(folder / "contracts"), **expected(folder).get("target", {})}
        target = settings(tmp_path, realtime_urls=[line.strip()], **table)
        running = []
        for number in (1, 2):
            report = tmp_path / f"{number}.json"
            words = ["check", "--target", "it", "--settings", str(target), "--report", f"json={report}"]
            running.append((Fork(("cli", *words), env=clean_environment()), report))
        ends = [ended(one) for one in running]
    for code, made in ends:
        assert accused(made) == []
        assert code in (0, 4)
