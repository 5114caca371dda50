"""Several namespaces and kinds of rooms are loaded at once, and the ledger of each is what the service counted."""

import json
import re
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.load.test_any_contracts import serving
from tests.load.test_scenarios import ledger, locust
from tests.running import ROOT, is_limited

SERVICE = Path(__file__).with_name("counting_harbour.js")
CONTRACTS = str(ROOT / "tests" / "cases" / "harbour_namespaces" / "contracts")
USERS, SOCKETS = 6, 5
PARTS = {"ship": "/pilots ship", "pier": "/pilots pier", "crew": "/crew"}


def count(url: str) -> dict[str, dict[str, int]]:
    with urllib.request.urlopen(f"{url}/count", timeout=10) as answer:  # noqa: S310 - of this machine
        found: dict[str, dict[str, int]] = json.load(answer)
        return found


def run(lie: str, journal: Path, *words: str) -> tuple[int, dict[str, int], dict[str, dict[str, int]], str]:
    """The exit code, the ledger, what the service counted, and what was said."""
    with serving(SERVICE, lie) as url:
        run = locust(
            "--headless", "Chat", "--host", url, "--contracts", CONTRACTS, f"-u{USERS}", f"-r{USERS}", "-t3s",
            "--sockets-per-user", str(SOCKETS), "--room-size", str(SOCKETS), "--chat-rate", "5", "--only-summary",
            "--journal", str(journal), *words,
        )  # fmt: skip
        counted = count(url)
    return run.returncode, ledger(run.stderr), counted, run.stderr


def by_part(journal: Path) -> dict[str, dict[str, Any]]:
    """The ledger of each scenario, as the journal has it."""
    records = map(json.loads, journal.read_text().splitlines())
    return {one["scenario"]: one["counts"] for one in records if one["kind"] == "ledger" and not one.get("step")}


def test_each_part_has_a_ledger_of_its_own_that_is_what_the_service_counted(tmp_path: Path) -> None:
    code, told, counted, said = run("", tmp_path / "run.ndjson")
    assert code == 0 or is_limited(code, said), said
    assert "roomcheck: 3 parts of 'harbour' are played: '/pilots ship', '/pilots pier', '/crew'" in said
    parts = by_part(tmp_path / "run.ndjson")
    assert set(parts) == {f"Chat {name}" for name in PARTS.values()}
    for kind, name in PARTS.items():
        published, deliveries = counted[kind]["published"], counted[kind]["deliveries"]
        assert parts[f"Chat {name}"] == {"connected": 2 * SOCKETS, "published": published, "ok": deliveries}
        assert deliveries == SOCKETS * published > 0
    assert told["connected"] == USERS * SOCKETS


def test_what_another_part_of_the_namespace_receives_is_leaked(tmp_path: Path) -> None:
    code, told, counted, said = run("all-hear-ships", tmp_path / "run.ndjson", "--part", "/pilots ship, /pilots pier=2")
    assert code == 1 or is_limited(code, said), said
    parts = by_part(tmp_path / "run.ndjson")
    ships, piers = parts["Chat /pilots ship"], parts["Chat /pilots pier"]
    # A third of the users follow ships, and two thirds piers, as the weights say.
    assert (ships["connected"], piers["connected"]) == (2 * SOCKETS, 4 * SOCKETS)
    assert counted["crew"]["published"] == 0
    # News of a ship come to those who follow the other ship, and to everybody at the piers.
    assert ships["leaked"] == SOCKETS * counted["ship"]["published"] > 0
    assert piers["leaked"] == 4 * SOCKETS * counted["ship"]["published"]
    assert told["leaked"] == counted["ship"]["leaked"]
    assert piers["ok"] == counted["pier"]["deliveries"] > 0
    assert re.search(r"first leaked: .*it is of load-\w+-Chat-pilots-ship-0-\d", said), said


OWN = """
from locust import constant_pacing, task
from loadtests.user import RoomcheckUser


class Teller(RoomcheckUser):
    abstract = True
    wait_time = constant_pacing(0.3)

    def on_start(self):
        assert self.join("quay")

    @task
    def tell(self):
        sent = self.emit(self.tells)
        assert sent is None or sent.wait()


class Pier(Teller):
    part, tells = "/pilots pier", "pier:tell"


class Crew(Teller):
    part, tells = "/crew", "crew:tell"
"""


@pytest.mark.parametrize("played", ["", pytest.param("/crew", marks=pytest.mark.long)], ids=["all", "one-of-them"])
def test_users_of_ones_own_say_which_part_they_play(played: str, tmp_path: Path) -> None:
    file = tmp_path / "tellers.py"
    file.write_text(OWN)
    words = ("-u", "4", "-r", "4", "-t", "2s", "--contracts", CONTRACTS, "--only-summary", "--part", played)
    with serving(SERVICE) as url:
        run = locust("-f", str(file), "--headless", "--host", url, *words)
        counted = count(url)
    if played:
        assert run.returncode == 2, run.stderr
        assert "roomcheck: Pier.part: the part '/pilots pier' is not played; expected one of '/crew'" in run.stderr
        return
    assert run.returncode == 0 or is_limited(run.returncode, run.stderr), run.stderr
    told, kinds = ledger(run.stderr), ("pier", "crew")
    assert told["published"] == sum(counted[kind]["published"] for kind in kinds)
    assert all(counted[kind]["published"] for kind in kinds)
    assert told["ok"] <= sum(counted[kind]["deliveries"] for kind in kinds)
    assert counted["ship"]["published"] == 0
