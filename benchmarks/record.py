"""What `roomcheck record` adds to a delivery: latencies with and without it in one run, and whether it loses any.

    python -m benchmarks.record [--turns 5] [--seconds 4]

A service of its own sends broadcasts to rooms of ten sockets, with the time at which each was sent; clients in this
process take the time at which it came. Turns alternate between a direct connection and the proxy, so that both see the
same machine.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import uvloop
from aiohttp import web

from conformance.journal.records import read
from conformance.model.transcript import Got

SOCKETS = 200
ROOM = 10
RATES = (500, 5_000)
"""Deliveries a second."""

OPENING = json.dumps(
    {"sid": "s", "upgrades": [], "pingInterval": 60_000, "pingTimeout": 60_000, "maxPayload": 1_000_000}
)


def serve() -> None:
    """A Socket.IO service that sends what it is asked for: `GET /burst?rate=500&seconds=4`."""
    rooms: list[list[web.WebSocketResponse]] = [[]]

    async def sockets(request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(compress=False)
        await ws.prepare(request)
        await ws.send_str("0" + OPENING)
        async for message in ws:
            if message.data == "40":
                await ws.send_str('40{"sid":"x"}')
                if len(rooms[-1]) == ROOM:
                    rooms.append([])
                rooms[-1].append(ws)
        for room in rooms:
            if ws in room:
                room.remove(ws)
        return ws

    async def burst(request: web.Request) -> web.Response:
        rate, seconds = int(request.query["rate"]), float(request.query["seconds"])
        full = [room for room in rooms if room]
        every_s, sent, number = ROOM / rate, 0, 0
        began_s = time.monotonic()
        while (due_s := number * every_s) < seconds:
            await asyncio.sleep(max(0.0, began_s + due_s - time.monotonic()))
            for ws in full[number % len(full)]:
                # A service stamps a delivery as it sends it: what it takes itself is no matter of the proxy.
                stamp = time.monotonic_ns()
                await ws.send_str(f'42["tick",{{"at":{stamp},"n":{number},"text":"{"x" * 120}"}}]')
                sent += 1
            number += 1
        return web.json_response({"sent": sent})

    async def run() -> None:
        app = web.Application()
        app.add_routes([web.get("/socket.io/", sockets), web.get("/burst", burst)])
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
        await asyncio.Event().wait()

    uvloop.run(run())


@contextlib.contextmanager
def program(*words: str, said: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A program, and what it printed of its address."""
    started = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=os.environ | {"COLUMNS": "120"})
    try:
        assert started.stdout is not None
        found = next(match[1] for line in started.stdout if (match := re.search(said, line)))
        yield started, found
    finally:
        started.kill()
        started.wait()


@contextlib.asynccontextmanager
async def connected(url: str, took_ms: list[float]) -> AsyncIterator[list[int]]:
    """Sockets that note how long each delivery took; gives a list whose one number is how many came."""
    came = [0]

    async def listen(ws: aiohttp.ClientWebSocketResponse) -> None:
        async for message in ws:
            now = time.monotonic_ns()
            if message.data.startswith('42["tick",{"at":'):
                came[0] += 1
                took_ms.append((now - int(message.data[16 : message.data.index(",", 16)])) / 1e6)

    pool = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=pool) as session, contextlib.AsyncExitStack() as stack:
        tasks = []
        for _ in range(SOCKETS):
            ws = await stack.enter_async_context(session.ws_connect(f"{url}/socket.io/?EIO=4&transport=websocket"))
            await ws.receive()
            await ws.send_str("40")
            await ws.receive()
            tasks.append(asyncio.create_task(listen(ws)))
        yield came
        for task in tasks:
            task.cancel()


async def turn(service: str, through: str, rate: int, seconds: float) -> tuple[list[float], int]:
    """(ms of each delivery, how many were lost) of one turn."""
    took_ms: list[float] = []
    async with connected(through, took_ms) as came, aiohttp.ClientSession() as session:
        async with session.get(f"{service}/burst?rate={rate}&seconds={seconds}") as answer:
            sent = (await answer.json())["sent"]
        until_s = time.monotonic() + 10
        while came[0] < sent and time.monotonic() < until_s:  # noqa: ASYNC110 - an event for each would cost time
            await asyncio.sleep(0.01)
        return took_ms, sent - came[0]


def percentile(values: list[float], part: float) -> float:
    """A percentile of values."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


async def measured(service: str, proxy: str, turns: int, seconds: float) -> tuple[list[str], int]:
    """The rows of the table, and how many deliveries passed the proxy."""
    rows, passed = [], 0
    for rate in RATES:
        figures: dict[str, list[tuple[float, float]]] = {"direct": [], "record": []}
        lost = 0
        for number in range(turns):
            roads = [("direct", service), ("record", proxy)]
            for road, url in roads if number % 2 else reversed(roads):
                took_ms, missed = await turn(service, url, rate, seconds)
                figures[road].append((percentile(took_ms, 0.5), percentile(took_ms, 0.99)))
                lost += missed
                passed += len(took_ms) if road == "record" else 0
        medians = {
            road: [statistics.median(col) for col in zip(*rows_, strict=True)] for road, rows_ in figures.items()
        }
        (direct50, direct99), (record50, record99) = medians["direct"], medians["record"]
        rows.append(
            f"| {rate:,} | {direct50:.2f} / {direct99:.2f} | {record50:.2f} / {record99:.2f} |"
            f" {record99 - direct99:+.2f} | {lost} |"
        )
    return rows, passed


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--turns", type=int, default=5)
    options.add_argument("--seconds", type=float, default=4.0)
    options.add_argument("--serve", action="store_true")
    given = options.parse_args()
    if given.serve:
        serve()
        return
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "recording.ndjson"
        with program(sys.executable, "-m", "benchmarks.record", "--serve", said=r"(http\S+)") as (_, service):
            words = (sys.executable, "-m", "cli", "record", service, "--port", "0", "--journal", str(journal))
            with program(*words, said=r" on (http\S+);") as (proxy, url):
                rows, passed = uvloop.run(measured(service, url, given.turns, given.seconds))
                proxy.send_signal(signal.SIGINT)
                proxy.wait(120)
        print(
            "| deliveries/s | direct p50 / p99 ms | record p50 / p99 ms | p99 added ms | lost |\n|---|---|---|---|---|"
        )
        print("\n".join(rows))
        entries = sum(isinstance(entry, Got) for one in read(journal).transcripts for entry in one.entries)
        print(f"passed the proxy: {passed:,} deliveries; recorded: {entries:,}")


if __name__ == "__main__":
    main()
