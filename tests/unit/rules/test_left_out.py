"""What rules leave out of what they judge, where another case stands beside it."""

import msgspec

from conformance.analysis.bad_input import forbidden_entries
from conformance.analysis.queries import LATER, PAIR, TRIO
from conformance.model.transcript import GOODBYE_UNANSWERED, Opened
from conformance.model.verdict import Outcome
from conformance.rules.request_has_its_effect import PROBE
from contracts.load import load
from contracts.model import Bundle
from tests.unit.analysis.test_named_receivers import CAST, REFUSED, START, party  # noqa: F401
from tests.unit.scripts import findings, messages, outcomes, reading_of, transcript_of, without_requests

ISOLATED, EFFECT = "rooms-are-isolated", "request-has-its-effect"
MORE, RED = load("example-more"), '{"room": "r1", "pen": "red"}'
NOTE = '{"id": "n1", "room": "r1", "text": "hello", "at": 1}'
ADDED = f'http add-note {{"room": "r1"}} {{"text": "hello"}} => 201 {{}}\nbob <- note:added {NOTE}\n'


def test_a_socket_of_another_namespace_is_judged_once_be_it_in_a_room_there() -> None:
    text = TRIO + "eve opened e1\neve in r2\n" + ADDED
    entries = tuple(
        msgspec.structs.replace(one, namespace="/other") if isinstance(one, Opened) and one.actor == "eve" else one
        for one in transcript_of(text).entries
    )
    judged = outcomes(ISOLATED, "", entries=entries, rooms=("r1", "r2"))
    assert judged == ["inconclusive", "inconclusive"]  # Of eve, and of the member of the other room: nothing fences it.


def test_who_is_named_by_another_request_excuses_no_refusal(party: Bundle) -> None:  # noqa: F811
    said = 'ann -> say {"party": "r1", "text": "c1"} #2\nann <= say #2 {"ok": false}\n'
    assert outcomes(EFFECT, START + said, party).count("fail") == 1
    assert outcomes(EFFECT, START + CAST % "c1" + REFUSED + said, party).count("fail") == 1


def test_what_may_have_to_name_somebody_or_be_the_hosts_is_refused_rightly(party: Bundle) -> None:  # noqa: F811
    def said(text: str) -> str:
        return f'ann -> say {{"party": "r1", "text": "{text}"}} #2\nann <= say #2 {{"ok": false}}\n'

    def came(actor: str, number: int) -> str:
        joined = f'{actor} -> join {{"party": "r1"}} #{number}\n{actor} <= join #{number} {{"ok": true}}\n'
        return f"{actor} opened {actor[0]}1 token=own\n{joined}{actor} in r1 ack\n"

    first, second = came("ann", 11) + came("bob", 12), came("bob", 12) + came("ann", 11)
    opened, asked, *entered = came("ann", 11).splitlines(keepends=True)
    at_once = opened + asked + came("bob", 12) + "".join(entered)
    assert outcomes(EFFECT, first + said("b1"), party).count("fail") == 1
    assert "fail" not in outcomes(EFFECT, first + said("hello"), party)
    assert "fail" not in outcomes(EFFECT, second + said("b1"), party)
    assert "fail" not in outcomes(EFFECT, at_once + said("b1"), party)
    elsewhere = opened + "ann in r9 ack\n" + came("bob", 12) + asked + "".join(entered)
    assert "fail" not in outcomes(EFFECT, elsewhere + said("b1"), party)
    by_another = 'bob -> say {"party": "r1", "text": "a1"} #3\nbob <= say #3 {"ok": true}\n'
    assert "fail" not in outcomes(EFFECT, first + by_another + said("hello"), party)
    nothing_said = 'ann -> say {"party": "r1"} #4\nann <= say #4 {"ok": false}\n'
    assert outcomes(EFFECT, first + nothing_said + said("b1"), party).count("fail") == 1


def test_whether_a_socket_became_a_member_cannot_be_seen_without_a_roster() -> None:
    digits = "123456789012345001"
    joins = f'ann opened a1\nann -> room:enter {{"room": "{digits}"}} #1\nann in {digits} assumed\n'
    nobody = f'http add-note {{"room": "{digits}"}} {{"text": "x"}} => 201 {{}}\n'
    heard = "bob opened b1\nbob in r1\n" + ADDED
    told = messages(EFFECT, joins + nobody + heard)
    assert [one for one in told if "no room with ids such as" in one]
    told = messages(EFFECT, joins + nobody + heard, without_requests("who"))
    assert "whether the socket became a member could not be seen" in told


def test_junk_is_known_among_other_values() -> None:
    text = PAIR + 'ann -> pen:take ["junk"]\nbob <- anything {"room": "r1", "x": ["junk"]}\n'
    assert outcomes("junk-reaches-nobody", text) == ["fail"]
    assert "fail" not in outcomes("junk-reaches-nobody", text.replace('"x": ["junk"]', '"x": ["other"]'))


def test_after_an_end_that_was_not_read_the_next_is_judged() -> None:
    text = PAIR + "eve opened e1\neve in r1\n"
    ends = f"@1 bob closed us {GOODBYE_UNANSWERED}\nbob out r1 assumed\n@2 eve closed us\neve out r1 assumed\n"
    listed = '{"room": "r1", "sockets": [{"socket": "e1", "user": "ue"}], "count": 1}'
    asked = f'@9 ann -> who {{"room": "r1"}} #8\nann <= who #8 {listed}\n'
    assert outcomes("disconnected-socket-is-gone", text + ends + asked) == ["inconclusive", "fail"]


def test_what_a_client_forged_need_not_ask_for_an_answer() -> None:
    forged = '{"room": "r1", "pen": "forged0123456789"}'
    text = PAIR + f"ann -> pen:taken {forged}\n"
    assert outcomes("event-asks-for-its-answer", text + f"bob <- pen:taken {forged}\n", MORE) == []
    assert outcomes("event-asks-for-its-answer", text + f"bob <- pen:taken {RED}\n", MORE) == ["fail"]


def test_a_bad_request_whose_ack_refuses_nothing_is_owed_an_error_be_it_asked_for_an_ack_or_not() -> None:
    for asked in ("", " #1"):
        assert outcomes("bad-request-gets-an-error", PAIR + f"ann -> who {{}}{asked}\n" + LATER) == ["fail"]


def test_another_name_is_looked_for_among_all_that_were_tried() -> None:
    tried = f"ann -> pen:take {RED}\nann -> pen:grab {RED}\nbob <- pen:taken {RED}\n"
    (found,) = [one for one in findings(EFFECT, PAIR + tried, act=f"{PROBE}pen:take") if one.outcome is Outcome.FAIL]
    assert found.hint == "the service uses the name 'pen:grab'"


def test_equal_causes_are_told_apart_only_where_the_user_of_each_is_known() -> None:
    moved = 'ann -> cursor:move {"room": "r1", "x": 1}\n%s -> cursor:move {"room": "r1", "x": 1}\n'
    unknown = reading_of(PAIR + "eve opened e1\neve in r1\n" + moved % "eve")
    assert [unknown.is_distinct(one) for one in unknown.provocations] == [False, False]
    known = reading_of(PAIR + moved % "bob")
    assert [known.is_distinct(one) for one in known.provocations] == [True, True]


def test_a_call_that_contracts_allow_is_no_bad_input() -> None:
    assert list(forbidden_entries(reading_of(PAIR + ADDED))) == []
