"""The worker of each part that a process plays: all live in one thread, and are told of as one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import msgspec

from loadtests.ledger.histogram import Histogram, Tags
from loadtests.ledger.messages import Announcement, Snapshot
from loadtests.worker.client import VirtualClient
from loadtests.worker.readback import audit
from loadtests.worker.samples import Told
from loadtests.worker.snapshot import snapshot
from loadtests.worker.tokens import Tokens
from loadtests.worker.worker import Worker
from loadtests.workload.scenario import Scenario
from loadtests.workload.traffic import by_weight


@dataclass(slots=True)
class PartWorker:
    """The worker of one part, and what goes on there."""

    worker: Worker
    tokens: Tokens
    playing: dict[str, Scenario] = field(default_factory=dict)
    """By the names of scenarios."""

    @property
    def name(self) -> str:
        """The name of the part; empty where the contracts have one."""
        return self.worker.words.bundle.part

    async def play(
        self, name: str, kind: type[Scenario], members: list[VirtualClient], options: Mapping[str, Any]
    ) -> None:
        """Bring sockets of a scenario, and wait until they have joined."""

        async def play() -> None:
            if name not in self.playing:
                self.playing[name] = kind(name, self.worker, options)
            await self.playing[name].cohort(members)

        playing = self.worker.spawn(play())  # What it raises is counted there.
        try:
            await asyncio.wait([playing])
        finally:
            playing.cancel()


def turns(names: Sequence[str], weights: Mapping[str, int], first: int) -> Iterator[str]:
    """The parts that users of a scenario are given to, one after the other.

    Args:
        first: which of them the first user has: workers begin with different ones, as each may have few users.
    """
    return islice(by_weight({name: weights.get(name, 1) for name in names}), first, None)


def introduce(workers: Sequence[Worker]) -> None:
    """Have the parts of one namespace know each other's publications, which their own sockets must not receive."""
    for worker in workers:
        space = worker.words.bundle.namespace
        beside = (one for one in workers if one is not worker and one.words.bundle.namespace == space)
        worker.hearing.neighbours = tuple(one.hearing for one in beside)


async def quiesce(workers: Sequence[Worker]) -> None:
    """Publish nothing more, and wait until every call under way is answered."""
    await asyncio.gather(*(worker.quiesce() for worker in workers))


async def drain(workers: Sequence[Worker]) -> None:
    """Wait until everything that is owed has come or is overdue, and read back what was created."""

    async def drained(worker: Worker) -> None:
        await worker.drain()
        await audit(worker)
        await worker.end_sample()

    await asyncio.gather(*map(drained, workers))


async def close(workers: Sequence[Worker]) -> None:
    """End every connection."""
    await asyncio.gather(*(worker.close() for worker in workers))


async def told(workers: Sequence[Worker]) -> tuple[Snapshot, list[Told], tuple[Announcement, ...]]:
    """The account of all parts as one, and since the last one the samples and what was published in shared rooms."""
    parts = [await snapshot(worker) for worker in workers]
    samples = [one for _, found, _ in parts for one in found]
    return merged([account for account, _, _ in parts]), samples, tuple(one for *_, sent in parts for one in sent)


def merged(accounts: Sequence[Snapshot]) -> Snapshot:
    """One account of several parts, whose scenarios have names of their own."""
    first, *others = accounts
    if not others:
        return first
    counts: Counter[tuple[str, str, str]] = Counter()
    trends: dict[tuple[str, Tags], Histogram] = {}
    for account in accounts:
        for name, scenario, step, count in account.counts:
            counts[name, scenario, step] += count
        for name, tags, packed in account.trends:
            trends.setdefault((name, tags), Histogram()).merge(Histogram.unpacked(packed))
    return msgspec.structs.replace(
        first,
        counts=tuple((*key, count) for key, count in counts.items()),
        trends=tuple((*key, times.packed()) for key, times in trends.items()),
        witnesses=tuple(one for account in accounts for one in account.witnesses),
        # What is of the process is the same in each; how late a loop was, and what it left unread, is not.
        health=msgspec.structs.replace(
            first.health,
            lag_ms=max(account.health.lag_ms for account in accounts),
            backlog_bytes=max(account.health.backlog_bytes for account in accounts),
        ),
        sockets=sum(account.sockets for account in accounts),
        away=sum(account.away for account in accounts),
        rooms=sum(account.rooms for account in accounts),
        members={name: count for account in accounts for name, count in account.members.items()},
        sample=b"\n".join(account.sample for account in accounts if account.sample),
    )
