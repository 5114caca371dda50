"""A ramp as one of Locust's load shapes."""

from __future__ import annotations

import math
from collections.abc import Sequence

from locust import LoadTestShape

from loadtests.workload.ramp import Stage, users_at


class Ramp(LoadTestShape):
    """Asks each second for as many users as there should be by the next."""

    # Locust would take any shape that it finds in a locustfile, whatever its options say.
    abstract = True

    def __init__(self, stages: Sequence[Stage]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._stages = stages

    def tick(self) -> tuple[int, float] | None:
        """Locust: how many users, and how many of them come or go a second."""
        elapsed_s = self.get_run_time()  # type: ignore[no-untyped-call]
        now = users_at(self._stages, elapsed_s)
        if now is None:
            return None
        # The end of this second; a step is no steeper than the ramp, so that no stage is skipped behind a slow one.
        soon = users_at(self._stages, elapsed_s + 1)
        users = now if soon is None else soon
        return users, float(max(1, math.ceil(abs(users - now))))
