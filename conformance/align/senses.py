"""Which documented name is advised for a wrong one: of the same sense, in the same tense, then by letters. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import lru_cache

BEGINS = frozenset(
    {"enter", "join", "start", "open", "begin", "began", "begun", "connect", "subscribe", "add", "init", "create"}
)
ENDS = frozenset(
    {
        "exit",
        "leave",
        "left",
        "stop",
        "end",
        "close",
        "quit",
        "disconnect",
        "unsubscribe",
        "finish",
        "remove",
        "drop",
        "gone",
        "depart",
        "detach",
    }
)
REPLIES = frozenset({"result", "response", "reply", "ack", "answer", "pong", "respond", "return", "acknowledge"})
REQUESTS = frozenset({"request", "req", "ask", "get", "fetch", "query", "ping"})
CHANGES = frozenset({"update", "set", "change", "modify", "edit", "patch", "put"})
GROUPS = (BEGINS, ENDS, REPLIES, REQUESTS, CHANGES)
OPPOSITE = {0: 1, 1: 0, 2: 3, 3: 2}
PAST = re.compile(r"(?:ed|left|began|begun|gone)$")
"""How a word ends that tells of what has happened."""


@lru_cache(maxsize=4096)
def of(name: str) -> int | None:
    """Which group the last word of a name that has a sense is in."""
    for word in reversed(re.split(r"[:_-]", name.lower())):
        stems = {word, word.removesuffix("d"), word.removesuffix("ed"), re.sub(r"(\w)\1ed$", r"\1", word)}
        for number, group in enumerate(GROUPS):
            if stems & group:
                return number
    return None


def is_past(name: str) -> bool:
    """Whether a name tells of what has happened."""
    return PAST.search(name.lower()) is not None


def opposed(name: str, other: str) -> bool:
    """Whether two names say the opposite: `enter` and `leave`, a reply and a request."""
    sense = of(name)
    return sense in OPPOSITE and OPPOSITE[sense] == of(other)


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that fits a wrong name best: one of the same sense, in the same tense, then by its letters."""
    return max(candidates, key=lambda one: _fit(name, one), default=None)


def replies(name: str, candidates: Iterable[str]) -> list[str]:
    """The replies beside a name that is made as one: `heartbeat:ack` beside `heartbeat:pong`."""
    head, _, last = name.rpartition(":")
    if not head or last.lower() not in REPLIES:
        return []
    return [one for one in candidates if one.rpartition(":")[0] == head and of(one) == GROUPS.index(REPLIES)]


def _fit(name: str, other: str) -> tuple[bool, bool, int]:
    same = of(name) is not None and of(name) == of(other)
    tense = is_past(name) == is_past(other)
    last, meant = name.rpartition(":")[2], other.rpartition(":")[2]
    blocks = difflib.SequenceMatcher(None, last, meant).get_matching_blocks()
    return same, same and tense, sum(block.size for block in blocks)


INFLECTED = re.compile(r"(?:ed|d|ing|s|es|ted|ping|ped)$")
"""What a form of a word ends with: `updated` may mean `update` as well as what is told of it."""


def inflected(name: str, meant: str) -> bool:
    """Whether a name is another in another form of one of its words, as `location:updated` is of `location:update`."""
    pairs = zip(name.split(":"), meant.split(":"), strict=False)
    return any(
        one != other
        and (long := max(one, other, key=len)).startswith((short := min(one, other, key=len))[:-1])
        and INFLECTED.search(long) is not None
        and len(long) > len(short)
        for one, other in pairs
    )
