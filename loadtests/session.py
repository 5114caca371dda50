"""A run as one process of Locust knows it: the thread of its sockets, its account, and what it tells the others."""

from __future__ import annotations

import logging
import os
import secrets
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import gevent
import gevent.event
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner
from rich.console import Console

from conformance.aim import Wish, aim
from conformance.target import Target, UsageError
from contracts.model import Bundle
from loadtests import words
from loadtests.accounts import Accounts
from loadtests.bulk import merge
from loadtests.conclusion import Conclusion, Evidence
from loadtests.crew import AUDIT_S, HUSH_S, Crew
from loadtests.gates import Gate, aborting, gate
from loadtests.live import end
from loadtests.plane.account import snapshot
from loadtests.plane.audit import audit
from loadtests.plane.member import Member
from loadtests.plane.plane import MARGIN_S, Plane, Setup
from loadtests.plane.socket import Address
from loadtests.plane.thread import Thread
from loadtests.scenario import Numbers, Scenario
from loadtests.screen import Screen
from loadtests.tokens import Tokens
from loadtests.verdict import Verdict, judged, told

LOCAL = "local"
"""The name of the account of a process that is its own master."""

WATCH_S = 1.0
"""How often gates are looked at while the run goes on."""

PATIENCE_S = 5.0
"""How long nothing at all may be reached before the run is ended as hopeless."""

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
        self._plane: Plane | None = None
        self._numbers = Numbers(0)
        self._playing: dict[str, Scenario] = {}
        self._tokens: Tokens | None = None
        self.over = gevent.event.Event()
        self._run_id: str = self.options.run_id
        self.screen: Screen | None = None
        self._watcher: gevent.Greenlet | None = None
        self._greenlets: list[gevent.Greenlet] = []
        self.crew = Crew(self)

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

    def aimed(self) -> tuple[Target, Bundle]:
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
                contracts=options.contracts,
                # Of each worker's own environment: a secret that is an option would travel, and show in the web UI.
                token=os.environ.get("ROOMCHECK_TOKEN"),
                jwt_key=os.environ.get("ROOMCHECK_JWT_KEY"),
            )
        )
        assert found.target is not None  # noqa: S101 - an address or a name was given
        return found.target, found.bundle

    def kept(self) -> tuple[Gate, ...]:
        """The gates of the settings and of the options.

        Raises:
            UsageError: one of the settings cannot be read.
        """
        target, _ = self.aimed()
        try:
            return tuple(map(gate, (*target.gates, *(self.options.gate or ()))))
        except ValueError as error:
            raise UsageError(f"{target.where}.gates: {error}") from error

    # --- a run -----------------------------------------------------------------------------------------------

    def begin(self, **_: Any) -> None:
        """A run begins: forget the one before, and make ready for sockets."""
        self.accounts = Accounts()
        self.verdict = None
        self.began_s = time.monotonic()
        self.gates = self.kept()
        if not self.worker:
            # Workers get the master's options when they are told to spawn, so all name their rooms alike.
            self.options.run_id = self._run_id or secrets.token_hex(4)
        if self.options.live and not self.worker and self.screen is None:
            # Ours in place of Locust's: both at once would not fit a terminal.
            logging.getLogger("locust.stats_logger").disabled = True
            self.screen = Screen(Console(stderr=True, highlight=False))
        if not self.worker and self._watcher is None:
            self._watcher = gevent.spawn(self.watch)
        if self.master:
            self.crew.begin()
            return
        target, bundle = self.aimed()
        index = getattr(self.environment.runner, "worker_index", 0) if self.worker else 0
        self._numbers = Numbers(index)
        self._playing = {}
        setup = self._setup(target, bundle, index)
        self._thread = self._thread or Thread()
        old = self._plane
        if old is not None:
            self._thread.ask(old.close)

        async def made() -> Plane:
            plane = Plane(setup)
            plane.start()
            return plane

        self._plane = self._thread.ask(made)
        if not self._greenlets:
            self._greenlets.append(gevent.spawn(self._flush))
            if self.worker:
                self._greenlets.append(gevent.spawn(self.crew.compare_clocks))

    def _setup(self, target: Target, bundle: Bundle, index: int) -> Setup:
        """What the sockets of this process need to know."""
        tokens = self._tokens = Tokens(target.auth, bundle.socket_role)
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
            words=words,
            events=bundle.events,
            run=self.options.run_id,
            worker=index,
            seed=self.options.load_seed,
            deadline_ns=int(self.options.late_after * 1e9),
            headers=target.common_headers(),
            token=tokens.of,
        )

    def _flush(self) -> None:
        while not self.over.wait(FLUSH_S):
            self.report()

    def report(self) -> None:
        """Take what the sockets counted: samples into Locust's statistics, the account into ours."""
        if self._plane is None or self._thread is None:
            return
        plane = self._plane
        account, told = self._thread.ask(lambda: snapshot(plane))
        merge(self.environment.stats, told)
        publications = account.pop("outbox")
        if publications and self.worker:
            self.crew.publish(publications, plane.error_ns)
        self.accounts.told[LOCAL] = account

    def clock(self, offset_ns: int, error_ns: int) -> None:
        """The master's clock was compared with ours: the comparison with the least error is the one that holds."""
        plane, thread = self._plane, self._thread
        if plane is not None and thread is not None and (not plane.error_ns or error_ns <= plane.error_ns):

            def set_clock() -> None:
                plane.offset_ns, plane.error_ns = offset_ns, error_ns

            thread.tell(set_clock)

    def told(self, publications: list[Any], error_ns: int) -> None:
        """Other workers published this."""
        if self._plane is not None and self._thread is not None:
            self._thread.tell(self._plane.told, publications, error_ns)

    def watch(self) -> None:
        """End the run when a gate that asks for it is broken; for ever."""
        while not self.over.wait(WATCH_S):
            runner = self.environment.runner
            if self.screen is not None and self.verdict is None:
                self.screen.show(self.accounts, time.monotonic() - self.began_s)
            if runner is None or self.verdict is not None or runner.state not in ("spawning", "running"):
                continue
            broken = aborting(self.gates, self.accounts, time.monotonic() - self.began_s)
            if broken:
                print(f"roomcheck: ended by a gate: {broken[0]}", file=sys.stderr)
            counts, elapsed_s = self.accounts.counts(), time.monotonic() - self.began_s
            hopeless = counts.get("refused_sockets") and not counts.get("connected") and elapsed_s > PATIENCE_S
            if broken or hopeless or any(one.over for one in self.conclusions()):
                runner.quit() if self.options.headless else runner.stop()

    def conclusions(self, *, ended: bool = False) -> list[Conclusion]:
        """What the scenarios of this run say of it."""
        evidence = Evidence(
            accounts=self.accounts,
            gates=self.gates,
            options=vars(self.options),
            elapsed_s=time.monotonic() - self.began_s,
            ended=ended,
        )
        named = (self.scenarios[name].conclude(evidence) for name in self.accounts.scenarios() if name)
        return [one for one in named if one is not None]

    def come(self, scenario: str, count: int, members: list[Member]) -> None:
        """Bring sockets of a scenario, and wait until they have joined."""
        plane, thread = self._plane, self._thread
        if plane is None or thread is None or self._tokens is None:
            return
        for _ in range(count):
            number = self._numbers.next()
            member = Member(plane, scenario, number)
            self._tokens.prepare(member.user)
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

    # --- its end ---------------------------------------------------------------------------------------------

    def hush(self) -> None:
        """Publish nothing more, and wait until every call under way is answered."""
        if self._plane is not None and self._thread is not None:
            self._thread.ask(self._plane.hush)
            self.report()

    def drain(self) -> None:
        """Wait until everything that is owed has come or is overdue."""
        if self._plane is not None and self._thread is not None:
            self._thread.ask(self._plane.drain)
            plane = self._plane
            self._thread.ask(lambda: audit(plane))
            self.report()

    def stopping(self, **_: Any) -> None:
        """The run ends, and every socket is still there: drain, then judge. A worker waits for its master's word."""
        if self.worker or self.verdict is not None:
            return
        if self.master:
            self.crew.phase("hush", HUSH_S)
            self.crew.phase("drain", self.options.late_after + MARGIN_S + AUDIT_S)
        else:
            self.hush()
            self.drain()
        elapsed_s = time.monotonic() - self.began_s
        self.verdict = judged(self.accounts, self.gates, elapsed_s, self.conclusions(ended=True))
        self.show_end(self.verdict)
        if self.verdict.code:
            self.environment.process_exit_code = self.verdict.code

    def show_end(self, verdict: Verdict) -> None:
        """Tell the verdict; what goes to the standard output is for `--json` alone, where that is asked for."""
        if self.screen is None:
            for line in told(self.accounts, verdict):
                print(line, file=sys.stderr)
            return
        self.screen.stop()
        shown = Console(stderr=self.options.json, highlight=False)
        shown.print(end(self.accounts, verdict))

    def quitting(self, **_: Any) -> None:
        """Locust ends, however it came to that: a run that goes on is stopped first, so that it is judged."""
        runner = self.environment.runner
        if runner is not None and not self.worker and runner.state in ("spawning", "running"):
            runner.stop()
