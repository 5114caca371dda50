"""The recipes of CONTRIBUTING.md, each tried as written: one new file, and everything finds it."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.judge.rule import rules
from tests import forks
from tests.running import ROOT, clean_environment, load_held, settings, started

EVENT = {
    "event": "board:wipe",
    "summary": "Wipes the board.",
    "source": "Whiteboard guide 1.0, Boards",
    "client_to_server": {
        "effect": {"broadcast": "board:wipe"},
        "payload": {
            "type": "object", "required": ["room"], "properties": {"room": {"type": "string", "minLength": 1}},
        },
        "examples": {
            "valid": [{"room": "r1"}, {"room": "r2"}, {"room": "r3"}],
            "invalid": [
                {"payload": {}, "keyword": "required", "answer": "error"},
                {"payload": {"room": ""}, "keyword": "minLength"},
                {"payload": {"room": 1}, "keyword": "type"},
                {"payload": [], "keyword": "type"},
                {"payload": None, "keyword": "type"},
            ],
        },
    },
    "server_to_client": {
        "receivers": "room",
        "echoes": ["room"],
        "payload": {"type": "object", "required": ["room"], "properties": {"room": {"type": "string"}}},
        "examples": {
            "valid": [{"room": "r1"}, {"room": "r2"}, {"room": "r3"}],
            "invalid": [
                {"payload": {}, "keyword": "required"},
                {"payload": {"room": 1}, "keyword": "type"},
                {"payload": [], "keyword": "type"},
                {"payload": None, "keyword": "type"},
                {"payload": {"rom": "r1"}, "keyword": "required"},
            ],
        },
    },
}  # fmt: skip
RULE = '''"""A broadcast has a payload.

Clients read its fields.
"""

from collections.abc import Iterator

from conformance.analysis.queries import PAIR, room_events
from conformance.model.transcript import Got
from conformance.model.verdict import Finding, failed, passed
from conformance.plan.delivery import chorus
from conformance.analysis.reading import Reading
from contracts.model import Bundle

CLAUSE = "Events have a payload."
ACTS = (chorus,)


def subjects(bundle: Bundle) -> list[str]:
    """The broadcasts to rooms."""
    return room_events(bundle)


def judge(reading: Reading) -> Iterator[Finding]:
    """Each broadcast that was received."""
    names = set(room_events(reading.bundle))
    for index, got in reading.each(Got):
        if got.event in names:
            yield passed(got.event, "has one", index) if got.args else failed(got.event, "a payload", "none", index)


SILENT = PAIR + """
ann <- pen:taken {"room": "r1", "pen": "red"}
"""
SPEAKS = PAIR + """
ann <- pen:taken
"""
'''
ITS_LIE = '''"""Statuses are told without a payload."""

from typing import Any

from conformance.reference.service import Service


class Lie(Service):
    """Statuses are told without a payload."""

    caught_by = "broadcast-has-a-payload"

    async def send(self, event: str, payload: Any, room: str, but: str | None = None) -> None:
        """Broadcast to a room."""
        await super().send(event, () if event == "sos:status:broadcast" else payload, room, but)
'''
FORMAT = '''"""A line for each verdict."""

from collections.abc import Sequence

from conformance.journal.records import Journal
from conformance.support.printable import printable

MOST_LINES, MOST_CHARACTERS = 100, 200
"""What fits on a page."""


def render(journals: Sequence[Journal]) -> str:
    """The lines of each journal, and how many more there are."""
    return "".join(line + "\\n" for journal in journals for line in _lines(journal))


def _lines(journal: Journal) -> list[str]:
    lines = [f"{len(journal.verdicts)} verdicts" + ("" if journal.footer else ", of a truncated journal")]
    for verdict in journal.verdicts[:MOST_LINES]:
        lines.append(f"{verdict.outcome.value} {verdict.rule} {printable(verdict.subject[:MOST_CHARACTERS])}")
    left_out = len(journal.verdicts) - MOST_LINES
    return lines + ([f"{left_out} more verdicts are left out: the journal has them"] if left_out > 0 else [])
'''
ITS_VALIDATOR = """

def valid_verdict_lines(text: str) -> None:
    kinds = "pass|fail|warning|known|inconclusive|skip|error"
    assert all(re.match(rf"(\\d+ (more )?verdicts|({kinds}) )", line) for line in text.split("\\n")[:-1])
