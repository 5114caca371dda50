"""One process's part in a run: what Locust's events begin and end."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import gevent
from locust.env import Environment

from conformance.support import streams
from conformance.support.errors import UsageError
from conformance.support.printable import printable
from contracts.faults import ContractError
from loadtests.output.writer import asked
from loadtests.run import dry_run
from loadtests.run.cluster import Cluster
from loadtests.run.judging import RunJudge
from loadtests.run.sockets import LocalSockets
from loadtests.run.state import RunState
from loadtests.verdict.thresholds import Threshold
from loadtests.verdict.verdict import USAGE, Verdict
from loadtests.worker.tokens import Tokens
from loadtests.workload.options import checked
from loadtests.workload.scenario import Scenario
from loadtests.workload.subject import Subject, lack_of


class Session:
    """One process's part in a run."""

    def __init__(self, environment: Environment, scenarios: Mapping[str, type[Scenario]]) -> None:
        state = self.state = RunState(environment, scenarios)
        self._run_id: str = state.options.run_id
        self._comparing: gevent.Greenlet | None = None
        self.sockets = LocalSockets(state, self._refuse)
        # The names are those that a master sends; nothing else from the network is called.
        phases = {"quiesce": self.sockets.quiesce, "drain": self.sockets.drain, "hurry": self.sockets.hurry}
        self.crew = Cluster(state, phases, self.sockets.told, self.sockets.clock)
        self.referee = RunJudge(state, self.sockets, self.crew)

    def ready(self) -> None:
        """Find out whether the run can be what its options say.

        Raises:
            UsageError: it cannot; a command that prints no token among the reasons.
            ContractError: the contracts cannot be used.
        """
        subject, _, tokens = self._checked()
        words = subject.words
        if not self.state.worker:
            for line in self._parts(subject):
                print(printable(line), file=sys.stderr)
        if words.unaccounted and not self.state.worker:
            lines = "".join(f"\n  {way.name}: {words.reasons[way.name]}" for way in words.ways)
            told = "deliveries are counted, not accounted for, so this run cannot pass"
            print(
                f"roomcheck: nothing in {subject.bundle.name!r} tells one publication from another: {told}{lines}",
                file=sys.stderr,
            )
        if not self.state.master:
            tokens.prepare("first")

    def _parts(self, subject: Subject) -> Iterator[str]:
        """Which parts of the contracts are played, where there are several, and why others are not."""
        names = [words.bundle.part for words in subject.parts]
        if len(names) > 1:
            yield f"roomcheck: {len(names)} parts of {subject.bundle.name!r} are played: {', '.join(map(repr, names))}"
        for name, reason in subject.left.items():
            yield f"roomcheck: {name!r} of {subject.bundle.name!r} is not played: {reason}"
        kinds = [kind.__name__ for kind in self.state.environment.user_classes if len(names) > 1]
        for kind in (name for name in kinds if name in self.state.scenarios):
            for words in subject.parts:
                if lack := lack_of(self.state.scenarios[kind], words, subject.options):
                    yield f"roomcheck: {kind} does not play {words.bundle.part!r}: {lack}"

    def _checked(self) -> tuple[Subject, tuple[Threshold, ...], Tokens]:
        """What is loaded, the gates and the tokens, of options that can be used."""
        subject = self.state.aimed()
        gates = self.referee.kept(subject.target)
        checked(self.state.options, self.state.scenarios)
        if not self.state.worker:
            asked(self.state.options)
        return subject, gates, Tokens(subject.target.auth, subject.bundle.socket_role, subject.secrets)

    def dry_run(self) -> None:
        """Print what the run would play; nothing is connected, and no command of the settings is run.

        Raises:
            UsageError: the run cannot be what its options say.
            ContractError: the contracts cannot be used.
        """
        subject, gates, _ = self._checked()
        if not self.state.worker:  # Its master tells.
            dry_run.show(self.state, [one.text for one in gates], subject)

    def begin(self, **_: Any) -> None:
        """A run begins; one that cannot be what its options say is ended at once, and loads nobody."""
        self.state.begin()
        try:
            self._begin()
        except (UsageError, ContractError) as error:
            self._refuse(error)
        if self.state.worker:
            self.crew.begun()

    def _refuse(self, error: UsageError | ContractError) -> None:
        """End a run that cannot be what was asked for; the first reason is told."""
        state = self.state
        if state.verdict is not None:
            return
        streams.complain(error)
        state.verdict = Verdict(code=USAGE, summary=f"roomcheck: {error}")
        self.sockets.leave()
        state.environment.process_exit_code = USAGE
        runner = state.environment.runner
        if runner is not None and not state.worker:
            gevent.spawn(runner.quit if state.options.headless else runner.stop)

    def _begin(self) -> None:
        state = self.state
        self.sockets.leave()
        checked(state.options, state.scenarios)
        if not state.worker:
            # Workers get the master's options when they are told to spawn, so all name their rooms alike.
            state.options.run_id = self._run_id or secrets.token_hex(4)
        subject = state.subject = state.aimed()
        if not state.worker:
            self.referee.begin(subject)
        if state.master:
            self.crew.begin()
            return
        self.sockets.begin(subject, self.crew.publish if state.worker else None)
        if state.worker and self._comparing is None:
            self._comparing = gevent.spawn(self.crew.compare_clocks)

    def end(self, **_: Any) -> None:
        """The process ends."""
        self.sockets.leave()
        self.state.over.set()
        self.sockets.stop()
