"""Tests that share what one of them starts are run by one process, and what is short begins last."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.grouping import MOST_TOGETHER, grouped


class Item:
    """As much of a test as grouping asks for."""

    def __init__(self, file: str, *, quick: bool = False, shares: bool = False) -> None:
        self.path, self._quick = Path(file), quick
        fixture = SimpleNamespace(scope="module", baseid="tests")
        self._fixtureinfo = SimpleNamespace(name2fixturedefs={"service": [fixture]} if shares else {})
        self.group = ""

    def get_closest_marker(self, name: str) -> bool:
        return name == "quick" and self._quick

    def add_marker(self, mark: pytest.MarkDecorator) -> None:
        self.group = mark.mark.args[0]


def test_files_that_share_are_whole_and_first_and_what_is_quick_comes_last() -> None:
    quick = [Item("a.py", quick=True) for _ in range(20)]
    alone = [Item("b.py") for _ in range(MOST_TOGETHER + 1)]
    whole = [Item("c.py", shares=number == 5) for number in range(20)]
    ordered = cast("list[Any]", grouped(cast("list[pytest.Item]", [*quick, *alone, *whole])))
    assert ordered == [*whole, *alone, *quick]
    assert len({one.group for one in whole}) == len({one.group for one in quick}) == 1
    assert [one.group for one in alone] == [alone[0].group] * MOST_TOGETHER + [alone[-1].group]
    assert len({one.group for one in ordered}) == 4


def test_the_tests_of_this_run_are_grouped(request: pytest.FixtureRequest) -> None:
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("this run has no groups: it is by one process, or by another way of sharing tests out")
    assert request.node.get_closest_marker("xdist_group") is not None
    assert "@" in request.node.nodeid
