"""What a client sees of a service of contracts that no check asks for: lines, repetitions, failures, junk."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
import socketio

from conformance.server import asking
from conformance.server.cause import Cause
from conformance.server.host import embedded_service
from conformance.server.service import Service
from conformance.support.event_loop import on_uvloop
from contracts.load import load
from tests.running import ROOT

HEARD_S = 5.0
DEEP = 100_000


class Client(socketio.AsyncClient):  # type: ignore[misc]
    """Keeps what it hears."""

    def __init__(self) -> None:
        super().__init__(reconnection=False)
        self.heard: asyncio.Queue[tuple[Any, ...]] = asyncio.Queue()
        self.on("*", self._hear)
        self.pid = ""

    async def _handle_connect(self, namespace: str, data: dict[str, str]) -> None:
        self.pid = data.get("pid", "")
        await super()._handle_connect(namespace, data)

    def _hear(self, *args: Any) -> None:
        self.heard.put_nowait(args)

    async def next(self) -> tuple[Any, ...]:
        """What it hears next: (event, arguments...)."""
        return await asyncio.wait_for(self.heard.get(), HEARD_S)


def with_clients(service: Callable[[], Service], play: Callable[..., Awaitable[None]], *auths: Any) -> None:
    """Play something with a client for each of these handshakes, of a service that is made in the event loop."""

    async def whole() -> None:
        async with embedded_service(service()) as url:
            clients = [Client() for _ in auths]
            for client, auth in zip(clients, auths, strict=True):
                await client.connect(url, auth=auth, transports=["websocket"])
            await play(*clients)
            for client in clients:
                await client.disconnect()

    on_uvloop(whole(), quiet=True)


def bundle(name: str) -> Any:
    own = ROOT / "contracts" / name
    return load(str(own if own.is_dir() else next((ROOT / "tests").glob(f"*/{name}/contracts"))))


def test_a_line_tells_of_each_event_and_why_one_is_refused() -> None:
    lines: list[str] = []

    async def play(ann: Client) -> None:
        await ann.call("room:enter", {"room": "r1"})
        await ann.emit("pen:take", {"room": "r1", "pen": "red"})
        assert await ann.next() == ("pen:taken", {"room": "r1", "pen": "red"})
        await ann.emit("pen:take", {"room": "r1", "pen": "pink"})
        assert (await ann.next())[0] == "problem"

    with_clients(lambda: Service(bundle("example"), say=lines.append), play, None)
    told = [line.split(" from ")[0] for line in lines]
    assert told[1:] == [
        "<- room:enter",
        "<- pen:take",
        "-> pen:taken to 1 of board:r1",
        "<- pen:take",
        '   pen:take is refused: pen: expected one of "red", "green", "blue", got "pink"',
        "-> problem to the requester",
        told[-1],
    ]


def test_what_has_to_come_at_least_once_is_sent_again_until_it_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "AGAIN_S", 0.02)

    async def play(ann: Client, bob: Client) -> None:
        for one in (ann, bob):
            await one.call("lamp:watch", {"lamp": "a"})
        silent = asyncio.Event()

        async def answer(payload: Any) -> None:
            bob.heard.put_nowait(("horn:sounded", payload))
            if bob.heard.qsize() < 2:
                await silent.wait()  # No answer: the event comes again.

        bob.on("horn:sounded", answer)
        await ann.emit("horn:sound", {"lamp": "a", "tune": "one"})
        assert [await bob.next() for _ in range(2)] == [("horn:sounded", {"lamp": "a", "tune": "one"})] * 2
        silent.set()

    with_clients(lambda: Service(bundle("lighthouse_acks")), play, None, None)


def test_fields_that_no_contract_has_are_not_passed_on() -> None:
    async def play(ann: Client, bob: Client) -> None:
        await ann.call("step", {"x": 1, "y": 2, "player": "somebody else"})
        while (got := await bob.next())[0] != "stepped":
            pass
        assert got[1]["player"] != "somebody else"

    with_clients(lambda: Service(bundle("game")), play, {"arena": "a"}, {"arena": "a"})


class Failing(Service):
    """Fails where it makes one broadcast."""

    def compose(self, event: str, cause: Cause) -> tuple[Any, ...]:
        """Fail at the pen."""
        if event == "pen:taken":
            raise RuntimeError("out of ink")
        return super().compose(event, cause)


def test_a_failure_of_its_own_is_told_and_ends_nothing() -> None:
    lines: list[str] = []

    async def play(ann: Client, bob: Client) -> None:
        for one in (ann, bob):
            await one.call("room:enter", {"room": "r1"})
        await ann.emit("pen:take", {"room": "r1", "pen": "red"})
        await ann.emit("cursor:move", {"room": "r1", "x": 3})
        assert (await bob.next())[:1] == ("cursor:moved",)

    with_clients(lambda: Failing(bundle("example"), say=lines.append), play, None, None)
    assert "internal error at pen:take: RuntimeError: out of ink" in lines


@pytest.mark.parametrize("junk", ["[" * DEEP + "]" * DEEP, json.dumps({"room": "x" * 100_000}), '{"room":"\\ud800"}'])
def test_junk_ends_no_connection(junk: str) -> None:
    async def play(ann: Client) -> None:
        await ann.eio.send(f'42["room:enter",{junk}]')
        assert await ann.call("room:enter", {"room": "r1"}) == {"room": "r1", "entered": True}

    with_clients(lambda: Service(bundle("example")), play, None)


def test_a_client_that_comes_back_before_its_loss_was_noticed_is_the_same() -> None:
    """The official client keeps `pid` and the last offset; here they are read off the wire."""

    async def play(ann: Client, bob: Client) -> None:
        for one in (ann, bob):
            await one.call("quay:wait", {"quay": "q"})
        await ann.emit("horn:sound", {"quay": "q", "tune": "one"})
        offset = (await bob.next())[2]
        former = bob.get_sid()
        again = Client()
        await again.connect(bob.connection_url, auth={"pid": bob.pid, "offset": offset}, transports=["websocket"])
        assert again.get_sid() == former
        await ann.emit("horn:sound", {"quay": "q", "tune": "two"})
        assert (await again.next())[1] == {"quay": "q", "tune": "two"}
        await again.disconnect()

    with_clients(lambda: Service(bundle("ferry_state_recovery")), play, None, None)


def test_a_poll_that_a_client_gives_up_ends_its_connection() -> None:
    async def whole() -> None:
        gone = asyncio.Event()

        def say(line: str) -> None:
            if line.endswith("disconnected from /: transport error"):
                gone.set()

        async with embedded_service(Service(bundle("chat"), say=say)) as url, httpx.AsyncClient() as client:
            polling = f"{url}/socket.io/?EIO=4&transport=polling"
            own = f"{polling}&sid={json.loads((await client.get(polling)).text[1:])['sid']}"
            await client.post(own, content="40")
            await client.get(own)  # The answer to that.
            with pytest.raises(httpx.ReadTimeout):
                await client.get(own, timeout=0.1)
            await asyncio.wait_for(gone.wait(), HEARD_S)

    on_uvloop(whole(), quiet=True)
