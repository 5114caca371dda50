"""One worker of a load: it starts the clients' context, watches it, lets it become quiet, and closes it."""

from __future__ import annotations

import asyncio
import time

from conformance.journal.records import Played, encode
from loadtests.worker.actor import descriptors
from loadtests.worker.context import Context
from loadtests.worker.sample_recorder import SampleRecorder
from loadtests.worker.wire.failures import COUNTED
from loadtests.worker.wire.socket import ANSWER_S

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

MARGIN_S = 1.0
"""How long after the last deadline a drain goes on: until the books are surely closed."""


def drain_s(lost_s: float) -> float:
    """The longest time that a drain takes: what is owed becomes overdue, an answer comes, and nothing after it."""
    return 2 * lost_s + ANSWER_S + MARGIN_S


class Worker(Context):
    """The virtual clients of one process. Everything here happens in the thread of its loop."""

    def start(self) -> None:
        """Watch the loop, and close the books from time to time."""
        self.spawn(self.health.beat(self.alarm, lambda: self.ramping, self.waits.tick))
        self.spawn(self._settling())

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
        self.spared.look(len(self.population.sockets), ramping=self.ramping)
        self.health.look(descriptors(self.population.sockets))
        for member in [one for one in self.population.sockets if one.connection and one.connection.overdue(now_s)]:
            member.silent()

    def _ask(self) -> None:
        """Have sockets that lack something hear something: after that it is lost, and not on its way."""
        lacking = self.ledger.unproved(time.monotonic_ns())
        for member in [one for one in self.population.sockets if one.number in lacking][:MOST_ASKED] if lacking else ():
            self.spawn(member.ask())

    def hurry(self) -> None:
        """The run was interrupted: what is not over by now is not waited for."""
        self.stopping = True
        self.waits.hurry()

    async def close(self) -> None:
        """End every connection and everything that is under way."""
        self.stopping = True
        for member in list(self.population.sockets):
            member.close()
        for ghost in self.population.half_open:
            ghost.end("rst")
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSING_S)
        self.alarm.close()
        self.reader.close()
        for http in (*self.http, *self.polling):
            if http:
                http.close()

    async def quiesce(self) -> None:
        """Publish nothing more, and wait until every call that is under way is answered, or given up."""
        self.stopping = True
        end_s = time.monotonic() + self.setup.call_s + MARGIN_S
        while self._under_way and not self.waits.over(end_s):
            await self.waits.next()
        tried = {name for (name, *_), count in self.ledger.counts.items() if count}
        told = tried & {"connected", "unreached", *COUNTED.values()} or self.waits.hurry_s
        for member in () if told else self.population.arriving:
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

    async def end_sample(self) -> None:
        """Take down nothing more; what was is told from now on, if it is whole."""
        if self.tape is not None:
            if self.tape.running and not (self.ledger.drained() and await self._all_is_there(self.tape)):
                self.tape.drop()
            self.tape.end()
            transcript = self.tape.transcript()
            self.sampled = self.setup.cover(encode(Played(transcript=transcript))) if transcript else b""

    async def _all_is_there(self, tape: SampleRecorder) -> bool:
        """Whether what was sent to the sockets of a sample has come: each had an answer to a last request."""
        asked = [member for member in tape.members if member.connected]
        if self.waits.hurry_s or not asked:
            return False
        answers = asyncio.gather(*(member.ask() for member in asked))
        return await self.waits.bounded(answers, ANSWER_S + MARGIN_S) and all(answers.result())
