"""What answers the question for a namespace that there is not tells the parser of a service."""

import asyncio

import msgspec
import pytest

from conformance.stage.clients import parser
from conformance.stage.clients.parser import Answer, ask_for_namespace
from conformance.target.target import Parser


class Says:
    """A session that says these packets, and ends after them unless it hangs."""

    def __init__(self, *packets: str | bytes, hangs: bool = False) -> None:
        self.sent: list[str | bytes] = []
        self._packets, self._hangs = list(packets), hangs

    async def send(self, packet: str | bytes) -> None:
        self.sent.append(packet)

    async def receive(self) -> str | bytes | None:
        if not self._packets and self._hangs:
            await asyncio.get_running_loop().create_future()
        return self._packets.pop(0) if self._packets else None


@pytest.mark.parametrize(
    ("packets", "answer"),
    [
        pytest.param(('44/roomcheck-probe,{"message":"Invalid namespace"}',), "default", id="a refusal"),
        pytest.param(("2", "6", '44/roomcheck-probe,"no"'), "default", id="behind packets of the engine"),
        pytest.param((b"\x83\xa4type\x04",), "msgpack", id="a binary message"),
        pytest.param(('4{"type":4}',), "other", id="a message of another kind"),
        pytest.param((), "closed", id="the end"),
        pytest.param(("2",), "closed", id="the end behind a ping"),
    ],
)
def test_the_first_message_tells_the_parser(packets: tuple[str | bytes, ...], answer: Answer) -> None:
    assert asyncio.run(ask_for_namespace(Says(*packets))) == answer


def test_who_says_nothing_is_waited_for_no_longer_than_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser, "PARSED_S", 0.01)
    assert asyncio.run(ask_for_namespace(Says("2", hangs=True))) == "nothing"


@pytest.mark.parametrize(
    ("spoken", "packet"),
    [("default", "40/roomcheck-probe,"), ("msgpack", msgspec.msgpack.encode({"type": 0, "nsp": "/roomcheck-probe"}))],
)
def test_the_question_is_written_as_the_parser_does(spoken: Parser, packet: str | bytes) -> None:
    session = Says()
    asyncio.run(ask_for_namespace(session, spoken))
    assert session.sent == [packet]
