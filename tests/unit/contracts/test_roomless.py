"""A bundle without rooms: what cannot be said then, and that nothing about rooms is asked."""

import json
import shutil
from pathlib import Path

import pytest

from conformance.judge.rule import rules
from conformance.plan.stimulus import Setting
from contracts.faults import ContractError
from contracts.load import HERE, load
from contracts.show import table

CASES = HERE.parent / "tests" / "cases"
CAMPFIRE = str(CASES / "campfire_without_rooms" / "contracts")


def test_nothing_about_rooms_is_asked() -> None:
    bundle = load(CAMPFIRE)
    asked = {rule.id: list(rule.subjects(bundle)) for rule in rules()}
    about_rooms = (
        "similar-ids-do-not-mix",
        "reconnected-socket-is-in-no-room",
        "several-rooms-on-one-socket",
        "room-is-named-as-documented",
        "roster-is-true",
        "nothing-before-join",
        "rooms-are-isolated",
    )
    assert [rule for rule in about_rooms if asked[rule]] == []


def test_no_act_about_rooms_is_played() -> None:
    setting = Setting(bundle=load(CAMPFIRE), nonce="n")
    planners = {planner.__name__: planner for rule in rules() for planner in rule.acts}
    played = {name for name, planner in planners.items() if planner(setting) is not None}
    assert not played & {"early", "likeness", "reconnecting", "several", "twice", "leaving", "chorus"}
    assert "assembly" in played


def test_the_table_says_that_there_are_no_rooms() -> None:
    assert table(load(CAMPFIRE)).title == "Campfire 1.0: no rooms"


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("line-ride.json", "a request changes who is in a room, but the bundle has no `room`: add it to bundle.json"),
        ("rerouted.json", "a broadcast goes to a room, but the bundle has no `room`: add it to bundle.json"),
    ],
)
def test_what_is_said_of_rooms_needs_them(tmp_path: Path, file: str, message: str) -> None:
    folder = Path(shutil.copytree(CASES / "depot_receivers" / "contracts", tmp_path / "copy"))
    head = json.loads((folder / "bundle.json").read_text())
    del head["room"]
    (folder / "bundle.json").write_text(json.dumps(head))
    with pytest.raises(ContractError) as caught:
        load(str(folder))
    assert [fault.message for fault in caught.value.faults if fault.file.name == file] == [message]
