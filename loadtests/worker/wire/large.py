"""How many large answers are read at once: the others wait, so that all together take no more memory than they may."""

from __future__ import annotations

from collections.abc import Callable

SMALL_BYTES = 65_536
"""What an answer may have without waiting for others: a thousand calls are under way at once, which makes 66 MB."""

LARGE_AT_ONCE = 24
"""How many larger ones are read at once: of 2 MB each, and twice that when one is whole, 50 to 100 MB."""


class LargeAnswers:
    """The large answers of one process to one address."""

    def __init__(self) -> None:
        self._read: set[object] = set()
        self._waiting: dict[object, Callable[[], None]] = {}

    def begin(self, who: object, go_on: Callable[[], None]) -> bool:
        """An answer turns out to be large: whether it is read on at once. If not, `go_on` is called once it may be."""
        if len(self._read) < LARGE_AT_ONCE:
            self._read.add(who)
            return True
        self._waiting[who] = go_on
        return False

    def end(self, who: object) -> None:
        """An answer is whole, or given up: the one that waits longest goes on."""
        self._waiting.pop(who, None)
        if who not in self._read:
            return
        self._read.discard(who)
        if self._waiting:
            following = next(iter(self._waiting))
            go_on = self._waiting.pop(following)
            self._read.add(following)
            go_on()
