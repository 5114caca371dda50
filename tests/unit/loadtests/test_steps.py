"""Steps are those of the scenario that goes through them, and a scenario is told by the name of its file."""

import argparse
import asyncio
import importlib.util
import time
from typing import Any

import pytest

from loadtests.ledger.histogram import Histogram
from loadtests.ledger.totals import Totals
from loadtests.scenarios import mixed, scenarios
from loadtests.verdict.conclusion import Evidence
from loadtests.verdict.thresholds import gate
from loadtests.worker.worker import Worker
from loadtests.workload.scenario import Scenario
from tests.accounting import account
from tests.load.test_waits import run

EVERY = scenarios()
USUAL = {
    "room_size": "2", "shared_rooms": False, "start_after": 0.0,
    **{option.key: option.default for kind in EVERY.values() for option in kind.options},
}  # fmt: skip


def published(context: Worker, scenario: str) -> set[str]:
    """The steps of what is published in a room of a scenario."""
    room = context.ledger.room(f"load-{scenario}", scenario)
    one = context.publish(room, 0, 0, due_ns=time.monotonic_ns(), floor=-1, event="message:broadcast")
    context.count("skipped", scenario)
    assert dict(one.tags)["scenario"] == scenario
    return {one.step} | {step for (name, of, step) in context.ledger.counts if (name, of) == ("skipped", scenario)}


def test_in_a_mixed_run_a_step_is_of_its_own_scenario_alone() -> None:
    async def mixing(context: Worker) -> None:
        made = EVERY["Mixed"]("Mixed", context, USUAL | {"mix": "Chat=1,Reconnect=1,Knee=1"})
        chat, knee = (made._parts[name] for name in ("Chat", "Knee"))
        assert context.steps == {"Reconnect": "1"}
        driven = context.spawn(knee.drive(knee.place()))
        await asyncio.wait_for(_begun(context, "Knee"), 5)
        assert context.steps == {"Reconnect": "1", "Knee": "1"}
        assert published(context, chat.name) == {""}
        knee.begin_step("1.5")
        assert published(context, "Reconnect") == {"1"}
        assert published(context, "Knee") == {"1.5"}
        driven.cancel()

    run(mixing)


async def _begun(context: Worker, name: str) -> None:
    while name not in context.steps:
        await context.alarm.after(0.01)


def accounts(**counts: dict[tuple[str, str], int]) -> Totals:
    """An account of counts by name of the scenario, and within it by name and step."""
    rows = tuple((name, of, step, count) for of, told in counts.items() for (name, step), count in told.items())
    trends = [
        ("rejoin", (("scenario", of),), packed(250.0)) for of, told in counts.items() if ("dropped", "2") in told
    ]  # fmt: skip
    return Totals(snapshots={"w": account(counts=rows, trends=tuple(trends))})


def packed(ms: float) -> Any:
    times = Histogram()
    times.add([round(ms * 1e6)])
    return times.packed()


def concluded(kind: type[Scenario], name: str, of: Totals, *gates: str, **options: Any) -> Any:
    evidence = Evidence(
        scenario=name, accounts=of, gates=[gate(text) for text in gates], options=USUAL | options, elapsed_s=10,
        ended=True,
    )  # fmt: skip
    return kind.conclude(evidence)


KNEE = {("published", "1"): 5, ("ok", "1"): 5, ("published", "1.5"): 5, ("ok", "1.5"): 5}
RECONNECT = {("published", "1"): 3, ("ok", "1"): 3, ("dropped", "2"): 1, ("rejoined", "2"): 1}


def test_a_scenario_is_not_blamed_for_what_another_lost_in_a_step_of_the_same_number() -> None:
    of = accounts(Knee=KNEE, Reconnect={**RECONNECT, ("lost", "1"): 2})
    assert concluded(EVERY["Knee"], "Knee", of).summary.startswith("knee: all that was tried held, up to 1.5 ")
    of = accounts(Knee={**KNEE, ("lost", "1.5"): 2}, Reconnect=RECONNECT)
    assert "the largest that held is 1 " in concluded(EVERY["Knee"], "Knee", of).summary


def test_the_steps_of_others_are_not_told_among_a_scenarios_own() -> None:
    of = accounts(Knee=KNEE, Reconnect=RECONNECT)
    assert of.steps("Knee") == ["1", "1.5"]
    assert of.steps("Reconnect") == ["1", "2"]
    told = concluded(EVERY["Reconnect"], "Reconnect", of).notes
    assert [line.partition(":")[0] for line in told] == ["reconnect", "before the drop", "until all were back"]


SLOW = {("published", "1"): 3, ("ok", "1"): 3, ("published", "2"): 3, ("ok", "2"): 3, ("slow", ""): 1}


@pytest.mark.parametrize(("name", "counts"), [("Knee", KNEE), ("Reconnect", RECONNECT), ("Slow", SLOW)])
def test_a_scenario_whose_file_is_renamed_concludes_the_same(name: str, counts: dict[tuple[str, str], int]) -> None:
    kept = concluded(EVERY[name], name, accounts(**{name: counts}))
    assert kept.notes
    assert concluded(EVERY[name], "Renamed", accounts(Renamed=counts)) == kept


def test_a_mix_never_holds_itself_by_whatever_name() -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="expected weights of Chat, "):
        mixed._mix("Mixed=1")
    spec = importlib.util.spec_from_file_location("loadtests.scenarios.all_day", mixed.__file__)
    assert spec is not None
    assert spec.loader is not None
    renamed = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(renamed)
    assert renamed.OWN_NAME == "AllDay"
