"""What a delivery costs a client: the floor in C, the usual clients, and this tool with all that it accounts for.

One server (the official Socket.IO on Node) and one publisher share a core, one client at a time has another; only the
client's CPU is counted, in a window in which nothing but deliveries happens. The rates are found on the machine itself:
the highest at which the floor still receives 98 % of what is due, and half of it. Everything is measured in turn.

    python -m benchmarks.fanout            # the comparison (some 11 minutes)
    python -m benchmarks.fanout --large    # 1,000 sockets against 10,000, and the memory of one
    python -m benchmarks.fanout --quick    # a few seconds: shows that all of it works, and measures nothing
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks.fanout_clients.running import CLIENTS, ROOT, Shape, Told, baseline, ours

SHAPE = Shape(sockets=1000, rooms=20, seconds=4)
QUICK = Shape(sockets=40, rooms=4, seconds=1)
TURNS = 5

ENOUGH = 0.98
"""The share that the floor has to receive of what is due, for the server to count as keeping up."""

FIRST_RATE, STEP, FINE_STEP = 200.0, 1.5, 1.15
"""Messages a second with which the search begins, and the ratios of one rate to the next: wide, then close."""

MOST_RATE = 20_000.0

SLOW_RATE = 100.0
"""Messages a second that the slowest client can follow: 5,000 deliveries, each of which takes Locust's own user
0.1 to 0.2 ms."""

LARGE_RATE = 200.0

FLOOR = "C, epoll, nothing decoded (the floor)"
NODE = "socket.io-client on Node"
PYTHON = "python-socketio on uvloop"
LOCUST = "Locust's SocketIOUser"
PUBLISHING, LISTENING = "Roomcheck in Locust, publishing by itself", "Roomcheck in Locust, only listening"

Client = Callable[[Shape, float], Told]
Plan = Sequence[tuple[float, Sequence[str]]]
"""Rates, and the clients that are measured at each."""
Runs = dict[tuple[float, str], list[Told]]
"""What a client told at a rate, turn by turn."""


def clients(shape: Shape, folder: Path) -> dict[str, Client]:
    """Every client, by what it is: what runs it at a rate."""
    subprocess.run(["cc", "-O2", "-o", str(folder / "floor"), str(CLIENTS / "floor.c")], check=True)
    arguments = ["{port}", str(shape.sockets), str(shape.rooms), f"{shape.seconds:g}"]
    locust = [
        sys.executable, "-m", "locust", "-f", str(CLIENTS / "socketio_user.py"), "--headless", "--only-summary",
        "--host", "http://127.0.0.1:{port}", "-u", str(shape.sockets), "-r", "200", "-t", "120s",
    ]  # fmt: skip

    def other(*words: str) -> Client:
        return lambda shape, rate: baseline(list(words), shape, rate)

    return {
        FLOOR: other(str(folder / "floor"), *arguments),
        NODE: other("node", str(CLIENTS / "socketio_client.mjs"), *arguments),
        PYTHON: other(sys.executable, str(CLIENTS / "python_socketio.py"), *arguments),
        LOCUST: other(*locust),
        PUBLISHING: lambda shape, rate: ours(shape, rate, publishes=True),
        LISTENING: lambda shape, rate: ours(shape, rate, publishes=False),
    }


def highest_rate(floor: Client, shape: Shape) -> float:
    """The highest rate of messages at which the floor receives what is due: by wide steps, then by close ones."""
    rate = FIRST_RATE
    while not kept_up(floor, shape, rate) and rate > 1:
        rate /= STEP
    for step in (STEP, FINE_STEP):
        while rate * step < MOST_RATE and kept_up(floor, shape, rate * step):
            rate *= step
    return float(round(rate))


def kept_up(floor: Client, shape: Shape, rate: float) -> bool:
    """Whether the floor receives what is due."""
    share = floor(shape, rate).share(rate, shape)
    print(f"the floor at {rate:.0f} messages a second: {share:.1%} of what is due", file=sys.stderr)
    return share >= ENOUGH


def in_turn(every: Mapping[str, Client], shape: Shape, plan: Plan, turns: int) -> Runs:
    """Measure clients at rates, one after the other, as many times over: what drifts on the machine, drifts for all."""
    runs: Runs = {(rate, name): [] for rate, names in plan for name in names}
    for turn in range(turns):
        for rate, name in runs:
            told = every[name](shape, rate)
            runs[rate, name].append(told)
            print(
                f"turn {turn + 1}, {name}, {rate:.0f}/s: {told.per_cpu_s:,.0f} a CPU second, "
                f"{told.share(rate, shape):.1%} of what is due. {told.ledger}", file=sys.stderr,
            )  # fmt: skip
    return runs


def table(runs: Runs, shape: Shape) -> Iterator[str]:
    """Medians, with the least and the most; the share of the floor is the median of those of the turns."""
    yield "| client | messages/s | deliveries | per CPU second (least to most) | of the floor (least to most) | due |"
    yield "|---|---:|---:|---:|---:|---:|"
    for (rate, name), told in runs.items():
        floor = runs[rate, FLOOR]
        shares = [one.per_cpu_s / other.per_cpu_s for one, other in zip(told, floor, strict=True)]
        yield (
            f"| {name} | {rate:.0f} | {median(one.deliveries for one in told):,.0f} "
            f"| {spread([one.per_cpu_s for one in told], ',.0f')} | {spread(shares, '.2f')} "
            f"| {median(one.share(rate, shape) for one in told):.1%} |"
        )


def spread(values: Sequence[float], form: str) -> str:
    """The median, and where there are several values the least and the most."""
    middle = format(median(values), form)
    return f"{middle} ({min(values):{form}} to {max(values):{form}})" if len(values) > 1 else middle


def times_as_much(runs: Runs, rate: float) -> str:
    """How ours compares with Locust's own user."""
    pairs = zip(runs[rate, PUBLISHING], runs[rate, LOCUST], strict=True)
    return f"{spread([one.per_cpu_s / other.per_cpu_s for one, other in pairs], '.1f')} times Locust's SocketIOUser"


