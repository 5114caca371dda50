"""Samples in bulk into Locust's own statistics: its table, charts, files and percentiles show them as its own."""

from __future__ import annotations

import time
from functools import cache

from locust import stats as locust_stats

from loadtests.ledger.histogram import middle
from loadtests.worker.samples import Told


class Failed(Exception):
    """Why a sample is a failure. The text is constant, because Locust keeps one line for each text."""


def merge(stats: locust_stats.RequestStats, told: list[Told]) -> None:
    """Add samples, as the master adds those of a worker."""
    for one in told:
        entry = _entry(stats, one)
        stats.get(one.name, one.kind).extend(entry)
        stats.total.extend(entry)
        for text, count in one.failures.items():
            error = Failed(text)
            key = locust_stats.StatsError.create_key(one.kind, one.name, error)
            known = stats.errors.get(key)
            if known is None:
                known = stats.errors[key] = locust_stats.StatsError(one.kind, one.name, error)
            known.occurrences += count


def _entry(stats: locust_stats.RequestStats, told: Told) -> locust_stats.StatsEntry:
    entry = locust_stats.StatsEntry(stats, told.name, told.kind)
    times, failures = told.times, told.failures.total()
    now_s = time.time()
    entry.num_requests = times.count + told.untimed
    entry.num_none_requests = told.untimed
    entry.num_failures = failures
    entry.total_response_time = times.total  # type: ignore[assignment]  # Locust adds floats, too
    entry.total_content_length = told.size_bytes
    entry.start_time = now_s
    if entry.num_requests:
        entry.last_request_timestamp = now_s
        entry.num_reqs_per_sec[int(now_s)] = entry.num_requests
    if failures:
        entry.num_fail_per_sec[int(now_s)] = failures
    if times.count:
        entry.min_response_time = times.least  # type: ignore[assignment]
        entry.max_response_time = times.most  # type: ignore[assignment]
        for bucket, count in times.buckets.items():
            entry.response_times[_rounded(bucket)] += count
    return entry


@cache
def _rounded(bucket: int) -> int:
    """The time of a bucket as Locust's tables round it; there are 65,536 buckets at most."""
    return locust_stats.bucket_response_time(middle(bucket))
