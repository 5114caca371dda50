"""What a check sends keeps below the limits of the contract."""

import pytest

from conformance.model.transcript import ARRIVAL_S
from conformance.stage.pacing import Pacer, Throttle, window_s
from contracts.limits import Limit


def limit(per_s: float, *events: str) -> Limit:
    return Limit(per_s=per_s, then="dropped", source="s", events=events)


def sent_at(pacer: Pacer, count: int, event: str = "e", actor: str = "ann", now_s: float = 0.0) -> list[float]:
    """When so many events are sent that are all to be sent at one time."""
    found = []
    for _ in range(count):
        found.append(pacer.slot_s(actor, event, now_s))
        pacer.take(actor, event, found[-1])
    return found


def test_without_limits_nothing_waits() -> None:
    assert sent_at(Pacer(()), 100) == [0.0] * 100


@pytest.mark.parametrize(("per_s", "kept"), [(1, 1), (2, 2), (3, 2), (20, 19)])
def test_fewer_than_the_limit_are_sent_within_its_time_and_what_arrival_takes_of_it(per_s: float, kept: int) -> None:
    times = sent_at(Pacer([limit(per_s)]), 50)
    assert times[:kept] == [0.0] * kept
    assert times[kept] == 1 + ARRIVAL_S
    assert times == sorted(times)
    assert all(later - early >= 1 + ARRIVAL_S for early, later in zip(times, times[kept:], strict=False))


def test_less_than_one_a_second_is_one_in_its_time() -> None:
    assert sent_at(Pacer([limit(0.5)]), 3) == [0.0, 2 + ARRIVAL_S, 2 * (2 + ARRIVAL_S)]


def test_each_socket_has_a_limit_of_its_own() -> None:
    pacer = Pacer([limit(1)])
    assert sent_at(pacer, 1) == sent_at(pacer, 1, actor="bob") == [0.0]


def test_only_the_events_of_a_limit_are_counted_together() -> None:
    pacer = Pacer([limit(1, "a", "b")])
    assert sent_at(pacer, 1, "a") == [0.0]
    assert sent_at(pacer, 5, "c") == [0.0] * 5
    assert sent_at(pacer, 1, "b") == [1 + ARRIVAL_S]


def test_all_limits_are_kept() -> None:
    pacer = Pacer([limit(20), limit(1, "a")])
    assert sent_at(pacer, 2, "a") == [0.0, 1 + ARRIVAL_S]


def test_a_socket_is_rested_when_its_windows_are_empty() -> None:
    pacer = Pacer([limit(20), limit(0.5, "a")])
    assert pacer.rested_s("ann", 7.0) == 7.0
    pacer.take("ann", "b", 1.0)
    assert pacer.rested_s("ann", 7.0) == 1.0 + window_s(limit(20))
    pacer.take("ann", "a", 1.0)
    assert pacer.rested_s("ann", 7.0) == 1.0 + 2 + ARRIVAL_S


def test_a_throttle_spaces_what_is_sent_by_whomever() -> None:
    throttle = Throttle(10)
    assert [throttle.take(now_s) for now_s in (0.0, 0.0, 0.05, 5.0, 5.0)] == pytest.approx([0.0, 0.1, 0.2, 5.0, 5.1])
