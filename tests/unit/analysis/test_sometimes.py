"""Causes that provoke a broadcast under a condition: nothing is owed, and what comes is judged."""

import json
import shutil
from pathlib import Path

import pytest

from contracts.faults import ContractError
from contracts.load import load
from contracts.model import Bundle
from tests.running import ROOT
from tests.unit.scripts import outcomes, reading_of

PARLOUR = ROOT / "tests/cases/parlour_turns/contracts"
HOST = '{"parlour": "r1", "host": "b1"}'
START = """
ann opened a1
bob opened b1
cyd opened c1
ann in r1
bob in r1
cyd in r1
"""
LEAVES = START + '@1 ann -> parlour:leave "r1" #1\n@1.1 ann <= parlour:leave #1 null\n@1.1 ann out r1\n'
GOES = START + "@1 ann closed us\n"
TOLD = f"@1.2 bob <- parlour:host {HOST}\n@1.2 cyd <- parlour:host {HOST}\n"
LATER = (
    '@9 bob -> parlour:say "r1" "x" "k" #7\n@9.1 bob <= parlour:say #7 null\n@9.1 cyd <- parlour:said "r1" "x" "b1"\n'
)
ASKED = '@9.2 cyd -> parlour:leave "r9" #8\n@9.3 cyd <= parlour:leave #8 null\n'
ONCE, ALL, ARRIVES = "delivered-exactly-once", "everyone-in-the-room-receives", "broadcast-arrives"


@pytest.fixture(scope="module")
def parlour() -> Bundle:
    return load(str(PARLOUR))


@pytest.mark.parametrize("gone", [LEAVES, GOES], ids=["by a request", "by a disconnection"])
def test_what_comes_sometimes_is_owed_to_nobody_and_judged_where_it_comes(parlour: Bundle, gone: str) -> None:
    assert "fail" not in outcomes(ARRIVES, gone + LATER, parlour)
    assert "fail" not in outcomes(ONCE, gone + TOLD + LATER, parlour)
    assert "pass" in outcomes(ONCE, gone + TOLD + LATER, parlour)
    only_bob = TOLD.split("\n", 1)[0] + "\n"
    assert "fail" in outcomes(ALL, gone + only_bob + LATER + ASKED, parlour)
    assert "fail" not in outcomes(ALL, gone + TOLD + LATER + ASKED, parlour)


def test_when_nobody_knows_since_when_the_condition_was_met_nothing_is_late(parlour: Bundle) -> None:
    late = TOLD.replace("@1.2", "@8")
    assert outcomes("delivered-within-deadline", GOES + late + LATER, parlour).count("fail") == 0
    sooner = '@6 cyd -> parlour:leave "r9" #9\n@6.1 cyd <= parlour:leave #9 null\n'
    assert outcomes("delivered-within-deadline", GOES + sooner + late, parlour) == []


def test_a_disconnection_provokes_what_the_contract_says_alone(parlour: Bundle) -> None:
    stray = '@1.3 bob <- parlour:said "r1" "x" "c1"\n'
    assert {one.event for one in reading_of(GOES + TOLD + stray, parlour).provocations} == {"parlour:host"}


def test_a_condition_needs_a_cause_that_is_there(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PARLOUR, tmp_path / "copy"))
    path = folder / "events/parlour-host.json"
    document = json.loads(path.read_text())
    document["server_to_client"]["caused_by"][0]["event"] = "parlour:leaves"
    path.write_text(json.dumps(document))
    with pytest.raises(ContractError, match="parlour:leaves"):
        load(str(folder))
    document["server_to_client"]["caused_by"] = [{"when": "at midnight"}]
    path.write_text(json.dumps(document))
    with pytest.raises(ContractError):
        load(str(folder))
