"""A run as a journal, like a check's: what was measured while it went on, then the ledger and the verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import Any

from msgspec.structs import asdict

from conformance.equipment import equip, equipment_of, without_secrets
from conformance.hiding import Secrets
from conformance.journal import (
    Footer,
    Gated,
    Header,
    Ledger,
    Measured,
    Note,
    Played,
    Record,
    Timed,
    Witnessed,
    decode,
)
from conformance.judge import judge, summary
from conformance.known import Known, as_known, living
from conformance.model import Outcome, Transcript
from conformance.model import Verdict as Clause
from conformance.rule import rules
from conformance.target import Target
from contracts.model import Bundle
from contracts.where import where
from loadtests.accounts import Accounts
from loadtests.clauses import clauses
from loadtests.histogram import middle
from loadtests.messages import plain
from loadtests.verdict import BROKEN, HOLDS, INTERRUPTED, Verdict
from loadtests.words import Words

VERSION = version("roomcheck")
PERCENTS = (50, 95, 99)
NOT_TOLD = {"gate", "journal", "report", "history", "run_id", "live"}
"""Options that say nothing of how the load was made, or stand in a record of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was loaded, by what."""

    target: Target
    bundle: Bundle
    words: Words
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
        return frozenset((one.rule, one.subject) for one in living(self.known, _today()))


def _today() -> date:
    return datetime.now(UTC).date()


def header(subject: Subject) -> Header:
    """The first record."""
    target, bundle, options = subject.target, subject.bundle, subject.options
    names = {*subject.names, "num_users", "spawn_rate", "run_time", "processes", "scenario"} - NOT_TOLD
    load = {name: str(options[name]) for name in sorted(names) if options.get(name) not in (None, "", False)}
    return Header(
        version=VERSION,
        began=datetime.now(UTC).isoformat(timespec="milliseconds"),
        target=target.url,
        api=target.api_url or target.url,
        nodes=target.urls if len(target.urls) > 1 else (),
        target_name=target.name,
        bundle=bundle.place,
        bundle_name=bundle.name,
        bundle_version=bundle.version,
        transports=(options["transport"],),
        rules=tuple(rule.id for rule in rules()),
        equipment=without_secrets(equipment_of(target), subject.secrets),
        known=subject.known,
        timeout_s=subject.late_s or None,
        seed=options["load_seed"],
        nonce=options["run_id"],
        events=tuple(bundle.events),
        again=("roomcheck", "load"),
        command="load",
        load=load,
        places=where(bundle),
    )


def measured(accounts: Accounts, elapsed_s: float) -> Measured:
    """How it stands."""
    times = accounts.trend("delivery")
    return Measured(
        at_s=round(elapsed_s, 3),
        sockets=accounts.sockets,
        rooms=accounts.rooms,
        counts=accounts.counts(),
        deliveries=times.count,
        delivery_ms={f"p{percent}": round(times.percentile(percent), 3) for percent in PERCENTS},
        workers={worker: plain(account.health) for worker, account in accounts.told.items()},
    )


def sampled(subject: Subject, accounts: Accounts) -> tuple[list[Transcript], list[Clause]]:
    """The transcripts that workers took down, and what the rules of a check say of them.

    What no sample shows is not told: it is a check's to exercise every clause.
    """
    told = (decode(account.sample) for account in accounts.told.values() if account.sample)
    transcripts = [subject.secrets.cover_transcript(one.transcript) for one in told if isinstance(one, Played)]
    equipped = equip(subject.bundle, equipment_of(subject.target))
    verdicts, _ = judge(subject.bundle, transcripts, rules(), equipped)
    return transcripts, as_known(subject.known, [one for one in verdicts if one.outcome is not Outcome.SKIP], _today())


def ending(
    subject: Subject,
    accounts: Accounts,
    verdict: Verdict,
    transcripts: Sequence[Transcript],
    sampled: Sequence[Clause],
    took_s: float,
    cut_short: bool = False,
) -> Iterator[Record]:
    """The last records.

    Args:
        sampled: what the rules of a check say of the transcripts.
        cut_short: somebody ended the run before its time.
    """
    ledger = clauses(accounts, verdict, subject.bundle.source, subject.options["transport"])
    told = [*as_known(subject.known, ledger, _today()), *sampled]
    for transcript in transcripts:
        yield Played(transcript=transcript)
    yield from told
    for scenario in accounts.scenarios():
        for step in ("", *accounts.steps(scenario)):
            counts = accounts.counts(scenario, step)
            if counts:
                yield Ledger(scenario=scenario, step=step, counts=counts)
    for (metric, tags), times in sorted(accounts.trends().items()):
        if times.count:
            yield Timed(
                metric=metric,
                tags=dict(tags),
                least=times.least,
                mean=times.mean,
                most=times.most,
                histogram=[(round(middle(bucket), 6), count) for bucket, count in sorted(times.buckets.items())],
            )
    for account in accounts.told.values():
        for one in account.witnesses:
            rest = {name: value for name, value in asdict(one).items() if not name.endswith("_ns")}
            yield Witnessed(**rest, at_s=one.at_ns / 1e9, due_s=one.due_ns / 1e9)
    for gate in verdict.gates:
        yield Gated(gate=gate.gate.text, outcome=gate.outcome, value=gate.value)
    for text in (*verdict.notes, *verdict.limits, verdict.summary):
        yield Note(text=text, remark=verdict.code in (HOLDS, BROKEN))
    if cut_short:
        yield Note(text=f"interrupted after {took_s:.1f} s: what was seen until then is told")
    yield Footer(summary=summary(told), exit_code=INTERRUPTED if cut_short else verdict.code, took_s=took_s)
