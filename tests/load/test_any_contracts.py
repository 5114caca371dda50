"""Services that no scenario knows are loaded from their contracts alone, and every delivery is accounted for."""

import contextlib
import json
import shutil
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cases.checking import expected
from tests.load.test_scenarios import ledger, locust
from tests.running import PEER, ROOT, is_limited, lacking, settings, started

SERVICES = ROOT / "tests" / "services"


@contextlib.contextmanager
def serving(file: Path, lie: str = "") -> Iterator[str]:
    """A service of Node or Python; its address."""
    if file.suffix == ".js" and (shutil.which("node") is None or not (PEER / "node_modules").is_dir()):
        lacking("the Node peer")
    module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
    words = ("node", str(file)) if file.suffix == ".js" else (sys.executable, "-m", module)
    with started(*words, lie) as (_, line):
        yield line.strip()


def load(url: str, name: str, tmp_path: Path, *words: str) -> tuple[int, dict[str, int], str]:
    """A run by the contracts of a service: its exit code, its ledger, and what was said."""
    folder = SERVICES / name
    table = {"contracts": str(folder / "contracts"), **expected(folder).get("target", {})}
    path = settings(tmp_path, realtime_urls=[url], **table)
    run = locust("--headless", "--target", "it", "--settings", str(path), "--only-summary", *words)
    assert "ledger: " in run.stderr, run.stderr
    return run.returncode, ledger(run.stderr), run.stderr


def test_the_ledger_of_a_chat_is_what_the_service_counted(tmp_path: Path) -> None:
    with serving(Path(__file__).with_name("counting_chat.js")) as url:
        words = ("Storm", "-u", "3", "-r", "3", "-t", "4s", "--sockets-per-user", "50", "--storm-rate", "4")
        code, told, said = load(url, "chat", tmp_path, *words)
        with urllib.request.urlopen(f"{url}/count", timeout=10) as answer:  # noqa: S310 - of this machine
            counted = json.load(answer)
    assert code == 0 or is_limited(code, said), said
    assert set(told) == {"connected", "published", "ok"}
    assert told["published"] == counted["messages"] > 0
    assert told["ok"] == counted["deliveries"] == 150 * told["published"]


@pytest.mark.parametrize(
    ("name", "server"), [("chat", "service.py"), ("game", "service.js"), ("dashboard", "service.py")]
)
def test_an_honest_service_holds(name: str, server: str, tmp_path: Path) -> None:
    with serving(SERVICES / name / server) as url:
        words = ("Mixed", "--mix", "Chat=1,Locations=1,Churn=1", "--churn-stay", "1", "--churn-away", "0.3")
        words += ("-u", "3", "-r", "3", "-t", "4s", "--sockets-per-user", "5", "--room-size", "5")
        code, told, said = load(url, name, tmp_path, *words)
    assert code == 0 or is_limited(code, said), said
    assert told["ok"] > told["published"] > 0, said


@pytest.mark.parametrize(
    ("name", "server", "lie", "scenario", "defect", "exactly"),
    [
        ("chat", "service.js", "messages-come-twice", "Storm", "duplicate", True),
        # That something is lost shows by what others say a second later.
        ("chat", "service.py", "nobody-hears-oneself", "Storm", "lost", False),
        ("game", "service.js", "one-arena-for-all", "Chat", "leaked", False),
        ("game", "service.py", "acks-have-one-argument", "Locations", "refused", False),
        # Of one of two parts, whose sockets have the tokens of their users.
        pytest.param(
            "dashboard", "service.py", "notes-are-unsigned", "Chat", "contract_failed", False, marks=pytest.mark.long
        ),
    ],
)
def test_a_lie_is_counted(
    name: str, server: str, lie: str, scenario: str, defect: str, exactly: bool, tmp_path: Path
) -> None:
    """Args: exactly: there is one of the defect for each delivery that is as it should be."""
    with serving(SERVICES / name / server, lie) as url:
        words = ("-u", "2", "-r", "2", "-t", "4s", "--sockets-per-user", "5", "--room-size", "5", "--lost-after", "1")
        code, told, said = load(url, name, tmp_path, scenario, "--storm-rate", "4", *words)
    assert code == 1 or is_limited(code, said), said
    assert told[defect] > 0, said
    assert not exactly or told[defect] == told["ok"], said
