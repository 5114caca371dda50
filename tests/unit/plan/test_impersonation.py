"""The act in which a client claims to be somebody else: where it is played, and who judges it."""

from dataclasses import replace
from typing import Any

import pytest

from conformance.judge.rule import rules
from conformance.model.act import Emit, InOrder, SocketOf, Step, Together, UserOf
from conformance.plan.alone import ALONE
from conformance.plan.impersonation import IMPERSONATION, impersonation
from conformance.plan.stimulus import Setting
from contracts.load import load
from contracts.model import Bundle
from contracts.schema import Schema

EXAMPLE = load("example")


def flat(steps: tuple[Step, ...]) -> list[Step]:
    return [one for step in steps for one in (flat(step.steps) if isinstance(step, Together | InOrder) else [step])]


def claims(bundle: Bundle) -> list[tuple[str, Any]]:
    """(event, claim) of what the claimant sends."""
    act = impersonation(Setting(bundle=bundle, nonce="n"))
    sent = [step for step in flat(act.steps) if isinstance(step, Emit)] if act else []
    return [(step.event, step.args[0]["user"]) for step in sent if "user" in step.args[0]]


def changed(**request: Any) -> Bundle:
    """The example with another request to move the cursor."""
    event = EXAMPLE.events["cursor:move"]
    assert event.request is not None
    made = replace(event, request=replace(event.request, **request))
    return replace(EXAMPLE, events={**EXAMPLE.events, "cursor:move": made})


def broadcast_with(**fields: Any) -> Bundle:
    """The example with another broadcast of the cursor."""
    event = EXAMPLE.events["cursor:moved"]
    assert event.broadcast is not None
    made = replace(event, broadcast=replace(event.broadcast, **fields))
    return replace(EXAMPLE, events={**EXAMPLE.events, "cursor:moved": made})


def test_a_client_claims_to_be_another_who_is_connected() -> None:
    assert claims(EXAMPLE) == [("cursor:move", UserOf(actor="oda"))]
    assert claims(broadcast_with(sender_is="socket")) == [("cursor:move", SocketOf(actor="oda"))]


def closed_request() -> Schema:
    request = EXAMPLE.request("cursor:move")
    assert request is not None
    return Schema({**request.payload.document, "additionalProperties": False})


@pytest.mark.parametrize(
    "bundle",
    [
        pytest.param(changed(payload=closed_request()), id="the contract has the service refuse the field"),
        pytest.param(changed(by_peer=True), id="no client sends it"),
        pytest.param(broadcast_with(sender=None), id="it names no sender"),
        pytest.param(broadcast_with(receivers="requester"), id="nobody else hears it"),
        pytest.param(broadcast_with(payload=Schema({"type": "object"})), id="nothing says that users are texts"),
    ],
)
def test_where_nothing_can_be_claimed_nothing_is_played(bundle: Bundle) -> None:
    assert impersonation(Setting(bundle=bundle, nonce="n")) is None


def test_a_service_that_refuses_the_claim_is_accused_by_no_other_rule() -> None:
    assert ALONE[IMPERSONATION] is impersonation
    assert [rule.id for rule in rules() if impersonation in rule.acts] == ["sender-is-named-truly"]
