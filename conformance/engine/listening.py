"""Listens to a running service for a while: a few sockets that emit what they are told, and write down what comes."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance.model.act import Transport
from conformance.model.transcript import UNCONNECTED, AnyEntry, Missed, Opened, Refused, Sent, Transcript
from conformance.stage.clients.login import Refusal
from conformance.stage.clients.packet_size import TooBig
from conformance.stage.clients.reach import awaited
from conformance.stage.clients.recorder import Clock, Recorder
from conformance.stage.clients.socket import Socket
from conformance.stage.clients.tokens import Minter, knocking
from conformance.stage.observing.observatory import observatory
from conformance.stage.observing.observer import Watch
from conformance.support.errors import Unreachable
from conformance.target.secrets import Secrets
from conformance.target.target import Person, Target
from contracts.model import Bundle
from contracts.roomless import no_contracts

ACTORS = ("ann", "bob", "eve")
"""The sockets that listen: the first two emit, so that what comes to the third is sent to everyone."""
EMITTING = 2
GAP_S = 0.5
"""Between two things that one socket emits: what follows each of them can be told apart."""
TRANSPORT: Transport = "websocket"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenRequest:
    """Where is listened, for how long, and what is emitted meanwhile."""

    target: Target
    seconds: float
    emits: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    secrets: Secrets = field(default_factory=Secrets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listened:
    """What came, and what is worth knowing of how."""

    transcript: Transcript
    remarks: tuple[str, ...] = ()


async def listen(order: ListenRequest) -> Listened:
    """Listen to a service.

    Raises:
        Unreachable: it does not answer as a Socket.IO service, or lets nobody in.
    """
    nonce = secrets.token_hex(7)
    minter = Minter(order.target.auth, order.secrets)
    bundle = no_contracts(order.target.path, order.target.namespace)
    target = await knocking(order.target, minter, f"rc-{nonce}", bundle.socket_role)
    reached = await awaited(target, (TRANSPORT,), target.wait_for_s)
    clock, lost = Clock(), asyncio.Event()
    log = Recorder(clock, lost)
    watching = observatory(
        Watch(
            bundle=bundle, target=target, transport=reached.probe(TRANSPORT), clock=clock, nonce=nonce, ids=(),
            on_lost=lambda *_: None,
        )
    )  # fmt: skip
    await watching.start()
    sockets: list[Socket] = []
    try:
        for actor in ACTORS:
            await _connect(actor, target, minter, bundle, log, sockets)
        if not sockets:
            why = next((str(getattr(one, "message", getattr(one, "what", ""))) for one in log.entries), "")
            raise Unreachable(order.secrets.covered(f"{target.urls[0]}: no socket could connect: {why}"))
        await _emit_all(order.emits, sockets[:EMITTING], log)
        await log.wait(lambda entry: False, order.seconds)
        seen = await watching.seen((), log.entries)
    finally:
        await asyncio.gather(*(socket.close() for socket in sockets), return_exceptions=True)
        await watching.stop()
    entries: list[AnyEntry] = sorted([*log.entries, *seen], key=lambda entry: entry.at_s)
    made = Transcript(
        act="listening",
        rooms=(),
        entries=tuple(entries),
        began_s=0.0,
        ended_s=clock.now(),
        epoch_s=clock.epoch_s,
        reset_epochs_s=clock.reset_epochs_s(),
    )
    return Listened(transcript=order.secrets.cover_transcript(made), remarks=tuple(watching.notes))


async def _connect(
    actor: str, target: Target, minter: Minter, bundle: Bundle, log: Recorder, sockets: list[Socket]
) -> None:
    minted = await minter.mint(Person(user=f"rc-listening-{actor}", role=bundle.socket_role), "own")
    presented = target.auth.place_of(0).presented(minted.token)
    socket = Socket(actor, log, lambda: None, target.parser)
    try:
        await socket.open(target, target.urls[len(sockets) % len(target.urls)], TRANSPORT, presented)
    except Refusal as error:
        log.add(Refused(at_s=log.clock.now(), actor=actor, token="own", message=str(error), data=error.data))
        return
    except ConnectionError as error:
        log.add(Missed(at_s=log.clock.now(), actor=actor, what=f"{UNCONNECTED}{error}"))
        return
    sockets.append(socket)
    log.add(
        Opened(
            at_s=socket.opened_s, asked_s=socket.asked_s, actor=actor, socket=socket.id, user=minted.user,
            token="none" if minted.token is None else "own", namespace=target.namespace,
        )
    )  # fmt: skip


async def _emit_all(emits: Sequence[tuple[str, tuple[Any, ...]]], sockets: Sequence[Socket], log: Recorder) -> None:
    """Emit everything by each socket, in order, and wait a moment after each for what comes of it."""
    number = 0
    for event, args in emits:
        for socket in sockets:
            number += 1
            if not socket.connected:
                continue
            log.add(Sent(at_s=log.clock.now(), actor=socket.actor, event=event, args=args, ack=number))
            try:
                await socket.emit(event, args, number)
            except (ConnectionError, TooBig) as error:
                log.add(Missed(at_s=log.clock.now(), actor=socket.actor, what=f"could not emit {event}: {error}"))
            await log.wait(lambda entry: False, GAP_S)
