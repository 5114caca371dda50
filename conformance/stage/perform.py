"""Performs one act: each step is taken, waited for where the play says so, and written down.

Nothing is judged here, and nothing is slept for: every wait is for a fact, with a deadline.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any, assert_never

from conformance.analysis.room_names import names_for
from conformance.model.act import (
    Act,
    Await,
    Burst,
    Calm,
    Connect,
    Disconnect,
    Emit,
    Enter,
    Exit,
    InOrder,
    Insist,
    Look,
    Request,
    Step,
    Together,
    Token,
)
from conformance.model.payload import roster_of
from conformance.model.transcript import (
    UNCONNECTED,
    UNSHOWN,
    Acked,
    Called,
    Got,
    How,
    Marked,
    Refused,
    Transcript,
)
from conformance.model.wire import is_documented, is_refusal, said
from conformance.plan.payloads import valid_payload
from conformance.stage.clients.intake import Meter
from conformance.stage.clients.login import Refusal
from conformance.stage.clients.recorder import Recorder
from conformance.stage.clients.socket import Socket
from conformance.stage.emit import emit
from conformance.stage.fence import ask, fence
from conformance.stage.insist import CAUTIOUS, LEAST_S, awaited, burst, greet, heed, insist, pause, unanswered
from conformance.stage.opening import first_room, node_of, opened, turn_of, was_taken
from conformance.stage.resolve import Unresolved, resolved
from conformance.stage.silence import noting
from conformance.stage.state import IMPATIENT_S, Run, Stage, calm, miss, settle, wait
from conformance.support.descriptors import OutOfDescriptors
from conformance.support.errors import UsageError
from conformance.target.target import Person

ROSTER_PAUSE_S = 0.02
"""Between the first two looks at a roster that does not say yet what it should; each further pause is twice as long."""

ROSTER_REST_S = 0.25
"""The longest of these pauses: a slow service is not asked a hundred times for what one answer a second would tell."""

MOST_REFUSED = 4
"""Refusals in a row after which a roster is not asked for again. Some services refuse it to who is not in the room yet:
with the longest pause between them, a join has most of a second to have its effect."""


RECONNECT_S = 0.5
"""After which an actor whose connection was lost comes back: the least of the official client's, whose
`reconnectionDelay` of 1 s is randomized by a half. A server may notice the loss only then."""


async def perform(run: Run, act: Act) -> Transcript:
    """Play an act and return its transcript. Only a fault of our own ends it early, and it says so."""
    stage = Stage(
        run=run, act=act, log=Recorder(run.clock, run.lost, Meter(whole=run.meter), noting(run.silence, run.bundle))
    )
    stage.overdue = partial(ask, stage)
    began_s = run.clock.now()
    broke: str | None = None
    stage.come()
    try:
        await run.observatory.expect(names_for(run.bundle.room, act.rooms))
        for step in act.steps:
            await _take(stage, step)
        stage.owed += unanswered(stage)
        if stage.owed:
            await settle(stage)
            # What did not come may have gone to another room than the members are in.
            await run.observatory.look()
            stage.owed.clear()
            await fence(stage, _take)
    except OutOfDescriptors as error:
        broke = str(error)
        run.shortage.append(broke)
        run.lost.set()
    except Exception as error:  # noqa: BLE001
        # The run goes on with the other acts; this one is reported as our fault, with its reason.
        broke = f"{type(error).__name__}: {error}"
    finally:
        stage.go()
    ended_s = run.clock.now()
    seen = await run.observatory.seen(act.rooms, stage.log.entries)
    entries = tuple(sorted([*stage.log.entries, *seen], key=lambda entry: entry.at_s))
    for ending in await asyncio.gather(*(s.close() for s in stage.sockets.values()), return_exceptions=True):
        if isinstance(ending, BaseException):
            broke = broke or f"a connection could not be ended: {type(ending).__name__}: {ending}"
    transcript = Transcript(
        act=act.name,
        rooms=act.rooms,
        entries=entries,
        began_s=began_s,
        ended_s=ended_s,
        transport=run.transport,
        epoch_s=run.clock.epoch_s,
        reset_epochs_s=run.clock.reset_epochs_s(),
        timeout_s=run.timeout_s,
        stalls=tuple(stall for stall in run.heartbeat.stalls if began_s <= stall[0] + stall[1] and stall[0] <= ended_s),
        broke=broke,
        watched_by=run.observatory.watching,
        blind=run.observatory.blind,
        watchers=run.observatory.watchers,
        part=act.part,
    )
    return run.secrets.cover_transcript(transcript)


async def _take(stage: Stage, step: Step) -> None:
    match step:
        case Connect():
            await _connect(stage, step)
        case Disconnect():
            await _disconnect(stage, step)
        case Emit():
            await emit(stage, step)
        case Enter():
            await (_enter if step.event else _arrived)(stage, step)
        case Exit():
            await _exit(stage, step)
        case Request():
            await _request(stage, step)
        case Look() | Calm() | Insist() | Burst():
            await _mind(stage, step)
        case Await():
            await asyncio.gather(*(_await_one(stage, step, actor) for actor in step.actors))
        case Together():
            await asyncio.gather(*(_take(stage, inner) for inner in step.steps))
        case InOrder():
            for inner in step.steps:
                await _take(stage, inner)
        case _:
            assert_never(step)


async def _mind(stage: Stage, step: Look | Calm | Insist | Burst) -> None:
    """Steps that mind what goes on besides what the actors do."""
    match step:
        case Look():
            await stage.run.observatory.look()
        case Calm():
            await calm(stage)
        case Insist():
            await insist(stage, step, _take)
        case Burst():
            await burst(stage, step, _take)


async def _connect(stage: Stage, step: Connect) -> None:
    run = stage.run
    user = str(step.user or f"rc-{run.nonce}-{stage.act.name}-{step.like or step.actor}")
    role = run.target.auth.socket_role or run.bundle.socket_role
    sos = first_room(stage.act.steps, step.actor) or stage.act.rooms[0]
    person = Person(user=user, role=role, sos=sos, has_number=isinstance(step.user, int))
    session = stage.sessions.get(step.resumes or "")
    if session is not None:
        await pause(stage, RECONNECT_S)
    url = session.node if session else node_of(stage, step)
    try:
        minted = await run.minter.mint(person, step.token)
    except UsageError as error:
        return miss(stage, step.actor, str(error))
    token = minted.token
    if token is None and step.token in ("own", "none"):
        shown: Token = "none"
    elif token is None:
        return miss(stage, step.actor, f"no {step.token} token can be made from a fixed one")
    else:
        shown = step.token
    place = run.target.auth.place_of(turn_of(stage, step))
    presented = place.presented(token)
    presented = presented.beside(step.auth, step.query)
    if session is not None:
        presented = presented.beside(session.auth(), {})
    if token is None and step.token == "none" and place.at == "event":
        # Such a service takes the connection, and cannot refuse what is not shown.
        return miss(stage, step.actor, f"{UNSHOWN} {place.name} is not emitted without a token")
    socket = Socket(step.actor, stage.log, run.on_trouble, run.target.parser, run.bundle.answers)
    socket.stated_bytes = run.bundle.max_payload_bytes
    if session is not None:
        # What was missed comes before the answer that confirms the connection.
        socket.session.pid = session.pid

    def refused(message: str, data: Any = None) -> None:
        entry = Refused(
            at_s=run.clock.now(), actor=step.actor, token=shown, message=message, data=data, place=presented.place
        )
        stage.log.add(entry)

    try:
        first = partial(greet, stage, step, socket) if step.at_once else None
        target = replace(run.target, namespace=step.namespace) if step.namespace else run.target
        await socket.open(target, url, run.transport, presented, first, run.connect_s())
    except Refusal as refusal:
        return refused(str(refusal), refusal.data)
    except ConnectionError as error:
        run.timed_out = run.timed_out or isinstance(error.__cause__, TimeoutError)
        run.on_trouble()
        if step.token == "own" or not run.target.auth.demanded:
            return miss(stage, step.actor, f"{UNCONNECTED}{error}")
        # With a bad token, or none where one is demanded, this is a refusal, if not in the documented way.
        return refused(str(error))
    run.confirmed = True
    stage.sockets[step.actor] = socket
    socket.session.node = url
    known = minted.user if shown == "own" else None
    stage.log.add(opened(stage, step, socket, shown, known))
    await heed(stage, step.actor)
    return None


async def _disconnect(stage: Stage, step: Disconnect) -> None:
    socket = stage.sockets.pop(step.actor, None)
    if socket and step.abrupt:
        stage.sessions[step.actor] = socket.session
        await socket.lose()
    elif socket:
        await socket.close()


async def _request(stage: Stage, step: Request) -> None:
    run = stage.run
    now_s = run.clock.now()
    at_s = run.throttle.take(now_s) if run.throttle is not None else now_s
    if at_s > now_s:
        await stage.log.wait(lambda entry: False, at_s - now_s)
    try:
        if step.token in ("forged", "expired") and await run.api.token(step.token) is None:
            return miss(stage, "http", f"no {step.token} token can be made from a fixed one")
        params = {name: resolved(run.bundle, stage.log, value) for name, value in step.params.items()}
        body = resolved(run.bundle, stage.log, step.body)
        with stage.calls.making(step.call) as outcome:
            entry = await run.api.call(stage.log, step, params, body)
            call = run.bundle.calls[step.call]
            outcome.taken = entry.status in call.status
            outcome.unread = outcome.taken and isinstance(entry.answer, str) and not call.answer.is_valid(entry.answer)
    except OutOfDescriptors:
        raise
    except (Unresolved, UsageError) as error:
        return miss(stage, "http", f"could not call {step.call}: {error}")
    if entry.status is None:
        run.on_trouble()
    return None


async def _await_one(stage: Stage, step: Await, actor: str) -> None:
    broadcast = stage.run.bundle.broadcast(step.event)
    deadline_ms = broadcast.deadline_ms if broadcast else 0
    # What comes by a schedule comes after its period, however short the deadlines are.
    more_s = step.count * (broadcast.causes.every_s or 0.0) if broadcast else 0.0
    wanted, what = awaited(stage, step, actor), f"{actor} did not get {step.event}"
    if broadcast and stage.calls.all_failed(broadcast.causes) and not any(map(wanted, stage.log.entries)):
        # Nothing has caused it: it is neither owed nor waited for.
        return miss(stage, "stage", f"{what}, which no call has caused: none was answered as documented")
    # A service that answers what nobody can read has most likely failed over the call: what it causes is waited for at
    # the end alone, together with all else that is owed.
    briefly = stage.vain or (broadcast is not None and stage.calls.all_doubtful(broadcast.causes))
    await wait(stage, actor, wanted, step.count, deadline_ms, what, more_s=more_s, briefly=briefly)
    return None


async def _enter(stage: Stage, step: Enter) -> None:
    """Emit the join, then make sure of it by the roster. A socket whose connection ended is in no room."""
    request = stage.run.bundle.request(step.event)
    reply = request.reply if request else None
    named = (reply.event,) if reply and reply.event else ()
    join = Emit(actor=step.actor, event=step.event, args=(step.payload,), ack=bool(reply and reply.ack), answered=named)
    answer = await emit(stage, join)
    socket = stage.sockets.get(step.actor)
    if socket is None or not socket.connected or (answer is not None and is_refusal(stage.run.bundle, answer)):
        return
    listed = await _roster_says(stage, step.actor, step.room, socket.id, present=True)
    if not socket.connected:
        return
    said_so = isinstance(answer, Acked) or (isinstance(answer, Got) and answer.event in named)
    promised = said_so and is_documented(stage.run.bundle, answer) and reply is not None and reply.confirms_entry
    if said_so and not listed and stage.run.caution.joins_s:
        await pause(stage, max(CAUTIOUS * stage.run.caution.joins_s, LEAST_S))
    # A sounding has yet to show what an answer is worth.
    trusted = promised and not stage.run.caution.joins_s and not stage.act.sounding
    how: How = "roster" if listed else "ack" if trusted else "assumed"
    stage.log.add(Marked(at_s=stage.run.clock.now(), actor=step.actor, mark="in", room=step.room, how=how))


async def _arrived(stage: Stage, step: Enter) -> None:
    """Make sure, by the roster, of a membership that the connection or a call began: the contract promises it."""
    socket = stage.sockets.get(step.actor)
    if socket is None or not socket.connected or (step.call and not was_taken(stage, step)):
        return
    listed = await _roster_says(stage, step.actor, step.room, socket.id, present=True)
    entry = stage.run.bundle.room.entry
    # A room of the user is entered by who shows a token that names the user.
    known = entry is None or entry.at != "service" or stage.run.target.auth.kind in ("jwt", "command")
    how: How = "roster" if listed else "ack" if known else "assumed"
    stage.log.add(Marked(at_s=stage.run.clock.now(), actor=step.actor, mark="in", room=step.room, how=how))


async def _exit(stage: Stage, step: Exit) -> None:
    """Take the step that ends a membership, then make sure of it by another member's roster."""
    run = stage.run
    socket = stage.sockets.get(step.actor)
    before = len(stage.log.entries)
    await _take(stage, step.step)
    refused = any(
        (isinstance(entry, Called) and entry.status not in run.bundle.calls[entry.call].status)
        if isinstance(step.step, Request)
        else entry.actor == step.actor and is_refusal(run.bundle, entry)
        for entry in stage.log.entries[before:]
    )
    if socket is None or refused or not (socket.connected or isinstance(step.step, Disconnect)):
        return
    gone = False
    if step.watcher:
        # Whether a socket that disconnected is still listed is judged by the roster alone, be it trusted or not.
        patient = isinstance(step.step, Disconnect)
        gone = await _roster_says(stage, step.watcher, step.room, socket.id, present=False, patient=patient)
        if not gone and socket.connected and (question := _roster_question(stage, step.actor, step.room)):
            await emit(stage, question)  # Its answer shows that the service has read what the socket sent before.
    how: How = "roster" if gone else "assumed"
    stage.log.add(Marked(at_s=stage.run.clock.now(), actor=step.actor, mark="out", room=step.room, how=how))


