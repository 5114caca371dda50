"""A dry run: what a run with these options would play, found out without connecting anything."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import Any

from conformance.target.target import Auth
from loadtests.dialects.dialect import Dialect
from loadtests.output.plan import Plan, lines
from loadtests.run import part_workers
from loadtests.run.program import EMBEDDED
from loadtests.run.sockets import check_workers
from loadtests.run.state import RunState
from loadtests.worker.wire.http import MOST_CONNECTIONS
from loadtests.workload.forecast import Forecast, forecast, joined
from loadtests.workload.needs import System, needs
from loadtests.workload.ramp import stages
from loadtests.workload.subject import Subject
from loadtests.workload.traffic import cohorts


def show(state: RunState, gates: Sequence[str], subject: Subject) -> None:
    """Print what would be played, to the standard output.

    Args:
        gates: the texts of all gates.
    """
    plan = planned(state, gates, subject, System.here())
    for line in lines(plan, shutil.get_terminal_size().columns):
        print(line)


def planned(state: RunState, gates: Sequence[str], subject: Subject, system: System) -> Plan:
    """What would be played, in words and numbers."""
    options = state.options
    workers = _workers(options)
    for words in subject.parts:
        check_workers(words, workers)
    parts = _forecasts(state, subject, workers)
    found = joined([one for _, one in parts])
    return Plan(
        subject=subject,
        parts=parts,
        left=subject.left,
        target=_target(subject),
        found=found,
        comes=_comes(options),
        processes=_processes(options, found),
        token=_token(subject.target.auth),
        gates=gates,
        needs=needs(
            found,
            system,
            addresses=len(subject.target.urls),
            # Of a master's workers nobody knows how many are on one machine: what is shown is for one of them.
            here=found.workers[:1] if options.master else found.workers,
            most_calls=MOST_CONNECTIONS,
        ),
    )


def _forecasts(state: RunState, subject: Subject, workers: int) -> list[tuple[Dialect, Forecast]]:
    """What each part of the contracts would have, whose users are given to it as a run gives them."""
    options, several = state.options, len(subject.parts) > 1
    chosen = sorted(getattr(kind, "scenario", kind.__name__) for kind in state.environment.user_classes)
    kinds: dict[str, list[list[str]]] = {words.bundle.part: [[] for _ in range(workers)] for words in subject.parts}
    for index, users in enumerate(cohorts(_users(options), workers, chosen)):
        turns = {
            name: part_workers.turns(subject.parts_of(state.scenarios[name]), subject.weights, index)
            for name in chosen
            if name in state.scenarios
        }
        for name in users:
            kinds[next(turns[name]) if name in turns else subject.words.bundle.part][index].append(name)
    return [
        (
            words,
            forecast(
                words,
                state.played,
                chosen,
                vars(options),
                kinds=kinds[words.bundle.part],
                part=words.bundle.part if several else "",
            ),
        )
        for words in subject.parts
    ]


def _workers(options: Any) -> int:
    """How many workers there will be; a run without a master is its own."""
    return max(1, options.expect_workers or 1)


def _users(options: Any) -> int:
    """The most users that there are at a time."""
    if options.ramp:
        return max(users for users, _ in stages(options.ramp))
    return 1 if options.num_users is None else int(options.num_users)


def _comes(options: Any) -> str:
    size = options.sockets_per_user
    of = f"{_users(options):,} users of {size} {'socket' if size == 1 else 'sockets'}"
    if options.ramp:
        return f"{of} at most, --ramp {options.ramp}"
    rate, lasts = options.spawn_rate, options.run_time
    return f"{of}, {rate or 1:g} users a second; {f'for {lasts} s' if lasts else 'until the run is stopped'}"


def _processes(options: Any, found: Forecast) -> str:
    count = len(found.workers)
    if count == 1 and not options.master:
        return "one process, without a master (--processes starts more)"
    least, most = min(found.workers), max(found.workers)
    sockets = f"{least:,}" if least == most else f"{least:,} to {most:,}"
    return f"{count:,}, with {sockets} sockets each"


def _target(subject: Subject) -> str:
    target = subject.target
    if target.url == EMBEDDED:
        return "the embedded service, which the run starts"
    nodes = ", ".join(target.urls)
    named = f" ({target.name} of the settings)" if target.name else ""
    calls = f"; calls go to {target.api_url}" if target.api_url and target.api_url != target.url else ""
    return f"{nodes}{named}{calls}"


def _token(auth: Auth) -> str:
    match auth.kind:
        case "none":
            return "none"
        case "command":
            return "printed by the command of the settings for each user, which a dry run does not run"
        case "jwt":
            return "signed for each user with the key"
        case _:
            return "the same for every user"
