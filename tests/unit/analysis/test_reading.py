"""What a reading says of a transcript: members, controls, fences, silences, stalls."""

import msgspec
import pytest

from tests.unit.scripts import PAIR, cause, heard_s, outcomes, reading_of

RED, BLUE = '{"room": "r1", "pen": "red"}', '{"room": "r1", "pen": "blue"}'
NOTE = '{"id": "n1", "room": "r1", "text": "hello", "at": 1}'
ADDED = '@1 http add-note {"room": "r1"} {"text": "hello"} => 201 {}\n'


def test_members_are_those_who_were_inside_when_it_was_caused_and_stayed_or_heard_it() -> None:
    def members(text: str, room: str = "r1") -> list[str]:
        reading = reading_of(PAIR + text)
        return list(reading.members(next(one for one in reading.provocations if one.room == room)))

    take = f"@1 ann -> pen:take {RED}\n"
    assert members(take) == ["ann", "bob"]
    assert members('@1 ann -> cursor:move {"room": "r1", "x": 1}\n') == ["bob"]
    assert members('@1 http add-note {"room": "r1"} {"text": "x"} => 201 {}\n') == ["ann", "bob"]
    gone = take + '@1.1 bob -> room:exit {"room": "r1"}\n@1.2 bob out r1\n'
    assert members(gone) == ["ann"]
    assert members(gone.replace("@1.1", f"@1.05 bob <- pen:taken {RED}\n@1.1")) == ["ann", "bob"]
    assert members(take + '@3.5 bob -> room:exit {"room": "r1"}\n') == ["ann", "bob"]
    assert members("eve opened e1\neve in r1 assumed\n" + take) == ["ann", "bob"]
    assert members("eve opened e1\n" + take + "@1.1 eve in r1\n") == ["ann", "bob"]


def test_members_of_a_room_that_nobody_hears_for_its_id_are_owed_nothing() -> None:
    digits = "123456789012345001"
    text = f"""{PAIR}
    ann in {digits}
    @1 ann -> pen:take {RED.replace("r1", digits)}
    @2 ann -> pen:take {RED}
    """
    reading = reading_of(text)
    assert reading.unheard_ids == frozenset()
    assert list(reading.members(cause(reading, 1.0))) == ["ann"]
    heard = reading_of(text + f"@2.1 bob <- pen:taken {RED}\n")
    assert heard.unheard_ids == {digits}
    assert list(heard.members(cause(heard, 1.0))) == []
    both = reading_of(text + f"@2.1 bob <- pen:taken {RED}\n@2.2 ann <- pen:taken {RED.replace('r1', digits)}\n")
    assert both.unheard_ids == frozenset()
    only = reading_of(text + f"@2.2 ann <- pen:taken {RED.replace('r1', digits)}\n")
    assert only.unheard_ids == frozenset()


def test_a_control_is_the_first_delivery_to_anybody_else() -> None:
    reading = reading_of(f"{PAIR}@1 ann -> pen:take {RED}\n@1.1 ann <- pen:taken {RED}\n@1.2 bob <- pen:taken {RED}\n")
    one = cause(reading, 1.0)
    assert [reading.control(one), reading.control(one, but="ann"), reading.control(one, but="eve")] == [5, 6, 5]
    alone = reading_of(f"{PAIR}@1 ann -> pen:take {RED}\n@1.1 ann <- pen:taken {RED}\n")
    assert alone.control(cause(alone, 1.0), but="ann") is None


def test_a_refusal_is_the_first_error_after_it_at_its_sender() -> None:
    text = f"{PAIR}ann <- problem {{}}\n@1 ann -> pen:take {RED}\nbob <- problem {{}}\nann <- problem {{}}\n"
    reading = reading_of(text)
    assert reading.refusal(cause(reading, 1.0)) == 7
    called = reading_of(PAIR + ADDED + "ann <- problem {}\n")
    assert called.refusal(cause(called, 1.0)) is None


def test_a_reading_tells_when_a_connection_had_ended() -> None:
    text = "ann opened a1\n@1 ann closed service\n@3 ann opened a2\n@5 ann closed client\nbob opened b1\n"
    reading = reading_of(text)
    assert [reading.ending("ann", at_s) for at_s in (0.5, 2.0, 3.0, 4.0, 9.0)] == [1, 1, 3, 3, 3]
    assert reading.ending("bob", 9.0) is None
    assert reading.ending("eve", 0.0) is None
    open_again = reading_of("ann opened a1\n@1 ann closed service\n@3 ann opened a2\n")
    assert [open_again.ending("ann", at_s) for at_s in (2.0, 2.99, 3.0, 4.0)] == [1, 1, None, None]


