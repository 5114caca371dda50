"""Receivers among which are all sockets of the user who sends, and what several audiences of one event are told."""

import pytest

from contracts.load import load
from loadtests.dialects.reach import reach_of
from tests.running import ROOT
from tests.unit.scripts import outcomes

COURIERS = load(str(ROOT / "tests/cases/couriers_own_tabs/contracts"))
EVERYONE, ISOLATED, SENDER = "everyone-in-the-room-receives", "rooms-are-isolated", "sender-hears-as-documented"
START = """
ann opened a1 user=ua token=own
amy opened a2 user=ua token=own
bob opened b1 user=ub token=own
oda opened o1 user=uo token=own
ann -> note {"to": "ub", "text": "one"} #1
"""
ONE = '{"from": "ua", "to": "ub", "text": "one"}'


def told(*actors: str, payload: str = ONE) -> str:
    return "".join(f"{actor} <- note {payload}\n" for actor in actors)


def later(*actors: str) -> str:
    """Notes to themselves, long after."""
    text = ""
    for number, actor in enumerate(actors):
        user = {"ann": "ua", "amy": "ua", "bob": "ub", "oda": "uo"}[actor]
        heard = ("ann", "amy") if user == "ua" else (actor,)
        text += f'@{9 + number} {actor} -> note {{"to": "{user}", "text": "last {actor}"}} #{number + 5}\n'
        text += f'{actor} <= note #{number + 5} {{"sent": true}}\n'
        text += told(*heard, payload=f'{{"from": "{user}", "to": "{user}", "text": "last {actor}"}}')
    return text


@pytest.mark.parametrize(
    ("heard", "rule", "accused"),
    [
        (("ann", "amy", "bob"), EVERYONE, False),
        (("ann", "amy", "bob"), ISOLATED, False),
        (("ann", "amy", "bob"), SENDER, False),
        (("ann", "bob"), EVERYONE, True),
        (("amy", "bob"), SENDER, True),
        (("ann", "amy", "bob", "oda"), ISOLATED, True),
    ],
)
def test_the_senders_own_sockets_are_among_the_receivers(heard: tuple[str, ...], rule: str, accused: bool) -> None:
    found = outcomes(rule, START + told(*heard) + later("ann", "amy", "oda"), COURIERS)
    assert ("fail" in found) is accused
    assert found


def test_what_others_were_sent_is_no_changed_delivery_of_what_is_missing() -> None:
    text = START + told("bob") + later("ann", "amy", "oda")
    assert "fail" not in outcomes("values-come-out-as-they-went-in", text, COURIERS)
    assert "fail" in outcomes(EVERYONE, text, COURIERS)


def test_what_came_changed_is_told_where_nobody_else_was_sent_it() -> None:
    text = START + told("ann", "amy") + told("bob", payload=ONE.replace("one", "two")) + later("ann", "oda")
    assert "fail" in outcomes("values-come-out-as-they-went-in", text, COURIERS)


def test_a_load_says_why_it_does_not_publish_such_an_event() -> None:
    request, broadcast = COURIERS.request("note"), COURIERS.broadcast("note")
    assert request is not None
    assert broadcast is not None
    assert reach_of(COURIERS, request, broadcast) == "its sender's other sockets receive its broadcast, too"
