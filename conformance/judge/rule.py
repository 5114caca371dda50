"""What a rule is, and how the folder of rules is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from conformance.analysis.reading import Reading
from conformance.analysis.recorded import Doubt
from conformance.model.verdict import Finding, Outcome
from conformance.plan.stimulus import Planner
from conformance.support.discovery import Page, pages
from contracts.model import Bundle
from contracts.parts import parts_of


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
    bundle: str = "example"
    """The bundle of which the scripts are."""
    recorded: Doubt | None = None
    """Why a failure may be none in what was recorded without acts; None where the rule cannot judge such."""
    level: Outcome = Outcome.FAIL
    """`warning` where the contract does not forbid what it finds."""


def subjects_of(rule: Rule, bundle: Bundle) -> list[str]:
    """What a rule is to be judged on in all parts of a bundle, each once."""
    return list(dict.fromkeys(subject for part in parts_of(bundle) for subject in rule.subjects(part)))


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of the folder, by id."""
    return tuple(_rule(page) for page in pages("conformance.rules"))


@cache
def fuzz_rules() -> tuple[Rule, ...]:
    """Every rule that `roomcheck fuzz` has besides those of a check, by id."""
    return tuple(_rule(page) for page in pages("conformance.fuzz_rules"))


@cache
def record_rules() -> tuple[Rule, ...]:
    """Every rule that judges what was recorded: those of a check that need no act, and those of `record` alone."""
    own = (_rule(page) for page in pages("conformance.record_rules"))
    return tuple(rule for rule in (*rules(), *own) if rule.recorded is not None)


def _rule(page: Page) -> Rule:
    module = page.module
    return Rule(
        **page.rule(),
        acts=module.ACTS,
        subjects=module.subjects,
        judge=module.judge,
        bundle=getattr(module, "BUNDLE", "example"),
        recorded=getattr(module, "RECORDED", None),
        level=getattr(module, "LEVEL", Outcome.FAIL),
    )
