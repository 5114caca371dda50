"""A service is reached over the transports that were asked for, before a run and in the middle of it, and no other."""

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from conformance.stage.clients.reach import Reached, awaited, reach
from conformance.stage.clients.refusal import Foreign
from conformance.support.errors import Unreachable
from conformance.target.target import Target
from tests.deploying import nginx
from tests.peers import engines
from tests.peers.engines import engine
from tests.running import KEY, peer, roomcheck, served, settings, started

SOME = ("--select", "broadcast-arrives", "--select", "socket-connects")


# --- nodes and transports -------------------------------------------------------------------------------------


def reached(transports: tuple[Any, ...], *nodes: dict[str, Any]) -> Reached | Unreachable:
    """What comes of asking nodes, one of which each serves."""

    async def whole(urls: tuple[str, ...], left: list[dict[str, Any]]) -> Reached | Unreachable:
        if left:
            async with engine(**left[0]) as (url, _):
                return await whole((*urls, url), left[1:])
        try:
            return await reach(Target(urls=urls), transports, thorough=True)
        except Unreachable as error:
            return error

    return asyncio.run(whole((), list(nodes)))


async def not_offered(request: web.Request) -> web.Response:
    return web.Response(status=400, text='{"code":0,"message":"Transport unknown"}')


FOUR, FOUR_AND_NO_POLLING = {"websocket": engines.socketio_4}, {"websocket": engines.socketio_4, "http": not_offered}


def test_one_transport_of_several_is_enough_and_the_others_are_told() -> None:
    found = reached(("websocket", "polling", "upgrade"), FOUR)
    assert isinstance(found, Reached)
    assert found.transports == ("websocket",)
    assert found.failed == ()
    assert list(found.refused) == ["polling", "upgrade"]
    for told in found.refused.values():
        assert "gave no Engine.IO 4 handshake over polling: got 404 404 Not\\u001b[31m Found; " in told
    assert [found.probe("websocket"), found.probe("polling")] == ["websocket", "websocket"]


