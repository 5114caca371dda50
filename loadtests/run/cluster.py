"""What the master and its workers say to each other besides Locust's own words: accounts, publications, clocks, phases.

Workers have rooms of their own unless rooms are shared; then each tells the master what it published, who tells the
rest. A run ends in two phases that the master leads: all publish nothing more, then all wait for what is still owed. At
the end of each a worker sends its report, Locust's statistics included, before it says that it is done.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping
from typing import Any

import gevent
import gevent.event
from locust.rpc import Message
from locust.runners import STATE_MISSING, MasterRunner, WorkerRunner

from loadtests.ledger.messages import Done, Published, Snapshot, plain, read
from loadtests.run.state import LOCAL, RunState

PHASE, DONE, PUBLISHED, CLOCK = "roomcheck.phase", "roomcheck.done", "roomcheck.published", "roomcheck.clock"
KEY = "roomcheck"
"""Under which a worker's account stands in its report."""

CLOCKS = 8
"""How often a worker compares its clock with the master's when it starts: the quickest answer tells most."""

LOOK_S = 0.5
"""How often a phase is interrupted to see which workers are still there."""

CLOCK_S = 10.0
"""How often it does later: clocks drift apart by less than 1 ms in that time."""

SLACK_S = 10.0
"""How much longer than it may take a phase is waited for, before a worker counts as gone."""

BEGUN = "begin"
"""What a worker calls done once its part of a run has begun."""

PREPARING_S = 10.0
"""How long workers are given to begin before the time of the run is counted all the same: some 50 ms of computing."""

MISSED_BEATS = 15
"""How many heartbeats, one a second, a worker may miss before Locust takes it for gone. Locust's own 3 are missed where
a machine is busy: with twenty programs on two cores, workers that were sound had no processor for 7 s."""

HURRY = "hurry"
"""The phase that ends all others soon: the run was interrupted."""

HURRIED_S = 5.0
"""How long workers of an interrupted run have to tell what they saw: half a second to wait, and the rest to be heard on
a busy machine."""

QUITTING_S = 0.5
"""How long workers have to quit, as Locust has it."""

QUIT_LOOK_S = 0.02
"""How often it is looked whether they have."""


