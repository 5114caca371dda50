"""python-socketio's own client on uvloop: python_socketio.py PORT SOCKETS ROOMS SECONDS; speaks as floor.c does."""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time

import socketio
import uvloop

delivered = 0


def cpu_s() -> float:
    """What this process has used so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def opened(port: int, number: int, rooms: int) -> socketio.AsyncClient:
    """A socket that has joined its room."""
    client = socketio.AsyncClient(reconnection=False)

    def heard(payload: object) -> None:
        global delivered
        delivered += 1

    client.on("message:broadcast", heard)
    await client.connect(f"http://127.0.0.1:{port}", transports=["websocket"])
    room = {"sosId": f"bench-{number % rooms}"}
    await client.emit("sos:room:join", room)
    await client.call("participants:active:request", room, timeout=20)
    return client


async def main(port: int, sockets: int, rooms: int, seconds: float) -> None:
    """Connect, say so, wait for a word, count."""
    global delivered
    clients = []
    for begin in range(0, sockets, 50):
        numbers = range(begin, min(begin + 50, sockets))
        clients += await asyncio.gather(*(opened(port, number, rooms) for number in numbers))
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    delivered, before, began = 0, cpu_s(), time.monotonic()
    await asyncio.sleep(seconds)
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told = {"deliveries": delivered, "cpu_s": cpu_s() - before, "wall_s": time.monotonic() - began, "rss_kb": rss}
    print(json.dumps(told), flush=True)


uvloop.run(main(*map(int, sys.argv[1:])))
