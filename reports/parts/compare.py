"""Two runs held against each other: what broke, was mended, is new or went away, and how a load's figures changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from conformance.journal.records import Journal, Timed
from conformance.model.verdict import Outcome, Verdict
from reports.parts import timed
from reports.parts.ending import BROKEN
from reports.parts.interval import Change, change, percentile, rate, share
from reports.parts.places import subject_of

What: TypeAlias = Literal["broke", "new failure", "unseen", "went away", "mended", "new", "changed"]
ORDER: tuple[What, ...] = ("broke", "new failure", "unseen", "went away", "mended", "new", "changed")
"""Of what is told, the worst first."""

MEANING: dict[What, str] = {
    "broke": "held, and is broken now",
    "new failure": "was not judged before, and is broken",
    "unseen": "was judged, and is inconclusive now",
    "went away": "was judged, and is not judged any more",
    "mended": "was broken, and holds",
    "new": "was not judged before, and holds",
    "changed": "another outcome",
}
KNOWN = (*BROKEN, Outcome.PASS, Outcome.WARNING, Outcome.KNOWN)
"""Outcomes that say what there was."""
HELD = (Outcome.PASS, Outcome.WARNING, Outcome.KNOWN)
PERCENTS = (50, 95, 99, 99.9)
METRICS = ("delivery", "first", "spread", "post", "rejoin")
SHARES = ("lost", "late", "duplicate", "reordered", "leaked", "contract_failed")
"""Counts of the ledger that are told as a share of what was owed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """How the outcome of a clause changed; None where it was not judged."""

    what: What
    rule: str
    subject: str
    transport: str
    before: Outcome | None
    after: Outcome | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How a figure of a load changed."""

    name: str
    unit: str
    change: Change
    more_is_worse: bool = True
    comparable: bool = True
    """The two runs were made in the same way: otherwise a change says nothing of the service."""

    @property
    def regressed(self) -> bool:
        """Whether it is worse by more than noise."""
        return self.comparable and self.change.sure and (self.change.difference > 0) == self.more_is_worse

    @property
    def improved(self) -> bool:
        """Whether it is better by more than noise."""
        return self.comparable and self.change.sure and (self.change.difference > 0) != self.more_is_worse


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What came of the comparison."""

    before: Journal
    after: Journal
    turns: tuple[Turn, ...]
    figures: tuple[Figure, ...] = ()
    remarks: tuple[str, ...] = ()
    """Why the two may not be like each other."""
    lost: tuple[str, ...] = ()
    """What was measured before, and not after."""

    @property
    def regressed(self) -> bool:
        """Whether anything is worse; nothing is new where the earlier run did not see what there was."""
        bad = ("broke", "new failure") if _ended(self.before) else ("broke",)
        return any(turn.what in bad for turn in self.turns) or any(figure.regressed for figure in self.figures)

    @property
    def word(self) -> str:
        """What came of it, in a word or two."""
        return "regressed" if self.regressed else "no regression" if self.told else "cannot tell"

    @property
    def told(self) -> bool:
        """Whether the later run came to an end that says anything, is like the earlier, and lost sight of nothing."""
        seen = _ended(self.before) and _ended(self.after) and not self.lost
        alike = all(figure.comparable for figure in self.figures)
        return seen and alike and not any(turn.what in ("unseen", "went away") for turn in self.turns)


def _ended(journal: Journal) -> bool:
    """Whether a run came to an end that says anything."""
    footer = journal.footer
    return footer is not None and footer.exit_code in (0, 1) and any(v.outcome in KNOWN for v in journal.verdicts)


def compare(before: Journal, after: Journal) -> Comparison:
    """Hold a run against an earlier one of the same command."""
    old, new = _worst(before.verdicts), _worst(after.verdicts)
    turns = [turn for key in dict.fromkeys([*old, *new]) if (turn := _turn(old.get(key), new.get(key)))]
    turns.sort(key=lambda turn: (ORDER.index(turn.what), turn.rule, turn.subject))
    figures = tuple(_figures(before, after)) if before.header.command == after.header.command == "load" else ()
    if any(_differences(before, after)) or {one.scenario for one in before.ledgers} != {
        one.scenario for one in after.ledgers
    }:
        figures = tuple(replace(figure, comparable=False) for figure in figures)
    lost = tuple(_lost(before, after))
    remarks = (*_remarks(before, after), *(f"measured before, and not after: {name}" for name in lost))
    return Comparison(before=before, after=after, turns=tuple(turns), figures=figures, remarks=remarks, lost=lost)