async def _roster_says(
    stage: Stage, asker: str, room: str, socket_id: str, *, present: bool, patient: bool = False
) -> bool:
    """Ask for the roster until it says that the socket is there, or gone; False when time is up."""
    run = stage.run
    patient = patient or run.roster_trusted
    request, question = run.bundle.roster_request(), _roster_question(stage, asker, room)
    if question is None or request is None or request.reply is None or request.reply.roster is None:
        return False
    since_s, granted_s = run.clock.now(), run.deadline_s(request.deadline_ms) if patient else IMPATIENT_S
    answered, refused, pause_s = False, 0, ROSTER_PAUSE_S
    while not run.lost.is_set() and refused < MOST_REFUSED:
        # The last question is put when time is up, so that its answer tells of the whole of it.
        last = _left_s(stage, since_s, granted_s) <= 0
        answer = await emit(stage, question)
        if answer is not None and not answered and patient:
            # The first answer shows that what was sent before it has been taken: the deadline runs from here.
            answered, last, since_s = True, False, run.clock.now()
        is_roster = isinstance(answer, Acked) or (isinstance(answer, Got) and answer.event in question.answered)
        members = roster_of(request.reply.roster, said(run.bundle, answer)) if isinstance(answer, Acked | Got) else []
        if is_roster and any(listed == socket_id for listed, _ in members) is present:
            return True
        if asker not in stage.sockets or not stage.sockets[asker].connected:
            return False
        if last:
            break
        turned_away = answer is not None and (not is_roster or is_refusal(run.bundle, answer))
        refused = refused + 1 if turned_away else 0
        left_s = max(0.0, _left_s(stage, since_s, granted_s))
        await stage.log.wait(lambda entry: False, min(ROSTER_REST_S if turned_away else pause_s, left_s))
        pause_s = min(2 * pause_s, ROSTER_REST_S)
    run.roster_trusted = False
    return False


def _roster_question(stage: Stage, asker: str, room: str) -> Emit | None:
    request = stage.run.bundle.roster_request()
    if request is None or request.reply is None:
        return None
    return Emit(
        actor=asker,
        event=request.event,
        args=(valid_payload(stage.run.bundle, request, room),),
        ack=request.reply.ack,
        answered=(request.reply.event,) if request.reply.event else (),
    )


def _left_s(stage: Stage, since_s: float, granted_s: float) -> float:
    """What is left of a time that was granted; what Roomcheck's event loop was stalled meanwhile does not count."""
    run = stage.run
    return since_s + granted_s + run.heartbeat.stalled_s(since_s) - run.clock.now()
