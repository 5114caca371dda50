"""Performs one act: each step is taken, waited for where the play says so, and written down.

Nothing is judged here, and nothing is slept for: every wait is for a fact, with a deadline.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import assert_never

import aiohttp

from conformance.model import (
    Acked,
    Act,
    AnyEntry,
    Await,
    Called,
    Connect,
    Disconnect,
    Emit,
    Enter,
    Exit,
    Got,
    How,
    InOrder,
    Marked,
    Missed,
    Opened,
    Refused,
    Request,
    Sent,
    Step,
    Together,
    Token,
    Transcript,
    Transport,
)
from conformance.presence import payload_of, roster_of
from conformance.stage.api import Api
from conformance.stage.heartbeat import Heartbeat
from conformance.stage.log import Clock, Log
from conformance.stage.resolve import Unresolved, resolved
from conformance.stage.socket import Refusal, Socket
from conformance.target import Target
from contracts.model import Bundle

OBSERVED = 1.5
"""Deadlines that a wait lasts: half as long again tells what came late from what never came."""

MOST_RENEWED = 4
"""Deadlines that a wait lasts at most, where the service goes on telling other things meanwhile."""

IMPATIENT_S = 0.15
"""A wait after a first one went in vain. Nothing is judged by it: what is owed is waited for, to its full
deadline, at the end of the act."""

ROSTER_PAUSE_S = 0.02
"""Between two looks at a roster that does not say yet what it should."""

SOCKET_ROLE = "CITIZEN"


@dataclass(slots=True, kw_only=True)
class Run:
    """What the acts of one run share."""

    bundle: Bundle
    target: Target
    transport: Transport
    nonce: str
    clock: Clock
    api: Api
    lost: asyncio.Event
    heartbeat: Heartbeat
    timeout_s: float | None = None
    roster_trusted: bool = True
    """False once the roster failed to tell what is certain; then nobody waits for it at length again."""
    on_trouble: Callable[[], None] = lambda: None
    """Called when something broke off in a way that a dead service would explain."""

    def deadline_s(self, deadline_ms: int) -> float:
        """The wait that is granted: the contract's, or the one that a person set."""
        return self.timeout_s or deadline_ms / 1000


@dataclass(slots=True, kw_only=True)
class _Owed:
    wanted: Callable[[AnyEntry], bool]
    count: int
    began_s: float
    until_s: float


@dataclass(slots=True, kw_only=True)
class _Stage:
    run: Run
    act: Act
    log: Log
    sockets: dict[str, Socket] = field(default_factory=dict)
    acks: int = 0
    owed: list[_Owed] = field(default_factory=list)


async def perform(run: Run, act: Act) -> Transcript:
    """Play an act and return its transcript. Only a fault of our own ends it early, and it says so."""
    stage = _Stage(run=run, act=act, log=Log(run.clock, run.lost))
    began_s = run.clock.now()
    broke: str | None = None
    try:
        for step in act.steps:
            await _take(stage, step)
        await _settle(stage)
    except Exception as error:  # noqa: BLE001
        # The run goes on with the other acts; this one is reported as our fault, with its reason.
        broke = f"{type(error).__name__}: {error}"
    ended_s = run.clock.now()
    entries = tuple(sorted(stage.log.entries, key=lambda entry: entry.at_s))
    for ending in await asyncio.gather(*(s.close() for s in stage.sockets.values()), return_exceptions=True):
        if isinstance(ending, BaseException):
            broke = broke or f"a connection could not be ended: {type(ending).__name__}: {ending}"
    return Transcript(
        act=act.name,
        rooms=act.rooms,
        entries=entries,
        began_s=began_s,
        ended_s=ended_s,
        transport=run.transport,
        epoch_s=run.clock.epoch_s,
        timeout_s=run.timeout_s,
        stalls=tuple(stall for stall in run.heartbeat.stalls if began_s <= stall[0] + stall[1] and stall[0] <= ended_s),
        broke=broke,
    )


async def _take(stage: _Stage, step: Step) -> None:
    match step:
        case Connect():
            await _connect(stage, step)
        case Disconnect():
            await _disconnect(stage, step)
        case Emit():
            await _emit(stage, step)
        case Enter():
            await _enter(stage, step)
        case Exit():
            await _exit(stage, step)
        case Request():
            await _request(stage, step)
        case Await():
            await asyncio.gather(*(_await_one(stage, step, actor) for actor in step.actors))
        case Together():
            await asyncio.gather(*(_take(stage, inner) for inner in step.steps))
        case InOrder():
            for inner in step.steps:
                await _take(stage, inner)
        case _:
            assert_never(step)


def _miss(stage: _Stage, actor: str, what: str) -> None:
    stage.log.add(Missed(at_s=stage.run.clock.now(), actor=actor, what=what))


