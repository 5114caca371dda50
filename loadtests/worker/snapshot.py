"""What a worker tells of itself: its whole account each time, so that nothing is lost on the way, and fresh samples."""

from __future__ import annotations

from loadtests.ledger.first_occurrence import told as told_of
from loadtests.ledger.messages import Announcement, Snapshot, Trend
from loadtests.worker.samples import Told
from loadtests.worker.worker import Worker

FAULTS = {
    "lost": "lost: never delivered",
    "late": "delivered later than its contract allows",
    "duplicate": "delivered more than once",
    "reordered": "delivered after what came later",
    "leaked": "delivered to a socket outside the room",
    "contract_failed": "breaks its contract",
}
"""How Locust's list of failures says a defect: constant texts, one line each."""


async def snapshot(context: Worker) -> tuple[Snapshot, list[Told], tuple[Announcement, ...]]:
    """The account so far, and since the last one the samples and what was published in shared rooms.

    Called in the context's own thread.
    """
    ledger = context.ledger
    faults, ledger.faults = ledger.faults, type(ledger.faults)()
    for (defect, event), count in faults.items():
        context.samples.fail("WSR", event or "(another)", FAULTS[defect], count)
    told = context.samples.told()
    trends: list[Trend] = []
    for (name, tags), trend in ledger.trends.items():
        fresh = trend.fold()
        if name.startswith("delivery"):
            size_bytes, trend.size_bytes = trend.size_bytes, 0
            told.append(Told(kind="WSR", name=dict(tags).get("event", ""), times=fresh, size_bytes=size_bytes))
        trends.append((name, tags, trend.histogram.packed()))
    trends.append(("loop_lag", (), context.health.lag.packed()))
    outbox, context.outbox = context.outbox, []
    account = Snapshot(
        counts=tuple((*key, count) for key, count in (ledger.counts + ledger.pending()).items()),
        trends=tuple(trends),
        witnesses=tuple(told_of(one, context.words, context.setup.run) for one in ledger.witnesses.values()),
        health=context.health.told(),
        sockets=len(context.population.sockets),
        away=len(context.population.away),
        rooms=sum(1 for room in ledger.rooms.values() if room.stays),
        members={name: len(room.stays) for name, room in ledger.rooms.items() if room.shared},
        clock_ms=(context.clock.offset_ns / 1e6, context.clock.error_ns / 1e6),
        sample=context.sampled,
    )
    return account, told, tuple(outbox)
