"""`roomcheck doctor` says what is wrong with a hostile server, in time."""

from pathlib import Path

import pytest

from tests.hostile.doctor import DOCTOR_ROWS, EXAMINED, faults_of_doctor, played_by_doctor
from tests.hostile.play import hosted

QUICK = ("redirects", "refuses with a gzip bomb", "opens with a text for pingInterval", "sends noops without end")
"""What ends without a wait; the others are played by `make hostile`."""


def test_doctor_ends_as_it_has_to() -> None:
    rows = [row for row in DOCTOR_ROWS if row.what in QUICK]
    assert len(rows) == len(QUICK)
    with hosted() as (urls, authority):
        found = [faults_of_doctor(row, played_by_doctor(row, urls[row.what], Path(authority))) for row in rows]
    assert found == [[]] * len(rows)


@pytest.mark.parametrize("what", EXAMINED)
def test_every_row_of_doctor_is_one_of_the_table(what: str) -> None:
    assert [row.what for row in DOCTOR_ROWS].count(what) == 1
