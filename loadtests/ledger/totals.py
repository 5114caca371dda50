"""The account of a whole run: what each process told last, added up. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from loadtests.ledger.counts import ORDER
from loadtests.ledger.histogram import Histogram, Tags
from loadtests.ledger.messages import Snapshot, Witnessed


@dataclass(slots=True)
class Totals:
    """What is known of every process of a run."""

    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    """The last account of each worker, under its name."""
    owed_since: Counter[str] = field(default_factory=Counter)
    """What each worker has been owed, by what others published, since it last told."""
    gone: set[str] = field(default_factory=set)
    """Workers that were lost in mid-run: what they were owed is unknown."""

    def counts(self, scenario: str | None = None, step: str | None = None) -> dict[str, int]:
        """The counts of all processes, of one scenario or step, or of all."""
        whole: Counter[str] = Counter()
        for worker, account in self.snapshots.items():
            for name, of, at, count in account.counts:
                if scenario in (None, of) and step in (None, at):
                    whole["unknown" if name == "pending" and worker in self.gone else name] += count
        if scenario is None and step is None:
            whole["unknown"] += sum(self.owed_since[worker] for worker in self.gone)
        return {name: whole[name] for name in ORDER if whole[name]}

    def scenarios(self) -> list[str]:
        """The scenarios that were counted."""
        return sorted({of for account in self.snapshots.values() for _, of, _, _ in account.counts})

    def steps(self, scenario: str) -> list[str]:
        """The steps of a scenario that were counted, which are numbers, in their order."""
        rows = (row for account in self.snapshots.values() for row in account.counts)
        found = {step for _, of, step, _ in rows if of == scenario} - {""}
        return sorted(found, key=float)

    def trends(self) -> dict[tuple[str, Tags], Histogram]:
        """The trends of all processes, in ms."""
        whole: dict[tuple[str, Tags], Histogram] = {}
        for account in self.snapshots.values():
            for name, tags, packed in account.trends:
                whole.setdefault((name, tags), Histogram()).merge(Histogram.unpacked(packed))
        return whole

    def trend(self, name: str, tags: Mapping[str, str] | None = None) -> Histogram:
        """One trend, of all that have at least these tags."""
        wanted = set((tags or {}).items())
        whole = Histogram()
        for (other, has), histogram in self.trends().items():
            if other == name and wanted <= set(has):
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
