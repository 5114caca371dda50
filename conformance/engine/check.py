"""A whole check: plan, perform, judge, write down. What the command `check` and `selftest` run."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from conformance.analysis.reading import EFFECT_RULE
from conformance.engine.cut_short import Progress, expired, interrupted
from conformance.engine.planning import planned, ready, settings_of, turns
from conformance.engine.sounded import Sounded
from conformance.journal.records import Footer, Header, Note, Played, Record, Unwritten
from conformance.judge.judge import judge
from conformance.judge.known_failures import excused
from conformance.judge.rule import Rule
from conformance.judge.selection import Selection
from conformance.judge.sufficiency import ENOUGH_PERCENT, doubt
from conformance.model.act import Act, Transport
from conformance.model.exit_code import Exit
from conformance.model.ids import described
from conformance.model.known_failure import Known
from conformance.model.transcript import Transcript
from conformance.model.verdict import NotExercised, Outcome, Verdict, summary
from conformance.plan.alternative_names import alternatives
from conformance.plan.requests import probe
from conformance.plan.stimulus import Setting
from conformance.stage.clients.http import Api
from conformance.stage.clients.reach import Reached, awaited
from conformance.stage.clients.recorder import Clock
from conformance.stage.clients.tokens import Minter, knocking
from conformance.stage.heartbeat import Heartbeat
from conformance.stage.observing.observatory import observatory
from conformance.stage.observing.observer import Watch
from conformance.stage.pacing import Throttle
from conformance.stage.rounds import End, play, refused
from conformance.stage.silence import Silence
from conformance.stage.state import Run
from conformance.support.errors import Unreachable
from conformance.support.interrupt import current
from conformance.target.capabilities import equip, equipment_of, without_secrets
from conformance.target.secrets import Secrets
from conformance.target.target import Person, Target
from conformance.target.triggers import Equipped
from contracts.model import Bundle
from contracts.where import where

NONCE_BYTES = 7
"""More than the 15 random digits of an id that are drawn from it: no id of a real subject is met."""

JUDGING_S = 0.3
"""Of the processor, in the second in which an interrupted check ends: judging takes 0.1 s, reports need as much."""

EVERYTHING = Selection()

MOST_S = 600.0
"""Seconds that a check takes at most without `--max-time`: a whole one over all transports takes a minute or two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """What is to be checked, and how."""

    bundle: Bundle
    target: Target
    rules: Sequence[Rule]
    selection: Selection = EVERYTHING
    transports: tuple[Transport, ...] = ("websocket",)
    seed: int = 0
    timeout_s: float | None = None
    max_s: float = MOST_S
    """How long acts are played at most, in seconds."""
    min_verified: float | None = None
    """How much has to be verified, in percent; None for the usual half."""
    rate_per_s: float | None = None
    """How many events and calls are sent in a second at most; None for as many as the contract lets be sent."""
    command: str = "check"
    version: str = ""
    again: tuple[str, ...] = ("roomcheck", "check")
    known: tuple[Known, ...] = ()
    secrets: Secrets = field(default_factory=Secrets)

    def equipped(self) -> Equipped:
        """The contracts as the target can be made to keep them."""
        return equip(self.bundle, equipment_of(self.target))

    def setting(self, nonce: str, bundle: Bundle) -> Setting:
        """What acts are planned from."""
        calls_at_nodes = len(self.target.api_urls) == len(self.target.urls) > 1
        return Setting(
            bundle=bundle,
            nonce=nonce,
            run=nonce,
            id_forms=self.target.id_forms,
            seed=self.seed,
            nodes=len(self.target.urls),
            calls_at_nodes=calls_at_nodes,
            token_places=1 + len(self.target.auth.other_places),
        )


@dataclass(slots=True, kw_only=True)
class Result:
    """What came of a check."""

    verdicts: list[Verdict] = field(default_factory=list)
    not_exercised: list[NotExercised] = field(default_factory=list)
    lost: str | None = None
    """Why the service counts as gone in mid-run; None where it stayed."""
    interrupted: bool = False
    took_s: float = 0.0
    doubt: str = ""
    """Why it is no success, where nothing failed."""


def header(order: CheckRequest, nonce: str) -> Header:
    """The first record of the run's journal."""
    return Header(
        version=order.version,
        began=datetime.now(UTC).isoformat(timespec="milliseconds"),
        target=order.target.url,
        api=order.target.api_url or order.target.url,
        nodes=order.target.urls if len(order.target.urls) > 1 else (),
        target_name=order.target.name,
        equipment=without_secrets(equipment_of(order.target), order.secrets),
        known=order.known,
        bundle=order.bundle.place,
        bundle_name=order.bundle.name,
        bundle_version=order.bundle.version,
        transports=order.transports,
        rules=tuple(rule.id for rule in order.rules if order.selection.rule(rule.id)),
        subjects=order.selection.subjects,
        no_subjects=order.selection.no_subjects,
        seed=order.seed,
        nonce=nonce,
        ids=described(nonce, order.target.id_forms),
        timeout_s=order.timeout_s,
        min_verified=order.min_verified,
        events=tuple(order.bundle.events),
        again=order.again,
        places=where(order.bundle),
        command=order.command,
    )


