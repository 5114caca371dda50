"""The corpus of forms: short documents and sources in which every expected finding is marked where it stands.

A folder of `tests/align/forms` is a form, and each file or folder in it a case. `⟦rule|text⟧` marks a finding: the
marks are taken away before the case is read. A case whose name ends in `.BUNDLE.md` is held against that bundle (of the
project, or of `tests/align/bundles`); one
that begins with `whole` by the rules that speak of all texts together as well, whose findings a comment
`<!-- whole: rule subject -->` names. In the folder of a case, `source/` and `client/` hold source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from conformance.align.gather import of_texts
from conformance.align.model import Evidence
from conformance.align.rule import Found, judge, rules
from contracts.load import load
from contracts.model import Bundle
from tests.running import ROOT

FORMS = ROOT / "tests" / "align" / "forms"
OWN = ROOT / "tests" / "align" / "bundles"
"""Contracts of other services, for forms that those of this project do not show."""
RULES = {
    "ev": "event-is-documented",
    "ret": "retired-event-is-not-used",
    "dir": "direction-is-as-documented",
    "fld": "payload-fields-are-documented",
    "val": "payload-values-are-allowed",
    "room": "room-name-is-documented",
    "call": "call-is-documented",
    "only": "call-is-the-only-way",
    "cnt": "count-is-true",
    "link": "link-leads-somewhere",
    "rcv": "receivers-are-as-documented",
    "self": "document-agrees-with-itself",
    "conn": "connection-is-as-documented",
    "ack": "ack-is-in-its-contract",
}
WHOLE = {"documented-event-is-in-source", "contract-event-is-in-documents", "source-event-is-documented"}
"""Rules that speak of all texts together."""
MARK = re.compile(r"⟦(?P<rule>\w+)\|(?P<text>[^⟧]*)⟧")
ALL = re.compile(r"(?:<!--|#|//) whole: (?P<rule>[\w-]+) (?P<subject>\S+)")
BUNDLES: dict[str, Bundle] = {}
FOUND: dict[tuple[str, bool, tuple[tuple[str, str], ...]], list[Found]] = {}
"""What was found in texts that were read before."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Expected:
    """A finding that a mark asks for."""

    file: str
    line: int
    rule: str
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Texts by file, as they are read, and what is to be found in them."""

    name: str
    bundle: str
    whole: bool
    texts: Mapping[str, str]
    expected: tuple[Expected, ...]

    def evidence(self) -> Evidence:
        """What the case claims."""
        if self.bundle not in BUNDLES:
            BUNDLES[self.bundle] = load(self.bundle)
        return of_texts(BUNDLES[self.bundle], self.texts)

    def found(self) -> list[Found]:
        """What the rules find in it; asked by several tests, and read once."""
        key = (self.bundle, self.whole, tuple(self.texts.items()))
        if key not in FOUND:
            FOUND[key] = judge(self.evidence(), [rule for rule in rules() if self.whole or rule.id not in WHOLE])
        return FOUND[key]


@cache
def cases() -> list[Case]:
    """Every case of every form."""
    return [case(path) for form in sorted(FORMS.iterdir()) for path in sorted(form.iterdir())]


def case(path: Path) -> Case:
    """A file or a folder as a case."""
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    base = path if path.is_dir() else path.parent
    texts, expected = dict[str, str](), list[Expected]()
    for file in files:
        name = file.relative_to(base).as_posix()
        texts[name], marked = unmarked(name, file.read_text(encoding="utf-8"))
        expected += marked
    parts = path.name.split(".")
    bundle = parts[-2] if len(parts) > 2 and parts[-2] in ("sos-built", "example") else "sos"
    if len(parts) > 2 and (OWN / parts[-2]).is_dir():
        bundle = str(OWN / parts[-2])
    return Case(
        name=f"{path.parent.name}/{path.name}", bundle=bundle, whole=path.name.startswith("whole"), texts=texts,
        expected=tuple(sorted(expected)),
    )  # fmt: skip


def unmarked(name: str, text: str) -> tuple[str, list[Expected]]:
    """A text without its marks, and what they ask for."""
    lines, expected = [], []
    for number, line in enumerate(text.split("\n"), 1):
        while (mark := MARK.search(line)) is not None:
            first = mark.start() + 1
            line = line[: mark.start()] + mark["text"] + line[mark.end() :]
            place = {"first": first - 1, "last": first + len(mark["text"])}
            expected.append(Expected(file=name, line=number, rule=RULES[mark["rule"]], **place))
        lines.append(line)
    for found in ALL.finditer(text):
        expected.append(Expected(file=found["subject"], line=0, rule=found["rule"]))
    return "\n".join(lines), expected


def compared(case: Case, found: list[Found]) -> tuple[list[Expected], list[str]]:
    """What was expected and not found, and what was found and not expected."""
    left, surplus = list(case.expected), []
    for one in found:
        matched = next((want for want in left if _is(want, one)), None)
        if matched:
            left.remove(matched)
        else:
            surplus.append(one.line)
    return left, surplus


def _is(want: Expected, one: Found) -> bool:
    if want.rule != one.rule.id:
        return False
    if not want.line:
        return want.file == one.drift.subject
    place = one.drift.place
    return (want.file, want.line) == (place.file, place.line) and want.first <= place.column <= want.last


def figures(some: Iterator[Case] | list[Case]) -> tuple[int, int, int]:
    """(found as expected, found and not expected, expected and not found) over cases."""
    right, wrong, missed = 0, 0, 0
    for one in some:
        found = one.found()
        left, surplus = compared(one, found)
        right, wrong, missed = right + len(found) - len(surplus), wrong + len(surplus), missed + len(left)
    return right, wrong, missed
