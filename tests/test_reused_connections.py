"""A call over a reused connection that the service closes unanswered is sent once more, over a fresh one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import msgspec
import pytest

from conformance.analysis.reading import read
from conformance.analysis.script import script
from conformance.judge.rule import rules
from conformance.model.act import Request
from conformance.model.text import line
from conformance.model.transcript import Called
from conformance.model.verdict import Finding, Outcome
from conformance.stage.clients.http import Api
from conformance.stage.clients.recorder import Clock, Log
from conformance.stage.clients.tokens import Minter
from conformance.target.secrets import Secrets
from conformance.target.target import Auth, target
from contracts.load import load

EXAMPLE = load("example")
ADD, LIST = (Request(call=name, params={"room": "r1"}) for name in ("add-note", "list-notes"))
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


@dataclass(slots=True)
class Closing:
    """A service that answers so many requests of each connection, and closes it on the next, or in the middle."""

    answers: int
    begun: bytes = b""
    """What it sends before it closes."""
    taken: list[tuple[int, str]] = field(default_factory=list)
    """(connection, method) of each request that it read."""
    connections: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        own = self.connections
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            for number in range(self.answers + 1):
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                self.taken.append((own, head.split(" ")[0]))
                writer.write(ANSWER if number < self.answers else self.begun)
                await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def called(service: Closing) -> AsyncIterator[tuple[Api, Log]]:
    server = await asyncio.start_server(service.serve, "127.0.0.1", 0)
    async with server:
        aim = target(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", auth=Auth())
        api = Api(EXAMPLE, aim, "desk", Minter(aim.auth, Secrets()))
        try:
            yield api, Log(Clock(), asyncio.Event())
        finally:
            await api.close()


def outcomes(service: Closing, *requests: Request) -> list[tuple[int | None, int]]:
    """(status, tries) of these calls, one after the other."""

    async def whole() -> list[tuple[int | None, int]]:
        async with called(service) as (api, log):
            made = [await api.call(log, request, dict(request.params), None) for request in requests]
        return [(entry.status, entry.tries) for entry in made]

    return asyncio.run(whole())


@pytest.mark.parametrize("request_", [ADD, LIST], ids=["POST", "GET"])
def test_a_reused_connection_that_is_closed_unanswered_is_no_failure(request_: Request) -> None:
    service = Closing(answers=1)
    assert outcomes(service, request_, request_) == [(200, 1), (200, 2)]
    assert [connection for connection, _ in service.taken] == [1, 1, 2]


def test_a_fresh_connection_that_is_closed_unanswered_is_a_failure_at_once() -> None:
    service = Closing(answers=0)
    assert outcomes(service, LIST) == [(None, 1)]
    assert service.connections == 1


def test_a_second_try_is_the_last() -> None:
    class Tired(Closing):
        async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.answers = 0 if self.connections else 1
            await Closing.serve(self, reader, writer)

    service = Tired(answers=1)
    assert outcomes(service, LIST, LIST) == [(200, 1), (None, 2)]
    assert service.connections == 2


def test_an_answer_that_had_begun_is_not_asked_for_again() -> None:
    service = Closing(answers=1, begun=b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
    assert outcomes(service, LIST, LIST) == [(200, 1), (None, 1)]
    assert service.connections == 1


TWICE = """
ann opened a1 user=ua token=own
ann in r1
http add-note {"room": "r1"} {"text": "hello"} => 201 {"id": "n2", "room": "r1", "text": "hello", "at": 1}
ann <- note:added {"id": "n1", "room": "r1", "text": "hello", "at": 1}
ann <- note:added {"id": "n2", "room": "r1", "text": "hello", "at": 1}
http list-notes {"room": "r1"} => 200 {"notes": [{"id": "n1"}, {"id": "n2"}], "total": 2}
"""


def found(rule: str, tries: int) -> list[Finding]:
    """What a rule says where the first call of the script was sent so often."""
    played = script(EXAMPLE, TWICE)
    entries = [
        msgspec.structs.replace(entry, tries=tries) if isinstance(entry, Called) and entry.call == "add-note" else entry
        for entry in played.entries
    ]
    reading = read(EXAMPLE, msgspec.structs.replace(played, entries=tuple(entries)))
    return list(next(one for one in rules() if one.id == rule).judge(reading))


@pytest.mark.parametrize("rule", ["delivered-exactly-once", "pages-are-true"])
def test_what_was_sent_twice_may_have_had_its_effect_twice(rule: str) -> None:
    assert Outcome.FAIL in {finding.outcome for finding in found(rule, tries=1)}
    assert Outcome.FAIL not in {finding.outcome for finding in found(rule, tries=2)}


def test_the_record_says_that_a_call_was_sent_twice() -> None:
    entry = next(entry for entry in script(EXAMPLE, TWICE).entries if isinstance(entry, Called))
    assert "sent twice" not in line(entry)
    assert "[sent twice: a reused connection was closed unanswered]" in line(msgspec.structs.replace(entry, tries=2))
