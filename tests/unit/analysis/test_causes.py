"""Which causes were given, and which delivery is of which."""

import dataclasses

import pytest

from conformance.analysis.causes import firsts_of
from conformance.model.payload import echoes_of, flat, same
from contracts.cause import Causes
from contracts.load import load
from contracts.schema import Schema
from contracts.trigger import Trigger
from tests.unit.scripts import EXAMPLE, PAIR, cause, heard_s, reading_of

RED, BLUE = '{"room": "r1", "pen": "red"}', '{"room": "r1", "pen": "blue"}'
MOVE = '{"room": "r1", "x": 1}'
BUILT, GUIDE = load("sos-built"), load("sos")


def moved(user: str, x: float = 1) -> str:
    return f'{{"room": "r1", "x": {x}, "user": "{user}"}}'


def note(text: str = "hello", room: str = "r1") -> str:
    return f'{{"id": "n1", "room": "{room}", "text": "{text}", "at": 1}}'


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (1, 1.0, True), (True, 1, False), (1, True, False), (True, True, True), (False, 0, False), (0, False, False),
        ([1, [2]], (1, [2]), True), ([1], [1, 2], False), ([True], [1], False), ({"a": 1}, {"a": 1.0}, True),
        ({"a": True}, {"a": 1}, False), ({"a": 1}, {"b": 1}, False), ({"a": 1}, {"a": 1, "b": 2}, False),
        ({}, [], False), ([], {}, False), (None, None, True), ("1", 1, False), ({"a": 1}, None, False),
        ([1], "1", False), ([1, 2], [1, 3], False), ({"a": 1, "b": 2}, {"a": 1, "b": 3}, False),
    ],
)  # fmt: skip
def test_values_are_equal_as_in_json(left: object, right: object, equal: bool) -> None:
    assert same(left, right) is equal


def test_the_fields_of_an_envelope_count_and_the_outer_ones_win() -> None:
    assert flat({"a": 1, "message": {"a": 2, "b": 3}, "list": [{"c": 4}]}) == {
        "a": 1, "b": 3, "message": {"a": 2, "b": 3}, "list": [{"c": 4}],
    }  # fmt: skip
    assert [flat(body) for body in (None, "text", [1])] == [{}, {}, {}]


def test_a_trigger_may_give_values_that_the_broadcast_may_not_have() -> None:
    broadcast = EXAMPLE.broadcast("pen:taken")
    assert broadcast is not None
    given = {"room": "r1", "pen": "PURPLE", "more": 1}
    assert echoes_of(broadcast, given, triggered=False) == {"room": "r1", "pen": "PURPLE"}
    assert echoes_of(broadcast, given, triggered=True) == {"room": "r1"}
    assert echoes_of(broadcast, {"pen": "red"}, triggered=True) == {"pen": "red"}


CAUSES = {
    "a valid request": (f"@1 ann -> pen:take {RED}", 1),
    "an invalid request": ('@1 ann -> pen:take {"room": "r1", "pen": "purple"}', 0),
    "an unknown request": (f"@1 ann -> pen:make {RED}", 0),
    "a request without a broadcast": ('@1 ann -> who {"room": "r1"}', 0),
    "a call that succeeded": ('@1 http add-note {"room": "r1"} {"text": "x"} => 201 {}', 1),
    "a call that failed": ('@1 http add-note {"room": "r1"} {"text": "x"} => 400 {}', 0),
    "a call that was not answered": ('@1 http add-note {"room": "r1"} {"text": "x"} => null', 0),
    "a call without a broadcast": ('@1 http list-notes {"room": "r1"} => 200 {}', 0),
    "a call that names no room": ('@1 http add-note {} {"text": "x"} => 201 {}', 0),
    "what is heard": (f"@1 bob <- pen:taken {RED}", 0),
}


@pytest.mark.parametrize("what", CAUSES)
def test_a_cause_is_a_valid_request_or_a_call_that_succeeded(what: str) -> None:
    text, count = CAUSES[what]
    assert len(reading_of(PAIR + text).provocations) == count