PINGS = (2.0, 1.0)

ENDS = {
    "the service": ("service", (4.0, 0.25), PINGS, True),
    "too short a stall": ("service", (4.0, 0.24), PINGS, False),
    "a stall before the last ping": ("service", (1.99, 0.9), PINGS, False),
    "a stall when the last ping was sent": ("service", (2.0, 0.9), PINGS, True),
    "a stall as it ended": ("service", (5.0, 0.9), PINGS, True),
    "a stall after it": ("service", (5.1, 0.9), PINGS, False),
    "a disconnect packet": ("service disconnect packet", (4.0, 0.9), PINGS, False),
    "the client library, for silence": ("client ping timeout after 3 s", (4.0, 0.9), PINGS, True),
    "the client library, for a frame": ("client invalid frame", (4.0, 0.9), PINGS, False),
    "no pings are known": ("service", (3.0, 1.0), None, True),
    "no pings are known, too short a stall": ("service", (3.0, 0.99), None, False),
}


@pytest.mark.parametrize("what", ENDS)
def test_a_connection_may_end_for_a_stall_of_the_event_loop_that_missed_pings(what: str) -> None:
    by, stall, pings, expected = ENDS[what]
    transcript_entries = reading_of(f"ann opened a1\nbob opened b1\n@5.0 ann closed {by}\n").entries
    opened = msgspec.structs.replace(transcript_entries[0], pings_s=pings)
    other = msgspec.structs.replace(transcript_entries[1], pings_s=(60.0, 60.0))
    reading = reading_of("", entries=(opened, other, transcript_entries[2]), stalls=(stall,))
    assert reading.maybe_ours(2) is expected
    assert not reading.maybe_ours(0)


def test_a_wait_that_a_person_set_takes_the_place_of_the_documented_one() -> None:
    assert reading_of("").deadline_s(1500) == 1.5
    assert reading_of("", timeout_s=4.0).deadline_s(1500) == 4.0


def test_a_deadline_is_over_later_by_what_the_event_loop_was_stalled() -> None:
    assert reading_of("").over_s(1.0, 2000) == 3.0
    assert reading_of("", stalls=((2.0, 0.5), (3.2, 1.0), (9.0, 1.0))).over_s(1.0, 2000) == 4.5


def test_a_leak_is_what_nothing_else_explains() -> None:
    text = f"""
    ann opened a1
    bob opened b1
    bob in r1
    @1 bob -> pen:take {RED}
    @1.5 ann <- pen:taken {RED}
    """
    reading = reading_of(text)
    assert reading.leak(cause(reading, 1.0), "ann") == 4
    assert reading.leak(cause(reading, 1.0), "bob") is None
    inside = f"@0.5 ann in r1\n@0.6 bob -> pen:take {RED}\n@0.7 ann out r1\n@1 bob"
    joined = reading_of(text.replace("@1 bob", inside))
    assert joined.leak(cause(joined, 1.0), "ann") is None
    assert heard_s(joined, 0.6, "ann") == [1.5]


def test_a_member_is_for_others_to_leave_out() -> None:
    reading = reading_of(f"{PAIR}@1 ann -> pen:take {RED}\n@1.1 bob <- pen:taken {RED}\n")
    assert reading.leak(cause(reading, 1.0), "bob") == 5


LEAKS = {
    "a like cause while it was a member": (f"@0.6 bob -> pen:take {RED}", "", False),
    "another event while it was a member": ('@0.6 bob -> cursor:move {"room": "r1", "x": 1}', "", True),
    "other values while it was a member": (f"@0.6 bob -> pen:take {BLUE}", "", True),
    "a like cause before it was a member": (f"@0.4 bob -> pen:take {RED}", "", True),
    "a like cause later than it was heard": ("", f"@4.0 ann in r1\n@4.1 bob -> pen:take {RED}\n", True),
}


@pytest.mark.parametrize("what", LEAKS)
def test_a_like_cause_explains_what_a_socket_hears_after_it_left(what: str) -> None:
    """Heard three times: each cause has its own delivery, and one more is of the last."""
    before, after, expected = LEAKS[what]
    first, second = (before + "\n", "") if before.startswith("@0.4") else ("", before + "\n")
    text = (
        f"ann opened a1\nbob opened b1\nbob in r1\n{first}@0.5 ann in r1\n{second}@0.7 ann out r1\n"
        f"@2 bob -> pen:take {RED}\n@2.5 ann <- pen:taken {RED}\n@2.6 ann <- pen:taken {RED}\n@2.7 ann <- pen:taken {RED}\n{after}"
    )
    reading = reading_of(text)
    assert (reading.leak(cause(reading, 2.0), "ann") is not None) is expected


