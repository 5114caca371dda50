"""A scenario of this tool as it only listens: it knows what `publisher.py` publishes, and counts on it.

What is published is told ahead, as workers tell each other: everything else of a load, its ledger, its latencies and
the check of every delivery, is as always. BENCH_ROOM, BENCH_ROOMS, BENCH_RATE and BENCH_COUNT are the publisher's
arguments; the last one, BEGIN_NS, is written into the file BENCH_BEGIN once all of BENCH_SOCKETS have joined.
"""

from __future__ import annotations

import os
import random
import time
from functools import cache
from pathlib import Path

from loadtests.ledger.messages import Announcement, Published
from loadtests.workload.rooms import Place
from loadtests.workload.scenario import Scenario

ROOM, BEGIN, RATE = os.environ["BENCH_ROOM"], Path(os.environ["BENCH_BEGIN"]), float(os.environ["BENCH_RATE"])
ROOMS, COUNT, SOCKETS = (int(os.environ[f"BENCH_{name}"]) for name in ("ROOMS", "COUNT", "SOCKETS"))
START_NS = 2_000_000_000
"""How long the publisher has to start."""
AHEAD_NS = int(ROOMS / RATE / 2 * 1e9)
"""How long before it is published a message is told of: after the one before it in its room has come."""


@cache
def begun_ns() -> int:
    """When the first message is published: what is decided at the first call."""
    at_ns = time.monotonic_ns() + START_NS
    BEGIN.write_text(f"{at_ns}\n")
    return at_ns


class Listening(Scenario):
    """Publishes nothing."""

    def opened(self, index: int, size: int) -> Place:
        """A room that another process publishes into."""
        room = self.context.ledger.room(f"{ROOM}-{index}", self.name, shared=True)
        return Place(room, size, random.Random(index))  # noqa: S311 - no secret

    async def begin_ns(self) -> int:
        """When the first message is published; decided once all sockets are members."""
        while sum(len(place.room.stays) for place in self.places) < SOCKETS:
            await self.context.alarm.after(0.1)
        return begun_ns()

    async def drive(self, place: Place) -> None:
        """Tell what is going to be published."""
        context, words, room = self.context, self.context.words, place.room
        way, socket = words.writing, int(room.name.rpartition("-")[2])
        stream = words.stream(socket, way, room.name)
        begin_ns = await self.begin_ns()
        for number in range((COUNT - socket + ROOMS - 1) // ROOMS):
            due_ns = begin_ns + int((number * ROOMS + socket) / RATE * 1e9)
            await context.alarm.until(due_ns - AHEAD_NS)
            tags = context.tags(room, way.broadcast.event, "")
            told = Announcement(room.name, stream, number, due_ns, due_ns, due_ns, -1, tags, "taken")
            context.told(Published(publications=(told,), error_ns=0))
