"""The looks that charts are made of, and the lines of bars that a terminal shows of them."""

import itertools

import pytest
from rich.console import Console

from loadtests.output.series import MOST_LOOKS, Look, Series, sparkline
from loadtests.output.tables import course, tables
from tests.unit.loadtests.test_totals import Times, Totals, account

MS = 10**6


def told(latencies_ms: list[float], *, lost: int = 0, size: int = 10) -> Totals:
    tags = (("room_size", str(size)), ("scenario", "Chat"))
    times: Times = {("delivery", tags): [int(one * MS) for one in latencies_ms]}
    return Totals(snapshots={"a": account({("ok", "Chat", ""): len(latencies_ms), ("lost", "Chat", ""): lost}, times)})


def test_rates_and_latencies_are_those_of_the_last_seconds() -> None:
    series = Series()
    first = series.look(told([1.0] * 100), 10.0)
    assert (first.per_s, first.p99) == (10.0, pytest.approx(1.0, rel=0.01))
    # For 20 s deliveries take ten times as long: what was before is not in the percentiles any more.
    series.look(told([1.0] * 100 + [10.0] * 200), 20.0)
    last = series.look(told([1.0] * 100 + [10.0] * 400, lost=3), 30.0)
    assert (last.per_s, last.defects, last.sockets) == (20.0, 3, 1)
    assert last.p50 == pytest.approx(10.0, rel=0.01)
    # And then there are none.
    silent = series.look(told([1.0] * 100 + [10.0] * 400), 41.0)
    assert (silent.per_s, silent.p50, silent.p99) == (0.0, None, None)
    assert series.columns()["p99"][-1] is None
    assert [look.at_s for look in series.looks] == [10.0, 20.0, 30.0, 41.0]


def test_a_worker_that_forgets_what_it_had_makes_no_rate_below_zero() -> None:
    series = Series()
    series.look(told([1.0] * 500), 10.0)
    assert series.look(told([1.0] * 5), 11.0).per_s == 0
    assert series.look(told([1.0] * 25), 13.0).per_s == pytest.approx(10.0)


def test_a_long_run_is_told_in_as_many_looks_as_a_screen_has_columns() -> None:
    series, totals = Series(), told([1.0])
    for second in range(5 * MOST_LOOKS):
        series.look(totals, float(second))
    times = [look.at_s for look in series.looks]
    assert MOST_LOOKS // 2 <= len(times) <= MOST_LOOKS
    assert times == sorted(times)
    assert times[-1] > 5 * MOST_LOOKS - 20
    steps = {later - sooner for sooner, later in itertools.pairwise(times)}
    assert len(steps) == 1, "they are equally far from each other"


@pytest.mark.parametrize(
    ("values", "width", "line"),
    [
        ([0, 1, 2, 3, 4, 5, 6, 7, 8], 9, "▁▂▃▄▅▆▇██"),
        ([0, 8, 0, 0, 4, 0], 3, "█▁▅"),
        ([None, 1.0, None], 3, " █ "),
        ([0.0, 0.0], 5, "▁▁"),
        ([], 5, ""),
    ],
)
def test_a_line_of_bars(values: list[float | None], width: int, line: str) -> None:
    assert sparkline(values, width) == line
    plain = sparkline(values, width, ascii_only=True)
    assert len(plain) == len(line)
    assert plain.isascii()


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_course_of_a_run_fits_a_terminal(width: int) -> None:
    series = Series(looks=[
        Look(at_s=second, sockets=40, defects=0, per_s=1234.5, p50=1.0, p95=2.0, p99=3.0) for second in range(300)
    ])  # fmt: skip
    console = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: SIM115 - what is printed is recorded
    console.print(course(series, width, ascii_only=False))
    lines = [line.rstrip() for line in console.export_text().splitlines()]
    assert max(map(len, lines)) <= width
    assert any(line.split()[:3] == ["deliveries/s", "1,234", "1,234"] for line in lines)
    assert any(line.split()[:4] == ["p99", "ms", "3.0", "3.0"] for line in lines)


def test_latency_by_room_size_is_a_picture_where_there_are_several_sizes() -> None:
    def titles(totals: Totals) -> list[str]:
        return [str(table.title) for table in tables(totals)]

    one = told([1.0] * 10)
    assert "Latency in ms by room size" not in titles(one)
    one.snapshots["b"] = told([8.0] * 10, size=100).snapshots["a"]
    assert "Latency in ms by room size" in titles(one)
