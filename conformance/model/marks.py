"""Marks: short texts that occur nowhere else, by which a value is known again wherever it comes out."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Iterator
from typing import Any

from contracts.binary import bytes_of

WORD = "forged"
"""How a mark begins, so that whoever finds one in a log knows what it is."""

DIGITS_COUNT = 10
"""Letters and digits that are drawn for a mark: 36^10, so that no two of a run are alike."""

MARK = re.compile(f"{WORD}[0-9a-z]{{{DIGITS_COUNT}}}")
"""A mark, in any text: it has only letters and digits, so that what trims, escapes or shortens a text leaves it."""

LENGTH = len(WORD) + DIGITS_COUNT


def mark(chance: random.Random) -> str:
    """A new mark."""
    return WORD + "".join(chance.choices(string.ascii_lowercase + string.digits, k=DIGITS_COUNT))


def leaves(value: Any) -> Iterator[tuple[str, Any]]:
    """(name of the field, value) of everything in a JSON value that is no container, at whatever depth.

    An item of a list has the name of the list; a value by itself has none. Binary data is a text of its bytes.
    """
    # A stack and no recursion: what comes from the network may be deeper than Python's.
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        name, one = waiting.pop()
        if isinstance(one, dict):
            data = bytes_of(one)
            if data is not None:
                yield name, data.decode("latin-1")
            else:
                waiting += one.items()
        elif isinstance(one, list | tuple):
            waiting += [(name, inner) for inner in one]
        else:
            yield name, one


def marks_in(value: Any) -> set[str]:
    """The marks that stand in any text of a JSON value, in whichever case they were put."""
    return {found for _, leaf in leaves(value) if isinstance(leaf, str) for found in MARK.findall(leaf.casefold())}
