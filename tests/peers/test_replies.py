"""Replies are held to the number of their arguments and to their schema, by whichever way they come."""

import asyncio
import dataclasses

import pytest

from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.engine.selftest import accused
from conformance.judge.rule import rules
from conformance.model.verdict import Outcome
from contracts.load import load
from contracts.schema import Schema

EXAMPLE = load("example")
WHO = EXAMPLE.request("who")
REPLY = WHO.reply
SUBJECT = "who (reply)"
ASKED = """
ann opened a1 user=ua
ann in r1
ann -> who {"room": "r1"} #1
"""
LIST = '{"room": "r1", "sockets": [], "count": 0}'


def told(rule_id: str, text: str) -> list[tuple[str, Outcome, str]]:
    """(subject, outcome, got) of what a rule finds in a script."""
    rule = next(rule for rule in rules() if rule.id == rule_id)
    return [(one.subject, one.outcome, one.got) for one in rule.judge(read(EXAMPLE, script(EXAMPLE, text)))]


@pytest.mark.parametrize("way", ["<= who #1", "<- who:list"], ids=["ack", "named event"])
def test_a_reply_of_two_arguments_fails_whichever_way_it_comes(way: str) -> None:
    text = f'{ASKED}ann {way} {LIST} "surplus"'
    assert told("payload-is-one-argument", text) == [(SUBJECT, Outcome.FAIL, "2 arguments")]
    # Its payload is right: only the number of arguments is told.
    assert [one[:2] for one in told("payload-keeps-its-schema", text)] == [(SUBJECT, Outcome.PASS)]


@pytest.mark.parametrize("way", ["<= who #1", "<- who:list"], ids=["ack", "named event"])
def test_a_reply_that_breaks_its_schema_fails_whichever_way_it_comes(way: str) -> None:
    text = ASKED + f'ann {way} {{"room": "r1", "sockets": []}}'
    assert told("payload-keeps-its-schema", text) == [(SUBJECT, Outcome.FAIL, '{"room": "r1", "sockets": []}')]
    assert [one[:2] for one in told("payload-is-one-argument", text)] == [(SUBJECT, Outcome.PASS)]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("ann <= who #1", id="an empty ack beside the named reply"),
        pytest.param('ann -> who {} #2\nann <= who #2 "BAD" {"code": "BAD"}', id="the ack of an invalid request"),
        pytest.param('ann -> pen:take {"room": "r1", "pen": "red"} #3\nann <= pen:take #3 1 2', id="not documented"),
        pytest.param('ann <= who #9 {} "more"', id="an ack of nothing that was asked"),
    ],
)
def test_acks_that_no_contract_speaks_of_are_not_judged(answer: str) -> None:
    for rule_id in ("payload-is-one-argument", "payload-keeps-its-schema"):
        assert told(rule_id, ASKED + answer) == []


def test_a_service_whose_acks_carry_a_second_argument_is_told_that_alone() -> None:
    assert asyncio.run(accused("acks-have-a-second-argument")).rules == ("payload-is-one-argument",)


def test_a_reply_without_an_argument_is_fine_where_the_payload_may_be_null() -> None:
    anything = dataclasses.replace(REPLY, payload=Schema({}))
    for reply, outcome in ((anything, Outcome.PASS), (REPLY, Outcome.FAIL)):
        asked = dataclasses.replace(EXAMPLE.events["who"], request=dataclasses.replace(WHO, reply=reply))
        bundle = dataclasses.replace(EXAMPLE, events={**EXAMPLE.events, "who": asked})
        rule = next(rule for rule in rules() if rule.id == "payload-is-one-argument")
        found = list(rule.judge(read(bundle, script(bundle, ASKED + "ann <- who:list"))))
        assert [one.outcome for one in found] == [outcome]


@pytest.mark.parametrize(("status", "outcomes"), [(400, []), (500, [Outcome.FAIL]), (200, [Outcome.PASS])])
def test_a_query_that_breaks_its_schema_may_be_refused_but_not_fail(status: int, outcomes: list[Outcome]) -> None:
    answer = '{"notes": [], "total": 0}' if status == 200 else '{"problem": "limit"}'
    text = f'http list-notes {{"room": "r1"}} ?{{"skip": 0, "limit": "many"}} => {status} {answer}'
    assert [one[1] for one in told("calls-answer-as-documented", text)] == outcomes
    good = [Outcome.PASS] if status == 200 else [Outcome.FAIL]
    assert [one[1] for one in told("calls-answer-as-documented", text.replace('"many"', "50"))] == good
