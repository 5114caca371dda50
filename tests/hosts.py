"""Several hosts on this machine: network namespaces, joined by pairs of virtual cables to the first of them."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator

from tests.running import lacking

FIRST = "10.77.1.1"
"""The address of the first host, which all others reach."""


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


def on(host: str, *command: str, ahead_s: int = 0) -> list[str]:
    """A command as it runs on a host, whose monotonic clock may be so far ahead of the others'."""
    clock = ["unshare", "--time", "--monotonic", str(ahead_s), "--fork", "--kill-child"] if ahead_s else []
    return ["ip", "netns", "exec", host, *clock, *command]