def _lost(before: Journal, after: Journal) -> Iterator[str]:
    for metric in METRICS:
        if timed.of(before.timed, metric).count and not timed.of(after.timed, metric).count:
            yield metric
    for name in ("ok", *SHARES[:1]):
        if _count(before, name) and not after.ledgers:
            yield f"the ledger's {name}"
    scenarios = {one.scenario for one in before.ledgers} - {one.scenario for one in after.ledgers}
    yield from sorted(f"the scenario {name}" for name in scenarios)
    if _count(before, "ok") and not _count(after, "ok"):
        yield "deliveries"


def _worst(verdicts: Sequence[Verdict]) -> dict[tuple[str, str, str], Verdict]:
    """The worst verdict of each clause: lines move, and several drifts of a name are one."""
    order = tuple(Outcome)
    found: dict[tuple[str, str, str], Verdict] = {}
    for verdict in verdicts:
        key = (verdict.rule, subject_of(verdict), verdict.transport)
        if key not in found or order.index(verdict.outcome) < order.index(found[key].outcome):
            found[key] = verdict
    return found


def _turn(old: Verdict | None, new: Verdict | None) -> Turn | None:
    what = _what(old.outcome if old else None, new.outcome if new else None)
    told = new or old
    if what is None or told is None:
        return None
    return Turn(
        what=what,
        rule=told.rule,
        subject=subject_of(told),
        transport=told.transport,
        before=old.outcome if old else None,
        after=new.outcome if new else None,
        message=told.message,
    )


def _what(old: Outcome | None, new: Outcome | None) -> What | None:
    if old is new:
        return None
    if new in BROKEN:
        return "new failure" if old is None else "broke" if old not in BROKEN else "changed"
    if new is None:
        return "went away"
    if old is None:
        return "new" if new in HELD else None
    if old in BROKEN and new in HELD:
        return "mended"
    if old in KNOWN and new not in KNOWN:
        return "unseen"
    return "changed" if new in HELD else None


def _remarks(before: Journal, after: Journal) -> Iterator[str]:
    for name, one in (("before", before), ("after", after)):
        if one.footer is None:
            yield f"{name}: the journal is truncated: what the run did not reach is missing"
        elif one.footer.exit_code not in (0, 1):
            yield f"{name}: the run ended with {one.footer.exit_code}: " + "; ".join(
                one.notes or ("it reached no verdict",)
            )
    old, new = before.header, after.header
    if (old.bundle_name, old.bundle_version) != (new.bundle_name, new.bundle_version):
        yield f"contracts: {old.bundle_name} {old.bundle_version} before, {new.bundle_name} {new.bundle_version} after"
    if old.target != new.target and not (old.target_name and old.target_name == new.target_name):
        yield f"the target was {old.target or 'none'}, is {new.target or 'none'}"
    if old.version != new.version:
        yield f"Roomcheck {old.version} before, {new.version} after"
    differences = [f"{name} was {was}, is {now}" for name, was, now in _differences(before, after)]
    if differences:
        yield "the loads differ, so that their figures cannot be compared: " + "; ".join(differences)


def _differences(before: Journal, after: Journal) -> Iterator[tuple[str, str, str]]:
    """(option, what it was, what it is) of two loads."""
    old, new = before.header.load, after.header.load
    for name in sorted({*old, *new}):
        was, now = old.get(name, "not given"), new.get(name, "not given")
        if was != now:
            yield name, was, now


def _figures(before: Journal, after: Journal) -> Iterator[Figure]:
    runs = (before, after)
    took = [one.footer.took_s if one.footer else (one.measured[-1].at_s if one.measured else 0.0) for one in runs]
    causes = [_publications(one.timed) for one in runs]
    ok = [_count(one, "ok") for one in runs]
    owed = [sum(_count(one, name) for name in ("ok", "lost")) for one in runs]
    for metric in METRICS:
        times = [timed.of(one.timed, metric) for one in runs]
        if all(one.count for one in times):
            for percent in PERCENTS:
                old, new = (percentile(one, percent, number) for one, number in zip(times, causes, strict=True))
                yield Figure(name=f"{metric} p{percent:g}", unit="ms", change=change(old, new))
    if all(ok) and all(took):
        old, new = (rate(count, cause, time) for count, cause, time in zip(ok, causes, took, strict=True))
        yield Figure(name="deliveries", unit="/s", change=change(old, new), more_is_worse=False)
    for name in SHARES:
        counts = [_count(one, name) for one in runs]
        if any(counts) and all(owed):
            old, new = (share(count, max(count, whole)) for count, whole in zip(counts, owed, strict=True))
            yield Figure(name=f"{name}, of what was owed", unit="", change=change(old, new))


def _publications(parts: Sequence[Timed]) -> int:
    """How many publications were received by anybody: each of them is one observation."""
    return timed.of(parts, "first").count or timed.of(parts, "delivery").count


def _count(journal: Journal, name: str) -> int:
    return sum(one.counts.get(name, 0) for one in journal.ledgers if not one.step)
