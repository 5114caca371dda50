"""Which request an error answers, which answer a question, and where entries stand."""

import pytest

from conformance.analysis.answering import Answering, answering
from conformance.analysis.arrivals import answers_of, round_trips_of
from conformance.analysis.index import fences_of, following
from tests.unit.scripts import EXAMPLE, PAIR, reading_of, transcript_of

RED = '{"room": "r1", "pen": "red"}'
TAKE = f"ann -> pen:take {RED}\n"
WHO = 'ann -> who {"room": "r1"} #1\n'
LIST = '{"room": "r1", "sockets": [], "count": 0}'
ACK = f"ann <= who #1 {LIST}\n"
ERROR = 'ann <- problem {"code": "X"}\n'
ENTER = 'ann -> room:enter {"room": "r1"}\n'


def errors(text: str) -> Answering:
    return answering(reading_of("ann opened a1\n" + text))


def test_an_error_answers_the_only_open_request() -> None:
    found = errors(TAKE + ERROR)
    assert (found.certain, found.possible, found.stray) == ({1: 2}, {1: 2}, {})
    assert found.last.keys() == {1}


def test_an_error_may_answer_any_of_several_open_requests() -> None:
    found = errors(TAKE + TAKE + ERROR)
    assert (found.certain, found.possible, found.stray) == ({}, {1: 3, 2: 3}, {})
    # A second error is possible for those alone that were sent after the first.
    assert errors(TAKE + TAKE + ERROR + TAKE + ERROR).possible == {1: 3, 2: 3, 4: 5}


def test_an_acknowledged_request_is_no_longer_open() -> None:
    found = errors(WHO + ACK + ERROR)
    assert (found.certain, found.possible, found.stray) == ({}, {}, {"ann": [3]})
    assert errors(WHO + TAKE + ACK + ERROR).certain == {2: 4}
    assert errors(WHO + "ann <= who #1\n" + ERROR).certain == {1: 3}
    assert errors(WHO + ACK.replace("#1", "#2") + ERROR).certain == {1: 3}
    assert errors(WHO + ACK.replace("ann", "bob") + ERROR).certain == {1: 3}
    assert errors(WHO + ACK + ACK + TAKE + ERROR).certain == {4: 5}


def test_a_request_is_answered_by_the_event_of_its_room() -> None:
    reply = f"ann <- who:list {LIST}\n"
    assert errors(WHO + reply + ERROR).stray == {"ann": [3]}
    assert errors(WHO + reply.replace("r1", "r2") + ERROR).certain == {1: 3}
    assert errors(WHO + "ann <- who:list {}\n" + ERROR).stray == {"ann": [3]}
    assert errors(WHO + reply.replace("ann", "bob") + ERROR).certain == {1: 3}
    assert errors(WHO + WHO.replace("#1", "#2") + reply + ERROR).certain == {2: 4}
    assert errors(WHO.replace("r1", "r2") + WHO.replace("#1", "#2") + reply + ERROR).certain == {1: 4}


def test_a_join_is_no_longer_open_once_the_membership_is_sure() -> None:
    found = errors(ENTER + "ann in r1\n" + ERROR)
    assert (found.certain, found.possible, found.stray) == ({}, {}, {"ann": [3]})
    assert errors(ENTER + "ann in r2\n" + ERROR).certain == {1: 3}
    assert errors(ENTER + "ann out r1\n" + ERROR).certain == {1: 3}
    assert errors(TAKE + "ann in r1\n" + ERROR).certain == {1: 3}
    assert errors('ann -> room:exit {"room": "r1"}\nann in r1\n' + ERROR).certain == {1: 3}


def test_a_join_that_was_assumed_may_be_what_an_error_answers() -> None:
    found = errors(ENTER + "ann in r1 assumed\n" + ERROR)
    assert (found.certain, found.possible, found.stray) == ({1: 3}, {1: 3}, {})
    # With another request open it is that one's, unless joins are known to be refused.
    found = errors(ENTER + "ann in r1 assumed\n" + TAKE + ERROR)
    assert (found.certain, found.possible) == ({3: 4}, {3: 4})
    answered = ENTER + "ann in r1 assumed\n" + ERROR + WHO + ACK + TAKE + TAKE + ERROR
    assert errors(answered).possible == {1: 3, 6: 8, 7: 8}
    both = ENTER + "ann in r1 assumed\n" + ERROR + TAKE + ERROR
    assert (errors(both).certain, errors(both).possible) == ({1: 3}, {1: 3, 4: 5})
    shown = errors(ENTER + "ann in r1 ack\n" + TAKE + ERROR)
    assert (shown.certain, shown.possible) == ({3: 4}, {3: 4})


