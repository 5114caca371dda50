"""Says step by step what of a target is reached, and what is missing, with the line to add to its settings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from conformance.engine.check import CheckRequest, Result, check
from conformance.journal.records import Note, Record
from conformance.judge.rule import rules
from conformance.judge.selection import Selection
from conformance.model.act import TRANSPORTS, Transport
from conformance.model.exit_code import Exit
from conformance.model.verdict import Outcome
from conformance.stage.clients.handshake import shake
from conformance.stage.clients.tokens import Minter, knocking
from conformance.stage.observing.observatory import set_up
from conformance.support.errors import Unreachable
from conformance.target.resolve import ResolvedTarget
from conformance.target.target import Target
from conformance.target.triggers import API

CONNECTS, REFUSES, ARRIVES = "socket-connects", "bad-token-is-refused", "broadcast-arrives"
NAMED, ACROSS = "room-is-named-as-documented", "broadcast-reaches-every-node"
ASKED = (CONNECTS, REFUSES, ARRIVES, NAMED, ACROSS)
"""The rules whose verdicts tell whether a check can see what it needs to see."""


class State(StrEnum):
    """What came of a step."""

    OK = "ok"
    MISSING = "missing"
    BROKEN = "broken"
    SKIPPED = "skipped"
    """Not looked at, on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was looked at."""

    what: str
    state: State
    detail: str
    add: str = ""
    """What to do about it: as a rule, the line to add."""


Say = Callable[[Step], None]


async def examine(aim: ResolvedTarget, target: Target, transports: Sequence[Transport], say: Say) -> Exit:
    """Look at a target from the outside to the inside; ends early where nothing more can be seen.

    Args:
        transports: that are tried, and no other: a request over one that it does not expect may end a service.
    """
    steps: list[Step] = []

    def tell(step: Step) -> None:
        steps.append(step)
        say(step)

    tell(Step(what="contracts", state=State.OK, detail=f"{aim.bundle.name} {aim.bundle.version}, {aim.bundle.place}"))
    for step in _known(aim):
        tell(step)
    minter = Minter(target.auth, aim.secrets)
    knock = await knocking(target, minter, "rc-doctor", aim.bundle.socket_role)
    works = await _reached(aim, knock, transports, tell)
    if not works:
        return Exit.UNREACHABLE
    tell(_identity(target))
    records: list[Record] = []
    order = CheckRequest(
        bundle=aim.bundle,
        target=target,
        rules=rules(),
        selection=Selection(rules=ASKED),
        transports=works,
        timeout_s=aim.timeout_s,
        secrets=aim.secrets,
    )
    result = await check(order, records.append)
    for step in _sockets(result, target):
        tell(step)
    connected = any(verdict.rule == CONNECTS and verdict.outcome is Outcome.PASS for verdict in result.verdicts)
    # Without a socket nothing that goes over sockets can be seen.
    for step in (*_broadcasts(result), *_rooms(result, target, records)) if connected else ():
        tell(step)
    if result.lost:
        tell(Step(what="service", state=State.BROKEN, detail=result.lost))
        return Exit.UNREACHABLE
    states = {step.state for step in steps}
    return Exit.BROKEN if State.BROKEN in states else Exit.CANNOT_TELL if State.MISSING in states else Exit.HOLDS


def _known(aim: ResolvedTarget) -> Iterator[Step]:
    today = datetime.now(UTC).date()
    for one in aim.known:
        if one.expired(today):
            detail = f"{one.rule} {one.subject}: expired on {one.expires} ({one.owner})"
            yield Step(what="known failure", state=State.BROKEN, detail=detail, add=f"review it: {one.place}")
    if aim.known:
        yield Step(what="known failures", state=State.OK, detail=f"{len(aim.known)} listed")


async def _reached(
    aim: ResolvedTarget, target: Target, transports: Sequence[Transport], tell: Say
) -> tuple[Transport, ...]:
    """Try each transport at each node.

    Returns:
        those that work at every node.
    """
    pairs = [(url, transport) for url in target.urls for transport in transports]
    shaken = await asyncio.gather(
        *(shake(target, url, transport, thorough=True) for url, transport in pairs), return_exceptions=True
    )
    failed = set()
    for (url, transport), made in zip(pairs, shaken, strict=True):
        if not isinstance(made, BaseException):
            tell(Step(what="reaches", state=State.OK, detail=f"{url}{target.path} speaks Engine.IO 4 over {transport}"))
        elif isinstance(made, Unreachable):
            add = "correct realtime_urls or path; a service that is still starting: wait_for_s = 30"
            add = add if type(made) is Unreachable else ""  # The others say what to do.
            tell(Step(what="reaches", state=State.BROKEN, detail=aim.secrets.covered(str(made)), add=add))
            failed.add(transport)
        else:
            raise made
    others = [transport for transport in TRANSPORTS if transport not in transports]
    if others:
        detail = f"{' and '.join(others)}: not tried, since a service may not expect them"
        tell(Step(what="transports", state=State.SKIPPED, detail=detail, add="--transport all tries them"))
    return tuple(transport for transport in transports if transport not in failed)


def _identity(target: Target) -> Step:
    auth = target.auth
    match auth.kind:
        case "none":
            detail, add = "no token is shown", "if the service demands one: [auth] with kind = token, command or jwt"
        case "token" if not auth.tokens:
            detail = "one fixed token for everybody: who is who is only known from the roster"
            add = "" if not target.auth.token else "for an identity each: kind = jwt with a key, or kind = command"
        case "token":
            detail, add = f"a fixed token for each of {', '.join(auth.tokens)}", ""
        case "command":
            detail, add = f"tokens from {auth.command[0]!r}", ""
        case "jwt":
            detail, add = f"each actor has a token of its own, signed with {auth.algorithm}", ""
    where = f", shown in {auth.socket_place.setting}" if auth.demanded else ""
    return Step(what="identity", state=State.OK, detail=f"{detail}{where}", add=add)


def _of_auth(target: Target) -> str:
    """The settings that decide whether a socket is let in."""
    where = f" (the token was shown in {target.auth.socket_place.setting})" if target.auth.demanded else ""
    return f"see [auth]: kind, key, claims, issuer, audience, token_in{where}; and namespace"


def _sockets(result: Result, target: Target) -> Iterator[Step]:
    for verdict in result.verdicts:
        if verdict.rule == CONNECTS:
            fine = verdict.outcome is Outcome.PASS
            add = "" if fine else _of_auth(target)
            state = State.OK if fine else State.BROKEN
            yield Step(what="connects", state=state, detail=verdict.message, add=add)
    refused = [verdict for verdict in result.verdicts if verdict.rule == REFUSES]
    if refused and target.auth.demanded:
        let_in = [verdict.subject for verdict in refused if verdict.outcome is Outcome.FAIL]
        unseen = [verdict for verdict in refused if verdict.outcome is not Outcome.PASS]
        if let_in:
            yield Step(what="refuses", state=State.BROKEN, detail=f"lets in: {', '.join(dict.fromkeys(let_in))}")
        elif unseen:
            yield Step(what="refuses", state=State.MISSING, detail=unseen[0].message, add=unseen[0].hint)
        else:
            yield Step(what="refuses", state=State.OK, detail="refuses sockets with bad tokens")


def _broadcasts(result: Result) -> Iterator[Step]:
    several = len({verdict.transport for verdict in result.verdicts if verdict.rule == ARRIVES}) > 1
    for verdict in result.verdicts:
        if verdict.rule == ARRIVES:
            detail = f"{verdict.subject}: {verdict.message}" + (f" over {verdict.transport}" if several else "")
            state = {Outcome.PASS: State.OK, Outcome.FAIL: State.BROKEN}.get(verdict.outcome, State.MISSING)
            yield Step(what="broadcast", state=state, detail=detail, add=verdict.hint)
    for one in result.not_exercised:
        if one.rule == ARRIVES:
            yield Step(
                what="broadcast", state=State.MISSING, detail=f"{one.subject} is not caused by any act", add=one.reason
            )


def _rooms(result: Result, target: Target, records: list[Record]) -> Iterator[Step]:
    for record in records:
        if isinstance(record, Note) and record.remark:
            yield Step(what="observer", state=State.MISSING, detail=record.text)
    named = [verdict for verdict in result.verdicts if verdict.rule == NAMED]
    by_message = {verdict.message: verdict for verdict in named}
    for message, verdict in by_message.items():
        events = ", ".join(dict.fromkeys(one.subject for one in named if one.message == message))
        match verdict.outcome:
            case Outcome.PASS:
                yield Step(what="room names", state=State.OK, detail=f"{message}: {events}")
            case Outcome.FAIL:
                yield Step(what="room names", state=State.BROKEN, detail=f"{message}: {events}")
            case _:
                where = f"[{target.where}.observers]"
                add = f'{where} redis_url = "redis://..." where nodes share one, or admin = true'
                add = verdict.hint if set_up(target.observers) else add
                yield Step(what="room names", state=State.MISSING, detail=f"{message}: {events}", add=add)
    for verdict in result.verdicts:
        if verdict.rule == ACROSS:
            fine = verdict.outcome is Outcome.PASS
            add = "" if fine else "give every node the adapter, and the same Redis"
            detail = f"{verdict.subject}: {verdict.message}"
            yield Step(what="nodes", state=State.OK if fine else State.BROKEN, detail=detail, add=add)
    if target.triggers.base != API:
        detail = f"triggers = {target.triggers.base!r}: what HTTP stores is not judged"
        yield Step(
            what="HTTP API", state=State.OK, detail=detail, add=f'if it is there, too: triggers = "{API}" and api_url'
        )