class Cluster:
    """One process's end of these words."""

    def __init__(
        self,
        state: RunState,
        phases: Mapping[str, Callable[[], None]],
        told: Callable[[Published], None],
        clock: Callable[[int, int], None],
    ) -> None:
        self._state = state
        self._phases = phases
        """What a worker does when the master says so."""
        self._hear = told
        self._clock = clock
        self.known: set[str] = set()
        """The workers that were there when the run began."""
        self._done: dict[str, set[str]] = {}
        self._news = gevent.event.Event()
        self._members: dict[str, dict[str, int]] = {}
        runner = state.environment.runner
        if isinstance(runner, MasterRunner):
            runner.quit = self.quit  # type: ignore[method-assign]  # Locust's sleeps half a second, and is called thrice
            runner.register_message(DONE, self._worker_done)
            runner.register_message(PUBLISHED, self._relay)
            runner.register_message(CLOCK, self._tell_time)
            state.environment.events.worker_report.add_listener(self._take)  # type: ignore[no-untyped-call]
            # Locust tells of each heartbeat that has come, whatever its name says.
            state.environment.events.heartbeat_sent.add_listener(self._wait_longer)  # type: ignore[no-untyped-call]
            state.environment.events.worker_connect.add_listener(self._connected)  # type: ignore[no-untyped-call]
        elif isinstance(runner, WorkerRunner):
            runner.register_message(PHASE, self._play_phase, concurrent=True)
            runner.register_message(PUBLISHED, self._told)
            runner.register_message(CLOCK, self._set_clock)
            state.environment.events.report_to_master.add_listener(self._report)  # type: ignore[no-untyped-call]

    @property
    def _runner(self) -> Any:
        return self._state.environment.runner

    def begin(self) -> None:
        """A run begins on the master, with the workers that are there."""
        self._members.clear()
        self._done.pop(BEGUN, None)
        self.known = {client.id for client in self._runner.clients.all if client.state != STATE_MISSING}

    # --- the master ------------------------------------------------------------------------------------------

    def phase(self, name: str, limit_s: float) -> None:
        """Have every worker go through a phase; those that do not are gone."""
        waiting = {client.id for client in self._runner.clients.all if client.state != STATE_MISSING}
        done = self._done[name] = set()
        for client in waiting:
            self._runner.send_message(PHASE, {"phase": name}, client)
        end_s = time.monotonic() + limit_s + SLACK_S
        while waiting - done and time.monotonic() < self._no_later(end_s):
            self._news.wait(LOOK_S)
            self._news.clear()
            alive = {client.id for client in self._runner.clients.all if client.state != STATE_MISSING}
            waiting &= alive
        accounts = self._state.accounts
        accounts.gone |= (set(accounts.snapshots) | self.known) - done

    def wait_until_begun(self) -> None:
        """Wait until every worker has begun its part of the run, but no longer than it may take."""
        end_s = time.monotonic() + PREPARING_S
        while self.known - self._done.get(BEGUN, set()) and time.monotonic() < self._no_later(end_s):
            self._news.wait(LOOK_S)
            self._news.clear()

    def _connected(self, client_id: str, **_: Any) -> None:
        gevent.spawn(self._wait_longer, client_id)  # Locust takes it among its workers after it has told of it.

    def _wait_longer(self, client_id: str, **_: Any) -> None:
        if client_id in self._runner.clients:
            self._runner.clients[client_id].heartbeat = MISSED_BEATS

    def _no_later(self, end_s: float) -> float:
        hurry_s = self._state.hurry_s
        return min(end_s, hurry_s + HURRIED_S) if hurry_s else end_s

    def hurry(self) -> None:
        """Have every worker end what it waits for."""
        for client in self._runner.clients.all:
            if client.state != STATE_MISSING:
                self._runner.send_message(PHASE, {"phase": HURRY}, client.id)
        self._news.set()

    def quit(self) -> None:
        """End the master: have its workers quit, and wait until they have sent their last statistics and are gone."""
        runner, end_s = self._runner, time.monotonic() + QUITTING_S
        runner.stop(send_stop_to_client=False)
        for client in runner.clients.all:
            runner.server.send_to_client(Message("quit", None, client.id))  # type: ignore[no-untyped-call]
        while any(client.state != STATE_MISSING for client in runner.clients.all) and time.monotonic() < end_s:
            self._news.wait(QUIT_LOOK_S)  # Locust tells nobody that a worker has quit.
            self._news.clear()
        runner.greenlet.kill(block=True)

    def _worker_done(self, environment: Any, msg: Any, **_: Any) -> None:
        self._done.setdefault(read(msg.data, Done).phase, set()).add(msg.node_id)
        self._news.set()

    def _take(self, client_id: str, data: dict[str, Any]) -> None:
        if KEY in data:
            self._account(client_id, read(data[KEY], Snapshot))

    def _account(self, worker: str, account: Snapshot) -> None:
        accounts = self._state.accounts
        accounts.snapshots[worker] = account
        accounts.owed_since.pop(worker, None)
        self._members[worker] = account.members

    def _relay(self, environment: Any, msg: Any, **_: Any) -> None:
        """Tell the others what one worker published; what a worker that dies then was owed of it is unknown."""
        owed_since, published = self._state.accounts.owed_since, read(msg.data, Published)
        for client in self._runner.clients.all:
            if client.id != msg.node_id and client.state != STATE_MISSING:
                self._runner.send_message(PUBLISHED, msg.data, client.id)
                members = self._members.get(client.id, {})
                owed_since[client.id] += sum(members.get(one.room, 0) for one in published.publications)

    def _tell_time(self, environment: Any, msg: Any, **_: Any) -> None:
        self._runner.send_message(CLOCK, msg.data | {"master_ns": time.monotonic_ns()}, msg.node_id)

    # --- a worker --------------------------------------------------------------------------------------------

    def begun(self) -> None:
        """Tell the master that this worker's part of the run has begun."""
        self._runner.send_message(DONE, plain(Done(phase=BEGUN)))

    def compare_clocks(self) -> None:
        """Compare clocks with the master, for ever."""
        for wait_s in itertools.chain([CLOCK_S / 100] * CLOCKS, itertools.repeat(CLOCK_S)):
            self._runner.send_message(CLOCK, {"asked_ns": time.monotonic_ns()})
            self._state.over.wait(wait_s)

    def _set_clock(self, environment: Any, msg: Any, **_: Any) -> None:
        asked_ns, now_ns = msg.data["asked_ns"], time.monotonic_ns()
        self._clock((msg.data["master_ns"] - (asked_ns + now_ns) // 2), (now_ns - asked_ns) // 2)

    def publish(self, published: Published) -> None:
        """Tell the others what was published here."""
        self._runner.send_message(PUBLISHED, plain(published))

    def _told(self, environment: Any, msg: Any, **_: Any) -> None:
        self._hear(read(msg.data, Published))

    def _play_phase(self, environment: Any, msg: Any, **_: Any) -> None:
        name = msg.data["phase"]
        if name not in self._phases:
            return
        self._phases[name]()
        if name == HURRY:
            return
        # Messages arrive in the order in which they were sent: the master has this report once it counts us as done.
        data: dict[str, Any] = {}
        events: Any = self._state.environment.events  # Untyped in Locust.
        events.report_to_master.fire(client_id=self._runner.client_id, data=data)
        self._runner.send_message("stats", data)
        self._runner.send_message(DONE, plain(Done(phase=name)))

    def _report(self, client_id: str, data: dict[str, Any]) -> None:
        account = self._state.accounts.snapshots.get(LOCAL)
        if account is not None:
            data[KEY] = plain(account)
