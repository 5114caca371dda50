"""The service of every bundle keeps its contracts, and as much is seen of it as of one that was written by hand."""

from pathlib import Path

import pytest

from conformance.model.act import Transport
from tests.cases.checking import checked
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

OBSERVED = "room-is-named-as-documented"
BY_HAND = [folder for folder in BUNDLES if (folder.parent / "expected.json").is_file()]


@pytest.mark.parametrize("folder", [one for one in BUNDLES if name_of(one) in SAMPLE], ids=name_of)
def test_a_bundle_holds_on_the_service_that_is_made_of_it(folder: Path) -> None:
    assert wrong(played(folder)) == []


@pytest.mark.long
@pytest.mark.parametrize("folder", BUNDLES, ids=name_of)
def test_every_bundle_holds_over_both_transports(folder: Path) -> None:
    assert wrong(played(folder, ("websocket", "polling"))) == []


@pytest.mark.long
@pytest.mark.parametrize("folder", BY_HAND, ids=name_of)
def test_what_is_seen_of_a_service_by_hand_is_seen_of_the_one_that_is_made(folder: Path, tmp_path: Path) -> None:
    _, report = checked(folder.parent, "", tmp_path / "report.json")
    by_hand = {
        f"{one['rule']}: {one['subject']}"
        for one in report["verdicts"]
        if one["outcome"] == "pass" and one["transport"] == "websocket"
    }
    assert by_hand - passed(played(folder)) == set()


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_lost_connection_is_taken_up_again(transport: Transport) -> None:
    folder = next(one for one in BUNDLES if name_of(one) == "ferry_state_recovery")
    result = played(folder, (transport,), ("missed-events-are-replayed",))
    assert (wrong(result), passed(result)) == ([], {"missed-events-are-replayed: connection state recovery"})
