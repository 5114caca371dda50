"""Rules about broadcasts and what they carry: what they accuse, and what keeps them silent."""

import dataclasses
import json

import msgspec
import pytest

from conformance.analysis.queries import LATER
from conformance.model.transcript import Called
from contracts.load import load
from contracts.schema import Schema
from tests.unit.scripts import EXAMPLE, PAIR, RULES, messages, outcomes, reading_of, transcript_of

ARRIVES, NAME, ONCE, DEADLINE = (
    "broadcast-arrives",
    "broadcast-keeps-its-name",
    "delivered-exactly-once",
    "delivered-within-deadline",
)
EVERYONE, HEARS, NAMED, ORDER = (
    "everyone-in-the-room-receives",
    "sender-hears-as-documented",
    "sender-is-named-truly",
    "order-is-kept",
)
ARGUMENT, SCHEMA, VALUES, UNDOCUMENTED, FRAMES, RETIRED = (
    "payload-is-one-argument",
    "payload-keeps-its-schema",
    "values-come-out-as-they-went-in",
    "no-undocumented-event",
    "frames-can-be-parsed",
    "retired-name-is-absent",
)
RED, BLUE = '{"room": "r1", "pen": "red"}', '{"room": "r1", "pen": "blue"}'
TAKE, TAKEN = f"ann -> pen:take {RED}\n", f"bob <- pen:taken {RED}\n"
WHO = 'bob -> who {"room": "r1"} #1\nbob <= who #1 {"room": "r1", "sockets": [], "count": 0}\n'
MOVE = 'ann -> cursor:move {"room": "r1", "x": 1}\n'
MOVED = 'bob <- cursor:moved {"room": "r1", "x": 1, "user": "ua"}\n'
ERROR = 'ann <- problem {"code": "X"}\n'
END = 'ann -> room:end {"room": "r1"}\n'
ADDED = 'http add-note {"room": "r1"} {"text": "hello"} => 201 {}\n'
NOTE = '{"id": "n1", "room": "r1", "text": "hello", "at": 1}'
MARK = "forged0123456789"
FORGED = f'ann -> note:added {{"id": "n1", "room": "r1", "text": "{MARK}", "at": 1}}\n'

