"""A master and four workers on three hosts: one ledger, exact, whatever the clocks say and whoever dies."""

import contextlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.forks import LOCUST, Fork
from tests.hosts import FIRST, hosts, on
from tests.load.test_scenarios import ledger
from tests.running import clean_environment

PORT, RUN_S = 4000, 90
AHEAD_S = 1000
"""How far ahead the clock of the third host is: as if it had been running longer."""

Programs = list[Fork]


def locust(host: str, *words: str, ahead_s: int = 0) -> Fork:
    """A process of Locust on a host."""
    command = ("locust", "-f", "loadtests/locustfile.py", *words)
    return Fork(command, of=LOCUST, env=clean_environment(), host=host, ahead_s=ahead_s)


@contextlib.contextmanager
def crew(*words: str, laws: tuple[str, ...] = ()) -> Iterator[tuple[Fork, Programs, list[str]]]:
    """A service and a master on the first host, two workers on each of the others."""
    service = ("tests.peers.crooked", "--host", FIRST, "--port", str(PORT), *laws)
    with hosts(3) as names, Fork(service, env=clean_environment(), host=names[0], stderr=None) as serving:
        assert serving.stdout is not None
        assert serving.stdout.readline()
        master = locust(
            names[0], "--master", "--expect-workers", "4", "--headless", "--json", "--host", f"http://{FIRST}:{PORT}",
            *words,
        )  # fmt: skip
        workers = [
            locust(host, "--worker", "--master-host", FIRST, ahead_s=ahead_s)
            for host, ahead_s in ((names[1], 0), (names[1], 0), (names[2], AHEAD_S), (names[2], AHEAD_S))
        ]
        try:
            yield master, workers, names
        finally:
            for program in (master, *workers, serving):
                program.kill()
                program.wait()
                program.close()


def truth(host: str) -> dict[str, Any]:
    url = f"http://{FIRST}:{PORT}/truth"
    read = f"import urllib.request as r; print(r.urlopen({url!r}, timeout=10).read().decode())"
    answer = subprocess.run(
        on(host, sys.executable, "-c", read), capture_output=True, text=True, timeout=20, check=True
    )
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


SHARED = ("Chat", "-u", "8", "-r", "8", "--shared-rooms", "--room-size", "5", "--sockets-per-user", "5",
          "--chat-rate", "10", "--start-after", "3", "--lost-after", "2")  # fmt: skip


@pytest.mark.alone
def test_the_ledger_of_all_workers_is_what_the_service_counted() -> None:
    with crew(*SHARED, "-t", "10s", "--gate", "delivery: p(99)<500", laws=("--drop-every", "50")) as (master, _, names):
        _, said = master.communicate(timeout=RUN_S)
        did = truth(names[0])
    told = ledger(said)
    assert master.returncode == 1, said
    assert told["published"] == told["stored"] == did["published"] > 100
    # Two rooms, each with five members of each of four workers: every message goes to all twenty.
    assert told["lost"] == did["dropped"] > 0
    assert told["ok"] == did["owed"] - did["dropped"] == 20 * did["published"] - did["dropped"]
    assert not {"duplicate", "leaked", "reordered", "unknown", "unsent", "contract_failed"} & set(told)
    # Times are from one worker's schedule to another's arrival: without the offset they would be off by its 1000 s.
    assert "gate delivery: p(99)<500: holds" in said
    offsets = [float(ms) for ms in re.findall(r"the clock of worker \S+ is (\S+) ms off the master's, ± 0\.", said)]
    assert offsets == [pytest.approx(-1000 * AHEAD_S, abs=1)] * 2, said


def test_a_worker_that_is_killed_is_told_and_what_it_was_owed_is_unknown() -> None:
    # Beside other work it takes a while until the first delivery is reported, and the run has to go on after it.
    with crew(*SHARED, "--chat-rate", "3", "-t", "30s") as (master, workers, _):
        assert master.stderr is not None
        lines = []
        for line in master.stderr:
            lines.append(line)
            # What it was owed is known from its reports, of which one has come when Locust shows deliveries.
            if re.match(r"WSR +message:broadcast +[1-9]", line):
                break
        workers[0].kill()
        _, said = master.communicate(timeout=RUN_S)
    said = "".join(lines) + said
    told = ledger(said)
    assert master.returncode == 4, said
    assert "was lost during the run: what became of its deliveries is unknown" in said
    assert told["unknown"] > 0
    assert not {"lost", "duplicate", "leaked", "reordered"} & set(told), said
