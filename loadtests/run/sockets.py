"""The virtual clients of this process: the thread that they live in, and the account that is taken of them."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import Any, TypeVar

import gevent

from conformance.support.errors import UsageError
from loadtests.dialects.dialect import Dialect
from loadtests.dialects.mark import MOST_STREAMS
from loadtests.ledger.messages import Published
from loadtests.output.locust_stats import merge
from loadtests.run.state import LOCAL, RunState
from loadtests.worker.client import VirtualClient
from loadtests.worker.config import WorkerConfig
from loadtests.worker.readback import audit
from loadtests.worker.shared import ClockOffset
from loadtests.worker.snapshot import snapshot
from loadtests.worker.steered import SteeredClient
from loadtests.worker.tokens import Tokens, covered
from loadtests.worker.wire.address import Address
from loadtests.worker.wire.thread import Thread
from loadtests.worker.worker import Worker
from loadtests.workload.rooms import MOST_SOCKETS, Numbers
from loadtests.workload.scenario import Scenario
from loadtests.workload.subject import Subject

T = TypeVar("T")

FLUSH_S = 0.5
"""How often what the sockets counted goes into Locust's statistics."""

MADE_AT_ONCE = 100
"""How many sockets of a cohort are made in one turn of Locust's loop: some 2 ms."""


def check_workers(words: Dialect, count: int) -> None:
    """Refuse more workers than marks can tell apart.

    Raises:
        UsageError: says how many there may be.
    """
    most = MOST_STREAMS // words.width // MOST_SOCKETS
    if count > most:
        raise UsageError(f"--processes: the contracts of {words.bundle.name} can be loaded by at most {most} workers")