def a_message(runs: Runs, rate: float, shape: Shape) -> str:
    """What publishing costs: what the process uses more for a delivery where it publishes, times the fan-out."""
    pairs = zip(runs[rate, PUBLISHING], runs[rate, LISTENING], strict=True)
    costs = [1e6 * shape.fan_out * (1 / one.per_cpu_s - 1 / other.per_cpu_s) for one, other in pairs]
    return f"{rate:.0f} messages a second: {spread(costs, '.0f')} us a published message beside its deliveries"


def compare(shape: Shape, turns: int, *, quick: bool) -> None:
    """Find the rates, and compare every client at them."""
    with tempfile.TemporaryDirectory() as folder:
        every = clients(shape, Path(folder))
        highest = 40.0 if quick else highest_rate(every[FLOOR], shape)
        slow = min(SLOW_RATE, highest / 2)
        fast: Sequence[str] = (FLOOR, NODE, PUBLISHING, LISTENING)
        slow_ones = (FLOOR, PYTHON, LOCUST, PUBLISHING)
        plan: Plan = [(slow, slow_ones), (highest / 2, fast), (highest, fast)]
        if quick:
            plan = [(highest, (FLOOR, PUBLISHING, LISTENING))]
        runs = in_turn(every, shape, plan, turns)
    print(f"\n{shape.sockets} sockets in {shape.rooms} rooms, {shape.seconds:g} s, {turns} turns\n")
    print("\n".join(table(runs, shape)) + "\n")
    for rate, _ in plan:
        if (rate, LOCUST) in runs:
            print(times_as_much(runs, rate))
        if (rate, LISTENING) in runs:
            print(a_message(runs, rate, shape))


def large(turns: int) -> None:
    """The cost of a delivery at ten thousand sockets, and the memory of one."""
    shapes = [SHAPE, Shape(sockets=10_000, rooms=200, seconds=SHAPE.seconds)]
    runs: list[list[Told]] = [[], []]
    for turn in range(turns):
        for shape, told in zip(shapes, runs, strict=True):
            told.append(ours(shape, LARGE_RATE, publishes=True))
            print(f"turn {turn + 1}, {shape.sockets} sockets. {told[-1].ledger}", file=sys.stderr)
    print("| sockets | rooms | messages/s | per CPU second (least to most) | of the first | RSS MB | KB a socket |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for shape, told in zip(shapes, runs, strict=True):
        more = shape.sockets - SHAPE.sockets
        grown = [one.rss_kb - first.rss_kb for one, first in zip(told, runs[0], strict=True)]
        shares = [one.per_cpu_s / first.per_cpu_s for one, first in zip(told, runs[0], strict=True)]
        rates = spread([one.per_cpu_s for one in told], ",.0f")
        rss_mb = median(one.rss_kb for one in told) / 1024
        each_kb = spread([one / more for one in grown], ".1f") if more else ""
        print(
            f"| {shape.sockets:,} | {shape.rooms} | {LARGE_RATE:.0f} | {rates} | {spread(shares, '.2f')} "
            f"| {rss_mb:.0f} | {each_kb} |"
        )


def ready(*, with_node_client: bool) -> None:
    """See that everything is there, and allow ten thousand sockets."""
    for program in ("taskset", "node", "cc"):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} is needed")
    if with_node_client and not (ROOT / "tests/peers/node/node_modules/socket.io-client").is_dir():
        raise SystemExit("socket.io-client is needed: make bench installs it (npm ci in tests/peers/node)")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    models = (line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line)
    model = next(models, ": unknown").partition(":")[2].strip()
    print(f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, limit of files {hard} (was {soft})")


def main() -> None:
    """Compare, or see how ours grows."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--large", action="store_true", help="1,000 sockets against 10,000")
    parser.add_argument("--quick", action="store_true", help="see that it works, in a few seconds")
    parser.add_argument("--turns", type=int, default=TURNS, help=f"how often each is measured (default: {TURNS})")
    given = parser.parse_args()
    ready(with_node_client=not (given.quick or given.large))
    began_s = time.monotonic()
    if given.large:
        large(given.turns)
    else:
        compare(QUICK if given.quick else SHAPE, 1 if given.quick else given.turns, quick=given.quick)
    print(f"\ntook {time.monotonic() - began_s:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
