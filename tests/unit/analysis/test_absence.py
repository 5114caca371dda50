"""Whether something that is missing is lost, or may only be late."""

import msgspec
import pytest

from conformance.analysis.absence import (
    Missing,
    ended_text,
    heard_by_nobody,
    overtaken,
    unanswered,
    undelivered,
    unreturned,
)
from tests.unit.scripts import PAIR, cause, reading_of

RED = '{"room": "r1", "pen": "red"}'
TAKE = f"@1 ann -> pen:take {RED}\n"
LIST = '{"room": "r1", "sockets": [], "count": 0}'
FENCED = "something that was asked for later arrived on the same socket"
BUSY = "the whole service may be slow"


def asked(actor: str, at_s: float, came_s: float, number: int) -> str:
    return f'@{at_s} {actor} -> who {{"room": "r1"}} #{number}\n@{came_s} {actor} <= who #{number} {LIST}\n'


def at_bob(text: str, **changed: object) -> Missing:
    reading = reading_of(PAIR + text, **changed)
    return undelivered(reading, cause(reading, 1), "bob")


CONTROL = f"@1.1 ann <- pen:taken {RED}\n"

UNDELIVERED = {
    "the others had it, and it heard something later": (TAKE + CONTROL + asked("bob", 2.0, 2.1, 1), True, FENCED),
    "the others had it, and it heard what was asked for sooner": (
        TAKE.replace("@1", asked("bob", 0.9, 2.1, 1).split("\n")[0] + "\n@1")
        + CONTROL + asked("bob", 0.9, 2.1, 1).split("\n")[1], False, BUSY,
    ),
    "the others had it, and nothing came later": (TAKE + CONTROL, False, BUSY),
    "nobody had it, and the sender's socket was answered": (
        TAKE + asked("ann", 2.0, 2.1, 1) + asked("bob", 4.0, 4.1, 2), True, FENCED,
    ),
    "nobody had it, and it was asked for within the deadline": (
        TAKE + asked("ann", 2.0, 2.1, 1) + asked("bob", 2.5, 2.6, 2), False, BUSY,
    ),
    "nobody had it, and whether it was read is not known": (TAKE + asked("bob", 4.0, 4.6, 2), False, BUSY),
    "the sender's connection ended": (TAKE + "@1.5 ann closed service\n" + asked("bob", 4.0, 4.1, 2), False,
                                      "the connection of ann was ended by the service"),
    "the sender's connection ended after the deadline": (
        TAKE + asked("ann", 1.2, 1.3, 1) + "@3.1 ann closed service\n" + asked("bob", 4.0, 4.1, 2), True, FENCED,
    ),
    "the sender's connection ended at the deadline": (
        TAKE + asked("ann", 1.2, 1.3, 1) + "@3 ann closed service\n" + asked("bob", 4.0, 4.1, 2), False,
        "the connection of ann was ended by the service",
    ),
    "the sender's connection ended long after, and nothing of it was read": (
        TAKE + "@4.2 ann closed client the service stopped answering\n" + asked("bob", 4.3, 4.4, 2), False,
        "the connection of ann was ended by the client library",
    ),
    "its own connection ended": (TAKE + CONTROL + "@1.2 bob closed service went away\n", False,
                                 "the connection of bob was ended by the service (went away)"),
}  # fmt: skip


@pytest.mark.parametrize("what", UNDELIVERED)
def test_a_broadcast_is_lost_where_something_came_that_must_have_come_later(what: str) -> None:
    text, lost, why = UNDELIVERED[what]
    missing = at_bob(text, ended_s=4.7)
    assert (missing.lost, why in missing.why) == (lost, True)


def test_an_act_that_ended_before_the_deadline_shows_nothing() -> None:
    assert at_bob(TAKE + CONTROL, ended_s=2.9).why == "the act ended before its deadline"
    assert at_bob(TAKE + CONTROL, ended_s=3.0).why.endswith(BUSY)
    assert at_bob(TAKE + CONTROL, ended_s=3.5, stalls=((1.5, 0.6),)).why == "the act ended before its deadline"


def test_between_nodes_a_fence_counts_once_the_deadline_is_over() -> None:
    nodes = PAIR.replace("token=own\nbob", "token=own node=a\nbob").replace("ub token=own", "ub token=own node=b")

    def lost(at_s: float, members: str) -> bool:
        reading = reading_of(members + TAKE + CONTROL + asked("bob", at_s, at_s + 0.1, 1))
        return undelivered(reading, cause(reading, 1), "bob").lost

    assert [lost(at_s, PAIR) for at_s in (1.05, 1.1, 2.9)] == [False, True, True]
    assert [lost(at_s, nodes) for at_s in (1.1, 2.9, 3.0)] == [False, False, True]


