"""What a run is about, for its journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from conformance.judge.known_failures import living
from conformance.model.known_failure import Known
from conformance.target.secrets import Secrets
from conformance.target.target import Target
from contracts.model import Bundle
from loadtests.dialects.dialect import Dialect
from loadtests.workload.scenario import Scenario


def lack_of(scenario: type[Scenario], words: Dialect, options: Mapping[str, Any]) -> str:
    """Why a scenario cannot play a part; empty where it can."""
    if lack := scenario.lacks(words):
        return lack
    is_mix = scenario.shares.__func__ is not Scenario.shares.__func__  # type: ignore[attr-defined]
    return "none of its scenarios can be played" if is_mix and not scenario.shares(words, options) else ""


def today() -> date:
    """The date by which known failures are still known."""
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was loaded, by what."""

    target: Target
    bundle: Bundle
    words: Dialect
    """Of the part that is played, or the first of several."""
    beside: tuple[Dialect, ...] = ()
    """Of the other parts that are played."""
    weights: Mapping[str, int] = field(default_factory=dict)
    """How many users each part gets, in proportion."""
    left: Mapping[str, str] = field(default_factory=dict)
    """Why other parts are not played."""
    known: tuple[Known, ...] = ()
    """What is known to be broken."""
    late_s: float = 0.0
    """How long every delivery may take; 0 where the contract of its event says it."""
    options: Mapping[str, Any]
    names: Sequence[str]
    """The options that are ours, not Locust's."""
    secrets: Secrets

    @property
    def parts(self) -> tuple[Dialect, ...]:
        """Of all parts that are played."""
        return (self.words, *self.beside)

    def parts_of(self, scenario: type[Scenario]) -> list[str]:
        """The names of the parts that a scenario can play; all of them where it can play none, and says so."""
        names = [words.bundle.part for words in self.parts if not lack_of(scenario, words, self.options)]
        return names or [words.bundle.part for words in self.parts]

    def known_counts(self) -> frozenset[tuple[str, str]]:
        """The rules and subjects of what is known to be broken, and not to be looked at again by now."""
        return frozenset((one.rule, one.subject) for one in living(self.known, today()))
