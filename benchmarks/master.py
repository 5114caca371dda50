"""What the workers of a large load cost their master: bytes, processor time and memory, by simulation.

The reports that a real worker sent its master (`worker_reports.msgpack.z`: of a run of every scenario of `Mixed`
with 10,000 sockets, of which 2,562 were connected when it was recorded on a busy machine) come from 25 to 200
workers, each every 3 s. What a report takes depends on the kinds of events, rooms and scenarios and on how full
their histograms are, not on sockets. One master takes them as it takes those of the network: unpacked by Locust,
added to Locust's statistics, added to the ledger; every second it looks at the sums, judges three gates, and writes
a line of its journal. Nothing is connected.

`--record URL` makes the recording anew: it loads a service with one worker.
"""

from __future__ import annotations

import gc
import os
import platform
import resource
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgpack

from loadtests.run.program import free_port

ROOT = Path(__file__).parent.parent
REPORTS = Path(__file__).parent / "worker_reports.msgpack.z"
WORKERS = (25, 50, 100, 200)
EVERY_S = 3.0
"""Locust's: how often a worker reports."""

ROUNDS = 3
"""Reports of each worker that are taken, after a first one that is not measured."""

GATES = ("delivery: p(99)<500", "delivery{room_size:1000}: p(95)<800", "lost==0")

PUBLISHED, TOLD_S = 10, 0.5
"""Publications in one message about shared rooms, and how often a worker sends one."""

RELAYS = 20
"""Such messages that are timed."""

KEPT = 4
"""Reports that a recording keeps, the last ones."""

RECORDING = f"""
import os, zlib
import msgpack
from locust import events, runners
runners.HEARTBEAT_LIVENESS = 60  # A machine that is busy besides does not lose its worker for it.
reports = []
events.worker_report.add_listener(lambda client_id, data, **_: reports.append(data))
@events.quitting.add_listener
def keep(environment, **_):
    if reports:
        with open(os.environ["RECORDING"], "wb") as file:
            file.write(zlib.compress(msgpack.dumps(reports[-{KEPT}:]), 9))
"""
"""A locustfile that keeps what the master takes."""

LOAD = (
    "--headless", "--processes", "1", "-u", "100", "-r", "5", "-t", "85s", "--sockets-per-user", "100",
    "--only-summary", "--room-size", "5:60,20:30,200:10", "--chat-rate", "0.2", "--location-every", "60",
    "--mix", "Chat=6,Locations=3,Incident=1", "--incident-rate", "0.1",
    "--incident-length", "60", "Mixed",
)  # fmt: skip
"""10,000 sockets at a rate that one core serves besides."""


def recorded() -> list[dict[str, Any]]:
    """The reports of one worker, in order."""
    found: list[dict[str, Any]] = msgpack.loads(zlib.decompress(REPORTS.read_bytes()), strict_map_key=False)
    return found


def record(url: str) -> None:
    """Load a service, and keep what its worker reported."""
    keeper = ROOT / "build" / "recording.py"
    keeper.parent.mkdir(exist_ok=True)
    keeper.write_text(RECORDING)
    port = str(free_port())
    words = [
        "-f",
        f"loadtests/locustfile.py,{keeper}",
        "--host",
        url,
        "--master-port",
        port,
        "--master-bind-port",
        port,
    ]
    command = [sys.executable, "-m", "locust", *words, *LOAD]
    subprocess.run(command, cwd=ROOT, check=False, env=os.environ | {"RECORDING": str(REPORTS)})


class Master:
    """A master without workers, and what it does with each report and at each look."""

    def __init__(self) -> None:
        from locust.env import Environment

        from loadtests.run.cluster import Cluster
        from loadtests.run.state import RunState
        from loadtests.scenarios import scenarios
        from loadtests.verdict.thresholds import gate

        environment = Environment(host="http://127.0.0.1:1")  # type: ignore[no-untyped-call]
        self.runner = environment.create_master_runner("127.0.0.1", free_port())
        self.state = RunState(environment, scenarios())
        self.state.gates = tuple(map(gate, GATES))
        self.cluster = Cluster(self.state, {}, lambda _: None, lambda *_: None)
        self._events = environment.events

    def take(self, raw: bytes) -> None:
        """A report comes from the network."""
        from locust.rpc.protocol import Message

        message = Message.unserialize(raw)  # type: ignore[no-untyped-call]
        self._events.worker_report.fire(client_id=message.node_id, data=message.data)

    def look(self, elapsed_s: float) -> bytes:
        """A second has gone by; the line of the journal."""
        from conformance.journal.records import encode
        from loadtests.output import journal
        from loadtests.output.tables import headline

        state = self.state
        look = state.series.look(state.accounts, elapsed_s)
        headline(state.accounts, elapsed_s, look.per_s)
        return encode(journal.measured(state.accounts, elapsed_s, look, state.gates))


