"""Questions to a service: what is asked, and what is asked last."""

import dataclasses

from conformance.model.act import Await, Emit
from conformance.plan.questions import asked_last, asking, question
from conformance.plan.stimulus import Setting
from contracts.load import load
from contracts.model import Bundle

EXAMPLE = load("example")


def without_replies(bundle: Bundle) -> Bundle:
    """The contracts, with no request that is answered."""
    events = {
        name: dataclasses.replace(event, request=event.request and dataclasses.replace(event.request, reply=None))
        for name, event in bundle.events.items()
    }
    return dataclasses.replace(bundle, events=events)


def test_the_roster_is_asked_for_before_other_questions() -> None:
    bundle = load("sos")
    assert question(bundle) is bundle.roster_request()


def test_a_question_waits_for_each_way_in_which_it_is_answered() -> None:
    request = question(EXAMPLE)
    assert request is not None
    emit = asking(EXAMPLE, request, "r1", "ann")
    assert (emit.actor, emit.event, emit.ack) == ("ann", "who", True)
    assert emit.args[0]["room"] == "r1"


def test_contracts_without_answers_have_no_question() -> None:
    assert question(without_replies(EXAMPLE)) is None


def test_a_broadcast_stands_in_for_a_question() -> None:
    setting = Setting(bundle=without_replies(EXAMPLE), nonce="n")
    sent, heard = asked_last(setting, "r1", "ann", sender="ann", mark="m")
    assert sent is not None
    assert isinstance(heard, Await)
    assert asked_last(setting, "r1", "ann", sender=None, mark="m") == []


def test_a_question_is_asked_where_there_is_one() -> None:
    (asked,) = asked_last(Setting(bundle=EXAMPLE, nonce="n"), "r1", "ann", sender=None, mark="m")
    assert isinstance(asked, Emit)
    assert asked.event == "who"