async def _connect(stage: _Stage, step: Connect) -> None:
    run = stage.run
    user = f"rc-{run.nonce}-{stage.act.name}-{step.like or step.actor}"
    token = run.target.auth.mint(user, SOCKET_ROLE, step.token)
    if token is None and step.token in ("own", "none"):
        shown: Token = "none"
    elif token is None:
        return _miss(stage, step.actor, f"no {step.token} token can be made from a fixed one")
    else:
        shown = step.token
    socket = Socket(step.actor, stage.log, run.on_trouble)
    try:
        await socket.open(run.target, run.transport, token)
    except Refusal as refusal:
        stage.log.add(Refused(at_s=run.clock.now(), actor=step.actor, token=shown, message=str(refusal)))
        return None
    except ConnectionError as error:
        run.on_trouble()
        if step.token in ("own", "none"):
            return _miss(stage, step.actor, f"could not connect: {error}")
        # With a bad token this is a refusal, if not in the documented way.
        stage.log.add(Refused(at_s=run.clock.now(), actor=step.actor, token=shown, message=str(error)))
        return None
    stage.sockets[step.actor] = socket
    known = run.target.auth.user_of(user) if shown == "own" else None
    stage.log.add(Opened(at_s=run.clock.now(), actor=step.actor, socket=socket.id, user=known, token=shown))
    return None


async def _disconnect(stage: _Stage, step: Disconnect) -> None:
    socket = stage.sockets.pop(step.actor, None)
    if socket:
        await socket.close()


async def _emit(stage: _Stage, step: Emit) -> AnyEntry | None:
    """Emit, and where the play says so wait for the ack, the named reply or the error that answers it."""
    run, log = stage.run, stage.log
    socket = stage.sockets.get(step.actor)
    if socket is None:
        _miss(stage, step.actor, f"has no socket to emit {step.event} on")
        return None
    try:
        args = tuple(resolved(run.bundle, stage.log, value) for value in step.args)
    except Unresolved as error:
        _miss(stage, step.actor, f"could not emit {step.event}: {error}")
        return None
    number: int | None = None
    if step.ack:
        stage.acks += 1
        number = stage.acks
    since = len(log.entries)
    at_s = run.clock.now()
    try:
        await socket.emit(step.event, args, number)
        log.add(Sent(at_s=at_s, actor=step.actor, event=step.event, args=args, ack=number))
    except (ConnectionError, OSError, aiohttp.ClientError) as error:
        run.on_trouble()
        _miss(stage, step.actor, f"could not emit {step.event}: {error}")
        return None
    if not step.ack and not step.answered:
        return None
    request = run.bundle.request(step.event)
    deadline_ms = request.deadline_ms if request else 0

    key = run.bundle.room.key
    asked = payload_of(args)

    def answers(entry: AnyEntry) -> bool:
        if entry.actor != step.actor:
            return False
        if isinstance(entry, Acked):
            # An ack without a value is no answer to a request that is answered with one.
            return entry.ack == number and (bool(entry.args) or request is None or request.reply is None)
        if not isinstance(entry, Got) or entry.event not in (*step.answered, run.bundle.errors):
            return False
        said = payload_of(entry.args)
        elsewhere = isinstance(said, dict) and isinstance(asked, dict) and said.get(key, asked.get(key))
        # A reply that names another room answers another request of this socket.
        return not isinstance(asked, dict) or not elsewhere or elsewhere == asked.get(key)

    return await _wait(stage, answers, 1, deadline_ms, f"{step.actor} got no answer to {step.event}", since)


async def _request(stage: _Stage, step: Request) -> None:
    run = stage.run
    if step.token in ("forged", "expired") and run.api.token(step.token) is None:
        return _miss(stage, "http", f"no {step.token} token can be made from a fixed one")
    try:
        params = {name: resolved(run.bundle, stage.log, value) for name, value in step.params.items()}
        body = resolved(run.bundle, stage.log, step.body)
    except Unresolved as error:
        return _miss(stage, "http", f"could not call {step.call}: {error}")
    entry = await run.api.call(stage.log, step, params, body)
    if entry.status is None:
        run.on_trouble()
    return None


async def _await_one(stage: _Stage, step: Await, actor: str) -> None:
    key = stage.run.bundle.room.key

    def wanted(entry: AnyEntry) -> bool:
        if not isinstance(entry, Got) or entry.actor != actor or entry.event != step.event:
            return False
        payload = payload_of(entry.args)
        if not isinstance(payload, dict) or payload.get(key) != step.room:
            return False
        return all(payload.get(name) == value for name, value in step.match.items())

    broadcast = stage.run.bundle.broadcast(step.event)
    deadline_ms = broadcast.deadline_ms if broadcast else 0
    await _wait(stage, wanted, step.count, deadline_ms, f"{actor} did not get {step.event}")


