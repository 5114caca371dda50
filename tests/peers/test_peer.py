"""The second honest implementation, on Node's official Socket.IO server: no false alarm, and its lies are caught."""

import json
from pathlib import Path

import pytest

from tests.running import KEY, peer, roomcheck

LIES = {
    "renamed-message-broadcast": {"broadcast-keeps-its-name", "retired-name-is-absent"},
    "dash-id-leak": {"similar-ids-do-not-mix"},
    "typing-to-sender": {"sender-hears-as-documented"},
    "broadcast-not-stored": {"created-is-stored-and-read-back", "stored-before-broadcast"},
    "error-to-room": {"error-goes-to-the-requester-alone"},
}


def verdicts(path: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(path.read_text())["verdicts"]
    return found


@pytest.mark.peer
@pytest.mark.parametrize(
    "transport", ["upgrade", *(pytest.param(t, marks=pytest.mark.long) for t in ("websocket", "polling"))]
)
def test_the_honest_peer_passes_every_clause(transport: str, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    with peer("--jwt-key", KEY, "--admin") as url:
        run = roomcheck(
            "check", url, "--jwt-key", KEY, "--admin", "--transport", transport, "--report", f"json={report}"
        )
    assert [v for v in verdicts(report) if v["outcome"] != "pass"] == []
    assert json.loads(report.read_text())["not_exercised"] == []
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.peer
def test_a_peer_that_demands_no_token_is_not_accused_of_it(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    with peer("--admin") as url:
        run = roomcheck("check", url, "--admin", "--report", f"json={report}")
    told = {v["rule"] for v in verdicts(report) if v["outcome"] == "skip"}
    assert told == {"bad-token-is-refused", "bad-token-is-401", "sender-is-named-truly"} & told
    assert {"bad-token-is-refused", "bad-token-is-401"} <= told
    assert {v["outcome"] for v in verdicts(report)} == {"pass", "skip"}
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.peer
@pytest.mark.parametrize("lie", LIES)
def test_a_lying_peer_is_caught_by_the_rules_that_it_breaks(lie: str, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    with peer("--jwt-key", KEY, "--lie", lie) as url:
        selected = [word for rule in sorted(LIES[lie]) for word in ("--select", rule)]
        run = roomcheck("check", url, "--jwt-key", KEY, "--report", f"json={report}", *selected)
    accusing = {v["rule"] for v in verdicts(report) if v["outcome"] == "fail"}
    assert accusing == LIES[lie]
    assert run.returncode == 1, run.stdout + run.stderr
