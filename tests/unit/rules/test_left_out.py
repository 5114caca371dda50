"""What rules leave out of what they judge, where another case stands beside it."""

import msgspec

from conformance.analysis.queries import TRIO
from conformance.model.transcript import Opened
from contracts.model import Bundle
from tests.unit.analysis.test_named_receivers import CAST, REFUSED, START, party  # noqa: F401
from tests.unit.scripts import messages, outcomes, transcript_of, without_requests

ISOLATED, EFFECT = "rooms-are-isolated", "request-has-its-effect"
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
    said = 'ann -> say {"party": "r1", "text": "hello"} #2\nann <= say #2 {"ok": false}\n'
    assert outcomes(EFFECT, START + said, party).count("fail") == 1
    assert outcomes(EFFECT, START + CAST % "c1" + REFUSED + said, party).count("fail") == 1


def test_whether_a_socket_became_a_member_cannot_be_seen_without_a_roster() -> None:
    digits = "123456789012345001"
    joins = f'ann opened a1\nann -> room:enter {{"room": "{digits}"}} #1\nann in {digits} assumed\n'
    nobody = f'http add-note {{"room": "{digits}"}} {{"text": "x"}} => 201 {{}}\n'
    heard = "bob opened b1\nbob in r1\n" + ADDED
    told = messages(EFFECT, joins + nobody + heard)
    assert [one for one in told if "no room with ids such as" in one]
    told = messages(EFFECT, joins + nobody + heard, without_requests("who"))
    assert "whether the socket became a member could not be seen" in told
