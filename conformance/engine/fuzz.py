"""A whole fuzz: batches of values that the contracts forbid, each played and judged as a check of acts about bad input.

What fails is repeated with fewer values until one is left, and that one is made smaller as long as it still fails.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeAlias

import msgspec

from conformance.engine.check import CheckRequest, Course, Result, begin, conclude, observe
from conformance.journal.records import Header, Note, Played, Record
from conformance.judge.judge import WORST_FIRST, judge
from conformance.judge.known_failures import as_known
from conformance.judge.rule import Rule, fuzz_rules, rules
from conformance.judge.selection import Selection
from conformance.judge.sufficiency import ENOUGH_PERCENT
from conformance.model.exit_code import Exit, exit_of
from conformance.model.transcript import UNCONNECTED, AnyEntry, Called, Closed, Missed, Opened, Sent, Transcript
from conformance.model.verdict import NotExercised, Outcome, Verdict, verified_percent
from conformance.plan.fuzzing import Forbidden, batches, reduced, with_invalid
from conformance.plan.invalid import invalid_requests
from conformance.plan.requests import bad_calls, bad_requests, junk
from conformance.support.errors import Unreachable
from conformance.support.interrupt import current

FUZZED = (invalid_requests, bad_requests, bad_calls, junk)
"""The acts that send what contracts forbid."""

STAYS_UP = "service-stays-up"

MOST_SHRUNK = 5
"""Failures that are made smaller; the others are told as they were seen."""

MOST_TRIES = 16
"""Repetitions for one failure. Most take a second or less; one that waits for what never comes takes its deadline."""

Verdicts: TypeAlias = dict[tuple[str, str, str], Verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzRequest:
    """What is to be fuzzed, and how."""

    check: CheckRequest
    """Its contracts, target, rate and time."""
    values: tuple[Forbidden, ...]
    again: Callable[[Sequence[Forbidden]], str]
    """The command that sends these values alone."""


@dataclass(slots=True, kw_only=True)
class Fuzz:
    """What a fuzz has come to so far."""

    order: FuzzRequest
    write: Callable[[Record], None]
    began_s: float
    verdicts: Verdicts = field(default_factory=dict)
    missing: dict[tuple[str, str, str], NotExercised] = field(default_factory=dict)
    causes: dict[tuple[str, str, str], list[Forbidden]] = field(default_factory=dict)
    """The batch in which each failure was first seen."""
    sent_count: int = 0
    lost: str = ""
    """Why the service counts as gone; empty while it is there."""
    expired: bool = False
    """Whether its time was up before everything was sent."""
    headed: bool = False

    def left_s(self) -> float:
        """The seconds that are left of its time."""
        return self.order.check.max_s - (time.monotonic() - self.began_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """What came of one batch."""

    result: Result
    course: Course


def fuzzing_rules() -> list[Rule]:
    """The rules of a check about bad input, with those of their acts alone that send it; and the rules of fuzz."""
    own = [(rule, tuple(act for act in rule.acts if act in FUZZED)) for rule in (*rules(), *fuzz_rules())]
    return [replace(rule, acts=acts) for rule, acts in own if acts]


def begun(order: FuzzRequest, write: Callable[[Record], None]) -> Fuzz:
    """A fuzz that has sent nothing yet."""
    return Fuzz(order=order, write=write, began_s=time.monotonic())


async def play(run: Fuzz, progress: Callable[[int, int], None] = lambda *_: None) -> None:
    """Send everything, judge it, and make what failed smaller.

    Raises:
        Unreachable: the target does not answer as a Socket.IO service to begin with.
    """
    values = run.order.values
    for number, some in enumerate(batches(values)):
        if run.left_s() <= 0:
            run.expired = True
        if run.lost or run.expired:
            break
        batch = await _played(run, some, with_junk=number == 0)
        _take(run, some, batch)
        run.sent_count += len(some)
        progress(run.sent_count, len(values))
    if not run.lost:
        await _shrunk(run)


async def _played(
    run: Fuzz, values: Sequence[Forbidden], *, with_junk: bool = False, only: Selection | None = None
) -> _Batch:
    """Play one batch, with a journal of its own inside that of the run."""
    check = run.order.check
    bundle = with_invalid(check.bundle, values)
    own = [
        rule if with_junk else replace(rule, acts=tuple(act for act in rule.acts if act is not junk))
        for rule in check.rules
    ]
    one = replace(
        check,
        bundle=bundle,
        rules=[rule for rule in own if rule.acts],
        selection=only or check.selection,
        max_s=max(1.0, run.left_s()),
        known=(),
    )

    def write(record: Record) -> None:
        match record:
            case Header():
                if not run.headed:
                    run.headed = True
                    run.write(msgspec.structs.replace(record, rules=tuple(rule.id for rule in check.rules)))
            case Played() | Note():
                run.write(record)
            case _:
                pass

    course = begin(one, write)
    await observe(course, write)
    return _Batch(result=conclude(course, write), course=course)


def _take(run: Fuzz, values: list[Forbidden], batch: _Batch) -> None:
    """Add what came of a batch."""
    result = batch.result
    run.expired = run.expired or batch.course.end.expired
    found = list(result.verdicts)
    if result.lost is not None:
        run.lost = result.lost
        found += _of_lost(run, batch)
    for verdict in found:
        key = verdict.rule, verdict.subject, verdict.transport
        if verdict.outcome is Outcome.FAIL and key not in run.causes:
            run.causes[key] = values
        run.verdicts[key] = _worse(run.verdicts.get(key), verdict)
    for one in result.not_exercised:
        run.missing.setdefault((one.rule, one.subject, one.transport), one)


def _worse(one: Verdict | None, other: Verdict) -> Verdict:
    if one is None:
        return other
    first, second = (one, other) if WORST_FIRST.index(one.outcome) <= WORST_FIRST.index(other.outcome) else (other, one)
    seen = first.seen + (second.seen if first.outcome is second.outcome else 0)
    return msgspec.structs.replace(first, seen=seen)


# --- a service that is gone ----------------------------------------------------------------------------------------


def _of_lost(run: Fuzz, batch: _Batch) -> list[Verdict]:
    """What the end of the service is told as: by what was sent last before its connections ended."""
    own = [rule for rule in run.order.check.rules if rule.id == STAYS_UP]
    made = afterwards(batch.course.transcripts, str(batch.result.lost))
    verdicts, _ = judge(batch.course.order.bundle, made, own, batch.course.equipped)
    return verdicts


def afterwards(transcripts: Iterable[Transcript], why: str) -> list[Transcript]:
    """One act for each transport of all that was sent, and that the service cannot be reached any more."""
    found: dict[str, list[Transcript]] = {}
    for transcript in transcripts:
        found.setdefault(f"{transcript.transport} {transcript.part}", []).append(transcript)
    return [_afterwards(group, why) for group in found.values()]


def _afterwards(group: Sequence[Transcript], why: str) -> Transcript:
    entries: list[AnyEntry] = []
    for transcript in group:
        for entry in transcript.entries:
            if isinstance(entry, Sent | Called | Closed | Opened):
                entries.append(msgspec.structs.replace(entry, actor=f"{transcript.act}/{entry.actor}"))
    entries.sort(key=lambda entry: entry.at_s)
    ended_s = max(transcript.ended_s for transcript in group)
    entries.append(Missed(at_s=ended_s, actor="stage", what=f"{UNCONNECTED}{why}"))
    first = group[0]
    return msgspec.structs.replace(
        first,
        act="fuzz-afterwards",
        rooms=tuple(dict.fromkeys(room for one in group for room in one.rooms)),
        entries=tuple(entries),
        began_s=min(one.began_s for one in group),
        ended_s=ended_s,
        stalls=tuple(sorted({stall for one in group for stall in one.stalls})),
        broke=None,
    )


# --- smaller -------------------------------------------------------------------------------------------------------


async def _shrunk(run: Fuzz) -> None:
    """Make each failure smaller, as far as there is time, and say how it is repeated."""
    failed = [key for key, verdict in run.verdicts.items() if verdict.outcome is Outcome.FAIL]
    for key in failed[:MOST_SHRUNK]:
        verdict = run.verdicts[key]
        bundle = run.order.check.bundle
        own = [one for one in run.causes[key] if verdict.subject in (one.name, _title(run, one))]
        tries = _Tries(run=run, verdict=verdict)
        try:
            least = await smallest(own or run.causes[key], tries.fails, partial(reduced, bundle))
        except Unreachable:
            run.lost = "the service stopped answering while a failure was repeated"
            least = None
        if least is not None and tries.last is not None:
            hint = f"repeat it: {run.order.again(least)}"
            run.verdicts[key] = msgspec.structs.replace(tries.last, seen=verdict.seen, hint=hint)
        elif verdict.rule == STAYS_UP:
            message = f"{verdict.message}; it did not happen again when the same was sent once more"
            run.verdicts[key] = msgspec.structs.replace(
                verdict, outcome=Outcome.INCONCLUSIVE, message=message, expected="", got=""
            )
        else:
            hint = f"it did not happen again when it was sent alone; send the batch: {run.order.again(run.causes[key])}"
            run.verdicts[key] = msgspec.structs.replace(verdict, hint=hint)
        if run.lost or current().at_s is not None:
            break


def _title(run: Fuzz, value: Forbidden) -> str:
    return run.order.check.bundle.calls[value.name].title if value.is_call else value.name


@dataclass(slots=True, kw_only=True)
class _Tries:
    """Repetitions of one failure."""

    run: Fuzz
    verdict: Verdict
    last: Verdict | None = None
    """The failure as it was seen last."""
    count: int = 0

    async def fails(self, values: Sequence[Forbidden]) -> bool | None:
        """Whether the failure is seen again with these values alone; None where it is not tried any more."""
        if self.count >= MOST_TRIES or self.run.left_s() <= 0 or current().at_s is not None:
            return None
        self.count += 1
        chosen = Selection(rules=(self.verdict.rule,))
        batch = await _played(self.run, values, only=chosen)
        found = list(batch.result.verdicts)
        if batch.result.lost is not None:
            self.run.lost = batch.result.lost
            found += _of_lost(self.run, batch)
        own = self.verdict
        same = [
            one for one in found if (one.rule, one.subject, one.transport) == (own.rule, own.subject, own.transport)
        ]
        failed = next((one for one in same if one.outcome is Outcome.FAIL), None)
        self.last = failed or self.last
        return failed is not None


async def smallest(
    values: list[Forbidden],
    fails: Callable[[Sequence[Forbidden]], Awaitable[bool | None]],
    reductions: Callable[[Forbidden], Iterable[Forbidden]],
) -> list[Forbidden] | None:
    """The fewest and smallest values with which something fails that failed with all; None where it fails no more.

    Args:
        fails: whether it does with these values; None where no more may be tried.
        reductions: values that are smaller than one, the smallest first.
    """
    if not await fails(values):
        return None
    while len(values) > 1:
        half = len(values) // 2
        for part in (values[:half], values[half:]):
            if await fails(part):
                values = part
                break
        else:
            return values
    going = True
    while going:
        going = False
        for other in reductions(values[0]):
            failed = await fails([other])
            if failed is None:
                return values
            if failed:
                values, going = [other], True
                break
    return values


# --- the end -------------------------------------------------------------------------------------------------------


def concluded(run: Fuzz) -> tuple[Result, Exit]:
    """Write down the verdicts on all batches that came to their end."""
    check, was_interrupted = run.order.check, current().at_s is not None
    for key, verdict in run.verdicts.items():
        if verdict.outcome is Outcome.FAIL and not verdict.hint and key in run.causes:
            own = [one for one in run.causes[key] if verdict.subject in (one.name, _title(run, one))]
            hint = f"repeat it: {run.order.again(own or run.causes[key])}"
            run.verdicts[key] = msgspec.structs.replace(verdict, hint=hint)
    missing = [one for key, one in run.missing.items() if key not in run.verdicts]
    verdicts = as_known(check.known, list(run.verdicts.values()), datetime.now(UTC).date())
    result = Result(
        verdicts=verdicts,
        not_exercised=missing,
        lost=run.lost or None,
        interrupted=was_interrupted,
        took_s=time.monotonic() - run.began_s,
    )
    least = ENOUGH_PERCENT if check.min_verified is None else check.min_verified
    percent = verified_percent(verdicts, missing)
    if not any(verdict.outcome in (Outcome.PASS, Outcome.FAIL) for verdict in verdicts):
        result.doubt = "nothing was verified"
    elif percent < least:
        result.doubt = f"{percent:.0f} % of what was to be judged was verified, under the {least:g} % that it takes"
    failed_up = any(one.rule == STAYS_UP and one.outcome is Outcome.FAIL for one in verdicts)
    code = exit_of(verdicts, doubt=result.doubt, lost=bool(run.lost) and not failed_up)
    records: list[Record] = [*verdicts, *missing]
    for record in records:
        run.write(record)
    whole = "the time of the run was up" if run.expired else f"{len(run.order.values)} values were to be sent"
    run.write(Note(text=f"{run.sent_count} values that the contracts forbid were sent; {whole}", remark=True))
    return result, Exit.INTERRUPTED if was_interrupted else code
