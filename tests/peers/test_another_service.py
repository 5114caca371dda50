"""The same rules check another service by its own contracts: nothing is made for one service alone."""

import asyncio

import pytest

from conformance.engine.check import CheckRequest, Result, check
from conformance.judge.rule import rules
from conformance.model.act import Transport
from conformance.target.target import Auth, target
from contracts.load import load
from tests.peers.whiteboard import whiteboard
from tests.running import KEY


@pytest.mark.parametrize(
    "transport", ["websocket", *(pytest.param(t, marks=pytest.mark.long) for t in ("polling", "upgrade"))]
)
def test_a_service_of_other_events_holds_in_every_clause(transport: Transport) -> None:
    async def whole() -> Result:
        async with whiteboard(KEY) as url:
            aim = target(url, auth=Auth(key=KEY))
            order = CheckRequest(bundle=load("example"), target=aim, rules=rules(), transports=(transport,))
            return await check(order, lambda record: None)

    result = asyncio.run(whole())
    assert [(v.rule, v.subject, v.message) for v in result.verdicts if v.outcome.value != "pass"] == [
        ("room-is-named-as-documented", event, "only behaviour was seen, which shows no names")
        for event in ("cursor:moved", "note:added", "pen:taken")
    ]
    assert result.not_exercised == []
    assert {verdict.rule for verdict in result.verdicts} == {rule.id for rule in rules()} - {
        # One node, and contracts that promise no replay, ask nothing of clients, and have neither limits nor schedules.
        "broadcast-reaches-every-node",
        "missed-events-are-replayed",
        "event-asks-for-its-answer",
        "events-above-the-limit-end-as-documented",
        "payloads-up-to-the-limit-are-taken",
        "scheduled-broadcast-comes-in-its-period",
    }