def test_a_transport_over_which_no_answer_came_may_work_another_time() -> None:
    async def http(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    found = reached(("websocket", "polling"), {"websocket": engines.socketio_4, "http": http})
    assert isinstance(found, Reached)
    assert found.refused == {}
    assert len(found.failed) == 1
    assert "closed the connection without an answer to a handshake over polling" in found.failed[0]


def test_a_node_that_answers_over_none_of_them_is_not_reached() -> None:
    assert isinstance(reached(("websocket",), FOUR, {}), Unreachable)
    assert isinstance(reached(("polling",), FOUR), Unreachable)


def test_a_socket_io_server_that_does_not_offer_the_transport_is_left_to_the_rules() -> None:
    found = reached(("polling",), FOUR_AND_NO_POLLING)
    assert isinstance(found, Reached)
    assert found.transports == ()
    assert "does not offer polling" in found.refused["polling"]
    assert found.probe("polling") == "polling"


def test_one_node_that_cannot_be_checked_is_enough_to_say_so() -> None:
    assert isinstance(reached(("websocket",), FOUR, {"websocket": engines.socketio_2}), Foreign)


def test_a_server_that_cannot_be_checked_is_not_waited_for() -> None:
    async def whole() -> None:
        async with engine(engines.socketio_2) as (url, asked):
            with pytest.raises(Foreign):
                await awaited(Target(urls=(url,)), ("websocket",), 60)
            assert asked == ["websocket"]

    asyncio.run(whole())


# --- behind a proxy that lets websockets alone through -----------------------------------------------------------


@pytest.fixture(scope="module")
def upgrades_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with (
        served("--jwt-key", KEY) as url,
        nginx(tmp_path_factory.mktemp("nginx"), [url], upgrades_only=True) as front,
    ):
        yield front


def test_a_check_by_websocket_holds_where_polling_is_refused(upgrades_only: str) -> None:
    run = roomcheck("check", upgrades_only, "--jwt-key", KEY, "--wait-for", "5", *SOME)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "polling" not in run.stdout + run.stderr


def test_a_check_by_polling_says_what_the_proxy_answered(upgrades_only: str) -> None:
    run = roomcheck("check", upgrades_only, "--jwt-key", KEY, "--transport", "polling")
    assert run.returncode == 3
    assert "gave no Engine.IO 4 handshake over polling: got 404 404 Not Found" in run.stderr
    assert "or choose another --transport" in run.stderr


def test_a_check_over_all_transports_finds_polling_refused_and_judges_the_rest(
    upgrades_only: str, tmp_path: Path
) -> None:
    path = tmp_path / "report.json"
    run = roomcheck("check", upgrades_only, "--jwt-key", KEY, "--transport", "all", "--select", "socket-connects",
                    "--select", "bad-token-is-401", "--report", f"json={path}")  # fmt: skip
    made = json.loads(path.read_text())
    assert run.returncode == 1
    failed = {v["transport"]: v for v in made["verdicts"] if v["outcome"] == "fail"}
    assert set(failed) == {"polling", "upgrade"}
    for verdict in failed.values():
        assert verdict["rule"] == "socket-connects"
        assert "could not connect: " in verdict["got"]
        assert "over polling: got 404 404 Not Found" in verdict["got"]
    passed = [v["transport"] for v in made["verdicts"] if v["outcome"] == "pass" and v["rule"] == "socket-connects"]
    assert passed == ["websocket"]
    unseen = {one["reason"] for one in made["not_exercised"] if one["transport"] != "websocket"}
    assert unseen == {"no socket could connect: see socket-connects"}


def doctor(url: str, tmp_path: Path, *words: str) -> tuple[int, list[str]]:
    path = settings(tmp_path, realtime_urls=[url], auth={"kind": "jwt", "key": KEY})
    run = roomcheck("doctor", "--target", "it", "--settings", str(path), *words, env={"COLUMNS": "200"})
    return run.returncode, [line for line in run.stdout.splitlines() if " reaches " in line or "transports" in line]


def test_doctor_tries_websocket_alone_unless_others_are_asked_for(upgrades_only: str, tmp_path: Path) -> None:
    code, told = doctor(upgrades_only, tmp_path)
    assert code == 4, "nothing shows the rooms' names"
    assert [line.split()[0] for line in told] == ["ok", "skipped"]
    assert told[0].endswith("speaks Engine.IO 4 over websocket")
    assert "polling and upgrade: not tried" in told[1]


def test_doctor_tells_of_each_transport_that_is_asked_for(upgrades_only: str, tmp_path: Path) -> None:
    code, told = doctor(upgrades_only, tmp_path, "--transport", "all")
    assert code == 1
    assert [line.split()[0] for line in told] == ["ok", "broken", "broken"]
    assert "over polling: got 404" in told[1]


# --- a service of which a polling request is the end -------------------------------------------------------------

MORTAL = """
import os, sys
from conformance.reference import host
from conformance.reference.service import Service

class HangsUpOnce(Service):
    heard = 0
    async def on_event(self, event, sid, *args):
        self.heard += 1
        if self.heard == 60:
            return await self.io.disconnect(sid)
        return await super().on_event(event, sid, *args)

service = HangsUpOnce(host.Store.open(":memory:"), sys.argv[1])
app, seen = service.app, open(sys.argv[2], "w", buffering=1)
async def mortal(scope, receive, send):
    if scope["path"].startswith("/socket.io"):
        print(scope["type"], file=seen)
        if scope["type"] == "http":
            os._exit(1)
    await app(scope, receive, send)
service.app = mortal
host.serve_for_ever("127.0.0.1", 0, service, "mortal", lambda line: print(line, flush=True))
"""


@pytest.mark.parametrize("command", ["check", "doctor"])
def test_a_service_that_any_polling_request_ends_survives(command: str, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    with started(sys.executable, "-c", MORTAL, KEY, str(seen)) as (program, line):
        url = line.split()[2].rstrip(",")
        path = settings(tmp_path, realtime_urls=[url], auth={"kind": "jwt", "key": KEY}, wait_for_s=5)
        run = roomcheck(command, "--target", "it", "--settings", str(path))
        assert program.poll() is None, run.stdout + run.stderr
    assert set(seen.read_text().split()) == {"websocket"}
    assert "stopped answering" not in run.stdout


# --- what is named -------------------------------------------------------------------------------------------------


@pytest.mark.peer
@pytest.mark.parametrize("transport", ["polling", "upgrade"])
def test_a_balancer_without_sticky_sessions_is_named(transport: str, tmp_path: Path) -> None:
    with peer() as one, peer() as other, nginx(tmp_path, [one, other], sticky=False) as front:
        run = roomcheck("check", front, "--transport", transport)
    assert run.returncode == 3
    assert f"{front}/socket.io/ opened a session over " in run.stderr
    assert "did not know it in the next request (400 " in run.stderr
    assert "enable sticky sessions at the load balancer, or use --transport websocket" in run.stderr
    assert run.stderr.count("\n") == 1