def relayed(master: Master, workers: int) -> float:
    """Processor seconds in which the master passes on what one worker published in shared rooms."""
    from locust.rpc.protocol import Message
    from locust.runners import WorkerNode

    from loadtests.ledger.messages import Announcement, Published, plain

    for number in range(workers):
        name = f"worker-{number}"
        master.runner.clients[name] = WorkerNode(name)  # type: ignore[no-untyped-call]
    one = Announcement("load-12345678-Chat-all-7", 4, 9, 1, 1, 2, 0, (("scenario", "Chat"),), "taken")
    published = plain(Published(publications=(one,) * PUBLISHED, error_ns=1))
    began_s = time.process_time()
    for _ in range(RELAYS):
        master.cluster._relay(None, Message("roomcheck.published", published, "worker-0"))  # type: ignore[no-untyped-call]
    return (time.process_time() - began_s) / RELAYS


def messages(workers: int, reports: list[dict[str, Any]]) -> Iterator[list[bytes]]:
    """Round by round, what all workers send."""
    from locust.rpc.protocol import Message

    for report in reports:
        yield [Message("stats", report, f"worker-{number}").serialize() for number in range(workers)]  # type: ignore[no-untyped-call]


def simulate(workers: int) -> None:
    """Take the reports of so many workers, and print what that cost, in a process of its own."""
    reports = recorded()[-ROUNDS - 1 :]
    rounds = list(messages(workers, reports))
    master = Master()
    gc.collect()
    gc.freeze()
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for raw in rounds[0]:
        master.take(raw)
    master.look(1.0)
    took_s = looked_s = 0.0
    elapsed_s, line = 1.0, b""
    for batch in rounds[1:]:
        began_s = time.process_time()
        for raw in batch:
            master.take(raw)
        took_s += time.process_time() - began_s
        for _ in range(int(EVERY_S)):
            elapsed_s += 1
            began_s = time.process_time()
            line = master.look(elapsed_s)
            looked_s += time.process_time() - began_s
    passed_s = len(rounds[1:]) * EVERY_S
    began_s = time.process_time()
    anew = type(master.state.accounts)(snapshots=dict(master.state.accounts.snapshots))
    anew.counts(), anew.trends()
    anew_s = time.process_time() - began_s
    megabytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb) / 1024
    size = sum(map(len, rounds[-1])) / workers
    cells = (
        f"{workers:,}", f"{sum(account.sockets for account in master.state.accounts.snapshots.values()):,}",
        f"{size / 1e3:.1f}", f"{size * workers / EVERY_S / 1e6:.2f}",
        f"{1e3 * took_s / workers / len(rounds[1:]):.2f}", f"{1e3 * looked_s / passed_s:.1f}",
        f"{100 * (took_s + looked_s) / passed_s:.0f} %", f"{1e3 * anew_s:.0f}",
        f"{100 * relayed(master, workers) * workers / TOLD_S:,.0f} %", f"{len(line) / 1e3:.0f}", f"{megabytes:.0f}",
    )  # fmt: skip
    print(f"| {' | '.join(cells)} |", flush=True)


COLUMNS = (
    "workers", "sockets", "KB a report", "MB a second", "CPU ms a report", "CPU ms a look", "of a core",
    "all anew, CPU ms", "shared rooms besides, of a core", "KB of journal a second", "MB of memory",
)  # fmt: skip


def main() -> None:
    """Measure each number of workers in a process of its own."""
    print(f"{platform.machine()}, Python {platform.python_version()}\n")
    print(f"| {' | '.join(COLUMNS)} |")
    print("|" + "---:|" * len(COLUMNS), flush=True)
    for workers in WORKERS:
        subprocess.run([sys.executable, "-m", "benchmarks.master", "--of", str(workers)], cwd=ROOT, check=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--record", url]:
            record(url)
        case ["--of", workers]:
            simulate(int(workers))
        case _:
            main()
