"""Acks that refuse, clients that answer, and events that come at least once, as rules judge them."""

from dataclasses import replace

import pytest

from conformance.analysis.answering import answering
from conformance.analysis.promises import caution_of
from conformance.model.verdict import Outcome
from contracts.load import load
from contracts.replies import RefusedAck
from tests.running import ROOT
from tests.unit.scripts import EXAMPLE, PAIR, findings, reading_of

LIGHTHOUSE = load(str(ROOT / "tests/cases/lighthouse_acks/contracts"))
WATCHED = """
ann opened a1
bob opened b1
ann -> lamp:watch {"lamp": "r1"} #1
ann <= lamp:watch #1 null {"lamp": "r1", "lit": true}
ann in r1 ack
bob -> lamp:watch {"lamp": "r1"} #2
bob <= lamp:watch #2 null {"lamp": "r1", "lit": true}
bob in r1 ack
"""
ASKED = """
@9.0 bob -> lamp:watch {"lamp": "r1"} #8
bob <= lamp:watch #8 null {"lamp": "r1", "lit": true}
"""


def outcomes(rule: str, text: str) -> list[str]:
    """What a rule finds but for what holds, as `outcome subject: message`."""
    found = findings(rule, WATCHED + text, LIGHTHOUSE)
    return [f"{one.outcome} {one.subject}: {one.message}" for one in found if one.outcome is not Outcome.PASS]


def passes(rule: str, text: str) -> list[str]:
    return [one.message for one in findings(rule, WATCHED + text, LIGHTHOUSE) if one.outcome is Outcome.PASS]


BAD = 'ann -> lamp:light {"lamp": "r1", "colour": "blue", "word": "up"} #3\n'


def test_a_bad_request_may_be_refused_by_its_ack() -> None:
    text = BAD + 'ann <= lamp:light #3 {"code": "BAD"}'
    assert passes("bad-request-gets-an-error", text) == ["its ack refuses it"]
    assert outcomes("bad-request-gets-an-error", text) == []


def test_an_ack_that_does_not_refuse_a_bad_request_is_no_error() -> None:
    assert outcomes("bad-request-gets-an-error", BAD + "ann <= lamp:light #3 null") == [
        "fail lamp:light: expected an ack that refuses it, got an ack that does not"
    ]


def test_a_bad_request_that_asked_for_no_ack_proves_nothing() -> None:
    text = 'ann -> lamp:light {"lamp": "r1", "colour": "blue", "word": "up"}\n' + ASKED
    assert findings("bad-request-gets-an-error", WATCHED + text, LIGHTHOUSE) == []


GOOD = """
ann -> lamp:light {"lamp": "r1", "colour": "white", "word": "up"} #3
ann <= lamp:light #3 null
ann <- lamp:lit {"lamp": "r1", "colour": "white", "word": "up"} #1
bob <- lamp:lit {"lamp": "r1", "colour": "white", "word": "up"} #2
ann -> lamp:light {"lamp": "r2", "colour": "red", "word": "up"} #4
"""


def test_a_good_request_that_its_ack_refuses_is_told_with_the_value_that_differs() -> None:
    apart = GOOD.replace('"r1", "colour": "white", "word": "up"} #3', '"r3", "colour": "white", "word": "up"} #3')
    assert outcomes("good-request-gets-no-error", apart + 'ann <= lamp:light #4 {"code": "BAD"}') == [
        'fail lamp:light: expected no refusal for `colour` "red", which the contract allows, '
        'got an ack {"code": "BAD"} for `colour` "red"'
    ]


def test_a_refused_request_owes_no_effect_and_its_ack_is_no_reply() -> None:
    text = GOOD + 'ann <= lamp:light #4 {"code": "BAD"}\n' + ASKED
    assert outcomes("payload-keeps-its-schema", text) == []
    assert outcomes("payload-is-one-argument", text) == []
    assert all(one.startswith("inconclusive") for one in outcomes("request-has-its-effect", text))


def test_a_refusal_has_the_documented_value() -> None:
    assert outcomes("payload-keeps-its-schema", BAD + 'ann <= lamp:light #3 "no"') == [
        'fail lamp:light (reply): expected a refusal with type object, got "no"'
    ]


