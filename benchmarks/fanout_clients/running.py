"""Runs one client against the server: the official Socket.IO on Node, which shares a core with what publishes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

CLIENTS = Path(__file__).parent
ROOT = CLIENTS.parent.parent
SERVER_CORE, CLIENT_CORE = "0", "1"

LEAD_S = 1.0
"""How long before its window a client has been receiving."""

DEADLINE_S = 120.0
"""How long a run may take."""

MORE_S = 4.0
"""How long after its window more is published, so that whoever looks late sees no silence."""

T = TypeVar("T")

ROOM = "bench-listening"
"""What the rooms are called that this tool only listens in."""

USERS = 10
"""Locust's users, each with a tenth of the sockets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What is received: so many sockets in so many rooms, and for how long it is counted."""

    sockets: int
    rooms: int
    seconds: float

    @property
    def fan_out(self) -> int:
        """Deliveries of one message."""
        return self.sockets // self.rooms


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a client told of its window; the CPU time is that of its process alone."""

    deliveries: int
    cpu_s: float
    wall_s: float
    rss_kb: int
    ledger: str = ""
    """The last line of this tool's ledger."""

    @property
    def per_cpu_s(self) -> float:
        """Deliveries in a second of CPU time."""
        return self.deliveries / self.cpu_s if self.cpu_s else 0.0

    def share(self, rate: float, shape: Shape) -> float:
        """What was delivered of what was due, at so many messages a second."""
        return self.deliveries / (rate * shape.fan_out * self.wall_s)


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
def publisher(port: int, room: str, shape: Shape, rate: float, begin_ns: int, seconds: float) -> Iterator[None]:
    """Messages into all rooms in turn for some seconds, from the server's core, once it is ready."""
    words = [str(CLIENTS / "publisher.py"), *map(str, (port, room, shape.rooms, rate, begin_ns, int(rate * seconds)))]
    with subprocess.Popen(pinned(SERVER_CORE, sys.executable, *words), stdout=subprocess.PIPE) as program:
        try:
            assert program.stdout is not None
            program.stdout.readline()
            yield
        finally:
            program.terminate()


def baseline(words: list[str], shape: Shape, rate: float) -> Told:
    """Run one of the other clients: it says `ready`, is told to begin, and tells what it counted."""
    environment = {"SOCKETS": shape.sockets, "ROOMS": shape.rooms, "SECONDS": shape.seconds}
    with server() as port:
        given = [word.format(port=port) for word in words]
        with subprocess.Popen(
            pinned(CLIENT_CORE, *given), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
            env=os.environ | {f"BENCH_{name}": str(value) for name, value in environment.items()},
            stderr=subprocess.DEVNULL,
        ) as client:  # fmt: skip
            assert client.stdout is not None
            assert client.stdin is not None
            if client.stdout.readline().strip() != "ready":
                raise SystemExit(f"{given}: not ready")
            with publisher(port, "bench", shape, rate, time.monotonic_ns() + int(LEAD_S * 1e9), DEADLINE_S):
                with contextlib.suppress(subprocess.TimeoutExpired):
                    client.wait(timeout=2 * LEAD_S)
                client.stdin.write("\n")
                client.stdin.flush()
                told: dict[str, Any] = json.loads(client.stdout.readline())
            client.kill()
            return Told(**told)


def ours(shape: Shape, rate: float, *, publishes: bool) -> Told:
    """Run this tool inside Locust, with all that it accounts for; it publishes by itself, or only listens."""
    scenario = "Chat" if publishes else str(CLIENTS / "listening.py")
    seconds = LEAD_S + shape.seconds + MORE_S
    with server() as port, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        words = [
            sys.executable, "-m", "locust", "-f", "loadtests/locustfile.py", "--scenario", scenario, "--headless",
            "--only-summary", "--host", f"http://127.0.0.1:{port}", "-u", str(USERS), "-r", str(USERS),
            "--journal", str(folder / "load.ndjson"), "--sockets-per-user", str(shape.sockets // USERS),
            "--room-size", str(shape.fan_out), "--chat-rate", str(rate / shape.rooms), "-t", f"{DEADLINE_S:.0f}s",
        ]  # fmt: skip
        given = {"ROOM": ROOM, "ROOMS": shape.rooms, "RATE": rate, "COUNT": int(rate * seconds)}
        given |= {"SOCKETS": shape.sockets, "BEGIN": folder / "begin"}
        with subprocess.Popen(
            pinned(CLIENT_CORE, *words), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env=os.environ | {f"BENCH_{name}": str(value) for name, value in given.items()},
        ) as client, contextlib.ExitStack() as stack:  # fmt: skip
            if not publishes:
                begin_ns = int(waited(lambda: text_of(folder / "begin"), client))
                stack.enter_context(publisher(port, ROOM, shape, rate, begin_ns, seconds))
            measured = waited(lambda: window(text_of(folder / "load.ndjson"), shape), client)
            client.send_signal(signal.SIGINT)
            _, talk = client.communicate(timeout=DEADLINE_S)
    return replace(measured, ledger=next((line for line in talk.splitlines() if line.startswith("ledger: ")), ""))


def waited(ask: Callable[[], T | None], client: subprocess.Popen[str]) -> T:
    """What is there once it is there."""
    end_s = time.monotonic() + DEADLINE_S
    while (found := ask()) is None:
        if client.poll() is not None or time.monotonic() > end_s:
            client.kill()
            raise SystemExit(f"{client.args}: {client.communicate()[1][-2000:]}")
        time.sleep(0.1)
    return found


def text_of(file: Path) -> str | None:
    """The whole lines of a file; None where there are none yet."""
    text = file.read_text() if file.exists() else ""
    return text[: text.rfind("\n") + 1] or None


def window(journal: str | None, shape: Shape) -> Told | None:
    """Deliveries and CPU between two records of a run that are so far apart, well after all sockets have come."""
    records = [json.loads(line) for line in (journal or "").splitlines()]
    measured = [one for one in records if one["kind"] == "measured"]
    measured = [one for one in measured if one["deliveries"] and one["sockets"] == shape.sockets]
    begun = [one for one in measured if one["at_s"] >= measured[0]["at_s"] + LEAD_S]
    ended = [one for one in begun if one["at_s"] >= begun[0]["at_s"] + shape.seconds]
    if not ended:
        return None
    first, last = begun[0], ended[0]
    used = [one["workers"]["local"] for one in (first, last)]
    return Told(
        deliveries=last["deliveries"] - first["deliveries"],
        cpu_s=used[1]["cpu_s"] - used[0]["cpu_s"],
        wall_s=last["at_s"] - first["at_s"],
        rss_kb=used[1]["rss_kb"],
    )
