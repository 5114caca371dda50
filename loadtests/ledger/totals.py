"""The account of a whole run: what each process told last, added up. Pure.

A run of hundreds of workers asks for its counts and times every second, and each worker tells every three seconds. So
what is added up is kept, and of a worker that has told again only the difference is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from loadtests.ledger.counts import ORDER
from loadtests.ledger.histogram import Histogram, Tags
from loadtests.ledger.messages import Snapshot, Witnessed

Key = tuple[str, Tags]


def is_part(counted: str, scenario: str) -> bool:
    """Whether something is counted as a part of a scenario: under its name, and that of the part behind it."""
    return counted.startswith(f"{scenario} ")


@dataclass(slots=True)
class _Sums:
    """What all processes told, added up."""

    taken: dict[str, Snapshot] = field(default_factory=dict)
    """The account of each worker that is in the sums."""
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    trends: dict[Key, Histogram] = field(default_factory=dict)
    asked: dict[Key, Histogram] = field(default_factory=dict)
    """Trends by a name and some of their tags, until another account comes."""
    merged: int = 0
    """How many histograms were taken so far: what adding up costs."""

    def take(self, snapshots: Mapping[str, Snapshot]) -> bool:
        """Take what is new; False where it cannot be taken as a difference, and all has to be added up anew."""
        if self.taken.keys() - snapshots.keys():
            return False
        for worker, account in snapshots.items():
            before = self.taken.get(worker)
            if before is account:
                continue
            self.asked.clear()
            self.taken[worker] = account
            for name, of, step, count in account.counts:
                self.counts[name, of, step] += count
            for name, of, step, count in before.counts if before is not None else ():
                self.counts[name, of, step] -= count
            if not self._take_trends(account, before):
                return False
        return True

    def _take_trends(self, account: Snapshot, before: Snapshot | None) -> bool:
        old = {(name, tags): packed for name, tags, packed in before.trends} if before is not None else {}
        for name, tags, packed in account.trends:
            known = old.pop((name, tags), None)
            if known == packed:
                continue
            times = Histogram.unpacked(packed)
            self.merged += 1
            whole = self.trends.setdefault((name, tags), Histogram())
            if known is not None:
                gone = Histogram.unpacked(known)
                if gone.least < times.least or gone.most > times.most or gone.count > times.count:
                    return False
                whole.buckets.subtract(gone.buckets)
                whole.total -= gone.total
            whole.merge(times)
        return not old


@dataclass(slots=True)
class Totals:
    """What is known of every process of a run."""

    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    """The last account of each worker, under its name; another one replaces it, and none is changed."""
    owed_since: Counter[str] = field(default_factory=Counter)
    """What each worker has been owed, by what others published, since it last told."""
    gone: set[str] = field(default_factory=set)
    """Workers that were lost in mid-run: what they were owed is unknown."""
    _kept: _Sums = field(default_factory=_Sums, repr=False, compare=False)

    def _sums(self) -> _Sums:
        if not self._kept.take(self.snapshots):
            self._kept = _Sums()
            self._kept.take(self.snapshots)
        return self._kept

    def counts(self, scenario: str | None = None, step: str | None = None) -> dict[str, int]:
        """The counts of all processes, of one scenario or step, or of all."""
        whole: Counter[str] = Counter()
        for (name, of, at), count in self._sums().counts.items():
            if scenario in (None, of) and step in (None, at):
                whole[name] += count
        for worker in self.gone & self.snapshots.keys():
            for name, of, at, count in self.snapshots[worker].counts:
                if name == "pending" and scenario in (None, of) and step in (None, at):
                    whole[name] -= count
                    whole["unknown"] += count
        if scenario is None and step is None:
            whole["unknown"] += sum(self.owed_since[worker] for worker in self.gone)
        return {name: whole[name] for name in ORDER if whole[name]}

    def scenarios(self) -> list[str]:
        """The scenarios that were counted."""
        return sorted({of for account in self.snapshots.values() for _, of, _, _ in account.counts})

    def named(self, scenario: str) -> list[str]:
        """What was counted under the name of a scenario: itself, or where it plays several parts, all of them."""
        counted = {of for (_, of, _), count in self._sums().counts.items() if count}
        parts = sorted(of for of in counted if is_part(of, scenario))
        return [scenario] if scenario in counted else parts or [scenario]

    def steps(self, scenario: str) -> list[str]:
        """The steps of a scenario that were counted, which are numbers, in their order."""
        found = {step for (_, of, step), count in self._sums().counts.items() if of == scenario and count} - {""}
        return sorted(found, key=float)

    def trends(self) -> Mapping[Key, Histogram]:
        """The trends of all processes, in ms, for looking at: they are those that later ones are added to."""
        return self._sums().trends

    def trend(self, name: str, tags: Mapping[str, str] | None = None) -> Histogram:
        """One trend, of all that have at least these tags, for looking at."""
        sums, wanted = self._sums(), tuple(sorted((tags or {}).items()))
        whole = sums.asked.get((name, wanted))
        if whole is None:
            whole = sums.asked[name, wanted] = Histogram()
            for (other, has), histogram in sums.trends.items():
                if other == name and set(wanted) <= set(has):
                    whole.merge(histogram)
        return whole

    def witnesses(self) -> Iterator[Witnessed]:
        """The first that shows a defect, of each process."""
        return (one for account in self.snapshots.values() for one in account.witnesses)

    @property
    def sockets(self) -> int:
        """How many sockets have a connection."""
        return sum(account.sockets for account in self._there())

    @property
    def away(self) -> int:
        """How many sockets have no connection and want one."""
        return sum(account.away for account in self._there())

    @property
    def rooms(self) -> int:
        """How many rooms have members; a shared one counts once for each worker that has some."""
        return sum(account.rooms for account in self._there())

    def _there(self) -> Iterator[Snapshot]:
        return (account for worker, account in self.snapshots.items() if worker not in self.gone)

    def clocks(self) -> dict[str, tuple[float, float]]:
        """Of each worker of a master: how far its clock is from ours, and the error of that, in ms."""
        told = {worker: account.clock_ms for worker, account in self.snapshots.items()}
        return {worker: (offset, error) for worker, (offset, error) in told.items() if error}

    def line(self) -> str:
        """The counts in one line."""
        counts = self.counts()
        return "ledger: " + (", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing was published")
