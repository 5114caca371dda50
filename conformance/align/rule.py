"""What a rule of documents and source is, and how the folder of them is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from conformance.align.model import Drift, Evidence
from conformance.model.verdict import Outcome
from conformance.support.discovery import Page, pages


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """One requirement of documents and source. Its file holds everything that belongs to it."""

    id: str
    """The file's name with dashes; it never changes its meaning."""
    title: str
    why: str
    clause: str
    judges: str
    """What a text must claim for it to have anything to say of it: `event`, `direction`, `payload`, `room` ..."""
    judge: Callable[[Evidence], Iterable[Drift]]
    silent: Mapping[str, str]
    """Texts, by file, on which it finds nothing."""
    speaks: Mapping[str, str]
    """Texts on which it does."""
    level: Outcome = Outcome.FAIL
    """What its findings are: failures, or warnings where the contracts do not forbid them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A drift, and the rule that found it."""

    rule: Rule
    drift: Drift

    @property
    def line(self) -> str:
        """As editors read it: `file:line:column: message [rule]`."""
        drift = self.drift
        weight = "warning: " if self.is_warning else ""
        return f"{drift.place}: {weight}expected {drift.expected}, got {drift.got} [{self.rule.id}]"

    @property
    def is_warning(self) -> bool:
        """Whether it is worth knowing, and no drift for certain."""
        return self.rule.level is Outcome.WARNING


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of the folder, by id."""
    return tuple(_rule(page) for page in pages("conformance.align.rules"))


def _rule(page: Page) -> Rule:
    module = page.module
    return Rule(
        **page.rule(),
        judges=module.JUDGES,
        judge=module.judge,
        level=Outcome(getattr(module, "LEVEL", "fail")),
    )


def judge(evidence: Evidence, rules: Iterable[Rule]) -> list[Found]:
    """What the rules find, by place; less what a text asks to ignore."""
    ignored = {text.file: text.ignored for text in evidence.texts}
    found = [Found(rule=rule, drift=drift) for rule in rules for drift in rule.judge(evidence)]
    kept = (one for one in found if not _is_ignored(one, ignored.get(one.drift.place.file, ())))
    return sorted(dict.fromkeys(kept), key=lambda one: (one.drift.place, one.rule.id, one.drift.subject))


def _is_ignored(found: Found, asked: Iterable[tuple[str, int, int]]) -> bool:
    line = found.drift.place.line
    return any(rule in ("*", found.rule.id) and first <= line <= last for rule, first, last in asked)
