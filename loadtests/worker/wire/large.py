"""Of what is large only so much is read at once: the rest waits, so that memory for all together has a bound."""

from __future__ import annotations

from collections.abc import Callable

SMALL_BYTES = 65_536
"""What an answer may have without waiting for others: a thousand calls are under way at once, which makes 66 MB."""

LARGE_AT_ONCE = 24
"""How many larger ones are read at once: of 2 MB each, and twice that when one is whole, 50 to 100 MB."""


class LargeAtOnce:
    """What large things of one kind are read at once by one process."""

    def __init__(self, most: int) -> None:
        """`most` is of all sizes together; one is read however large it is."""
        self._most = most
        self._read: dict[object, int] = {}
        self._waiting: dict[object, tuple[int, Callable[[], object]]] = {}

    def begin(self, who: object, go_on: Callable[[], object], size: int = 1) -> bool:
        """Something turns out to be large: whether it is read on at once. If not, `go_on` is called once it may be."""
        if who in self._read:
            return True
        if not self._waiting and self._has_room(size):
            self._read[who] = size
            return True
        self._waiting[who] = size, go_on
        return False

    def _has_room(self, size: int) -> bool:
        return not self._read or sum(self._read.values()) + size <= self._most

    def end(self, who: object) -> None:
        """Something is whole, or given up: those that wait longest go on."""
        self._waiting.pop(who, None)
        if self._read.pop(who, None) is None:
            return
        for following, (size, go_on) in list(self._waiting.items()):
            if following not in self._waiting:
                continue  # Ended by one that went on.
            if not self._has_room(size):
                return
            del self._waiting[following]
            self._read[following] = size
            go_on()
