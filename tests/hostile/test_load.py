"""`roomcheck load` against hostile servers ends as it has to, in time, and leaves no process behind."""

from pathlib import Path

import pytest

from tests.hostile.load import LOAD_ROWS, SAMPLE, faults_of_load, played_by_load
from tests.hostile.play import hosted
from tests.hostile.rows import HOSTED

ROW = {row.what: row for row in LOAD_ROWS}


@pytest.mark.parametrize("what", SAMPLE, ids=lambda what: what.replace(" ", "-"))
def test_a_load_of_a_hostile_server_ends_as_it_has_to(what: str) -> None:
    with hosted() as (urls, authority):
        assert faults_of_load(ROW[what], played_by_load(ROW[what], urls[what], Path(authority))) == []


def test_twelve_servers_and_more_are_played_to_a_load() -> None:
    assert len(LOAD_ROWS) >= 12
    assert len({row.step for row in LOAD_ROWS}) >= 6
    assert len({row.what for row in HOSTED}) == len(HOSTED)
