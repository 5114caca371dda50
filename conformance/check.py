"""A whole check: plan, perform, judge, write down. What the command `check` and `selftest` run."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from conformance.journal import Footer, Header, Note, Played, Record
from conformance.judge import judge, summary
from conformance.model import Act, Called, Closed, NotExercised, Outcome, Transcript, Transport, Verdict
from conformance.names import alternatives
from conformance.plan.cue import Planner, Setting
from conformance.plan.requests import probe
from conformance.rule import Rule
from conformance.select import Selection
from conformance.stage.api import Api
from conformance.stage.heartbeat import Heartbeat
from conformance.stage.log import Clock
from conformance.stage.perform import Run, perform
from conformance.stage.reach import reach
from conformance.target import Target, Unreachable
from contracts.model import Bundle

NONCE_BYTES = 4
"""Two billion rooms before two runs are likely to meet: enough for a service that keeps its data."""

ALIVE_S = 2.0
"""How long a service that broke something off may take to show that it is still there."""

MOST_ASKED = 10
"""How often it is asked again where our own side was held up meanwhile."""

EFFECT_RULE = "request-has-its-effect"
"""The rule whose failures are followed up by trying other names."""


EVERYTHING = Selection()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be checked, and how."""

    bundle: Bundle
    target: Target
    rules: Sequence[Rule]
    selection: Selection = EVERYTHING
    transports: tuple[Transport, ...] = ("websocket",)
    seed: int = 0
    timeout_s: float | None = None
    version: str = ""
    again: tuple[str, ...] = ("roomcheck", "check")


@dataclass(slots=True, kw_only=True)
class Result:
    """What came of a check."""

    verdicts: list[Verdict] = field(default_factory=list)
    not_exercised: list[NotExercised] = field(default_factory=list)
    lost: str | None = None
    """Why the service counts as gone in mid-run; None where it stayed."""
    took_s: float = 0.0


def planned(order: Order, nonce: str) -> list[Act]:
    """The acts that the selected rules need, each once."""
    setting = Setting(bundle=order.bundle, nonce=nonce, seed=order.seed)
    wanted: dict[Planner, None] = {}
    for rule in order.rules:
        if order.selection.rule(rule.id) and any(map(order.selection.subject, rule.subjects(order.bundle))):
            wanted.update(dict.fromkeys(rule.acts))
    acts = (planner(setting) for planner in wanted)
    return [act for act in acts if act is not None]


def header(order: Order, nonce: str) -> Header:
    """The first record of the run's journal."""
    return Header(
        version=order.version,
        began=datetime.now(UTC).isoformat(timespec="milliseconds"),
        target=order.target.url,
        api=order.target.api_url,
        bundle=order.bundle.place,
        bundle_name=order.bundle.name,
        bundle_version=order.bundle.version,
        transports=order.transports,
        rules=tuple(rule.id for rule in order.rules if order.selection.rule(rule.id)),
        subjects=order.selection.subjects,
        no_subjects=order.selection.no_subjects,
        seed=order.seed,
        nonce=nonce,
        timeout_s=order.timeout_s,
        events=tuple(order.bundle.events),
        again=order.again,
    )


async def check(
    order: Order, write: Callable[[Record], None], progress: Callable[[str, int, int], None] = lambda *_: None
) -> Result:
    """Run a check.

    Args:
        write: takes each record for the journal as soon as it is known.
        progress: told (act, acts that ended, acts in all) whenever an act ends.

    Raises:
        Unreachable: the target does not answer as a Socket.IO service to begin with.
    """
    nonce = secrets.token_hex(NONCE_BYTES)
    write(header(order, nonce))
    await reach(order.target)
    began_s = time.monotonic()
    result = Result()
    transcripts: list[Transcript] = []
    acts_count = len(planned(order, nonce))
    for number, transport in enumerate(order.transports):

        def told(act: str, ended: int, before: int = number * acts_count) -> None:
            progress(act, before + ended, acts_count * len(order.transports))

        # Every transport has room ids of its own: nothing of one can be taken for the other's.
        played, result.lost = await _play(order, f"{nonce}{transport[0]}", transport, write, told)
        transcripts += played
        if result.lost:
            write(Note(text=result.lost))
            break
    rules = [rule for rule in order.rules if order.selection.rule(rule.id)]
    verdicts, missing = judge(order.bundle, transcripts, rules)
    result.verdicts = [verdict for verdict in verdicts if order.selection.subject(verdict.subject)]
    result.not_exercised = [one for one in missing if order.selection.subject(one.subject)]
    result.took_s = time.monotonic() - began_s
    records: list[Record] = [*result.verdicts, *result.not_exercised]
    for record in records:
        write(record)
    return result


