"""A row of each step ends as it has to: exit code, first line, seconds and memory. `make hostile` plays all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.load import CROWD_ROWS, CROWDED
from tests.hostile.play import WHOLE, faults, faults_of_whole, hosted, played, wholly_played
from tests.hostile.row import Row
from tests.hostile.rows import ROWS, STEPS

SAMPLE = [row for row in ROWS if row.sample]


@pytest.fixture(scope="module")
def hosts() -> Iterator[tuple[dict[str, str], Path]]:
    with hosted() as told:
        yield told


@pytest.mark.parametrize("row", SAMPLE, ids=lambda row: row.what.replace(" ", "-"))
def test_a_check_of_a_hostile_server_ends_as_it_has_to(
    row: Row, hosts: tuple[dict[str, str], Path], tmp_path: Path
) -> None:
    urls, authority = hosts
    assert faults(row, played(row, urls[row.what], authority, tmp_path / "journal.ndjson")) == []


def test_the_sample_has_a_row_of_each_step_but_of_the_api_which_waits_long() -> None:
    assert {row.step for row in SAMPLE} == {step.__name__.rpartition(".")[2] for step in STEPS} - {"api"}


@pytest.mark.parametrize("what", ["takes connections and says nothing", "answers each call with 100 MB"])
def test_a_target_that_does_not_work_is_told_soon_without_a_timeout(
    what: str, hosts: tuple[dict[str, str], Path], tmp_path: Path
) -> None:
    (row,) = (row for row in ROWS if row.what == what)
    urls, authority = hosts
    assert faults_of_whole(row, wholly_played(row, urls[what], authority, tmp_path / "journal.ndjson")) == []


def test_every_row_of_a_whole_check_and_of_a_crowd_is_one_of_the_table() -> None:
    assert {row.what for row in ROWS} >= set(WHOLE)
    assert len(CROWD_ROWS) == len(CROWDED)


def test_no_two_rows_are_of_one_name() -> None:
    assert len({row.what for row in ROWS}) == len(ROWS) >= 60
