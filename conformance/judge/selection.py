"""Which rules and subjects a run is about: `--select` and `--ignore`, by glob."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol, TypeVar

from conformance.judge.rule import Rule, subjects_of
from conformance.model.subject import Subject
from conformance.support.errors import UsageError
from conformance.support.suggest import nearest
from contracts.model import Bundle


class Named(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """By which it is selected."""


R = TypeVar("R", bound=Named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Patterns by what they speak of."""

    rules: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    no_rules: tuple[str, ...] = ()
    no_subjects: tuple[str, ...] = ()

    def rule(self, rule: str) -> bool:
        """Whether a rule is to be judged."""
        return (not self.rules or _any(self.rules, rule)) and not _any(self.no_rules, rule)

    def subject(self, subject: str) -> bool:
        """Whether a verdict on this subject is wanted; `event (reply)` is a matter of its event."""
        names = (subject, Subject.read(subject).name)
        wanted = not self.subjects or any(_any(self.subjects, name) for name in names)
        return wanted and not any(_any(self.no_subjects, name) for name in names)


def _any(patterns: Iterable[str], name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def matching(rules: Sequence[R], select: Sequence[str], ignore: Sequence[str]) -> tuple[R, ...]:
    """The rules that are selected and not ignored, by glob.

    Raises:
        UsageError: a pattern matches none, with the nearest that exists.
    """
    ids = [rule.id for rule in rules]
    for option, patterns in (("--select", select), ("--ignore", ignore)):
        for pattern in patterns:
            if not any(fnmatchcase(name, pattern) for name in ids):
                hint = nearest(pattern, ids, f"there are {', '.join(ids)}")
                raise UsageError(f"{option}: no rule matches {pattern!r}; {hint}")
    return tuple(one for one in rules if (not select or _any(select, one.id)) and not _any(ignore, one.id))


def selection(bundle: Bundle, rules: Sequence[Rule], select: Sequence[str], ignore: Sequence[str]) -> Selection:
    """Sort patterns into those of rules and those of subjects.

    Raises:
        UsageError: a pattern matches neither, with the nearest that exists.
    """
    ids = [rule.id for rule in rules]
    subjects = sorted({*bundle.events, *(subject for rule in rules for subject in subjects_of(rule, bundle))})
    sorted_out: dict[str, list[str]] = {"rules": [], "subjects": [], "no_rules": [], "no_subjects": []}
    for option, patterns, prefix in (("--select", select, ""), ("--ignore", ignore, "no_")):
        for pattern in patterns:
            of_rule = [name for name in ids if fnmatchcase(name, pattern)]
            of_subject = [name for name in subjects if fnmatchcase(name, pattern)]
            if not of_rule and not of_subject:
                hint = nearest(pattern, ids + subjects, "`roomcheck rules list` names the rules")
                raise UsageError(f"{option}: no rule or event matches {pattern!r}; {hint}")
            sorted_out[prefix + ("rules" if of_rule else "subjects")].append(pattern)
    return Selection(**{name: tuple(patterns) for name, patterns in sorted_out.items()})
