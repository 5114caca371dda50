"""Posts messages into all rooms in turn, on an open schedule, and then waits to be ended.

publisher.py PORT ROOM ROOMS RATE BEGIN_NS COUNT: rooms are ROOM-0, ROOM-1 and so on; message number n of COUNT is due
n/RATE seconds after BEGIN_NS of the monotonic clock, and goes into room n % ROOMS. Bodies are those of a load, marks
and all; what publishes into a room counts as the socket of its number.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import uvloop

from contracts.load import DEFAULT_BUNDLE
from contracts.load import load as bundle_of
from loadtests.dialects.mark import Mark
from loadtests.dialects.selection import words_of

LANE_PER_S = 200.0
"""Messages a second of one connection; a room has always the same."""


async def main(port: int, room: str, rooms: int, rate: float, begin_ns: int, count: int) -> None:
    """Post on as many connections as the rate needs, after it has said `ready`."""
    print("ready", flush=True)
    lanes = min(rooms, max(1, round(rate / LANE_PER_S)))
    await asyncio.gather(
        *(lane(port, room, rooms, rate, begin_ns, range(count), (index, lanes)) for index in range(lanes))
    )


async def lane(
    port: int, room: str, rooms: int, rate: float, begin_ns: int, numbers: range, which: tuple[int, int]
) -> None:  # fmt: skip
    """Post the messages of some of the rooms, pipelined: answers are read and dropped."""
    index, lanes = which
    words = words_of(bundle_of(DEFAULT_BUNDLE))
    way = words.writing
    assert way.call is not None
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    drain = asyncio.create_task(dropped(reader))
    for number in numbers:
        socket = number % rooms
        if socket % lanes == index:
            name = f"{room}-{socket}"
            mark = Mark(name, words.stream(socket, way, name), number // rooms)
            body = json.dumps(way.payload(name, mark)).encode()
            head = f"POST {words.path(way.call, name)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            await asyncio.sleep(max(0.0, (begin_ns - time.monotonic_ns()) / 1e9 + number / rate))
            writer.write(head.encode() + body)
    await drain


async def dropped(reader: asyncio.StreamReader) -> None:
    """Read whatever comes."""
    while await reader.read(1 << 16):
        pass


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), *map(int, sys.argv[5:])))
