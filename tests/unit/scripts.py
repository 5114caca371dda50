"""Scripts as readings, and what a rule finds in them."""

import dataclasses
from typing import Any

import msgspec

from conformance.analysis.expected import Expected
from conformance.analysis.reading import Reading, read
from conformance.analysis.script import script
from conformance.judge.rule import Rule, rules
from conformance.model.transcript import Transcript
from conformance.model.verdict import Finding, Outcome
from contracts.load import load
from contracts.model import Bundle

EXAMPLE = load("example")
RULES: dict[str, Rule] = {rule.id: rule for rule in rules()}

PAIR = """
ann opened a1 user=ua token=own
bob opened b1 user=ub token=own
ann in r1
bob in r1
"""
"""Two members of one room."""


def transcript_of(text: str, bundle: Bundle = EXAMPLE, **changed: Any) -> Transcript:
    """A script as a transcript; `changed` are fields that a script cannot express, such as `stalls`."""
    return msgspec.structs.replace(script(bundle, text), **changed)


def reading_of(text: str, bundle: Bundle = EXAMPLE, **changed: Any) -> Reading:
    """A script as a reading."""
    return read(bundle, transcript_of(text, bundle, **changed))


def findings(rule: str, text: str, bundle: Bundle = EXAMPLE, **changed: Any) -> list[Finding]:
    """What a rule finds in a script; each finding is whole, and shows entries of the script."""
    reading = reading_of(text, bundle, **changed)
    found = list(RULES[rule].judge(reading))
    for finding in found:
        assert msgspec.convert(msgspec.structs.asdict(finding), Finding) == finding
        assert finding.message
        assert all(0 <= index < len(reading.entries) for index in finding.evidence)
        assert bool(finding.expected and finding.got and finding.evidence) == (finding.outcome is Outcome.FAIL)
    return found


def outcomes(rule: str, text: str, bundle: Bundle = EXAMPLE, **changed: Any) -> list[str]:
    """The outcomes of what a rule finds, in its order."""
    return [finding.outcome.value for finding in findings(rule, text, bundle, **changed)]


def messages(rule: str, text: str, bundle: Bundle = EXAMPLE, **changed: Any) -> list[str]:
    """The messages of what a rule finds, in its order."""
    return [finding.message for finding in findings(rule, text, bundle, **changed)]


def cause(reading: Reading, at_s: float) -> Expected:
    """The cause that was given at a time."""
    return next(one for one in reading.provocations if one.at_s == at_s)


def heard_s(reading: Reading, at_s: float, actor: str) -> list[float]:
    """When an actor received the broadcast of the cause that was given at a time."""
    return [reading.entries[index].at_s for index in reading.delivered(cause(reading, at_s), actor)]


def without_requests(*events: str) -> Bundle:
    """The example contract without some of its requests."""
    left = {name: event for name, event in EXAMPLE.events.items() if name not in events}
    return dataclasses.replace(EXAMPLE, events=left)
