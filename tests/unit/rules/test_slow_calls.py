"""No rule accuses a service by a call of which nothing is known but that its answer did not come in time."""

import re
from collections.abc import Iterator

import pytest

from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.judge.rule import Rule, rules
from conformance.model.transcript import Called
from conformance.model.verdict import Outcome
from contracts.load import load

ANSWER = re.compile(r"(?m)(?<= => )\d{3} .*$")
LATE = 'null "no whole answer within 10 s"'


def one_late(text: str) -> Iterator[str]:
    """A script as often as it has answers of calls, each time with another that did not come in time."""
    for found in ANSWER.finditer(text):
        yield text[: found.start()] + LATE + text[found.end() :]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        pytest.param(rule, late, id=f"{rule.id}-{number}")
        for rule in rules()
        for number, late in enumerate([*one_late(rule.silent), *one_late(rule.speaks)])
    ],
)
def test_a_call_without_an_answer_in_time_accuses_nobody(rule: Rule, text: str) -> None:
    bundle = load(rule.bundle)
    reading = read(bundle, script(bundle, text))
    for found in rule.judge(reading):
        shown = [reading.entries[index] for index in found.evidence if found.outcome is Outcome.FAIL]
        assert not [one for one in shown if isinstance(one, Called) and one.status is None]
