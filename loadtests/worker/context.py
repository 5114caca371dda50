"""What virtual clients and scenarios use of their worker: schedule, publications, counts, and what is shared."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import Any

from loadtests.dialects.way import Way
from loadtests.ledger.counts import in_room
from loadtests.ledger.histogram import Tags, tagged
from loadtests.ledger.ledger import Ledger
from loadtests.ledger.messages import Announcement, Published
from loadtests.ledger.publication import Promises, Publication, Room, State
from loadtests.worker.actor import Actor
from loadtests.worker.config import WorkerConfig
from loadtests.worker.health import Health
from loadtests.worker.incoming import Incoming
from loadtests.worker.own_code import is_own, where
from loadtests.worker.probing import ProbeCheck
from loadtests.worker.roster import RosterCheck
from loadtests.worker.sample_recorder import SampleRecorder
from loadtests.worker.samples import Samples
from loadtests.worker.shared import ClockOffset, Population, Posts
from loadtests.worker.waits import Waits
from loadtests.worker.wire.garbage import Spared
from loadtests.worker.wire.http import Http
from loadtests.worker.wire.intake import PER_ACTION, PER_ACTION_SHARED, Intake
from loadtests.worker.wire.reader import SocketReader
from loadtests.worker.wire.timer import Timer

UNSENT_NS = 1_000_000_000
"""What is this late is not sent any more, but counted: a generator that far behind sends bursts nobody asked for."""

CONNECTING = 100
"""How many sockets of a worker are connecting at once."""

MOST_WORKERS = 64
"""Workers whose publications of a shared room are told apart where marks count them by room."""

HELD_UP_SHARE = 0.5
"""Of the time that something was waited for: above this, whoever is waited for had less of it than we lost."""

AFTER_RAMP_S = 0.5
"""How long after the last socket has come what it caused may still be on its way."""


class Context:
    """What all virtual clients of a worker share. Everything here happens in the thread of its loop."""

    def __init__(self, setup: WorkerConfig) -> None:
        self.setup = setup
        self.words = setup.words
        self.bearer = setup.bearer(None)
        """The headers of a call that shows no token."""
        self.health = Health()
        self.ledger = Ledger(
            lost_ns=setup.lost_ns,
            forget=lambda frame: self.hearing.known.forget(frame),
            stalled_ns=self.health.stalled_ns,
            covered=setup.covered,
            promises=Promises(setup.words.volatile, setup.words.repeatable),
        )
        self.intake = Intake(per_action=PER_ACTION_SHARED if setup.shared else PER_ACTION)
        """What sockets may take."""
        self.samples = Samples()
        self.sample = self.samples.add
        self.hearing = Incoming(setup.words, self.ledger, self.samples)
        self.population = Population()
        self.http = [Http(url, setup.addresses[0].tls, setup.call_s) for url in setup.api_urls]
        self.polling = [
            Http(address.url, address.tls, address.connect_s) if address.transport == "upgrade" else None
            for address in setup.addresses
        ]
        self.alarm = Timer()
        self.reader = SocketReader()
        self.roll = RosterCheck(setup.words, self.spawn, self.alarm, self.samples, self.hearing.senders)
        self.probes = ProbeCheck(setup.words.door.probe, self.spawn, self.alarm, self.samples)
        self.connecting = asyncio.Semaphore(CONNECTING)
        self.stopping = False
        self.waits = Waits()
        self.nowhere = Room("", "")
        """In place of a room, for what happens in none."""
        self.everyone: Room | None = None
        """Of all sockets that are connected, where a service with rooms sends to others than the members of one."""
        if setup.words.reaches_beyond:
            self.everyone = self.ledger.room(self.room_name(self.called("everyone")), shared=setup.has_others)
        self.clock = ClockOffset()
        self.outbox: list[Announcement] = []
        """What other workers have to be told of: publications of rooms that they have members in."""
        self.posts = Posts()
        self.steps: dict[str, str] = {}
        """The step that a scenario which goes through steps has come to, by the scenario's name."""
        self.tape: SampleRecorder | None = None
        self.sampled = b""
        """The transcript of the sample, once it is over: a line of a journal."""
        self._series: Counter[tuple[str, int]] = Counter()
        """How many publications whose marks do not name a socket were made of each room and way."""
        self._under_way = 0
        self._coming = 0
        self._ramp_ends_s = 0.0
        self.spared = Spared()
        self._tags: dict[tuple[str, str, str, int], Tags] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    def called(self, scenario: str) -> str:
        """What a scenario is counted under: its name, and that of the part where several are played."""
        return f"{scenario} {self.setup.part}" if self.setup.part else scenario

    def room_name(self, *names: str) -> str:
        """What a room of this run is called: no other part, and no other run, has one of that name."""
        return "-".join(("load", self.setup.run, *map(in_room, names)))

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Do something besides, until the run is over."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and is_own(error):
            self.samples.fail("OWN", "scenario", where(error))
            self.count("script_error", "")
            self.ledger.witness("script_error", self.nowhere, -1, time.monotonic_ns(), why=where(error))
        elif error is not None:
            self.samples.fail("OWN", "error", f"internal error: {type(error).__name__}: {error}")
            self.count("own_error", "")

    @contextlib.asynccontextmanager
    async def ramp(self) -> AsyncIterator[None]:
        """A socket comes: not too many at once, and what is timed meanwhile is told apart."""
        self._coming += 1
        try:
            async with self.connecting:
                yield
        finally:
            self._coming -= 1
            self._ramp_ends_s = time.monotonic() + AFTER_RAMP_S
            self.spared.look(len(self.population.sockets), ramping=True)

    @property
    def ramping(self) -> bool:
        """Whether sockets are coming, or have just come: connecting takes this process's time, too."""
        return self._coming > 0 or time.monotonic() < self._ramp_ends_s

    def count_of(self, room: Room, name: str, count: int) -> None:
        """Count something of a room."""
        self.ledger.counts[name, room.scenario, ""] += count

    # --- the schedule ----------------------------------------------------------------------------------------

    async def turns(
        self, rate_per_s: float, chance: random.Random | None = None, *, until_ns: int | None = None
    ) -> AsyncIterator[int]:
        """The times at which turns are due, in ns, each yielded when it has come: an open schedule.

        Whatever the service does, the next turn is due when it is due. Turns come at random (Poisson) by `chance`, or
        evenly. Whoever takes one asks `in_time` in the moment of sending.
        """
        due_ns = time.monotonic_ns()
        while not self.stopping:
            gap_s = chance.expovariate(rate_per_s) if chance else 1 / rate_per_s
            due_ns += int(gap_s * 1e9)
            if until_ns is not None and due_ns > until_ns:
                await self.alarm.until(until_ns)
                return
            await self.alarm.until(due_ns)
            if self.stopping:
                return
            yield due_ns

    def in_time(self, scenario: str, due_ns: int) -> bool:
        """Whether what was due then can still be sent; what is over a second late is counted as unsent."""
        late_ns = time.monotonic_ns() - due_ns
        if not self.ramping:
            self.ledger.trend("schedule_lag", (("scenario", scenario),)).fresh.append(max(0, late_ns))
        if late_ns > UNSENT_NS:
            self.count("unsent", scenario)
        return late_ns <= UNSENT_NS

    def arrives(self, actor: Actor) -> None:
        """A socket is connected."""
        self.population.away.discard(actor)
        self.population.sockets.add(actor)
        if self.everyone is not None:
            self.everyone.scenario = self.everyone.scenario or actor.scenario
            self.ledger.enter(self.everyone, actor.number, time.monotonic_ns())
        if actor.number not in self.population.numbered and self.words.draws_sockets:
            self.population.numbered[actor.number] = actor
            self.population.numbers.append(actor.number)

    def rooms_of(self, actor: Actor) -> Iterator[Room]:
        """The rooms of a socket, that of everyone among them."""
        yield from actor.rooms.values()
        if self.everyone is not None:
            yield self.everyone

    # --- publications ----------------------------------------------------------------------------------------

    def publish(
        self, room: Room, stream: int, number: int, *, due_ns: int, floor: int, event: str, answered: bool = False,
        step: str = "",
    ) -> Publication:  # fmt: skip
        """Note a publication that begins now; one that no answer is waited for counts as taken."""
        now_ns = time.monotonic_ns()
        self.intake.actions += 1
        tags = self.tags(room, event, step or self.steps.get(room.scenario, ""))
        trend = "delivery_in_ramp" if self.ramping else "delivery"
        publication = self.ledger.publish(
            room, stream, number, due_ns=due_ns, now_ns=now_ns, floor=floor, tags=tags, trend=trend,
            patience_ns=self._patience_ns(event),
        )  # fmt: skip
        if answered:
            self._under_way += 1
        else:
            self.ledger.answered(publication, "taken", now_ns)
        return publication

    def next_of(self, room: Room, way: Way) -> int:
        """The number of the next publication of a room by a way whose marks do not name a socket."""
        where = room.name if way.names_room else ""
        count = self._series[where, way.place]
        self._series[where, way.place] += 1
        # Where a broadcast names no room, rooms are told apart by their numbers, and so are those of all workers.
        is_shared = room.shared or (self.setup.has_others and not way.names_room)
        return count * MOST_WORKERS + self.setup.worker if is_shared else count

    def refused(self, member: Actor, publication: Publication, why: str, frame: bytes = b"") -> None:
        """The service did not take a publication."""
        now_ns = time.monotonic_ns()
        if self.ledger.refuse(publication, now_ns):
            self.ledger.witness("refused", publication.room, member.number, now_ns, frame, publication, why)

    def _patience_ns(self, event: str) -> int:
        """How long a delivery of an event may take."""
        broadcast = self.words.bundle.broadcast(event)
        contract_ns = broadcast.deadline_ms * 1_000_000 if broadcast else self.setup.lost_ns
        return self.setup.late_ns or contract_ns

    def posted(self, publication: Publication, took_ns: int, state: State) -> None:
        """The call that published is over."""
        self._under_way -= 1
        self.ledger.answered(publication, state, time.monotonic_ns())
        if state != "resent":
            self.ledger.trend("post", publication.tags).fresh.append(took_ns)
        if self.words.is_written(publication.stream):
            self._note_post(publication, state)
        self.tell(publication)

    def _note_post(self, publication: Publication, state: State) -> None:
        """Note a message for reading back."""
        tally = {"taken": self.posts.taken, "unanswered": self.posts.unanswered}.get(state)
        if tally is not None:
            tally[publication.room.name] += 1
        where, number = (publication.room.name, publication.stream), publication.number
        first, last = self.posts.spans.get(where, (number, number))
        self.posts.spans[where] = (min(first, number), max(last, number))
        if state != "taken":
            self.posts.untaken.add((publication.stream, publication.number))

    def tell(self, publication: Publication) -> None:
        """Have other workers told of a publication that they may have members for."""
        if publication.room.shared and publication.only is None:
            offset_ns = self.clock.offset_ns
            due_ns, begun_ns, answered_ns = (
                ns + offset_ns for ns in (publication.due_ns, publication.begun_ns, publication.answered_ns)
            )
            numbers = (publication.stream, publication.number, due_ns, begun_ns, answered_ns, publication.floor)
            self.outbox.append(Announcement(publication.room.name, *numbers, publication.tags, publication.state))

    def told(self, published: Published) -> None:
        """Another worker tells what it published."""
        self.intake.actions += len(published.publications)
        for publication in published.publications:
            room = self.ledger.rooms.get(publication.room)
            if room is not None:
                self.ledger.announce(
                    room,
                    publication.stream,
                    publication.number,
                    due_ns=publication.due_ns - self.clock.offset_ns,
                    begun_ns=publication.begun_ns - self.clock.offset_ns,
                    answered_ns=publication.answered_ns - self.clock.offset_ns,
                    floor=publication.floor,
                    tags=publication.tags,
                    state=publication.state,
                    error_ns=published.error_ns + self.clock.error_ns,
                    patience_ns=self._patience_ns(dict(publication.tags).get("event", "")),
                )

    def tags(self, room: Room, event: str, step: str) -> Tags:
        """What a publication is counted under; the room's size is the power of ten that holds it."""
        key = (room.scenario, event, step, len(room.stays))
        found = self._tags.get(key)
        if found is None:
            size = 10
            while size < len(room.stays):
                size *= 10
            tags = {"scenario": room.scenario, "event": event, "room_size": str(size)}
            found = self._tags[key] = tagged(tags | ({"step": step} if step else {}))
        return found

    def failed(self, name: str, scenario: str, since_ns: int) -> str:
        """Count what was waited for and did not come; what it is counted as.

        Where our loop was held up for most of the time, the answer may have been there: the service is not at fault.
        """
        now_ns = time.monotonic_ns()
        is_ours = self.health.stalled_ns(since_ns, now_ns) > HELD_UP_SHARE * (now_ns - since_ns)
        counted = "held_up" if is_ours else name
        self.count(counted, scenario)
        return counted

    def count(self, name: str, scenario: str, count: int = 1) -> None:
        """Count something that is no publication's."""
        self.ledger.counts[name, scenario, self.steps.get(scenario, "")] += count
