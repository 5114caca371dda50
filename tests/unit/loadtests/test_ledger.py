"""The ledger states exactly what became of every delivery, whatever the order in which things happen."""

import random
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtests.ledger.counts import defects
from loadtests.ledger.histogram import Histogram, merged, tagged
from loadtests.ledger.ledger import LOST_NS, Ledger
from loadtests.ledger.publication import SILENT_NS, Publication, Room


def opened(*sockets: int) -> tuple[Ledger, Room]:
    ledger = Ledger()
    room = ledger.room("r")
    for socket in sockets:
        ledger.enter(room, socket, 0)
    return ledger, room


def publish(ledger: Ledger, room: Room, number: int, at_ns: int = 1, floor: int | None = None) -> Publication:
    """A publication of stream 7 that is taken at once."""
    floor = number - 1 if floor is None else floor
    one = ledger.publish(room, 7, number, due_ns=at_ns, now_ns=at_ns, floor=floor)
    ledger.answered(one, "taken", at_ns)
    return one


def counts(ledger: Ledger, now_ns: int, *, heard: bool = True, woke_ns: int | None = None) -> dict[str, int]:
    """What is counted by then, when every member has been hearing something all the while, or since it woke."""
    for room in ledger.rooms.values() if heard else ():
        for socket, stay in room.stays.items():
            room.heard(socket, now_ns)
            stay.woke_ns = woke_ns or 0
    ledger.settle(now_ns)
    return {name: count for (name, *_), count in (ledger.counts + Counter()).items()}


def test_each_fate_is_counted() -> None:
    ledger, room = opened(1, 2)
    ones = [publish(ledger, room, n) for n in range(4)]
    for one in ones:
        ledger.deliver(one, 1, 10)
    ledger.deliver(ones[2], 1, 11)
    ledger.deliver(ones[1], 2, 12)
    ledger.deliver(ones[0], 2, 13)
    ledger.deliver(ones[0], 3, 14, b"frame")
    assert counts(ledger, 15) == {"published": 4, "ok": 4, "duplicate": 1, "reordered": 1, "leaked": 1}
    assert ledger.pending() == {("pending", "", ""): 2}
    told = counts(ledger, LOST_NS + 100)
    assert (told["ok"], told["lost"]) == (6, 2)
    ledger.deliver(ones[3], 2, LOST_NS + 200)
    ledger.deliver(ones[3], 2, LOST_NS + 201)
    told = counts(ledger, LOST_NS + 300)
    assert (told["late"], told["lost"], told["duplicate"]) == (1, 1, 2)
    assert defects(told) == {"lost": 1, "late": 1, "duplicate": 2, "reordered": 1, "leaked": 1}
    witness = ledger.witnesses["leaked"]
    assert (witness.socket, witness.number, witness.frame) == (3, 0, "frame")
    assert ledger.drained()


def test_what_comes_after_its_deadline_is_late_whether_it_was_settled_or_not() -> None:
    ledger, room = opened(1, 2)
    one = publish(ledger, room, 0, at_ns=0)
    ledger.deliver(one, 1, LOST_NS)
    ledger.deliver(one, 2, LOST_NS + 1)
    assert counts(ledger, LOST_NS + 2) == {"published": 1, "ok": 1, "late": 1}


def test_late_is_what_takes_longer_than_its_contract_allows_from_the_answer_on() -> None:
    ledger, room = opened(1, 2, 3)
    one = ledger.publish(room, 7, 0, due_ns=0, now_ns=0, patience_ns=100)
    ledger.deliver(one, 1, 150)
    ledger.answered(one, "taken", 160)
    ledger.deliver(one, 2, 260)
    ledger.deliver(one, 3, 261)
    assert counts(ledger, 300) == {"published": 1, "ok": 2, "late": 1}
    assert ledger.witnesses["late"].socket == 3


def test_what_our_own_side_held_up_is_neither_late_nor_lost() -> None:
    ledger, room = opened(1, 2)
    ledger.stalled_ns = lambda since_ns, until_ns: 50 if until_ns > 100 else 0
    one = ledger.publish(room, 7, 0, due_ns=0, now_ns=0, patience_ns=100)
    ledger.answered(one, "taken", 0)
    ledger.deliver(one, 1, 150)
    ledger.deliver(one, 2, 151)
    assert counts(ledger, 200) == {"published": 1, "ok": 1, "late": 1}
    publish(ledger, room, 1, at_ns=200)
    assert counts(ledger, 200 + LOST_NS + 50)["ok"] == 1
    assert "lost" not in counts(ledger, 200 + LOST_NS + 50)
    assert counts(ledger, 200 + LOST_NS + 51)["lost"] == 2


