"""Contracts are inferred from what a real service does: of a check's journal, and by listening to it."""

from pathlib import Path

import pytest

from contracts.load import load
from contracts.model import Bundle
from tests.running import roomcheck, served

ENOUGH = 0.8
"""Of the invalid examples of the contracts that were written by hand."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of a check of the embedded service, and what is inferred from it."""
    made = tmp_path_factory.mktemp("inferred")
    assert roomcheck("check", "--quiet", "--journal", str(made / "run.ndjson")).returncode == 0
    run = roomcheck("contracts", "infer", str(made / "run.ndjson"), "--out", str(made / "sos"))
    assert run.returncode == 0, run.stderr
    return made


def sides(bundle: Bundle) -> set[tuple[str, str]]:
    return {(one.event, "emitted") for one in bundle.requests()} | {(one.event, "sent") for one in bundle.broadcasts()}


def test_every_event_of_the_reference_service_is_found(folder: Path) -> None:
    made, written = load(str(folder / "sos")), load("sos")
    assert sides(made) == sides(written)
    assert len(made.events) == 16
    assert made.room.template == written.room.template
    assert made.errors == written.errors
    for event in written.events:
        ours, theirs = made.request(event), written.request(event)
        if ours is not None and theirs is not None:
            assert (ours.membership, ours.broadcasts) == (theirs.membership, theirs.broadcasts), event
            assert (ours.reply and ours.reply.event) == (theirs.reply and theirs.reply.event), event
    assert {one.event: one.receivers for one in made.broadcasts()} == {
        one.event: one.receivers for one in written.broadcasts()
    }


def test_invalid_examples_of_the_contracts_by_hand_are_rejected(folder: Path) -> None:
    made = load(str(folder / "sos"))
    rejected = []
    for event in load("sos").events.values():
        for by_hand, ours in (
            (event.request, made.request(event.name)),
            (event.broadcast, made.broadcast(event.name)),
        ):
            for one in by_hand.examples.invalid if by_hand is not None else ():
                assert ours is not None
                rejected.append(not ours.payload.is_valid(one.payload))
    print(f"{sum(rejected)} of {len(rejected)} invalid examples are rejected")
    assert len(rejected) == 94
    assert sum(rejected) / len(rejected) >= ENOUGH


@pytest.mark.long
def test_what_was_recorded_is_no_difference_to_what_was_inferred(folder: Path) -> None:
    run = roomcheck("contracts", "infer", str(folder / "run.ndjson"), "--out", str(folder / "sos"))
    assert (run.returncode, run.stdout.strip()) == (0, f"{folder / 'sos'}: says all that was seen")


@pytest.mark.long
def test_the_service_keeps_what_was_inferred_of_it(folder: Path) -> None:
    with served() as url:
        run = roomcheck("check", url, "--contracts", str(folder / "sos"))
    assert " 0 fail" in run.stdout
    assert run.returncode == 0, run.stdout


def test_the_run_covers_its_contracts(folder: Path) -> None:
    run = roomcheck("contracts", "coverage", str(folder / "run.ndjson"), "--fail-under", "80")
    assert run.returncode == 0, run.stderr
    assert "message:broadcast, sent" in run.stdout


def test_a_service_that_is_listened_to_shows_what_it_is_asked(tmp_path: Path) -> None:
    words = ('sos:room:join {"sosId": "room-a1"}', 'message:typing:start {"sosId": "room-a1", "displayName": "Ann"}')
    emits = [word for one in words for word in ("--emit", one)]
    with served() as url:
        run = roomcheck("contracts", "infer", url, "--for", "0.5", *emits, "--out", str(tmp_path / "live"))
    assert run.returncode == 0, run.stderr
    made = load(str(tmp_path / "live"))
    assert made.request("sos:room:join") is not None
    typing = made.request("message:typing:start")
    assert typing is not None
    assert typing.broadcasts == ("message:typing:start",)