def test_a_fence_within_the_deadline_shows_nothing_where_the_act_ended_soon() -> None:
    text = TAKE + CONTROL + asked("bob", 1.2, 1.3, 1)
    assert at_bob(text, ended_s=3.0).lost
    assert not at_bob(text, ended_s=2.9).lost


def test_what_a_call_caused_is_read_when_the_call_was_answered() -> None:
    text = '@1 http add-note {"room": "r1"} {"text": "x"} => 201 {}\n'
    assert at_bob(text + asked("bob", 3.1, 3.2, 1)).lost
    assert not at_bob(text + asked("bob", 2.9, 3.2, 1)).lost


SERVED = asked("ann", 4.0, 4.1, 1)

OUTWAITED = {
    "all others were served": (TAKE + SERVED, 9.0, True),
    "all others were served, three times as fast": (TAKE + asked("ann", 4.0, 5.0, 1), 6.0, True),
    "all others were served, not three times as fast": (TAKE + asked("ann", 4.0, 5.0, 1), 5.99, False),
    "nobody was served later": (asked("ann", 0.5, 0.6, 1) + TAKE, 9.0, False),
    "nobody was served once it was overdue": (TAKE + asked("ann", 2.9, 3.5, 1), 9.0, False),
    "somebody was served as it was due": (TAKE + asked("ann", 3.0, 3.5, 1), 9.0, True),
    "another was slow, too": (TAKE + asked("ann", 1.5, 3.9, 1) + asked("ann", 4.0, 4.1, 2), 9.0, False),
}


@pytest.mark.parametrize("what", OUTWAITED)
def test_without_a_fence_the_others_tell_what_is_lost(what: str) -> None:
    text, ended_s, lost = OUTWAITED[what]
    assert at_bob(text, ended_s=ended_s).lost is lost


def test_what_was_overdue_and_how_fast_others_were_is_told() -> None:
    assert at_bob(TAKE + SERVED, ended_s=9.0).why == (
        "6.0 s after its deadline, while nothing else took longer than 0.10 s"
    )


def test_an_answer_is_lost_where_the_service_read_on() -> None:
    def missing(text: str, **changed: object) -> Missing:
        reading = reading_of(f'{PAIR}@1 ann -> who {{"room": "r1"}} #1\n{text}', **changed)
        return unanswered(reading, 4, 2000)

    twice = asked("ann", 4.0, 4.1, 2) + asked("ann", 5.0, 5.1, 3)
    assert missing(twice).lost
    assert not missing("").lost
    assert not missing("@2 ann closed client gave up\n").lost
    assert (
        missing("@2 ann closed client gave up\n").why
        == "the connection of ann was ended by the client library (gave up)"
    )


UNRETURNED = {
    "the connection broke": ("connection reset", "", (), True),
    "the connection broke in a stall": ("connection reset", "", ((0.5, 1.0),), False),
    "it timed out": ("no whole answer within 3 s", "", (), False),
    "it timed out, and others were answered": ("no whole answer within 3 s", asked("ann", 2.0, 2.5, 1), (), True),
    "others were answered no faster": ("no whole answer within 3 s", asked("ann", 2.0, 3.01, 1), (), False),
    "others were answered, after it": ("no whole answer within 3 s", asked("ann", 4.1, 4.2, 1), (), False),
    "others were answered, as it ended": ("no whole answer within 3 s", asked("ann", 4.0, 4.1, 1), (), True),
    "others were answered, before it": ("no whole answer within 3 s", asked("ann", 0.5, 0.6, 1), (), False),
}


@pytest.mark.parametrize("what", UNRETURNED)
def test_a_call_is_not_answered_where_others_were(what: str) -> None:
    answer, more, stalls, lost = UNRETURNED[what]
    before, after = (more, "") if "@0.5" in more else ("", more)
    entries = reading_of(f'{PAIR}{before}@1 http list-notes {{"room": "r1"}} => null "{answer}"\n{after}').entries
    place = next(index for index, entry in enumerate(entries) if entry.actor == "http")
    made = tuple(msgspec.structs.replace(one, done_s=4.0) if i == place else one for i, one in enumerate(entries))
    assert unreturned(reading_of("", entries=made, stalls=stalls), place).lost is lost


def test_what_shows_that_a_call_is_lost_is_told() -> None:
    text = f'{PAIR}@1 http list-notes {{"room": "r1"}} => null "no whole answer within 3 s"\n' + asked(
        "ann", 2.0, 2.5, 1
    )
    entries = reading_of(text).entries
    made = tuple(msgspec.structs.replace(one, done_s=4.0) if i == 4 else one for i, one in enumerate(entries))
    assert unreturned(reading_of("", entries=made), 4) == Missing(
        lost=True, why="nothing else took longer than 0.50 s", evidence=(6,)
    )
    exactly = tuple(msgspec.structs.replace(one, done_s=2.5) if i == 4 else one for i, one in enumerate(entries))
    assert unreturned(reading_of("", entries=exactly), 4).lost
    slow = unreturned(reading_of("", entries=entries[:5]), 4)
    assert slow == Missing(lost=False, why="no answer within 0 s: the whole service may be slow")
    broken = reading_of(text.replace("no whole answer within 3 s", "reset"))
    assert unreturned(broken, 4).why == "the connection broke"
    stalled = reading_of(text, stalls=((0.0, 2.0),))
    assert unreturned(stalled, 4).why == "no answer came while Roomcheck's event loop was stalled"


