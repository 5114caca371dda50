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
    """Whether it was answered with a documented status."""
    unread: bool = False
    """Whether the body of that answer is a text that the contract does not allow, such as broken JSON."""


@dataclass(slots=True, kw_only=True)
class Calls:
    """How many calls of each name were made in an act, are under way, and were taken."""

    made: Counter[str] = field(default_factory=Counter)
    under_way: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    """Those of the taken ones whose answer nobody can read."""

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
            self.unread[name] += outcome.unread

    def all_failed(self, causes: Causes) -> bool:
        """Whether a broadcast has no cause: calls alone cause it, all that were made are over, and none was taken."""
        return self._all_over(causes) and not any(self.taken[name] for name in causes.calls)

    def all_doubtful(self, causes: Causes) -> bool:
        """Whether the same is so, but that some were taken, with answers that nobody can read."""
        return self._all_over(causes) and all(self.taken[name] == self.unread[name] for name in causes.calls)

    def _all_over(self, causes: Causes) -> bool:
        if not causes.calls or causes.events or causes.is_seen or causes.is_unseen or causes.bad_request:
            return False
        made = sum(self.made[name] for name in causes.calls)
        return made > 0 and not any(self.under_way[name] for name in causes.calls)

    @property
    def none_taken(self) -> bool:
        """Whether calls were made and are over, and none of any name was taken with an answer that can be read."""
        return self.made.total() > 0 and self.taken == self.unread and not self.under_way.total()