def test_a_cause_tells_what_is_due() -> None:
    text = f'{PAIR}@1 ann -> cursor:move {MOVE}\n@2 http add-note {{"room": "r1"}} {{"text": "x"}} => 201 {{}}\n'
    socket, call = reading_of(text).provocations
    assert (socket.event, socket.room, socket.sender, socket.users) == ("cursor:moved", "r1", "ann", {"ua"})
    assert (socket.at_s, socket.due_s, socket.echoes) == (1.0, 1.0, {"room": "r1", "x": 1})
    assert (call.event, call.room, call.sender, call.users) == ("note:added", "r1", None, frozenset())
    assert (call.at_s, call.due_s, call.echoes) == (2.0, 2.005, {"room": "r1", "text": "x"})
    assert [socket.spares(actor) for actor in ("ann", "bob")] == [True, False]
    taken = reading_of(f"{PAIR}@1 ann -> pen:take {RED}\n").provocations[0]
    assert not taken.spares("ann")


def test_a_payload_is_held_against_the_values_of_a_cause() -> None:
    one = reading_of(f"{PAIR}@1 ann -> cursor:move {MOVE}\n").provocations[0]
    payloads = ({"room": "r1", "x": 1, "user": "ua"}, {"room": "r1", "x": 2, "user": "ub"}, {"x": True}, "r1", None)
    assert [one.likeness(payload) for payload in payloads] == [2, 1, 0, 0, 0]
    assert [one.carried_by(payload) for payload in payloads] == [True, False, False, False, False]
    assert [one.signed_by(payload) for payload in payloads] == [True, False, False, False, False]
    unsigned = dataclasses.replace(one, broadcast=dataclasses.replace(one.broadcast, sender=None))
    assert not unsigned.signed_by({"user": "ua"})
    assert not unsigned.signed_by({None: "ua"})
    number = dataclasses.replace(one, users=frozenset({"7"}))
    assert number.signed_by({"user": 7})


