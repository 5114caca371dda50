"""Sums of stalls are those that adding them one by one gives; what they took is granted on top of a deadline."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from conformance.analysis.stalls import stalls_of
from conformance.stage.clients.recorder import Clock
from conformance.stage.heartbeat import Heartbeat
from conformance.stage.perform import _left_s

TIMES = st.floats(min_value=0, max_value=100, allow_nan=False)
GAPS = st.lists(st.tuples(TIMES, TIMES), max_size=20)


def one_after_another(gaps: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """(began, lasted) of stalls that do not overlap, from (pause before it, how long it lasts)."""
    at_s, found = 0.0, []
    for pause_s, lasted_s in gaps:
        found.append((at_s + pause_s, lasted_s))
        at_s += pause_s + lasted_s
    return found


@given(GAPS, TIMES, TIMES)
def test_the_sum_is_that_of_each_part_between_the_times(
    gaps: list[tuple[float, float]], since_s: float, until_s: float
) -> None:
    stalls = one_after_another(gaps)
    parts = (
        max(0.0, min(until_s, began_s + lasted_s) - max(since_s, began_s)) for began_s, lasted_s in reversed(stalls)
    )
    assert abs(stalls_of(reversed(stalls)).between(since_s, until_s) - sum(parts)) < 1e-6


def test_a_stall_before_both_times_counts_for_nothing() -> None:
    stalls = stalls_of([(1.0, 0.5), (4.0, 1.0)])
    assert stalls.between(2.0, 3.0) == 0.0
    assert stalls.between(2.0, 4.5) == 0.5


def test_what_our_own_side_was_held_up_is_granted_on_top() -> None:
    heartbeat = Heartbeat(Clock(), stalls=[(1.0, 0.5), (4.0, 1.0)])
    now = SimpleNamespace(now=lambda: 6.0)
    stage = SimpleNamespace(run=SimpleNamespace(heartbeat=heartbeat, clock=now))
    assert _left_s(stage, 3.0, 2.0) == 0.0
    assert _left_s(stage, 0.0, 2.0) == -2.5
