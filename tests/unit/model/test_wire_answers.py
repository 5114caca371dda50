"""Which answers the contract knows: one that breaks its schema promises nothing."""

import pytest

from conformance.analysis.script import script
from conformance.model.wire import is_documented
from contracts.load import load

EXAMPLE = load("example")
ENTERS = 'ann opened a1\nann -> room:enter {"room": "r1"} #1\nann -> who {"room": "r1"} #2\nann -> pen:take {} #3\n'


@pytest.mark.parametrize(
    ("answer", "known"),
    [
        ('ann <= room:enter #1 {"room": "r1", "entered": true}', True),
        ('ann <= room:enter #1 {"room": "r1", "entered": false}', False),
        ('ann <= room:enter #1 {"entered": true}', False),
        ("ann <= room:enter #1", False),
        ('ann <= who #2 {"room": "r1", "sockets": [], "count": 0}', True),
        ('ann <- who:list {"room": "r1", "sockets": [], "count": 0}', True),
        ('ann <- who:list {"room": "r1", "sockets": [], "count": "0"}', False),
        ("ann <= pen:take #3 {}", False),
        ('ann <- problem {"code": "X"}', False),
        ("ann missed an answer", False),
    ],
)
def test_an_answer_is_known_where_it_keeps_the_schema_of_a_good_one(answer: str, known: bool) -> None:
    assert is_documented(EXAMPLE, script(EXAMPLE, ENTERS + answer).entries[-1]) is known
    assert not is_documented(EXAMPLE, None)
