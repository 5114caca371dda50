"""Who judges a run: the process that is its own master, or the master of others. Gates, the journal, the verdict."""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING, Any

import gevent
import gevent.event
from locust import log
from rich.console import Console

from conformance.model.verdict import Outcome
from conformance.support.errors import UsageError
from conformance.target.target import Target
from loadtests.output import journal
from loadtests.output.screen import Screen
from loadtests.output.tables import end
from loadtests.output.writer import Paper
from loadtests.verdict.clauses import doubted
from loadtests.verdict.conclusion import Conclusion, Evidence
from loadtests.verdict.thresholds import Gate, aborting, gate
from loadtests.verdict.verdict import INTERRUPTED, OUR_ERROR, USAGE, Verdict, judged, limited, told
from loadtests.worker.readback import AUDIT_S
from loadtests.worker.wire.http import CALL_S
from loadtests.worker.worker import MARGIN_S, drain_s
from loadtests.workload.subject import Subject

if TYPE_CHECKING:
    from loadtests.run.session import Session

WATCH_S = 1.0
"""How often gates are looked at while the run goes on."""

HUSH_S = CALL_S + MARGIN_S
"""How long calls may be under way when the schedule ends."""

PATIENCE_S = 5.0
"""How long nothing at all may be reached before the run is ended as hopeless."""


