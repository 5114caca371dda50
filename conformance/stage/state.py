"""The state of an act while it is played: what its run shares, what is still owed, and waits for facts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from conformance.analysis.promises import Caution
from conformance.model.act import Act, Transport
from conformance.model.transcript import AnyEntry, Missed
from conformance.stage.calls import Calls
from conformance.stage.clients.http import BEYOND_S, Api
from conformance.stage.clients.intake import Meter, of_run
from conformance.stage.clients.recorder import Clock, Recorder
from conformance.stage.clients.session import Session
from conformance.stage.clients.socket import Socket
from conformance.stage.clients.tokens import Minter
from conformance.stage.heartbeat import Heartbeat
from conformance.stage.observing.observatory import Observatory
from conformance.stage.pacing import Pacer, Throttle
from conformance.stage.silence import Silence
from conformance.target.secrets import Secrets
from conformance.target.target import CONNECT_S, Target
from contracts.model import Bundle

OBSERVED = 1.5
"""Deadlines that a wait lasts: half as long again tells what came late from what never came."""

MOST_RENEWED = 4
"""Deadlines that a wait lasts at most, where the service goes on telling other things meanwhile."""

SILENT_S = 5.0
"""How long a connection may take to a service that did not answer the questions before the run, for as long."""

IMPATIENT_CONNECT_S = 0.3
"""How long one may take once another has timed out and none was confirmed."""

IMPATIENT_S = 0.15
"""A wait after a first one timed out. Nothing is judged by it: what is owed is waited for, to its full
deadline, at the end of the act."""


@dataclass(slots=True)
class Crowd:
    """The acts that are being played and wait for no calm."""

    count: int = 0
    calm: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while there are none."""

    def come(self) -> None:
        """An act begins."""
        self.count += 1
        self.calm.clear()

    def go(self) -> None:
        """An act is over, or waits for calm."""
        self.count -= 1
        if self.count == 0:
            self.calm.set()


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
    minter: Minter
    secrets: Secrets
    observatory: Observatory
    probe: Transport
    """The transport over which the service is asked whether it is still there."""
    meter: Meter = field(default_factory=of_run)
    """What all acts have taken."""
    crowd: Crowd = field(default_factory=Crowd)
    caution: Caution = field(default_factory=Caution)
    """What was seen of the service that has to be minded."""
    silence: Silence = field(default_factory=Silence)
    """Whether it answers anything."""
    silent: bool = False
    """Whether the service was seen to answer no question for a namespace, before the run."""
    timed_out: bool = False
    """Whether it has let a connection time out."""
    shortage: list[str] = field(default_factory=list)
    """Why this process can make no more connections; empty while it can. Shared with the parts."""
    confirmed: bool = False
    """Whether it has confirmed a connection."""
    throttle: Throttle | None = None
    """What all acts send is spaced by it; None where nothing but the contract limits them."""
    spread: int = 0
    """Which of the ways to spread actors over nodes: in the two ways every two actors are apart at least once."""
    timeout_s: float | None = None
    roster_trusted: bool = True
    """False once the roster failed to tell what is certain; then nobody waits for it at length again."""
    parts: Mapping[str, Run] = field(default_factory=dict)
    """The same for each part of the contracts, where they have several."""
    on_trouble: Callable[[], None] = lambda: None
    """Called when something broke off in a way that a dead service would explain."""

    def of(self, part: str) -> Run:
        """The run of a part."""
        return self.parts.get(part, self)

    def connect_s(self) -> float:
        """How long a connection may take: less where the service has let one time out, and confirmed none."""
        usual_s = self.target.connect_s
        if self.timeout_s is not None and usual_s == CONNECT_S:
            usual_s = min(usual_s, self.timeout_s + BEYOND_S)
        if self.confirmed:
            return usual_s
        return min(usual_s, IMPATIENT_CONNECT_S if self.timed_out else SILENT_S if self.silent else usual_s)

    def is_mute(self) -> bool:
        """Whether the service has answered nothing for so long that questions are no longer waited for."""
        return self.silence.lasts(self.clock.now(), self.heartbeat.stalled_s)

    def deadline_s(self, deadline_ms: int) -> float:
        """The wait that is granted: the contract's, or the one that a person set."""
        return self.timeout_s or deadline_ms / 1000


@dataclass(slots=True, kw_only=True)
class Owed:
    """Something that did not come in time, and may still come until its deadline."""

    actor: str
    wanted: Callable[[AnyEntry], bool]
    count: int
    began_s: float
    until_s: float


