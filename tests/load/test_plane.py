"""The sockets of the load and python-socketio's client see the same frames in the same session."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable
from typing import Any, cast

import httpx
import pytest
import socketio
import uvloop

from loadtests.worker.wire import codec
from loadtests.worker.wire.address import Address, Transport
from loadtests.worker.wire.http import Http
from loadtests.worker.wire.socket import Connection, Failed, Refused
from tests.running import KEY, free_port, peer, served

ROOM = "RC-context-1"
DEADLINE_S = 10
VARYING = re.compile(
    r'"(?:sid|pid|socketId|userId|connectedAt|joinedAt|leftAt|id)":"[^"]*"|"(?:timestamp|pingInterval)":\d+'
)
"""What two clients of one session are told differently: who they are, and when."""


class Ours:
    """A socket of the load, and every packet that it has seen."""

    def __init__(self, url: str, transport: Transport, auth: dict[str, str] | None) -> None:
        self.frames: list[str] = []
        self.lost_why = ""
        self.number = 1
        self._url, self._transport, self._auth = url, transport, auth
        self.come = asyncio.Event()

        class Recorded(Connection):
            __slots__ = ()

            def _packet(self, packet: codec.Packet, text: bytes) -> None:
                cast(Ours, self.owner).saw(text.decode()[1:])
                super()._packet(packet, text)

        self.connection = Recorded(Address(url=url, transport=transport), self, {})

    def saw(self, text: str) -> None:
        self.frames.append(text)
        self.come.set()

    def first(self, frame: bytes, packet: codec.Packet | None, why: str) -> None:
        assert packet is not None, why

    def lost(self, why: Failed) -> None:
        self.lost_why = why.detail
        self.come.set()

    async def connect(self) -> None:
        await self.connection.open(self._auth, Http(self._url) if self._transport == "upgrade" else None)

    async def emit(self, event: str, payload: Any) -> None:
        self.connection.emit(event, payload)

    async def call(self, event: str, payload: Any) -> Any:
        waiting: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        (answer,) = await self.connection.call(event, (payload,), waiting, lambda _: None)
        return answer

    async def close(self) -> None:
        self.connection.end()


class Theirs:
    """A client of python-socketio, and every packet that it has seen."""

    def __init__(self, url: str, transport: Transport, auth: dict[str, str] | None) -> None:
        self.frames: list[str] = []
        self.come = asyncio.Event()
        self.lost_why = ""
        self._client = socketio.AsyncClient(reconnection=False)
        self._url, self._auth = url, auth
        self._transports = ["websocket"] if transport == "websocket" else ["polling", "websocket"]
        handle = self._client.eio.handlers["message"]

        async def recorded(data: Any) -> None:
            self.frames.append(data)
            self.come.set()
            await handle(data)

        self._client.eio.on("message", recorded)
        self._client.on("disconnect", self._lost)

    def _lost(self, reason: str) -> None:
        self.lost_why = reason
        self.come.set()

    async def connect(self) -> None:
        await self._client.connect(self._url, auth=self._auth, transports=self._transports, wait_timeout=DEADLINE_S)

    async def emit(self, event: str, payload: Any) -> None:
        await self._client.emit(event, payload)

    async def call(self, event: str, payload: Any) -> Any:
        return await self._client.call(event, payload)

    async def close(self) -> None:
        await self._client.disconnect()


Client = Ours | Theirs


async def until(client: Client, fact: Callable[[], bool]) -> None:
    """Wait for a fact about what a client has seen."""
    async with asyncio.timeout(DEADLINE_S):
        while not fact():
            client.come.clear()
            await client.come.wait()


@contextlib.asynccontextmanager
async def pair(
    url: str, transport: Transport, auth: dict[str, str] | None = None
) -> AsyncIterator[tuple[Ours, Theirs]]:
    ours, theirs = Ours(url, transport, auth), Theirs(url, transport, auth)
    await ours.connect()
    await theirs.connect()
    yield ours, theirs
    await ours.close()
    await theirs.close()


async def told(url: str, headers: dict[str, str]) -> None:
    """Messages of every kind of text."""
    async with httpx.AsyncClient(base_url=url, headers=headers) as http:
        for content in (
            "plain",
            "umlaut äöü",
            "emoji \U0001f691\U0001f9ef",
            'quote " \\ \u2028',
            "x" * 2000,
            "\u0000\t",
        ):
            body = {"senderDisplayName": "Asha", "content": content}
            answer = await http.post(f"/api/messages/{ROOM}", json=body)
            assert answer.status_code == 201


async def session(url: str, transport: Transport, auth: dict[str, str] | None, headers: dict[str, str]) -> None:
    async with pair(url, transport, auth) as (ours, theirs):
        answers = []
        for client in (ours, theirs):
            await client.emit("sos:room:join", {"sosId": ROOM, "userType": "citizen", "displayName": "same"})
            answers.append(await client.call("message:history:request", {"sosId": ROOM, "limit": 5}))
            await client.emit("message:typing:start", {"displayName": "nobody"})
            await until(client, lambda client=client: any('"error"' in frame for frame in client.frames))
        assert type(answers[0]) is type(answers[1])
        # From here on both are in the room, and are told the very same bytes.
        marks = [len(client.frames) for client in (ours, theirs)]
        await told(url, headers)
        async with pair(url, "websocket", auth) as (third, _):
            await third.emit("sos:room:join", {"sosId": ROOM, "displayName": "third"})
            await third.emit("message:typing:start", {"sosId": ROOM, "displayName": "third"})
            await third.emit("location:update", {"sosId": ROOM, "latitude": 1.5, "longitude": -2e-7, "accuracy": 4})
            await third.emit("sos:status:update", {"sosId": ROOM, "status": "arrived"})
            for client in (ours, theirs):
                await until(client, lambda client=client: any("sos:status:broadcast" in one for one in client.frames))
        seen = [client.frames[mark:] for client, mark in zip((ours, theirs), marks, strict=True)]
        shared = [[one for one in frames if "participant:" not in one] for frames in seen]
        assert shared[0] == shared[1]
        assert sum("message:broadcast" in one for one in shared[0]) == 6
        # What each was told for itself is the same, too, but for who it is and when; acks are numbered from 1 by both.
        own = [[alike(one) for one in client.frames[:mark]] for client, mark in zip((ours, theirs), marks, strict=True)]
        assert sorted(set(own[0])) == sorted(set(own[1]))


def alike(frame: str) -> str:
    return re.sub(r"^3\d+", "3", VARYING.sub("", frame))


@pytest.mark.parametrize("transport", ["websocket", "upgrade"])
def test_both_see_the_same_frames_of_the_reference_service(transport: Transport) -> None:
    with served() as url:
        asyncio.run(session(url, transport, None, {}))


@pytest.mark.peer
@pytest.mark.parametrize("transport", ["websocket", "upgrade"])
def test_both_see_the_same_frames_of_the_official_server(transport: Transport) -> None:
    with peer() as url:
        uvloop.run(session(url, transport, None, {}))


async def refused(url: str) -> list[str]:
    ours, theirs = Ours(url, "websocket", {"token": "none"}), Theirs(url, "websocket", {"token": "none"})
    with pytest.raises(Refused, match="the service refused the connection"):
        await ours.connect()
    with pytest.raises(socketio.exceptions.ConnectionError):
        await theirs.connect()
    return [ours.frames[0], theirs.frames[0]]


@pytest.mark.peer
def test_both_are_refused_in_the_same_words() -> None:
    with peer("--jwt-key", KEY) as url:
        frames = asyncio.run(refused(url))
    assert frames[0] == frames[1]
    assert frames[0].startswith("4")


def test_nobody_who_listens_is_a_failure_with_a_constant_text() -> None:
    async def nobody() -> None:
        await Ours(f"http://127.0.0.1:{free_port()}", "websocket", None).connect()

    with pytest.raises(Failed, match=r"^the connection was refused$"):
        asyncio.run(nobody())


def test_both_notice_that_the_service_has_gone() -> None:
    async def gone() -> list[str]:
        with contextlib.ExitStack() as service:
            url = service.enter_context(served())
            async with pair(url, "websocket") as clients:
                service.close()
                for client in clients:
                    await until(client, lambda client=client: bool(client.lost_why))
                return [client.lost_why for client in clients]

    assert all(asyncio.run(gone()))


@pytest.mark.parametrize(
    ("text", "packet"),
    [
        (b'42["a",1]', (2, "/", -1, ["a", 1])),
        (b'4217["a"]', (2, "/", 17, ["a"])),
        (b'42/admin,["a"]', (2, "/admin", -1, ["a"])),
        (b'42/admin?x=1,3["a"]', (2, "/admin?x=1", 3, ["a"])),
        (b"430[]", (3, "/", 0, [])),
        (b'40{"sid":"x"}', (0, "/", -1, {"sid": "x"})),
        (b"41", (1, "/", -1, None)),
        (b'44/admin,{"message":"no"}', (4, "/admin", -1, {"message": "no"})),
    ],
)
def test_a_packet_is_read_as_the_protocol_says(text: bytes, packet: tuple[Any, ...]) -> None:
    assert codec.decode(text) == packet


@pytest.mark.parametrize(
    "text", [b"", b"4", b"49", b"42", b"42{}", b"42[]", b"42[1]", b"42[", b"43{}", b'42["\xff"]', b"x"]
)
def test_what_is_no_packet_is_refused(text: bytes) -> None:
    with pytest.raises(codec.Malformed):
        codec.decode(text)
