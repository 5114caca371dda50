"""A load that gets a signal as soon as something is so: a program was started, a line was printed."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.interrupting import queued_s, takes_signals
from tests.running import HANG_S, ROOT, clean_environment

MOST_S = 1.0
"""From a signal to the end of the command, without the time in which its processes had no processor."""

LOOK_MS = 5
INTERRUPTED = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A load that goes on, and what is known of it."""

    pid: int
    said: Callable[[], str]

    def started(self) -> list[int]:
        """The programs that the command has started: the service that it embeds, then Locust."""
        return _children(self.pid)

    def family(self) -> list[int]:
        """The command and all that it has started, and that these have."""
        found = [self.pid]
        for pid in found:
            found += _children(pid)
        return found


def _queued_s(pid: int) -> float:
    """How long the threads of a process have waited for a processor; those of a process that has ended are not known."""
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return 0.0
    return sum(queued_s(int(thread)) for thread in threads)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When the signal is sent."""

    what: str
    come: Callable[[Load], bool]
    words: tuple[str, ...] = ()
    begun: bool = False
    """Whether the run has begun by then, so that its ledger is told."""


def says(text: str) -> Callable[[Load], bool]:
    return lambda load: text in load.said()


def _loaded(load: Load, count: int, library: bytes) -> bool:
    started = load.started()
    try:
        return len(started) >= count and library in Path(f"/proc/{started[count - 1]}/maps").read_bytes()
    except OSError:
        return False


SEVERAL = ("--processes", "2")
MOMENTS = (
    Moment(what="the command takes signals", come=lambda load: takes_signals(load.pid)),
    Moment(what="the embedded service starts", come=lambda load: len(load.started()) >= 1),
    Moment(what="Locust starts", come=lambda load: len(load.started()) >= 2),
    Moment(what="Locust has loaded gevent", come=lambda load: _loaded(load, 2, b"gevent")),
    Moment(what="Locust has loaded the sockets", come=lambda load: _loaded(load, 2, b"picows")),
    Moment(what="Locust says that it starts", come=says("Starting Locust")),
    Moment(what="the run is prepared", come=says("Ramping to")),
    Moment(what="broadcasts arrive", come=lambda load: " ok, " in load.said().replace(" 0 ok, ", ""), begun=True),
    Moment(what="workers start", come=says("Starting Locust"), words=SEVERAL),
    Moment(what="workers are told to begin", come=says("Sending spawn jobs"), words=SEVERAL),
    Moment(what="workers say what arrives", come=lambda load: " ok, " in load.said().replace(" 0 ok, ", ""),
           words=SEVERAL, begun=True),
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Ended:
    code: int
    out: str
    err: str
    took_s: float
    """From the signal on."""
    starved_s: float
    """Of this, for how long its processes were ready to run and had no processor."""
    left: list[int] = field(default_factory=list)
    """Processes of its group that were left."""


def signalled(moment: Moment, number: signal.Signals, *words: str, group: bool = False) -> Ended:
    """Run a load, and signal it, or all of its group, at a moment."""
    command = [sys.executable, "-m", "cli", "load", "-t", "60s", "-u", "2", "Chat", *moment.words, *words]
    with ExitStack() as stack:
        out, err = (stack.enter_context(tempfile.TemporaryFile("w+")) for _ in range(2))
        run = subprocess.Popen(
            command, cwd=ROOT, env=clean_environment(), stdout=out, stderr=err, start_new_session=True
        )
        load = Load(pid=run.pid, said=lambda: read(err.fileno()))
        handle, before_s = os.pidfd_open(run.pid), dict[int, float]()
        stack.callback(os.close, handle)
        try:
            _until(handle, lambda: moment.come(load))
            before_s |= {pid: _queued_s(pid) for pid in load.family()}
            began_s, last_s = time.monotonic(), dict(before_s)
            (os.killpg if group else os.kill)(run.pid, number)

            def looked() -> bool:
                last_s.update((pid, max(_queued_s(pid), last_s[pid])) for pid in before_s)
                return False

            _until(handle, looked)
            took_s = time.monotonic() - began_s
        finally:
            left = _left(run.pid, set(before_s) - {run.pid})
            if left or run.poll() is None:
                os.killpg(run.pid, signal.SIGKILL)
            code = run.wait(HANG_S)
        starved_s = sum(last_s[pid] - before for pid, before in before_s.items())
        return Ended(
            code=code, out=read(out.fileno()), err=read(err.fileno()), took_s=took_s, starved_s=starved_s, left=left
        )


def faults_of(moment: Moment, got: Ended) -> list[str]:
    """What is not as it has to be."""
    found = [f"exit code {got.code}"] if got.code != INTERRUPTED else []
    found += (
        [f"took {got.took_s:.1f} s, {got.starved_s:.1f} s without a processor"]
        if got.took_s - got.starved_s > MOST_S
        else []
    )
    found += [f"says {line!r}" for line in got.err.splitlines() if "Traceback" in line or "KeyboardInterrupt" in line]
    found += [f"left process {pid}" for pid in got.left]
    return found + (["tells no ledger"] if moment.begun and "published" not in got.out else [])


def read(descriptor: int) -> str:
    return Path(f"/proc/self/fd/{descriptor}").read_text()


def _until(handle: int, fact: Callable[[], bool]) -> None:
    """Wait for a fact, or the end of the process."""
    ended = select.poll()
    ended.register(handle, select.POLLIN)
    end_s = time.monotonic() + HANG_S
    while not fact() and not ended.poll(LOOK_MS):
        assert time.monotonic() < end_s, "it hangs"


def _left(group: int, started: set[int]) -> list[int]:
    """The processes that do not end with the first one of their group; the kernel takes a moment to end what it kills."""
    end_s = time.monotonic() + MOST_S
    while (left := _living(group, started)) and (left_s := end_s - time.monotonic()) > 0:
        with contextlib.suppress(ProcessLookupError), open(os.pidfd_open(left[0])) as handle:
            select.select([handle], [], [], left_s)
    return left


def _living(group: int, started: set[int]) -> list[int]:
    """Of a group, but for its first process, and of what it has started, all that has not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        pid = int(stat.parent.name)
        if state != "Z" and pid != group and (int(of) == group or pid in started):
            found.append(pid)
    return found
