"""Contracts without examples are checked like those with: the same is decided but for what only an example says."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from conformance.engine.check import CheckRequest, check
from conformance.engine.planning import planned, settings_of
from conformance.engine.selftest import KEY as REFERENCE_KEY
from conformance.judge.rule import rules, subjects_of
from conformance.judge.selection import Selection
from conformance.model.act import Emit, InOrder, Request, Step, Together
from conformance.model.verdict import Outcome
from conformance.plan.stimulus import Setting
from conformance.reference.host import embedded
from conformance.target.resolve import of_embedded
from conformance.target.target import Auth, target
from contracts.load import HERE, load
from contracts.model import Bundle
from tests.cases.checking import accused, checked
from tests.peers.whiteboard import whiteboard
from tests.running import KEY, ROOT
from tests.stripping import stripped

SERVICES = sorted(path.parent for path in (ROOT / "tests" / "services").glob("*/expected.json"))
BUNDLES = [HERE / "example", HERE / "sos", *(folder / "contracts" for folder in SERVICES)]

ONLY_BY_EXAMPLE = {"bad-calls-are-refused", "bad-request-gets-an-error", "connection-survives-a-bad-request"}
"""Rules about the answer to a bad request, which these bundles document of single examples alone."""


def acts_of(bundle: Bundle) -> dict[str, list[str]]:
    """The names of the events and calls that each planned act has."""
    setting = Setting(bundle=bundle, nonce="0123456789abcdw", run="0123456789abcd")
    acts = planned(bundle, rules(), Selection(), settings_of(setting))
    return {f"{act.part} {act.name}": sorted(set(names(act.steps))) for act in acts}


def names(steps: tuple[Step, ...]) -> list[str]:
    found: list[str] = []
    for step in steps:
        match step:
            case Emit():
                found.append(step.event)
            case Request():
                found.append(step.call)
            case Together() | InOrder():
                found += names(step.steps)
    return found


@pytest.mark.parametrize(
    "folder", BUNDLES, ids=lambda folder: folder.name if folder.parent == HERE else folder.parent.name
)
def test_the_same_acts_are_planned_with_the_same_events(folder: Path, tmp_path: Path) -> None:
    written = acts_of(load(str(folder)))
    generated = acts_of(load(str(stripped(folder, tmp_path / "bundle"))))
    assert len(written) > 3
    documented = {act for act in written if act.split()[-1] in ("bad-requests", "bad-calls")}
    assert {act: written[act] for act in written if act not in documented} == {
        act: generated[act] for act in generated if act not in documented
    }


async def decided(bundle: Bundle, url: str) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """What a check of an honest whiteboard decides, and what it does not exercise. It accuses nobody."""
    aim = replace(target(url), auth=Auth(key=KEY))
    result = await check(CheckRequest(bundle=bundle, target=aim, rules=rules()), lambda record: None)
    bad = (Outcome.FAIL, Outcome.WARNING, Outcome.ERROR)
    assert [one for one in result.verdicts if one.outcome in bad] == []
    passed = {(one.rule, one.subject) for one in result.verdicts if one.outcome is Outcome.PASS}
    return passed, {(one.rule, one.subject) for one in result.not_exercised if not one.left_out}


def test_everything_is_decided_of_an_honest_service(tmp_path: Path) -> None:
    bundle = load(str(stripped(HERE / "example", tmp_path / "bundle")))

    async def whole() -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
        async with whiteboard(KEY) as url:
            return await decided(bundle, url)

    passed, missing = asyncio.run(whole())
    assert missing == set()
    own = {(rule.id, subject) for rule in rules() for subject in subjects_of(rule, bundle)}
    assert {rule for rule, _ in own - passed} <= {"room-is-named-as-documented"}, own - passed
    assert not ONLY_BY_EXAMPLE & {rule for rule, _ in passed}


@pytest.mark.long
def test_the_same_is_decided_of_an_honest_service(tmp_path: Path) -> None:
    folder = stripped(HERE / "example", tmp_path / "bundle")

    async def both() -> list[set[tuple[str, str]]]:
        async with whiteboard(KEY) as url:
            return [(await decided(bundle, url))[0] for bundle in (load("example"), load(str(folder)))]

    written, generated = asyncio.run(both())
    assert generated - written == set()
    assert {rule for rule, _ in written - generated} == ONLY_BY_EXAMPLE


@pytest.mark.long
def test_the_reference_service_holds_without_examples(tmp_path: Path) -> None:
    async def whole() -> set[tuple[str, str]]:
        async with embedded(key=REFERENCE_KEY) as urls:
            bundle = load(str(stripped(HERE / "sos", tmp_path / "bundle")))
            order = CheckRequest(bundle=bundle, target=of_embedded(urls[0], REFERENCE_KEY), rules=rules())
            result = await check(order, lambda record: None)
            assert [one for one in result.verdicts if one.outcome is Outcome.FAIL] == []
            return {(one.rule, one.subject) for one in result.verdicts if one.outcome is Outcome.PASS}

    assert len(asyncio.run(whole())) > 180


@pytest.mark.long
@pytest.mark.parametrize("folder", SERVICES, ids=lambda folder: folder.name)
def test_services_hold_without_examples(folder: Path, tmp_path: Path) -> None:
    contracts = stripped(folder / "contracts", tmp_path / "bundle")
    code, report = checked(folder, "", tmp_path / "report.json", contracts=contracts)
    assert accused(report) == []
    assert code == 0, report["why"]