def test_who_was_refused_is_promised_nothing() -> None:
    text = """
eve opened e1
eve -> lamp:watch {"lamp": "r1"} #5
eve <= lamp:watch #5 {"code": "FULL"}
ann -> lamp:light {"lamp": "r1", "colour": "white", "word": "one"} #6
ann <= lamp:light #6 null
ann <- lamp:lit {"lamp": "r1", "colour": "white", "word": "one"} #1
bob <- lamp:lit {"lamp": "r1", "colour": "white", "word": "one"} #2
"""
    found = findings("answer-to-a-join-means-membership", WATCHED + text, LIGHTHOUSE)
    assert {entry.message for entry in found if "eve" in entry.message} == set()
    assert outcomes("everyone-in-the-room-receives", text) == []


@pytest.mark.parametrize(("promises", "judged"), [("membership", True), (None, True), ("nothing", False)])
def test_a_reply_that_promises_nothing_is_not_held_to_membership(promises: str | None, judged: bool) -> None:
    event = LIGHTHOUSE.events["lamp:watch"]
    assert event.request is not None
    assert event.request.reply is not None
    reply = replace(event.request.reply, promises=promises)
    changed = replace(event, request=replace(event.request, reply=reply))
    bundle = replace(LIGHTHOUSE, events={**LIGHTHOUSE.events, "lamp:watch": changed})
    late = """
eve opened e1
eve -> lamp:watch {"lamp": "r1"} #5
eve <= lamp:watch #5 null {"lamp": "r1", "lit": true}
ann -> lamp:light {"lamp": "r1", "colour": "white", "word": "one"}
bob <- lamp:lit {"lamp": "r1", "colour": "white", "word": "one"} #1
ann -> lamp:light {"lamp": "r1", "colour": "white", "word": "two"}
bob <- lamp:lit {"lamp": "r1", "colour": "white", "word": "two"} #2
eve <- lamp:lit {"lamp": "r1", "colour": "white", "word": "two"} #3
"""
    found = findings("answer-to-a-join-means-membership", WATCHED + late, bundle)
    assert any(one.outcome is Outcome.FAIL for one in found) is judged
    # How long a join takes is minded by the other acts all the same.
    assert caution_of(reading_of(WATCHED + late, bundle)).joins_s > 0


def test_an_event_that_clients_answer_asks_for_it() -> None:
    assert outcomes("event-asks-for-its-answer", 'bob <- lamp:lit {"lamp": "r1", "colour": "red", "word": "a"}') == [
        "fail lamp:lit: expected an event that asks for an ack, got one that asks for none"
    ]
    text = 'bob <- lamp:lit {"lamp": "r1", "colour": "red", "word": "a"} #1'
    assert passes("event-asks-for-its-answer", text) == ["it asked for an ack, and was answered"]


SOUNDED = 'ann -> horn:sound {"lamp": "r1", "tune": "one"}\nbob <- horn:sounded {"lamp": "r1", "tune": "one"} #1\n'
AGAIN = 'bob <- horn:sounded {"lamp": "r1", "tune": "one"} #2\n'


def test_what_comes_at_least_once_may_come_again_until_its_ack_was_read() -> None:
    text = SOUNDED + AGAIN + ASKED
    assert outcomes("delivered-exactly-once", text) == []
    assert passes("delivered-exactly-once", text) == ["at least once, and not again once it was acked"]
    unread = SOUNDED + "@9.9 " + AGAIN  # Nothing shows that its ack was read.
    assert passes("delivered-exactly-once", unread) == ["at least once, and not again once it was acked"]


def test_what_comes_again_after_its_ack_was_read_is_one_too_many() -> None:
    (said,) = outcomes("delivered-exactly-once", SOUNDED + ASKED + "@9.9 " + AGAIN)
    assert said.startswith("fail horn:sounded: expected nothing more at bob once it was acked, got once more")


def test_what_comes_soon_after_its_ack_was_read_may_be_another_nodes() -> None:
    assert outcomes("delivered-exactly-once", SOUNDED + ASKED + "@9.1 " + AGAIN) == []


