"""The order of a stream: what was begun after another was taken has to come after it, to each socket."""

from dataclasses import replace

from contracts.load import load
from loadtests.dialects.dialect import Dialect
from loadtests.ledger.ledger import Ledger
from tests.unit.loadtests.test_ledger import counts, opened, publish


def test_only_what_was_begun_after_an_answer_has_to_come_after_it() -> None:
    ledger, room = opened(1)
    together = [publish(ledger, room, n, floor=-1) for n in range(2)]
    ledger.deliver(together[1], 1, 3)
    ledger.deliver(together[0], 1, 4)
    assert "reordered" not in counts(ledger, 5)
    later = [publish(ledger, room, n) for n in (2, 3, 4)]
    for one in reversed(later):
        ledger.deliver(one, 1, 6)
    assert counts(ledger, 7)["reordered"] == 2


class Member:
    """A socket."""

    def __init__(self, number: int) -> None:
        self.number = number


def test_only_the_latest_that_anybody_has_received_is_taken_without_a_look_at_the_order() -> None:
    ledger, room = opened(1, 2, 3)
    first, second = (publish(ledger, room, number) for number in (0, 1))
    first.take(Member(1), b"", 5)
    assert (first.plain_ns > 5, second.plain_ns) == (True, 0)
    first.take(Member(2), b"", 6)
    second.take(Member(3), b"", 7)
    assert (first.plain_ns, second.plain_ns > 7) == (0, True)
    for publication, socket in ((first, 3), (second, 1), (second, 2), (second, 2)):
        publication.take(Member(socket), b"", 8)
    assert counts(ledger, 9) == {"published": 2, "ok": 6, "reordered": 1, "duplicate": 1}
    assert second.plain_ns == 0
    first.take(Member(1), b"", 10)
    assert counts(ledger, 11)["duplicate"] == 2


def test_what_is_not_for_all_is_asked_for_each_delivery_whom_it_is_for() -> None:
    ledger, room = opened(1, 2, 3)
    spared, chosen, probe = (publish(ledger, room, number) for number in (0, 1, 2))
    spared.sender = room.stays[1].number
    chosen.only = frozenset([room.stays[2].number])
    probe.probed = set()
    for publication in (spared, chosen, probe):
        for socket in (2, 3, 1):
            publication.take(Member(socket), b"", 5)
        assert publication.plain_ns == 0
    assert probe.probed == {1, 2, 3}
    assert counts(ledger, 6)["leaked"] == 3


def test_order_is_that_of_one_stream_and_holds_when_a_later_one_is_told_of_first() -> None:
    ledger = Ledger()
    room = ledger.room("r", shared=True)
    ledger.enter(room, 1, 0)
    times = {"due_ns": 90, "begun_ns": 100, "answered_ns": 101, "error_ns": 0, "tags": (), "state": "taken"}
    for stream, number in ((8, 1), (8, 0), (9, 0), (8, 2)):
        ledger.announce(room, stream, number, floor=number - 1, **times)  # type: ignore[arg-type]
    member = type("Member", (), {"number": 1})()
    for stream, number in ((9, 0), (8, 1), (8, 2), (8, 0)):
        ledger.publications[stream, number].take(member, b"", 110)
    assert counts(ledger, 120) == {"ok": 4, "reordered": 1}


def test_what_is_accepted_to_be_done_later_is_in_no_order() -> None:
    posting = Dialect.of(load("sos")).writing
    assert posting.call is not None
    assert posting.call.status == (201,)
    assert [posting.floor(5, unanswered) for unanswered in ((), (5,), (4, 5), (2, 5))] == [4, 4, 3, 1]
    for status, floor in (((202,), -1), ((200, 202), -1), ((200, 201), 3)):
        assert replace(posting, call=replace(posting.call, status=status)).floor(5, (4,)) == floor
