"""Rosters that tell no user, and rosters that name members by what is no text."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.judge.rule import rules
from conformance.model.payload import roster_of
from conformance.model.verdict import Finding, Outcome
from contracts.load import load
from contracts.model import Bundle
from contracts.replies import Roster

EXAMPLE = load("example")
ROSTER = Roster(members="/sockets", socket="/socket", user="/user", count="/count")
ASKED = """
ann opened a1 user=ua token=own
bob opened b1 user=ub token=own
ann in r1
bob in r1
ann -> who {"room": "r1"} #1
ann <= who #1 {"room": "r1", "sockets": LISTED, "count": 2}
ann -> cursor:move {"room": "r1", "x": 1}
bob <- cursor:moved {"room": "r1", "x": 1, "user": SENDER}
"""


def without_users() -> Bundle:
    """The example's contracts with a roster that tells no users."""
    event = EXAMPLE.events["who"]
    assert event.request is not None
    assert event.request.reply is not None
    reply = replace(event.request.reply, roster=replace(ROSTER, user=None))
    told = replace(event, request=replace(event.request, reply=reply))
    return replace(EXAMPLE, events=MappingProxyType({**EXAMPLE.events, "who": told}))


def found(bundle: Bundle, listed: str, sender: str = '"ua"') -> dict[str, list[Finding]]:
    """What each rule finds in a transcript with that roster."""
    text = ASKED.replace("LISTED", listed).replace("SENDER", sender)
    reading = read(bundle, script(bundle, text))
    return {rule.id: list(rule.judge(reading)) for rule in rules()}


def test_a_roster_without_users_is_judged_by_its_sockets() -> None:
    honest = found(without_users(), '[{"socket": "a1"}, {"socket": "b1"}]')["roster-is-true"]
    assert [finding.outcome for finding in honest] == [Outcome.PASS]
    wrong = found(without_users(), '[{"socket": "a1"}, {"socket": "x1"}]')["roster-is-true"]
    assert [finding.expected for finding in wrong] == ["bob, a member, listed once"]


@pytest.mark.parametrize("odd", [{"id": "ua"}, ["ua"], 7, True, 1.5])
def test_a_user_that_is_no_text_is_another_user_and_breaks_no_rule(odd: Any) -> None:
    listed = f'[{{"socket": "a1", "user": {str(odd).lower().replace(chr(39), chr(34))}}}, {{"socket": "b1"}}]'
    findings = found(EXAMPLE, listed)["roster-is-true"]
    assert [(finding.outcome, finding.expected) for finding in findings] == [(Outcome.FAIL, "ann as the user 'ua'")]


@pytest.mark.parametrize("odd", ['{"id": "a1"}', '["a1"]', "7", "null"])
def test_a_socket_that_is_no_text_is_no_socket_of_ours_and_breaks_no_rule(odd: str) -> None:
    findings = found(EXAMPLE, f'[{{"socket": {odd}}}, {{"socket": "b1", "user": "ub"}}]')["roster-is-true"]
    assert [finding.expected for finding in findings] == ["ann, a member, listed once"]


def test_users_that_are_numbers_are_the_same_in_the_roster_and_in_a_broadcast() -> None:
    listed = '[{"socket": "a1", "user": 7}, {"socket": "b1", "user": 8}]'
    text = ASKED.replace(" user=ua token=own", "").replace(" user=ub token=own", "")
    for sender, expected in (("7", Outcome.PASS), ("8", Outcome.FAIL), ('{"id": 7}', Outcome.FAIL)):
        played = script(EXAMPLE, text.replace("LISTED", listed).replace("SENDER", sender))
        rule = next(rule for rule in rules() if rule.id == "sender-is-named-truly")
        assert [finding.outcome for finding in rule.judge(read(EXAMPLE, played))] == [expected]


def test_a_reply_without_a_list_of_members_lists_nobody() -> None:
    assert [roster_of(ROSTER, reply) for reply in (None, [], "x", {"sockets": {}}, {"sockets": None})] == [[]] * 5
    assert roster_of(ROSTER, {"sockets": [None, 3, {"socket": "a1"}]}) == [(None, None), (None, None), ("a1", None)]
