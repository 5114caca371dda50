"""The calls of an act that cause broadcasts: which of them the service has taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from contracts.cause import Causes


@dataclass(slots=True)
class Outcome:
    """What became of a call."""

    taken: bool = False
    """Whether it was answered as documented."""


@dataclass(slots=True, kw_only=True)
class Calls:
    """How many calls of each name were made in an act, are under way, and were taken."""

    made: Counter[str] = field(default_factory=Counter)
    under_way: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def making(self, name: str) -> Iterator[Outcome]:
        """A call is made; one that raises was not taken."""
        self.made[name] += 1
        self.under_way[name] += 1
        outcome = Outcome()
        try:
            yield outcome
        finally:
            self.under_way[name] -= 1
            self.taken[name] += outcome.taken

    def all_failed(self, causes: Causes) -> bool:
        """Whether a broadcast has no cause: calls alone cause it, all that were made are over, and none was taken."""
        if not causes.calls or causes.events or causes.is_seen or causes.is_unseen or causes.bad_request:
            return False
        made = sum(self.made[name] for name in causes.calls)
        return made > 0 and not any(self.under_way[name] or self.taken[name] for name in causes.calls)

    @property
    def none_taken(self) -> bool:
        """Whether calls were made and are over, and none of any name was taken."""
        return self.made.total() > 0 and not self.taken.total() and not self.under_way.total()
