"""Where the contract lists the ids of rooms, others are in them, too: what they cause is no effect of bad input."""

import dataclasses

import pytest

from contracts.schema import Schema
from tests.unit.scripts import EXAMPLE, PAIR, outcomes

LISTED = dataclasses.replace(EXAMPLE, room=dataclasses.replace(EXAMPLE.room, id=Schema({"enum": ["r1", "r2"]})))
NOTE = '{"id": "n1", "room": "r1", "text": "hello", "at": 1}'


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("junk-reaches-nobody", 'ann -> pen:take null\nbob <- pen:taken {"room": "r1", "pen": "red"}\n'),
        (
            "bad-calls-are-refused",
            f'http add-note {{"room": "r1"}} {{}} => 400 {{"error": "text is required"}}\nbob <- note:added {NOTE}\n',
        ),
    ],
)
def test_a_broadcast_that_nothing_of_the_run_explains_is_unclear_in_a_room_of_others(rule: str, text: str) -> None:
    assert outcomes(rule, PAIR + text) == ["fail"]
    assert outcomes(rule, PAIR + text, LISTED) == ["inconclusive"]


def test_junk_itself_is_a_fault_in_any_room() -> None:
    text = 'ann -> pen:take ["junk"]\nbob <- pen:taken ["junk"]\n'
    assert outcomes("junk-reaches-nobody", PAIR + text, LISTED) == ["fail"]
