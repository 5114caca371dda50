"""A whole check of the embedded honest service."""

import asyncio

import pytest

from conformance.check import Order, check
from conformance.journal import Record
from conformance.judge import summary
from conformance.model import TRANSPORTS, Transport
from conformance.reference.host import embedded
from conformance.rule import rules
from conformance.selftest import KEY
from conformance.target import Auth, target
from contracts.load import load


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_honest_service_holds_in_every_clause(transport: Transport) -> None:
    records: list[Record] = []

    async def whole():
        async with embedded(key=KEY) as url:
            order = Order(
                bundle=load("sos"), target=target(url, auth=Auth(key=KEY)), rules=rules(), transports=(transport,)
            )
            return await check(order, records.append)

    result = asyncio.run(whole())
    counts = summary(result.verdicts)
    assert [v.message for v in result.verdicts if v.outcome.value != "pass"] == []
    assert result.not_exercised == []
    assert counts["pass"] > 150
