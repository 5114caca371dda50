"""Connections that break are told as that, with who ended them and why, and nothing else is derived from it."""

import asyncio

import pytest

from conformance.check import Order, Result, check
from conformance.journal import Played, Record
from conformance.model import Closed, Outcome, Transcript
from conformance.rule import rules
from conformance.target import Auth, target
from contracts.load import load
from tests.peers.tampering import Law, tampered
from tests.peers.whiteboard import whiteboard
from tests.running import KEY

EXAMPLE = load("example")


class CutsAll(Law):
    cut_after_s = 0.2


class ClosesAll(Law):
    cut_after_s = 0.2
    close_code = 1012


class SendsNoText(Law):
    def from_service(self, connection: int, number: int, message: str) -> str | bytes:
        return b'42["\xff\xfe"]' if number == 4 else message


class FallsSilent(Law):
    """Announces pings, and sends nothing any more after its first answers."""

    def from_service(self, connection: int, number: int, message: str) -> str | None:
        opening = message.replace("25000", "600").replace("20000", "600")
        return opening if number == 1 else message if number < 5 else None


ROOMS = frozenset({"everyone-in-the-room-receives", "request-has-its-effect", "delivered-within-deadline"})


def checked(
    law: Law, timeout_s: float | None = None, only: frozenset[str] = frozenset()
) -> tuple[Result, list[Transcript]]:
    """A check of an honest service behind that law, by all rules or some."""

    chosen = [rule for rule in rules() if not only or rule.id in only]

    async def whole() -> tuple[Result, list[Transcript]]:
        records: list[Record] = []
        async with whiteboard(KEY) as honest, tampered(honest, law) as url:
            aim = target(url, auth=Auth(key=KEY))
            order = Order(bundle=EXAMPLE, target=aim, rules=chosen, timeout_s=timeout_s)
            result = await check(order, records.append)
        return result, [record.transcript for record in records if isinstance(record, Played)]

    return asyncio.run(whole())


def accusing(result: Result) -> list[tuple[str, str]]:
    accused = (Outcome.FAIL, Outcome.WARNING, Outcome.ERROR)
    return [(verdict.rule, verdict.subject) for verdict in result.verdicts if verdict.outcome in accused]


@pytest.mark.parametrize(
    ("law", "by", "reason"),
    [
        pytest.param(CutsAll(), "service", "transport closed without a close frame", id="cut without a word"),
        pytest.param(ClosesAll(), "service", "close frame 1012 (service restart)", id="a close frame"),
        pytest.param(
            SendsNoText(), "client", "the service sent a broken frame: Invalid UTF-8 text message, 1007", id="no UTF-8"
        ),
        pytest.param(FallsSilent(), "client", "ping timeout: nothing came for", id="no pings"),
    ],
)
def test_a_service_that_breaks_its_connections_is_told_that_and_nothing_else(law: Law, by: str, reason: str) -> None:
    result, transcripts = checked(law)
    assert accusing(result) == [("connection-stays-open", "connection")]
    ends = [entry for one in transcripts for entry in one.entries if isinstance(entry, Closed) and entry.by != "us"]
    assert ends
    assert {(entry.by, entry.reason[: len(reason)]) for entry in ends} == {(by, reason)}
