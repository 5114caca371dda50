"""Runs commands that get a signal at a known place or time: forked from a process that has everything imported.

    python -m tests.interrupting jobs.json

Prints what became of each job as JSON.
"""

import dataclasses
import importlib
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from tests.forks import Fork
from tests.running import clean_environment


@dataclasses.dataclass(frozen=True, kw_only=True)
class Hit:
    """A signal that a process sends itself when a function is called."""

    where: str
    """`module:name`, or `module:Class.name`."""
    sent: int = signal.SIGTERM
    call: int = 1
    """The how manieth call."""
    spins: bool = False
    """From then on the function computes for ever."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Job:
    words: tuple[str, ...]
    hits: tuple[Hit, ...] = ()
    at_s: float | None = None
    """When it gets SIGTERM or SIGINT from outside, unless it has ended by then."""
    sent: int = signal.SIGTERM
    cold: bool = False
    """It is a new program, which has everything to import; `at_s` is since it takes signals at all."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ended:
    code: int
    signalled: bool
    took_s: float
    """From the first signal; from the beginning where none was sent."""
    waited_s: float
    """How much of it the process waited for a processor that others had."""
    out: str
    err: str


def interrupted(jobs: Sequence[Job]) -> list[Ended]:
    """Run commands one after the other, each with its signals."""
    with tempfile.NamedTemporaryFile() as told:
        told.write(msgspec.json.encode(jobs))
        told.flush()
        with Fork(("tests.interrupting", told.name), env=clean_environment()) as run:
            out, err = run.communicate()
    assert run.returncode == 0, err
    return msgspec.json.decode(out, type=list[Ended])


def main() -> None:
    import cli
    import conformance.commands.judge
    import conformance.engine.check
    import conformance.engine.doctor
    import conformance.engine.selftest  # noqa: F401

    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    jobs = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=list[Job])
    print(msgspec.json.encode([forked(cli, job) for job in jobs]).decode())


def _command(cli: Any, job: Job) -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    os.write(SIGNALLED, b"begun\n")  # What a process gets while it is being forked, Python drops.
    if job.cold:
        os.execv(sys.executable, [sys.executable, "-m", "cli", *job.words])  # noqa: S606
    for hit in job.hits:
        _arm(hit)
    sys.argv = ["roomcheck", *job.words]
    cli.run()


SIGNALLED = 3
"""The descriptor on which a child tells when it was signalled."""


def _arm(hit: Hit) -> None:
    module, _, path = hit.where.partition(":")
    owner: Any = importlib.import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    function = getattr(owner, name)
    calls = 0

    def hooked(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == hit.call:
            os.write(SIGNALLED, f"{time.monotonic()} {queued_s(os.getpid())}\n".encode())
            signal.raise_signal(hit.sent)
        while hit.spins and calls >= hit.call:
            pass
        return function(*args, **kwargs)

    setattr(owner, name, hooked)


def forked(cli: Any, job: Job) -> Ended:
    """Run a job in a child process to its exit."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        told, telling = os.pipe()
        began_s = time.monotonic()
        pid = os.fork()
        if not pid:
            try:
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                os.dup2(telling, SIGNALLED)
                _command(cli, job)
            finally:
                os._exit(99)
        os.close(telling)
        with os.fdopen(told) as lines:
            lines.readline()
            sent: tuple[float, ...] | None
            sent = None if job.at_s is None else _signalled(pid, job, job.at_s)
            os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
            ended_s, waited_s = time.monotonic(), queued_s(pid)
            _, status = os.waitpid(pid, 0)
            for line in list(lines)[:1]:
                sent = tuple(map(float, line.split()))
        signal.sigtimedwait({signal.SIGCHLD}, 0)
        out.seek(0)
        err.seek(0)
        return Ended(
            code=os.waitstatus_to_exitcode(status),
            signalled=sent is not None,
            took_s=ended_s - (sent[0] if sent else began_s),
            waited_s=waited_s - (sent[1] if sent else 0.0),
            out=out.read().decode(),
            err=err.read().decode(),
        )


def _signalled(pid: int, job: Job, at_s: float) -> tuple[float, ...] | None:
    """Signal a child at its time, and tell when that was and how long it had waited; None where it ended before."""
    while job.cold and not takes_signals(pid):
        pass
    signal.sigtimedwait({signal.SIGCHLD}, at_s)
    if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
        return None
    sent = time.monotonic(), queued_s(pid)
    os.kill(pid, job.sent)
    return sent


def queued_s(pid: int) -> float:
    """How long a process has waited so far for a processor that others had; 0 where the kernel does not say."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except OSError:
        return 0.0


def takes_signals(pid: int) -> bool:
    """Whether a process is the new program already, and has a handler for SIGTERM."""
    if b"cli" not in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
        return False
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(caught >> (signal.SIGTERM - 1) & 1)


if __name__ == "__main__":
    main()