class LocalSockets:
    """The virtual clients of this process, driven from Locust's greenlets."""

    def __init__(self, state: RunState, refuse: Callable[[UsageError], None]) -> None:
        self._state = state
        self._refuse = refuse
        self._publish: Callable[[Published], None] | None = None
        self._thread: Thread | None = None
        self._worker: Worker | None = None
        self._numbers = Numbers(0)
        self._playing: dict[str, Scenario] = {}
        self._tokens: Tokens | None = None
        self._flushing: gevent.Greenlet | None = None

    def begin(self, subject: Subject, publish: Callable[[Published], None] | None) -> None:
        """Start a worker for a run; `publish` is told what other processes have to know, where there are any."""
        state = self._state
        index = getattr(state.environment.runner, "worker_index", 0) if state.worker else 0
        self._numbers = Numbers(index)
        self._playing = {}
        self._publish = publish
        setup = self._setup(subject, index)
        self._thread = self._thread or Thread()

        async def made() -> Worker:
            worker = Worker(setup)
            worker.start()
            return worker

        self._worker = self._thread.ask(made)
        if self._flushing is None:
            self._flushing = gevent.spawn(self._flush)

    def leave(self) -> None:
        """End everything of the run before."""
        old, self._worker = self._worker, None
        if old is not None and self._thread is not None:
            self._thread.ask(old.close)

    def stop(self) -> None:
        """End the thread: what still ran in it would run in an interpreter that is half gone."""
        if self._thread is not None:
            self._thread.stop()

    def _setup(self, subject: Subject, index: int) -> WorkerConfig:
        """What the sockets of this process need to know."""
        target, bundle, words = subject.target, subject.bundle, subject.words
        check_workers(words, index + 1)
        numbers = words.has_number_users
        tokens = self._tokens = Tokens(target.auth, bundle.socket_role, subject.secrets, has_numbers=numbers)
        return WorkerConfig(
            addresses=tuple(
                Address(
                    url=url,
                    path=target.path,
                    namespace=words.bundle.namespace if words.bundle.part or bundle.namespaces else target.namespace,
                    tls=target.tls if url.startswith("https") else None,
                    headers=target.common_headers(),
                    transport=self._state.options.transport,
                    connect_s=target.connect_s,
                )
                for url in target.urls
            ),
            api_urls=target.api_urls,
            words=words,
            run=self._state.options.run_id,
            worker=index,
            seed=self._state.options.load_seed,
            # Where there are no rooms, everybody receives what any worker publishes.
            shared=self._state.options.shared_rooms or (words.is_roomless and self._state.worker),
            has_others=self._state.worker,
            lost_ns=int(self._state.options.lost_after * 1e9),
            late_ns=int(subject.late_s * 1e9),
            call_s=target.call_s,
            headers=target.common_headers(),
            token=tokens.of,
            known_as=tokens.known_as,
            place=target.auth.socket_place,
            caller_place=target.auth.caller_place,
            covered=partial(covered, subject.secrets),
        )

    def _flush(self) -> None:
        while not self._state.over.wait(FLUSH_S):
            self.report()

    def report(self) -> None:
        """Take what the sockets counted: samples into Locust's statistics, the account into ours."""
        if self._worker is None or self._thread is None:
            return
        worker = self._worker
        account, told, publications = self._thread.ask(lambda: snapshot(worker))
        merge(self._state.environment.stats, told)
        if publications and self._publish is not None:
            self._publish(Published(publications=publications, error_ns=worker.clock.error_ns))
        self._state.accounts.snapshots[LOCAL] = account

    def clock(self, offset_ns: int, error_ns: int) -> None:
        """The master's clock was compared with ours: the comparison with the least error is the one that holds."""
        worker, thread = self._worker, self._thread
        if (
            worker is not None
            and thread is not None
            and (not worker.clock.error_ns or error_ns <= worker.clock.error_ns)
        ):

            def set_clock() -> None:
                worker.clock = ClockOffset(offset_ns, error_ns)

            thread.tell(set_clock)

    def told(self, published: Published) -> None:
        """Another worker published this."""
        if self._worker is not None and self._thread is not None:
            self._thread.tell(self._worker.told, published)

    def come(self, scenario: str, count: int, members: list[VirtualClient]) -> None:
        """Bring sockets of a scenario, and wait until they have joined."""
        worker, thread = self._worker, self._thread
        if worker is None or thread is None or self._tokens is None:
            return
        for index in range(count):
            if index % MADE_AT_ONCE == 0:
                gc.freeze()  # What is there stays for the whole run: see `Context.freeze`.
                gevent.sleep(0)  # Other greenlets have their turns, such as those that tell the master we are alive.
            number = self._numbers.next()
            member = VirtualClient(worker, scenario, number)
            try:
                self._tokens.prepare(member.user)
            except UsageError as error:
                self._refuse(error)
                return
            members.append(member)
        options = vars(self._state.options)

        async def play() -> None:
            playing = self._playing.get(scenario)
            if playing is None:
                playing = self._playing[scenario] = self._state.scenarios[scenario](scenario, worker, options)
            await playing.cohort(members)

        async def joined() -> None:
            playing = worker.spawn(play())  # What it raises is counted there.
            try:
                await asyncio.wait([playing])
            finally:
                playing.cancel()

        thread.ask(joined)

    def steered(self, name: str) -> tuple[SteeredClient, Scenario] | None:
        """A socket that tasks steer, and what gives it places in rooms; None where no run goes on.

        Args:
            name: what it is counted under.
        """
        worker = self._worker
        if worker is None or self._tokens is None:
            return None
        member = SteeredClient(worker, name, self._numbers.next())
        try:
            self._tokens.prepare(member.user)
        except UsageError as error:
            self._refuse(error)
            return None
        if name not in self._playing:
            self._playing[name] = Scenario(name, worker, vars(self._state.options))
        return member, self._playing[name]

    def ask(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Have a coroutine run in the thread of the sockets, and wait for what it gives."""
        assert self._thread is not None  # noqa: S101 - there is a socket
        return self._thread.ask(make)

    def go(self, members: Iterable[VirtualClient]) -> None:
        """Close sockets."""
        if self._thread is not None:
            for member in members:
                self._thread.tell(member.close)

    def quiesce(self) -> None:
        """Publish nothing more, and wait until every call under way is answered."""
        if self._worker is not None and self._thread is not None:
            self._thread.ask(self._worker.quiesce)
            self.report()

    def drain(self) -> None:
        """Wait until everything that is owed has come or is overdue."""
        if self._worker is not None and self._thread is not None:
            worker, thread = self._worker, self._thread
            thread.ask(worker.drain)
            thread.ask(lambda: audit(worker))
            thread.ask(worker.end_sample)
            self.report()

    def hurry(self) -> None:
        """The run was interrupted: what is not over by now is not waited for."""
        if self._worker is not None and self._thread is not None:
            self._thread.tell(self._worker.hurry)