DELIVERED = {
    "one twice, and the other missing": (
        f"@1 ann -> pen:take {RED}\n@1.1 ann -> pen:take {BLUE}\n@2 bob <- pen:taken {RED}\n@3 bob <- pen:taken {RED}\n",
        {1: [2, 3], 1.1: []},
    ),
    "one": (f"@1 ann -> pen:take {RED}\n@2 bob <- pen:taken {RED}\n", {1: [2]}),
    "before it was caused": (f"@0.5 bob <- pen:taken {RED}\n@1 ann -> pen:take {RED}\n", {1: []}),
    "when it was caused": (f"@1 ann -> pen:take {RED}\n@1 bob <- pen:taken {RED}\n", {1: [1]}),
    "another event": (f"@1 ann -> pen:take {RED}\n@2 bob <- cursor:moved {RED}\n", {1: []}),
    "another room": (
        f"@1 ann -> pen:take {RED}\n@1.5 ann in r2\n@2 bob <- pen:taken {RED.replace('r1', 'r2')}\n", {1: []},
    ),
    "another room that is no subject's": (
        f"@1 ann -> pen:take {RED}\n@2 bob <- pen:taken {RED.replace('r1', 'r9')}\n", {1: [2]},
    ),
    "no room": (f'@1 ann -> pen:take {RED}\n@2 bob <- pen:taken {{"pen": "red"}}\n', {1: [2]}),
    "changed": (f"@1 ann -> pen:take {RED}\n@2 bob <- pen:taken {BLUE}\n", {1: [2]}),
    "no object": (f'@1 ann -> pen:take {RED}\n@2 bob <- pen:taken "red"\n', {1: [2]}),
    "changed, before it was caused": (f"@0.5 bob <- pen:taken {BLUE}\n@1 ann -> pen:take {RED}\n", {1: []}),
    "twice": (f"@1 ann -> pen:take {RED}\n@2 bob <- pen:taken {RED}\n@3 bob <- pen:taken {RED}\n", {1: [2, 3]}),
    "changed twice": (f"@1 ann -> pen:take {RED}\n@2 bob <- pen:taken {BLUE}\n@3 bob <- pen:taken {BLUE}\n", {1: [2]}),
    "as it was, and changed": (
        f"@1 ann -> pen:take {RED}\n@2 bob <- pen:taken {BLUE}\n@3 bob <- pen:taken {RED}\n", {1: [3]},
    ),
    "two, the other way round": (
        f"@1 ann -> pen:take {RED}\n@1.1 ann -> pen:take {BLUE}\n@2 bob <- pen:taken {BLUE}\n@3 bob <- pen:taken {RED}\n",
        {1: [3], 1.1: [2]},
    ),
    "two of the same": (
        f"@1 ann -> pen:take {RED}\n@1.1 ann -> pen:take {RED}\n@2 bob <- pen:taken {RED}\n@3 bob <- pen:taken {RED}\n",
        {1: [2], 1.1: [3]},
    ),
    "two of the same, and one more": (
        f"@1 ann -> pen:take {RED}\n@1.1 ann -> pen:take {RED}\n@2 bob <- pen:taken {RED}\n@3 bob <- pen:taken {RED}\n"
        f"@4 bob <- pen:taken {RED}\n",
        {1: [2], 1.1: [3, 4]},
    ),
    "two of the same, of which the first is late": (
        f"@1 ann -> pen:take {RED}\n@4 ann -> pen:take {RED}\n@5 bob <- pen:taken {RED}\n", {1: [], 4: [5]},
    ),
    "two of the same, of which the first is late by too little": (
        f"@1 ann -> pen:take {RED}\n@2.9 ann -> pen:take {RED}\n@3 bob <- pen:taken {RED}\n", {1: [3], 2.9: []},
    ),
    "two of the same, both late": (
        f"@1 ann -> pen:take {RED}\n@1.1 ann -> pen:take {RED}\n@5 bob <- pen:taken {RED}\n", {1: [5], 1.1: []},
    ),
    "one changed of two": (
        f"@1 ann -> pen:take {RED}\n@1.1 ann -> pen:take {BLUE}\n@2 bob <- pen:taken {BLUE}\n"
        f"@3 bob <- pen:taken {RED.replace('red', 'RED')}\n",
        {1: [3], 1.1: [2]},
    ),
    "changed, of those that kept most": (
        '@1 ann -> cursor:move {"room": "r1", "x": 1}\n@1.1 http add-note {"room": "r1"} {"text": "x"} => 201 {}\n'
        '@1.2 http add-note {"room": "r1"} {"text": "y"} => 201 {}\n@2 bob <- note:added {"text": "y", "room": "R1"}\n',
        {1: [], 1.1: [], 1.2: [2]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", DELIVERED)
def test_a_delivery_is_paired_with_its_cause(what: str) -> None:
    text, expected = DELIVERED[what]
    reading = reading_of(PAIR + text)
    assert {at_s: heard_s(reading, at_s, "bob") for at_s in expected} == expected


def test_what_came_changed_is_a_members_alone() -> None:
    text = f"{PAIR}eve opened e1\n@1 ann -> pen:take {RED}\n@2 eve <- pen:taken {BLUE}\n"
    assert heard_s(reading_of(text), 1, "eve") == []
    assert heard_s(reading_of(text.replace("@1 ann", "eve in r1\n@1 ann")), 1, "eve") == [2]
    assert heard_s(reading_of(text.replace("@1 ann", "eve in r1 assumed\n@1 ann")), 1, "eve") == [2]
    assert heard_s(reading_of(text.replace("@1 ann", "eve in r2\n@1 ann")), 1, "eve") == []
    assert heard_s(reading_of(text.replace(BLUE, RED)), 1, "eve") == [2]


SIGNED = {
    "each names its own": ([("ann", "ua"), ("bob", "ub")], ["ub", "ua"], [3.1], [3.0]),
    "both name one": ([("ann", "ua"), ("bob", "ub")], ["ua", "ua"], [3.0], [3.1]),
    "neither names any": ([("ann", "ua"), ("bob", "ub")], ["ux", "uy"], [3.0], [3.1]),
    "one names the second": ([("ann", "ua"), ("bob", "ub")], ["ub"], [], [3.0]),
    "the first names itself twice": ([("ann", "ua"), ("bob", "ub")], ["ua", "ub", "ua"], [3.0, 3.2], [3.1]),
    "the second names itself twice": ([("ann", "ua"), ("bob", "ub")], ["ub", "ub", "ub"], [3.1], [3.0, 3.2]),
}


@pytest.mark.parametrize("what", SIGNED)
def test_of_equal_causes_each_has_the_delivery_that_names_its_sender(what: str) -> None:
    senders, users, first, second = SIGNED[what]
    text = "oda opened o1 user=uo\noda in r1\n" + "".join(
        f"{actor} opened {actor}1 user={user}\n" for actor, user in senders
    )
    text += f"@1 ann -> cursor:move {MOVE}\n@2 bob -> cursor:move {MOVE}\n"
    text += "".join(f"@{3 + place / 10:.1f} oda <- cursor:moved {moved(user)}\n" for place, user in enumerate(users))
    reading = reading_of(text)
    assert heard_s(reading, 1, "oda") == first
    assert heard_s(reading, 2, "oda") == second


def test_a_broadcast_that_names_another_user_is_none_of_a_sender_who_is_not_to_hear_its_own() -> None:
    text = f"{PAIR}@1 ann -> cursor:move {MOVE}\n"
    for user, expected in (("ub", []), ("ua", [2])):
        assert heard_s(reading_of(text + f"@2 ann <- cursor:moved {moved(user)}\n"), 1, "ann") == expected
        assert heard_s(reading_of(text + f"@2 bob <- cursor:moved {moved(user)}\n"), 1, "bob") == [2]
    changed = text + f"@2 ann <- cursor:moved {moved('ub', 5)}\n"
    assert heard_s(reading_of(changed), 1, "ann") == []
    unnamed = text + '@2 ann <- cursor:moved {"room": "r1", "x": 1, "user": 7}\n'
    assert heard_s(reading_of(unnamed), 1, "ann") == [2]
    unknown = text.replace(" user=ua", "") + f"@2 ann <- cursor:moved {moved('ub')}\n"
    assert heard_s(reading_of(unknown), 1, "ann") == [2]
    no_object = text + '@2 ann <- cursor:moved "r1"\n'
    assert heard_s(reading_of(no_object), 1, "ann") == [2]


def test_of_a_cause_that_gave_more_values_and_one_that_gave_fewer_it_is_the_first() -> None:
    """Both are carried by the delivery: the join with a name, and the one without."""
    text = """
    ann opened a1
    bob opened b1
    bob in r1
    @1 ann -> sos:room:join {"sosId": "r1"}
    @2 ann -> sos:room:join {"sosId": "r1", "displayName": "Ann"}
    @3 bob <- sos:room:joined {"sosId": "r1", "displayName": "Ann", "userId": "ua", "socketId": "a1", "timestamp": 1}
    """
    reading = reading_of(text, BUILT)
    assert heard_s(reading, 2, "bob") == [3]
    assert heard_s(reading, 1, "bob") == []


def test_what_a_call_that_was_never_answered_explains_is_in_doubt() -> None:
    lost = '@1 http add-note {"room": "r1"} {"text": "hello"} => null "no whole answer within 5 s"\n'
    heard = f"@2 bob <- note:added {note()}\n"
    assert reading_of(PAIR + lost + heard).doubtful == {5}
    assert reading_of(PAIR + heard).doubtful == frozenset()
    assert reading_of(PAIR + lost.replace("null", "500") + heard).doubtful == frozenset()
    assert reading_of(PAIR + lost + heard.replace("hello", "other")).doubtful == frozenset()
    assert reading_of(PAIR + lost + heard.replace("note:added", "note")).doubtful == frozenset()
    assert reading_of(PAIR + '@1 http list-notes {"room": "r1"} => null\n' + heard).doubtful == frozenset()
    known = '@1.5 http add-note {"room": "r1"} {"text": "hello"} => 201 {}\n'
    both = reading_of(PAIR + lost + known + heard)
    assert both.doubtful == frozenset()
    assert heard_s(both, 1.5, "bob") == [2]
    other = '@1.5 http add-note {"room": "r1"} {"text": "other"} => 201 {}\n'
    assert heard_s(reading_of(PAIR + lost + other + heard), 1.5, "bob") == []
    taken = f"@1.5 ann -> pen:take {RED}\n"
    assert reading_of(PAIR + lost + taken + heard).doubtful == {6}
    unnamed = lost.replace('{"room": "r1"} {', "{} {")
    assert reading_of(PAIR + unnamed + heard).doubtful == frozenset()


def test_the_deadline_of_an_event_runs_from_the_first_effect_of_the_one_before_it() -> None:
    text = (
        f"{PAIR}@1 ann -> pen:take {RED}\n@1.1 ann -> pen:take {BLUE}\n"
        f"@2 ann <- pen:taken {RED}\n@3 bob <- pen:taken {RED}\n@3.1 bob <- pen:taken {BLUE}\n"
    )
    reading = reading_of(text)
    assert (cause(reading, 1).due_s, cause(reading, 1.1).due_s) == (1.0, 2.0)
    swapped = reading_of(text.replace("@2 ann", "@2 bob").replace("@3 bob", "@3 ann"))
    assert cause(swapped, 1.1).due_s == 2.0
    later = reading_of(text.replace("@1.1", "@2.5"))
    assert cause(later, 2.5).due_s == 2.5
    lost = reading_of(f"{PAIR}@1 ann -> pen:take {RED}\n@1.1 ann -> pen:take {BLUE}\n@3.1 bob <- pen:taken {BLUE}\n")
    assert cause(lost, 1.1).due_s == 1.1


def test_of_equal_causes_it_is_the_first_that_the_socket_was_surely_owed() -> None:
    both = f"@1 ann -> cursor:move {MOVE}\n@1.1 bob -> cursor:move {MOVE}\n"
    own = reading_of(f'{PAIR}{both}@2 ann <- cursor:moved {{"room": "r1", "x": 1, "user": 7}}\n')
    assert (heard_s(own, 1, "ann"), heard_s(own, 1.1, "ann")) == ([], [2])
    calls = '@1 http add-note {"room": "r1"} {"text": "hello"} => 201 {}\n@1.1 http add-note {"room": "r1"} {"text": "hello"} => 201 {}\n'
    joins = calls.replace("@1.1", "@1.05 eve in r1\n@1.1")
    late = reading_of(f"{PAIR}eve opened e1\n{joins}@2 eve <- note:added {note()}\n")
    assert (heard_s(late, 1, "eve"), heard_s(late, 1.1, "eve")) == ([], [2])


def test_of_equal_causes_of_which_none_is_owed_it_is_the_last_in_time_or_else_the_first() -> None:
    text = f"{PAIR}eve opened e1\n@1 ann -> pen:take {RED}\n@1.1 ann -> pen:take {RED}\n"
    soon, late = (reading_of(text + f"@{at_s} eve <- pen:taken {RED}\n") for at_s in (2, 5))
    assert (heard_s(soon, 1, "eve"), heard_s(soon, 1.1, "eve")) == ([], [2])
    assert (heard_s(late, 1, "eve"), heard_s(late, 1.1, "eve")) == ([5], [])


def test_a_cause_without_a_room_or_a_documented_broadcast_is_none() -> None:
    take = EXAMPLE.events["pen:take"]
    assert take.request is not None
    anything = dataclasses.replace(take, request=dataclasses.replace(take.request, payload=Schema({})))
    bundle = dataclasses.replace(EXAMPLE, events={**EXAMPLE.events, "pen:take": anything})
    assert reading_of('@1 ann -> pen:take {"pen": "red"}\n', bundle).provocations == ()
    assert len(reading_of(f"@1 ann -> pen:take {RED}\n", bundle).provocations) == 1
    gone = {name: event for name, event in EXAMPLE.events.items() if name != "pen:taken"}
    assert reading_of(f"@1 ann -> pen:take {RED}\n", dataclasses.replace(EXAMPLE, events=gone)).provocations == ()


def test_a_documented_call_owes_every_value_that_it_gave() -> None:
    text = f'@1 http add-note {{"room": "r1"}} {{"text": "{"m" * 101}"}} => 201 {{}}\n'
    assert reading_of(text).provocations[0].echoes == {"room": "r1", "text": "m" * 101}
    trigger = Trigger(event="note:added", method="POST", url="/x", status=(201,))
    call = dataclasses.replace(EXAMPLE.calls["add-note"], trigger=trigger)
    bundle = dataclasses.replace(EXAMPLE, calls={**EXAMPLE.calls, "add-note": call})
    assert reading_of(text, bundle).provocations[0].echoes == {"room": "r1"}


def test_a_known_cause_of_another_broadcast_does_not_explain_what_is_in_doubt() -> None:
    lost = '@1 http add-note {"room": "r1"} {"text": "hello"} => null "no whole answer within 5 s"\n'
    heard = f'@2 bob <- note:added {note()[:-1]}, "pen": "red"}}\n'
    assert reading_of(f"{PAIR}{lost}@1.5 ann -> pen:take {RED}\n{heard}").doubtful == {6}


def test_calls_wait_for_no_effect_of_the_call_before_them() -> None:
    text = (
        f'{PAIR}@1 http add-note {{"room": "r1"}} {{"text": "a"}} => 201 {{}}\n@1.5 http add-note {{"room": "r1"}} {{"text": "b"}} => 201 {{}}\n'
        f"@3 bob <- note:added {note('a')}\n"
    )
    assert [one.due_s for one in reading_of(text).provocations] == [1.005, 1.505]


def test_the_first_deliveries_of_a_cause_are_in_order() -> None:
    deliveries = {(1, "bob"): (9, 10), (1, "ann"): (7, 12), (1, "eve"): (8,), (2, "ann"): (11,), (3, "ann"): ()}
    assert firsts_of(deliveries, ("ann", "bob")) == {1: [(7, "ann"), (9, "bob")], 2: [(11, "ann")]}


@pytest.mark.parametrize(("heard", "count"), [(True, 2), (False, 1)])
def test_what_follows_a_broadcast_that_came_was_not_dropped_for_its_rate(heard: bool, count: int) -> None:
    events = dict(EXAMPLE.events)
    taking, told = events["pen:take"], events["note:added"]
    assert taking.request is not None
    assert told.broadcast is not None
    events["pen:take"] = dataclasses.replace(taking, request=dataclasses.replace(taking.request, most_per_s=1))
    follower = dataclasses.replace(told.broadcast, causes=Causes(follows=("pen:taken",)), echoes=("room",))
    events["note:added"] = dataclasses.replace(told, broadcast=follower)
    text = PAIR + f"@1 ann -> pen:take {RED}\n" + (f"@1.1 bob <- pen:taken {RED}\n" if heard else "")
    due = reading_of(text, dataclasses.replace(EXAMPLE, events=events)).provocations
    assert [one.event for one in due] == ["pen:taken", "note:added"][:count]


def place(number: int) -> str:
    return f'"sosId": "r1", "latitude": 27.7, "longitude": {number}, "accuracy": 4.5'


LIMITED = {
    "too soon after one that was heard": (1.5, (1.0,), 1),
    "too soon after one that came to the service later": (2.05, (1.0,), 1),
    "a second after one that was heard": (2.1, (1.0,), 2),
    "too soon, and heard": (1.5, (1.0, 1.5), 2),
    "too soon after one that nobody heard": (2.2, (), 1),
    "long enough after one that nobody heard": (2.25, (), 2),
}


@pytest.mark.parametrize("what", LIMITED)
def test_what_came_too_soon_for_its_contract_is_owed_only_if_it_was_taken(what: str) -> None:
    second_s, heard, count = LIMITED[what]
    text = PAIR
    for number, at_s in enumerate((1.0, second_s)):
        text += f"@{at_s} ann -> location:update {{{place(number)}}}\n"
        if at_s in heard:
            text += f'@{at_s + 0.1:.2f} bob <- location:broadcast {{{place(number)}, "userId": "ua", "timestamp": 1}}\n'
    assert len(reading_of(text, GUIDE).provocations) == count
    of_two = text.replace(f"@{second_s} ann", f"@{second_s} bob")
    assert len(reading_of(of_two, GUIDE).provocations) == 2
