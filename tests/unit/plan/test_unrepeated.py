"""Free texts of generated payloads: none is sent twice, and none is taken for what sets a payload apart."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conformance.engine.planning import ready
from conformance.model.act import Act, Emit, Enter, InOrder, Step, Together
from conformance.plan.delivery import chorus
from conformance.plan.edges import edges
from conformance.plan.invalid import invalid_requests
from conformance.plan.naming import naming
from conformance.plan.stimulus import Setting
from conformance.plan.unrepeated import restored
from contracts.load import load
from contracts.model import Bundle
from tests.running import ROOT

PARLOUR = ROOT / "tests/cases/parlour_turns/contracts"
SAY = "parlour:say"


@pytest.fixture(scope="module")
def parlour() -> Bundle:
    return load(str(PARLOUR))


def flat(steps: tuple[Step, ...]) -> list[Step]:
    return [one for step in steps for one in (flat(step.steps) if isinstance(step, Together | InOrder) else [step])]


def payloads(setting: Setting, act: Act | None, event: str = SAY) -> list[Any]:
    assert act is not None
    (played,) = ready(setting, act)
    steps = [*flat(played.steps), *flat(played.fences)]
    return [step.args[0] for step in steps if isinstance(step, Emit) and step.event == event]


def test_no_generated_text_is_sent_twice_in_a_run_or_in_another(parlour: Bundle) -> None:
    settings = [Setting(bundle=parlour, nonce=nonce, run=nonce) for nonce in ("n", "m")]
    made = [one for setting in settings for plan in (chorus, edges) for one in payloads(setting, plan(setting))]
    keys = [one["key"] for one in made]
    assert len(keys) > 8
    assert len(set(keys)) == len(keys)
    assert all(parlour.events[SAY].request.payload.is_valid(one) for one in made)  # type: ignore[union-attr]


def test_bad_requests_stay_what_they_are(parlour: Bundle) -> None:
    setting = Setting(bundle=parlour, nonce="n", run="n")
    request = parlour.request(SAY)
    assert request is not None
    act = invalid_requests(setting)
    assert act is not None
    before = [step.args[0] for step in flat(act.steps) if isinstance(step, Emit) and step.event == SAY]
    bad = [number for number, one in enumerate(before) if not request.payload.is_valid(one)]
    after = payloads(setting, act)
    assert bad
    assert all(after[number] == before[number] for number in bad)


@pytest.mark.parametrize(
    ("shape", "kept"),
    [
        ({"type": "string"}, False),
        ({"type": "string", "format": "uuid"}, False),
        ({"type": "string", "format": "date-time"}, True),
        ({"type": "string", "maxLength": 8}, True),
        ({"enum": ["a", "b"], "type": "string"}, True),
        ({"type": "string", "pattern": "^[a-f]{4}$"}, True),
    ],
)
def test_what_is_no_free_text_stays(tmp_path: Path, shape: dict[str, Any], kept: bool) -> None:
    folder = Path(shutil.copytree(PARLOUR, tmp_path / "copy"))
    path = folder / "events/parlour-say.json"
    document = json.loads(path.read_text())
    document["client_to_server"]["args"][2] = {"title": "key", **shape}
    path.write_text(json.dumps(document))
    bundle = load(str(folder))
    setting = Setting(bundle=bundle, nonce="n", run="n")
    keys = [one["key"] for one in payloads(setting, chorus(setting))]
    request = bundle.request(SAY)
    assert request is not None
    assert (set(keys) == {request.examples.valid[0]["key"]}) is kept
    assert all(restored(bundle, request, {"key": key})["key"] == request.examples.valid[0]["key"] for key in keys)


def test_written_examples_are_sent_as_they_are(parlour: Bundle) -> None:
    event = parlour.events[SAY]
    assert event.request is not None
    written = replace(event.request, examples=replace(event.request.examples, made=False))
    bundle = replace(parlour, events={**parlour.events, SAY: replace(event, request=written)})
    setting = Setting(bundle=bundle, nonce="n", run="n")
    assert {one["key"] for one in payloads(setting, chorus(setting))} == {written.examples.valid[0]["key"]}


def test_what_may_name_somebody_is_asked_with_the_ids_of_another_member(parlour: Bundle) -> None:
    setting = Setting(bundle=parlour, nonce="n", run="n")
    act = naming(setting)
    assert act is not None
    asked = [s.args[0]["guest"] for s in flat(act.steps) if isinstance(s, Emit) and s.event == "parlour:hush"]
    assert [type(one).__name__ for one in asked[:3]] == ["str", "SocketOf", "UserOf"]
    entered = [step.actor for step in flat(act.steps) if isinstance(step, Enter)]
    assert [actor[:3] for actor in entered] == ["own"] * len(act.rooms) + ["mem"] * len(act.rooms)
