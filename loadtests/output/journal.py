"""A run as a journal, like a check's: what was measured while it went on, then the ledger and the verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from msgspec.structs import asdict

from conformance.journal.records import (
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
from conformance.judge.judge import judge
from conformance.judge.known_failures import as_known
from conformance.judge.rule import rules
from conformance.model.transcript import Transcript
from conformance.model.verdict import Outcome, summary
from conformance.model.verdict import Verdict as Clause
from conformance.target.capabilities import equip, equipment_of, without_secrets
from contracts.where import where
from loadtests.ledger.histogram import middle
from loadtests.ledger.messages import plain
from loadtests.ledger.totals import Totals
from loadtests.output.series import Look
from loadtests.verdict.clauses import clauses
from loadtests.verdict.thresholds import Threshold
from loadtests.verdict.verdict import BROKEN, HOLDS, INTERRUPTED, Verdict
from loadtests.workload.subject import Subject, today

VERSION = version("roomcheck")
PERCENTS = (50, 95, 99)
NOT_TOLD = {"gate", "journal", "report", "history", "run_id", "live"}
"""Options that say nothing of how the load was made, or stand in a record of their own."""


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


def measured(accounts: Totals, elapsed_s: float, look: Look, gates: Sequence[Threshold]) -> Measured:
    """How it stands."""
    times = accounts.trend("delivery")
    recent = {"p50": look.p50, "p95": look.p95, "p99": look.p99}
    values = {one.text: one.value(accounts, elapsed_s) for one in gates}
    return Measured(
        at_s=round(elapsed_s, 3),
        sockets=accounts.sockets,
        rooms=accounts.rooms,
        counts=accounts.counts(),
        deliveries=times.count,
        delivery_ms={f"p{percent}": round(times.percentile(percent), 3) for percent in PERCENTS},
        workers={worker: plain(account.health) for worker, account in accounts.snapshots.items()},
        recent_ms={name: value for name, value in recent.items() if value is not None},
        gates={text: round(value, 6) for text, value in values.items() if value is not None},
    )


def sampled(subject: Subject, accounts: Totals) -> tuple[list[Transcript], list[Clause]]:
    """The transcripts that workers took down, and what the rules of a check say of them.

    What no sample shows is not told: it is a check's to exercise every clause.
    """
    told = (decode(line) for account in accounts.snapshots.values() for line in account.sample.splitlines())
    transcripts = [subject.secrets.cover_transcript(one.transcript) for one in told if isinstance(one, Played)]
    equipped = equip(subject.bundle, equipment_of(subject.target))
    verdicts, _ = judge(subject.bundle, transcripts, rules(), equipped)
    return transcripts, as_known(subject.known, [one for one in verdicts if one.outcome is not Outcome.SKIP], today())


def ending(
    subject: Subject,
    accounts: Totals,
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
    told = [*as_known(subject.known, ledger, today()), *sampled]
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
    for account in accounts.snapshots.values():
        for one in account.witnesses:
            rest = {name: value for name, value in asdict(one).items() if not name.endswith("_ns")}
            yield Witnessed(**rest, at_s=one.at_ns / 1e9, due_s=one.due_ns / 1e9)
    for gate in verdict.gates:
        yield Gated(gate=gate.gate.text, outcome=gate.outcome, value=gate.value)
    for text in (*verdict.notes, *verdict.limits, verdict.summary):
        yield Note(text=text, remark=verdict.code in (HOLDS, BROKEN))
    if cut_short:
        yield Note(text=f"interrupted after {took_s:.1f} s: the report covers what was seen until then")
    yield Footer(summary=summary(told), exit_code=INTERRUPTED if cut_short else verdict.code, took_s=took_s)
