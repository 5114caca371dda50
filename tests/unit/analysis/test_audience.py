"""Broadcasts to others than one room: who is owed them, and who must not receive them."""

import json
import shutil
from pathlib import Path

import pytest

from conformance.analysis.reading import Reading, read
from conformance.analysis.script import script
from conformance.model.verdict import Outcome
from conformance.rules import everyone_in_the_room_receives, rooms_are_isolated, sender_hears_as_documented
from contracts.faults import ContractError
from contracts.load import load

DEPOT = Path(__file__).parents[2] / "cases" / "depot_receivers" / "contracts"
BUNDLE = load(str(DEPOT))
CONNECTED = "ann opened a1\nbob opened b1\noda opened o1\noda in RC-1\n"
FENCES = """
ann -> line:ride {"line": "RC-2"} #7
ann <= line:ride #7 {"line": "RC-2"}
bob -> line:ride {"line": "RC-2"} #8
bob <= line:ride #8 {"line": "RC-2"}
oda -> line:ride {"line": "RC-2"} #9
oda <= line:ride #9 {"line": "RC-2"}
"""


def reading(text: str) -> Reading:
    return read(BUNDLE, script(BUNDLE, CONNECTED + text + FENCES))


def failures(rule: object, text: str) -> list[str]:
    found = rule.judge(reading(text))  # type: ignore[attr-defined]
    return [one.message for one in found if one.outcome is Outcome.FAIL]


ANNOUNCED = """
ann -> announce {"text": "x RC-1"}
ann <- announced {"text": "x RC-1"}
bob <- announced {"text": "x RC-1"}
"""


def test_everyone_who_is_connected_is_owed_it_in_a_room_or_not() -> None:
    assert failures(everyone_in_the_room_receives, ANNOUNCED + 'oda <- announced {"text": "x RC-1"}') == []
    assert failures(everyone_in_the_room_receives, ANNOUNCED) == [
        "expected announced to everyone connected, at oda, got nothing, while others received it"
    ]


def test_who_connects_later_is_owed_nothing() -> None:
    text = 'oda <- announced {"text": "x RC-1"}\neve opened e1\n'
    assert failures(everyone_in_the_room_receives, ANNOUNCED + text) == []


def test_everyone_but_the_sender_leaves_the_sender_out() -> None:
    rung = 'ann -> ring {"tune": "x RC-1"}\nbob <- rung {"tune": "x RC-1"}\noda <- rung {"tune": "x RC-1"}\n'
    assert failures(sender_hears_as_documented, rung) == []
    assert failures(everyone_in_the_room_receives, rung) == []
    assert failures(sender_hears_as_documented, rung + 'ann <- rung {"tune": "x RC-1"}') == [
        "expected nothing of everyone connected at ann, got its rung"
    ]


@pytest.mark.parametrize("tune", ["one", "one 584459568204834001"])
def test_what_may_be_of_another_act_is_not_judged(tune: str) -> None:
    rung = f'ann -> ring {{"tune": "{tune}"}}\nann <- rung {{"tune": "{tune}"}}\nbob <- rung {{"tune": "{tune}"}}\n'
    text = rung + 'oda -> line:ride {"line": "584459568204834001"}\noda in 584459568204834001\n'
    assert reading(text).provocations == ()


def test_another_acts_event_is_no_changed_one_of_this_act() -> None:
    text = 'ann -> ring {"tune": "x RC-1"}\nann <- rung {"tune": "one"}\nbob <- rung {"tune": "x RC-1"}\n'
    assert failures(sender_hears_as_documented, text) == []


def test_one_socket_alone_receives_what_is_addressed_to_it() -> None:
    paged = 'ann -> page {"to": "b1", "text": "x"}\nbob <- paged {"text": "x"}\n'
    assert failures(rooms_are_isolated, paged) == []
    for actor in ("ann", "oda"):
        assert failures(rooms_are_isolated, paged + f'{actor} <- paged {{"text": "x"}}\n') == [
            f"expected nothing of the socket 'b1' at {actor}, got its paged"
        ]


def test_who_sends_to_itself_receives_it() -> None:
    text = 'ann -> page {"to": "a1", "text": "x"}\nann <- paged {"text": "x"}\n'
    assert failures(rooms_are_isolated, text) == []


def test_of_several_receivers_each_is_owed_it() -> None:
    sent = 'ann -> reroute {"line": "RC-1", "driver": {"socket": "b1"}, "text": "x"}\n'
    got = '{"line": "RC-1", "text": "x"}'
    both = f"{sent}bob <- rerouted {got}\noda <- rerouted {got}\n"
    assert failures(everyone_in_the_room_receives, both) == []
    assert failures(everyone_in_the_room_receives, f"{sent}oda <- rerouted {got}\n") == [
        "expected rerouted to the room 'RC-1' and the socket 'b1', at bob, got nothing, while others received it"
    ]
    assert failures(rooms_are_isolated, f"{both}ann <- rerouted {got}\n") == [
        "expected nothing of the room 'RC-1' and the socket 'b1' at ann, got its rerouted"
    ]


def test_receivers_are_named_at_a_place_that_the_cause_has(tmp_path: Path) -> None:
    folder = tmp_path / "contracts"
    shutil.copytree(DEPOT, folder)
    path = folder / "events" / "paged.json"
    document = json.loads(path.read_text())
    document["server_to_client"]["receivers"] = {"socket": "/too"}
    path.write_text(json.dumps(document))
    with pytest.raises(ContractError, match=r"named at `/too` .* has no field `too`; did you mean `to`\?"):
        load(str(folder))
