"""Lists that the contract does not page."""

from tests.unit.rules.test_calls import NOTE, READ_BACK, changed
from tests.unit.scripts import outcomes


def test_a_list_without_pages_is_whole_only_where_it_is_empty() -> None:
    bundle = changed("list-notes", page=None)
    made = f'http add-note {{"room": "r1"}} {{}} => 201 {NOTE}\nhttp list-notes {{"room": "r1"}} ?{{"skip": 1}} => 200 '
    assert outcomes(READ_BACK, made + '{"notes": [], "total": 0}', bundle) == ["fail"]
    assert outcomes(READ_BACK, made + '{"notes": [{"id": "n0"}], "total": 1}', bundle) == ["inconclusive"]
    assert outcomes(READ_BACK, made + '{"notes": [], "total": 9}') == ["inconclusive"]
