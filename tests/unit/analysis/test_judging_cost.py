"""What judging costs grows as the transcript does: nothing is compared with everything else."""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType
from typing import Any

import pytest

from conformance.analysis import matching
from conformance.analysis.reading import Reading, read
from conformance.analysis.script import script
from conformance.judge.rule import Rule, rules
from conformance.model.transcript import Transcript
from contracts.load import load

EXAMPLE = load("example")
FEW, MANY = 40, 160
MOST_RATIO = 1.5 * MANY / FEW
"""What takes four times as long where there is four times as much is linear; sixteen times is quadratic."""

ROOM = """
ann opened a1 user=ua token=own
bob opened b1 user=ub token=own
cyd opened c1 user=uc token=own
oda opened o1 user=uo token=own
ann in r1
bob in r1
cyd in r1
oda in r2
"""


def heard(number: int) -> Iterator[str]:
    pen = ("red", "green", "blue")[number % 3]
    yield f'ann -> pen:take {{"room": "r1", "pen": "{pen}"}}'
    yield f'bob <- pen:taken {{"room": "r1", "pen": "{pen}"}}'
    yield f'cyd <- pen:taken {{"room": "r1", "pen": "{pen}"}}'


def ignored(number: int) -> Iterator[str]:
    yield from [line for line in heard(number) if "->" in line]


def moved(number: int) -> Iterator[str]:
    yield f'ann -> cursor:move {{"room": "r1", "x": {number / 4}}}'
    yield f'bob <- cursor:moved {{"room": "r1", "user": "ua", "x": {number / 4}}}'


def changed(number: int) -> Iterator[str]:
    yield f'ann -> cursor:move {{"room": "r1", "x": {number / 4}}}'
    yield f'bob <- cursor:moved {{"room": "r1", "user": "ua", "x": {99 - number / 4}}}'


def stored(number: int) -> Iterator[str]:
    told = f'{{"id": "n{number}", "room": "r1", "text": "t{number}", "at": 1}}'
    yield f'http add-note {{"room": "r1"}} {{"text": "t{number}"}} => 201 {told}'
    yield f"ann <- note:added {told}"
    yield f"bob <- note:added {told}"


def listed(number: int) -> Iterator[str]:
    yield f'ann -> who {{"room": "r1"}} #{number}'
    yield f'ann <= who #{number} {{"room": "r1", "sockets": [{{"socket": "a1"}}], "count": 1}}'


def refused(number: int) -> Iterator[str]:
    yield f'ann -> who {{"room": "r1"}} #{number}'
    yield 'ann <- problem {"code": "NO"}'


def bad(number: int) -> Iterator[str]:
    yield 'ann -> pen:take {"room": "r1"}'
    yield 'ann <- problem {"code": "NO"}'


def repeated(number: int) -> Iterator[str]:
    told = f'{{"id": "n{number}", "room": "r1", "text": "t{number}", "at": 1}}'
    yield f'http add-note {{"room": "r1"}} {{"text": "t{number}"}} => 201 {told}'
    yield from [f"ann <- note:added {told}"] * 3


def renamed(number: int) -> Iterator[str]:
    yield f'bob <- board:noise {{"room": "r1", "number": {number}}}'


def relayed(number: int) -> Iterator[str]:
    yield f'ann -> cursor:move {{"room": "r1", "x": {200 + number}}}'
    yield f'bob <- cursor:moved {{"room": "r1", "user": "ua", "x": {200 + number}}}'


def transcript(line: Callable[[int], Iterator[str]], count: int) -> Transcript:
    return script(EXAMPLE, ROOM + "\n".join(text for number in range(count) for text in line(number)))


def cost(work: Callable[[], object]) -> int:
    """How many lines of Python it takes; each turn of a loop counts, also of one that stands on a line."""
    lines = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal lines
        lines += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return lines


def judged(rule: Rule, reading: Reading) -> None:
    for _ in rule.judge(reading):
        pass


@pytest.mark.parametrize(
    "line", [heard, ignored, moved, changed, stored, listed, refused, bad, repeated, renamed, relayed]
)
def test_four_times_as_much_costs_about_four_times_as_much(
    line: Callable[[int], Iterator[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "MOST_LIKE", FEW // 4)
    readings: list[Reading] = []
    little, much = (
        cost(lambda count=count: readings.append(read(EXAMPLE, transcript(line, count)))) for count in (FEW, MANY)
    )
    assert much <= MOST_RATIO * little
    few, many = readings
    for rule in rules():
        little, much = (cost(partial(judged, rule, reading)) for reading in (few, many))
        assert much <= MOST_RATIO * little, (rule.id, little, much)
