"""What a service may have dropped for a limit: by when its events can have come, and not by when they were sent."""

import dataclasses

import pytest

from conformance.analysis.dropping import Arrivals
from conformance.model.transcript import ARRIVAL_S, Sent
from contracts.limits import Excess, Limit
from tests.unit.scripts import EXAMPLE, PAIR, reading_of


def limit(per_s: float = 3, *events: str, then: Excess = "dropped") -> Limit:
    return Limit(per_s=per_s, then=then, source="guide", events=events)


def asked(limits: list[Limit], *rows: tuple[float, float | None], event: str = "pull", actors: str = "a") -> list[bool]:
    """Whether each may be dropped, of (sent, heard) in seconds, by the actors in turn."""
    arrivals = Arrivals(limits)
    return [
        arrivals.may_be_dropped(
            index, Sent(at_s=at_s, actor=actors[index % len(actors)], event=event, args=()), heard_s
        )
        for index, (at_s, heard_s) in enumerate(rows)
    ]


HELD_UP = ((0.0, 0.9), (0.0, 0.9), (0.0, 0.9), (1.3, None))
"""Three that were held up for most of a second, and one that nothing was heard of."""


def test_what_came_after_events_that_were_held_up_may_be_above_the_limit() -> None:
    assert asked([limit()], *HELD_UP) == [False, False, False, True]


def test_what_came_a_window_after_they_were_heard_was_not() -> None:
    assert asked([limit()], (0.0, 0.1), (0.0, 0.1), (0.0, 0.1), (1.3, None)) == [False] * 4


def test_fewer_than_the_limit_allows_excuse_nothing() -> None:
    assert asked([limit(4)], *HELD_UP) == [False] * 4


def test_what_was_heard_was_not_dropped() -> None:
    assert asked([limit()], *HELD_UP[:3], (1.3, 1.4)) == [False] * 4


@pytest.mark.parametrize("then", ["error", "hang-up"])
def test_limits_that_are_told_drop_nothing(then: Excess) -> None:
    assert asked([limit(then=then)], *HELD_UP) == [False] * 4


def test_only_events_that_are_counted_count() -> None:
    assert asked([limit(3, "other")], *HELD_UP) == [False] * 4
    assert asked([limit(3, "other", "pull")], *HELD_UP)[-1]


def test_each_socket_is_counted_by_itself() -> None:
    assert asked([limit()], *HELD_UP, actors="ab") == [False] * 4


def test_what_nothing_was_heard_of_is_taken_to_have_come_soon() -> None:
    one = limit(1)
    assert asked([one], (0.0, None), (1 + ARRIVAL_S - 0.01, None)) == [False, True]
    assert asked([one], (0.0, None), (1 + ARRIVAL_S + 0.01, None)) == [False, False]


def test_an_event_with_several_effects_is_counted_once() -> None:
    arrivals = Arrivals([limit(1)])
    sent = [Sent(at_s=at_s, actor="a", event="pull", args=()) for at_s in (0.0, 0.5)]
    assert [arrivals.may_be_dropped(0, sent[0], 0.1), arrivals.may_be_dropped(0, sent[0], None)] == [False, False]
    assert [arrivals.may_be_dropped(1, sent[1], None) for _ in range(2)] == [True, True]


def test_nothing_is_due_for_what_may_have_been_dropped() -> None:
    bundle = dataclasses.replace(EXAMPLE, limits=(limit(1),))
    pen = '{{"room": "r1", "pen": "{}"}}'.format
    text = f"{PAIR}@1 ann -> pen:take {pen('red')}\n@1.9 bob <- pen:taken {pen('red')}\n@2.5 ann -> pen:take {pen('blue')}\n"
    due = [[one.index for one in reading_of(text, of).provocations] for of in (EXAMPLE, bundle)]
    assert [len(found) for found in due] == [2, 1]
