"""A volatile event may be lost on the way: nobody who does not receive it is a failure; the same event otherwise is."""

from dataclasses import replace
from pathlib import Path

import pytest

from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.model.verdict import Outcome
from conformance.plan.order import ordered
from conformance.plan.requests import alive_cue
from conformance.plan.stimulus import Setting, signal
from conformance.rules import everyone_in_the_room_receives, request_has_its_effect
from contracts.load import load
from contracts.model import Bundle

BUNDLE = load(str(Path(__file__).parents[2] / "cases" / "buoy_volatile" / "contracts"))
ABOARD = "ann opened a1\nbob opened b1\nann in r1\nbob in r1\n"
DRIFTED = 'ann -> drift {"bay": "r1", "x": 2.5}\n'
HEARD = 'ann <- drifted {"bay": "r1", "x": 2.5}\n'
FENCE = """
@9.0 ann -> watch {"bay": "r2"} #7
ann <= watch #7 {"bay": "r2"}
ann -> watch {"bay": "r2"} #8
ann <= watch #8 {"bay": "r2"}
bob -> watch {"bay": "r2"} #9
bob <= watch #9 {"bay": "r2"}
"""


def lasting() -> Bundle:
    """The same contracts, as if nothing were volatile."""
    event = BUNDLE.events["drifted"]
    assert event.broadcast is not None
    made = replace(event, broadcast=replace(event.broadcast, volatile=False))
    return replace(BUNDLE, events={**BUNDLE.events, "drifted": made})


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (everyone_in_the_room_receives, DRIFTED + HEARD),
        (request_has_its_effect, DRIFTED),
        (request_has_its_effect, DRIFTED + 'ann <- refused {"why": "of an earlier one"}\n'),
    ],
)
def test_what_is_lost_is_a_failure_only_where_it_is_not_volatile(rule: object, text: str) -> None:
    def outcomes(bundle: Bundle) -> set[Outcome]:
        found = rule.judge(read(bundle, script(bundle, ABOARD + text + FENCE)))  # type: ignore[attr-defined]
        return {finding.outcome for finding in found if finding.subject in ("drifted", "drift")}

    assert outcomes(lasting()) == {Outcome.FAIL}
    assert outcomes(BUNDLE) == {Outcome.INCONCLUSIVE}


def test_nothing_volatile_is_a_proof_of_anything() -> None:
    setting = Setting(bundle=BUNDLE, nonce="n")
    made = [signal(setting, "r1", "ann", "m"), alive_cue(setting, "r1", "ann")]
    assert [one.event for one in made if one] == ["logged", "logged"]
    assert [one.event for one in ordered(BUNDLE)] == ["logged"]
