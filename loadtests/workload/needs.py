"""What a run needs of the system it starts on: file descriptors, ports, memory, processor time; and what there is."""

from __future__ import annotations

import contextlib
import math
import os
import resource
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from loadtests.workload.forecast import Forecast

OWN_DESCRIPTORS = 100
"""What a worker has open besides its sockets: files, pipes, its master."""

WORKER_MB, SOCKET_KB = 80, 14
"""Memory of a worker without sockets, and of each socket (docs/load.md, "Sizing")."""

DELIVERY_US, PUBLICATION_US = 18.0, 80.0
"""Processor time of a delivery, and of a publication besides (docs/load.md, "Sizing")."""

BUSY_PERCENT = 70
"""A worker that uses more of a core is late sometimes, and measures itself."""

PORTS = Path("/proc/sys/net/ipv4/ip_local_port_range")
MEMORY = Path("/proc/meminfo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that a run needs."""

    what: str
    wanted: int
    has: int | None
    """None where it cannot be found out."""
    unit: str = ""
    advice: str = ""
    """What to do where it does not suffice."""

    @property
    def suffices(self) -> bool:
        """Whether there is enough, as far as can be known."""
        return self.has is None or self.wanted <= self.has


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """What this machine has."""

    descriptors: int | None
    """Of each process; None where there is no limit."""
    hard_descriptors: int | None
    ports: int | None
    memory_mb: int | None
    cores: int | None

    @classmethod
    def here(cls) -> System:
        """What this machine has: Locust has raised its own limit of descriptors where it may."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        return cls(
            descriptors=None if soft == resource.RLIM_INFINITY else soft,
            hard_descriptors=None if hard == resource.RLIM_INFINITY else hard,
            ports=_ports(),
            memory_mb=_memory_mb(),
            cores=os.cpu_count(),
        )


def _ports() -> int | None:
    """How many ports connections may come from; None where the system does not say."""
    with contextlib.suppress(OSError, ValueError):
        low, high = map(int, PORTS.read_text().split())
        return high - low + 1
    return None


def _memory_mb() -> int | None:
    with contextlib.suppress(OSError, ValueError):
        for line in MEMORY.read_text().splitlines():
            name, _, value = line.partition(":")
            if name == "MemAvailable":
                return int(value.split()[0]) // 1024
    return None


def needs(found: Forecast, system: System, *, addresses: int, here: Sequence[int], most_calls: int) -> list[Need]:
    """What is needed of one machine.

    Args:
        addresses: how many addresses of the service sockets connect to in turn.
        here: the sockets of each worker that runs on this machine.
        most_calls: how many connections a worker keeps for calls.
    """
    workers = len(found.workers)
    calls = min(most_calls, math.ceil(found.calls_per_s / workers))
    descriptors = max(here, default=0) + calls + OWN_DESCRIPTORS
    ports = math.ceil((sum(here) + calls * len(here)) / max(1, addresses))
    cpu = (found.delivered_per_s * DELIVERY_US + found.published_per_s * PUBLICATION_US) / 1e4 / workers
    memory_mb = round(len(here) * WORKER_MB + sum(here) * SOCKET_KB / 1024)
    return [
        Need(
            what="file descriptors of a worker",
            wanted=descriptors,
            has=system.descriptors,
            advice=_more_descriptors(descriptors, system.hard_descriptors),
        ),
        Need(
            what="ports towards one address",
            wanted=ports,
            has=system.ports,
            advice='sysctl net.ipv4.ip_local_port_range="1024 65535", several addresses of the service in the '
            "settings, or more machines",
        ),
        Need(
            what="memory of all workers",
            wanted=memory_mb,
            has=system.memory_mb,
            unit="MB",
            advice="fewer sockets, or more machines",
        ),
        Need(
            what="processor time of a worker",
            wanted=round(cpu),
            has=BUSY_PERCENT,
            unit="% of a core",
            advice=_more_workers(cpu * workers, system.cores),
        ),
    ]


def _more_descriptors(wanted: int, hard: int | None) -> str:
    raised = f"ulimit -n {wanted}"
    if hard is None or wanted <= hard:
        return f"{raised}, or more workers (--processes)"
    return f"{raised}, as root: the hard limit is {hard:,} (LimitNOFILE in systemd); or more workers (--processes)"


def _more_workers(percent: float, cores: int | None) -> str:
    workers = max(2, math.ceil(percent / BUSY_PERCENT))
    beyond = "" if cores is None or workers < cores else f", on more machines than this one with its {cores} cores"
    return f"--processes {workers}{beyond}"
