"""The act about broadcasts that are sent until they are acked."""

from conformance.model.act import Emit, Insist
from conformance.plan.at_least_once import MANY, TRIES, acked
from conformance.plan.stimulus import Setting
from contracts.load import load
from tests.running import ROOT

LIGHTHOUSE = load(str(ROOT / "tests/cases/lighthouse_acks/contracts"))


def test_who_acked_it_asks_on_and_hears_whether_it_comes_again() -> None:
    act = acked(Setting(bundle=LIGHTHOUSE, nonce="n"))
    assert act is not None
    (again,) = (step for step in act.steps if isinstance(step, Insist))
    assert again.actor == "bob"
    assert [one.event for one in again.tries if isinstance(one, Emit)] == ["lamp:watch"] * TRIES
    assert {(one.actors, one.event) for one in again.heard} == {(("bob",), "horn:sounded")}
    assert again.count == MANY


def test_there_is_none_where_nothing_is_sent_again() -> None:
    assert acked(Setting(bundle=load("example"), nonce="n")) is None


def test_there_is_none_where_nothing_is_answered() -> None:
    assert acked(Setting(bundle=load(str(ROOT / "tests/cases/buoy_volatile/contracts")), nonce="n")) is None