def test_a_subject_is_closed_from_when_it_was_asked_for() -> None:
    reading = reading_of(
        '@1 ann -> room:end {"room": "r1"}\n@2 bob -> room:end {"room": "r1"}\n@3 ann -> room:end {}\n'
    )
    assert [reading.closed("r1", at_s) for at_s in (0.9, 1.0, 3.0)] == [False, True, True]
    assert not reading.closed("r2", 9.0)


def test_a_silence_is_proved_by_a_control_and_a_fence() -> None:
    text = f"{PAIR}eve opened e1\n@1 ann -> pen:take {RED}\n"
    kinds = []
    for more in ("", f"@1.1 bob <- pen:taken {RED}\n", f"@1.1 bob <- pen:taken {RED}\n@2 eve probed 1.5\n",
                 f"@1.1 bob <- pen:taken {RED}\n@2 eve probed 1.05\n", f"@1.1 eve <- pen:taken {RED}\n"):  # fmt: skip
        reading = reading_of(text + more)
        said = reading.silence(cause(reading, 1.0), "eve")
        kinds.append((said.kind, said.evidence))
    assert kinds == [("unproven", ()), ("unproven", ()), ("silent", (6, 7)), ("unproven", ()), ("leak", (6,))]


def test_a_renamed_broadcast_is_known_by_what_it_carries() -> None:
    text = f"{PAIR}@1 ann -> pen:take {RED}\n"
    reading = reading_of(text + f"bob <- pen-taken {RED}\n")
    assert reading.renamed(cause(reading, 1.0)) == 5
    assert reading.new_name(cause(reading, 1.0)) == "pen-taken"
    assert reading.why_unheard(cause(reading, 1.0)) == "pen:taken is sent as 'pen-taken': see broadcast-keeps-its-name"
    for other in (
        f"bob <- who:list {RED}\n", f"bob <- pen-taken {BLUE}\n", "bob <- pen-taken\n", 'bob <- pen-taken "red"\n',
        f"bob <- pen-taken {RED.replace('r1', 'r2')}\n", f"bob <- pen:taken {RED}\nbob <- pen-taken {RED}\n",
    ):  # fmt: skip
        unlike = reading_of(text + other)
        assert unlike.renamed(cause(unlike, 1.0)) is None
        assert unlike.new_name(cause(unlike, 1.0)) is None
        assert unlike.why_unheard(cause(unlike, 1.0)).startswith("nobody received pen:taken")


def test_a_broadcast_to_the_room_of_no_subject_says_nothing_of_the_service() -> None:
    text = PAIR + 'eve opened e1\neve -> room:enter {"room": "undefined"}\n'
    bad = '{"room": "undefined", "pen": "purple"}'
    rule = "payload-keeps-its-schema"
    assert outcomes(rule, text + f"eve <- pen:taken {bad}\n") == []
    assert outcomes(rule, text + f"bob <- pen:taken {bad}\n") == ["fail"]
    assert outcomes(rule, text + f"eve <- pen:taken {bad.replace('undefined', 'r1')}\n") == ["fail"]
    assert outcomes(rule, text.replace("enter", "exit") + f"eve <- pen:taken {bad}\n") == ["fail"]
    assert outcomes(rule, text.replace("room:enter", "enter") + f"eve <- pen:taken {bad}\n") == ["fail"]
    assert outcomes(rule, text.replace("undefined", "r1") + f"eve <- pen:taken {bad}\n") == ["fail"]
    strays = reading_of(text + f"eve <- pen:taken {bad}\neve <- other {bad}\n").strays
    assert strays == {6}


def test_what_was_emitted_early_and_lost_caused_nothing() -> None:
    text = f"{PAIR}@1 ann ->! pen:take {RED}\n"
    assert reading_of(text).provocations == ()
    assert len(reading_of(text + f"bob <- pen:taken {RED}\n").provocations) == 1
    assert len(reading_of(text.replace("->!", "->")).provocations) == 1


def test_a_received_event_is_of_the_room_that_it_names() -> None:
    reading = reading_of(f'bob <- a {RED}\nbob <- a\nbob <- a "r1"\nbob <- a {{"room": "r2"}}\n')
    assert [reading.of_room(entry, "r1") for entry in reading.entries] == [True, False, False, False]
