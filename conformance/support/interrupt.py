"""SIGINT, SIGTERM and SIGHUP end a run; this is the one place that takes them.

What a signal does depends on the code that runs, which says so by a context: `raising` for computations and input,
`noted` for what has to be finished (a journal, a report), `stopping` for an event loop, `limited` for judging. Only the
first signal counts: what it ends is then finished without a second interruption.

Nothing heavy is imported: signals are taken before anything else is loaded.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, what service managers send, and what a terminal sends that is closed."""

INTERRUPTED = 130
"""The exit code of an interrupted command, as shells have it for SIGINT."""

STUCK_S = 5.0
"""After the first signal. A run is finished within a second; one that takes this long waits for something, such as the
reader of a full pipe, and a further signal ends the process."""

AGAIN_S = 0.05
"""Between two signals of a timer: Python drops an exception that is raised inside a finaliser: one may be lost."""

SOONEST_S = 0.001
"""A timer of 0 s would be none."""


class TimeIsUp(KeyboardInterrupt):
    """The time that a computation was given after an interrupt is over."""


class Interruption:
    """Whether and when the process was interrupted, and what an interrupt does at present."""

    def __init__(self, react: Callable[[], None] | None = None) -> None:
        """`react` is called at an interrupt outside of every context; by default it ends the process."""
        self.at_s: float | None = None
        """When the first signal came, by `time.monotonic`; None while there was none."""
        self._used_s = 0.0
        """How much time of the processor the process had used by then."""
        self.abandoned: object = None
        """The event loop that an interrupt stopped. Kept, since its tasks would complain when they are deleted."""
        self._react: Callable[[], None] = react or _leave

    def __call__(self, *_number_and_frame: object) -> None:
        """Take a signal, as its handler."""
        now_s = time.monotonic()
        if self.at_s is None:
            self.at_s, self._used_s = now_s, time.process_time()
            self._react()
        elif now_s - self.at_s >= STUCK_S:
            os._exit(INTERRUPTED)

    def install(self) -> None:
        """Take the signals, but for those that the process was started with ignored, as SIGHUP is by `nohup`."""
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self)
        sys.unraisablehook = _unless_interrupted

    def accept(self) -> None:
        """Take the signal for the ordinary end of what ran: the command goes on, and the next signal is the first."""
        self.at_s = None

    @contextmanager
    def reacting(self, react: Callable[[], None]) -> Iterator[None]:
        """Call `react` at an interrupt; afterwards what surrounds this context reacts to it in its own way."""
        outer, before_s = self._react, self.at_s
        self._react = react
        try:
            yield
        finally:
            self._react = outer
            if self.at_s != before_s:
                outer()

    @contextmanager
    def raising(self) -> Iterator[None]:
        """Raise KeyboardInterrupt at an interrupt, and at once where there was one before.

        Raises:
            KeyboardInterrupt: the process was interrupted.
        """
        with self.reacting(_raise):
            if self.at_s is not None:
                raise KeyboardInterrupt
            yield

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Let an interrupt change nothing for now: what is begun here is finished."""
        with self.reacting(_nothing):
            yield

    @contextmanager
    def limited(self, grace_s: float) -> Iterator[None]:
        """Give a computation `grace_s` of the processor from an interrupt on, then break it off and go on after this.

        On a busy machine that takes longer, and what was over by the interrupt is judged all the same.
        """
        computing = True

        def time_is_up(*_number_and_frame: object) -> None:
            if computing and left_s() <= 0:
                raise TimeIsUp
            if computing:  # The timer counts whole ticks of the kernel, of which the first had begun before.
                signal.setitimer(signal.ITIMER_PROF, max(left_s(), SOONEST_S), AGAIN_S)

        def left_s() -> float:
            return self._used_s + grace_s - time.process_time()

        def limit() -> None:
            signal.signal(signal.SIGPROF, time_is_up)
            signal.setitimer(signal.ITIMER_PROF, max(left_s(), SOONEST_S), AGAIN_S)

        with self.reacting(limit):
            try:
                if self.at_s is not None:
                    limit()
                yield
            except TimeIsUp:
                pass
            finally:
                computing = False
                if self.at_s is not None:
                    signal.setitimer(signal.ITIMER_PROF, 0.0)


def current() -> Interruption:
    """The one that takes the signals of this process; one that is never interrupted where something else takes them."""
    handlers: list[Any] = [signal.getsignal(number) for number in SIGNALS]
    return next((handler for handler in handlers if isinstance(handler, Interruption)), Interruption())


def _unless_interrupted(unraisable: sys.UnraisableHookArgs) -> None:
    """Tell what a finaliser raised, but not an interrupt: Python drops one there, and a later alarm raises another."""
    if not issubclass(unraisable.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)


def _leave() -> None:
    """End the process: nothing is begun yet that would have to be finished."""
    with suppress(OSError):  # The terminal may be closed.
        os.write(2, b"roomcheck: interrupted\n")
    os._exit(INTERRUPTED)


def _raise() -> None:
    raise KeyboardInterrupt


def _nothing() -> None:
    pass
