"""Over polling no request is larger than the `maxPayload` of the handshake, however many packets wait."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest
from engineio import packet

from conformance.stage.clients.engine import Engine

MESSAGES = [f"{number}{'x' * 40}" for number in range(9)]


class Recording(Engine):
    """Keeps the bodies of its requests, and ends when all that waited is sent."""

    def __init__(self, most: int | None, transport: str = "polling") -> None:
        super().__init__()
        self.bodies: list[str] = []
        self.state, self.current_transport = "connected", transport
        self.ping_interval = self.ping_timeout = 1
        self._opening = "0" + json.dumps({"sid": "x"} if most is None else {"sid": "x", "maxPayload": most})

    async def _send_request(self, method: Any, url: str, *args: Any, **options: Any) -> Any:
        self.bodies.append(options["body"])
        return SimpleNamespace(status=200)


async def sent(engine: Recording, messages: list[Any]) -> list[str]:
    engine.base_url = "http://127.0.0.1"
    for message in messages:
        engine.queue.put_nowait(packet.Packet(packet.MESSAGE, message))
    writing = asyncio.ensure_future(engine._write_loop())
    await asyncio.wait_for(engine.queue.join(), timeout=5)
    engine.queue.put_nowait(None)
    await asyncio.wait_for(writing, timeout=5)
    return engine.bodies


@pytest.mark.parametrize("most", [43, 84, 85, 90, 130, 200])
def test_a_request_is_not_larger_than_max_payload(most: int) -> None:
    bodies = asyncio.run(sent(Recording(most), MESSAGES))
    assert max(len(body.encode()) for body in bodies) <= most
    assert [part[1:] for body in bodies for part in body.split("\x1e")] == MESSAGES
    assert len(bodies) == -(-len(MESSAGES) // ((most + 1) // 43)), "a request takes as many packets as fit"


def test_letters_are_counted_in_bytes_and_binary_as_its_text() -> None:
    bodies = asyncio.run(sent(Recording(100), ["é" * 30, "é" * 30, b"b" * 60, b"b" * 60]))
    assert max(len(body.encode()) for body in bodies) <= 100
    assert len(bodies) == 4


def test_a_packet_that_is_larger_by_itself_is_sent_alone() -> None:
    bodies = asyncio.run(sent(Recording(20), MESSAGES[:3]))
    assert [body[1:] for body in bodies] == MESSAGES[:3]


def test_without_a_limit_all_that_waits_goes_together() -> None:
    assert len(asyncio.run(sent(Recording(None), MESSAGES))) == 1
