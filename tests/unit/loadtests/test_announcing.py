"""What another worker has published counts for who was in the room when it came, however late that is told."""

from typing import Any

from loadtests.ledger.ledger import LOST_NS, Ledger
from loadtests.ledger.publication import FEW, TOLD_NS, Room

TOLD: dict[str, Any] = {"due_ns": 90, "begun_ns": 100, "answered_ns": 101, "error_ns": 10, "floor": -1, "tags": ()}
LATE_NS = LOST_NS + 1000
"""When it is told of: later than anything of it may come."""


def received(*sockets: int) -> tuple[Ledger, Room]:
    """A shared room whose members have received something that nobody has told of yet."""
    ledger = Ledger()
    room = ledger.room("r", shared=True)
    for socket in sockets:
        ledger.enter(room, socket, 0)
    ledger.orphans[8, 0] = [(socket, 120, b"frame") for socket in sockets]
    for socket in sockets:
        room.heard(socket, LATE_NS)
    return ledger, room


def told(ledger: Ledger, room: Room) -> dict[str, int]:
    ledger.announce(room, 8, 0, state="taken", **TOLD)
    ledger.settle(LATE_NS + LOST_NS)
    return {name: count for (name, *_), count in ledger.counts.items() if count}


def test_what_came_to_a_member_that_has_left_since_has_come() -> None:
    ledger, room = received(1, 2)
    ledger.leave(room, 1, LATE_NS)
    assert told(ledger, room) == {"ok": 2}


def test_what_came_to_a_member_that_has_left_and_come_again_has_come() -> None:
    ledger, room = received(1, 2)
    ledger.leave(room, 1, LATE_NS)
    ledger.enter(room, 1, LATE_NS + 1)
    assert told(ledger, room) == {"ok": 2}


def test_what_came_to_one_that_had_left_before_is_leaked() -> None:
    ledger, room = received(1, 2)
    ledger.leave(room, 1, 50)
    assert told(ledger, room) == {"ok": 1, "leaked": 1}


def test_what_came_to_a_member_that_only_comes_is_no_delivery_that_is_owed() -> None:
    ledger, room = received(2)
    ledger.unsure(room, 1, 95)
    ledger.orphans[8, 0].append((1, 120, b"frame"))
    ledger.enter(room, 1, 130)
    assert told(ledger, room) == {"ok": 1}


def test_who_left_a_shared_room_is_remembered_as_long_as_others_may_tell_of_that_time_and_not_longer() -> None:
    ledger = Ledger()
    room = ledger.room("r", shared=True)
    ledger.enter(room, 0, 0)
    count, step_ns = 20 * FEW, TOLD_NS // FEW
    for number in range(1, count):
        ledger.enter(room, number, number * step_ns)
        ledger.leave(room, number, number * step_ns + 1)
    remembered = {stay.socket for _, stay in room.entered}
    assert remembered >= {0, *range(count - FEW, count)}
    assert len(remembered) <= 4 * FEW
