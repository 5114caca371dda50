"""Emits an event of a play, and waits for its answer where the play says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import aiohttp

from conformance.model.act import Emit, Filler
from conformance.model.payload import payload_of
from conformance.model.transcript import Acked, AnyEntry, Got, Sent
from conformance.model.wire import emitted, said
from conformance.stage.clients.packet_size import TooBig
from conformance.stage.resolve import Unresolved, resolved
from conformance.stage.state import Stage, miss, wait
from contracts.model import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An event that was emitted: what answers it, and the number of entries that there were before it."""

    actor: str
    answers: Callable[[AnyEntry], bool]
    since: int


async def emit(stage: Stage, step: Emit) -> AnyEntry | None:
    """Emit, and where the play says so wait for the ack, the named reply or the error that answers it."""
    asked = await send(stage, step)
    if asked is None or not step.waits or not (step.ack or step.answered):
        return None
    request = stage.run.bundle.request(step.event)
    deadline_ms = request.deadline_ms if request else 0
    return await wait(
        stage,
        step.actor,
        asked.answers,
        1,
        deadline_ms,
        f"{step.actor} got no answer to {step.event}",
        asked.since,
        briefly=stage.run.is_mute(),
    )


async def _paced(stage: Stage, step: Emit) -> None:
    """Wait until the event keeps the limits of the contract. Nothing is waited for on a connection that has ended."""
    now_s = stage.run.clock.now()
    at_s = now_s if step.above else stage.pacer.slot_s(step.actor, step.event, now_s)
    if stage.run.throttle is not None:
        at_s = stage.run.throttle.take(at_s)
    stage.pacer.take(step.actor, step.event, at_s)
    if at_s > now_s:
        await stage.log.wait(lambda entry: False, at_s - now_s, actor=step.actor)


def answered_by_value(request: Request | None) -> bool:
    """Whether the answer to a request has at least one argument."""
    if request is None or request.reply is None:
        return False
    return request.reply.form is None or bool(request.reply.form.schemas)


async def send(stage: Stage, step: Emit) -> Asked | None:
    """Emit without waiting; None where it could not be done, which is written down."""
    run, log = stage.run, stage.log
    await _paced(stage, step)
    socket = stage.sockets.get(step.actor)
    if socket is None:
        miss(stage, step.actor, f"has no socket to emit {step.event} on")
        return None
    try:
        fitted = (socket.fitted(value) if isinstance(value, Filler) else value for value in step.args)
        payload = tuple(resolved(run.bundle, stage.log, value) for value in fitted)
        args = emitted(run.bundle.request(step.like or step.event), payload)
    except (Unresolved, TooBig) as error:
        miss(stage, step.actor, f"could not emit {step.event}: {error}")
        return None
    number: int | None = None
    if step.ack:
        stage.acks += 1
        number = stage.acks
    since = len(log.entries)
    at_s = run.clock.now()
    try:
        await socket.emit(step.event, args, number, unbounded=step.above)
        log.add(
            Sent(at_s=at_s, actor=step.actor, event=step.event, args=args, ack=number, early=step.actor in stage.early)
        )
    except (TooBig, ValueError) as error:
        miss(stage, step.actor, f"could not emit {step.event}: {error}")
        return None
    except (ConnectionError, OSError, aiohttp.ClientError) as error:
        run.on_trouble()
        miss(stage, step.actor, f"could not emit {step.event}: {error}")
        return None
    if step.ack or step.answered:
        run.silence.ask(at_s)
    request = run.bundle.request(step.event)
    key = run.bundle.room.key
    asked = payload_of(payload)

    def answers(entry: AnyEntry) -> bool:
        if entry.actor != step.actor:
            return False
        if isinstance(entry, Acked):
            # An ack without a value is no answer to a request that is answered with one.
            return entry.ack == number and (bool(entry.args) or not answered_by_value(request))
        if not isinstance(entry, Got) or entry.event not in (*step.answered, run.bundle.errors):
            return False
        told = said(run.bundle, entry)
        elsewhere = isinstance(told, dict) and isinstance(asked, dict) and told.get(key, asked.get(key))
        # A reply that names another room answers another request of this socket.
        return not isinstance(asked, dict) or not elsewhere or elsewhere == asked.get(key)

    return Asked(actor=step.actor, answers=answers, since=since)
