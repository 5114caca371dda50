"""The peak of this process's memory, and how long it was kept from running, of Linux."""

from pathlib import Path

OWN_MB = 70.0
"""What a command has once it has imported what it needs, measured. A process of tests carries more from others."""

_carried_mb = [0.0]


def reset_peak() -> None:
    """Have the peak begin anew; what the process carries by now, beyond what a command has, is none of the row's."""
    Path("/proc/self/clear_refs").write_text("5")
    _carried_mb[0] = max(0.0, _status_mb("VmRSS") - OWN_MB)


def peak_mb() -> float:
    """The largest memory since `reset_peak`, as of a process that has run nothing else."""
    return _status_mb("VmHWM") - _carried_mb[0]


def _status_mb(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def starved_s() -> float:
    """For how long this thread was ready to run and had no CPU, since it began."""
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
