"""The verdict on a run, from its account: what held, what broke, and whether the generator could tell. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conformance.exits import Exit
from loadtests.accounts import Accounts
from loadtests.conclusion import Conclusion
from loadtests.gates import Gate, Judged
from loadtests.ledger import defects, failures

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
    accounts: Accounts,
    gates: Sequence[Gate],
    elapsed_s: float,
    conclusions: Sequence[Conclusion] = (),
    clauses: Sequence[str] = (),
    *,
    forgiving: bool = False,
) -> Verdict:
    """Judge a run that has been drained.

    Args:
        clauses: what the rules of a check found broken in what was sampled.
        forgiving: requests that failed break nothing, as Locust's `--exit-code-on-error 0` has it.

    A defect is what a service did, however slow we were; a time, or a loss, that we may have caused is not held
    against it.
    """
    counts = accounts.counts()
    seen = tuple(gate.judged(accounts, elapsed_s) for gate in gates)
    limits = tuple(limited(accounts))
    notes = (*(note for one in conclusions for note in one.notes), *noted(accounts))
    code, summary = _away(counts, accounts.sum("away") > 0 and accounts.sum("sockets") == 0)
    for one in conclusions:
        if code == HOLDS and one.code in (HOLDS, BROKEN) and not limits:
            return Verdict(code=one.code, summary=one.summary, gates=seen, notes=notes)
    faults = defects(counts) | ({} if forgiving else failures(counts))
    broken = [str(one) for one in seen if one.outcome == "broken"]
    facts = [name for name in faults if not (limits and name in MAYBE_OURS)]
    if code == HOLDS and (facts or clauses or (broken and not limits)):
        code, summary = BROKEN, "broken: " + "; ".join([*_listed(faults), *clauses, *broken])
    elif code == HOLDS:
        code, summary = _seen(accounts, seen, limits)
        untold = [one.summary for one in conclusions if one.code == CANNOT_TELL]
        if code == HOLDS and untold:
            code, summary = CANNOT_TELL, untold[0]
    return Verdict(code=code, summary=summary, gates=seen, limits=limits, notes=notes)


def _listed(counts: Mapping[str, int]) -> list[str]:
    return [f"{count} {name}" for name, count in counts.items()]


def _away(counts: Mapping[str, int], gone: bool) -> tuple[int, str]:
    """Whether we failed ourselves, or the service was not there: then nothing else that was counted says anything.

    Args:
        gone: at the end every socket that wanted a connection had none.
    """
    if counts.get("own_error"):
        return OUR_ERROR, "our own error, please report it: Locust's list of failures says what it was"
    refused, unreached = counts.get("refused_sockets", 0), counts.get("unreached", 0)
    if refused and not counts.get("connected"):
        return CANNOT_TELL, (
            f"cannot tell: the service refused every connection ({refused} of them), so nothing was verified: does it "
            "want a token (--token, --jwt-key or --target)?"
        )
    if unreached and not counts.get("connected"):
        return UNREACHABLE, f"unreachable: none of {unreached} attempts to connect succeeded"
    if unreached and gone:
        return UNREACHABLE, f"unreachable: the service went away, and {unreached} attempts to come back failed"
    return HOLDS, ""


def _seen(accounts: Accounts, gates: Sequence[Judged], limits: Sequence[str]) -> tuple[int, str]:
    """Whether everything was seen that has to be seen before a run can hold."""
    unseen = [str(one) for one in gates if one.outcome == "unseen"]
    ok = accounts.counts().get("ok", 0)
    if limits:
        return CANNOT_TELL, "generator-limited: this run says what the generator can do, not what the service can"
    if not ok:
        return CANNOT_TELL, "cannot tell: no delivery was seen, so nothing was verified"
    if unseen:
        return CANNOT_TELL, "cannot tell: " + "; ".join(unseen)
    if accounts.gone:
        lost = len(accounts.gone)
        workers = "a worker was lost, and what it was" if lost == 1 else f"{lost} workers were lost, and what they were"
        return CANNOT_TELL, f"cannot tell: {workers} owed is unknown"
    return HOLDS, f"holds: every one of {ok} deliveries was accounted for"


def told(accounts: Accounts, verdict: Verdict) -> list[str]:
    """The verdict in lines, the ledger first and the summary last."""
    gates = [f"gate {one}" for one in verdict.gates]
    limits = [f"generator: {limit}" for limit in verdict.limits]
    return [accounts.line(), *gates, *verdict.notes, *limits, verdict.summary]


def limited(accounts: Accounts) -> list[str]:
    """What the generator itself limited."""
    counts, found = accounts.counts(), []
    delivery_ms = accounts.trend("delivery").percentile(99)
    bound_ms = max(LAG_MS, LAG_SHARE * delivery_ms)
    for name, what in (("loop_lag", "read what had come"), ("schedule_lag", "sent what was due")):
        lag_ms = accounts.trend(name).percentile(99)
        if lag_ms > bound_ms:
            found.append(
                f"it {what} {lag_ms:.0f} ms late (99th percentile; at most {bound_ms:.0f} ms): add workers "
                "(--processes, or more machines), or load less"
            )
    unsent, due = counts.get("unsent", 0), counts.get("published", 0) + counts.get("unsent", 0)
    if unsent > UNSENT_SHARE * due:
        found.append(f"{unsent} of {due} publications could not be sent on time: add workers, or load less")
    exhausted = counts.get("exhausted", 0)
    if exhausted:
        found.append(
            f"{exhausted} sockets found no file descriptor or port: raise `ulimit -n` and "
            "net.ipv4.ip_local_port_range, or add machines"
        )
    return found


def noted(accounts: Accounts) -> list[str]:
    """What is worth knowing besides."""
    lost = "was lost in mid-run: what it was owed is unknown, not lost"
    notes = [f"worker {worker} {lost}" for worker in sorted(accounts.gone)]
    clocks = sorted(accounts.clocks().items())
    near = [error_ms for _, (offset_ms, error_ms) in clocks if abs(offset_ms) <= error_ms]
    for worker, (offset_ms, error_ms) in clocks:
        if abs(offset_ms) > error_ms:
            notes.append(f"the clock of worker {worker} is {offset_ms:+.3f} ms off the master's, ± {error_ms:.3f} ms")
    if near:
        notes.append(f"the clocks of {len(near)} workers are the master's, ± {max(near):.3f} ms")
    for account in accounts.told.values():
        for witness in account["witnesses"]:
            why = f" ({witness['why']})" if witness["why"] else ""
            frame = f": {witness['frame'][:200]}" if witness["frame"] else ""
            notes.append(
                f"first {witness['defect']}{why}: socket {witness['socket']} of {witness['room']}, "
                f"stream {witness['stream']}, number {witness['number']}{frame}"
            )
    return notes
