"""The charts of a run with many workers tell the highest, the median and the lowest, and of few each one."""

import msgspec

from conformance.journal.records import Measured, read
from reports.parts.loaded import MOST_WORKERS, parts
from tests.golden import golden


def lines(workers: int) -> dict[str, list[float | None]]:
    run = read(golden("load"))
    series = tuple(
        msgspec.structs.replace(one, workers={f"w{number}": {"lag_ms": float(number)} for number in range(workers)})
        for one in run.measured
    )
    silent: Measured = msgspec.structs.replace(series[-1], at_s=series[-1].at_s + 1, workers={})
    charts = parts(msgspec.structs.replace(run, measured=(*series, silent)), "r0")["charts"]
    found: dict[str, list[float | None]] = next(one for one in charts if "event loop" in one["title"])["lines"]
    return found


def test_few_workers_have_a_line_each() -> None:
    assert list(lines(MOST_WORKERS)) == [f"w{number}" for number in range(MOST_WORKERS)]


def test_of_many_workers_the_extremes_and_the_middle_are_drawn() -> None:
    found = lines(201)
    assert {name: values[0] for name, values in found.items()} == {
        "highest worker": 200.0, "median worker": 100.0, "lowest worker": 0.0,
    }  # fmt: skip
    assert [values[-1] for values in found.values()] == [None] * 3