@dataclass(slots=True, kw_only=True)
class Course:
    """What a check has seen so far. It is filled while acts are played: one that is interrupted is judged by it."""

    order: CheckRequest
    equipped: Equipped
    nonce: str
    began_s: float
    transcripts: list[Transcript] = field(default_factory=list)
    """Of the acts that were over before an interrupt came."""
    end: End = field(default_factory=lambda: End(lost=asyncio.Event()))
    remarks: list[str] = field(default_factory=list)
    """What could not be watched, and why."""
    broke_off: str = ""
    """Why the check itself could not go on."""
    acts_count: int = 0
    reached: Reached = field(default_factory=lambda: Reached(transports=()))
    silence: Silence = field(default_factory=Silence)
    """Whether the service answers anything, which every round learns from those before."""
    sounded: Sounded = field(default_factory=Sounded)


async def check(
    order: CheckRequest, write: Callable[[Record], None], progress: Callable[[str, int, int], None] = lambda *_: None
) -> Result:
    """Run a check.

    Args:
        write: takes each record for the journal as soon as it is known.
        progress: told (act, acts that ended, acts in all) whenever an act ends.

    Raises:
        Unreachable: the target does not answer as a Socket.IO service to begin with.
    """
    course = begin(order, write)
    await observe(course, write, progress)
    return conclude(course, write)


def begin(order: CheckRequest, write: Callable[[Record], None]) -> Course:
    """Write the header of a check."""
    nonce = secrets.token_hex(NONCE_BYTES)
    equipped = order.equipped()
    needs = {name for call in equipped.bundle.calls.values() if call.trigger for name in call.trigger.needs}
    order = replace(order, target=replace(order.target, trigger_headers=tuple(needs)))
    write(header(order, nonce))
    return Course(order=order, equipped=equipped, nonce=nonce, began_s=time.monotonic())


async def observe(
    course: Course, write: Callable[[Record], None], progress: Callable[[str, int, int], None] = lambda *_: None
) -> None:
    """Play every act of a check, and write down each as soon as it ends.

    Raises:
        Unreachable: the target does not answer as a Socket.IO service to begin with.
    """
    minter = Minter(course.order.target.auth, course.order.secrets)
    target = await knocking(course.order.target, minter, f"rc-{course.nonce}", course.equipped.bundle.socket_role)
    order = course.order = replace(course.order, target=target)
    course.reached = await _reached(order)
    course.began_s = time.monotonic()
    # A command that prints no token is a fault of the settings: better said now than in every act.
    await minter.mint(Person(user=f"rc-{course.nonce}", role=course.equipped.bundle.caller_role), "own")
    limit = asyncio.get_running_loop().call_later(order.max_s, course.end.expire)
    try:
        await _rounds(course, minter, write, progress)
    finally:
        limit.cancel()


def conclude(course: Course, write: Callable[[Record], None]) -> Result:
    """Judge what was played, and write down the verdicts.

    Of an interrupted check the acts that were over are judged, for a moment only. Their transcripts are the journal's.
    """
    order, interruption, result = course.order, current(), Result()
    transcripts = course.transcripts
    for remark in (*course.reached.failed, *course.remarks):
        write(Note(text=order.secrets.covered(remark), remark=True))
    if course.end.expired:
        result.doubt = expired(_progress(course), order.max_s)
        write(Note(text=result.doubt))
    elif course.end.lost.is_set():
        transcripts, result.lost = course.end.before(transcripts)
        write(Note(text=result.lost))
    if course.broke_off:
        write(Note(text=course.broke_off))
    _judge(course, transcripts, result)
    records: list[Record] = [*result.verdicts, *result.not_exercised]
    for record in records:
        write(record)
    if interruption.at_s is not None:
        result.interrupted = True
        write(Note(text=interrupted(_progress(course), interruption.at_s - course.began_s)))
    result.took_s = time.monotonic() - course.began_s
    return result


def _progress(course: Course) -> Progress:
    return Progress(played=len(course.transcripts), planned=max(len(course.transcripts), course.acts_count))


async def _reached(order: CheckRequest) -> Reached:
    """Reach the target over the transports of the run.

    Raises:
        Unreachable: without the secrets that it may have sent back.
    """
    try:
        return await awaited(order.target, order.transports, order.target.wait_for_s)
    except Unreachable as error:
        raise type(error)(order.secrets.covered(str(error))) from error


def _watch(course: Course, clock: Clock, setting: Setting) -> Watch:
    """What the observers of the run are started with."""
    return Watch(
        bundle=course.equipped.bundle,
        target=course.order.target,
        transport=course.reached.probe(course.order.transports[0]),
        clock=clock,
        nonce=course.nonce,
        ids=setting.book.given.values(),
        on_lost=course.end.of,
    )


