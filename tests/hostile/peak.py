"""The peak of this process's memory, and how long it was kept from running, of Linux."""

from pathlib import Path


def reset_peak() -> None:
    """Have the peak begin anew."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def starved_s() -> float:
    """For how long this thread was ready to run and had no CPU, since it began."""
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