def footer(result: Result, exit_code: int) -> Footer:
    """The last record of the run's journal."""
    return Footer(summary=summary(result.verdicts), exit_code=exit_code, took_s=result.took_s)


async def _play(
    order: Order,
    nonce: str,
    transport: Transport,
    write: Callable[[Record], None],
    told: Callable[[str, int], None],
) -> tuple[list[Transcript], str | None]:
    """Play all acts at the same time over one transport, then try other names for what was ignored."""
    trouble = asyncio.Event()
    clock = Clock()
    run = Run(
        heartbeat=Heartbeat(clock),
        bundle=order.bundle,
        target=order.target,
        transport=transport,
        nonce=nonce,
        clock=clock,
        api=Api(order.bundle, order.target, f"rc-{nonce}-desk"),
        lost=asyncio.Event(),
        timeout_s=order.timeout_s,
        on_trouble=trouble.set,
    )
    watch = asyncio.create_task(_watch(order.target, trouble, run.lost, run.heartbeat))
    transcripts: list[Transcript] = []

    async def one(act: Act) -> None:
        transcript = await perform(run, act)
        transcripts.append(transcript)
        write(Played(transcript=transcript))
        told(act.name, len(transcripts))

    run.heartbeat.start()
    try:
        await asyncio.gather(*map(one, planned(order, nonce)))
        if not run.lost.is_set():
            await asyncio.gather(*map(one, _probes(order, nonce, transcripts)))
    finally:
        watch.cancel()
        run.heartbeat.stop()
        await run.api.close()
    if not run.lost.is_set():
        return transcripts, None
    return _before_the_end(transcripts)


async def _watch(target: Target, trouble: asyncio.Event, lost: asyncio.Event, heartbeat: Heartbeat) -> None:
    """Whenever something breaks off, ask whether the service is still there; if not, end all waits."""
    while not lost.is_set():
        await trouble.wait()
        trouble.clear()
        for _ in range(MOST_ASKED):
            asked_s = heartbeat.clock.now()
            try:
                await reach(target, ALIVE_S)
                break
            except Unreachable:
                # No answer to a question that we were too busy to ask, or to hear, says nothing.
                if heartbeat.stalled_s(asked_s) < ALIVE_S / 4:
                    lost.set()
                    break


def _before_the_end(transcripts: list[Transcript]) -> tuple[list[Transcript], str]:
    """The transcripts that were complete when the service went away, and what to say of the rest."""
    ends_s = [
        entry.at_s if isinstance(entry, Closed) else entry.done_s
        for transcript in transcripts
        for entry in transcript.entries
        if (isinstance(entry, Closed) and entry.by == "service") or (isinstance(entry, Called) and entry.status is None)
    ]
    end_s = min(ends_s, default=0.0)
    whole = [transcript for transcript in transcripts if transcript.ended_s < end_s]
    message = (
        f"the service stopped answering {end_s:.1f} s into the check: {len(whole)} of {len(transcripts)} acts had been "
        "played to their end, and only those are judged"
    )
    return whole, message


def _probes(order: Order, nonce: str, transcripts: list[Transcript]) -> list[Act]:
    """Acts that try other names for each request that the service ignored."""
    rules = [rule for rule in order.rules if rule.id == EFFECT_RULE and order.selection.rule(rule.id)]
    verdicts, _ = judge(order.bundle, transcripts, rules)
    setting = Setting(bundle=order.bundle, nonce=nonce, seed=order.seed)
    ignored = [verdict.subject for verdict in verdicts if verdict.outcome is Outcome.FAIL]
    found = (
        probe(setting, event, alternatives(order.bundle, event))
        for event in ignored
        if order.selection.subject(event) and order.bundle.request(event)
    )
    return [act for act in found if act is not None]
