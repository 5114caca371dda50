"""Services that keep the contract in unusual ways are not accused; hostile ones end in a verdict, in bounded time."""

import asyncio
import re
from typing import Any

import pytest
from aiohttp import web
from starlette.requests import Request
from starlette.responses import Response

from conformance.engine.check import CheckRequest, Result, check
from conformance.judge.rule import rules
from conformance.model.verdict import Outcome
from conformance.reference.host import hosted
from conformance.reference.service import Bad, Service
from conformance.reference.store import Store, now_iso
from conformance.stage.clients.recorder import Clock, Recorder
from conformance.stage.clients.socket import Socket
from conformance.target.target import Auth, target
from contracts.load import load
from tests.peers.engines import engine
from tests.running import KEY


class AnswersByAckAlone(Service):
    async def answer(self, event: str, payload: Any, sid: str) -> Any:
        return payload


class AnswersByEventAlone(Service):
    async def answer(self, event: str, payload: Any, sid: str) -> None:
        await self.io.emit(event, payload, to=sid)


class JoinsSlowlyInOrder(Service):
    async def join(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        await asyncio.wait({asyncio.get_running_loop().create_future()}, timeout=0.2)
        await super().join(sid, sos, payload)


class AnnouncesJoins(Service):
    """Broadcasts documented events for causes of its own, too."""

    async def join(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        await super().join(sid, sos, payload)
        person = self.people[sid]
        said = {"sosId": sos, "userId": person.user, "userType": person.kind, "displayName": "", "joinedAt": now_iso()}
        await self.send("participant:joined:broadcast", said, self.room(sos))


class TakesPlainIdsAlone(Service):
    async def on_event(self, event: str, sid: str, *args: Any) -> Any:
        sos = args[0].get("sosId") if args and isinstance(args[0], dict) else None
        if isinstance(sos, str) and not re.fullmatch("[A-Za-z0-9-]+", sos):
            return await self.complain(sid, {"code": "INVALID_SOS_ID", "message": "not an id"})
        return await super().on_event(event, sid, *args)


class ClosesForGood(Service):
    closed: set[str]

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.closed = set()

    async def close(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        await super().close(sid, sos, payload)
        self.closed.add(sos)

    async def on_event(self, event: str, sid: str, *args: Any) -> Any:
        if args and isinstance(args[0], dict) and args[0].get("sosId") in self.closed:
            return await self.complain(sid, {"code": "SOS_CLOSED", "message": "it is closed"})
        return await super().on_event(event, sid, *args)

    async def publish(self, sos: str, fields: dict[str, Any]) -> dict[str, Any]:
        if sos in self.closed:
            raise Bad("SOS_CLOSED", "it is closed")
        return await super().publish(sos, fields)


class EndsTypingByItself(Service):
    async def typing_start(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        await super().typing_start(sid, sos, payload)
        await self.typing_stop(sid, sos, payload)


class LimitsCalls(Service):
    calls = 0

    async def http_bad(self, request: Request, bad: Bad) -> Response:
        return await super().http_bad(request, bad)

    def caller(self, request: Request) -> Any:
        LimitsCalls.calls += 1
        if LimitsCalls.calls % 3 == 0:
            raise Bad("TOO_MANY", "later", status=429)
        return super().caller(request)


async def checked(service: Service, key: str | None = KEY) -> Result:
    async with hosted(service) as url:
        order = CheckRequest(bundle=load("sos"), target=target(url, auth=Auth(key=key)), rules=rules())
        return await check(order, lambda record: None)


class OddAtJoins(AnswersByAckAlone, AnnouncesJoins, JoinsSlowlyInOrder, TakesPlainIdsAlone):
    """Several manners at once, at the cost of one check."""


class OddAtRequests(AnswersByEventAlone, ClosesForGood, EndsTypingByItself, LimitsCalls):
    """Several others."""


ALONE = [kind for several in (OddAtJoins, OddAtRequests) for kind in several.__bases__]


@pytest.mark.parametrize("kind", [OddAtJoins, OddAtRequests, *(pytest.param(k, marks=pytest.mark.long) for k in ALONE)])
def test_an_honest_service_of_another_manner_is_not_accused(kind: type[Service]) -> None:
    result = asyncio.run(checked(kind(Store.open(), KEY)))
    accused = [v for v in result.verdicts if v.outcome in (Outcome.FAIL, Outcome.ERROR, Outcome.WARNING)]
    assert [(v.rule, v.subject, v.act, v.message) for v in accused] == []
    assert sum(verdict.outcome is Outcome.PASS for verdict in result.verdicts) > 120


class AnswersDeeply(Service):
    async def http_list(self, request: Request) -> Response:
        return Response("[" * 100_000, media_type="application/json")


class SaysDisconnect(Service):
    async def join(self, sid: str, sos: str, payload: dict[str, Any]) -> None:
        await super().join(sid, sos, payload)
        await self.io.emit("disconnect", {}, to=sid)


def test_an_answer_too_deep_to_read_is_the_services_fault() -> None:
    result = asyncio.run(checked(AnswersDeeply(Store.open(), KEY)))
    assert {v.rule for v in result.verdicts if v.outcome is Outcome.FAIL} >= {"calls-answer-as-documented"}
    assert not [v for v in result.verdicts if v.outcome is Outcome.ERROR]


def test_an_event_named_disconnect_is_an_undocumented_event_and_no_disconnection() -> None:
    result = asyncio.run(checked(SaysDisconnect(Store.open(), KEY)))
    accusing = {(v.rule, v.subject) for v in result.verdicts if v.outcome in (Outcome.FAIL, Outcome.WARNING)}
    assert accusing == {("no-undocumented-event", "disconnect")}


def test_a_broken_open_packet_is_no_connection_and_no_error_of_ours() -> None:
    async def websocket(frames: web.WebSocketResponse) -> None:
        await frames.send_str('0"hello"')

    async def whole() -> None:
        async with engine(websocket) as (url, _):
            await Socket("ann", Recorder(Clock(), asyncio.Event()), lambda: None).open(target(url), url, "websocket")

    with pytest.raises(ConnectionError, match=r"broken Engine\.IO handshake"):
        asyncio.run(whole())
