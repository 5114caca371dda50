"""A run as one process of Locust knows it: the thread of its sockets, its account, and what it tells the others."""

from __future__ import annotations

import os
import secrets
import sys
import time
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import gevent
import gevent.event
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

from conformance.support.errors import UsageError
from conformance.target.resolve import Wish, aim
from conformance.target.triggers import with_deadlines
from contracts.faults import ContractError
from loadtests.dialects.selection import words_of
from loadtests.ledger.messages import Published
from loadtests.ledger.totals import Accounts
from loadtests.output.locust_stats import merge
from loadtests.output.writer import asked
from loadtests.run.cluster import Crew
from loadtests.run.judging import Referee
from loadtests.verdict.thresholds import Gate
from loadtests.verdict.verdict import USAGE, Verdict
from loadtests.worker.client import Member
from loadtests.worker.config import Setup
from loadtests.worker.readback import audit
from loadtests.worker.snapshot import snapshot
from loadtests.worker.tokens import Tokens, covered
from loadtests.worker.wire.socket import Address
from loadtests.worker.wire.thread import Thread
from loadtests.worker.worker import Worker
from loadtests.workload.options import checked, names
from loadtests.workload.rooms import Numbers
from loadtests.workload.scenario import Scenario
from loadtests.workload.subject import Subject

LOCAL = "local"
"""The name of the account of a process that is its own master."""

FLUSH_S = 0.5
"""How often what the sockets counted goes into Locust's statistics."""


