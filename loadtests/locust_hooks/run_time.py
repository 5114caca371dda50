"""The time limit of a headless run, counted from when the run has been prepared.

Locust counts `--run-time` from before its `test_start` event, in which the service is looked at and the worker's thread
begins: on a busy machine that takes seconds, by which the load would be shorter than was asked for. Where there are
workers, each prepares its part, and the time begins once they have.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import gevent
from locust.env import Environment

LOCUST_LOG = "locust.main"
UNLIMITED = "No run time limit set"
"""How Locust's remark on a run without a limit begins."""


class RunTime:
    """Takes the limit from Locust, and keeps it."""

    def __init__(self, environment: Environment, wait_for_workers: Callable[[], None]) -> None:
        options: Any = environment.parsed_options
        self._environment, self._log = environment, logging.getLogger(LOCUST_LOG)
        self._wait_for_workers = wait_for_workers
        self._limit_s: int = options.run_time
        options.run_time = None
        self._log.addFilter(self._as_limited)

    def begin(self, **_: Any) -> None:
        """Begin the time of a run that this process has prepared, once its workers have, too."""
        options: Any = self._environment.parsed_options
        options.run_time = self._limit_s
        gevent.spawn(self._count)

    def _count(self) -> None:
        self._wait_for_workers()
        # gevent counts from the time at which its loop last turned, which was before the preparation.
        gevent.get_hub().loop.update_now()
        gevent.spawn_later(self._limit_s, self._end)

    def _end(self) -> None:
        self._log.info("--run-time limit reached, shutting down")
        if self._environment.runner is not None:
            self._environment.runner.quit()

    def _as_limited(self, record: logging.LogRecord) -> bool:
        """A filter of Locust's log: what it says of a run without a limit is not so."""
        if str(record.msg).startswith(UNLIMITED):
            record.msg = f"Run time limit set to {self._limit_s} seconds, from when the run is prepared"
        return True
