"""What a socket and a call of a load make of hostile servers: no traceback, and bounded time and memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.play import hosted
from tests.hostile.row import Row
from tests.hostile.rows import ROWS
from tests.hostile.worker import faults_of_worker, played_by_worker

SAMPLE = [row for row in ROWS if row.step == "engine" or row.sample]


@pytest.fixture(scope="module")
def hosts() -> Iterator[tuple[dict[str, str], Path]]:
    with hosted() as told:
        yield told


@pytest.mark.parametrize("row", SAMPLE, ids=lambda row: row.what.replace(" ", "-"))
def test_a_socket_of_a_load_ends_as_it_has_to(row: Row, hosts: tuple[dict[str, str], Path]) -> None:
    urls, authority = hosts
    assert faults_of_worker(row, played_by_worker(row, urls[row.what], authority)) == []