def test_where_an_answer_was_slow_since_the_ack_another_node_may_be_as_late() -> None:
    """The slowest since then counts, not what was asked last."""
    slow = '@1.0 ann -> lamp:watch {"lamp": "r1"} #7\n@3.0 ann <= lamp:watch #7 null {"lamp": "r1", "lit": true}\n'
    assert outcomes("delivered-exactly-once", SOUNDED + slow + ASKED + "@9.9 " + AGAIN) == []
    assert len(outcomes("delivered-exactly-once", SOUNDED + slow + ASKED + "@19.9 " + AGAIN)) == 1


def test_what_asks_for_no_ack_may_be_sent_again_at_any_time() -> None:
    text = SOUNDED.replace(" #1", "") + ASKED + "@9.9 " + AGAIN.replace(" #2", "")
    assert outcomes("delivered-exactly-once", text) == []


def test_a_repetition_is_no_sign_of_a_second_membership() -> None:
    text = 'bob -> lamp:watch {"lamp": "r1"} #4\nbob <= lamp:watch #4 null {"lamp": "r1", "lit": true}\n'
    assert outcomes("joining-twice-delivers-once", text + SOUNDED + AGAIN) == [
        "inconclusive lamp:watch: horn:sounded may be sent again until it is acked"
    ]


TAKEN = """
ann opened a1
bob opened b1
ann in r1
bob in r1
ann -> pen:take {"room": "r1", "pen": "red"}
bob <- pen:taken {"room": "r1", "pen": "red"} #1
bob closed service disconnect packet
"""


def test_a_service_may_put_out_clients_of_which_nobody_says_what_they_answer() -> None:
    (found,) = [one for one in findings("connection-stays-open", TAKEN) if one.outcome is not Outcome.PASS]
    assert (found.outcome, found.subject) == (Outcome.INCONCLUSIVE, "connection of who is asked for an ack")
    assert found.hint == "state what clients answer in `answer` of pen:taken"


@pytest.mark.parametrize(
    "text", [TAKEN.replace(" #1", ""), TAKEN.replace("closed service disconnect packet", "closed client ping timeout")]
)
def test_a_connection_that_nothing_excuses_stays_open(text: str) -> None:
    assert [one.outcome for one in findings("connection-stays-open", text)] == [Outcome.FAIL]


def test_clients_that_answer_as_documented_are_not_put_out() -> None:
    (found,) = findings("connection-stays-open", TAKEN, load("example-more"))
    assert found.outcome is Outcome.FAIL


TOLLGATE = load(str(ROOT / "tests/cases/tollgate_acks/contracts"))
LEFT = """
ann opened a1
ann -> gate:leave {"gate": "r1"} #1
"""


def test_an_ack_without_arguments_answers_where_none_are_documented() -> None:
    text = LEFT + "ann <= gate:leave #1\n"
    assert [one.outcome for one in findings("payload-is-one-argument", text, TOLLGATE)] == [Outcome.PASS]
    assert [one.outcome for one in findings("request-has-its-effect", text, TOLLGATE)] == [Outcome.PASS]


def test_an_ack_without_arguments_answers_nothing_where_some_are_documented() -> None:
    text = (
        LEFT.replace("leave", "watch")
        + 'ann <= gate:watch #1\n@9 ann -> gate:leave {"gate": "r1"} #2\nann <= gate:leave #2\n'
    )
    found = findings("request-has-its-effect", text, TOLLGATE)
    assert [(one.subject, one.outcome) for one in found if one.subject == "gate:watch"] == [
        ("gate:watch", Outcome.FAIL)
    ]


def test_a_refusal_may_come_by_ack_and_by_the_error_event() -> None:
    who = EXAMPLE.events["who"]
    assert who.request is not None
    assert who.request.reply is not None
    refusing = replace(who.request.reply, refused=RefusedAck(at="/0/error"))
    changed = replace(who, request=replace(who.request, reply=refusing))
    bundle = replace(EXAMPLE, events={**EXAMPLE.events, "who": changed})
    text = (
        PAIR
        + """
ann -> who {} #1
ann <= who #1 {"error": "no room"}
ann <- problem {"code": "NO_ROOM"}
"""
    )
    found = answering(reading_of(text, bundle))
    assert dict(found.stray) == {}
    assert list(found.certain) == [4]