async def _wait(
    stage: _Stage, wanted: Callable[[AnyEntry], bool], count: int, deadline_ms: int, what: str, since: int = 0
) -> AnyEntry | None:
    """Wait for a fact; after the first that did not come, briefly, leaving the rest to the end of the act."""
    run = stage.run
    full_s = run.deadline_s(deadline_ms) * OBSERVED
    began_s = run.clock.now()
    found = await stage.log.wait(wanted, min(full_s, IMPATIENT_S) if stage.owed else full_s, count=count, since=since)
    while found is None and not stage.owed and run.clock.now() < began_s + MOST_RENEWED * full_s:
        # What was asked before may still be on its way: only a service that says nothing more has ignored it.
        quiet_s = run.clock.now() - stage.log.heard_s
        if quiet_s >= full_s:
            break
        found = await stage.log.wait(wanted, full_s - quiet_s, count=count, since=since)
    if found is None:
        _miss(stage, "stage", what)
        stage.owed.append(_Owed(wanted=wanted, count=count, began_s=began_s, until_s=began_s + full_s))
    return found


async def _settle(stage: _Stage) -> None:
    """Give everything that is still owed its full deadline, and what our own side was held up meanwhile on top."""
    await asyncio.gather(*(_settle_one(stage, owed) for owed in stage.owed))


async def _settle_one(stage: _Stage, owed: _Owed) -> None:
    run = stage.run
    while not run.lost.is_set():
        left_s = owed.until_s + run.heartbeat.stalled_s(owed.began_s) - run.clock.now()
        if left_s <= 0 or await stage.log.wait(owed.wanted, left_s, count=owed.count):
            return


async def _enter(stage: _Stage, step: Enter) -> None:
    """Emit the join, then make sure of it by the roster."""
    await _emit(stage, Emit(actor=step.actor, event=step.event, args=(step.payload,), ack=_acked(stage, step.event)))
    socket = stage.sockets.get(step.actor)
    if socket is None:
        return
    listed = await _roster_says(stage, step.actor, step.room, socket.id, present=True)
    how: How = "roster" if listed else "ack" if _acked(stage, step.event) else "assumed"
    stage.log.add(Marked(at_s=stage.run.clock.now(), actor=step.actor, mark="in", room=step.room, how=how))


def _acked(stage: _Stage, event: str) -> bool:
    request = stage.run.bundle.request(event)
    return bool(request and request.reply and request.reply.ack)


async def _exit(stage: _Stage, step: Exit) -> None:
    """Take the step that ends a membership, then make sure of it by another member's roster."""
    socket = stage.sockets.get(step.actor)
    before = len(stage.log.entries)
    await _take(stage, step.step)
    refused = any(
        isinstance(entry, Called) and entry.status not in stage.run.bundle.calls[entry.call].status
        for entry in stage.log.entries[before:]
        if isinstance(step.step, Request)
    )
    if socket is None or refused:
        return
    gone = False
    if step.watcher:
        gone = await _roster_says(stage, step.watcher, step.room, socket.id, present=False)
    how: How = "roster" if gone else "assumed"
    stage.log.add(Marked(at_s=stage.run.clock.now(), actor=step.actor, mark="out", room=step.room, how=how))


async def _roster_says(stage: _Stage, asker: str, room: str, socket_id: str, *, present: bool) -> bool:
    """Ask for the roster until it says that the socket is there, or gone; False when time is up."""
    run = stage.run
    request = run.bundle.roster_request()
    if request is None or request.reply is None or request.reply.roster is None:
        return False
    until_s = run.clock.now() + (run.deadline_s(request.deadline_ms) if run.roster_trusted else IMPATIENT_S)
    example = request.examples.valid[0] if request.examples.valid else {}
    ask = Emit(
        actor=asker,
        event=request.event,
        args=({**example, run.bundle.room.key: room},),
        ack=request.reply.ack,
        answered=(request.reply.event,) if request.reply.event else (),
    )
    answered = False
    while not run.lost.is_set():
        answer = await _emit(stage, ask)
        if answer is not None and not answered and run.roster_trusted:
            # The first answer shows that what was sent before it has been taken: the deadline runs from here.
            answered, until_s = True, run.clock.now() + run.deadline_s(request.deadline_ms)
        is_roster = isinstance(answer, Acked) or (isinstance(answer, Got) and answer.event in ask.answered)
        members = roster_of(request.reply.roster, payload_of(answer.args)) if isinstance(answer, Acked | Got) else []
        if is_roster and any(listed == socket_id for listed, _ in members) is present:
            return True
        if run.clock.now() >= until_s or asker not in stage.sockets:
            break
        await stage.log.wait(lambda entry: False, ROSTER_PAUSE_S)
    run.roster_trusted = False
    return False