JUDGED = {
    # broadcast-arrives
    "one arrived, and a call had none": (ARRIVES, TAKE + TAKEN + ADDED + LATER, ["pass", "fail"]),
    "it arrived": (ARRIVES, TAKE + TAKEN, ["pass"]),
    "it was sent under another name": (ARRIVES, TAKE + TAKEN.replace("pen:taken", "pen-taken"), ["inconclusive"]),
    "it was sent elsewhere": (ARRIVES, TAKE + "admin saw socket=b1 board-r1\n" + LATER, ["inconclusive"]),
    "it was refused": (ARRIVES, TAKE + ERROR + LATER, ["inconclusive"]),
    "its subject was closed": (ARRIVES, END + ADDED + LATER, ["inconclusive"]),
    "a request was ignored": (ARRIVES, TAKE + LATER, ["inconclusive"]),
    "it may be late": (ARRIVES, ADDED, ["inconclusive"]),
    "a call had no broadcast": (ARRIVES, ADDED + LATER, ["fail"]),
    # broadcast-keeps-its-name
    "its name": (NAME, TAKE + TAKEN, ["pass"]),
    "another name": (NAME, TAKE + TAKEN.replace("pen:taken", "pen-taken"), ["fail"]),
    "no name": (NAME, TAKE, []),
    # delivered-exactly-once
    "once": (ONCE, TAKE + TAKEN, ["pass"]),
    "twice": (ONCE, TAKE + TAKEN + TAKEN, ["fail"]),
    "never": (ONCE, TAKE, []),
    "twice, of two causes": (ONCE, TAKE + TAKE + TAKEN + TAKEN, ["pass", "pass"]),
    # delivered-within-deadline
    "in time": (DEADLINE, f"@1 {TAKE}@3 {TAKEN}", ["pass"]),
    "late, and all may be busy": (DEADLINE, f"@1 {TAKE}@3.01 {TAKEN}", ["inconclusive"]),
    "late, and the next of the same values came later": (
        DEADLINE,
        f"@1 {TAKE}@4 {TAKE}@4.5 {TAKEN}@4.6 {WHO}@5 {TAKEN}",
        ["inconclusive", "pass"],
    ),
    "late, and the next of the same values never came": (DEADLINE, f"@1 {TAKE}@4 {TAKE}@4.5 {TAKEN}", ["pass"]),
    # everyone-in-the-room-receives, sender-hears-as-documented
    "the sender is a matter of its own": (EVERYONE, TAKE + TAKEN, ["pass"]),
    "a sender that hears it": (HEARS, TAKE + f"ann <- pen:taken {RED}\n", ["pass"]),
    "a sender that does not hear it": (HEARS, TAKE + TAKEN + LATER, ["fail"]),
    "a sender that is not to hear it": (HEARS, MOVE + MOVED + LATER, ["pass"]),
    "a sender that hears what it is not to": (HEARS, MOVE + MOVED.replace("bob", "ann"), ["fail"]),
    "a sender that is in no room": (HEARS, "eve opened e1\n" + TAKE.replace("ann", "eve") + TAKEN + LATER, []),
    "a sender that may be in the room": (HEARS, "eve opened e1\neve in r1 assumed\n" + TAKE.replace("ann", "eve") + TAKEN, []),
    "a call has no sender": (HEARS, ADDED + f"bob <- note:added {NOTE}\n", []),
    # sender-is-named-truly
    "the sender named": (NAMED, MOVE + MOVED, ["pass"]),
    "another named": (NAMED, MOVE + MOVED.replace("ua", "ub"), ["fail"]),
    "nobody named": (NAMED, MOVE + 'bob <- cursor:moved {"room": "r1", "x": 1}\n', ["fail"]),
    "no object": (NAMED, MOVE + 'bob <- cursor:moved "ua"\n', ["fail"]),
    "not heard": (NAMED, MOVE, []),
    "no field for the sender": (NAMED, TAKE + TAKEN, []),
    "no sender": (NAMED, ADDED + f"bob <- note:added {NOTE}\n", []),
    "a sender that is not known": (NAMED, "eve opened e1\n" + MOVE.replace("ann", "eve") + MOVED, ["skip"]),
    # order-is-kept
    "in order": (ORDER, TAKE + TAKE.replace("red", "blue") + TAKEN + TAKEN.replace("red", "blue"), ["pass"]),
    "the other way round": (ORDER, TAKE + TAKE.replace("red", "blue") + TAKEN.replace("red", "blue") + TAKEN, ["fail"]),
    "of equal values": (ORDER, TAKE + TAKE + TAKEN + TAKEN, []),
    "of two sockets": (ORDER, TAKE + TAKE.replace("red", "blue").replace("ann", "bob") + TAKEN.replace("red", "blue") + TAKEN, []),
    "of two names": (ORDER, TAKE + MOVE + MOVED + TAKEN, []),
    "of two rooms": (ORDER, "bob in r2\n" + TAKE + TAKE.replace("r1", "r2") + TAKEN.replace("r1", "r2") + TAKEN, []),
    "the second is missing": (ORDER, TAKE + TAKE.replace("red", "blue") + TAKEN, []),
    "the first is missing": (ORDER, TAKE + TAKE.replace("red", "blue") + TAKEN.replace("red", "blue"), []),
    "at another": (ORDER, TAKE + TAKE.replace("red", "blue") + TAKEN.replace("red", "blue") + TAKEN.replace("bob", "ann"), []),
    # payload-is-one-argument
    "one argument": (ARGUMENT, TAKEN, ["pass"]),
    "two arguments": (ARGUMENT, f"bob <- pen:taken {RED} {RED}\n", ["fail"]),
    "no argument": (ARGUMENT, "bob <- pen:taken\n", ["fail"]),
    "two arguments of an undocumented event": (ARGUMENT, "bob <- pen {} {}\n", []),
    "two arguments of a forgery": (ARGUMENT, FORGED + f'bob <- note:added {{"text": "{MARK}"}} 2\n', []),
    "two arguments of an ack": (ARGUMENT, 'ann -> who {"room": "r1"} #1\nann <= who #1 {} {}\n', ["fail"]),
    # payload-keeps-its-schema
    "the schema of a reply": (SCHEMA, 'ann <- who:list {"room": "r1", "sockets": [], "count": 0}\nann <- who:list {}\n', ["pass", "fail"]),
    "what a bad request gave, under the name that good ones have": (
        SCHEMA,
        TAKE + TAKEN.replace("pen:taken", "pen-taken") + TAKE.replace("red", "purple") + TAKEN.replace("pen:taken", "pen-taken").replace("red", "purple"),
        [],
    ),
    "its schema": (SCHEMA, TAKEN, ["pass"]),
    "another value": (SCHEMA, TAKEN.replace("red", "purple"), ["fail"]),
    "an undocumented event": (SCHEMA, "bob <- pen 7\n", []),
    "what a bad request gave": (SCHEMA, TAKE.replace("red", "purple") + TAKEN.replace("red", "purple"), ["inconclusive"]),
    "an undocumented event with what a bad request gave": (SCHEMA, TAKE.replace("red", "purple") + TAKEN.replace("red", "purple").replace("pen:taken", "pen"), []),
    "a forgery": (SCHEMA, FORGED + f'bob <- note:added {{"text": "{MARK}"}}\n', []),
    # values-come-out-as-they-went-in
    "as they went in": (VALUES, TAKE + TAKEN, ["pass"]),
    "otherwise": (VALUES, TAKE + TAKEN.replace("red", "blue"), ["fail"]),
    "as no object": (VALUES, TAKE + 'bob <- pen:taken "red"\n', ["fail"]),
    "as they went in, and again otherwise": (VALUES, TAKE + TAKEN + TAKEN, ["pass"]),
    # no-undocumented-event
    "a renamed event and a documented one": (
        UNDOCUMENTED, f"bob <- note:added {NOTE}\n" + TAKE + TAKEN.replace("pen:taken", "pen-taken"), ["pass"],
    ),
    "a documented event": (UNDOCUMENTED, TAKEN, ["pass"]),
    "no event": (UNDOCUMENTED, "", []),
    "an event that no document has": (UNDOCUMENTED, TAKEN + "bob <- pen {}\nbob <- pen {}\nbob <- other {}\n", ["fail", "fail"]),
    "a retired event": (UNDOCUMENTED, "bob <- note:new {}\n", ["pass"]),
    "a renamed event": (UNDOCUMENTED, TAKE + TAKEN.replace("pen:taken", "pen-taken"), ["pass"]),
    "what was heard under its name, too": (UNDOCUMENTED, TAKE + TAKEN + TAKEN.replace("pen:taken", "pen-taken"), ["fail"]),
    "a forged event": (UNDOCUMENTED, FORGED + f'bob <- forged:note {{"text": "{MARK}"}}\n', ["pass"]),
    "an event that cannot be parsed": (UNDOCUMENTED, "bob <- pen {\"x\": NaN}\n", ["pass"]),
    # frames-can-be-parsed
    "frames that can be parsed": (FRAMES, TAKEN + TAKEN, ["pass"]),
    "a frame that cannot": (FRAMES, TAKEN + "bob <- pen:taken {\"x\": NaN}\n", ["fail", "pass"]),
    "an undocumented frame": (FRAMES, "bob <- pen {}\n", []),
    "an undocumented frame that cannot": (FRAMES, "bob <- pen NaN\n", ["fail"]),
    "an ack": (FRAMES, "ann <= who #1 {}\n", ["pass"]),
    "an ack that is not documented": (FRAMES, "ann <= room:exit #1 {}\n", []),
    "an answer by event": (FRAMES, "ann <- who:list {}\n", ["pass"]),
    # retired-name-is-absent
    "the new name": (RETIRED, f"bob <- note:added {NOTE}\n", ["pass"]),
    "the retired name": (RETIRED, f"bob <- note:new {NOTE}\n", ["fail"]),
    "both names": (RETIRED, f"bob <- note:new {NOTE}\nbob <- note:added {NOTE}\n", ["fail"]),
    "an event that replaced nothing": (RETIRED, TAKEN, []),
    "a name that clients used to emit": (RETIRED, "bob <- note:send {}\n", []),
}  # fmt: skip


