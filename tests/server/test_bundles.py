"""The service of every bundle keeps its contracts, and as much is seen of it as of one that was written by hand."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cases.checking import checked, expected
from tests.running import roomcheck, settings, started
from tests.server.playing import BUNDLES, name_of, passed, played, wrong

SAMPLE = (
    "chat",  # everyone, a bare text
    "kiln_messagepack",
    "letters_user_rooms",  # rooms that the service enters, ids that are numbers, tokens
    "lighthouse_acks",  # acks of clients, refusals by an ack, what is sent at least once
    "studio_entered_by_call",
    "tenants_dynamic",  # namespaces with an id
)
"""One of each kind of thing, and of these the quickest. The others are played by `make test-long`."""

BY_CHANCE = {"postbox_users": ("junk-is-survived",)}
"""Rules that see enough of a service or not, as it happens: where there are no rooms, an error for junk that comes late
is taken for the answer to the question by which the socket was to show that it is alive."""

BY_HAND = [folder for folder in BUNDLES if (folder.parent / "expected.json").is_file()]


@pytest.mark.parametrize("folder", [one for one in BUNDLES if name_of(one) in SAMPLE], ids=name_of)
def test_a_bundle_holds_on_the_service_that_is_made_of_it(folder: Path) -> None:
    assert wrong(played(folder)) == []


@pytest.mark.long
@pytest.mark.parametrize("folder", BUNDLES, ids=name_of)
def test_every_bundle_holds_over_both_transports(folder: Path) -> None:
    assert wrong(played(folder, ("websocket", "polling"))) == []


def asked_of_the_command(folder: Path, tmp_path: Path) -> dict[str, Any]:
    """The report of a check of `roomcheck serve`, both with the settings of the case."""
    table = {"contracts": str(folder), **expected(folder.parent).get("target", {})}
    for name in ("served", "asked"):
        (tmp_path / name).mkdir()
    file = settings(tmp_path / "served", realtime_urls=["http://127.0.0.1:1"], **table)
    words = ("serve", "--port", "0", "--target", "it", "--settings", str(file))
    with started(sys.executable, "-m", "cli", *words, said="serving on") as (_, line):
        file = settings(tmp_path / "asked", realtime_urls=[line.split()[2].rstrip(",")], **table)
        report = tmp_path / "made.json"
        run = roomcheck("check", "--target", "it", "--settings", str(file), "--report", f"json={report}")
    assert run.returncode == expected(folder.parent)["honest"], run.stdout
    found: dict[str, Any] = json.loads(report.read_text())
    return found


@pytest.mark.long
@pytest.mark.parametrize("folder", BY_HAND, ids=name_of)
def test_what_is_seen_of_a_service_by_hand_is_seen_of_the_one_that_is_made(folder: Path, tmp_path: Path) -> None:
    made = {key_of(one): one["outcome"] for one in asked_of_the_command(folder, tmp_path)["verdicts"]}
    _, report = checked(folder.parent, "", tmp_path / "report.json")
    by_hand = {key_of(one) for one in report["verdicts"] if one["outcome"] == "pass"}
    by_hand = {key for key in by_hand if key[1] not in BY_CHANCE.get(name_of(folder), ())}
    # An ack without arguments is no answer of the contract, and of some services by hand one more thing to judge.
    assert {key for key in by_hand if made.get(key, "pass") != "pass"} == set()
    assert len([key for key in by_hand if key not in made]) <= 1


def key_of(verdict: dict[str, Any]) -> tuple[str, str, str]:
    """What a verdict is of."""
    return verdict["transport"], verdict["rule"], verdict["subject"]


def test_a_lost_connection_is_taken_up_again() -> None:
    folder = next(one for one in BUNDLES if name_of(one) == "ferry_state_recovery")
    result = played(folder, select=("missed-events-are-replayed",))
    assert (wrong(result), passed(result)) == ([], {"missed-events-are-replayed: connection state recovery"})
