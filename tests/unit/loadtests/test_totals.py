"""The sums over workers: whatever order accounts come in they are those of the last ones, and only news costs."""

import random
from collections import Counter

import pytest

from benchmarks.master import recorded
from loadtests.ledger.histogram import Histogram, Tags
from loadtests.ledger.messages import Health, Snapshot, read
from loadtests.ledger.totals import Totals

IDLE = Health(cpu_percent=0, lag_ms=0, backlog_bytes=0, cpu_s=0, rss_kb=0)
Times = dict[tuple[str, Tags], list[int]]


def account(counts: dict[tuple[str, str, str], int], times: Times) -> Snapshot:
    trends = []
    for (name, tags), values in times.items():
        histogram = Histogram()
        histogram.add(values)
        trends.append((name, tags, histogram.packed()))
    return Snapshot(
        counts=tuple((*key, count) for key, count in counts.items()), trends=tuple(trends), witnesses=(), health=IDLE,
        sockets=1, away=0, rooms=1, members={}, clock_ms=(0.0, 0.0), sample=b"",
    )  # fmt: skip


def plainly(totals: Totals) -> Totals:
    """The same accounts, added up anew."""
    return Totals(snapshots=dict(totals.snapshots), owed_since=totals.owed_since, gone=totals.gone)


def same(one: Totals, other: Totals) -> None:
    assert one.counts() == other.counts()
    assert one.counts("Chat", "1") == other.counts("Chat", "1")
    assert one.scenarios() == other.scenarios()
    assert one.steps("Chat") == other.steps("Chat")
    assert one.trends().keys() == other.trends().keys()
    for key, times in one.trends().items():
        assert +times.buckets == +other.trends()[key].buckets
        assert (times.least, times.most) == (other.trends()[key].least, other.trends()[key].most)
        assert times.total == pytest.approx(other.trends()[key].total)
    for tags in ({}, {"scenario": "Chat"}, {"scenario": "Chat", "room_size": "10"}):
        assert one.trend("delivery", tags).percentile(99) == other.trend("delivery", tags).percentile(99)


@pytest.mark.parametrize("seed", range(5))
def test_sums_that_are_kept_are_those_that_are_made_anew(seed: int) -> None:
    chance, totals = random.Random(seed), Totals()  # noqa: S311 - a sample
    counts: dict[str, Counter[tuple[str, str, str]]] = {}
    times: dict[str, Times] = {}
    for _ in range(60):
        worker = chance.choice("abcd")
        counts.setdefault(worker, Counter())[chance.choice(["ok", "lost", "pending"]), "Chat", chance.choice("12")] += 3
        tags = (("room_size", chance.choice(["10", "100"])), ("scenario", "Chat"))
        of = times.setdefault(worker, {}).setdefault((chance.choice(["delivery", "post"]), tags), [])
        of += [chance.randrange(10**9) for _ in range(5)]
        totals.snapshots[worker] = account(counts[worker], times[worker])
        if chance.random() < 0.1:
            totals.gone ^= {chance.choice("abcd")}
        same(totals, plainly(totals))


def test_recorded_reports_of_many_workers_add_up_exactly() -> None:
    reports = [read(report["roomcheck"], Snapshot) for report in recorded()]
    assert len(reports) > 2
    assert sum(len(packed[0]) for _, _, packed in reports[-1].trends) > 1000, "its histograms are full"
    totals, workers = Totals(), 20
    for report in reports:
        for worker in range(workers):
            totals.snapshots[str(worker)] = report
        totals.counts()
    same(totals, plainly(totals))
    one = Totals(snapshots={"0": reports[-1]})
    assert totals.counts() == {name: workers * count for name, count in one.counts().items()}
    assert totals.trend("delivery").count == workers * one.trend("delivery").count > 0
    assert totals.trend("delivery").percentile(99) == one.trend("delivery").percentile(99)


def test_a_worker_that_begins_anew_or_goes_is_not_counted_twice() -> None:
    key = ("delivery", ())
    totals = Totals()
    totals.snapshots["a"] = account({("ok", "Chat", ""): 5}, {key: [10**6, 5 * 10**6]})
    totals.snapshots["b"] = account({("ok", "Chat", ""): 1}, {key: [2 * 10**6]})
    same(totals, plainly(totals))
    # It tells less than before, of other times, and then of nothing.
    totals.snapshots["a"] = account({("ok", "Chat", ""): 1}, {key: [3 * 10**6]})
    same(totals, plainly(totals))
    assert totals.trend("delivery").least == pytest.approx(2)
    totals.snapshots["a"] = account({}, {})
    same(totals, plainly(totals))
    assert totals.trend("delivery").count == 1
    del totals.snapshots["b"]
    same(totals, plainly(totals))
    assert totals.counts() == {}


def test_pending_deliveries_of_a_worker_that_is_gone_are_unknown() -> None:
    totals = Totals()
    for name in "ab":
        totals.snapshots[name] = account({("pending", "Chat", "1"): 4, ("ok", "Chat", "1"): 2}, {})
    totals.owed_since["a"] = 7
    totals.gone.add("a")
    assert totals.counts() == {"ok": 4, "pending": 4, "unknown": 11}
    assert totals.counts("Chat", "1") == {"ok": 4, "pending": 4, "unknown": 4}


def test_a_report_costs_what_it_has_and_not_what_all_workers_have() -> None:
    """Counted in histograms that are taken, which is what adding up costs."""

    def cost(workers: int) -> float:
        totals, before = Totals(), 0
        trends: Times = {("delivery", (("room_size", str(size)),)): [size * 10**6] for size in range(1, 11)}
        for worker in range(workers):
            totals.snapshots[str(worker)] = account({("ok", "Chat", ""): 1}, trends)
        totals.counts()
        before = totals._kept.merged
        for worker in range(workers):
            newer: Times = {key: [*values, 10**6] for key, values in trends.items()}
            totals.snapshots[str(worker)] = account({("ok", "Chat", ""): 2}, newer)
            for _ in range(3):  # However often it is asked.
                totals.counts("Chat")
                totals.trend("delivery", {"room_size": "5"})
                totals.trends()
        return (totals._kept.merged - before) / workers

    assert cost(10) == cost(200) == 10
