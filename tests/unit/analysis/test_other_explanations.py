"""What is heard has another explanation: services whose joins, refusals and presence leave room for one."""

import pytest

from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.judge.rule import rules
from conformance.model.verdict import Finding, Outcome
from contracts.load import load
from contracts.model import Bundle

EXAMPLE = load("example")
EFFECT, SEVERAL = "bad-request-has-no-effect", "several-rooms-on-one-socket"

OPENED = "ann opened a1\nbob opened b1\nbob in r1\n"
ADDED = '{"id": "n1", "room": "r1", "text": "hello", "at": 1}'
HEARD = f"""
@2.0 http add-note {{"room": "r1"}} {{"text": "hello"}} => 201 {{}}
@2.1 bob <- note:added {ADDED}
@2.2 ann <- note:added {ADDED}
"""


def findings(rule: str, text: str, bundle: Bundle = EXAMPLE) -> list[Finding]:
    judge = next(one.judge for one in rules() if one.id == rule)
    return list(judge(read(bundle, script(bundle, text))))


def failed(rule: str, text: str) -> list[Finding]:
    return [one for one in findings(rule, text) if one.outcome is Outcome.FAIL]


@pytest.mark.parametrize("bad", ["null", '{"room": ""}', '["r1"]'], ids=["no payload", "an empty id", "no object"])
@pytest.mark.parametrize("first", ["bad", "good"])
def test_what_a_valid_join_explains_is_no_effect_of_a_bad_one(bad: str, first: str) -> None:
    """The joins are confirmed by nothing but what is heard: there is no roster, and no answer."""
    good, wrong = 'ann -> room:enter {"room": "r1"}', f"ann -> room:enter {bad}"
    both = (wrong, good) if first == "bad" else (good, wrong)
    text = OPENED + f"@1.0 {both[0]}\n@1.1 {both[1]}\nann in r1 assumed\n" + HEARD
    assert failed(EFFECT, text) == []
    alone = OPENED + f"@1.0 {wrong}\n" + HEARD
    assert [one.subject for one in failed(EFFECT, alone)] == ["room:enter"]


def test_a_valid_join_after_what_was_heard_explains_nothing() -> None:
    text = OPENED + '@1.0 ann -> room:enter {"room": ""}\n' + HEARD + '@3.0 ann -> room:enter {"room": "r1"}\n'
    assert [one.subject for one in failed(EFFECT, text)] == ["room:enter"]


REFUSED = """
ann opened a1
bob opened b1
ann in r1
ann in r2
bob -> pen:take {"room": "r1", "pen": "red"}
bob <- problem {"code": "SLOW_DOWN"}
ann -> pen:take {"room": "r2", "pen": "blue"}
ann <- pen:taken {"room": "r2", "pen": "blue"}
@9.0 ann -> who {"room": "r1"} #8
ann <= who #8 {"room": "r1", "sockets": [], "count": 0}
ann -> who {"room": "r1"} #9
ann <= who #9 {"room": "r1", "sockets": [], "count": 0}
@9.5 bob -> who {"room": "r1"} #10
bob <= who #10 {"room": "r1", "sockets": [], "count": 0}
bob -> who {"room": "r1"} #11
bob <= who #11 {"room": "r1", "sockets": [], "count": 0}
"""


def test_a_request_that_the_service_refused_says_nothing_of_rooms() -> None:
    """As where it limits how much a socket may send."""
    assert failed(SEVERAL, REFUSED) == []
    told = [one for one in findings(SEVERAL, REFUSED) if one.outcome is Outcome.INCONCLUSIVE]
    assert "the service refused the request that causes it" in {one.message for one in told}
    ignored = REFUSED.replace('bob <- problem {"code": "SLOW_DOWN"}\n', "")
    assert [one.subject for one in failed(SEVERAL, ignored)] == ["several rooms on one socket"]


MOVED = '{"room": "r1", "x": 5}'
PRESENCE = f"""
ann opened a1
bob opened b1
cyd opened c1
ann in r1
bob in r1
cyd in r1
@1.0 ann -> cursor:move {MOVED}
@1.1 bob <- cursor:moved {MOVED}
@1.2 cyd <- cursor:moved {MOVED}
@1.5 bob -> cursor:move {MOVED}
@1.6 ann <- cursor:moved {MOVED}
@1.7 cyd <- cursor:moved {MOVED}
"""


def test_what_is_not_for_its_sender_is_not_paired_with_what_others_caused() -> None:
    """As with presence: broadcasts that carry nothing but the room are alike, whoever caused them."""
    reading = read(EXAMPLE, script(EXAMPLE, PRESENCE))
    own, others = reading.provocations
    assert (own.sender, others.sender) == ("ann", "bob")
    assert [reading.entries[index].at_s for index in reading.delivered(others, "ann")] == [1.6]
    assert not reading.delivered(own, "ann")


def test_what_its_sender_hears_as_well_is_still_its_own() -> None:
    """A service that sends to everybody gives the sender one more than is due."""
    text = PRESENCE.replace("@1.1 bob", f"@1.05 ann <- cursor:moved {MOVED}\n@1.1 bob")
    reading = read(EXAMPLE, script(EXAMPLE, text))
    own, others = reading.provocations
    assert [reading.entries[index].at_s for index in reading.delivered(own, "ann")] == [1.05]
    assert [reading.entries[index].at_s for index in reading.delivered(others, "ann")] == [1.6]
