"""The virtual clients of this process: the thread that they live in, and the account that is taken of them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar

import gevent

from conformance.support.errors import UsageError
from loadtests.dialects.dialect import Dialect
from loadtests.dialects.mark import MOST_STREAMS
from loadtests.ledger.messages import Published
from loadtests.output.locust_stats import merge
from loadtests.run import part_workers
from loadtests.run.part_workers import PartWorker
from loadtests.run.state import LOCAL, RunState
from loadtests.worker.client import VirtualClient
from loadtests.worker.config import WorkerConfig
from loadtests.worker.shared import ClockOffset
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
        self._parts: dict[str, PartWorker] = {}
        """By their names; none where no run goes on."""
        self._turns: dict[str, Iterator[str]] = {}
        """The parts that the users of each scenario are given to."""
        self._subject: Subject | None = None
        self._numbers = Numbers(0)
        self._flushing: gevent.Greenlet | None = None

    def begin(self, subject: Subject, publish: Callable[[Published], None] | None) -> None:
        """Start a worker for a run; `publish` is told what other processes have to know, where there are any."""
        index = self._index
        self._numbers, self._turns = Numbers(index), {}
        self._subject, self._publish = subject, publish
        made = [self._setup(subject, words, index) for words in subject.parts]
        self._thread = self._thread or Thread()

        async def begun() -> list[Worker]:
            workers = [Worker(setup) for setup, _ in made]
            part_workers.introduce(workers)
            for worker in workers:
                worker.start()
            return workers

        workers = self._thread.ask(begun)
        parts = [PartWorker(worker, tokens) for worker, (_, tokens) in zip(workers, made, strict=True)]
        self._parts = {part.name: part for part in parts}
        if self._flushing is None:
            self._flushing = gevent.spawn(self._flush)

    @property
    def _index(self) -> int:
        """Which of the workers of a master this is."""
        return int(getattr(self._state.environment.runner, "worker_index", 0)) if self._state.worker else 0

    @property
    def _workers(self) -> list[Worker]:
        return [part.worker for part in self._parts.values()]

    def leave(self) -> None:
        """End everything of the run before."""
        old, self._parts = self._workers, {}
        if old and self._thread is not None:
            self._thread.ask(lambda: part_workers.close(old))

    def stop(self) -> None:
        """End the thread: what still ran in it would run in an interpreter that is half gone."""
        if self._thread is not None:
            self._thread.stop()

    def _setup(self, subject: Subject, words: Dialect, index: int) -> tuple[WorkerConfig, Tokens]:
        """What the sockets of this process need to know that play one part."""
        target, bundle = subject.target, subject.bundle
        check_workers(words, index + 1)
        tokens = Tokens(target.auth, bundle.socket_role, subject.secrets, has_numbers=words.has_number_users)
        config = WorkerConfig(
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
            part=words.bundle.part if len(subject.parts) > 1 else "",
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
            is_fresh=target.auth.is_fresh,
            place=target.auth.socket_place,
            caller_place=target.auth.caller_place,
            covered=partial(covered, subject.secrets),
        )
        return config, tokens

    def _flush(self) -> None:
        while not self._state.over.wait(FLUSH_S):
            self.report()

    def report(self) -> None:
        """Take what the sockets counted: samples into Locust's statistics, the account into ours."""
        workers = self._workers
        if not workers or self._thread is None:
            return
        account, told, publications = self._thread.ask(lambda: part_workers.told(workers))
        merge(self._state.environment.stats, told)
        if publications and self._publish is not None:
            self._publish(Published(publications=publications, error_ns=workers[0].clock.error_ns))
        self._state.accounts.snapshots[LOCAL] = account

    def clock(self, offset_ns: int, error_ns: int) -> None:
        """The master's clock was compared with ours: the comparison with the least error is the one that holds."""
        workers, thread = self._workers, self._thread
        if workers and thread is not None and (not workers[0].clock.error_ns or error_ns <= workers[0].clock.error_ns):

            def set_clock() -> None:
                for worker in workers:
                    worker.clock = ClockOffset(offset_ns, error_ns)

            thread.tell(set_clock)

    def told(self, published: Published) -> None:
        """Another worker published this."""
        for worker in self._workers:
            self._tell(worker.told, published)

    def _part(self, scenario: str) -> PartWorker | None:
        """The part that the next user of a scenario is given to; None where no run goes on."""
        if not self._parts or self._subject is None:
            return None
        if scenario not in self._turns:
            names = self._subject.parts_of(self._state.scenarios[scenario])
            self._turns[scenario] = part_workers.turns(names, self._subject.weights, self._index)
        return self._parts[next(self._turns[scenario])]

    def come(self, scenario: str, count: int, members: list[VirtualClient]) -> None:
        """Bring sockets of a scenario, and wait until they have joined."""
        part, thread = self._part(scenario), self._thread
        if part is None or thread is None:
            return
        name = part.worker.called(scenario)
        for index in range(count):
            if index and index % MADE_AT_ONCE == 0:
                gevent.sleep(0)  # Other greenlets have their turns, such as those that tell the master we are alive.
            member = VirtualClient(part.worker, name, self._numbers.next())
            try:
                part.tokens.prepare(member.user)
            except UsageError as error:
                self._refuse(error)
                return
            members.append(member)
        kind, given = self._state.scenarios[scenario], vars(self._state.options)
        thread.ask(lambda: part.play(name, kind, members, given))

    def steered(self, name: str, wanted: str) -> tuple[SteeredClient, Scenario] | None:
        """A socket that tasks steer, and what gives it places in rooms; None where no run goes on.

        Args:
            name: what it is counted under.
            wanted: the part of the contracts that it plays; the first where it is empty.
        """
        part = self._parts.get(wanted) if wanted else next(iter(self._parts.values()), None)
        if part is None:
            if self._parts:
                played = ", ".join(map(repr, self._parts))
                self._refuse(UsageError(f"{name}.part: the part {wanted!r} is not played; expected one of {played}"))
            return None
        counted = part.worker.called(name)
        member = SteeredClient(part.worker, counted, self._numbers.next())
        try:
            part.tokens.prepare(member.user)
        except UsageError as error:
            self._refuse(error)
            return None
        if counted not in part.playing:
            part.playing[counted] = Scenario(counted, part.worker, vars(self._state.options))
        return member, part.playing[counted]

    def ask(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Have a coroutine run in the thread of the sockets, and wait for what it gives."""
        assert self._thread is not None  # noqa: S101 - there is a socket
        return self._thread.ask(make)

    def go(self, members: Iterable[VirtualClient]) -> None:
        """Close sockets."""
        for member in members:
            self._tell(member.close)

    def _tell(self, function: Callable[..., object], *arguments: Any) -> None:
        if self._thread is not None:
            self._thread.tell(function, *arguments)

    def quiesce(self) -> None:
        """Publish nothing more, and wait until every call under way is answered."""
        workers = self._workers
        if workers and self._thread is not None:
            self._thread.ask(lambda: part_workers.quiesce(workers))
            self.report()

    def drain(self) -> None:
        """Wait until everything that is owed has come or is overdue."""
        workers = self._workers
        if workers and self._thread is not None:
            self._thread.ask(lambda: part_workers.drain(workers))
            self.report()

    def hurry(self) -> None:
        """The run was interrupted: what is not over by now is not waited for."""
        for worker in self._workers:
            self._tell(worker.hurry)