def test_only_a_call_can_be_without_an_answer_of_its_own() -> None:
    with pytest.raises(TypeError, match="entry 0 is no call"):
        unreturned(reading_of(PAIR), 0)


def test_one_member_who_is_surely_without_it_is_enough() -> None:
    text = PAIR + TAKE + asked("ann", 4.0, 4.9, 1) + asked("ann", 5.0, 5.1, 2)
    reading = reading_of(text, ended_s=5.5)
    found = heard_by_nobody(reading, cause(reading, 1))
    assert (found.lost, found.why) == (True, FENCED)
    # bob comes first, and is not known to be without it.
    swapped = text.replace(
        "ann opened a1 user=ua token=own\nbob opened b1 user=ub token=own", "bob opened b1\nann opened a1"
    )
    first = reading_of(swapped, ended_s=5.5)
    assert not undelivered(first, cause(first, 1), "bob").lost
    assert heard_by_nobody(first, cause(first, 1)).lost
    nothing = reading_of(PAIR + TAKE)
    assert heard_by_nobody(nothing, cause(nothing, 1)) == undelivered(nothing, cause(nothing, 1), "ann")
    nobody = reading_of(TAKE)
    assert heard_by_nobody(nobody, cause(nobody, 1)).why == "no socket was known to be in the room"


LATE = f"@8 bob <- pen:taken {RED}\n"

OVERTAKEN = {
    "whether all causes of its kind were read is not known": (
        TAKE + TAKE.replace("@1 ann", "@1.1 oda") + asked("ann", 2.0, 2.1, 1) + asked("bob", 3.0, 3.1, 2) + LATE, None,
    ),
    "by what was asked for after it was read": (TAKE + asked("ann", 2.0, 2.1, 1) + asked("bob", 3.0, 3.1, 2) + LATE, 3.0),
    "by the last of several": (
        TAKE + asked("ann", 2.0, 2.1, 1) + asked("bob", 3.0, 3.1, 2) + asked("bob", 4.0, 4.1, 3) + LATE, 4.0,
    ),
    "by nothing that was asked for later": (TAKE + asked("bob", 1.5, 1.6, 2) + asked("ann", 2.0, 2.1, 1) + LATE, None),
    "by what was asked for as it was read": (TAKE + asked("ann", 2.0, 2.1, 1) + asked("bob", 2.1, 2.2, 2) + LATE, 2.1),
    "whether it was read is not known": (TAKE + asked("bob", 3.0, 3.1, 2) + LATE, None),
    "it was read after it came": (TAKE + asked("bob", 3.0, 3.1, 2) + LATE + asked("ann", 8.1, 8.2, 1), None),
    "what was asked for came after it": (TAKE + asked("ann", 2.0, 2.1, 1) + asked("bob", 3.0, 8.1, 2).replace("@8.1", LATE + "@8.1"), None),
}  # fmt: skip


@pytest.mark.parametrize("what", OVERTAKEN)
def test_a_late_delivery_is_held_back_alone_where_something_overtook_it(what: str) -> None:
    text, asked_s = OVERTAKEN[what]
    reading = reading_of(PAIR + text)
    found = overtaken(reading, cause(reading, 1), "bob")
    assert (found and found[1]) == asked_s


def test_what_a_call_caused_is_overtaken_from_its_answer_on() -> None:
    text = (
        PAIR + '@1 http add-note {"room": "r1"} {"text": "x"} => 201 {}\n' + asked("bob", 1.005, 3.1, 2)
        + '@8 bob <- note:added {"id": "n", "room": "r1", "text": "x", "at": 1}\n'
    )  # fmt: skip
    reading = reading_of(text)
    assert overtaken(reading, cause(reading, 1), "bob") == (6, 1.005)
    sooner = reading_of(text.replace("@1.005", "@1.004"))
    assert overtaken(sooner, cause(sooner, 1), "bob") is None


def test_who_ended_a_connection_is_told() -> None:
    reading = reading_of("ann opened a1\nann closed us\nann closed service going away\nann closed client\n")
    assert [ended_text(reading, index) for index in range(4)] == [
        "the connection of ann ended",
        "the connection of ann was ended by us",
        "the connection of ann was ended by the service (going away)",
        "the connection of ann was ended by the client library",
    ]
