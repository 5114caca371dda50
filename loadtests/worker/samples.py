"""What goes into Locust's statistics: for each type and name the times, the bytes and the failures, in bulk."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from loadtests.ledger.histogram import Histogram


@dataclass(slots=True)
class Sample:
    """What has happened under one type and name since it was last told."""

    times_ns: list[int] = field(default_factory=list)
    untimed: int = 0
    size_bytes: int = 0
    failures: Counter[str] = field(default_factory=Counter)

    def add(self, ns: int | None, size_bytes: int, failure: str | None) -> None:
        """Take one."""
        if ns is None:
            self.untimed += 1
        else:
            self.times_ns.append(ns)
        self.size_bytes += size_bytes
        if failure:
            self.failures[failure] += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A sample as it is told: times in ms."""

    kind: str
    name: str
    times: Histogram
    untimed: int = 0
    size_bytes: int = 0
    failures: Counter[str] = field(default_factory=Counter)


class Samples:
    """All samples of a worker."""

    def __init__(self) -> None:
        self._samples: dict[tuple[str, str], Sample] = {}

    def add(self, kind: str, name: str, ns: int | None, size_bytes: int = 0, failure: str | None = None) -> None:
        """Take one."""
        sample = self._samples.get((kind, name))
        if sample is None:
            sample = self._samples[kind, name] = Sample()
        sample.add(ns, size_bytes, failure)

    def fail(self, kind: str, name: str, failure: str, count: int = 1) -> None:
        """Note that something which is counted elsewhere was a failure."""
        self._samples.setdefault((kind, name), Sample()).failures[failure] += count

    def told(self) -> list[Told]:
        """Everything since the last time."""
        fresh, self._samples = self._samples, {}
        told = []
        for (kind, name), sample in fresh.items():
            times = Histogram()
            times.add(sample.times_ns)
            told.append(
                Told(
                    kind=kind,
                    name=name,
                    times=times,
                    untimed=sample.untimed,
                    size_bytes=sample.size_bytes,
                    failures=sample.failures,
                )
            )
        return told