class Session:
    """One process's part in a run."""

    def __init__(self, environment: Environment, scenarios: Mapping[str, type[Scenario]]) -> None:
        self.environment = environment
        self.scenarios = scenarios
        self.accounts = Accounts()
        self.verdict: Verdict | None = None
        self.began_s = time.monotonic()
        self.gates: tuple[Gate, ...] = ()
        self._thread: Thread | None = None
        self._plane: Worker | None = None
        self._numbers = Numbers(0)
        self._playing: dict[str, Scenario] = {}
        self._tokens: Tokens | None = None
        self.subject: Subject | None = None
        """What is loaded, from its beginning on: at its end there may be no file left to open."""
        self.over = gevent.event.Event()
        self._run_id: str = self.options.run_id
        self._greenlets: list[gevent.Greenlet] = []
        self.crew = Crew(self)
        self.referee = Referee(self)

    # --- what this process is --------------------------------------------------------------------------------

    @property
    def options(self) -> Any:
        """The options of the run."""
        return self.environment.parsed_options

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
            Wish(
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
        bundle = with_deadlines(found.bundle, found.target.deadlines)
        return Subject(
            target=found.target,
            bundle=bundle,
            words=words_of(bundle),
            known=found.known,
            late_s=options.late_after or found.timeout_s or 0.0,
            options=vars(options),
            names=names(self.scenarios),
            secrets=found.secrets,
        )

    def ready(self) -> None:
        """Find out whether the run can be what its options say.

        Raises:
            UsageError: it cannot; a command that prints no token among the reasons.
            ContractError: the contracts cannot be used.
        """
        subject = self.aimed()
        self.referee.kept(subject.target)
        checked(self.options, self.scenarios)
        if not self.worker:
            asked(self.options)
        if not self.master:
            Tokens(subject.target.auth, subject.bundle.socket_role, subject.secrets).prepare("first")

    # --- a run -----------------------------------------------------------------------------------------------

    def begin(self, **_: Any) -> None:
        """A run begins; one that cannot be what its options say is ended at once, and loads nobody."""
        self.accounts = Accounts()
        self.verdict = None
        self.began_s = time.monotonic()
        try:
            self._begin()
        except (UsageError, ContractError) as error:
            self._refuse(error)

    def _refuse(self, error: UsageError | ContractError) -> None:
        """End a run that cannot be what was asked for; the first reason is told."""
        if self.verdict is not None:
            return
        print(f"roomcheck: {error}", file=sys.stderr)
        self.verdict = Verdict(code=USAGE, summary=f"roomcheck: {error}")
        self.leave()
        self.environment.process_exit_code = USAGE
        runner = self.environment.runner
        if runner is not None and not self.worker:
            gevent.spawn(runner.quit if self.options.headless else runner.stop)

    def leave(self) -> None:
        """End everything of the run before."""
        old, self._plane = self._plane, None
        if old is not None and self._thread is not None:
            self._thread.ask(old.close)

    def _begin(self) -> None:
        self.leave()
        checked(self.options, self.scenarios)
        if not self.worker:
            # Workers get the master's options when they are told to spawn, so all name their rooms alike.
            self.options.run_id = self._run_id or secrets.token_hex(4)
        subject = self.subject = self.aimed()
        if not self.worker:
            self.referee.begin(subject)
        if self.master:
            self.crew.begin()
            return
        index = getattr(self.environment.runner, "worker_index", 0) if self.worker else 0
        self._numbers = Numbers(index)
        self._playing = {}
        setup = self._setup(subject, index)
        self._thread = self._thread or Thread()

        async def made() -> Worker:
            plane = Worker(setup)
            plane.start()
            return plane

        self._plane = self._thread.ask(made)
        if not self._greenlets:
            self._greenlets.append(gevent.spawn(self._flush))
            if self.worker:
                self._greenlets.append(gevent.spawn(self.crew.compare_clocks))

    def _setup(self, subject: Subject, index: int) -> Setup:
        """What the sockets of this process need to know."""
        target, bundle = subject.target, subject.bundle
        tokens = self._tokens = Tokens(target.auth, bundle.socket_role, subject.secrets)
        return Setup(
            addresses=tuple(
                Address(
                    url=url,
                    path=target.path,
                    namespace=target.namespace,
                    tls=target.tls if url.startswith("https") else None,
                    headers=target.common_headers(),
                    transport=self.options.transport,
                )
                for url in target.urls
            ),
            api_urls=target.api_urls,
            words=subject.words,
            events=bundle.events,
            run=self.options.run_id,
            worker=index,
            seed=self.options.load_seed,
            lost_ns=int(self.options.lost_after * 1e9),
            late_ns=int(subject.late_s * 1e9),
            headers=target.common_headers(),
            token=tokens.of,
            covered=partial(covered, subject.secrets),
        )

    def _flush(self) -> None:
        while not self.over.wait(FLUSH_S):
            self.report()

    def report(self) -> None:
        """Take what the sockets counted: samples into Locust's statistics, the account into ours."""
        if self._plane is None or self._thread is None:
            return
        plane = self._plane
        account, told, publications = self._thread.ask(lambda: snapshot(plane))
        merge(self.environment.stats, told)
        if publications and self.worker:
            self.crew.publish(Published(publications=publications, error_ns=plane.error_ns))
        self.accounts.told[LOCAL] = account

    def clock(self, offset_ns: int, error_ns: int) -> None:
        """The master's clock was compared with ours: the comparison with the least error is the one that holds."""
        plane, thread = self._plane, self._thread
        if plane is not None and thread is not None and (not plane.error_ns or error_ns <= plane.error_ns):

            def set_clock() -> None:
                plane.offset_ns, plane.error_ns = offset_ns, error_ns

            thread.tell(set_clock)

    def told(self, published: Published) -> None:
        """Another worker published this."""
        if self._plane is not None and self._thread is not None:
            self._thread.tell(self._plane.told, published)

    def come(self, scenario: str, count: int, members: list[Member]) -> None:
        """Bring sockets of a scenario, and wait until they have joined."""
        plane, thread = self._plane, self._thread
        if plane is None or thread is None or self._tokens is None:
            return
        for _ in range(count):
            number = self._numbers.next()
            member = Member(plane, scenario, number)
            try:
                self._tokens.prepare(member.user)
            except UsageError as error:
                self._refuse(error)
                return
            members.append(member)
        options = vars(self.options)

        async def joined() -> None:
            playing = self._playing.get(scenario)
            if playing is None:
                playing = self._playing[scenario] = self.scenarios[scenario](scenario, plane, options)
            await playing.cohort(members)

        thread.ask(joined)

    def go(self, members: Iterable[Member]) -> None:
        """Close sockets."""
        if self._thread is not None:
            for member in members:
                self._thread.tell(member.close)

    def end(self, **_: Any) -> None:
        """The process ends: whatever still ran in the native thread would run in an interpreter that is half gone."""
        self.leave()
        self.over.set()
        if self._thread is not None:
            self._thread.stop()

    # --- its end ---------------------------------------------------------------------------------------------

    def hush(self) -> None:
        """Publish nothing more, and wait until every call under way is answered."""
        if self._plane is not None and self._thread is not None:
            self._thread.ask(self._plane.hush)
            self.report()

    def drain(self) -> None:
        """Wait until everything that is owed has come or is overdue."""
        if self._plane is not None and self._thread is not None:
            plane, thread = self._plane, self._thread
            thread.ask(plane.drain)
            thread.ask(lambda: audit(plane))
            thread.ask(plane.end_sample)
            self.report()

    def hurry(self) -> None:
        """The run was interrupted: what is not over by now is not waited for."""
        if self.master:
            self.crew.hurry()
        elif self._plane is not None and self._thread is not None:
            self._thread.tell(self._plane.hurry)
