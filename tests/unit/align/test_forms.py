"""Every form in which people write, read as data: exactly what is marked is found."""

import pytest

from tests.forms import Case, cases, compared

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_exactly_what_is_marked_is_found(case: Case) -> None:
    missed, surplus = compared(case, case.found())
    assert (missed, surplus) == ([], [])