def test_what_comes_when_it_was_given_up_is_late_or_after_a_stall_of_ours_in_time() -> None:
    for stalled_ns, fate in ((0, "late"), (LOST_NS, "ok")):
        ledger, room = opened(1)
        one = publish(ledger, room, 0, at_ns=0)
        assert counts(ledger, LOST_NS + 1)["lost"] == 1
        ledger.stalled_ns = lambda since_ns, until_ns, stalled_ns=stalled_ns: stalled_ns
        ledger.deliver(one, 1, LOST_NS + 2)
        assert counts(ledger, LOST_NS + 3) == {"published": 1, fate: 1}


def test_what_is_on_its_way_when_a_socket_leaves_is_excused() -> None:
    ledger, room = opened(1)
    publish(ledger, room, 0, at_ns=0)
    publish(ledger, room, 1, at_ns=LOST_NS)
    room.heard(1, LOST_NS + 1)
    ledger.unsure(room, 1, LOST_NS + 2)
    assert counts(ledger, LOST_NS * 9) == {"published": 2, "lost": 1, "excused": 1}


def test_who_heard_nothing_until_it_left_shows_no_loss() -> None:
    ledger, room = opened(1)
    publish(ledger, room, 0, at_ns=0)
    ledger.unsure(room, 1, LOST_NS * 2)
    assert counts(ledger, LOST_NS * 9) == {"published": 1, "excused": 1}


def test_what_does_not_come_is_lost_only_to_who_has_heard_something_since() -> None:
    ledger, room = opened(1, 2)
    publish(ledger, room, 0, at_ns=0)
    room.heard(1, LOST_NS)
    assert counts(ledger, LOST_NS * 2, heard=False) == {"published": 1}
    assert ledger.unproved(LOST_NS * 2) == {1, 2}
    for second in range(7):
        room.heard(1, LOST_NS * 2 + second * SILENT_NS)
    assert ledger.unproved(LOST_NS * 5) == {2}
    ledger.give_up(LOST_NS * 5)
    assert counts(ledger, LOST_NS * 5, heard=False) == {"published": 1, "lost": 1, "unknown": 1}
    assert ledger.drained()


