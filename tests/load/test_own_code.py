"""Scenarios and users that people write themselves are played, accounted for and judged as Roomcheck's own."""

import importlib.util
import subprocess
from pathlib import Path

import pytest

from conformance.journal.records import read
from tests.forks import LOCUST, Fork
from tests.load.test_scenarios import ledger
from tests.running import HANG_S, clean_environment, is_limited, lacking, roomcheck, served

OWN = Path(__file__).parent / "own"


def locust(*words: str) -> subprocess.CompletedProcess[str]:
    if importlib.util.find_spec("locust") is None:
        lacking("Locust")
    with Fork(("locust", *words, "--headless", "--only-summary"), of=LOCUST, env=clean_environment()) as run:
        out, err = run.communicate(HANG_S)
    return subprocess.CompletedProcess(words, run.returncode or 0, out, err)


def test_a_scenario_of_ones_own_is_played_with_its_options_and_counted_under_its_name(tmp_path: Path) -> None:
    journal = tmp_path / "run.ndjson"
    words = ("--burst-size", "3", "-u", "2", "--sockets-per-user", "5", "-t", "3s", "--journal", str(journal))
    run = roomcheck("load", "--scenario", str(OWN / "bursts.py"), *words)
    assert run.returncode == 0 or is_limited(run.returncode, run.stdout), run.stderr
    assert "Bursts" in run.stdout
    footer = read(journal).footer
    assert footer is not None
    (held,) = [clause for clause in read(journal).verdicts if clause.rule == "every-delivery-is-accounted-for"]
    assert held.subject == "Bursts"
    assert held.seen is not None
    assert held.seen % (3 * 5) == 0, "bursts of three messages to ten sockets in one room"


def test_tasks_that_people_write_are_accounted_for_and_judged() -> None:
    with served() as url:
        run = locust("-f", str(OWN / "writers.py"), "--host", url, "-u", "3", "-r", "3", "-t", "3s")
    assert run.returncode == 0 or is_limited(run.returncode, run.stderr), run.stderr
    told = ledger(run.stderr)
    assert set(told) == {"connected", "published", "ok", "stored"}
    assert told["connected"] == 3
    assert told["ok"] > told["published"] > told["stored"] > 0


def test_what_breaks_under_tasks_that_people_write_fails_the_run() -> None:
    with served("--lie", "delivered-twice") as url:
        run = roomcheck("load", url, "-f", str(OWN / "writers.py"), "-u", "2", "-t", "3s", "--sockets-per-user", "1")
    assert run.returncode == 1, run.stderr
    assert "Writer" in run.stdout
    assert "first duplicate: user " in run.stdout


@pytest.mark.long
def test_the_room_of_several_workers_is_one() -> None:
    with served() as url:
        run = roomcheck("load", url, "-f", str(OWN / "writers.py"), "-u", "4", "-t", "6s", "--processes", "2")
    assert run.returncode == 0 or is_limited(run.returncode, run.stdout), run.stderr + run.stdout


TASK = """
from locust import task
from loadtests.user import RoomcheckUser

class Clumsy(RoomcheckUser):
    @task
    def write(self):
        self.join()
        self.post()
        raise KeyError("mistaken")
"""


@pytest.mark.long
@pytest.mark.parametrize(("words", "code"), [((), 1), (("--exit-code-on-error", "0"), 0)])
def test_a_task_that_raises_fails_the_run_as_in_locust(words: tuple[str, ...], code: int, tmp_path: Path) -> None:
    (tmp_path / "clumsy.py").write_text(TASK)
    run = roomcheck("load", "-f", str(tmp_path / "clumsy.py"), "-u", "2", "-t", "2s", *words)
    assert run.returncode == code or is_limited(run.returncode, run.stdout), run.stderr + run.stdout
    assert "exceptions, the first: 'mistaken'" in run.stderr
    assert "internal error" not in run.stderr


RAISES = """
from loadtests.workload.scenario import Scenario

class Mine(Scenario):
    async def drive(self, place):
        raise KeyError("mistaken")
"""


def test_a_scenario_that_raises_is_said_with_its_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(RAISES)
    run = roomcheck("load", "--scenario", str(tmp_path / "mine.py"), "-u", "1", "-t", "2s")
    assert run.returncode == 2, run.stderr + run.stdout
    said = " ".join(run.stdout.split())
    assert "--scenario: the scenario raised an exception, 1 in all" in said
    assert "mine.py, line 6: KeyError: 'mistaken'" in said


def test_a_scenario_that_cannot_be_read_is_said_in_one_message(tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text("\nimport json\njson.nothing\n")
    run = roomcheck("load", "http://127.0.0.1:1", "--scenario", str(tmp_path / "wrong.py"))
    assert run.returncode == 2
    said = (
        f"roomcheck: --scenario: {tmp_path}/wrong.py, line 3: AttributeError: module 'json' has no attribute 'nothing'"
    )
    assert run.stderr.strip() == said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def x(:\n", "theirs.py, line 1: SyntaxError: invalid syntax"),
        ("\nimport nothing_at_all\n", "theirs.py, line 2: ModuleNotFoundError: No module named 'nothing_at_all'"),
    ],
)
def test_a_locustfile_that_cannot_be_imported_is_said_in_one_message(text: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "theirs.py"
    file.write_text(text)
    run = roomcheck("load", "http://127.0.0.1:1", "-f", str(file))
    assert run.returncode == 2
    assert run.stderr.strip() == f"roomcheck: -f: {tmp_path}/{says}"