"""
SCENARIO = '''"""Sockets that mostly listen."""

from loadtests.workload.option import Option
from loadtests.workload.rooms import Place
from loadtests.workload.scenario import Scenario as Base


class Scenario(Base):
    """Posts one message into each room."""

    options = (Option(name="listen-for", default=0.5, help="Seconds until its message."),)

    async def drive(self, place: Place) -> None:
        """Post once."""
        async for due_ns in self.context.turns(1 / self.option("listen-for")):
            await place.members[0].post(place.room, due_ns)
            return
'''
OBSERVER = '''"""A log of the service: a line of JSON for each broadcast, with the room that it was sent to."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from pathlib import Path

from conformance.model.transcript import Observed, Via
from conformance.stage.observing.observer import ObserverUnavailable, Watch

TITLE = "the room log"
HINT = "see that observers.room_log is the file that the service writes"
SETTINGS = {"room_log": {"description": "A file of JSON lines.", "$ref": "#/$defs/text"}}


class RoomLog:
    """Reads the lines that were written since it was started."""

    via: Via = "room-log"

    def __init__(self, watch: Watch) -> None:
        self._path, self._watch = Path(watch.target.observers["room_log"]), watch
        self._read, self._seen = 0, []
        self.what = f"{TITLE} at {self._path}"

    async def start(self) -> None:
        """Skip what is there."""
        try:
            self._read = self._path.stat().st_size
        except OSError as error:
            raise ObserverUnavailable(f"{error.strerror}") from error

    async def expect(self, names: Collection[str]) -> None:
        """Nothing to do: every room is logged."""

    async def look(self) -> None:
        """Nothing to do: a log has no state."""

    async def caught_up(self) -> None:
        """Read to the end: a line is written before its broadcast is sent."""
        with self._path.open("rb") as file:
            file.seek(self._read)
            for line in file:
                self._read += len(line)
                logged = json.loads(line)
                subject = logged["payload"].get(self._watch.bundle.room.key)
                self._seen.append(
                    Observed(
                        at_s=self._watch.clock.now(), actor=self.via, event=logged["event"], subject=subject,
                        rooms=(logged["room"],), args=(logged["payload"],),
                    )
                )

    def observations(self) -> list[Observed]:
        """The broadcasts that were logged."""
        return self._seen

    async def stop(self) -> None:
        """Nothing is left open."""


def observers(watch: Watch) -> list[RoomLog]:
    """One for the whole service."""
    return [RoomLog(watch)]
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
    for name in (
        "contracts",
        "conformance",
        "reports",
        "loadtests",
        "tests",
        "cli.py",
        "pyproject.toml",
        "docs",
        "README.md",
        "CONTRIBUTING.md",
    ):
        source = ROOT / name
        # What is compiled is copied, too: a compiled file is told by the time and the size of its source.
        ignored = shutil.ignore_patterns("node_modules")
        shutil.copytree(source, folder / name, ignore=ignored) if source.is_dir() else shutil.copy(source, folder)
    return folder