@dataclass(slots=True, kw_only=True)
class Stage:
    """One act being played."""

    run: Run
    act: Act
    log: Recorder
    sockets: dict[str, Socket] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    """Of the actors that have lost their connections."""
    connected: int = 0
    acks: int = 0
    owed: list[Owed] = field(default_factory=list)
    greeted: list[Owed] = field(default_factory=list)
    """What answers that which was emitted in the moment of connecting."""
    asked_s: float = float("-inf")
    """When the questions of the fences were last put."""
    overdue: Callable[[], Awaitable[None]] | None = None
    """Called when a deadline has passed: what is asked then and answered sooner tells one delay from a busy service."""
    calls: Calls = field(default_factory=Calls)
    vain: bool = False
    """Whether something that was tried again and again had no effect: what comes of the same is not waited for."""
    early: set[str] = field(default_factory=set)
    """The actors of whose sockets it is not known yet whether the service listens to them."""
    in_crowd: bool = False
    pacer: Pacer = field(init=False)

    def __post_init__(self) -> None:
        self.pacer = Pacer(self.run.bundle.limits)

    def come(self) -> None:
        """The act begins."""
        self.in_crowd = True
        self.run.crowd.come()

    def go(self) -> None:
        """The act is over, or waits for calm; once it has waited, others need not wait for it."""
        if self.in_crowd:
            self.in_crowd = False
            self.run.crowd.go()


def miss(stage: Stage, actor: str, what: str) -> None:
    """Write down a wait that timed out, or a step that could not be taken."""
    stage.log.add(Missed(at_s=stage.run.clock.now(), actor=actor, what=what))


async def wait(
    stage: Stage,
    actor: str,
    wanted: Callable[[AnyEntry], bool],
    count: int,
    deadline_ms: int,
    what: str,
    since: int = 0,
    more_s: float = 0.0,
    *,
    briefly: bool = False,
) -> AnyEntry | None:
    """Wait for what an actor is to receive; after the first that did not come, briefly.

    The rest is waited for at the end of the act. Nothing is waited for on a connection that has ended.

    Args:
        more_s: how much longer than its deadline it may take.
        briefly: it is not expected to come, and waited for at the end alone.
    """
    run = stage.run
    expect = partial(stage.log.wait, wanted, count=count, since=since, actor=actor)
    deadline_s = run.deadline_s(deadline_ms) + more_s
    full_s = deadline_s if briefly else deadline_s * OBSERVED
    began_s = run.clock.now()
    briefly = briefly or bool(stage.owed)
    found = await expect(min(deadline_s, IMPATIENT_S) if briefly else deadline_s)
    if found is None and not (briefly or stage.log.ended(actor)) and stage.overdue is not None:
        await stage.overdue()
        found = await expect(began_s + full_s - run.clock.now())
    while found is None and not (briefly or stage.owed) and run.clock.now() < began_s + MOST_RENEWED * full_s:
        # What was asked before may still be on its way: only a service that says nothing more has ignored it.
        quiet_s = run.clock.now() - stage.log.heard_s
        if quiet_s >= full_s or stage.log.ended(actor):
            break
        found = await expect(full_s - quiet_s)
    if found is None:
        miss(stage, "stage", what)
        if not stage.log.ended(actor):
            stage.owed.append(Owed(actor=actor, wanted=wanted, count=count, began_s=began_s, until_s=began_s + full_s))
    return found


async def calm(stage: Stage) -> None:
    """Wait until no other act is in the way: none is where all wait for a service that answers nothing."""
    stage.go()
    if stage.run.is_mute():
        return
    tasks = {asyncio.ensure_future(one.wait()) for one in (stage.run.crowd.calm, stage.run.lost)}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


async def settle(stage: Stage) -> None:
    """Give everything that is still owed its full deadline, with the stalls of our event loop added."""
    await asyncio.gather(*(_settle_one(stage, owed) for owed in stage.owed))


async def _settle_one(stage: Stage, owed: Owed) -> None:
    run = stage.run
    while not run.lost.is_set():
        left_s = owed.until_s + run.heartbeat.stalled_s(owed.began_s) - run.clock.now()
        if left_s <= 0 or stage.log.ended(owed.actor):
            return
        if await stage.log.wait(owed.wanted, left_s, count=owed.count, actor=owed.actor):
            return
