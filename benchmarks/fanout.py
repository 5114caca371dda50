"""What a delivery costs a client: the floor in C, the usual clients, and this tool with all that it accounts for.

One server (the official Socket.IO on Node) and one publisher on one core, one client at a time on another; only the
client's CPU is counted, in a window in which nothing but deliveries happens. Usage: fanout.py [--large].
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parent.parent
CLIENTS = Path(__file__).parent / "fanout_clients"
SERVER_CORE, CLIENT_CORE = "0", "1"
SECONDS = 8
WARM_S = 3
DEADLINE_S = 150
TURNS = 3
"""How often each of two is measured, one after the other, where the difference is of the size of the noise."""

Told = dict[str, Any]


def pinned(core: str, *words: str) -> list[str]:
    """A command on one core."""
    return ["taskset", "-c", core, *words]


@contextlib.contextmanager
def server() -> Iterator[int]:
    """The peer on Node's official server; its port."""
    words = pinned(SERVER_CORE, "node", str(ROOT / "tests/peers/node/server.js"), "--port", "0")
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            yield int(json.loads(program.stdout.readline())["url"].rpartition(":")[2])
        finally:
            program.terminate()


@contextlib.contextmanager
def publisher(port: int, rooms: int, rate: float) -> Iterator[None]:
    """Messages into all rooms in turn, from the server's core."""
    words = pinned(SERVER_CORE, sys.executable, str(CLIENTS / "publisher.py"), str(port), str(rooms), str(rate))
    with subprocess.Popen(words) as program:
        try:
            yield
        finally:
            program.terminate()


def baseline(words: list[str], sockets: int, rooms: int, rate: float, environment: dict[str, str]) -> Told:
    """Run one of the other clients; what it told."""
    with server() as port:
        given = [word.format(port=port) for word in words]
        with subprocess.Popen(
            pinned(CLIENT_CORE, *given), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
            env=os.environ | environment, stderr=subprocess.DEVNULL,
        ) as client:  # fmt: skip
            assert client.stdout is not None
            assert client.stdin is not None
            if client.stdout.readline().strip() != "ready":
                raise SystemExit(f"{given}: not ready")
            with publisher(port, rooms, rate):
                # The window begins when the publisher has long begun.
                with contextlib.suppress(subprocess.TimeoutExpired):
                    client.wait(timeout=1.5)
                client.stdin.write("\n")
                client.stdin.flush()
                told: Told = json.loads(client.stdout.readline())
            client.kill()
            return told


