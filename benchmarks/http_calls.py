"""What a call costs the load's own HTTP client, and aiohttp's in its place: in the same thread, at the same rate.

Each client runs as the load runs it: in the event loop of a native thread, in a process that gevent has patched. The
service answers from a core of its own. Usage: python -m benchmarks.http_calls [calls a second ...].
"""

from __future__ import annotations

import gevent.monkey

gevent.monkey.patch_all()

import asyncio  # noqa: E402 - gevent has to come first, as in Locust
import subprocess  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Awaitable, Callable  # noqa: E402
from statistics import median  # noqa: E402
from typing import Any  # noqa: E402

import aiohttp  # noqa: E402

from loadtests.worker.wire.http import Http  # noqa: E402
from loadtests.worker.wire.thread import Thread  # noqa: E402
from loadtests.worker.wire.timer import Timer  # noqa: E402

SECONDS = 4.0
TURNS = 3
AT_ONCE = 64
"""How many calls are under way at a time where as many are made as there can be."""

RATES = (500, 2000)
BODY = b'{"senderDisplayName":"load","content":"load-12345678-Chat-0-0 1234 5678"}'
SERVICE = """
import asyncio, uvloop
ANSWER = b'{"success":true,"data":{"id":"0123456789abcdef","sosId":"load-12345678-Chat-0-0","content":"1234 5678"}}'
HEAD = b"HTTP/1.1 201 Created\\r\\nContent-Type: application/json\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(ANSWER)
class Served(asyncio.Protocol):
    def connection_made(self, transport): self.transport = transport
    def data_received(self, data): self.transport.write(data.count(b"POST ") * (HEAD + ANSWER))
async def main():
    server = await asyncio.get_running_loop().create_server(Served, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
uvloop.run(main())
"""
Call = Callable[[], Awaitable[Any]]


async def at_rate(call: Call, rate: float) -> tuple[float, float]:
    """Calls at a rate, evenly: how many were made a second, and the us of this thread's CPU of each."""
    alarm, tasks = Timer(), set[asyncio.Future[Any]]()
    began_s, used_s, made = time.monotonic(), time.thread_time(), 0
    while (due_s := made / rate) < SECONDS:
        await alarm.until(int((began_s + due_s) * 1e9))
        task = asyncio.ensure_future(call())
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        made += 1
    await asyncio.gather(*tasks)
    took_s, used_s = time.monotonic() - began_s, time.thread_time() - used_s
    alarm.close()
    return made / took_s, used_s / made * 1e6


async def at_most(call: Call) -> tuple[float, float]:
    """As many calls as can be made: how many a second, and the us of this thread's CPU of each."""
    end_s, made = time.monotonic() + SECONDS, 0

    async def go() -> None:
        nonlocal made
        while time.monotonic() < end_s:
            await call()
            made += 1

    used_s = time.thread_time()
    await asyncio.gather(*(go() for _ in range(AT_ONCE)))
    return made / SECONDS, (time.thread_time() - used_s) / made * 1e6


async def with_ours(url: str, measure: Callable[[Call], Awaitable[Any]]) -> Any:
    """Measure the load's own client."""
    http = Http(url)

    async def call() -> None:
        status, _ = await http.call("POST", "/api/messages/x", lambda: BODY, "Authorization: Bearer abc\r\n")
        assert status == 201

    try:
        return await measure(call)
    finally:
        http.close()


async def with_aiohttp(url: str, measure: Callable[[Call], Awaitable[Any]]) -> Any:
    """Measure aiohttp's, on sockets that are not gevent's."""
    pristine = gevent.monkey.get_original("socket", "socket")
    connector = aiohttp.TCPConnector(
        limit=1000, socket_factory=lambda info: pristine(info[0], info[1], info[2]), resolver=aiohttp.ThreadedResolver()
    )
    headers = {"Authorization": "Bearer abc", "Content-Type": "application/json"}
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, headers=headers) as session:

        async def call() -> None:
            async with session.post(f"{url}/api/messages/x", data=BODY) as answer:
                await answer.read()
                assert answer.status == 201

        return await measure(call)


def main() -> None:
    """Measure in turns, and print a table."""
    rates = [float(word) for word in sys.argv[1:]] or list(RATES)
    with subprocess.Popen([sys.executable, "-c", SERVICE], stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        url = f"http://127.0.0.1:{service.stdout.readline().strip()}"
        thread = Thread()
        print("| calls/s asked for | client | calls/s | us of CPU a call |\n|---|---|---:|---:|")
        for rate in (*rates, None):
            measure: Any = at_most if rate is None else lambda call, rate=rate: at_rate(call, rate)
            found: dict[str, list[tuple[float, float]]] = {"ours": [], "aiohttp": []}
            for _ in range(TURNS):
                for name, client in (("ours", with_ours), ("aiohttp", with_aiohttp)):
                    found[name].append(thread.ask(lambda client=client, measure=measure: client(url, measure)))
            for name, turns in found.items():
                made, used = (median(column) for column in zip(*turns, strict=True))
                asked = "as many as there can be" if rate is None else f"{rate:.0f}"
                print(f"| {asked} | {name} | {made:.0f} | {used:.0f} |", flush=True)
        thread.stop()
        service.terminate()


if __name__ == "__main__":
    main()