@pytest.mark.parametrize("what", JUDGED)
def test_a_broadcast_is_judged_as_documented(what: str) -> None:
    rule, text, expected = JUDGED[what]
    assert outcomes(rule, PAIR + text) == expected


def test_no_argument_will_do_where_the_payload_may_be_null() -> None:
    taken = EXAMPLE.events["pen:taken"]
    assert taken.broadcast is not None
    anything = dataclasses.replace(taken, broadcast=dataclasses.replace(taken.broadcast, payload=Schema({})))
    bundle = dataclasses.replace(EXAMPLE, events={**EXAMPLE.events, "pen:taken": anything})
    texts = ("bob <- pen:taken\n", "bob <- pen:taken null\n", "bob <- pen:taken 1 2\n")
    assert [outcomes(ARGUMENT, text, bundle) for text in texts] == [["pass"], ["pass"], ["fail"]]


def test_what_carries_nothing_that_tells_one_from_another_may_come_twice() -> None:
    bundle = load("sos")
    typing = 'ann -> message:typing:stop {"sosId": "r1"}\n'
    heard = 'bob <- message:typing:stop {"sosId": "r1", "userId": "ua"}\n'
    assert outcomes(ONCE, PAIR + typing + heard + heard, bundle) == ["inconclusive"]
    assert outcomes(ONCE, PAIR + typing + heard, bundle) == ["pass"]


