"""What Roomcheck adds to Locust: options, the session of each process, and a user class for each scenario."""

from __future__ import annotations

import sys
from typing import Any

from locust.argument_parser import LocustArgumentParser
from locust.env import Environment

from conformance.support.errors import UsageError
from contracts.faults import ContractError
from loadtests.locust_hooks import signals
from loadtests.locust_hooks.cohort import Cohort
from loadtests.locust_hooks.run_time import RunTime
from loadtests.locust_hooks.shape import Ramp
from loadtests.locust_hooks.web_ui import extend
from loadtests.run.session import Session
from loadtests.scenarios import scenarios
from loadtests.verdict.verdict import HOLDS, USAGE
from loadtests.workload import options
from loadtests.workload.ramp import stages

SCENARIOS = scenarios()

# Locust counts users by the names of their classes.
USERS = {name: type(name, (Cohort,), {"scenario": name}) for name in SCENARIOS}


def add_options(parser: LocustArgumentParser) -> None:
    """What people choose besides Locust's own options."""
    options.add(parser, SCENARIOS)


def begin(environment: Environment, **_: Any) -> None:
    """Make this process's part of the run, and refuse at once what cannot be done."""
    session = Session(environment, SCENARIOS)
    environment.roomcheck = session  # type: ignore[attr-defined]  # where Locust's users find it
    given: Any = environment.parsed_options
    signals.quiet(environment, lambda: session.state.unjudged, forked=session.state.worker and bool(given.processes))
    if given.user_classes and given.scenario:
        print("roomcheck: --scenario: name a scenario by its class or by this, not by both", file=sys.stderr)
        sys.exit(USAGE)
    if not given.user_classes and not session.state.worker:
        environment.user_classes = [USERS[given.scenario or options.MIXED]]
    try:
        if given.dry_run:
            session.dry_run()
            sys.exit(HOLDS)
        if environment.host or given.headless:
            session.ready()
    except (UsageError, ContractError) as error:
        print(f"roomcheck: {error}", file=sys.stderr)
        sys.exit(USAGE)
    if given.ramp and not session.state.worker:
        environment.shape_class = Ramp(stages(given.ramp))
    if environment.web_ui:
        extend(session)
    signals.heeded(session.referee.hurry)
    environment.events.test_start.add_listener(session.begin)  # type: ignore[no-untyped-call]
    if given.headless and given.run_time and not given.ramp and not session.state.worker:
        environment.events.test_start.add_listener(RunTime(environment).begin)  # type: ignore[no-untyped-call]
    environment.events.test_stopping.add_listener(session.referee.stopping)  # type: ignore[no-untyped-call]
    environment.events.quitting.add_listener(session.referee.quitting)  # type: ignore[no-untyped-call]
    environment.events.quit.add_listener(session.end)  # type: ignore[no-untyped-call]
