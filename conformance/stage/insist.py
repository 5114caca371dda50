"""What is done at once, again and again, or with caution, where a service may not be ready yet."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable

from conformance.model.act import Await, Burst, Connect, Emit, Insist, Request, Step
from conformance.model.payload import flat, id_of
from conformance.model.transcript import AnyEntry, Got, Opened
from conformance.model.wire import said
from conformance.plan.promises import hail
from conformance.stage.clients.socket import Socket
from conformance.stage.emit import send
from conformance.stage.state import OBSERVED, Owed, Stage

FIRST_PAUSE_S = 0.02
"""After the first try; each pause after it is twice as long, so that a slow service is not asked ever faster."""

CAUTIOUS = 3
"""How many times as long as was measured is waited where nothing tells that a service is ready."""

FEW = 3
"""Tries where others of the same act had no effect."""

MOST_FAILED = 5
"""Calls that the service did not take after which no further one is tried: it has had half a second to begin."""

LEAST_S = 0.3
"""And how long at least: what was measured on a calm machine takes longer on a busy one."""


async def greet(stage: Stage, step: Connect, socket: Socket) -> None:
    """Emit what an actor emits in the moment of connecting. What answers it is waited for at the end of the act."""
    stage.sockets[step.actor] = socket
    now_s = stage.run.clock.now()
    stage.early.add(step.actor)
    for emit in step.at_once:
        if stage.pacer.slot_s(step.actor, emit.event, now_s) > now_s:
            continue  # Sent later, it would not be early.
        asked = await send(stage, emit)
        if asked is None or not (emit.ack or emit.answered):
            continue
        request = stage.run.bundle.request(emit.event)
        full_s = stage.run.deadline_s(request.deadline_ms if request else 0) * OBSERVED
        stage.greeted.append(
            Owed(actor=step.actor, wanted=asked.answers, count=1, began_s=now_s, until_s=now_s + full_s)
        )
    stage.early.discard(step.actor)


async def burst(stage: Stage, step: Burst, take: Callable[[Stage, Step], Awaitable[None]]) -> None:
    """Emit all at once, between two pauses in which the service forgets what the socket sent before."""
    await _rest(stage, step.actor)
    for emit in step.emits:
        await send(stage, emit)
    await _rest(stage, step.actor)
    for inner in step.then if not stage.log.ended(step.actor) else ():
        await take(stage, inner)


async def _rest(stage: Stage, actor: str) -> None:
    now_s = stage.run.clock.now()
    await stage.log.wait(lambda entry: False, stage.pacer.rested_s(actor, now_s) - now_s, actor=actor)


def unanswered(stage: Stage) -> list[Owed]:
    """What was emitted in the moment of connecting and has no answer yet."""
    return [owed for owed in stage.greeted if not any(map(owed.wanted, stage.log.entries))]


async def insist(stage: Stage, step: Insist, take: Callable[[Stage, Step], Awaitable[None]]) -> None:
    """Try until one of the tries has had its effect."""
    if step.early:
        stage.early.add(step.actor)
    wanted: list[Callable[[AnyEntry], bool]] = []
    since, pause_s = len(stage.log.entries), FIRST_PAUSE_S
    tries = step.tries[:FEW] if stage.vain else step.tries
    # With short deadlines nothing is waited for longer than one.
    most_s = math.inf if stage.run.timeout_s is None else max(stage.run.timeout_s, LEAST_S)

    def had_effect(entry: AnyEntry) -> bool:
        return any(fits(entry) for fits in wanted)

    for number, attempt in enumerate(tries):
        if step.heard:
            await take(stage, attempt)
            wanted.append(awaited(stage, step.heard[number], step.actor))
        elif isinstance(attempt, Emit):
            asked = await send(stage, attempt)
            wanted += [asked.answers] if asked else []
        if await stage.log.wait(had_effect, min(pause_s, most_s), since=since, actor=step.actor, count=step.count):
            break
        if stage.run.is_mute() or _is_vain(stage, step, number + 1):
            break
        pause_s *= 2
    else:
        stage.vain = True
    stage.early.discard(step.actor)


def _is_vain(stage: Stage, step: Insist, tried: int) -> bool:
    """Whether all tries are calls, and enough were answered otherwise than documented, or none is made any more."""
    is_enough = stage.run.api.is_given_up or (tried >= MOST_FAILED and stage.calls.none_taken)
    return is_enough and all(isinstance(attempt, Request) for attempt in step.tries)


async def heed(stage: Stage, actor: str) -> None:
    """Wait until the service listens to a socket that has just connected, where it was seen to do so later only."""
    listens_s = stage.run.caution.listens_s
    if not listens_s or stage.act.sounding:
        return
    asking = hail(stage.run.bundle, stage.act.rooms[0], actor)
    if asking is not None:
        await insist(stage, asking, _never)
    else:
        await pause(stage, max(CAUTIOUS * listens_s, LEAST_S))


async def pause(stage: Stage, pause_s: float) -> None:
    """Let a time go by that was measured in this run."""
    await stage.log.wait(lambda entry: False, pause_s)


async def _never(stage: Stage, step: Step) -> None:
    raise TypeError("a question is answered, and no other effect of it is waited for")


def awaited(stage: Stage, step: Await, actor: str) -> Callable[[AnyEntry], bool]:
    """What an actor waits for."""
    key = stage.run.bundle.room.key
    broadcast = stage.run.bundle.broadcast(step.event)
    # What does not go to one room names none, or another, and what the socket remembers is not named.
    in_room = broadcast is None or stage.run.bundle.names_room(broadcast)
    about = known_by(stage, step.about) if step.about is not None else None

    def wanted(entry: AnyEntry) -> bool:
        if not isinstance(entry, Got) or entry.actor != actor or entry.event != step.event:
            return False
        payload = said(stage.run.bundle, entry)
        if not isinstance(payload, dict) or (in_room and payload.get(key) != step.room):
            return False
        if about is not None and about.isdisjoint(filter(None, map(id_of, flat(payload).values()))):
            return False
        return all(payload.get(name) == value for name, value in step.match.items())

    return wanted


def known_by(stage: Stage, actor: str) -> frozenset[str]:
    """The user and the socket that an actor is known by."""
    opened = [entry for entry in stage.log.entries if isinstance(entry, Opened) and entry.actor == actor]
    return frozenset(name for entry in opened for name in (entry.socket, entry.user) if name is not None)
