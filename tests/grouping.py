"""What tests one of several processes runs one after another, and in which order they begin."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import pytest

MOST_TOGETHER = 8
"""How many tests of a file that share no fixture a process takes at a time: few, so that all end at about one time."""


def grouped(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Tests in the order in which they are to begin, each marked with its group for pytest-xdist.

    First come whole files whose tests share what one of them starts: they take longest. Last comes what starts
    nothing: each is short.
    """
    whole, parts, quick = list[list[pytest.Item]](), list[list[pytest.Item]](), list[list[pytest.Item]]()
    for _, group in groupby(items, lambda item: item.path):
        file = list(group)
        if all(item.get_closest_marker("quick") for item in file):
            quick.append(file)
        elif any(_shares(item) for item in file):
            whole.append(file)
        else:
            parts += [file[start : start + MOST_TOGETHER] for start in range(0, len(file), MOST_TOGETHER)]
    ordered = [*whole, *parts, *quick]
    for number, block in enumerate(ordered):
        for item in block:
            item.add_marker(pytest.mark.xdist_group(str(number)))
    return [item for block in ordered for item in block]


def _shares(item: pytest.Item) -> bool:
    """Whether a test has a fixture of the project that others of its file use, too."""
    found: Any = getattr(item, "_fixtureinfo", None)
    return found is not None and any(
        one.scope != "function" and one.baseid for several in found.name2fixturedefs.values() for one in several
    )
