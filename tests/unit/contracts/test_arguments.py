"""Arguments of events: how payloads stand for them, and what contracts about them cannot say."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from conformance.analysis.reading import Reading, read
from conformance.analysis.script import script
from conformance.model.act import Emit
from conformance.model.verdict import Outcome
from conformance.model.wire import emitted
from conformance.plan.payloads import valid_payload
from conformance.plan.stimulus import Setting, cue
from conformance.rules import (
    payload_is_one_argument,
    payload_keeps_its_schema,
    rooms_are_isolated,
    values_come_out_as_they_went_in,
)
from contracts.faults import ContractError
from contracts.form import Form
from contracts.load import load
from contracts.show import detail
from tests.running import ROOT

FERRY = ROOT / "tests/cases/ferry_arguments/contracts"
BUNDLE = load(str(FERRY))
FLAG = {"title": "flag", "type": "string"}
PLACE = {"type": "object", "properties": {"deck": {"type": "string"}, "mast": {"type": "number"}}}
SIGNAL = Form(schemas=(FLAG, PLACE), room_at="/1/deck", key="deck")
ABOARD = """
ann opened a1
bob opened b1
oda opened o1
ann -> board "RC-1" #1
ann <= board #1 {"deck": "RC-1"}
ann in RC-1 ack
bob -> board "RC-1" #2
bob <= board #2 {"deck": "RC-1"}
bob in RC-1 ack
oda -> board "RC-2" #3
oda <= board #3 {"deck": "RC-2"}
oda in RC-2 ack
"""
FENCE = """
oda -> board "RC-2" #9
oda <= board #9 {"deck": "RC-2"}
"""


def reading(text: str) -> Reading:
    return read(BUNDLE, script(BUNDLE, ABOARD + text + FENCE))


def failures(rule: Any, text: str) -> list[str]:
    return [one.message for one in rule.judge(reading(text)) if one.outcome is Outcome.FAIL]


@pytest.mark.parametrize(
    ("form", "args", "payload"),
    [
        (
            SIGNAL,
            ("red", {"deck": "d", "mast": 2}),
            {"flag": "red", "1": {"deck": "d", "mast": 2}, "deck": "d", "mast": 2},
        ),
        (Form(schemas=(FLAG,), room_at=None, key="deck"), ("red",), {"flag": "red"}),
        (Form(schemas=({"type": "string"},), room_at="/0", key="deck"), ("d",), {"0": "d", "deck": "d"}),
        (Form(schemas=(), room_at="remembered", key="deck"), (), {}),
        (Form(schemas=(PLACE,), room_at="remembered", key="deck"), ({"mast": 2},), {"mast": 2}),
    ],
)
def test_arguments_and_payloads_stand_for_each_other(
    form: Form, args: tuple[Any, ...], payload: dict[str, Any]
) -> None:
    assert form.fields(args) == payload
    assert form.fields(args).args == args
    assert form.args(dict(payload)) == args


def test_a_payload_moved_to_another_room_has_it_where_the_contract_says() -> None:
    payload = {**SIGNAL.fields(("red", {"deck": "d", "mast": 2})), "deck": "other"}
    assert SIGNAL.args(payload) == ("red", {"deck": "other", "mast": 2})


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("board", ("RC-9",)),
        ("disembark", ()),
        ("call-out", ({"words": "one"},)),
        ("signal", ("one", {"deck": "RC-9", "mast": 1})),
    ],
)
def test_no_check_sends_what_its_own_contract_forbids(name: str, args: tuple[Any, ...]) -> None:
    request = BUNDLE.request(name)
    assert request is not None
    payload = valid_payload(BUNDLE, request, "RC-9")
    assert emitted(request, (payload,)) == args
    assert request.payload.is_valid(payload)


def test_what_names_no_room_has_its_id_in_a_text() -> None:
    broadcast = BUNDLE.broadcast("called-out")
    assert broadcast is not None
    one = cue(Setting(bundle=BUNDLE, nonce="n"), broadcast, "RC-9", "ann", "m1")
    assert one is not None
    assert isinstance(one.step, Emit)
    assert emitted(BUNDLE.request("call-out"), one.step.args) == ({"words": "one RC-9 m1"},)


CALLED = 'ann -> call-out {"words": "x RC-1"}\nann <- called-out "x RC-1" true\n'


def test_a_remembered_room_is_that_of_the_senders_last_join() -> None:
    text = 'ann -> board "RC-2" #4\nann <= board #4 {"deck": "RC-2"}\nann in RC-2 ack\nann -> call-out {"words": "y"}\n'
    rooms = [one.room for one in reading('ann -> call-out {"words": "x"}\n' + text).provocations]
    assert rooms == ["RC-1", "RC-2"]


def test_a_socket_that_remembers_another_room_may_be_out_of_the_first() -> None:
    moved = reading('bob -> board "RC-2" #4\nbob <= board #4 {"deck": "RC-2"}\nbob in RC-2 ack\n')
    at_s = moved.transcript.ended_s
    assert [moved.inside("bob", room, at_s) for room in ("RC-1", "RC-2")] == ["unsure", "yes"]


def test_a_broadcast_that_names_no_room_is_found_where_it_leaks() -> None:
    text = CALLED + 'bob <- called-out "x RC-1" true\n'
    assert failures(rooms_are_isolated, text) == []
    assert failures(rooms_are_isolated, text + 'oda <- called-out "x RC-1" true\n') == [
        "expected nothing of the room 'RC-1' at oda, got its called-out"
    ]


def test_the_number_of_arguments_is_told_by_one_rule_alone() -> None:
    short = CALLED + 'bob <- called-out "x RC-1"\n'
    assert failures(payload_is_one_argument, short) == ["expected 2 arguments, got 1 argument"]
    assert failures(payload_keeps_its_schema, short) == []
    assert failures(payload_is_one_argument, CALLED) == []


def test_each_argument_keeps_its_schema() -> None:
    assert failures(payload_keeps_its_schema, CALLED) == []
    assert failures(payload_keeps_its_schema, 'bob <- called-out "x RC-1" "true"\n') == [
        'expected type boolean at `argument 2`, got "true"'
    ]


def test_a_value_inside_an_argument_comes_out_as_it_went_in() -> None:
    sent = 'ann -> signal "red" {"deck": "RC-1", "mast": 2}\n'
    assert failures(values_come_out_as_they_went_in, sent + 'bob <- signalled "red" "RC-1" {"mast": 2}\n') == []
    assert failures(values_come_out_as_they_went_in, sent + 'bob <- signalled "red" "RC-1" {"mast": 3}\n') == [
        "expected `mast` 2, got 3"
    ]


@pytest.mark.parametrize(
    ("name", "changed", "message"),
    [
        ("board", {"room": None}, "its payload can have no field `deck`, by which it would name its room"),
        ("call-out", {"room": None}, "its payload can have no field `deck`, by which it would name its room"),
        ("board", {"room": "remembered"}, "a request that enters a room has to name it"),
        ("board", {"args": []}, "client_to_server: give either `payload`, the one argument, or `args`"),
        ("board", {"payload": None}, "client_to_server: give either `payload`, the one argument, or `args`"),
        ("board", {"rooms": "/0"}, "unknown key `rooms`; did you mean `room`?"),
        ("signal", {"args": [FLAG, FLAG]}, "two arguments have the same `title`"),
    ],
)
def test_what_a_contract_cannot_say_is_refused(
    name: str, changed: dict[str, Any], message: str, tmp_path: Path
) -> None:
    folder = tmp_path / "contracts"
    shutil.copytree(FERRY, folder)
    path = folder / "events" / f"{name}.json"
    document = json.loads(path.read_text())
    part = {**document["client_to_server"], **changed}
    document["client_to_server"] = {key: value for key, value in part.items() if value is not None}
    if changed.get("args") == [FLAG, FLAG]:
        document["client_to_server"]["examples"] = {
            "valid": [["a", "b"]] * 3,
            "invalid": [{"payload": [], "keyword": "minItems"}] * 5,
        }
    path.write_text(json.dumps(document))
    with pytest.raises(ContractError) as caught:
        load(str(folder))
    assert message in str(caught.value)
    assert f"{name}.json:" in str(caught.value)


def test_contracts_show_tells_arguments_and_where_the_room_is() -> None:
    shown = detail(BUNDLE, "signal") or ""
    assert "room: /1/deck" in shown
    assert "payload, argument 2 of 2:" in shown
    assert "room: the one that the socket remembers" in (detail(BUNDLE, "disembark") or "")
