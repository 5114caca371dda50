"""What a limit of the contracts lets a socket of a load publish."""

from contracts.limits import Limit
from loadtests.worker.pacing import ARRIVAL_S, Pace

TWO = Limit(per_s=2, then="dropped", source="guide", events=("say",))
SLOW = Limit(per_s=0.5, then="hang-up", source="guide")


def test_what_a_window_has_room_for_may_be_sent() -> None:
    pace = Pace([TWO])
    for at_s in (10.0, 10.5):
        assert pace.has_room("say", at_s)
        pace.note("say", at_s)
    assert not pace.has_room("say", 10.9)
    assert pace.has_room("look", 10.9), "it does not count"
    assert not pace.has_room("say", 11.0), "the first may have come late"
    assert pace.has_room("say", 11.01 + ARRIVAL_S)


def test_a_limit_of_all_events_counts_what_is_no_publication() -> None:
    pace = Pace([TWO, SLOW])
    pace.note("join", 0.0)
    assert not pace.has_room("say", 1.9)
    assert pace.has_room("say", 2.1 + ARRIVAL_S)
