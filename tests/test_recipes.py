"""The five recipes of CONTRIBUTING.md, each tried as written: one new file, and everything finds it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ROOT, clean_environment

EVENT = {
    "event": "message:read:broadcast",
    "summary": "Somebody has read the messages.",
    "source": "MESSAGING_SOCKET_BFF_GUIDE 1.2, Message Events",
    "server_to_client": {
        "receivers": "room",
        "caused_by": {"event": "message:typing:stop"},
        "payload": {"type": "object", "required": ["sosId"], "properties": {"sosId": {"type": "string"}}},
        "examples": {
            "valid": [{"sosId": "1"}, {"sosId": "2"}, {"sosId": "3"}],
            "invalid": [
                {"payload": {}, "keyword": "required"},
                {"payload": {"sosId": 1}, "keyword": "type"},
                {"payload": [], "keyword": "type"},
                {"payload": None, "keyword": "type"},
                {"payload": {"sosid": "1"}, "keyword": "required"},
            ],
        },
    },
}
RULE = '''"""A pen is taken by somebody.

To try the recipe.
"""

from collections.abc import Iterator

from conformance.clauses import PAIR
from conformance.model import Finding, Got, failed, passed
from conformance.plan.delivery import chorus
from conformance.reading import Reading
from contracts.model import Bundle

CLAUSE = "Events have a payload."
ACTS = (chorus,)


def subjects(bundle: Bundle) -> list[str]:
    """One subject."""
    return ["payloads"]


def judge(reading: Reading) -> Iterator[Finding]:
    """Each event that was received."""
    for index, got in reading.each(Got):
        yield passed("payloads", "there is one", index) if got.args else failed("payloads", "one", "none", index)


SILENT = PAIR + """
ann <- pen:taken {"room": "r1", "pen": "red"}
"""
SPEAKS = PAIR + """
ann <- pen:taken
"""
'''
FORMAT = '''"""How many verdicts there are."""

from collections.abc import Sequence

from conformance.journal import Journal


def render(journals: Sequence[Journal]) -> str:
    """The number."""
    return f"{sum(len(journal.verdicts) for journal in journals)}\\n"
'''
SCENARIO = '''"""Sockets that mostly listen."""

from loadtests.scenario import Option, Place
from loadtests.scenario import Scenario as Base


class Scenario(Base):
    """Posts one message into each room."""

    options = (Option(name="listen-for", default=0.5, help="Seconds until its message."),)

    async def drive(self, place: Place) -> None:
        """Post once."""
        async for due_ns in self.plane.turns(1 / self.option("listen-for")):
            await place.members[0].post(place.room, due_ns)
            return
'''
LIE = '''"""Statuses are never told."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Statuses are never told."""

    caught_by = "request-has-its-effect"

    async def status(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        """Tell nobody."""
'''


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, to be added to."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("contracts", "conformance", "reports", "loadtests", "tests", "cli.py", "pyproject.toml", "docs"):
        source = ROOT / name
        ignored = shutil.ignore_patterns("node_modules", "__pycache__")
        shutil.copytree(source, folder / name, ignore=ignored) if source.is_dir() else shutil.copy(source, folder)
    return folder


def ran(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=copy, capture_output=True, text=True, env=clean_environment(), check=False
    )


def test_an_event_is_one_file(copy: Path) -> None:
    path = copy / "contracts" / "sos" / "events" / "message.message-read-broadcast.json"
    path.write_text(json.dumps(EVENT, indent=2))
    try:
        run = ran(copy, "-m", "cli", "contracts", "validate", "sos")
        assert "17 events and 6 HTTP calls, all in order" in run.stdout, run.stderr
        assert "message:read:broadcast" in ran(copy, "-m", "cli", "check", "--list").stdout
    finally:
        path.unlink()


def test_a_rule_is_one_file(copy: Path) -> None:
    (copy / "conformance" / "rules" / "payload_is_there.py").write_text(RULE)
    tests = ran(copy, "-m", "pytest", "tests/test_rules.py", "-k", "payload-is-there")
    assert tests.returncode == 0, tests.stdout
    run = ran(copy, "-m", "cli", "check", "--select", "payload-is-there")
    assert run.returncode == 0, run.stdout
    assert "A pen is taken by somebody." in ran(copy, "-m", "cli", "rules", "explain", "payload-is-there").stdout


def test_a_report_format_is_one_file(copy: Path, tmp_path: Path) -> None:
    (copy / "reports" / "count.py").write_text(FORMAT)
    run = ran(copy, "-m", "cli", "check", "--select", "order-is-kept", "--report", f"count={tmp_path / 'count'}")
    assert run.returncode == 0, run.stdout + run.stderr
    assert int((tmp_path / "count").read_text()) > 1


def test_a_load_scenario_is_one_file(copy: Path) -> None:
    (copy / "loadtests" / "scenarios" / "listen_only.py").write_text(SCENARIO)
    run = ran(copy, "-m", "cli", "load", "-t", "4s", "--scenario", "ListenOnly", "--listen-for", "0.2", "-u", "2")
    assert run.returncode == 0, run.stdout + run.stderr
    # Two rooms of ten, a message each.
    assert "holds: every one of 20 deliveries was accounted for" in run.stdout
    assert "--listen-for" in ran(copy, "-m", "cli", "load", "--help").stdout


def test_a_lie_is_one_file(copy: Path) -> None:
    (copy / "conformance" / "reference" / "lies" / "statuses_are_secret.py").write_text(LIE)
    run = ran(copy, "-m", "cli", "selftest", "--lie", "statuses-are-secret")
    assert run.returncode == 0, run.stdout
    line = next(line for line in run.stdout.splitlines() if line.startswith("statuses-are-secret"))
    assert "request-has-its-effect" in line