async def _rounds(
    course: Course, minter: Minter, write: Callable[[Record], None], progress: Callable[[str, int, int], None]
) -> None:
    """Play every round."""
    order, equipped, nonce, end = course.order, course.equipped, course.nonce, course.end
    clock, interruption = Clock(), current()
    setting = order.setting(nonce, equipped.bundle)
    watching = observatory(_watch(course, clock, setting))
    course.remarks = watching.notes
    await watching.start()
    plan = partial(planned, order.bundle, order.rules, order.selection)
    rounds = turns(order.transports, course.reached.refused, len(order.target.urls))
    course.acts_count = len(course.sounded.left(plan(settings_of(setting)))) * len(rounds) + len(course.reached.refused)

    def take(transcript: Transcript) -> None:
        if interruption.at_s is not None or course.broke_off or end.expired:
            return  # It may have ended as it did since the same signal reached the service, or since it was broken off.
        course.transcripts.append(transcript)
        try:
            write(Played(transcript=transcript))
        except Unwritten as error:
            played = f"{len(course.transcripts)} of {course.acts_count} acts had been played, and only those are judged"
            course.broke_off = f"{error}; {played}"
            raise
        progress(transcript.act, len(course.transcripts), course.acts_count)

    for transport, why in course.reached.refused.items():
        take(order.secrets.cover_transcript(refused(transport, why, clock)))
    uncalled = course.silence.uncalled
    try:
        for number, (transport, spread) in enumerate(rounds):
            # Every round has room ids of its own: nothing of one can be taken for another's.
            own = f"{nonce}{transport[0]}{spread or ''}"
            run = Run(
                heartbeat=Heartbeat(clock),
                bundle=equipped.bundle,
                target=order.target,
                transport=transport,
                probe=course.reached.probe(transport),
                nonce=own,
                spread=spread,
                clock=clock,
                api=Api(equipped.bundle, order.target, f"rc-{own}-desk", minter, order.timeout_s, uncalled),
                lost=end.lost,
                minter=minter,
                secrets=order.secrets,
                observatory=watching,
                timeout_s=order.timeout_s,
                silent=course.reached.silent,
                throttle=None if order.rate_per_s is None else Throttle(order.rate_per_s),
                silence=course.silence,
            )
            settings = settings_of(replace(setting, nonce=own, round_number=number))
            run.parts = {one.bundle.part: _of_part(run, one) for one in settings if one.bundle.part}
            with course.sounded.minded(run):
                await play(run, end, course.sounded.left(plan(settings)), partial(_probes, order, settings), take)
            if end.lost.is_set():
                break
    finally:
        await watching.stop()


def _of_part(run: Run, setting: Setting) -> Run:
    """The run for a part of the contracts: in its namespace, and with users of its own."""
    part = setting.bundle
    target = run.target if part.namespace == run.bundle.namespace else replace(run.target, namespace=part.namespace)
    return replace(run, bundle=part, target=target, nonce=setting.nonce)


def _judge(course: Course, transcripts: list[Transcript], result: Result) -> None:
    """Put the verdicts on what was played into the result."""
    order, interruption = course.order, current()
    rules = [rule for rule in order.rules if order.selection.rule(rule.id)]
    verdicts, missing = judge(
        order.bundle,
        transcripts,
        rules,
        course.equipped,
        interrupted=order.transports if interruption.at_s is not None or course.end.expired else (),
        limit=interruption.limited(JUDGING_S),
    )
    result.verdicts = [verdict for verdict in verdicts if order.selection.subject(verdict.subject)]
    result.not_exercised = [one for one in missing if order.selection.subject(one.subject)]
    cut_short = interruption.at_s is not None or result.lost is not None or course.end.expired
    whole = order.selection == EVERYTHING and not cut_short
    result.verdicts = excused(
        order.known, result.verdicts, result.not_exercised, today=datetime.now(UTC).date(), whole=whole
    )
    least = order.min_verified if order.min_verified is not None else ENOUGH_PERCENT
    if not cut_short:
        result.doubt = doubt(
            course.equipped.bundle,
            transcripts,
            result.verdicts,
            result.not_exercised,
            least_percent=least,
            whole=order.selection == EVERYTHING,
        )


def footer(result: Result, code: Exit) -> Footer:
    """The last record of the run's journal."""
    why = result.doubt if code is Exit.CANNOT_TELL else ""
    return Footer(summary=summary(result.verdicts), exit_code=int(code), took_s=result.took_s, why=why)


def _probes(order: CheckRequest, settings: Sequence[Setting], transcripts: list[Transcript]) -> list[Act]:
    """Acts that try other names for each request that the service ignored."""
    rules = [rule for rule in order.rules if rule.id == EFFECT_RULE and order.selection.rule(rule.id)]
    found: list[Act] = []
    for setting in settings:
        bundle = setting.bundle
        played = [transcript for transcript in transcripts if transcript.part == bundle.part]
        # An interrupt ends the loop that this is called in: nothing more is played.
        verdicts, _ = judge(bundle, played, rules, limit=current().limited(0.0))
        ignored = [verdict.subject for verdict in verdicts if verdict.outcome is Outcome.FAIL]
        acts = (
            probe(setting, event, alternatives(bundle, event))
            for event in ignored
            if order.selection.subject(event) and bundle.request(event)
        )
        found += (made for act in acts if act is not None for made in ready(setting, act))
    return found
