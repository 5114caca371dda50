"""What a service may send in place of what it should: nothing of it is a mistake of Roomcheck."""

from typing import Any

import pytest

from contracts.load import load
from loadtests.dialects.mark import InChoice, Mark
from loadtests.dialects.selection import words_of

WORDS = words_of(load("sos-built")).marked({"sos:status:update": InChoice("status", ("active", "closed"))})
ODD: list[Any] = [
    None, True, 5, -1, 1e308, float("inf"), 10**400, "", "x" * 100_000, "9" * 5000, "r 1 " + "9" * 5000, "\ud800",
    [], [[]], [None], {}, {"socketId": {}}, [{"socketId": []}], {"id": []}, {"total": 1e999}, {"total": []},
]  # fmt: skip
FIELDS = ("content", "displayName", "latitude", "longitude", "status", "sosId")


@pytest.mark.parametrize("value", ODD, ids=lambda value: str(value)[:20])
def test_odd_values_are_of_no_publication(value: Any) -> None:
    for way in WORDS.ways:
        for field in FIELDS:
            payload = {"sosId": "r", "latitude": 1.0, "longitude": 2.0, "status": "x"} | {field: value}
            found = WORDS.mark(way.broadcast.event, payload)
            assert found is None or isinstance(found[1].room, str)
        assert WORDS.same(1.5, value) is False
        assert way.expected(Mark("r", 1, 1))


@pytest.mark.parametrize("value", ODD, ids=lambda value: str(value)[:20])
def test_odd_answers_list_and_create_nothing(value: Any) -> None:
    assert WORDS.listed([]) == WORDS.listed([value]) == set()
    assert WORDS.listed([{"participants": value}]) == set()
    (call,) = (way.call for way in WORDS.ways if way.call is not None)
    assert WORDS.created(call, value) is None
    WORDS.created(call, {"data": value})
    assert WORDS.page(value) is None
    WORDS.page({"pagination": value, "data": value})
    assert WORDS.stored(WORDS.writing, value, "r")[1] is False
    assert WORDS.stored(WORDS.writing, {"content": value}, "r")[1] is False
