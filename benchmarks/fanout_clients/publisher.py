"""Posts messages into all rooms in turn, on an open schedule, until it is ended: publisher.py PORT ROOMS RATE."""

from __future__ import annotations

import asyncio
import json
import sys
import time


async def main(port: int, rooms: int, rate: float) -> None:
    """One connection for each 200 messages a second, so that no answer is waited for by the next message."""
    lanes = max(1, round(rate / 200))
    await asyncio.gather(*(lane(port, rooms, rate / lanes, index) for index in range(lanes)))


async def lane(port: int, rooms: int, rate: float, index: int) -> None:
    """Post at a rate, pipelined: answers are read and dropped."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    drain = asyncio.create_task(dropped(reader))
    due_s, number = time.monotonic() + index / rate / 10, 0
    while not drain.done():
        body = json.dumps({"senderDisplayName": "bench", "content": f"message {index} {number}"}).encode()
        head = f"POST /api/messages/bench-{number % rooms} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        number += 1
        due_s += 1 / rate
        await asyncio.sleep(max(0.0, due_s - time.monotonic()))


async def dropped(reader: asyncio.StreamReader) -> None:
    """Read whatever comes."""
    while await reader.read(1 << 16):
        pass


asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
