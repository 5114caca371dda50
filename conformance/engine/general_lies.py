"""General lies told about contracts: which of them a check of these contracts notices, and which it does not."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

from conformance.engine.check import EVERYTHING, CheckRequest, Result, check
from conformance.engine.selftest import BEGUN_S, HONEST, KEY, leave_interrupts
from conformance.engine.side_by_side import AT_ONCE, side_by_side
from conformance.judge.rule import rules
from conformance.judge.selection import Selection
from conformance.lying.lie import GeneralLie, Told, general_lies
from conformance.lying.spots import Spot
from conformance.lying.teller import Lying
from conformance.model.verdict import Outcome, Verdict
from conformance.reference.host import hosted
from conformance.server.host import Running, embedded
from conformance.support.event_loop import on_uvloop
from conformance.target.resolve import of_embedded
from conformance.target.target import Auth
from contracts.load import load
from contracts.model import Bundle

PROCESSES = 3
"""Batches that are played at the same time: while one waits for its last lies, the others go on."""

SINGLE = 1
"""Lies of one batch that is asked again by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a check said of one lie, or of the honest service."""

    lie: str
    spot: Spot
    accused: tuple[str, ...] = ()
    """What was found wrong, as `rule: subject`."""
    doubt: str = ""
    """Why the check did not hold, where nothing was found wrong."""
    unclear: str = ""
    """What kept the rules that were to notice it from a conclusion, where they came to none."""
    error: str = ""

    @property
    def is_noticed(self) -> bool:
        """Whether the check did not hold."""
        return bool(self.accused or self.doubt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One lie to be told, in words that reach another process."""

    lie: str
    spot: Spot

    def told(self) -> GeneralLie:
        """The lie."""
        return next(lie for lie in general_lies() if lie.id == self.lie)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What every check of one run has in common."""

    contracts: str
    """The folder or name of the bundle."""
    timeout_s: float | None = None
    excused: frozenset[str] = frozenset()
    """What the honest service is accused of: it is no sign of a lie."""
    doubted: bool = False
    """Whether the check of the honest service did not hold for a doubt."""


@asynccontextmanager
async def served(bundle: Bundle, job: Job | None, timeout_s: float | None) -> AsyncIterator[str]:
    """The service of a bundle, honest or with one lie, on a free port; gives its URL."""
    auth = Auth(key=KEY)
    if job is None:
        async with embedded(bundle, auth) as url:
            yield url
        return
    kind: type[Lying] = type("Told", (job.told().service,), {"spot": job.spot, "timeout_s": timeout_s})
    service = kind(bundle, auth)
    service.admin = True
    running = Running(service)
    running.app = service.around(running.app)
    async with hosted(running) as url:
        yield url


async def tried(course: Course, bundle: Bundle, job: Job | None) -> Trial:
    """Check one service: by the rules that have to notice its lie, and where they do not, by all."""
    wanted = job.told().caught_by if job is not None else ()
    first = await _checked(course, bundle, job, Selection(rules=wanted)) if wanted else None
    if first is not None and first.accused:
        return first
    whole = await _checked(course, bundle, job, EVERYTHING)
    return replace(whole, unclear=first.unclear) if first is not None and not whole.is_noticed else whole


async def _checked(course: Course, bundle: Bundle, job: Job | None, selection: Selection) -> Trial:
    async with served(bundle, job, course.timeout_s) as url:
        target = replace(of_embedded(url, KEY), path=bundle.path, namespace=bundle.namespace, wait_for_s=BEGUN_S)
        order = CheckRequest(
            bundle=bundle, target=target, rules=rules(), selection=selection, timeout_s=course.timeout_s
        )
        result = await check(order, write=lambda record: None)
    return trial_of(course, job, result, whole=selection == EVERYTHING)


def trial_of(course: Course, job: Job | None, result: Result, *, whole: bool) -> Trial:
    """What a check said.

    Args:
        whole: whether all rules were asked: of a part of them it is no sign that little was verified.
    """
    wanted = job.told().caught_by if job is not None else ()
    accused = dict.fromkeys(map(named, _of(result.verdicts, Outcome.FAIL, Outcome.WARNING)))
    unclear = [one for one in _of(result.verdicts, Outcome.INCONCLUSIVE) if one.rule in wanted]
    errors = [one.message for one in _of(result.verdicts, Outcome.ERROR)]
    doubt = (result.lost or result.doubt) if whole else ""
    return Trial(
        lie=job.lie if job is not None else HONEST,
        spot=job.spot if job is not None else Spot(name=""),
        accused=tuple(one for one in accused if one not in course.excused),
        doubt="" if course.doubted else doubt,
        unclear=f"{named(unclear[0])}: {unclear[0].message}" if unclear else "",
        error=errors[0] if errors else "",
    )


def _of(verdicts: Sequence[Verdict], *outcomes: Outcome) -> list[Verdict]:
    return [verdict for verdict in verdicts if verdict.outcome in outcomes]


def named(verdict: Verdict) -> str:
    """A verdict as `rule: subject`."""
    return f"{verdict.rule}: {verdict.subject}"


def batch(course: Course, jobs: Sequence[Job | None]) -> list[Trial]:
    """Some lies at the same time, in one process."""
    bundle = load(course.contracts)

    async def all_of_them() -> list[Trial]:
        trials = await side_by_side(jobs, partial(tried, course, bundle))
        # What came to no conclusion may have been excused for what its neighbours held up: it is asked by itself.
        return [
            await tried(course, bundle, job) if trial.unclear and not trial.is_noticed and len(jobs) > SINGLE else trial
            for job, trial in zip(jobs, trials, strict=True)
        ]

    return on_uvloop(all_of_them(), quiet=True)


def honest(course: Course) -> Trial:
    """The check of the honest service."""
    (trial,) = batch(course, [None])
    return trial


def tell(
    course: Course,
    jobs: Sequence[Job],
    *,
    max_s: float | None = None,
    progress: Callable[[int], None] = lambda count: None,
    processes: int = PROCESSES,
) -> list[Trial]:
    """Tell lies, and check each.

    Args:
        max_s: after so many seconds no other lie is begun.
        progress: told how many lies have been told.

    Returns:
        What came of those that were told, in no order.
    """
    ends_s = time.monotonic() + max_s if max_s is not None else None
    trials: list[Trial] = []
    batches = [jobs[start : start + AT_ONCE] for start in range(0, len(jobs), AT_ONCE)]
    with ProcessPoolExecutor(processes, initializer=leave_interrupts) as pool:
        try:
            due: set[Future[list[Trial]]] = set()
            while batches or due:
                while batches and len(due) < processes and (ends_s is None or time.monotonic() < ends_s):
                    due.add(pool.submit(batch, course, batches.pop(0)))
                if not due:
                    break
                done, due = wait(due, return_when=FIRST_COMPLETED)
                for one in done:
                    trials += one.result()
                progress(len(trials))
        except KeyboardInterrupt:
            for process in multiprocessing.active_children():
                process.kill()
            raise
    return trials


def jobs_of(told: Sequence[Told]) -> list[Job]:
    """Lies in words that reach another process."""
    return [Job(lie=one.lie.id, spot=one.spot) for one in told]
