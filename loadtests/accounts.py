"""The ledger of a whole run: each worker tells its counts with every report, the master adds them up and judges."""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import Any

from locust import events
from locust.env import Environment
from locust.runners import WorkerRunner

from loadtests.ledger import Ledger, defects

BROKEN = 1
"""The exit code of a run that lost, doubled, swapped or leaked a delivery: the service broke its contract."""

KEY = "roomcheck.ledger"
ORDER = ("published", "refused", "ok", "late", "in flight", "lost", "duplicate", "reordered", "leaked")


class Accounts:
    """What this process counted, and what its workers told."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.workers: dict[str, dict[str, int]] = {}

    def begin(self) -> None:
        """A run begins."""
        self.ledger = Ledger()
        self.workers = {}

    def counts(self) -> dict[str, int]:
        """The counts of all processes."""
        whole = Counter(self.ledger.settle(time.monotonic_ns()))
        for told in self.workers.values():
            whole.update(told)
        return {name: whole[name] for name in ORDER if whole[name]}


ACCOUNTS = Accounts()


def told(counts: dict[str, int]) -> str:
    """The ledger in one line."""
    return "ledger: " + (", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing was published")


def begin(**_: Any) -> None:
    """Forget the run before."""
    ACCOUNTS.begin()


def report(client_id: str, data: dict[str, Any]) -> None:
    """Put this worker's counts into its report; they are of the whole run, so that none can be lost on the way."""
    data[KEY] = ACCOUNTS.ledger.settle(time.monotonic_ns())


def take(client_id: str, data: dict[str, Any]) -> None:
    """Take a worker's counts in the place of those that it told before."""
    ACCOUNTS.workers[client_id] = data.get(KEY, {})


def judge(environment: Environment, **_: Any) -> None:
    """Tell the ledger when the run is over, and fail a run in which it shows a defect."""
    if isinstance(environment.runner, WorkerRunner):
        return
    counts = ACCOUNTS.counts()
    # The statistics go to the standard output, where `--json` has to be alone.
    print(told(counts), file=sys.stderr)
    if defects(counts):
        environment.process_exit_code = BROKEN


events.test_start.add_listener(begin)  # type: ignore[no-untyped-call]  # Locust leaves these untyped
events.report_to_master.add_listener(report)  # type: ignore[no-untyped-call]
events.worker_report.add_listener(take)  # type: ignore[no-untyped-call]
# Registered at import, so that it runs after the master has stopped its workers and has their last reports.
events.quitting.add_listener(judge)  # type: ignore[no-untyped-call]