def test_a_request_of_another_socket_is_not_answered() -> None:
    found = errors("bob opened b1\n" + TAKE + ERROR.replace("ann", "bob"))
    assert (found.certain, found.possible, found.stray) == ({}, {}, {"bob": [3]})


def test_the_only_open_request_would_have_got_an_error() -> None:
    found = errors(TAKE + TAKE.replace("red", "blue"))
    assert found.last.keys() == {1}
    assert errors(WHO + ACK + TAKE).last.keys() == {1, 3}
    assert errors(WHO + TAKE + ACK).last.keys() == {1, 2}


def test_more_errors_than_others_show_a_request_to_be_refused() -> None:
    assert errors(WHO + ERROR).refused == {("ann", "who"): 2}
    # A bad request of the same name is one of the others.
    bad = "ann -> who {}\n"
    assert errors(bad + WHO + ERROR).refused == {}
    assert errors(bad + WHO + ERROR + ERROR).refused == {("ann", "who"): 4}
    assert errors(bad + ERROR).refused == {}
    assert errors(WHO + TAKE + ERROR).refused == {}
    assert errors(WHO + TAKE + ERROR + ERROR).refused == {("ann", "who"): 4, ("ann", "pen:take"): 4}
    assert errors(WHO + TAKE + TAKE + ERROR + ERROR).refused == {("ann", "pen:take"): 5}
    assert errors(WHO + ACK + TAKE + ERROR).refused == {("ann", "pen:take"): 4}
    assert errors(WHO + ACK + TAKE + ERROR + ERROR).refused == {("ann", "pen:take"): 4}
    stray = "bob opened b1\n" + ERROR.replace("ann", "bob")
    assert errors(stray + WHO + ERROR).refused == {}
    joined = ENTER + "ann in r1 assumed\n" + TAKE + ERROR
    assert errors(joined).refused == {}
    assert errors(joined + ERROR).refused == {("ann", "pen:take"): 5}


ANSWERS = {
    "an ack": ("@1 " + WHO + "@2 " + ACK, {"ann": [(1, 1.0)]}),
    "an ack of nothing": ("@2 " + ACK, {}),
    "an ack of another": ("@1 " + WHO + "@2 " + ACK.replace("ann", "bob"), {}),
    "an ack that was not asked for": ("@1 " + WHO.replace(" #1", "") + "@2 " + ACK, {}),
    "the protocol": ("@2 ann probed 1.5\n", {"ann": [(0, 1.5)]}),
    "an event": (f"@1 {WHO}@2 ann <- who:list {LIST}\n", {"ann": [(1, 1.0)]}),
    "an event without a room": (f"@1 {WHO}@2 ann <- who:list {{}}\n", {"ann": [(1, 1.0)]}),
    "an event for a question without a room": (f"@1 ann -> who {{}}\n@2 ann <- who:list {LIST}\n", {"ann": [(1, 1.0)]}),
    "an event of another room": (f"@1 {WHO}@2 ann <- who:list {LIST.replace('r1', 'r2')}\n", {}),
    "an event at another": (f"@1 {WHO}@2 bob <- who:list {LIST}\n", {}),
    "two events for one": (f"@1 {WHO}@2 ann <- who:list {LIST}\n@3 ann <- who:list {LIST}\n", {"ann": [(1, 1.0)]}),
    "two events for two": (
        f"@1 {WHO}@2 {WHO}@3 ann <- who:list {LIST}\n@4 ann <- who:list {LIST}\n", {"ann": [(2, 1.0), (3, 2.0)]},
    ),
    "an event of the second room": (
        f"@1 {WHO}@2 {WHO.replace('r1', 'r2')}@3 ann <- who:list {LIST.replace('r1', 'r2')}\n", {"ann": [(2, 2.0)]},
    ),
    "another event": (f"@1 {WHO}@2 ann <- pen:taken {LIST}\n", {}),
}  # fmt: skip


@pytest.mark.parametrize("what", ANSWERS)
def test_an_answer_has_the_time_of_its_question(what: str) -> None:
    text, expected = ANSWERS[what]
    assert answers_of(EXAMPLE, transcript_of(text).entries) == expected


def test_what_came_of_like_causes_counts_from_the_first_of_them() -> None:
    text = f"{PAIR}@1 {TAKE}@2 {TAKE}@3 bob <- pen:taken {RED}\n@4 bob <- pen:taken {RED}\n"
    reading = reading_of(text)
    assert reading.arrivals("bob") == [(6, 1.0), (7, 1.0)]
    assert reading.arrivals("eve") == ()
    apart = reading_of(text.replace(f"@2 {TAKE}", f"@2 {TAKE.replace('red', 'blue')}").replace("@4 bob", "@4 ann"))
    assert (apart.arrivals("bob"), apart.arrivals("ann")) == ([(6, 1.0)], [(7, 1.0)])


