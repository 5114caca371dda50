"""Valid payloads at the edges of schemas, and what is said of a service that answers one with an error."""

from dataclasses import replace
from typing import Any

import pytest

from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.judge.rule import rules
from conformance.model.act import Act, Connect, Emit, Enter, InOrder, Request, Step, Together
from conformance.model.verdict import Finding, Outcome
from conformance.plan.bounds import LONGEST, edges_of
from conformance.plan.edges import edges
from conformance.plan.stimulus import Setting
from contracts.load import load
from contracts.model import Bundle
from contracts.parts import parts_of
from contracts.schema import Schema

EXAMPLE = load("example")
RULE = next(rule for rule in rules() if rule.id == "good-request-gets-no-error")


def labels(properties: dict[str, Any], plain: Any, *examples: Any, required: tuple[str, ...] = ()) -> list[Any]:
    """The payloads at the edges of a schema, without the key of the room."""
    schema = Schema({"type": "object", "required": ["room", *required], "properties": {"room": {}, **properties}})
    found = edges_of(schema, {"room": "r", **plain}, tuple({"room": "r", **one} for one in examples), "room")
    assert all(edge.payload["room"] == "r" for edge in found)
    return [{name: value for name, value in edge.payload.items() if name != "room"} for edge in found]


@pytest.mark.parametrize(
    ("shape", "plain", "values"),
    [
        ({"type": "number", "minimum": -90, "maximum": 90}, 12.5, [-90, 90, 0]),
        ({"type": "number", "minimum": 0}, 12.5, [0]),
        ({"type": "number"}, 12.5, [0]),
        ({"type": "number", "minimum": 5}, 12.5, [5]),
        ({"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 2}, 1.5, [1 + 1e-6, 2 - 1e-6]),
        ({"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 9}, 5, [2, 8]),
        ({"type": "integer", "minimum": 1, "maximum": 9, "multipleOf": 4}, 4, []),
        ({"type": "string", "minLength": 2, "maxLength": 4}, "abc", ["mm", "mmmm"]),
        ({"type": "string"}, "abc", []),
        ({"type": "string", "minLength": 0}, "abc", [""]),
        ({"type": "string", "maxLength": LONGEST + 1}, "abc", []),
        ({"type": "string", "minLength": 3, "pattern": "^[a-c]+$"}, "abc", []),
        ({"type": "string", "minLength": 3, "format": "date"}, "2026-01-01", []),
        ({"enum": ["a", "b", None, 1]}, "a", ["b", None, 1]),
        ({"type": "boolean"}, True, [False]),
        ({"type": ["string", "null"]}, "abc", [None]),
        (
            {"type": "array", "items": {"enum": ["a"]}, "minItems": 1, "maxItems": 3},
            ["a", "a"],
            [["a"], ["a", "a", "a"]],
        ),
        ({"const": "a"}, "a", []),
    ],
)
def test_a_field_is_varied_to_its_edges(shape: dict[str, Any], plain: Any, values: list[Any]) -> None:
    assert labels({"x": shape}, {"x": plain}, required=("x",)) == [{"x": value} for value in values]


def test_one_edge_at_a_time_also_in_objects_and_optional_fields_left_out_and_all_given() -> None:
    inner = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer", "minimum": 1, "maximum": 3}}}
    properties = {"o": inner, "a": {"type": "string"}, "b": {"type": "string"}}
    assert labels(properties, {"o": {"n": 2}, "a": "x"}, {"o": {"n": 2}, "b": "y"}, required=("o",)) == [
        {"o": {"n": 1}, "a": "x"},
        {"o": {"n": 3}, "a": "x"},
        {"o": {"n": 2}},
        {"o": {"n": 2}, "a": "x", "b": "y"},
        {"o": {"n": 2}, "b": "y"},
    ]


def test_a_field_that_may_be_null_as_well_is_given_like_any_other() -> None:
    nullable = {"type": ["null", "string"], "maxLength": 3}
    listed = {"type": "array", "items": {"type": ["string", "null"]}, "minItems": 1}
    assert labels({"a": {"type": "string"}, "n": nullable, "l": listed}, {"a": "x"}, required=("a",)) == [
        {"a": "x", "n": None},
        {"a": "x", "n": "mmm"},
        {"a": "x", "l": ["m"]},
        {"a": "x", "n": "m", "l": ["m"]},
    ]


def test_true_is_not_taken_for_1_and_no_payload_comes_twice() -> None:
    assert labels({"x": {"enum": [1, True, 1.5]}}, {"x": 1}, {"x": 1.5}, required=("x",)) == [{"x": True}, {"x": 1.5}]


def flat(steps: tuple[Step, ...]) -> list[Step]:
    return [one for step in steps for one in (flat(step.steps) if isinstance(step, Together | InOrder) else [step])]


def played(name: str) -> Act:
    act = edges(Setting(bundle=load(name), nonce="n"))
    assert act is not None
    return act


@pytest.mark.parametrize("name", ["sos", "sos-built", "example"])
def test_each_payload_has_a_socket_and_a_room_of_its_own_and_the_plain_one_is_among_them(name: str) -> None:
    bundle, act = load(name), played(name)
    for request in bundle.requests():
        sent = [s for s in flat(act.steps) if isinstance(s, Emit) and s.event == request.event]
        if request.membership == "enter":
            continue
        own = [s for s in sent if request.payload.is_valid(s.args[0]) or request.event == "message:broadcast"]
        assert own, request.event
        lanes = [s.actor for s in own if s.actor.startswith("edge")]
        if not request.reply:  # Those with a reply are the fences of the others, too.
            assert len(set(lanes)) == len(lanes)
    entered = [s for s in flat(act.steps) if isinstance(s, Enter) and s.actor != "wes"]
    assert len({s.room for s in entered}) == len(entered)
    assert set(act.rooms) >= {s.room for s in entered}


def test_calls_are_made_with_bodies_at_their_edges() -> None:
    bodies = [s.body for s in flat(played("example").steps) if isinstance(s, Request)]
    assert {len(body["text"]) for body in bodies} >= {1, 100}


@pytest.mark.parametrize("name", ["sos", "sos-built"])
def test_no_room_has_two_calls_whose_broadcasts_can_be_taken_for_each_other(name: str) -> None:
    bundle = load(name)
    calls = [s for s in flat(played(name).steps) if isinstance(s, Request)]
    for one in calls:
        for other in calls:
            if one is other or (one.call, one.params[bundle.room.key]) != (other.call, other.params[bundle.room.key]):
                continue
            broadcast = bundle.broadcast(bundle.calls[one.call].broadcast or "")
            assert broadcast is not None
            both = [n for n in broadcast.echoes if n in one.body and n in other.body]
            assert any(one.body[n] != other.body[n] for n in both), (one.body, other.body)


def part_of(path: str, namespace: str) -> Bundle:
    return next(part for part in parts_of(load(path)) if part.namespace == namespace)


def test_a_room_whose_ids_are_numbers_has_edges_like_any_other() -> None:
    """A text in the place of the id breaks the schema of every payload, so that none was sent."""
    board = part_of("tests/services/dashboard/contracts", "/board")
    act = edges(Setting(bundle=board, nonce="n", run="n"))
    assert act is not None
    sent = [step.args[0] for step in flat(act.steps) if isinstance(step, Emit) and step.event == "value:set"]
    assert {payload["value"] for payload in sent} >= {-1000, 0, 1000}


@pytest.mark.parametrize(("ids", "count"), [(3, 3), (2, 2), (1, 2), (40, 5)])
def test_where_ids_are_listed_there_are_no_more_lanes_than_ids_and_plain_ones_come_first(ids: int, count: int) -> None:
    """Without as many ids the act could not be played at all; each request is sent with a plain payload in any case."""
    radio = load("tests/cases/radio_listed_rooms/contracts")
    room = replace(radio.room, id=Schema({"enum": [f"c{number}" for number in range(ids)]}))
    speak, tune = radio.events["speak"], radio.events["tune"]
    said = Schema({"type": "object", "required": ["channel"], "properties": {"n": {"enum": [1, 2, 3]}}})
    assert speak.request is not None
    examples = replace(speak.request.examples, valid=({"channel": "c0", "n": 1},))
    request = replace(speak.request, payload=said, examples=examples)
    events = {**radio.events, "speak": replace(speak, request=request), "tune": tune}
    act = edges(Setting(bundle=replace(radio, room=room, events=events), nonce="n", run="n"))
    assert act is not None
    lanes = {step.actor for step in flat(act.steps) if isinstance(step, Connect)} - {"wes"}
    assert len(lanes) == count


BEGIN = """
ann opened a1
bob opened b1
cyd opened c1
ann in r1
bob in r1
cyd in r1
ann -> cursor:move {"room": "r1", "x": 5}
bob <- cursor:moved {"room": "r1", "x": 5, "user": "u"}
"""
ZERO = BEGIN + 'ann in r2\nbob in r2\nbob -> cursor:move {"room": "r2", "x": 0}\n'
ERROR = 'bob <- problem {"code": "NO_X"}\n'


def judged(text: str) -> list[Finding]:
    return list(RULE.judge(read(EXAMPLE, script(EXAMPLE, text))))


def told(text: str) -> list[Outcome]:
    return [finding.outcome for finding in judged(text) if finding.subject == "cursor:move"]


def test_a_value_that_is_refused_is_named_with_its_error() -> None:
    failed = [finding for finding in judged(ZERO + ERROR) if finding.outcome is Outcome.FAIL]
    assert [(f.subject, f.expected, f.got) for f in failed] == [
        ("cursor:move", "no problem for `x` 0, which the contract allows", '{"code": "NO_X"} for `x` 0')
    ]


def test_an_error_besides_the_broadcast_is_said_to_be_that() -> None:
    text = ZERO + 'ann <- cursor:moved {"room": "r2", "x": 0, "user": "u"}\n' + ERROR
    failed = [finding for finding in judged(text) if finding.outcome is Outcome.FAIL]
    assert [finding.got for finding in failed] == ['{"code": "NO_X"} for `x` 0, and the broadcast besides']


def test_several_values_are_told_in_one_finding_and_none_that_another_explains() -> None:
    text = (
        ZERO
        + ERROR
        + 'cyd -> cursor:move {"room": "r3", "x": 100}\ncyd <- problem {"code": "NO_X"}\n'
        + 'dan opened d1\ndan -> cursor:move {"room": "r4", "x": 0, "z": 1}\ndan <- problem {"code": "NO_X"}\n'
    )
    failed = [finding for finding in judged(text) if finding.outcome is Outcome.FAIL]
    assert [finding.expected for finding in failed] == ["no problem for `x` 0, `x` 100, which the contract allows"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ZERO.replace('"x": 5', '"x": 500') + ERROR, id="no plain one was taken"),
        pytest.param(ZERO.replace('"x": 0', '"x": 5') + ERROR, id="the same payload was taken from another"),
        pytest.param(
            ZERO
            + ERROR
            + 'dan opened d1\ndan -> pen:take {"room": "r4", "pen": "red"}\ndan <- problem {"code": "NO_X"}\n',
            id="the same error for a plain payload",
        ),
        pytest.param(
            BEGIN + 'cyd -> room:end {"room": "r2"}\nbob -> cursor:move {"room": "r2", "x": 0}\n' + ERROR,
            id="the subject was closed",
        ),
        pytest.param(ZERO + 'bob -> pen:take {"room": "r1"}\n' + ERROR, id="a bad request of the same socket"),
        pytest.param(ZERO + 'bob -> pen:take {"room": "r1", "pen": "red"}\n' + ERROR, id="another good one"),
        pytest.param(ZERO + 'bob -> forged {"room": "r1"}\n' + ERROR, id="a name that is no request"),
        pytest.param(ZERO.replace('"r2", "x": 0', '"r1", "x": 0') + ERROR, id="another had moved in its room"),
        pytest.param(ZERO.replace("bob in r1", 'bob -> room:enter {"room": "r1"}') + ERROR, id="an open join"),
        pytest.param(
            'bob opened b1\nbob -> room:enter {"room": "r1"}\nbob in r1 assumed\n'
            'eve opened e1\neve -> room:enter {"room": "r1"}\neve in r1 assumed\neve <- problem {"code": "NO"}\n'
            + ZERO.replace("bob opened b1\n", "").replace("bob in r1\n", "")
            + ERROR,
            id="joins that are refused",
        ),
    ],
)
def test_an_error_that_may_have_another_reason_is_no_failure(text: str) -> None:
    assert Outcome.FAIL not in {finding.outcome for finding in judged(text)}


def test_an_error_after_a_join_that_was_taken_is_the_requests() -> None:
    both = ZERO.replace("ann in r1", 'ann -> room:enter {"room": "r1"}\nann in r1')
    joins = 'bob -> room:enter {"room": "r2"}\nbob in r2'
    assert Outcome.FAIL in told(both.replace("bob in r2", joins) + ERROR)
    assert Outcome.FAIL in told(both.replace("bob in r2", joins + " assumed") + ERROR)


def test_no_error_is_a_pass_only_once_something_later_came() -> None:
    assert set(told(ZERO)) == {Outcome.INCONCLUSIVE}
    by_ack = 'bob -> who {"room": "r1"} #1\nbob <= who #1 {"room": "r1", "sockets": [], "count": 0}\n'
    by_event = 'bob -> who {"room": "r1"}\nbob <- who:list {"room": "r1", "sockets": [], "count": 0}\n'
    for fence in (by_ack, by_event):
        assert Outcome.PASS in told(ZERO + fence)
    # The reply to what was asked before is no fence.
    early = ZERO.replace("bob ->", 'bob -> who {"room": "r1"}\nbob ->', 1)
    assert set(told(early + 'bob <- who:list {"room": "r1", "sockets": [], "count": 0}\n')) == {Outcome.INCONCLUSIVE}
