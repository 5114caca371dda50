"""What a target offers in place of the documented causes and deadlines."""

import dataclasses

import pytest

from conformance.target.capabilities import Capabilities, equip, without_secrets
from conformance.target.secrets import Secrets
from conformance.target.triggers import API, NONE, Triggers, fault, unused_values, values_of
from contracts.trigger import Trigger
from tests.unit.scripts import EXAMPLE

TRIGGER = Trigger(event="note:added", method="POST", url="/say/{room}", status=(202,), body={"text": "{text}"})
BROADCAST = EXAMPLE.broadcast("note:added")


def own(trigger: Trigger | None, event: str = "note:added", base: str = API) -> Capabilities:
    return Capabilities(triggers=Triggers(base=base, own={event: trigger}), where="target")


def test_a_target_that_says_nothing_has_the_documented_calls() -> None:
    found = equip(EXAMPLE, Capabilities())
    assert (found.bundle, found.reasons, found.otherwise) == (EXAMPLE, {}, "")


def test_a_trigger_takes_the_place_of_the_documented_call() -> None:
    found = equip(EXAMPLE, own(TRIGGER))
    call = found.bundle.calls["trigger of note:added"]
    assert (call.method, call.path, call.status, call.role, call.texts) == (
        "POST",
        "/say/{room}",
        (202,),
        "trigger",
        ("text",),
    )
    broadcast = found.bundle.broadcast("note:added")
    assert broadcast is not None
    assert broadcast.caused_by_call == "trigger of note:added"
    assert found.bundle.calls.keys() == {*EXAMPLE.calls, "trigger of note:added"}
    assert found.reasons == {}


def test_an_event_that_nothing_provokes_is_told_with_the_setting() -> None:
    found = equip(EXAMPLE, own(None))
    assert found.reasons == {
        "note:added": 'no trigger causes it: set triggers = "api", or a table [target.triggers."note:added"]'
    }
    broadcast = found.bundle.broadcast("note:added")
    assert broadcast is not None
    assert broadcast.caused_by_call is None
    assert equip(EXAMPLE, own(None, "pen:taken")).reasons == {}  # A client's request causes it.


def test_a_target_without_the_calls_has_none_of_them() -> None:
    found = equip(EXAMPLE, Capabilities(triggers=Triggers(base=NONE), where="target"))
    assert (found.bundle.calls, list(found.reasons)) == ({}, ["note:added"])
    assert found.otherwise == 'the HTTP API is not part of this target: set triggers = "api" and api_url'
    with_own = equip(EXAMPLE, own(TRIGGER, base=NONE))
    assert (list(with_own.bundle.calls), with_own.reasons) == (["trigger of note:added"], {})


@pytest.mark.parametrize(("headers", "lacks"), [((), True), (("X-TOKEN",), False), (("x-other",), True)])
def test_a_trigger_needs_the_values_of_its_headers(headers: tuple[str, ...], lacks: bool) -> None:
    needing = own(dataclasses.replace(TRIGGER, needs=("x-token",)))
    found = equip(EXAMPLE, Capabilities(triggers=needing.triggers, headers=headers, where="target"))
    assert ("trigger of note:added" not in found.bundle.calls) is lacks
    assert found.reasons.get("note:added") == (
        'its trigger needs the header x-token: add x-token = "${...}" to [target.headers]' if lacks else None
    )


def test_a_deadline_of_its_own_counts_for_an_event_in_both_directions() -> None:
    found = equip(EXAMPLE, Capabilities(deadlines_ms={"pen:taken": 7, "who": 9, "gone": 1})).bundle
    taken, who, moved = found.broadcast("pen:taken"), found.request("who"), found.broadcast("cursor:moved")
    assert taken is not None
    assert who is not None
    assert moved is not None
    assert (taken.deadline_ms, who.deadline_ms, moved.deadline_ms) == (7, 9, 2000)


def test_forms_of_ids_that_are_left_out_are_told_as_that() -> None:
    found = equip(EXAMPLE, Capabilities(id_forms=("digits",), where="target"))
    why = "`id_forms` of [target] leaves such ids out"
    assert found.reasons == {"ids with leading zeros": why, "ids of hexadecimal digits": why}


def test_a_journal_keeps_no_value_of_a_header_and_no_secret() -> None:
    secret = "a secret that is long enough"
    trigger = dataclasses.replace(TRIGGER, url=f"/say?{secret}", headers={"x-token": secret}, body={"text": [secret]})
    kept = without_secrets(own(trigger), Secrets(secret)).triggers.own["note:added"]
    assert kept is not None
    assert kept.headers == {}
    assert secret not in repr(kept)
    assert (kept.method, kept.status) == ("POST", (202,))
    assert without_secrets(own(None), Secrets(secret)).triggers.own == {"note:added": None}


FAULTS = {
    "nothing": (Triggers(), None),
    "a trigger": (Triggers(own={"note:added": TRIGGER}), None),
    "no trigger": (Triggers(own={"note:added": None}), None),
    "an unknown base": (Triggers(base="apo"), "there are no triggers 'apo' with example"),
    "an unknown event": (
        Triggers(own={"note:add": TRIGGER}),
        "no event that the server sends to a room is called 'note:add'",
    ),
    "an event that goes to no room": (
        Triggers(own={"problem": None}),
        "no event that the server sends to a room is called 'problem'",
    ),
    "a name that nothing fills": (
        Triggers(own={"note:added": dataclasses.replace(TRIGGER, headers={"x": "{word}"})}),
        "note:added: nothing is called {word} here",
    ),
}


@pytest.mark.parametrize("what", FAULTS)
def test_what_is_wrong_with_triggers_is_said(what: str) -> None:
    triggers, expected = FAULTS[what]
    told = fault(EXAMPLE, triggers)
    assert told is None if expected is None else told is not None and told.startswith(expected)


def test_a_template_may_ask_for_the_fields_of_the_broadcast() -> None:
    assert BROADCAST is not None
    assert {"id", "room", "text", "at", "colour"} <= set(values_of(EXAMPLE, BROADCAST))
    assert unused_values(TRIGGER) is None
