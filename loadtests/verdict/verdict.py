"""The verdict on a run, from its account: what held, what broke, and whether the generator could tell. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from conformance.model.exit_code import Exit
from loadtests.ledger.counts import defects, failures
from loadtests.ledger.first_occurrence import line
from loadtests.ledger.totals import Totals
from loadtests.verdict.conclusion import Conclusion
from loadtests.verdict.thresholds import Judged, Threshold

HOLDS, BROKEN, USAGE, UNREACHABLE = int(Exit.HOLDS), int(Exit.BROKEN), int(Exit.USAGE), int(Exit.UNREACHABLE)
CANNOT_TELL, OUR_ERROR, INTERRUPTED = int(Exit.CANNOT_TELL), int(Exit.OUR_ERROR), int(Exit.INTERRUPTED)
"""Exit codes, as plain numbers for Locust."""

LAG_MS = 50.0
"""How late the generator itself may be, at the 99th percentile: a tenth of the half second that people call at once."""

LAG_SHARE = 0.1
"""A lag above that spoils nothing where it is less than a tenth of the latency that was measured."""

UNSENT_SHARE = 0.01
"""What may be unsent: the share that a 99th percentile does not see."""


MAYBE_OURS = ("lost", "late", "unreached", "disconnected", "unjoined", "unanswered", "unread")
"""What a service did not do in time; a generator that could not keep up may be why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is said of a run."""

    code: int
    summary: str
    gates: tuple[Judged, ...] = ()
    limits: tuple[str, ...] = ()
    """Why the generator could not keep up, and what to add."""
    notes: tuple[str, ...] = ()


def judged(
    accounts: Totals,
    gates: Sequence[Threshold],
    elapsed_s: float,
    conclusions: Sequence[Conclusion] = (),
    clauses: Sequence[str] = (),
    *,
    forgiving: bool = False,
    known: Collection[tuple[str, str]] = (),
    cut_short: bool = False,
) -> Verdict:
    """Judge a run that has been drained.

    Args:
        clauses: what the rules of a check found broken in what was sampled.
        forgiving: requests that failed break nothing, as Locust's `--exit-code-on-error 0` has it.
        known: (rule, subject) of what is known to be broken, such as (`none-lost`, `Chat`).
        cut_short: somebody ended the run before its time, and what was not over then is in no count but `pending`.

    A defect is what a service did, however slow we were; a time, or a loss, that we may have caused is not held
    against it.
    """
    counts = accounts.counts()
    seen = tuple(gate.judged(accounts, elapsed_s) for gate in gates)
    limits = tuple(limited(accounts))
    notes = (*(note for one in conclusions for note in one.notes), *noted(accounts))
    code, summary = _away(accounts, counts)
    for one in conclusions:
        if code == HOLDS and one.code in (HOLDS, BROKEN) and not limits:
            return Verdict(code=one.code, summary=one.summary, gates=seen, notes=notes)
    new = without_known(accounts, known)
    faults = defects(new) | ({} if forgiving else failures(new))
    broken = [str(one) for one in seen if one.outcome == "broken"]
    # Who was flooded had no time for the other sockets.
    doubtful = limits or counts.get("cut_off")
    facts = [name for name in faults if not (doubtful and name in MAYBE_OURS)]
    if code == HOLDS and (facts or clauses or (broken and not limits)):
        code, summary = BROKEN, "broken: " + "; ".join([*_listed(faults), *clauses, *broken])
    elif code == HOLDS:
        code, summary = _seen(accounts, seen, limits, forgiving=forgiving, cut_short=cut_short)
        untold = [one.summary for one in conclusions if one.code == CANNOT_TELL]
        if code == HOLDS and untold:
            code, summary = CANNOT_TELL, untold[0]
    return Verdict(code=code, summary=summary, gates=seen, limits=limits, notes=notes)


def _listed(counts: Mapping[str, int]) -> list[str]:
    return [f"{count} {name}" for name, count in counts.items()]


def without_known(accounts: Totals, known: Collection[tuple[str, str]]) -> dict[str, int]:
    """The counts of all scenarios, but for those that are known to be broken."""
    counts = accounts.counts()
    for scenario in accounts.scenarios():
        for name, count in accounts.counts(scenario).items():
            if (rule_of(name), scenario) in known:
                counts[name] -= count
    return counts


def rule_of(count: str) -> str:
    """The rule that a count other than zero breaks."""
    return f"none-{count.replace('_', '-')}"


def _away(accounts: Totals, counts: Mapping[str, int]) -> tuple[int, str]:
    """Whether we failed ourselves, or the service was not there: then nothing else that was counted says anything."""
    # At the end every socket that wanted a connection had none.
    gone = accounts.away > 0 and accounts.sockets == 0
    why = _reasons(accounts)
    if counts.get("own_error"):
        return OUR_ERROR, "internal error, please report it: Locust's list of failures says what it was"
    if errors := counts.get("script_error"):
        return USAGE, f"--scenario: the scenario raised an exception, {errors} in all{why.get('script_error', '')}"
    refused, unreached = counts.get("refused_sockets", 0), counts.get("unreached", 0)
    if refused and not counts.get("connected"):
        return CANNOT_TELL, (
            f"cannot tell: the service refused every connection ({refused} of them), so nothing was verified: does it "
            f"want a token (--token, --jwt-key or --target)?{why.get('refused_sockets', '')}"
        )
    attempts = unreached + counts.get("connecting", 0)
    if attempts and not counts.get("connected"):
        reason = why.get("unreached") or why.get("connecting", "")
        return UNREACHABLE, f"unreachable: none of {attempts} attempts to connect succeeded{reason}"
    if unreached and gone:
        back = f"and {unreached} attempts to come back failed{why.get('unreached', '')}"
        return UNREACHABLE, f"unreachable: the service went away, {back}"
    return HOLDS, ""


def _reasons(accounts: Totals) -> dict[str, str]:
    """Why the first of each count was counted, in brackets."""
    return {one.defect: f" ({one.why})" for one in accounts.witnesses() if one.why}


def _seen(
    accounts: Totals, gates: Sequence[Judged], limits: Sequence[str], *, forgiving: bool, cut_short: bool
) -> tuple[int, str]:
    """Whether everything was seen that has to be seen before a run can hold."""
    unseen = [str(one) for one in gates if one.outcome == "unseen"]
    counts = accounts.counts()
    ok, pending, unknown = (counts.get(name, 0) for name in ("ok", "pending", "unknown"))
    if cut_off := counts.get("cut_off"):
        connections = "a connection" if cut_off == 1 else f"{cut_off} connections"
        return CANNOT_TELL, f"cannot tell: Roomcheck ended {connections}{_reasons(accounts).get('cut_off', '')}"
    if limits:
        return (
            CANNOT_TELL,
            "generator-limited: the load generator could not keep up, so this run does not measure the service",
        )
    if not ok and not (counts.get("connected") or counts.get("published")):
        return CANNOT_TELL, "cannot tell: no socket connected: -u says how many users come, and -t how long the run is"
    if not ok and (unmarked := counts.get("unmarked")):
        received = counts.get("unaccounted", 0)
        return CANNOT_TELL, (
            f"cannot tell: nothing in the contracts tells one of {unmarked} publications from another, so {received} "
            "deliveries were received and none was accounted for"
        )
    if not ok:
        return CANNOT_TELL, "cannot tell: no delivery was seen, so nothing was verified"
    if unseen:
        return CANNOT_TELL, "cannot tell: " + "; ".join(unseen)
    if accounts.gone:
        lost = len(accounts.gone)
        workers = "a worker was lost, and what it was" if lost == 1 else f"{lost} workers were lost, and what they were"
        return CANNOT_TELL, f"cannot tell: {workers} owed is unknown"
    if unknown and not (forgiving or cut_short):
        return CANNOT_TELL, (
            f"cannot tell: of {unknown} deliveries it is unknown what became of them: their sockets heard nothing more "
            "by which it could be known"
        )
    if cut_short and (pending or unknown):
        return HOLDS, f"interrupted: {ok} deliveries were correct, {pending + unknown} were still under way"
    return HOLDS, f"holds: every one of {ok} deliveries was accounted for"


def told(accounts: Totals, verdict: Verdict) -> list[str]:
    """The verdict in lines, the ledger first and the summary last."""
    gates = [f"gate {one}" for one in verdict.gates]
    limits = [f"generator: {limit}" for limit in verdict.limits]
    return [accounts.line(), *gates, *verdict.notes, *limits, verdict.summary]


def limited(accounts: Totals) -> list[str]:
    """What the generator itself limited."""
    counts, found = accounts.counts(), []
    delivery_ms = accounts.trend("delivery").percentile(99)
    bound_ms = max(LAG_MS, LAG_SHARE * delivery_ms)
    for name, what in (("loop_lag", "read incoming data"), ("schedule_lag", "sent due publications")):
        lag_ms = accounts.trend(name).percentile(99)
        if lag_ms > bound_ms:
            found.append(
                f"it {what} {lag_ms:.0f} ms late (99th percentile; at most {bound_ms:.0f} ms): add workers "
                "(--processes, or more machines), or load less"
            )
    unsent, due = counts.get("unsent", 0), counts.get("published", 0) + counts.get("unsent", 0)
    if unsent > UNSENT_SHARE * due:
        found.append(f"{unsent} of {due} publications could not be sent on time: add workers, or load less")
    if held_up := counts.get("held_up"):
        found.append(
            f"{held_up} sockets did not connect, join or leave while it was kept from reading for most of the time: "
            "add workers (--processes, or more machines), or load less"
        )
    exhausted = counts.get("exhausted", 0)
    if exhausted:
        found.append(
            f"{exhausted} sockets could not be opened for lack of a file descriptor or port: raise `ulimit -n` and "
            "net.ipv4.ip_local_port_range, or add machines"
        )
    return found


def noted(accounts: Totals) -> list[str]:
    """What is worth knowing besides."""
    lost = "was lost during the run: what became of its deliveries is unknown"
    notes = [f"worker {worker} {lost}" for worker in sorted(accounts.gone)]
    clocks = sorted(accounts.clocks().items())
    near = [error_ms for _, (offset_ms, error_ms) in clocks if abs(offset_ms) <= error_ms]
    for worker, (offset_ms, error_ms) in clocks:
        if abs(offset_ms) > error_ms:
            notes.append(f"the clock of worker {worker} is {offset_ms:+.3f} ms off the master's, ± {error_ms:.3f} ms")
    if near:
        whose = "the clock of 1 worker is" if len(near) == 1 else f"the clocks of {len(near)} workers are"
        notes.append(f"{whose} the master's, ± {max(near):.3f} ms")
    counts = accounts.counts()
    # What was thought lost may have come all the same.
    notes += [line(one) for one in accounts.witnesses() if counts.get(one.defect)]
    return notes
