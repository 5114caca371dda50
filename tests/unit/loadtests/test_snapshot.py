"""What a worker tells of itself: totals since its start each time, and samples once."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from contracts.load import load
from loadtests.dialects.dialect import Dialect
from loadtests.ledger.ledger import Ledger
from loadtests.ledger.messages import Snapshot
from loadtests.worker.health import Health
from loadtests.worker.samples import Samples, Told
from loadtests.worker.shared import ClockOffset, Population
from loadtests.worker.snapshot import snapshot

TAGS = (("event", "message:broadcast"),)


def worker() -> Any:
    """A worker with two members of a shared room, one socket that is away, and a delivery of each kind."""
    ledger = Ledger()
    room = ledger.room("r")
    room.shared = True
    for socket in (1, 2):
        ledger.enter(room, socket, 0)
    one = ledger.publish(room, 4, 0, due_ns=1_000_000, now_ns=1_000_000, tags=TAGS)
    ledger.answered(one, "taken", 1_000_000)
    ledger.deliver(one, 1, 3_000_000, b"frame")
    ledger.deliver(one, 1, 4_000_000, b"frame")
    return SimpleNamespace(
        ledger=ledger, samples=Samples(), health=Health(), words=Dialect.of(load("sos")),
        setup=SimpleNamespace(run="ab12"), population=Population(sockets={cast("Any", 1)}, away={cast("Any", 2)}),
        clock=ClockOffset(offset_ns=2_500_000, error_ns=100_000), outbox=[cast("Any", "published")], sampled=b"sample",
    )  # fmt: skip


def taken(context: Any) -> tuple[Snapshot, list[Told], tuple[Any, ...]]:
    return asyncio.run(snapshot(context))


def test_totals_are_told_each_time() -> None:
    context = worker()
    for _ in range(2):
        made, _, _ = taken(context)
        counts = {name: count for name, *_, count in made.counts}
        assert (counts["published"], counts["duplicate"], counts["pending"]) == (1, 1, 1)
        assert (made.sockets, made.away, made.rooms, made.members) == (1, 1, 1, {"r": 2})
        assert (made.clock_ms, made.sample) == ((2.5, 0.1), b"sample")
        (witness,) = made.witnesses
        assert (witness.defect, witness.room) == ("duplicate", "r")
        assert {name for name, _, _ in made.trends} == {"delivery", "loop_lag"}


def test_samples_faults_and_announcements_are_told_once() -> None:
    context = worker()
    _, told, announced = taken(context)
    assert announced == ("published",)
    delivered = [one for one in told if one.name == "message:broadcast" and one.times.count]
    assert [one.times.count for one in delivered] == [1]
    assert any("delivered more than once" in failure for one in told for failure in one.failures)
    _, again, announced = taken(context)
    assert announced == ()
    assert not [one for one in again if one.times.count or one.failures]
