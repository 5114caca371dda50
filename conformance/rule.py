"""What a rule is, and how the folder of rules is found."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from conformance.model import Finding, Outcome
from conformance.plan.cue import Planner
from conformance.reading import Reading
from contracts.model import Bundle

FOLDER = Path(__file__).parent / "rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One requirement. Its file holds everything that belongs to it."""

    id: str
    """The file's name with dashes; it never changes its meaning."""
    title: str
    """The requirement in the affirmative: the first line of the file."""
    why: str
    """The rest of the file's docstring."""
    clause: str
    """The sentence of the contract that it checks."""
    acts: tuple[Planner, ...]
    subjects: Callable[[Bundle], Iterable[str]]
    """What it is to be judged on; a subject that no act exercised is listed as not exercised."""
    judge: Callable[[Reading], Iterable[Finding]]
    silent: str
    """A script on which it finds nothing wrong."""
    speaks: str
    """A script on which it does."""
    level: Outcome = Outcome.FAIL
    """`warning` where the contract does not forbid what it finds."""


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of the folder, by id."""
    names = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
    return tuple(_rule(name) for name in names)


def _rule(name: str) -> Rule:
    module: Any = importlib.import_module(f"conformance.rules.{name}")
    title, _, why = (module.__doc__ or "").strip().partition("\n")
    return Rule(
        id=name.replace("_", "-"),
        title=title,
        why=why.strip(),
        clause=module.CLAUSE,
        acts=module.ACTS,
        subjects=module.subjects,
        judge=module.judge,
        silent=module.SILENT,
        speaks=module.SPEAKS,
        level=getattr(module, "LEVEL", Outcome.FAIL),
    )
