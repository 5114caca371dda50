"""The data of one run as one process of Locust knows it, which sockets, cluster and judge share."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gevent.event
from locust.env import Environment
from locust.runners import STATE_INIT, MasterRunner, WorkerRunner

from conformance.support.errors import UsageError
from conformance.target.resolve import TargetOptions, aim
from conformance.target.triggers import with_deadlines
from loadtests.dialects.dialect import Dialect
from loadtests.dialects.parts import played
from loadtests.ledger.totals import Totals
from loadtests.output.series import Series
from loadtests.verdict.thresholds import Threshold
from loadtests.verdict.verdict import Verdict
from loadtests.workload.options import names
from loadtests.workload.scenario import Scenario
from loadtests.workload.subject import Subject, lack_of

LOCAL = "local"
"""The name of the account of this process itself."""


class RunState:
    """What is known of a run."""

    def __init__(self, environment: Environment, scenarios: Mapping[str, type[Scenario]]) -> None:
        self.environment = environment
        self.scenarios = scenarios
        self.accounts = Totals()
        self.series = Series()
        """How the run stood at each second, for charts."""
        self.verdict: Verdict | None = None
        self.began_s = time.monotonic()
        self.gates: tuple[Threshold, ...] = ()
        self.subject: Subject | None = None
        """What is loaded, from its beginning on: at its end there may be no file left to open."""
        self.over = gevent.event.Event()
        """Set once this process is to end."""
        self.hurry_s = 0.0
        """When the run was interrupted; 0 where it was not."""

    def begin(self) -> None:
        """Forget the run before."""
        self.accounts = Totals()
        self.series = Series()
        self.verdict = None
        self.began_s = time.monotonic()

    @property
    def unjudged(self) -> bool:
        """Whether a run has begun that has no verdict yet. With workers it begins when they are told to."""
        runner = self.environment.runner
        waiting = isinstance(runner, MasterRunner) and runner.state == STATE_INIT
        return self.subject is not None and self.verdict is None and not waiting

    @property
    def options(self) -> Any:
        """The options of the run."""
        return self.environment.parsed_options

    @property
    def has_own_users(self) -> bool:
        """Whether users are played that are not Roomcheck's scenarios."""
        return any(kind.__name__ not in self.scenarios for kind in self.environment.user_classes)

    @property
    def played(self) -> Mapping[str, type[Scenario]]:
        """What is played under each name: a scenario, or users of people's own, who only have places in rooms."""
        own = {kind.__name__: Scenario for kind in self.environment.user_classes}
        return own | dict(self.scenarios)

    def kind_of(self, counted: str) -> type[Scenario]:
        """What was counted under a name, behind which stands that of a part where several are played."""
        return self.played[counted.partition(" ")[0]]

    @property
    def worker(self) -> bool:
        """Whether a master judges."""
        return isinstance(self.environment.runner, WorkerRunner)

    @property
    def master(self) -> bool:
        """Whether the sockets are in other processes."""
        return isinstance(self.environment.runner, MasterRunner)

    def aimed(self) -> Subject:
        """What is loaded.

        Raises:
            UsageError: nothing was named, or settings cannot be used.
            ContractError: the contracts cannot.
        """
        options = self.options
        host = self.environment.host or None
        if not host and not options.target:
            raise UsageError("--host: which service is to be loaded? Give its address, or --target of the settings")
        found = aim(
            TargetOptions(
                url=host,
                target=options.target or None,
                settings=Path(options.settings) if options.settings else None,
                contracts=options.contracts or None,
                # Of each worker's own environment: a secret that is an option would travel, and show in the web UI.
                token=os.environ.get("ROOMCHECK_TOKEN"),
                jwt_key=os.environ.get("ROOMCHECK_JWT_KEY"),
            )
        )
        assert found.target is not None  # noqa: S101 - an address or a name was given
        if found.target.parser != "default":
            raise UsageError(
                f"{found.target.where}.parser: load speaks Socket.IO's default parser only, not {found.target.parser}; "
                "start the service without the `parser` option to load it"
            )
        bundle = with_deadlines(found.bundle, found.target.deadlines)
        users = found.target.auth.kind in ("jwt", "command")
        chosen = played(bundle, has_users=users, publish=options.publish, wanted=options.part)
        parts = tuple(self._marked(words) for words in chosen.parts)
        for name in (one.__name__ for one in self.environment.user_classes):
            lacks = [
                lack_of(self.scenarios[name], words, vars(options)) if name in self.scenarios else "" for words in parts
            ]
            if all(lacks) and len(self.environment.user_classes) == 1:
                raise UsageError(f"--scenario {name}: {lacks[0]}")
        return Subject(
            target=found.target,
            bundle=bundle,
            words=parts[0],
            beside=parts[1:],
            weights=chosen.weights,
            left=chosen.left,
            known=found.known,
            late_s=options.late_after or found.timeout_s or 0.0,
            options=vars(options),
            names=names(self.scenarios),
            secrets=found.secrets,
        )

    def _marked(self, words: Dialect) -> Dialect:
        """The words of a part, with the marks that scenarios want which know its events."""
        for kind in self.scenarios.values():
            words = words.marked(kind.markings(words))
        return words
