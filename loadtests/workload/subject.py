"""What a run is about, for its journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from conformance.judge.known_failures import living
from conformance.model.known_failure import Known
from conformance.target.secrets import Secrets
from conformance.target.target import Target
from contracts.model import Bundle
from loadtests.dialects.dialect import Dialect


def today() -> date:
    """The date by which known failures are still known."""
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was loaded, by what."""

    target: Target
    bundle: Bundle
    words: Dialect
    known: tuple[Known, ...] = ()
    """What is known to be broken."""
    late_s: float = 0.0
    """How long every delivery may take; 0 where the contract of its event says it."""
    options: Mapping[str, Any]
    names: Sequence[str]
    """The options that are ours, not Locust's."""
    secrets: Secrets

    def known_counts(self) -> frozenset[tuple[str, str]]:
        """The rules and subjects of what is known to be broken, and not to be looked at again by now."""
        return frozenset((one.rule, one.subject) for one in living(self.known, today()))
