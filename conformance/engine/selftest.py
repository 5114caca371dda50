"""Every lie against every rule: what each rule is good for, and that an honest service is never accused."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from conformance.engine.check import EVERYTHING, CheckRequest, check
from conformance.engine.side_by_side import side_by_side
from conformance.judge.rule import rules
from conformance.judge.selection import Selection
from conformance.model.act import Transport
from conformance.model.verdict import Outcome
from conformance.reference.host import embedded
from conformance.reference.lie import lies
from conformance.reference.service import Service
from conformance.support.event_loop import on_uvloop
from conformance.target.resolve import of_embedded
from contracts.limits import limits_of
from contracts.load import load
from contracts.model import Bundle
from contracts.recovery import Recovery
from contracts.replies import Answer, Examples, Reply
from contracts.schema import Schema

KEY = "a key for the embedded service alone, of ample length"
"""The embedded service demands tokens, so that the rules about them are judged too."""

PROCESSES = 2
"""Processes that share the work; more than the cores of a small CI machine would only take turns."""

BEGUN_S = 60.0
"""How long a service may take to answer first: the checks beside it may hold up the process that serves it, too."""

HONEST = "honest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """What one lie was accused of, by rule."""

    lie: str
    rules: tuple[str, ...]
    wanted: str = ""
    """The rule that has to be among them; empty for the honest service."""
    unclear: tuple[str, ...] = ()
    """The rules that came to no conclusion somewhere."""
    errors: tuple[str, ...] = ()

    def undecided(self) -> set[str]:
        """The rules that accused nobody, but came to no conclusion somewhere."""
        return set(self.unclear) - set(self.rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The kill matrix and what is wrong with it."""

    kills: tuple[Kill, ...]
    rules: tuple[str, ...]

    def faults(self) -> list[str]:
        """Lies that survive, rules that kill nothing, accusations of the honest service, errors of our own."""
        killed = {rule for kill in self.kills if kill.lie != HONEST for rule in kill.rules}
        found = [f"the honest service fails {rule}" for k in self.kills if k.lie == HONEST for rule in k.rules]
        found += [f"the lie {kill.lie} survives" for kill in self.kills if kill.lie != HONEST and not kill.rules]
        found += [f"the rule {rule} catches no lie" for rule in self.rules if rule not in killed]
        found += [
            f"the lie {kill.lie} is not caught by {kill.wanted}"
            for kill in self.kills
            if kill.rules and kill.wanted and kill.wanted not in kill.rules
        ]
        found += [f"{kill.lie}: {error}" for kill in self.kills for error in kill.errors]
        return found


def documented(bundle: Bundle, acknowledges: Mapping[str, dict[str, Any]]) -> Bundle:
    """The contracts of a service that acknowledges these requests besides, with the schemas of the acks."""
    events = dict(bundle.events)
    for name, schema in acknowledges.items():
        request = events[name].request
        if request:
            reply = Reply(payload=Schema(schema), ack=True)
            events[name] = replace(events[name], request=replace(request, reply=reply))
    return replace(bundle, events=events)


def answered(bundle: Bundle, asks_for: Mapping[str, Any]) -> Bundle:
    """The contracts of a service that has clients answer these events besides, with an example of the answers."""
    events = dict(bundle.events)
    for name, example in asks_for.items():
        broadcast = events[name].broadcast
        if broadcast:
            answer = Answer(payload=Schema({}), form=None, examples=Examples(valid=(example,)))
            events[name] = replace(events[name], broadcast=replace(broadcast, answer=answer))
    return replace(bundle, events=events)


def scheduling(bundle: Bundle, schedules_s: Mapping[str, float]) -> Bundle:
    """The contracts of a service that sends these broadcasts by a schedule besides, each with its period."""
    events = dict(bundle.events)
    for name, every_s in schedules_s.items():
        broadcast = events[name].broadcast
        if broadcast:
            causes = replace(broadcast.causes, every_s=every_s)
            events[name] = replace(events[name], broadcast=replace(broadcast, causes=causes))
    return replace(bundle, events=events)


