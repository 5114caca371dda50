"""Plays cases on a parser: no traceback, no hang by CPU time, and memory within ten times the input and 100 MB."""

import resource
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from tests.fuzzing.targets import Target

MOST_S = 5.0
"""CPU seconds for one case of at most 40 kB: a hundred times what the slowest takes that is not at fault."""
MORE_BYTES = 100_000_000
TIMES = 10


class Hang(BaseException):
    """A parser has used too much CPU time; no handler of errors catches it."""


class Fault(AssertionError):
    """A case that a parser neither reads nor refuses as it should."""

    def __init__(self, said: str, case: bytes) -> None:
        super().__init__(said)
        self.case = case


@dataclass(kw_only=True)
class Played:
    """What was played."""

    count: int = 0
    refused: int = 0
    slowest_s: float = 0.0


def play(target: Target, cases: Iterable[bytes]) -> Played:
    """Play cases.

    Raises:
        Fault: the first that goes wrong.
    """
    made = Played()
    before = signal.signal(signal.SIGVTALRM, hang)
    grown = peak_bytes()
    try:
        for case in cases:
            begin_s = time.process_time()
            made.refused += one(target, case)
            made.count += 1
            took_s = time.process_time() - begin_s
            made.slowest_s = max(made.slowest_s, took_s)
            if took_s > MOST_S:
                raise Fault(f"it took {took_s:.1f} s of CPU for {len(case)} bytes", case)
            if peak_bytes() - grown > MORE_BYTES + TIMES * len(case):
                raise Fault(f"memory grew by {(peak_bytes() - grown) // 1_000_000} MB for {len(case)} bytes", case)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return made


def one(target: Target, case: bytes) -> bool:
    """Whether a case is refused.

    Raises:
        Fault: it ends in another way than by being read or refused.
    """
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_S)
    try:
        target.read(case)
    except target.refuses_with:
        return True
    except Hang as hang:
        raise Fault(f"it had not ended after {MOST_S:g} s of CPU for {len(case)} bytes", case) from hang
    except Exception as error:
        raise Fault(f"{type(error).__name__}: {error}", case) from error
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return False


def peak_bytes() -> int:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def hang(*_: object) -> NoReturn:
    """End what has used too much CPU time."""
    raise Hang