def ours(sockets: int, rooms: int, rate: float) -> Told:
    """Run this tool inside Locust: ledger, latency, contracts; it publishes by itself, which costs it, too."""
    with server() as port, tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "load.ndjson"
        users = 10
        words = [
            sys.executable, "-m", "locust", "-f", "loadtests/locustfile.py", "Chat", "--headless", "--only-summary",
            "--host", f"http://127.0.0.1:{port}", "-u", str(users), "-r", str(users), "--journal", str(journal),
            "--sockets-per-user", str(sockets // users), "--room-size", str(sockets // rooms),
            "--chat-rate", str(rate / rooms), "-t", f"{connecting_s(sockets) + WARM_S + SECONDS + 3}s",
        ]  # fmt: skip
        run = subprocess.run(
            pinned(CLIENT_CORE, *words), cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE_S, check=False
        )
        if run.returncode not in (0, 4):
            raise SystemExit(run.stderr[-2000:])
        records = [json.loads(line) for line in journal.read_text().splitlines()]
    ledger = next(line for line in run.stderr.splitlines() if line.startswith("ledger: "))
    return window([one for one in records if one["kind"] == "measured" and one["deliveries"]]) | {"ledger": ledger}


def connecting_s(sockets: int) -> int:
    """How long the sockets may take to come."""
    return 4 + sockets // 250


def window(measured: list[Told]) -> Told:
    """Deliveries and CPU between two records of a run: the last, and that of the window's length before it."""
    last = measured[-1]
    first = next(one for one in measured if one["at_s"] >= last["at_s"] - SECONDS - 0.5)
    used = [one["workers"]["local"] for one in (first, last)]
    return {
        "deliveries": last["deliveries"] - first["deliveries"],
        "cpu_s": used[1]["cpu_s"] - used[0]["cpu_s"],
        "wall_s": last["at_s"] - first["at_s"],
        "rss_kb": used[1]["rss_kb"],
    }


def clients(sockets: int, rooms: int, folder: Path) -> dict[str, list[str]]:
    """The other clients, by what they are; {port} stands for the server's."""
    subprocess.run(["cc", "-O2", "-o", str(folder / "floor"), str(CLIENTS / "floor.c")], check=True)
    arguments = ["{port}", str(sockets), str(rooms), str(SECONDS)]
    return {
        "C, epoll, nothing decoded (the floor)": [str(folder / "floor"), *arguments],
        "socket.io-client on Node": ["node", str(CLIENTS / "socketio_client.mjs"), *arguments],
        "python-socketio on uvloop": [sys.executable, str(CLIENTS / "python_socketio.py"), *arguments],
        "Locust's SocketIOUser": [
            sys.executable, "-m", "locust", "-f", str(CLIENTS / "socketio_user.py"), "--headless", "--host",
            "http://127.0.0.1:{port}", "-u", str(sockets), "-r", "100", "-t", "120s", "--only-summary",
        ],
    }  # fmt: skip


def compare(sockets: int, rooms: int, rate: float, slow_rate: float) -> None:
    """One table: every client at the rate, the slow ones at one that they can follow."""
    print(f"\n{sockets} sockets in {rooms} rooms, {rate:.0f} messages a second, {SECONDS} s\n")
    print(f"| {'client':42} | deliveries | per CPU second | of the floor | delivered of due |")
    print(f"|{'-' * 44}|-----------:|---------------:|-------------:|-----------------:|")
    environment = {"BENCH_SOCKETS": str(sockets), "BENCH_ROOMS": str(rooms), "BENCH_SECONDS": str(SECONDS)}
    floor = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for name, words in clients(sockets, rooms, Path(folder)).items():
            own = slow_rate if "Locust" in name or "python-socketio" in name else rate
            told = baseline(words, sockets, rooms, own, environment)
            floor = floor or told["deliveries"] / told["cpu_s"]
            row(f"{name}, {own:.0f}/s", told, floor, own * sockets / rooms)
    for own in (slow_rate, rate):
        told = ours(sockets, rooms, own)
        row(f"Roomcheck in Locust, all on, {own:.0f}/s", told, floor, own * sockets / rooms)
        print(f"  {told['ledger']}; {told['rss_kb'] / 1024:.0f} MB", file=sys.stderr)


def by_fan_out(sockets: int, deliveries_per_s: float) -> None:
    """The same deliveries a second from fewer and fewer messages: ours publishes them itself, the floor does not."""
    print(
        f"\n{sockets} sockets, {deliveries_per_s:.0f} deliveries a second: how much of the cost is that of publishing\n"
    )
    print("| fan-out | messages/s | the floor, per CPU second | Roomcheck, per CPU second | of the floor |")
    print("|--------:|-----------:|--------------------------:|--------------------------:|-------------:|")
    with tempfile.TemporaryDirectory() as folder:
        for rooms in (20, 5, 2):
            fan_out = sockets // rooms
            rate = deliveries_per_s / fan_out
            words = next(iter(clients(sockets, rooms, Path(folder)).values()))
            told = [baseline(words, sockets, rooms, rate, {}), ours(sockets, rooms, rate)]
            floor, own = (one["deliveries"] / one["cpu_s"] for one in told)
            print(f"| {fan_out:7} | {rate:10.0f} | {floor:25,.0f} | {own:25,.0f} | {own / floor:12.2f} |", flush=True)


def row(name: str, told: Told, floor: float, due_per_s: float) -> None:
    """One client."""
    rate = told["deliveries"] / told["cpu_s"]
    share = told["deliveries"] / (due_per_s * told["wall_s"])
    print(
        f"| {name:42} | {told['deliveries']:10,} | {rate:14,.0f} | {rate / floor:12.2f} | {share:16.1%} |", flush=True
    )


def large() -> None:
    """The same cost at ten thousand sockets, and the memory of each: medians of runs in turn."""
    print("\n| sockets | rooms | messages/s | per CPU second (least to most) | µs a delivery | RSS MB | KB a socket |")
    print("|--------:|------:|-----------:|-------------------------------:|--------------:|-------:|------------:|")
    shapes = ((1000, 20), (10_000, 200))
    rate = 600.0
    runs: dict[int, list[Told]] = {sockets: [] for sockets, _ in shapes}
    for _ in range(TURNS):
        for sockets, rooms in shapes:
            runs[sockets].append(ours(sockets, rooms, rate))
    memory = {sockets: median(one["rss_kb"] for one in told) for sockets, told in runs.items()}
    for sockets, rooms in shapes:
        per = sorted(one["deliveries"] / one["cpu_s"] for one in runs[sockets])
        more = sockets - shapes[0][0]
        each = f"{(memory[sockets] - memory[shapes[0][0]]) / more:.1f}" if more else ""
        spread = f"{median(per):,.0f} ({per[0]:,.0f} to {per[-1]:,.0f})"
        print(
            f"| {sockets:7} | {rooms:5} | {rate:10.0f} | {spread:>30} | {1e6 / median(per):13.2f} | "
            f"{memory[sockets] / 1024:6.0f} | {each:>11} |", flush=True,
        )  # fmt: skip


def main() -> None:
    """Compare, and where it is asked for go up to ten thousand sockets."""
    for program in ("taskset", "node", "cc"):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} is needed")
    if not (ROOT / "tests/peers/node/node_modules/socket.io-client").is_dir():
        raise SystemExit("socket.io-client is needed: make bench installs it (npm ci in tests/peers/node)")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        "",
    )
    print(f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, limit of files {hard} (was {soft})")
    began_s = time.monotonic()
    if "--large" in sys.argv:
        large()
    else:
        compare(1000, 20, 1000.0, 150.0)
        by_fan_out(1000, 50_000.0)
    print(f"\ntook {time.monotonic() - began_s:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
