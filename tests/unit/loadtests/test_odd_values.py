"""What a service may send in place of what it should: nothing of it is a mistake of Roomcheck."""

from typing import Any

import pytest

from contracts.load import load
from loadtests.dialects.selection import words_of
from loadtests.dialects.sos import Mark

WORDS = words_of(load("sos-built"))
ODD: list[Any] = [
    None, True, 5, -1, 1e308, float("inf"), 10**400, "", "x" * 100_000, "9" * 5000, "r 1 " + "9" * 5000, "\ud800",
    [], [[]], [None], {}, {"socketId": {}}, [{"socketId": []}], {"id": []}, {"total": 1e999}, {"total": []},
]  # fmt: skip
EVENTS = (WORDS.message_broadcast, WORDS.typing_broadcast, WORDS.location_broadcast, WORDS.status_broadcast)
FIELDS = ("content", "displayName", "latitude", "longitude", "status", "sosId")


@pytest.mark.parametrize("value", ODD, ids=lambda value: str(value)[:20])
def test_odd_values_are_of_no_publication(value: Any) -> None:
    for event in EVENTS:
        for field in FIELDS:
            payload = {"sosId": "r", "latitude": 1.0, "longitude": 2.0, "status": "x"} | {field: value}
            mark = WORDS.mark(event, payload)
            assert mark is None or isinstance(mark.room, str)
        assert WORDS.same(1.5, value) is False
        assert WORDS.sent(event, Mark("r", 1, 2))


@pytest.mark.parametrize("value", ODD, ids=lambda value: str(value)[:20])
def test_odd_answers_list_and_create_nothing(value: Any) -> None:
    assert WORDS.listed(value) == set()
    assert WORDS.listed({"participants": value}) <= {""}
    assert WORDS.created(value) is None
    WORDS.created({"data": value})
    assert WORDS.page(value) is None
    WORDS.page({"pagination": value, "data": value})
    assert WORDS.stored(value)[1] is False
    assert WORDS.stored({"content": value})[1] is False
