"""Everything that the native thread of a worker holds: sockets, ledger, samples, the frames that are known."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from typing import Any

from conformance.journal.records import Played, encode
from loadtests.ledger.histogram import Tags, tagged
from loadtests.ledger.ledger import Ledger
from loadtests.ledger.messages import Announcement, Published
from loadtests.ledger.publication import Publication, Room, State
from loadtests.worker.client import Member
from loadtests.worker.config import Setup
from loadtests.worker.health import Health
from loadtests.worker.incoming import Hearing
from loadtests.worker.roster import Roll
from loadtests.worker.sample_recorder import Tape
from loadtests.worker.samples import Samples
from loadtests.worker.waits import Waits
from loadtests.worker.wire.http import CALL_S, Http
from loadtests.worker.wire.socket import ANSWER_S, Connection
from loadtests.worker.wire.timer import Alarm

UNSENT_NS = 1_000_000_000
"""What is this late is not sent any more, but counted: a generator that far behind sends bursts nobody asked for."""

SETTLE_S = 0.25
"""How often the books are closed on what has come."""

LOOK_S = 1.0
"""How often sockets and the kernel's buffers are looked at."""

ASK_S = 0.5
"""How often sockets that lack something are asked for a word, by which what they lack is lost, or still to come."""

MOST_ASKED = 100
"""How many sockets are asked at once whether what they lack is still on its way."""

CLOSING_S = 2.0
"""How long connections and tasks may take to end."""

CONNECTING = 100
"""How many sockets of a worker are connecting at once."""

AFTER_RAMP_S = 0.5
"""How long after the last socket has come what it caused may still be on its way."""

MARGIN_S = 1.0
"""How long after the last deadline a drain goes on: until the books are surely closed."""


def drain_s(lost_s: float) -> float:
    """The longest time that a drain takes: what is owed becomes overdue, an answer comes, and nothing after it."""
    return 2 * lost_s + ANSWER_S + MARGIN_S