def test_a_service_that_stalls_and_goes_on_has_lost_nothing() -> None:
    ledger, room = opened(1)
    ones = [publish(ledger, room, number, at_ns=number * LOST_NS // 3) for number in range(9)]
    for third in range(9):
        assert counts(ledger, third * LOST_NS // 3, heard=False) == {"published": 9}
    for one in ones:
        ledger.deliver(one, 1, LOST_NS * 3)
    assert counts(ledger, LOST_NS * 3 + 1) == {"published": 9, "ok": 3, "late": 6}


SECOND_NS = 1_000_000_000
SENT = [
    # When each location of one socket was sent and heard, in seconds, and what they are counted as.
    ([(0, 0.1), (1.05, 0)], {"ok": 1, "excused": 1}),  # It may have come 0.95 s after the one before.
    ([(0, 0.02), (1.05, 0)], {"ok": 1, "lost": 1}),
    ([(0, 0.1), (1.25, 0)], {"ok": 1, "lost": 1}),
    ([(0, 0), (1.25, 0)], {"lost": 2}),  # Who drops everything is told.
    ([(0, 0), (1.2, 0)], {"lost": 1, "excused": 1}),
    # It stood still, then had all at once and took the first, or another.
    ([(0, 3.1), (1.25, 0), (2.5, 0), (3.75, 0), (5, 5.1)], {"ok": 1, "late": 1, "excused": 3}),
    ([(0, 0), (1.25, 0), (2.5, 3.1), (3.75, 0), (5, 5.1)], {"ok": 2, "excused": 3}),
    ([(0, 0), (1.25, 3.4), (2.5, 3.5), (3.75, 3.9), (5, 5.1)], {"ok": 3, "late": 1, "excused": 1}),
]


@pytest.mark.parametrize(("sent", "expected"), SENT)
def test_what_may_have_come_too_soon_may_be_dropped_and_nothing_else(
    sent: list[tuple[float, float]], expected: dict[str, int]
) -> None:
    ledger, room = opened(1)
    before, heard_ns = None, 0
    events = [(at_s, 0, number) for number, (at_s, _) in enumerate(sent)]
    events += [(heard_s, 1, number) for number, (_, heard_s) in enumerate(sent) if heard_s]
    # Where nothing stands still, others are heard all the time.
    alive = not any(heard_s > at_s + 0.5 for at_s, heard_s in sent)
    for at_s, heard, number in sorted(events):
        at_ns = int(at_s * SECOND_NS)
        if heard:
            ledger.deliver(ledger.publications[7, number], 1, at_ns)
            heard_ns = at_ns
            continue
        one = ledger.publish(room, 7, number, due_ns=at_ns, now_ns=at_ns, floor=-1, patience_ns=2 * SECOND_NS)
        ledger.answered(one, "taken", at_ns)
        one.follows(before, SECOND_NS, at_ns if alive else heard_ns)
        before = one
    assert counts(ledger, 20 * SECOND_NS) == {"published": len(sent)} | expected


def test_what_a_service_does_after_it_answers_again_is_waited_for_once_more() -> None:
    """After a stall an answer may come before what other tasks of the service still have to do."""
    ledger, room = opened(1)
    one = publish(ledger, room, 0, at_ns=0)
    woke_ns = LOST_NS * 2
    assert counts(ledger, woke_ns, woke_ns=woke_ns) == {"published": 1}
    assert counts(ledger, woke_ns + LOST_NS, woke_ns=woke_ns) == {"published": 1}
    ledger.deliver(one, 1, woke_ns + LOST_NS)
    assert counts(ledger, woke_ns + LOST_NS + 1) == {"published": 1, "late": 1}


def test_what_was_thought_lost_is_waited_for_while_more_of_it_comes_and_looked_at_again() -> None:
    ledger, room = opened(1)
    ones = [publish(ledger, room, number, at_ns=number * SECOND_NS) for number in range(3)]
    for before, one in pairwise([None, *ones]):
        assert one is not None
        one.follows(before, SECOND_NS // 2, SECOND_NS * 9)
    now_ns = LOST_NS * 2
    assert counts(ledger, now_ns)["lost"] == 3
    assert ledger.drained(now_ns)
    ledger.deliver(ones[2], 1, now_ns)
    assert not ledger.drained(now_ns + 1), "the others may come, too"
    ledger.deliver(ones[0], 1, now_ns + 2)
    assert not ledger.drained(now_ns + LOST_NS)
    assert ledger.drained(now_ns + LOST_NS + 2)
    ledger.revise()
    # It took so long that all were under way at once, and the second may have come right after another.
    assert counts(ledger, now_ns + LOST_NS + 3) == {"published": 3, "late": 2, "excused": 1}


def test_a_refusal_is_no_loss_and_of_what_came_too_soon_no_failure() -> None:
    ledger, room = opened(1, 2)
    first, second = publish(ledger, room, 0, at_ns=0), publish(ledger, room, 1, at_ns=10)
    second.follows(first, 100, 0)
    assert ledger.refuse(first, 20)
    assert not ledger.refuse(second, 20)
    assert counts(ledger, LOST_NS * 2) == {"published": 2, "refused": 1, "excused": 2}


def test_what_was_sent_again_is_owed_to_nobody_and_may_come_all_the_same() -> None:
    ledger, room = opened(1)
    one = ledger.publish(room, 7, 0, due_ns=0, now_ns=0)
    ledger.answered(one, "resent", 1)
    ledger.deliver(one, 1, 2)
    assert counts(ledger, LOST_NS * 2) == {"published": 1, "resent": 1}


def test_what_was_left_unanswered_is_in_no_order() -> None:
    """A service that takes it long after the call was cancelled does nothing wrong."""
    ledger, room = opened(1)
    one = ledger.publish(room, 7, 0, due_ns=0, now_ns=0)
    ledger.answered(one, "unanswered", 10)
    later = publish(ledger, room, 1, at_ns=20)
    ledger.deliver(later, 1, 30)
    ledger.deliver(one, 1, 40)
    assert counts(ledger, 50) == {"published": 2, "unanswered": 1, "ok": 2}


def test_who_left_a_shared_room_long_ago_is_owed_nothing_by_what_others_tell() -> None:
    ledger = Ledger()
    room = ledger.room("r", shared=True)
    for socket in (1, 2):
        ledger.enter(room, socket, 0)
    ledger.leave(room, 2, 50)
    begun_ns = LOST_NS * 9
    ledger.settle(begun_ns)
    ledger.announce(
        room,
        8,
        0,
        due_ns=begun_ns,
        begun_ns=begun_ns,
        answered_ns=begun_ns,
        error_ns=0,
        floor=-1,
        tags=(),
        state="taken",
    )
    assert counts(ledger, LOST_NS * 11) == {"lost": 1}


def test_who_comes_or_goes_may_hear_and_is_owed_nothing_and_who_has_gone_must_not_hear() -> None:
    ledger, room = opened(1)
    ledger.unsure(room, 2, 0)
    one = publish(ledger, room, 0, at_ns=5)
    ledger.deliver(one, 2, 6)
    ledger.enter(room, 2, 7)
    ledger.deliver(one, 2, 8)
    ledger.deliver(one, 1, 8)
    assert counts(ledger, 9) == {"published": 1, "ok": 1}
    ledger.leave(room, 2, 10)
    ledger.deliver(one, 2, 11)
    assert "leaked" not in counts(ledger, 12)
    after = publish(ledger, room, 1, at_ns=13)
    ledger.deliver(after, 2, 14)
    assert counts(ledger, 15)["leaked"] == 1


def test_what_a_service_refused_is_owed_to_nobody_and_what_it_left_unanswered_is_unknown() -> None:
    ledger, room = opened(1)
    for number, state in enumerate(("refused", "unanswered", "begun")):
        one = ledger.publish(room, 7, number, due_ns=0, now_ns=0)
        if state != "begun":
            ledger.answered(one, state, 0)  # type: ignore[arg-type]
    told = counts(ledger, LOST_NS * 2)
    assert told == {"published": 3, "refused": 1, "unanswered": 1, "unknown": 1}
    assert not ledger.drained(), "a call that is under way may still publish"


def test_what_another_worker_publishes_is_counted_when_it_is_told() -> None:
    ledger = Ledger()
    room = ledger.room("r", shared=True)
    for socket, at_ns in ((1, 0), (2, 0), (3, 95)):
        ledger.enter(room, socket, at_ns)
    ledger.leave(room, 2, 50)
    ledger.orphans[8, 0] = [(1, 120, b"frame"), (3, 121, b"frame")]
    assert not ledger.drained()
    times = {"due_ns": 90, "begun_ns": 100, "answered_ns": 101, "error_ns": 10}
    told = times | {"floor": -1, "tags": (), "state": "taken"}
    ledger.announce(room, 8, 0, **told)  # type: ignore[arg-type]
    # The second had left, and the third came within what the clocks may be apart: neither is owed it.
    assert counts(ledger, 130) == {"ok": 1}
    assert ledger.drained()
    assert ledger.trends["delivery", ()].fold().count == 2


def test_times_are_counted_with_less_than_half_a_percent_of_error() -> None:
    chance = random.Random(5)  # noqa: S311 - times for a test, chosen by a seed
    values = [chance.lognormvariate(1, 3) for _ in range(20_000)]
    parts = [Histogram() for _ in range(4)]
    for index, part in enumerate(parts):
        part.add([round(value * 1e6) for value in values[index::4]])
    whole = merged(Histogram.unpacked(part.packed()) for part in parts)
    ordered = sorted(values)
    for percent in (0.1, 50, 90, 99, 99.9, 100):
        exact = ordered[max(0, -(-len(ordered) * percent // 100).__int__() - 1)]
        assert whole.percentile(percent) == pytest.approx(exact, rel=0.004)
    assert whole.count == len(values)
    assert whole.mean == pytest.approx(sum(values) / len(values), rel=1e-4)
    assert Histogram().percentile(50) == 0
    early = Histogram()
    early.add([-1, 0])
    assert early.percentile(100) == 0
    assert tagged({"b": "1", "a": "2"}) == (("a", "2"), ("b", "1"))


@settings(max_examples=200)
@given(st.integers(0, 2**32), st.integers(1, 60), st.integers(1, 6))
def test_it_agrees_with_a_plain_count_of_what_was_done(seed: int, messages: int, sockets: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - fates for a test, chosen by a seed
    ledger, room = opened(*range(sockets))
    expected: Counter[str] = Counter()
    now_ns = 0
    for number in range(messages):
        now_ns += 10
        one = publish(ledger, room, number, at_ns=now_ns)
        for socket in range(sockets):
            fate = chance.choice(("ok", "ok", "ok", "lost", "duplicate", "late"))
            if fate in ("ok", "duplicate"):
                ledger.deliver(one, socket, now_ns + 1)
            if fate == "duplicate":
                ledger.deliver(one, socket, now_ns + 2)
            if fate == "late":
                ledger.deliver(one, socket, now_ns + LOST_NS + 1)
            expected["ok" if fate == "duplicate" else fate] += 1
            expected["duplicate"] += fate == "duplicate"
        if chance.random() < 0.3:
            ledger.settle(now_ns + 5)
    told = counts(ledger, now_ns + LOST_NS + 2)
    assert {name: told.get(name, 0) for name in ("ok", "late", "lost", "duplicate")} == {
        name: expected[name] for name in ("ok", "late", "lost", "duplicate")
    }
    assert told.get("reordered", 0) == 0