class Referee:
    """Watches the account of a run, ends it where it has to end, and judges it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._screen: Screen | None = None
        self._watcher: gevent.Greenlet | None = None
        self._paper = Paper()
        self._stopped_s = 0.0
        self._ending: gevent.event.Event | None = None
        """Set once the run that ends is judged."""
        self.hurry_s = 0.0
        """When the run was interrupted; 0 where it was not."""

    @property
    def elapsed_s(self) -> float:
        """How long the run has been going on, or how long it was until nothing more was published."""
        began_s = self._session.began_s
        return (self._stopped_s if self._stopped_s >= began_s else time.monotonic()) - began_s

    def kept(self, target: Target) -> tuple[Gate, ...]:
        """The gates of the settings and of the options.

        Raises:
            UsageError: one of the settings cannot be read.
        """
        try:
            return tuple(map(gate, (*target.gates, *(self._session.options.gate or ()))))
        except ValueError as error:
            raise UsageError(f"{target.where}.gates: {error}") from error

    # --- while it goes on ------------------------------------------------------------------------------------

    def begin(self, subject: Subject) -> None:
        """A run begins.

        Raises:
            UsageError: the journal cannot be written.
        """
        session, options = self._session, self._session.options
        self._ending = None
        session.gates = self.kept(subject.target)
        self._paper.open(options)
        self._paper.write(journal.header(subject))
        if options.live and self._screen is None:
            # Ours in place of Locust's: both at once would not fit a terminal.
            logging.getLogger("locust.stats_logger").disabled = True
            self._screen = Screen(Console(stderr=True, highlight=False))
        if self._watcher is None:
            self._watcher = gevent.spawn(self._watch)

    def _watch(self) -> None:
        session = self._session
        while not session.over.wait(WATCH_S):
            runner = session.environment.runner
            if runner is None or session.verdict is not None:
                continue
            if self._screen is not None:
                self._screen.show(session.accounts, self.elapsed_s)
            if runner.state not in ("spawning", "running"):
                continue
            self._paper.write(journal.measured(session.accounts, self.elapsed_s))
            if self._is_over():
                runner.quit() if session.options.headless else runner.stop()

    def _is_over(self) -> bool:
        """Whether there is nothing more to be seen: a gate ends it, nothing is reached, or all is found out."""
        session = self._session
        broken = aborting(session.gates, session.accounts, self.elapsed_s)
        if broken:
            print(f"roomcheck: ended by a gate: {broken[0]}", file=sys.stderr)
        counts = session.accounts.counts()
        failed = counts.get("refused_sockets") or counts.get("unreached")
        hopeless = failed and not counts.get("connected") and self.elapsed_s > PATIENCE_S
        return bool(broken or hopeless or any(one.over for one in self._conclusions()))

    def _conclusions(self, *, ended: bool = False) -> list[Conclusion]:
        """What the scenarios of this run say of it."""
        session = self._session
        drawn = (
            session.scenarios[name].conclude(
                Evidence(
                    scenario=name,
                    accounts=session.accounts,
                    gates=session.gates,
                    options=vars(session.options),
                    elapsed_s=self.elapsed_s,
                    ended=ended,
                )
            )
            for name in session.accounts.scenarios()
            if name
        )
        return [one for one in drawn if one is not None]

    # --- its end ---------------------------------------------------------------------------------------------

    def stopping(self, **_: Any) -> None:
        """The run ends, and every socket is still there: drain, then judge. A worker waits for its master's word."""
        session = self._session
        if session.worker or session.verdict is not None:
            return
        if self._ending is not None:  # Locust stops what is stopping already where it is told to quit meanwhile.
            self._ending.wait()
            return
        self._ending = gevent.event.Event()
        try:
            self._stopped_s = time.monotonic()
            self._drain()
            if session.subject is not None:
                self._judge(session.subject)
        finally:
            self._ending.set()

    def _drain(self) -> None:
        session = self._session
        if session.master:
            session.crew.phase("hush", HUSH_S)
            session.crew.phase("drain", drain_s(session.options.lost_after) + AUDIT_S)
        else:
            session.hush()
            session.drain()
            session.leave()  # Before anything is told: where descriptors have run out nothing else can be opened.

    def _judge(self, subject: Subject) -> None:
        session = self._session
        transcripts, clauses = journal.sampled(subject, session.accounts)
        if limited(session.accounts):
            clauses = [doubted(one) for one in clauses]
        broken = [f"{one.rule} ({one.subject}): {one.message}" for one in clauses if one.outcome is Outcome.FAIL]
        verdict = judged(
            session.accounts,
            session.gates,
            self.elapsed_s,
            self._conclusions(ended=True),
            broken,
            forgiving=session.options.exit_code_on_error == 0,
            known=subject.known_counts(),
            cut_short=self.cut_short,
        )
        session.verdict = verdict
        if self._paper.wanted:
            run = (subject, session.accounts, verdict, transcripts, clauses, self.elapsed_s)
            self._paper.write(*journal.ending(*run, cut_short=self.cut_short))
        whole = self._paper.close()
        self._show(verdict)
        # In place of Locust's own, which knows failed requests and no more.
        session.environment.process_exit_code = verdict.code or (0 if whole else USAGE)

    def hurry(self) -> None:
        """The run was interrupted: it ends with what was over, within a second or so."""
        self.hurry_s = self.hurry_s or time.monotonic()
        if self._session.verdict is None:
            self._session.hurry()

    @property
    def cut_short(self) -> bool:
        """Whether somebody ended the run before its time."""
        return self.hurry_s > 0

    def _show(self, verdict: Verdict) -> None:
        """Tell the verdict; what goes to the standard output is for `--json` alone, where that is asked for."""
        accounts = self._session.accounts
        if self._screen is None:
            for line in told(accounts, verdict):
                print(line, file=sys.stderr)
            return
        self._screen.stop()
        shown = Console(stderr=self._session.options.json, highlight=False)
        shown.print(end(accounts, verdict))

    def quitting(self, **_: Any) -> None:
        """Locust ends, however it came to that: a run that goes on is stopped first, so that it is judged."""
        session = self._session
        runner = session.environment.runner
        if runner is not None and not session.worker and runner.state in ("spawning", "running"):
            # Nothing but a signal ends Locust while a run goes on: the ledger is told, and the run was cut short.
            # Locust stops its users afterwards, for whom a master waits by the second.
            self.hurry()
            self.stopping()
        if self._ending is not None:
            self._ending.wait()
        if self.cut_short and not session.worker:
            session.environment.process_exit_code = INTERRUPTED
        # The users are ours: whatever one of them raised is our own fault.
        failed = log.unhandled_greenlet_exception or (runner is not None and runner.exceptions)
        if failed and not session.worker and session.environment.process_exit_code not in (USAGE, INTERRUPTED):
            print("roomcheck: our own error, please report it: see the exception above", file=sys.stderr)
            session.environment.process_exit_code = OUR_ERROR
