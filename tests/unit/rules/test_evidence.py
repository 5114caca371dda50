"""Findings show the entries that they rest on."""

import json

import pytest

from tests.unit.rules.evidence import FILE, scripts, shown

SHOWN = json.loads(FILE.read_text("utf-8"))


@pytest.mark.parametrize(("name", "rule", "text"), list(scripts()), ids=lambda value: "" if "\n" in value else value)
def test_a_finding_shows_what_it_rests_on(name: str, rule: str, text: str) -> None:
    assert shown(rule, text) == SHOWN[name], "run `python -m tests.unit.rules.evidence` where this is meant"