def promising(bundle: Bundle, kind: type[Service]) -> Bundle:
    """The contracts of a service with what it says of its limits and of the recovery of connections."""
    within_s = kind.recovers_within_s
    recovery = Recovery(within_s=within_s, source=bundle.source) if within_s is not None else bundle.recovery
    return replace(
        scheduling(answered(documented(bundle, kind.acknowledges), kind.asks_for), kind.schedules_s),
        recovery=recovery,
        limits=limits_of(kind.limits),
        max_payload_bytes=kind.max_payload_bytes,
    )


def asked_over(offered: Sequence[Transport]) -> tuple[Transport, ...]:
    """The transports of a check: websocket, and what a service without it offers, since nothing is played otherwise."""
    return ("websocket",) if "websocket" in offered else ("websocket", *offered)


async def accused(lie: str | None, timeout_s: float | None = None, *, own_rule: bool = False) -> Kill:
    """Check the embedded service, told one lie or none, over websocket.

    Args:
        own_rule: of a lie, play and judge only what the rule needs that has to catch it.
    """
    wanted = lies()[lie].caught_by if lie else ""
    async with embedded(lie, KEY) as urls:
        aimed = replace(of_embedded(urls[0], KEY), urls=urls, wait_for_s=BEGUN_S)
        kind = lies()[lie] if lie else Service
        order = CheckRequest(
            bundle=promising(load("sos"), kind),
            target=aimed,
            rules=rules(),
            selection=Selection(rules=(wanted,)) if own_rule and wanted else EVERYTHING,
            transports=asked_over(kind.transports),
            timeout_s=timeout_s,
        )
        result = await check(order, write=lambda record: None)
    found = {verdict.rule for verdict in result.verdicts if verdict.outcome in (Outcome.FAIL, Outcome.WARNING)}
    unclear = {verdict.rule for verdict in result.verdicts if verdict.outcome is Outcome.INCONCLUSIVE}
    errors = tuple(verdict.message for verdict in result.verdicts if verdict.outcome is Outcome.ERROR)
    if result.lost:
        errors = (*errors, result.lost)
    return Kill(
        lie=lie or HONEST,
        rules=tuple(sorted(found)),
        wanted=wanted,
        unclear=tuple(sorted(unclear)),
        errors=errors,
    )


def selftest(names: Sequence[str] | None = None, *, own_rules: bool = False) -> Matrix:
    """Run all lies, or those named, and the honest service.

    Args:
        own_rules: ask each lie only what the rule needs that has to catch it, at a third of the cost. That the others
            find it, too, is not seen then; the honest service is judged by every rule all the same.
    """
    share = partial(_share, own_rules=own_rules)
    chosen: list[str | None] = [None, *(names if names is not None else lies())]
    kills: list[Kill] = []
    with ProcessPoolExecutor(PROCESSES, initializer=leave_interrupts) as pool:
        try:
            for some in pool.map(share, [chosen[start::PROCESSES] for start in range(PROCESSES)]):
                kills += some
        except KeyboardInterrupt:
            for process in multiprocessing.active_children():
                process.kill()
            raise
    kills.sort(key=lambda kill: (kill.lie != HONEST, kill.lie))
    return Matrix(kills=tuple(kills), rules=tuple(rule.id for rule in rules()))


def leave_interrupts() -> None:
    """Have an interrupt of the terminal end a process of the pool by way of the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _share(names: list[str | None], *, own_rules: bool = False) -> list[Kill]:
    """Some lies at the same time, in one process."""

    async def all_of_them() -> list[Kill]:
        kills = await side_by_side(names, partial(accused, own_rule=own_rules))
        # What came to no conclusion may have been excused for what its neighbours held up: it is asked by itself.
        return [
            await accused(kill.lie, own_rule=own_rules) if kill.wanted in kill.undecided() else kill for kill in kills
        ]

    return on_uvloop(all_of_them(), quiet=True)
