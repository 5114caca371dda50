"""Packets that wait are sent together as far as one request may carry them."""

import asyncio
from typing import Any

import pytest
from engineio.packet import MESSAGE, Packet

from conformance.stage.clients.batches import Batches


def text(size: int) -> Packet:
    """A packet of so many bytes, with its type."""
    return Packet(MESSAGE, data="x" * (size - 1))


async def batches(most_bytes: int | None, *packets: Packet | None) -> list[list[Any]]:
    """What is sent together, as the client library takes it out."""
    waiting = Batches(lambda: most_bytes)
    for packet in packets:
        waiting.put_nowait(packet)
    taken: list[list[Any]] = []
    while waiting.qsize():
        taken.append([await waiting.get()])
        try:
            while True:
                taken[-1].append(waiting.get_nowait())
        except asyncio.QueueEmpty:
            continue
    return taken


@pytest.mark.parametrize(
    ("most_bytes", "packets", "counts"),
    [
        pytest.param(None, (text(10),) * 3, [3], id="no limit"),
        pytest.param(32, (text(10),) * 3, [3], id="three and two separators fit"),
        pytest.param(31, (text(10),) * 3, [2, 1], id="a byte less"),
        pytest.param(5, (text(10),) * 2, [1, 1], id="one that is too large goes alone"),
        pytest.param(21, (text(10), None), [2], id="the mark at the end takes no room"),
        # 6 bytes are 8 characters of base64 behind the `b` that marks them.
        pytest.param(19, (text(9), Packet(MESSAGE, data=b"x" * 6)), [2], id="binary data in base64"),
        pytest.param(18, (text(9), Packet(MESSAGE, data=b"x" * 6)), [1, 1], id="a byte less than that"),
    ],
)
def test_a_batch_is_as_large_as_the_service_takes(
    most_bytes: int | None, packets: tuple[Packet | None, ...], counts: list[int]
) -> None:
    taken = asyncio.run(batches(most_bytes, *packets))
    assert [len(batch) for batch in taken] == counts
    assert [packet for batch in taken for packet in batch] == list(packets), "nothing is left out, and in order"
