"""Who judges a run: the process that is its own master, or the master of others. Gates, the journal, the verdict."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Mapping
from typing import Any

import gevent
import gevent.event
from locust import log
from rich.console import Console

from conformance.model.verdict import Outcome
from conformance.support.errors import UsageError
from conformance.support.printable import printable
from conformance.target.target import Target
from loadtests.output import journal
from loadtests.output.screen import Screen
from loadtests.output.tables import end
from loadtests.output.writer import JournalWriter
from loadtests.run.cluster import Cluster
from loadtests.run.sockets import LocalSockets
from loadtests.run.state import RunState
from loadtests.verdict.clauses import doubted
from loadtests.verdict.conclusion import Conclusion, Evidence
from loadtests.verdict.thresholds import Threshold, aborting, gate
from loadtests.verdict.verdict import CANNOT_TELL, HOLDS, INTERRUPTED, OUR_ERROR, USAGE, Verdict, judged, limited, told
from loadtests.worker.readback import AUDIT_S
from loadtests.worker.wire.failures import COUNTED
from loadtests.worker.wire.http import CALL_S
from loadtests.worker.worker import MARGIN_S, drain_s
from loadtests.workload.subject import Subject

WATCH_S = 1.0
"""How often gates are looked at while the run goes on."""

NOT_CONNECTED = ("unreached", *COUNTED.values())
"""What connections are counted as that were not made."""

PATIENCE_S = 5.0
"""How long nothing at all may be reached before the run is ended as hopeless."""


class RunJudge:
    """Watches the account of a run, ends it where it has to end, and judges it."""

    def __init__(self, state: RunState, sockets: LocalSockets, cluster: Cluster) -> None:
        self._state = state
        self._sockets = sockets
        self._cluster = cluster
        self._screen: Screen | None = None
        self._watcher: gevent.Greenlet | None = None
        self._paper = JournalWriter()
        self._stopped_s = 0.0
        self._ending: gevent.event.Event | None = None
        """Set once the run that ends is judged."""
        self._is_quitting = False

    @property
    def elapsed_s(self) -> float:
        """How long the run has been going on, or how long it was until nothing more was published."""
        began_s = self._state.began_s
        return (self._stopped_s if self._stopped_s >= began_s else time.monotonic()) - began_s

    def kept(self, target: Target) -> tuple[Threshold, ...]:
        """The gates of the settings and of the options.

        Raises:
            UsageError: one of the settings cannot be read.
        """
        try:
            return tuple(map(gate, (*target.gates, *(self._state.options.gate or ()))))
        except ValueError as error:
            raise UsageError(f"{target.where}.gates: {error}") from error

    # --- while it goes on ------------------------------------------------------------------------------------

    def begin(self, subject: Subject) -> None:
        """A run begins.

        Raises:
            UsageError: the journal cannot be written.
        """
        state, options = self._state, self._state.options
        self._ending = None
        state.gates = self.kept(subject.target)
        self._paper.open(options)
        self._paper.write(journal.header(subject))
        if options.live and self._screen is None:
            # Ours in place of Locust's: both at once would not fit a terminal.
            logging.getLogger("locust.stats_logger").disabled = True
            # Rich reads its file of emoji at the first print, which a run without a free descriptor cannot.
            self._screen = Screen(Console(stderr=True, highlight=False, emoji=False))
        if self._watcher is None:
            self._watcher = gevent.spawn(self._watch)

    def _watch(self) -> None:
        state = self._state
        while not state.over.wait(WATCH_S):
            runner = state.environment.runner
            if runner is None or state.verdict is not None:
                continue
            if runner.state not in ("ready", "stopped"):
                look = state.series.look(state.accounts, self.elapsed_s)
            if self._screen is not None:
                self._screen.show(state.accounts, self.elapsed_s, state.series)
            if runner.state not in ("spawning", "running"):
                continue
            self._paper.write(journal.measured(state.accounts, self.elapsed_s, look, state.gates))
            if self._is_over():
                runner.quit() if state.options.headless else runner.stop()

    def _is_over(self) -> bool:
        """Whether there is nothing more to be seen: a gate ends it, nothing is reached, or all is found out."""
        state = self._state
        broken = aborting(state.gates, state.accounts, self.elapsed_s)
        if broken:
            print(f"roomcheck: ended by a gate: {broken[0]}", file=sys.stderr)
        counts = state.accounts.counts()
        failed = any(counts.get(name) for name in NOT_CONNECTED)
        hopeless = failed and not counts.get("connected") and self.elapsed_s > PATIENCE_S
        return bool(broken or hopeless or any(one.over for one in self._conclusions()))

    def _conclusions(self, *, ended: bool = False) -> list[Conclusion]:
        """What the scenarios of this run say of it."""
        state = self._state
        drawn = (
            state.kind_of(name).conclude(
                Evidence(
                    scenario=name,
                    accounts=state.accounts,
                    gates=state.gates,
                    options=vars(state.options),
                    elapsed_s=self.elapsed_s,
                    ended=ended,
                )
            )
            for name in state.accounts.scenarios()
            if name
        )
        return [one for one in drawn if one is not None]

    # --- its end ---------------------------------------------------------------------------------------------

    def stopping(self, **_: Any) -> None:
        """The run ends, and every socket is still there: drain, then judge. A worker waits for its master's word."""
        state = self._state
        if state.worker or state.verdict is not None:
            return
        if self._ending is not None:  # Locust stops what is stopping already where it is told to quit meanwhile.
            self._ending.wait()
            return
        self._ending = gevent.event.Event()
        try:
            self._stopped_s = time.monotonic()
            self._drain()
            if state.subject is not None:
                self._judge(state.subject)
        finally:
            self._ending.set()

    def _drain(self) -> None:
        state = self._state
        if state.master:
            # Calls that are under way when the schedule ends are waited for.
            call_s = state.subject.target.call_s if state.subject is not None else CALL_S
            self._cluster.phase("quiesce", call_s + MARGIN_S)
            self._cluster.phase("drain", drain_s(state.options.lost_after) + AUDIT_S)
        else:
            self._sockets.quiesce()
            self._sockets.drain()
            self._sockets.leave()  # Before anything is told: where descriptors have run out nothing else can be opened.

    def _judge(self, subject: Subject) -> None:
        state = self._state
        transcripts, clauses = journal.sampled(subject, state.accounts)
        if limited(state.accounts):
            clauses = [doubted(one) for one in clauses]
        broken = [f"{one.rule} ({one.subject}): {one.message}" for one in clauses if one.outcome is Outcome.FAIL]
        verdict = judged(
            state.accounts,
            state.gates,
            self.elapsed_s,
            self._conclusions(ended=True),
            broken,
            forgiving=state.options.exit_code_on_error == 0,
            known=subject.known_counts(),
            cut_short=self.cut_short,
        )
        state.verdict = verdict
        if self._paper.wanted:
            run = (subject, state.accounts, verdict, transcripts, clauses, self.elapsed_s)
            self._paper.write(*journal.ending(*run, cut_short=self.cut_short))
        whole = self._paper.close()
        self._show(verdict)
        # In place of Locust's own, which knows failed requests and no more. What was seen to be broken outweighs a
        # journal that could not be written.
        unwritten = not whole and verdict.code in (HOLDS, CANNOT_TELL)
        state.environment.process_exit_code = USAGE if unwritten else verdict.code

    def hurry(self) -> None:
        """The run was interrupted: it ends with what was over, within a second or so."""
        state = self._state
        state.hurry_s = state.hurry_s or time.monotonic()
        if state.verdict is None and state.master:
            self._cluster.hurry()
        elif state.verdict is None:
            self._sockets.hurry()

    @property
    def cut_short(self) -> bool:
        """Whether somebody ended the run before its time."""
        return self._state.hurry_s > 0

    def _show(self, verdict: Verdict) -> None:
        """Tell the verdict; what goes to the standard output is for `--json` alone, where that is asked for."""
        accounts = self._state.accounts
        if self._screen is None:
            for line in told(accounts, verdict):
                print(line, file=sys.stderr)
            return
        self._screen.stop()
        shown = Console(stderr=self._state.options.json, highlight=False)
        shown.print(end(accounts, verdict))

    def quitting(self, **_: Any) -> None:
        """Locust ends, however it came to that: a run that goes on is stopped first, so that it is judged.

        A signal has Locust end in a greenlet of its own, beside the main one, which may end meanwhile. Only the first
        goes on from here; were there two, the second would end in what the first has left.
        """
        if self._is_quitting:
            gevent.event.Event().wait()
        self._is_quitting = True
        state = self._state
        runner = state.environment.runner
        if not state.worker and state.unjudged and self._ending is None:
            # Nothing but a signal ends Locust while a run goes on: the ledger is told, and the run was cut short.
            # Locust stops its users afterwards, for whom a master waits by the second.
            self.hurry()
            self.stopping()
        if self._ending is not None:
            self._ending.wait()
        if self.cut_short and not state.worker:
            state.environment.process_exit_code = INTERRUPTED
        failed = log.unhandled_greenlet_exception or (runner is not None and runner.exceptions)
        if failed and not state.worker and state.environment.process_exit_code not in (USAGE, INTERRUPTED):
            self._raised(runner.exceptions if runner is not None else {})

    def _raised(self, exceptions: Mapping[int, Any]) -> None:
        """Users have raised exceptions: where all of them are ours that is our own fault."""
        state = self._state
        if not state.has_own_users:
            print("roomcheck: internal error, please report it: see the exception above", file=sys.stderr)
            state.environment.process_exit_code = OUR_ERROR
            return
        count = sum(one["count"] for one in exceptions.values())
        first = next((one["msg"] for one in exceptions.values()), "see above")
        print(f"roomcheck: tasks raised {count or 1} exceptions, the first: {printable(first)}", file=sys.stderr)
        # As Locust has it: it makes a run fail as a request does that failed.
        if state.environment.process_exit_code in (HOLDS, CANNOT_TELL):
            state.environment.process_exit_code = int(state.options.exit_code_on_error) or HOLDS