def test_a_call_that_was_sent_twice_may_have_been_taken_twice() -> None:
    heard = f"bob <- note:added {NOTE}\n"
    transcript = transcript_of(PAIR + ADDED + heard + heard)
    again = tuple(
        msgspec.structs.replace(one, tries=2) if isinstance(one, Called) else one for one in transcript.entries
    )
    assert outcomes(ONCE, PAIR + ADDED + heard + heard) == ["fail"]
    assert outcomes(ONCE, "", entries=again, rooms=("r1",)) == ["inconclusive"]
    assert outcomes(ONCE, "", entries=again[:-1], rooms=("r1",)) == ["pass"]


ASKED = '@{0} {1} -> who {{"room": "r1"}} #{2}\n@{3} {1} <= who #{2} {{"room": "r1", "sockets": [], "count": 0}}\n'
OVERTAKEN = f"@1 {TAKE}" + ASKED.format(1.5, "ann", 1, 1.6) + ASKED.format("{0}", "bob", 2, 4.1) + f"@5 {TAKEN}"


@pytest.mark.parametrize(
    ("asked_s", "stalls", "outcome"),
    [
        (2.0, (), "fail"),
        (2.0, ((1.2, 1.9),), "fail"),
        (2.0, ((1.2, 2.0),), "inconclusive"),  # It took 4 s, of which 2 s were ours.
        (3.0, ((1.2, 2.0),), "fail"),  # It was sent after what was asked for 2 s later.
        (2.99, ((1.2, 2.0),), "inconclusive"),
        (2.0, ((6.0, 2.0),), "fail"),
        (2.0, ((0.1, 0.8),), "fail"),
    ],
)
def test_a_late_delivery_is_the_services_where_our_own_stalls_do_not_explain_it(
    asked_s: float, stalls: tuple[tuple[float, float], ...], outcome: str
) -> None:
    text = PAIR + OVERTAKEN.replace("@{0}", f"@{asked_s}")
    assert outcomes(DEADLINE, text, stalls=stalls) == [outcome]


def test_a_wait_that_a_person_set_is_the_deadline() -> None:
    text = PAIR + OVERTAKEN.replace("@{0}", "@2.0")
    assert outcomes(DEADLINE, text, timeout_s=4.0) == ["pass"]
    assert outcomes(DEADLINE, text, timeout_s=3.9) == ["fail"]


CALLS = (
    '@{0} http add-note {{"room": "r1"}} {{"text": "one"}} => 201 {{}}\n'
    '@{1} http add-note {{"room": "r1"}} {{"text": "two"}} => 201 {{}}\n'
    '@5 bob <- note:added {{"id": "n2", "room": "r1", "text": "two", "at": 1}}\n'
    '@6 bob <- note:added {{"id": "n1", "room": "r1", "text": "one", "at": 1}}\n'
)


def test_calls_are_in_order_that_were_made_each_after_the_last_was_answered() -> None:
    assert outcomes(ORDER, PAIR + CALLS.format(1, 2)) == ["fail"]
    assert outcomes(ORDER, PAIR + CALLS.format(1, 1.005)) == ["fail"]
    assert outcomes(ORDER, PAIR + CALLS.format(1, 1.004)) == []


def test_calls_to_two_nodes_are_in_no_order() -> None:
    transcript = transcript_of(PAIR + CALLS.format(1, 2))
    nodes = iter("ab")
    apart = tuple(
        msgspec.structs.replace(one, node=next(nodes)) if isinstance(one, Called) else one for one in transcript.entries
    )
    assert outcomes(ORDER, "", entries=apart, rooms=("r1",)) == []
    same = tuple(
        msgspec.structs.replace(one, node="a") if isinstance(one, Called) else one for one in transcript.entries
    )
    assert outcomes(ORDER, "", entries=same, rooms=("r1",)) == ["fail"]


def test_how_far_apart_two_were_caused_is_told() -> None:
    text = PAIR + f"@1 {TAKE}@1.5 {TAKE.replace('red', 'blue')}@2 {TAKEN}@3 {TAKEN.replace('red', 'blue')}"
    assert messages(ORDER, text) == ["in order, caused 500.0 ms apart"]