class Plane:
    """The state of one worker's sockets. Everything here happens in the thread of its loop."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.words = setup.words
        self.bearer = setup.bearer(None)
        """The headers of a call that shows no token."""
        self.health = Health()
        self.ledger = Ledger(
            lost_ns=setup.lost_ns,
            forget=lambda frame: self.hearing.known.pop(frame, None),
            stalled_ns=self.health.stalled_ns,
            covered=setup.covered,
        )
        self.samples = Samples()
        self.sample = self.samples.add
        self.hearing = Hearing(self)
        self.sockets: set[Member] = set()
        self.arriving: set[Member] = set()
        """Who is connecting."""
        self.away: set[Member] = set()
        """Who has no connection and wants one."""
        self.http = [Http(url, setup.addresses[0].tls) for url in setup.api_urls]
        self.polling = [
            Http(one.url, one.tls) if one.transport == "upgrade" else None for one in setup.addresses
        ]  # fmt: skip
        self.alarm = Alarm()
        self.roll = Roll(self)
        self.connecting = asyncio.Semaphore(CONNECTING)
        self.stopping = False
        self.waits = Waits()
        self.nowhere = Room("", "")
        """In place of a room, for what happens in none."""
        self.offset_ns = 0
        """What to add to our clock to have the master's."""
        self.error_ns = 0
        self.outbox: list[Announcement] = []
        """What other workers have to be told of: publications of rooms that they have members in."""
        self.taken: Counter[str] = Counter()
        self.unanswered: Counter[str] = Counter()
        self.posts: dict[tuple[str, int], tuple[int, int]] = {}
        """The first and the last message of each stream in each room; all between are of that room, too."""
        self.writers: dict[str, str] = {}
        """Who created the last message of each room."""
        self.untaken: set[tuple[int, int]] = set()
        """The messages that were refused or left unanswered."""
        self.steps: dict[str, str] = {}
        """The step that a scenario which goes through steps has come to, by the scenario's name."""
        self.tape: Tape | None = None
        self.sampled = b""
        """The transcript of the sample, once it is over: a line of a journal."""
        self.ghosts: list[Connection] = []
        """Connections that fell silent on purpose."""
        self._under_way = 0
        self._coming = 0
        self._ramp_ends_s = 0.0
        self._cold = False
        """Sockets have come whose objects the garbage collector still looks through."""
        self._tags: dict[tuple[str, str, str, int], Tags] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    # --- life ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Watch the loop, and close the books from time to time."""
        self.spawn(self.health.beat(self, self.waits.tick))
        self.spawn(self._settling())

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Do something besides, until the run is over."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.samples.fail("OWN", "error", f"our own error: {type(error).__name__}: {error}")
            self.count("own_error", "")

    async def _settling(self) -> None:
        settled_s = looked_s = asked_s = 0.0
        while True:
            await self.waits.tick.wait()
            self.waits.tick.clear()
            now_s = time.monotonic()
            if now_s - settled_s >= SETTLE_S:
                settled_s = now_s
                self._settle()
            if now_s - looked_s >= LOOK_S:
                looked_s = now_s
                self._look(now_s)
            if now_s - asked_s >= ASK_S:
                asked_s = now_s
                self._ask()

    def _settle(self) -> None:
        self.ledger.settle(time.monotonic_ns())
        self.hearing.fade(time.monotonic_ns())
        if self.tape is not None:
            busy = any(member.under_way for member in self.tape.members)
            self.tape.look(self.ledger, calls_under_way=busy)

    def _look(self, now_s: float) -> None:
        if self._cold and not self.ramping:
            # What stays for the whole run need not be looked through again: that would be a pause each time.
            self._cold = False
            gc.freeze()
        self.health.look(self.sockets)
        for member in [one for one in self.sockets if one.connection and one.connection.overdue(now_s)]:
            member.silent()

    def _ask(self) -> None:
        """Have sockets that lack something hear something: after that it is lost, and not on its way."""
        lacking = self.ledger.unproved(time.monotonic_ns())
        for member in [one for one in self.sockets if one.number in lacking][:MOST_ASKED] if lacking else ():
            self.spawn(member.ask())

    def hurry(self) -> None:
        """The run was interrupted: what is not over by now is not waited for."""
        self.stopping = True
        self.waits.hurry()

    async def close(self) -> None:
        """End every connection and everything that is under way."""
        self.stopping = True
        for member in list(self.sockets):
            member.close()
        for ghost in self.ghosts:
            ghost.end("rst")
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSING_S)
        self.alarm.close()
        for http in (*self.http, *self.polling):
            if http:
                http.close()

    async def hush(self) -> None:
        """Publish nothing more, and wait until every call that is under way is answered, or given up."""
        self.stopping = True
        end_s = time.monotonic() + CALL_S + MARGIN_S
        while self._under_way and not self.waits.over(end_s):
            await self.waits.next()
        tried = {name for (name, *_), count in self.ledger.counts.items() if count}
        told = tried & {"connected", "unreached", "refused_sockets", "exhausted"} or self.waits.hurry_s
        for member in () if told else self.arriving:
            member.give_up()  # Nothing else says why nothing was seen.

    async def drain(self) -> bool:
        """Wait until everything that is owed has come or is surely not coming; whether all books could be closed."""
        end_s = time.monotonic() + drain_s(self.setup.lost_ns / 1e9)
        while not self.waits.over(end_s):
            self.ledger.settle(time.monotonic_ns())
            if self.ledger.drained(time.monotonic_ns()):
                self.ledger.revise()
                return True
            await self.waits.next()
        self.ledger.give_up(time.monotonic_ns())
        self.ledger.revise()
        # What nobody has told of was published by a worker that is gone.
        for waits in self.ledger.orphans.values():
            self.count("unknown", "", len(waits))
        self.ledger.orphans.clear()
        return False

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
            self._cold = True

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

    async def end_sample(self) -> None:
        """Take down nothing more; what was is told from now on, if it is whole."""
        if self.tape is not None:
            if self.tape.running and not (self.ledger.drained() and await self._all_is_there(self.tape)):
                self.tape.drop()
            self.tape.end()
            transcript = self.tape.transcript()
            self.sampled = self.setup.cover(encode(Played(transcript=transcript))) if transcript else b""

    async def _all_is_there(self, tape: Tape) -> bool:
        """Whether what was sent to the sockets of a sample has come: each had an answer to a last request."""
        asked = [member for member in tape.members if member.connected]
        if self.waits.hurry_s or not asked:
            return False
        answers = asyncio.gather(*(member.ask() for member in asked))
        return await self.waits.bounded(answers, ANSWER_S + MARGIN_S) and all(answers.result())

    # --- publications ----------------------------------------------------------------------------------------

    def publish(
        self, room: Room, stream: int, number: int, *, due_ns: int, floor: int, event: str, answered: bool = False,
        step: str = "",
    ) -> Publication:  # fmt: skip
        """Note a publication that begins now; one that no answer is waited for counts as taken."""
        now_ns = time.monotonic_ns()
        tags = self.tags(room, event, step or self.steps.get(room.scenario, ""))
        trend = "delivery_in_ramp" if self.ramping else "delivery"
        one = self.ledger.publish(
            room, stream, number, due_ns=due_ns, now_ns=now_ns, floor=floor, tags=tags, trend=trend,
            patience_ns=self._patience_ns(event),
        )  # fmt: skip
        if answered:
            self._under_way += 1
        else:
            self.ledger.answered(one, "taken", now_ns)
            self._tell(one)
        return one

    def _patience_ns(self, event: str) -> int:
        """How long a delivery of an event may take."""
        broadcast = self.setup.events[event].broadcast if event in self.setup.events else None
        contract_ns = broadcast.deadline_ms * 1_000_000 if broadcast else self.setup.lost_ns
        return self.setup.late_ns or contract_ns

    def posted(self, one: Publication, took_ns: int, state: State) -> None:
        """The call that published is over."""
        self._under_way -= 1
        self.ledger.answered(one, state, time.monotonic_ns())
        if state != "resent":
            self.ledger.trend("post", one.tags).fresh.append(took_ns)
        tally = {"taken": self.taken, "unanswered": self.unanswered}.get(state)
        if tally is not None:
            tally[one.room.name] += 1
        span = self.posts.setdefault((one.room.name, one.stream), (one.number, one.number))
        self.posts[one.room.name, one.stream] = (min(span[0], one.number), max(span[1], one.number))
        if state != "taken":
            self.untaken.add((one.stream, one.number))
        self._tell(one)

    def _tell(self, one: Publication) -> None:
        if one.room.shared:
            offset_ns = self.offset_ns
            due_ns, begun_ns, answered_ns = (ns + offset_ns for ns in (one.due_ns, one.begun_ns, one.answered_ns))
            numbers = (one.stream, one.number, due_ns, begun_ns, answered_ns, one.floor)
            self.outbox.append(Announcement(one.room.name, *numbers, one.tags, one.state))

    def told(self, published: Published) -> None:
        """Another worker tells what it published."""
        for one in published.publications:
            room = self.ledger.rooms.get(one.room)
            if room is not None:
                self.ledger.announce(
                    room,
                    one.stream,
                    one.number,
                    due_ns=one.due_ns - self.offset_ns,
                    begun_ns=one.begun_ns - self.offset_ns,
                    answered_ns=one.answered_ns - self.offset_ns,
                    floor=one.floor,
                    tags=one.tags,
                    state=one.state,
                    error_ns=published.error_ns + self.error_ns,
                    patience_ns=self._patience_ns(dict(one.tags).get("event", "")),
                )

    def tags(self, room: Room, event: str, step: str) -> Tags:
        """What a publication is counted under; the room's size is the power of ten that holds it."""
        size = 10
        while size < len(room.stays):
            size *= 10
        key = (room.scenario, event, step, size)
        if key not in self._tags:
            tags = {"scenario": room.scenario, "event": event, "room_size": str(size)}
            self._tags[key] = tagged(tags | ({"step": step} if step else {}))
        return self._tags[key]

    def count(self, name: str, scenario: str, count: int = 1) -> None:
        """Count something that is no publication's."""
        self.ledger.counts[name, scenario, self.steps.get(scenario, "")] += count
