"""A whole check of the honest service, embedded and in a process of its own."""

import asyncio
from pathlib import Path

import pytest

from conformance.engine.check import CheckRequest, check
from conformance.engine.selftest import KEY
from conformance.journal.records import Record
from conformance.judge.rule import rules
from conformance.model.act import Transport
from conformance.model.verdict import summary
from conformance.reference.host import embedded
from conformance.target.resolve import of_embedded
from contracts.load import load
from tests import honest
from tests.running import roomcheck, served

OTHERS: tuple[Transport, ...] = ("polling", "upgrade")
"""Besides websocket."""


@pytest.mark.parametrize(
    "transport", ["polling", *(pytest.param(t, marks=pytest.mark.long) for t in ("websocket", "upgrade"))]
)
def test_the_honest_service_holds_in_every_clause(transport: Transport) -> None:
    records: list[Record] = []

    async def whole():
        async with embedded(key=KEY) as (url,):
            order = CheckRequest(
                bundle=load("sos"), target=of_embedded(url, KEY), rules=rules(), transports=(transport,)
            )
            return await check(order, records.append)

    result = asyncio.run(whole())
    counts = summary(result.verdicts)
    assert [v.message for v in result.verdicts if v.outcome.value != "pass"] == []
    assert result.not_exercised == []
    assert counts["pass"] > 150


@pytest.mark.parametrize("transport", ["websocket", *(pytest.param(t, marks=pytest.mark.long) for t in OTHERS)])
def test_the_served_service_holds_in_every_clause(transport: Transport) -> None:
    with served("--jwt-key", KEY, "--admin") as url:
        run = roomcheck("check", url, "--jwt-key", KEY, "--transport", transport, "--admin")
    assert honest.holds() in run.stdout, run.stdout
    assert run.returncode == 0


def test_a_thousand_sockets_in_one_room_hear_every_message_once_and_in_order() -> None:
    count, messages = 1000, 5

    async def whole(url: str) -> list[list[str]]:
        import httpx
        import socketio

        heard: list[list[str]] = [[] for _ in range(count)]
        joined = asyncio.Semaphore(100)
        done = asyncio.Event()
        left = count * messages

        async def one(number: int) -> socketio.AsyncClient:
            nonlocal left
            client = socketio.AsyncClient(reconnection=False, handle_sigint=False)

            def on_message(payload: dict[str, str]) -> None:
                nonlocal left
                heard[number].append(payload["content"])
                left -= 1
                if left == 0:
                    done.set()

            client.on("message:broadcast", on_message)
            async with joined:
                await client.connect(url, transports=["websocket"], wait_timeout=20)
                await client.emit("sos:room:join", {"sosId": "thousand"})
                await client.call("message:history:request", {"sosId": "thousand", "limit": 1}, timeout=30)
            return client

        clients = await asyncio.gather(*map(one, range(count)))
        roster = await clients[0].call("participants:active:request", {"sosId": "thousand"}, timeout=30)
        assert {one["socketId"] for one in roster["participants"]} == {client.get_sid() for client in clients}
        async with httpx.AsyncClient(base_url=url, timeout=30) as api:
            for number in range(messages):
                body = {"senderDisplayName": "desk", "content": f"message {number}"}
                assert (await api.post("/api/messages/thousand", json=body)).status_code == 201
        async with asyncio.timeout(30):
            await done.wait()
        await asyncio.gather(*(client.disconnect() for client in clients))
        return heard

    with served() as url:
        heard = asyncio.run(whole(url))
    assert heard == [[f"message {number}" for number in range(messages)]] * count


def test_messages_are_kept_in_the_database(tmp_path: Path) -> None:
    import httpx

    file = tmp_path / "messages.db"
    for expected in (1, 2):
        with served("--database", str(file)) as url:
            body = {"senderDisplayName": "desk", "content": "kept"}
            assert httpx.post(f"{url}/api/messages/kept", json=body).status_code == 201
            assert httpx.get(f"{url}/api/messages/kept").json()["pagination"]["total"] == expected
