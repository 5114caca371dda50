"""A whole fuzz: batches of values that the contracts forbid, each played and judged as a check of acts about bad input.

What fails is repeated with fewer values until one is left, and that one is made smaller as long as it still fails.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeAlias

import msgspec

from conformance.analysis.bad_input import forbidden_entries
from conformance.analysis.reading import read
from conformance.engine.check import CheckRequest, Course, Result, begin, conclude, observe
from conformance.engine.gone import sent_value, together
from conformance.engine.smallest import smallest
from conformance.engine.sounded import Sounded
from conformance.engine.unanswering import Unanswering
from conformance.journal.records import Header, Note, Played, Record
from conformance.judge.judge import WORST_FIRST, judge
from conformance.judge.known_failures import as_known
from conformance.judge.rule import Rule, fuzz_rules, rules
from conformance.judge.selection import Selection
from conformance.judge.sufficiency import ENOUGH_PERCENT
from conformance.model.exit_code import Exit, exit_of
from conformance.model.subject import Subject
from conformance.model.transcript import Transcript
from conformance.model.verdict import NotExercised, Outcome, Verdict, verified_percent
from conformance.plan.fuzzing import Forbidden, batches, reduced, with_invalid
from conformance.plan.invalid import invalid_requests
from conformance.plan.oddities import oddities, unplayed
from conformance.plan.requests import bad_calls, bad_requests, junk
from conformance.support.errors import Unreachable
from conformance.support.interrupt import current
from contracts.model import Bundle
from contracts.parts import part_of

FUZZED = (invalid_requests, bad_requests, bad_calls, junk, oddities, unplayed)
"""The acts that send what contracts forbid."""

ACTS = frozenset(planner.__name__.replace("_", "-") for planner in FUZZED)
"""Their names."""

ONCE = (junk, oddities)
"""Those that have no values of batches: they are a batch of their own."""

STAYS_UP = "service-stays-up"

MOST_SHRUNK = 5
"""Failures that are made smaller; the others are told as they were seen."""

MOST_TOLD = 4
"""Values that a command which repeats a failure may have: more are found again by the seed."""

MOST_TRIES = 12
"""Repetitions for one failure. Most take a second or less; one that waits for what never comes takes its deadline."""

SHRINKING_S = 20.0
"""How long one failure is repeated at most: a smaller value is a help, and no reason to wait long for a report."""

MOST_UNCLEAR = 3
"""How often a repetition is played that comes to no conclusion."""

ALL_SHRINKING_S = 60.0
"""How long all are."""

Verdicts: TypeAlias = dict[tuple[str, str, str], Verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class FuzzRequest:
    """What is to be fuzzed, and how."""

    check: CheckRequest
    """Its contracts, target, rate and time."""
    values: tuple[Forbidden, ...]
    again: Callable[[Sequence[Forbidden]], str]
    """The command that sends these values alone."""
    is_written: bool = False
    """Whether somebody has written the values: nothing else is sent then."""


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
    played_count: int = 0
    """Values whose batch came to its end."""
    sent_count: int = 0
    """Events and calls that were sent with something that the contracts forbid: most values are sent more than once."""
    lost: str = ""
    """Why the service counts as gone; empty while it is there."""
    expired: bool = False
    """Whether its time was up before everything was sent."""
    unanswering: Unanswering = field(default_factory=Unanswering)
    sounded: Sounded = field(default_factory=Sounded)
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
    # What has no values comes first and alone: what ends the service then is known to be among it.
    without: list[list[Forbidden]] = [] if run.order.is_written else [[]]
    before: tuple[list[Forbidden], _Batch] | None = None
    left = [*without, *batches(values)]
    while left:
        if run.left_s() <= 0:
            run.expired = True
        if run.lost or run.expired or run.unanswering.why:
            break
        some, *left = run.unanswering.together(left)
        batch_s = time.monotonic()
        try:
            batch = await _played(run, some)
        except Unreachable as error:
            if before is None:
                raise
            # The batch before has ended the service, so late that nothing of that batch showed it.
            sent, last = before
            _take(run, sent, replace(last, result=replace(last.result, lost=str(error))))
            break
        before = some, batch
        _take(run, some, batch)
        run.unanswering.take(batch.course, _found(run, batch), time.monotonic() - batch_s)
        run.played_count += len(some)
        progress(run.played_count, len(values))
    if not run.lost and not run.unanswering.why:
        await _shrunk(run)
    for key, verdict in run.verdicts.items():
        if verdict.outcome is Outcome.FAIL and not verdict.hint:
            run.verdicts[key] = msgspec.structs.replace(verdict, hint=_repeated(run, key))


async def _played(run: Fuzz, values: Sequence[Forbidden], only: Selection | None = None) -> _Batch:
    """Play one batch, with a journal of its own inside that of the run."""
    check = run.order.check
    bundle = with_invalid(check.bundle, values)
    own = [
        replace(rule, acts=tuple(act for act in rule.acts if (act in ONCE) is not bool(values))) for rule in check.rules
    ]
    one = replace(
        check,
        bundle=bundle,
        target=run.unanswering.target(check.target),
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
            case Played(transcript=transcript):
                run.sent_count += _forbidden_count(bundle, transcript)
                run.write(record)
            case Note():
                run.write(record)
            case _:
                pass

    course = begin(one, write)
    course.silence, course.sounded = run.unanswering.silence(), run.sounded
    await observe(course, write)
    run.sounded.judge(course.transcripts, course.silence)
    return _Batch(result=conclude(course, write), course=course)


def _take(run: Fuzz, values: list[Forbidden], batch: _Batch) -> None:
    """Add what came of a batch."""
    result = batch.result
    run.expired = run.expired or batch.course.end.expired
    run.lost = result.lost or run.lost
    for verdict in _found(run, batch):
        key = verdict.rule, verdict.subject, verdict.transport
        if verdict.outcome is Outcome.FAIL and key not in run.causes:
            run.causes[key] = values
        run.verdicts[key] = _worse(run.verdicts.get(key), verdict)
    whole = {rule.id for rule in rules() if set(rule.acts) <= set(FUZZED)} | {rule.id for rule in fuzz_rules()}
    # What the other acts of a rule exercise is a matter of a check.
    for one in (one for one in result.not_exercised if one.rule in whole and one.rule != STAYS_UP):
        run.missing.setdefault((one.rule, one.subject, one.transport), one)


def _worse(one: Verdict | None, other: Verdict) -> Verdict:
    if one is None:
        return other
    first, second = (one, other) if WORST_FIRST.index(one.outcome) <= WORST_FIRST.index(other.outcome) else (other, one)
    seen = first.seen + (second.seen if first.outcome is second.outcome else 0)
    return msgspec.structs.replace(first, seen=seen)


def _found(run: Fuzz, batch: _Batch) -> list[Verdict]:
    """The verdicts on a batch. Whether the service stays up is judged on all its acts together."""
    order = batch.course.order
    own = [rule for rule in order.rules if rule.id == STAYS_UP and order.selection.rule(rule.id)]
    made, bundle = together(batch.course.transcripts, batch.result.lost), order.bundle
    verdicts, _ = judge(bundle, made, own, batch.course.equipped)
    for transcript in made:
        reading = read(part_of(bundle, transcript.part), transcript)
        for finding in (one for rule in own for one in rule.judge(reading) if one.outcome is Outcome.FAIL):
            sent = [sent_value(bundle, reading.entries[index]) for index in finding.evidence]
            values = list({str(one): one for one in sent if one is not None}.values())
            if values:
                run.causes.setdefault((STAYS_UP, finding.subject, transcript.transport), values)
    # What the acts before those of bad input show is a matter of a check.
    return [*(one for one in batch.result.verdicts if one.rule != STAYS_UP and one.act in ACTS), *verdicts]


def _forbidden_count(bundle: Bundle, transcript: Transcript) -> int:
    """How many events and calls of a transcript have something that the contracts forbid."""
    if transcript.broke is not None:
        return 0
    return sum(1 for _ in forbidden_entries(read(part_of(bundle, transcript.part), transcript)))


# --- smaller -------------------------------------------------------------------------------------------------------


async def _shrunk(run: Fuzz) -> None:
    """Make each failure smaller, as far as there is time, and say how it is repeated."""
    failed = [key for key, verdict in run.verdicts.items() if verdict.outcome is Outcome.FAIL]
    shrinkable = [key for key in failed if run.verdicts[key].act not in _ONCE_NAMES]
    until_s = time.monotonic() + ALL_SHRINKING_S
    for key in shrinkable[:MOST_SHRUNK]:
        if time.monotonic() >= until_s:
            break
        verdict = run.verdicts[key]
        tries = _Tries(run=run, verdict=verdict)
        try:
            least = await smallest(_suspects(run, key), tries.fails, partial(reduced, run.order.check.bundle))
        except Unreachable:
            run.lost, least = "the service stopped answering while a failure was repeated", None
        if least is not None and tries.last is not None:
            hint = f"repeat it: {run.order.again(least)}"
            run.verdicts[key] = msgspec.structs.replace(tries.last, seen=verdict.seen, hint=hint)
        elif verdict.rule == STAYS_UP and not run.lost:
            message = f"{verdict.message}; it did not happen again when the same was sent once more"
            run.verdicts[key] = msgspec.structs.replace(
                verdict, outcome=Outcome.INCONCLUSIVE, message=message, expected="", got=""
            )
        if run.lost or current().at_s is not None:
            break


_ONCE_NAMES = tuple(planner.__name__ for planner in ONCE)


def _suspects(run: Fuzz, key: tuple[str, str, str]) -> list[Forbidden]:
    """The values of its batch that may be the cause of a failure: those of its subject, where that is one of theirs."""
    values, subject = run.causes[key], Subject.read(key[1]).name
    if key[0] == STAYS_UP:
        return values
    return [one for one in values if subject in (one.name, _title(run, one))] or values


def _repeated(run: Fuzz, key: tuple[str, str, str]) -> str:
    """How a failure is repeated that was not made smaller."""
    verdict, values = run.verdicts[key], _suspects(run, key)
    if verdict.act in _ONCE_NAMES:
        return f"repeat it: {run.order.again(())} --count 1"
    if len(values) > MOST_TOLD:
        return f"repeat it: {run.order.again(())} --count {len(run.order.values)}"
    return f"repeat it: {run.order.again(values)}"


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
    began_s: float = field(default_factory=time.monotonic)

    async def fails(self, values: Sequence[Forbidden]) -> bool | None:
        """Whether the failure is seen again with these values alone; None where it is not tried any more."""
        left_s = min(self.run.left_s(), SHRINKING_S - (time.monotonic() - self.began_s))
        if self.count >= MOST_TRIES or left_s <= 0 or self.run.lost or current().at_s is not None:
            return None
        self.count += 1
        chosen = Selection(rules=(self.verdict.rule,))
        own, same = self.verdict, list[Verdict]()
        for _ in range(MOST_UNCLEAR):
            batch = await _played(self.run, values, chosen)
            self.run.lost = batch.result.lost or self.run.lost
            found = _found(self.run, batch)
            same = [
                one for one in found if (one.rule, one.subject, one.transport) == (own.rule, own.subject, own.transport)
            ]
            # What a busy machine left open shows nothing, neither that it failed nor that it held.
            if self.run.lost or any(one.outcome in (Outcome.FAIL, Outcome.PASS) for one in same):
                break
        failed = next((one for one in same if one.outcome is Outcome.FAIL), None)
        self.last = failed or self.last
        return failed is not None


# --- the end -------------------------------------------------------------------------------------------------------


def concluded(run: Fuzz) -> tuple[Result, Exit]:
    """Write down the verdicts on all batches that came to their end."""
    check, was_interrupted = run.order.check, current().at_s is not None
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
    result.doubt = run.unanswering.why or result.doubt
    failed_up = any(one.rule == STAYS_UP and one.outcome is Outcome.FAIL for one in verdicts)
    code = exit_of(verdicts, doubt=result.doubt, lost=bool(run.lost) and not failed_up)
    records: list[Record] = [*verdicts, *missing]
    for record in records:
        run.write(record)
    whole = "; the time of the run was up" if run.expired else ""
    text = (
        f"{run.played_count} of {len(run.order.values)} values were played, in {run.sent_count} events and calls{whole}"
    )
    run.write(Note(text=text, remark=True))
    return result, Exit.INTERRUPTED if was_interrupted else code
