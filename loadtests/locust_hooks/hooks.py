"""What Roomcheck adds to Locust: options, the session of each process, and a user class for each scenario."""

from __future__ import annotations

import argparse
import os
import sys
from functools import cache
from typing import Any

from locust import events
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment

from conformance.support import streams
from conformance.support.errors import UsageError
from contracts.faults import ContractError
from loadtests.locust_hooks import charts, signals
from loadtests.locust_hooks.cohort import Cohort
from loadtests.locust_hooks.playable import Playable
from loadtests.locust_hooks.run_time import RunTime
from loadtests.locust_hooks.shape import Ramp
from loadtests.locust_hooks.web_ui import extend
from loadtests.run.session import Session
from loadtests.verdict.verdict import HOLDS, USAGE
from loadtests.workload import options
from loadtests.workload.ramp import stages


@cache
def playable() -> Playable:
    """What can be played, once the arguments of this process are there."""
    return Playable.found()


def add_options(parser: LocustArgumentParser) -> None:
    """What people choose besides Locust's own options."""
    try:
        options.add(parser, playable().scenarios)
    except argparse.ArgumentError as error:  # Of a scenario of one's own; those of ours are known to go together.
        print(f"roomcheck: --scenario: its option cannot be added: {error}", file=sys.stderr)
        sys.exit(USAGE)


def install() -> None:
    """Have Locust know Roomcheck's options and begin its part of each run; once, whoever asks for it."""
    global _installed
    if _installed:
        return
    _installed = True
    # Locust forks its workers once it has read this file, and makes them look for their master before anything else.
    os.register_at_fork(after_in_child=signals.ends_with_its_parent)
    playable()
    events.init_command_line_parser.add_listener(add_options)  # type: ignore[no-untyped-call]  # untyped in Locust
    events.init.add_listener(begin)  # type: ignore[no-untyped-call]


_installed = False


def _choose(environment: Environment, *, worker: bool) -> None:
    """Which users come where none is named: those of people's own locustfiles, or a scenario.

    A worker is told by its master, and has to know every class.

    Raises:
        UsageError: there is no such scenario.
    """
    given: Any = environment.parsed_options
    users = playable().users
    known = {kind.__name__ for kind in environment.user_classes}
    own = [kind for kind in environment.user_classes if kind.__name__ not in users]
    if worker:
        environment.user_classes = [
            *environment.user_classes,
            *(kind for name, kind in users.items() if name not in known),
        ]
    elif given.scenario or not (given.user_classes or own):
        environment.user_classes = [users[playable().chosen(given.scenario or options.MIXED)]]
    elif not given.user_classes:
        environment.user_classes = own
    if not any(issubclass(kind, Cohort) for kind in environment.user_classes):
        given.sockets_per_user = 1


def begin(environment: Environment, **_: Any) -> None:
    """Make this process's part of the run, and refuse at once what cannot be done."""
    session = Session(environment, playable().scenarios)
    environment.roomcheck = session  # type: ignore[attr-defined]  # where Locust's users find it
    given: Any = environment.parsed_options
    signals.quiet(environment, lambda: session.state.unjudged, forked=session.state.worker and bool(given.processes))
    if given.user_classes and given.scenario:
        print("roomcheck: --scenario: name a scenario by its class or by this, not by both", file=sys.stderr)
        sys.exit(USAGE)
    try:
        _choose(environment, worker=session.state.worker)
        if given.dry_run:
            session.dry_run()
            sys.exit(HOLDS)
        if environment.host or given.headless:
            session.ready()
    except (UsageError, ContractError) as error:
        streams.complain(error)
        sys.exit(USAGE)
    if given.ramp and not session.state.worker:
        environment.shape_class = Ramp(stages(given.ramp))
    if environment.web_ui:
        extend(session)
        charts.extend(session)
    signals.heeded(session.referee.hurry)
    environment.events.test_start.add_listener(session.begin)  # type: ignore[no-untyped-call]
    if given.headless and given.run_time and not given.ramp and not session.state.worker:
        run_time = RunTime(environment, session.crew.wait_until_begun)
        environment.events.test_start.add_listener(run_time.begin)  # type: ignore[no-untyped-call]
    environment.events.test_stopping.add_listener(session.referee.stopping)  # type: ignore[no-untyped-call]
    environment.events.quitting.add_listener(session.referee.quitting)  # type: ignore[no-untyped-call]
    environment.events.quit.add_listener(session.end)  # type: ignore[no-untyped-call]
