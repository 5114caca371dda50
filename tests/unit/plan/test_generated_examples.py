"""Payloads of acts are valid where the examples are generated, whatever form the echoed fields have."""

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.engine.planning import planned, settings_of
from conformance.judge.rule import rules
from conformance.judge.selection import Selection
from conformance.model.act import Await, Emit, InOrder, Step, Together
from conformance.model.payload import payload_of
from conformance.plan.stimulus import Setting
from contracts.load import HERE, load
from tests.stripping import stripped

SHAPES: dict[str, dict[str, Any]] = {
    "pattern": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{6}$"},
    "uuid": {"type": "string", "format": "uuid"},
    "listed": {"enum": ["left", "right"]},
    "short": {"type": "string", "minLength": 1, "maxLength": 3},
    "whole": {"type": "integer", "minimum": 3, "maximum": 5},
    "text": {"type": "string"},
}


def steps_of(steps: tuple[Step, ...]) -> list[Step]:
    found: list[Step] = []
    for step in steps:
        found += steps_of(step.steps) if isinstance(step, Together | InOrder) else [step]
    return found


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_what_is_echoed_is_valid_and_waited_for_by_its_value(shape: dict[str, Any], tmp_path: Path) -> None:
    folder = stripped(HERE / "example", tmp_path / "bundle")
    for name in ("cursor-move", "cursor-moved"):
        path = folder / "events" / f"{name}.json"
        document = json.loads(path.read_text())
        part = document.get("client_to_server") or document["server_to_client"]
        part["payload"]["properties"]["x"] = shape
        path.write_text(json.dumps(document))
    bundle = load(str(folder))
    request = bundle.request("cursor:move")
    assert request is not None
    acts = planned(
        bundle, rules(), Selection(), settings_of(Setting(bundle=bundle, nonce="0123456789w", run="0123456789"))
    )
    good = [act for act in acts if act.name in ("chorus", "assembly", "leaving", "nodes", "values")]
    steps = [step for act in good for step in steps_of(act.steps)]
    sent = [payload_of(step.args) for step in steps if isinstance(step, Emit) and step.event == "cursor:move"]
    assert len(sent) > 2
    assert [payload for payload in sent if not request.payload.is_valid(payload)] == []
    waited = [step.match for step in steps if isinstance(step, Await) and step.event == "cursor:moved"]
    assert waited
    assert {str(match["x"]) for match in waited} <= {str(payload["x"]) for payload in sent}
