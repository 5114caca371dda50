"""What a rule of two versions is, and how the folder of them is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from conformance.diff.model import ORDER, Change
from conformance.diff.pairing import Pair
from conformance.support.discovery import Page, pages


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """One thing that a new version has to leave as it was. Its file holds everything that belongs to it."""

    id: str
    """The file's name with dashes; it never changes its meaning."""
    title: str
    why: str
    clause: str
    keys: tuple[tuple[str, str], ...]
    """The keys of contracts that it compares, each with the part of the language that it belongs to."""
    judge: Callable[[Pair], Iterable[Change]]
    silent: str
    """Edits of the bundle `bundle` of which it finds none that matters."""
    speaks: str
    """Edits of which it finds one that does."""
    bundle: str = "example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A change, and the rule that found it."""

    rule: Rule
    change: Change


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of the folder, by id."""
    return tuple(_rule(page) for page in pages("conformance.diff.rules"))


def _rule(page: Page) -> Rule:
    module = page.module
    keys = tuple((part, key) for part, named in module.KEYS.items() for key in named.split())
    return Rule(**page.rule(), keys=keys, judge=module.judge, bundle=getattr(module, "BUNDLE", "example"))


def judge(pair: Pair, rules: Iterable[Rule]) -> list[Found]:
    """What the rules find, the worst first."""
    found = [Found(rule=rule, change=change) for rule in rules for change in rule.judge(pair)]
    return sorted(found, key=lambda one: (ORDER.index(one.change.severity), one.change.subject, one.rule.id))
