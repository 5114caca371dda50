"""What a full check costs: wall time on a local service, and round trips where the network is slow.

    python benchmarks/check.py

The baseline is measured in the same run: one bare connection with one request and its answer, over the same
road. Round trips are the time that the delay added, divided by the delay of one.
"""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

KEY = "a key for the benchmark alone, which is long enough"
RUNS = 5
DELAY_S = 0.1
"""Added to each direction, so that a round trip takes twice as long."""
MOST_LOCAL_S = 3.0
MOST_ROUND_TRIPS = 40
SPARE_S = 2.0


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The reference service in a process of its own."""
    words = [sys.executable, "-m", "cli", "serve", "--port", "0", "--jwt-key", KEY, "--admin"]
    program = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    try:
        yield program.stdout.readline().split()[2].rstrip(",")
    finally:
        program.kill()
        program.wait()


@contextlib.asynccontextmanager
async def delayed(url: str) -> AsyncIterator[str]:
    """A proxy that holds every byte back by `DELAY_S`, in order, in each direction."""
    port = int(url.rpartition(":")[2])
    loop = asyncio.get_running_loop()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            loop.call_later(DELAY_S, writer.write, data)
        loop.call_later(DELAY_S, writer.close)

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            there, back = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(pump(reader, back), pump(there, writer))

    server = await asyncio.start_server(join, "127.0.0.1", 0, backlog=1024)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def proxy(url: str) -> None:
    """Serve the delaying proxy until the parent goes away; says its address first."""
    async with delayed(url) as there:
        print(there, flush=True)
        await asyncio.to_thread(sys.stdin.read)


@contextlib.contextmanager
def proxied(url: str) -> Iterator[str]:
    """The delaying proxy in a process of its own."""
    words = [sys.executable, __file__, "--proxy", url]
    program = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    try:
        yield program.stdout.readline().strip()
    finally:
        program.kill()
        program.wait()


def check(url: str) -> tuple[float, dict[str, int]]:
    """Seconds of one full check, and its verdicts."""
    from conformance.engine.check import CheckRequest, Result
    from conformance.engine.check import check as whole
    from conformance.judge.rule import rules
    from conformance.model.verdict import summary
    from conformance.support.event_loop import on_uvloop
    from conformance.target.resolve import of_embedded
    from contracts.load import load

    order = CheckRequest(bundle=load("sos"), target=of_embedded(url, KEY), rules=rules())
    began_s = time.perf_counter()
    result: Result = on_uvloop(whole(order, lambda record: None), quiet=True)
    return time.perf_counter() - began_s, summary(result.verdicts)


def command(url: str) -> float:
    """Seconds of the whole command, interpreter and imports included."""
    began_s = time.perf_counter()
    words = [sys.executable, "-m", "cli", "check", url, "--jwt-key", KEY, "--quiet"]
    subprocess.run(words, cwd=ROOT, check=True)
    return time.perf_counter() - began_s


def bare(url: str) -> float:
    """Seconds of one connection, one request and its answer: what no check can do without."""
    import socketio

    from conformance.target.target import Auth, Person

    async def one() -> float:
        began_s = time.perf_counter()
        client = socketio.AsyncClient(reconnection=False)
        token = Auth(key=KEY).signed(Person(user="bare", role="CITIZEN"), KEY)
        await client.connect(url, transports=["websocket"], auth={"token": token}, wait_timeout=10)
        await client.call("participants:active:request", {"sosId": "bare"})
        took_s = time.perf_counter() - began_s
        await client.disconnect()
        return took_s

    return asyncio.run(one())


def main() -> int:
    """Measure and print; the exit code says whether the bounds are kept."""
    with served() as url:
        check(url)
        local = [check(url) for _ in range(RUNS)]
        commands = [command(url) for _ in range(RUNS)]
        bare_local_s = statistics.median(bare(url) for _ in range(RUNS))
        with proxied(url) as slow:
            bare_slow_s = statistics.median(bare(slow) for _ in range(RUNS))
            far = [check(slow) for _ in range(RUNS)]
    local_s = statistics.median(took for took, _ in local)
    far_s = statistics.median(took for took, _ in far)
    trips = (far_s - local_s) / (2 * DELAY_S)
    bound_s = MOST_ROUND_TRIPS * 2 * DELAY_S + SPARE_S
    worst_s = max(took for took, _ in far)
    print(f"verdicts of a check              {local[-1][1]}")
    print(f"one connection and one request   {bare_local_s * 1000:8.1f} ms local, {bare_slow_s:6.2f} s delayed")
    print(f"a full check, local              {local_s:8.2f} s   (at most {MOST_LOCAL_S:g} s)")
    print(f"the whole command, local         {statistics.median(commands):8.2f} s")
    print(f"a full check, 100 ms each way    {far_s:8.2f} s   (at most {bound_s:g} s; slowest {worst_s:.2f} s)")
    print(f"round trips that it waits for    {trips:8.1f}     (at most {MOST_ROUND_TRIPS})")
    clean = all(found["fail"] + found["error"] == 0 for _, found in local + far)
    print(f"accusations of the honest service in {len(local + far)} runs: {'none' if clean else 'SOME'}")
    kept = local_s <= MOST_LOCAL_S and worst_s <= bound_s and clean
    return 0 if kept else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--proxy"]:
        asyncio.run(proxy(sys.argv[2]))
    else:
        raise SystemExit(main())
