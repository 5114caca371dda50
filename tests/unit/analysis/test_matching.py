"""What an event is compared with: causes by their values, and by whom it names."""

import pytest

from conformance.analysis.matching import Board
from conformance.model.transcript import Got
from tests.unit.scripts import PAIR, heard_s, reading_of

TWICE = """
@1 ann -> pen:take {"room": "r1", "pen": "red"}
@2 bob -> pen:take {"room": "r1", "pen": "red"}
"""


def got(at_s: float, **payload: str) -> Got:
    return Got(at_s=at_s, actor="bob", event="pen:taken", args=({"room": "r1", "pen": "red", **payload},))


def test_a_field_names_no_sender_where_the_contract_names_none() -> None:
    """Only of sockets that came or went any field may name who it was."""
    due = reading_of(PAIR + TWICE).provocations
    assert [one.sender for one in due] == ["ann", "bob"]
    assert all(one.users for one in due)
    board = Board(due)
    assert board.fits(got(3, best="ub"), by_name=True) == []
    assert board.fits(got(3, best="ub"), by_name=False) == list(due)


@pytest.mark.parametrize("best", ["ua", "ub"])
def test_of_equal_causes_the_first_is_delivered_first_whatever_a_field_says(best: str) -> None:
    taken = f'@3 bob <- pen:taken {{"room": "r1", "pen": "red", "best": "{best}"}}\n'
    reading = reading_of(PAIR + TWICE + taken)
    assert (heard_s(reading, 1.0, "bob"), heard_s(reading, 2.0, "bob")) == ([3.0], [])