def test_a_membership_broadcast_may_or_may_not_reach_who_comes() -> None:
    bundle = load("sos-built")
    text = (
        "ann opened a1\nbob opened b1\nbob in r1\nann in r1\n"
        'ann -> sos:room:join {"sosId": "r1"}\n'
        'bob <- sos:room:joined {"sosId": "r1", "userId": "ua", "socketId": "a1", "timestamp": 1}\n'
    )
    assert reading_of(text, bundle).provocations
    assert outcomes(HEARS, text, bundle) == []


def test_a_failure_shows_where_a_payload_breaks_its_schema() -> None:
    assert messages(SCHEMA, PAIR + TAKEN.replace("red", "purple"))[0].endswith('at `pen`, got "purple"')
    assert messages(SCHEMA, PAIR + 'bob <- pen:taken {"pen": "red"}\n') == [
        'expected the field `room`, got {"pen": "red"}'
    ]


def test_a_stub_is_offered_for_an_undocumented_event() -> None:
    fields = {"a": 1, "b": None, "c": [], "d": True, "e": 1.5, "f": "x", "é": {}}
    (found,) = RULES[UNDOCUMENTED].judge(reading_of(f"bob <- pen {json.dumps(fields)}\n"))
    begin, _, text = found.hint.partition(": ")
    types = {"a": "integer", "b": "null", "c": "array", "d": "boolean", "e": "number", "f": "string", "é": "object"}
    assert begin == "contract to begin with"
    assert text.isascii()
    assert json.loads(text) == {
        "event": "pen",
        "server_to_client": {
            "receivers": "room",
            "payload": {
                "type": "object",
                "required": sorted(types),
                "properties": {name: {"type": kind} for name, kind in types.items()},
            },
        },
    }
    (found,) = RULES[UNDOCUMENTED].judge(reading_of("bob <- pen [7]\n"))
    assert '"required": [], "properties": {}' in found.hint
    (found,) = RULES[UNDOCUMENTED].judge(reading_of("bob <- pen 7\n"))
    assert json.loads(found.hint.partition(": ")[2])["server_to_client"]["payload"] == {"type": "integer"}


def test_long_texts_are_shown_from_where_they_differ() -> None:
    sent, came = "m" * 60 + "a" + "n" * 30, "m" * 60 + "b" + "n" * 30
    text = PAIR + f'http add-note {{"room": "r1"}} {{"text": "{sent}"}} => 201 {{}}\n'
    heard = 'bob <- note:added {{"id": "n", "room": "r1", "text": {}, "at": 1}}\n'
    (message,) = messages(VALUES, text + heard.format(f'"{came}"'))
    assert message == (
        f'expected `text` "mmmmmmmmmma{"n" * 29}" (91 characters), got "mmmmmmmmmmb{"n" * 29}" (91 characters)'
    )
    (message,) = messages(VALUES, text + heard.format('"mmm"'))
    assert message == f'expected `text` "{"m" * 40}" (91 characters), got "mmm" (3 characters)'
    (message,) = messages(VALUES, text + heard.format("7"))
    assert message.endswith("got 7")
    (message,) = messages(VALUES, PAIR + MOVE + MOVED.replace("1,", '"one",'))
    assert message == 'expected `x` 1, got "one"'


def test_why_a_broadcast_did_not_arrive_is_told() -> None:
    renamed = PAIR + TAKE + TAKEN.replace("pen:taken", "pen-taken")
    assert messages(ARRIVES, renamed) == ["pen:taken is sent as 'pen-taken': see broadcast-keeps-its-name"]
    assert messages(ARRIVES, PAIR + TAKE + ERROR + LATER) == ["the service refused the request that causes it"]
    assert messages(ARRIVES, PAIR + END + ADDED + LATER) == [
        "the subject is closed, so the service may accept nothing more"
    ]
    assert messages(ARRIVES, PAIR + TAKE + LATER) == [
        "nothing came of the request pen:take: see request-has-its-effect"
    ]


def test_a_call_has_no_sender_that_its_broadcast_could_name() -> None:
    note = EXAMPLE.events["note:added"]
    assert note.broadcast is not None
    named = dataclasses.replace(note, broadcast=dataclasses.replace(note.broadcast, sender="id"))
    bundle = dataclasses.replace(EXAMPLE, events={**EXAMPLE.events, "note:added": named})
    assert outcomes(NAMED, PAIR + ADDED + f"bob <- note:added {NOTE}\n", bundle) == []
