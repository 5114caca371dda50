"""What a signal does to a process of Locust: it ends a run once, soon, and whatever the run is waiting for."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

import gevent
from locust.env import Environment

from conformance.model.exit_code import Exit

PR_SET_PDEATHSIG = 1
"""An option of `prctl` (Linux)."""

OF_TERMINAL = (signal.SIGINT, signal.SIGHUP)
"""What a terminal sends to all that runs in it: at Ctrl-C, and when it is closed."""

ENDING_S = 30
"""How long an interrupted process may take to end: its workers tell what they saw, and reports are written. Then the
kernel ends it, in whatever it hangs."""


def heeded(hurry: Callable[[], object]) -> None:
    """Have SIGTERM hurry a run besides what Locust does, which waits as long as for any other end.

    Only the first counts: a process whose group has it gets another of the command that has started it.
    """

    def told() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.setitimer(signal.ITIMER_REAL, ENDING_S)
        hurry()

    gevent.signal_handler(signal.SIGTERM, told)


def quiet(environment: Environment, begun: Callable[[], bool], *, forked: bool) -> None:
    """Have Ctrl-C and a closed terminal end a run as SIGTERM does, which Locust takes without a traceback.

    Args:
        begun: whether there is a run to end, and not only Locust.
        forked: a worker that `--processes` made is of its master's group, and has every signal of the terminal
            that the master has; it ends when the master says so, or what it is owed would be unknown.
    """

    def once(number: int, frame: FrameType | None) -> None:
        _ignore()
        signal.setitimer(signal.ITIMER_REAL, ENDING_S)
        options = environment.parsed_options
        if options is not None and options.headless and not begun():
            os._exit(Exit.INTERRUPTED)  # Nothing has begun that would have to end.
        os.kill(os.getpid(), signal.SIGTERM)

    def later(number: int, frame: FrameType | None) -> None:
        """The master says when to end; where it does not, or this hangs, the kernel does, and nobody waits for ever."""
        _ignore()
        signal.setitimer(signal.ITIMER_REAL, ENDING_S)

    # Where one is ignored, a shell has it so for what it runs in the background, or `nohup`.
    for number in OF_TERMINAL:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, later if forked else once)


def _ignore() -> None:
    for number in OF_TERMINAL:
        signal.signal(number, signal.SIG_IGN)


def ends_with_its_parent() -> None:
    """Have the kernel end this process when the one that forked it ends.

    A worker looks for its master for ever, and holds the output open that whoever started the master reads.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
