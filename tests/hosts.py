"""Several hosts on this machine: network namespaces, joined by pairs of virtual cables to the first of them."""

import contextlib
import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator

from tests.running import lacking

FIRST = "10.77.1.1"
"""The address of the first host, which all others reach."""


NEWTIME, NEWNET = 0x80, 0x40000000
"""`CLONE_NEWTIME` and `CLONE_NEWNET` of Linux' sched.h."""


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=20)


@contextlib.contextmanager
def hosts(count: int) -> Iterator[list[str]]:
    """So many hosts; the name of each. They see each other and nothing else of the world."""
    if shutil.which("ip") is None or os.geteuid() != 0:
        lacking("network namespaces (ip of iproute2, as root)")
    names = [f"rc{os.getpid()}-{index}" for index in range(count)]
    try:
        for index, name in enumerate(names):
            _ip("netns", "add", name)
            _ip("-n", name, "link", "set", "lo", "up")
            if index:
                _cable(names[0], name, index)
        _ip("-n", names[0], "addr", "add", f"{FIRST}/32", "dev", "lo")
        yield names
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True, timeout=20)


def _cable(first: str, name: str, index: int) -> None:
    here, there = f"rc{index}a", f"rc{index}b"
    _ip("-n", first, "link", "add", here, "type", "veth", "peer", "name", there, "netns", name)
    for host, device, number in ((first, here, 1), (name, there, 2)):
        _ip("-n", host, "addr", "add", f"10.77.{index + 1}.{number}/24", "dev", device)
        _ip("-n", host, "link", "set", device, "up")
    _ip("-n", name, "route", "add", "default", "via", f"10.77.{index + 1}.1")


def enter(host: str, ahead_s: int = 0) -> None:
    """Move this process, which has one thread, to a host, whose monotonic clock may be ahead of the others'."""
    libc = ctypes.CDLL(None, use_errno=True)

    def called(code: int) -> None:
        if code:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

    with open(f"/run/netns/{host}") as network:
        called(libc.setns(network.fileno(), NEWNET))
    if ahead_s:
        called(libc.unshare(NEWTIME))
        with open("/proc/self/timens_offsets", "w") as offsets:
            offsets.write(f"monotonic {ahead_s} 0")
        with open("/proc/self/ns/time_for_children") as clock:
            called(libc.setns(clock.fileno(), NEWTIME))


def on(host: str, *command: str) -> list[str]:
    """A command as it runs on a host."""
    return ["ip", "netns", "exec", host, *command]