def ran(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    # Programs that this project has imported for tests know nothing of what the copy has besides.
    environment = {name: value for name, value in clean_environment().items() if name != forks.SHARED}
    return subprocess.run(
        [sys.executable, *words], cwd=copy, capture_output=True, text=True, env=environment, check=False
    )


def passes(copy: Path, *words: str) -> None:
    """Run tests of the project that was added to; a pattern that finds none is a failure."""
    run = ran(copy, "-m", "pytest", *words)
    assert run.returncode == 0, run.stdout


def test_an_event_is_one_file(copy: Path) -> None:
    board = copy / "contracts" / "board"
    shutil.copytree(copy / "contracts" / "example", board)
    (board / "bundle.json").write_text((board / "bundle.json").read_text().replace('"example"', '"board"', 1))
    (board / "events" / "board-wipe.json").write_text(json.dumps(EVENT, indent=2))
    run = ran(copy, "-m", "cli", "contracts", "validate", "board")
    assert "11 events and 4 HTTP calls, all in order" in run.stdout, run.stderr
    listed = ran(copy, "-m", "cli", "check", "--contracts", "board", "--list").stdout
    assert "broadcast-arrives\n  board:wipe\n" in listed
    passes(
        copy, "tests/unit/contracts/test_causes.py", "tests/unit/contracts/test_contracts.py", "-k", "board or order"
    )


def test_a_rule_and_a_lie_are_one_file_each(copy: Path) -> None:
    lies = copy / "conformance" / "reference" / "lies"
    (copy / "conformance" / "rules" / "broadcast_has_a_payload.py").write_text(RULE)
    (lies / "statuses_are_empty.py").write_text(ITS_LIE)
    (lies / "statuses_are_secret.py").write_text(LIE)
    (copy / "docs" / "rules.md").write_text(ran(copy, "-m", "cli", "rules", "manual").stdout)
    passes(
        copy, "tests/unit/rules/test_rules.py", "tests/cli/test_docs.py", "-k", "broadcast-has-a-payload or reference"
    )
    run = ran(copy, "-m", "cli", "check", "--select", "broadcast-has-a-payload")
    assert run.returncode == 0, run.stdout
    assert "A broadcast has a payload." in ran(copy, "-m", "cli", "rules", "explain", "broadcast-has-a-payload").stdout
    run = ran(copy, "-m", "cli", "selftest", "--lie", "statuses-are-empty", "--lie", "statuses-are-secret")
    assert run.returncode == 0, run.stdout
    assert f"2 lies, {len(rules()) + 1} rules, 0 faults" in run.stdout
    lines = {line.partition(" ")[0]: line for line in run.stdout.splitlines()}
    assert "broadcast-has-a-payload" in lines["statuses-are-empty"]
    assert "request-has-its-effect" in lines["statuses-are-secret"]


def test_a_report_format_is_one_file_and_a_validator(copy: Path, tmp_path: Path) -> None:
    (copy / "reports" / "verdict_lines.py").write_text(FORMAT)
    with (copy / "tests" / "validators.py").open("a") as file:
        file.write(ITS_VALIDATOR)
    path = tmp_path / "lines"
    run = ran(copy, "-m", "cli", "check", "--select", "order-is-kept", "--report", f"verdict_lines={path}")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "pass order-is-kept" in path.read_text()
    passes(copy, "tests/cli/test_reports.py", "-k", "verdict_lines or validator")


def test_a_load_scenario_is_one_file(copy: Path) -> None:
    (copy / "loadtests" / "scenarios" / "listen_only.py").write_text(SCENARIO)
    run = ran(copy, "-m", "cli", "load", "-t", "4s", "--scenario", "ListenOnly", "--listen-for", "0.2", "-u", "2")
    assert load_held(run), run.stdout + run.stderr
    # Two rooms of ten, a message each.
    assert re.search(r"^ ok +20 *$", run.stdout, re.MULTILINE), run.stdout
    assert "--listen-for" in ran(copy, "-m", "cli", "load", "--help-all").stdout


@pytest.mark.parametrize("template", ["sos:{sosId}", "sos-{sosId}"])
def test_an_observer_is_one_file(copy: Path, tmp_path: Path, template: str) -> None:
    (copy / "conformance" / "stage" / "observers" / "room_log.py").write_text(OBSERVER)
    log, report = tmp_path / "rooms.jsonl", tmp_path / "report.json"
    log.touch()
    options = ("--template", template, "--log", str(log))
    with started(sys.executable, "-m", "tests.peers.instrumented", *options) as (_, line):
        path = settings(tmp_path, realtime_urls=[json.loads(line)["url"]], observers={"room_log": str(log)})
        run = ran(copy, "-m", "cli", "check", "--target", "it", "--settings", str(path), "--timeout", "1",
                  "--select", "room-is-named-as-documented", "--select", "message:broadcast",
                  "--report", f"json={report}")  # fmt: skip
    told = f"named {template}" if template == "sos:{sosId}" else f"expected a room named sos:{{sosId}}, got {template}"
    found = [verdict["message"] for verdict in json.loads(report.read_text())["verdicts"]]
    assert found == [f"{told} (seen by room-log)"], run.stdout + run.stderr


def test_the_settings_of_an_observer_are_its_own(copy: Path, tmp_path: Path) -> None:
    (copy / "conformance" / "stage" / "observers" / "room_log.py").write_text(OBSERVER)
    path = settings(tmp_path, realtime_urls=["http://127.0.0.1:1"], observers={"room_logs": "rooms.jsonl"})
    run = ran(copy, "-m", "cli", "check", "--target", "it", "--settings", str(path), "--list")
    assert run.returncode == 2
    assert "unknown key `room_logs`; did you mean `room_log`?" in run.stderr
