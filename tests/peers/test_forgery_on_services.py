"""Real services that take forgeries in a form, or under a name, that no document has."""

import json
from pathlib import Path

import pytest

from tests.running import built_peer, peer, roomcheck

FORGED = "client-cannot-forge-broadcast"
ENVELOPE = (
    "{sosId, message: {…}} came out as 'message:broadcast' at bob; "
    "an envelope with every usual field came out as 'message:broadcast' at bob"
)
RENAMED = (
    "the documented payload came out as 'participant:joined' at bob; "
    "the payload and the sosId as two arguments came out as 'participant:joined' at bob"
)


def forgeries(url: str, folder: Path, *words: str) -> dict[str, tuple[str, str]]:
    """(outcome, what came out) by the name that was forged."""
    report = folder / "report.json"
    roomcheck("check", url, "--select", FORGED, *words, "--report", f"json={report}")
    found = json.loads(report.read_text())["verdicts"]
    return {
        one["subject"]: (one["outcome"], one["got"].removeprefix("what a client emitted, relayed: ")) for one in found
    }


@pytest.mark.parametrize(
    ("lie", "subject", "told"),
    [
        ("relays-forged-envelope", "message:broadcast", ENVELOPE),
        ("relays-forged-participant", "participant:joined:broadcast", RENAMED),
    ],
)
def test_a_relay_of_the_node_peer_is_named_with_its_form(lie: str, subject: str, told: str, tmp_path: Path) -> None:
    with peer("--lie", lie) as url:
        found = forgeries(url, tmp_path)
    assert found.pop(subject) == ("fail", told)
    assert {outcome for outcome, _ in found.values()} == {"pass"}


def test_the_relays_of_the_service_as_built_are_forgeries_by_the_documented_contracts(tmp_path: Path) -> None:
    with built_peer("--polling", "refused") as url:
        found = forgeries(url, tmp_path)
        as_built = forgeries(url, tmp_path, "--contracts", "sos-built")
    assert found["message:broadcast"] == ("fail", ENVELOPE)
    assert found["participant:joined:broadcast"] == ("fail", RENAMED)
    assert found["participant:left:broadcast"][0] == "fail"
    assert {name for name, (outcome, _) in found.items() if outcome == "pass"} == {
        "error",
        "location:broadcast",
        "sos:status:broadcast",
    }
    # There they are documented.
    assert {outcome for outcome, _ in as_built.values()} == {"pass"}