def test_what_a_socket_sent_was_read_once_it_had_an_effect() -> None:
    text = f"{PAIR}@1 {TAKE}@1.5 {TAKE.replace('red', 'blue')}@3 bob <- pen:taken {RED.replace('red', 'blue')}\n"
    reading = reading_of(text)
    assert [reading.taken("ann", at_s) for at_s in (0.9, 1.5, 1.6)] == [6, 6, None]
    assert reading.taken("bob", 0.0) is None
    # Of equal causes of two sockets nobody knows whose effect it was.
    two = reading_of(f"{PAIR}@1 {TAKE}@1.5 {TAKE.replace('ann', 'bob')}@3 oda <- pen:taken {RED}\n")
    assert (two.taken("ann", 0.9), two.taken("bob", 0.9)) == (None, None)
    same = reading_of(f"{PAIR}@1 {TAKE}@1.5 {TAKE}@3 bob <- pen:taken {RED}\n")
    assert same.taken("ann", 0.9) == 6


def test_all_like_causes_have_to_have_been_read() -> None:
    ask = f'@4 ann -> who {{"room": "r1"}} #1\n@5 ann <= who #1 {LIST}\n'
    text = f"{PAIR}@1 {TAKE}@1.5 {TAKE.replace('ann', 'bob')}"
    first = reading_of(text + ask).provocations[0]
    assert reading_of(text).was_read(first) is None
    assert reading_of(text + ask).was_read(first) is None
    both = reading_of(text + ask + ask.replace("ann", "bob").replace("@4", "@6").replace("@5", "@7"))
    assert both.was_read(first) == 9
    called = reading_of(PAIR + '@1 http add-note {"room": "r1"} {"text": "x"} => 201 {}\n')
    assert called.was_read(called.provocations[0]) == 4


def test_round_trips_know_the_slowest_from_each_time_on() -> None:
    text = f"@1 {WHO}@4 {ACK}@5 http list-notes {{}} => 200\n@6 http list-notes {{}} => null\n"
    entries = transcript_of(text).entries
    trips = round_trips_of(entries, answers_of(EXAMPLE, entries))
    assert [(at_s, index, round(slowest_s, 3)) for at_s, index, slowest_s in trips] == [(1.0, 1, 3.0), (5.0, 2, 0.005)]


def test_a_fence_is_the_first_entry_that_was_caused_then_or_later() -> None:
    fences = fences_of([(9, 1.0), (4, 3.0), (7, 2.0), (8, 4.0)])
    assert [fences.since(at_s) for at_s in (0.0, 1.0, 1.5, 3.0, 3.1, 4.0, 4.1)] == [4, 4, 4, 4, 8, 8, None]
    assert fences_of([]).since(0.0) is None
    assert [following((2, 4), place) for place in (0, 2, 3, 4)] == [2, 4, 4, None]


def test_entries_are_found_by_actor_name_and_room() -> None:
    text = f"{WHO}ann <= who #1\n{ACK}ann <= who #1 7\n{WHO}ann <- who:list {LIST}\nann <- who:list {{}}\nann <- who:list 7\n"
    index = reading_of(text + f"ann <- who:list {LIST.replace('r1', 'r2')}\nbob <- who:list {LIST}\n").index
    first, second = index.entries[0], index.entries[4]
    assert [index.ack(first, 0), index.ack(first, 2), index.ack(second, 4)] == [2, 3, None]
    assert index.ack(transcript_of(WHO.replace(" #1", "")).entries[0], 0) is None
    assert index.heard_of("ann", "who:list", "r1") == [5, 6, 7]
    assert index.heard_of("ann", "who:list", "r2") == [6, 7, 8]
    assert index.heard_of("ann", "who:list", {"r1": 1}) == [6, 7]
    assert [index.heard_after("ann", "who:list", place) for place in (0, 5, 8)] == [5, 6, None]
    assert index.heard_after("eve", "who:list", 0) is None


def test_like_emissions_are_counted_until_all_were_acknowledged() -> None:
    text = f"{WHO}{WHO.replace('#1', '#2')}{ACK}{ACK.replace('#1', '#2')}{WHO.replace('#1', '#3')}{WHO.replace(' #1', '')}{WHO.replace('#1', '#4')}"
    alike = reading_of(text + WHO.replace("r1", "r2") + WHO.replace("ann", "bob")).index.alike
    assert [(alike[place].before, alike[place].acked) for place in (0, 1, 4, 5, 6, 7, 8)] == [
        (0, -1.0), (1, 2), (2, 3), (3, float("inf")), (4, float("inf")), (0, -1.0), (0, -1.0),
    ]  # fmt: skip
