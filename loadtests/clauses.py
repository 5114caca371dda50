"""The ledger and the gates of a run as verdicts of its journal, so that every report tells them as a check's. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conformance.model import Outcome
from conformance.model import Verdict as Clause
from loadtests.accounts import Accounts
from loadtests.ledger import DEFECTS, FAILURES, OURS
from loadtests.verdict import BROKEN, HOLDS, MAYBE_OURS, Verdict

OWED = {
    "lost": "Every member of a room receives what is published to it.",
    "late": "A broadcast is delivered within the deadline of its contract.",
    "duplicate": "A broadcast is delivered once.",
    "reordered": "What one caller publishes to a room arrives in the order in which it was published.",
    "leaked": "Nothing is delivered outside its room.",
    "contract_failed": "A payload keeps the schema of its contract.",
    "unstored": "A message that was accepted is stored.",
    "stored_twice": "A message that was accepted is stored once.",
    "refused_sockets": "A socket that shows what the service wants to see may connect.",
    "unreached": "The service answers whoever connects.",
    "disconnected": "The service ends no connection that keeps to the protocol.",
    "unjoined": "Who asks to join a room becomes a member of it.",
    "unleft": "Who asks to leave a room is no member of it any more.",
    "refused": "A documented call is accepted.",
    "unanswered": "A documented call is answered.",
    "unread": "What was stored can be listed.",
    "unsent": "The generator sends what its schedule asks for.",
    "exhausted": "The generator has the descriptors and ports that it needs.",
    "own_error": "The generator makes no error of its own.",
}
"""What a count other than zero breaks."""

DELIVERED = "every-delivery-is-accounted-for"
GATE = "gate-holds"


def clauses(accounts: Accounts, verdict: Verdict, source: str, transport: str) -> Iterator[Clause]:
    """A verdict for each gate, for each scenario that delivered, and for each count of it that should be none."""
    for judged in verdict.gates:
        message = str(judged)
        outcome = Outcome.PASS if judged.outcome == "holds" else _weight(judged.outcome == "broken", verdict)
        yield Clause(
            rule=GATE, subject=judged.gate.text, transport=transport, outcome=outcome, message=message,
            clause="The gate holds over the whole run.", source=source,
        )  # fmt: skip
    witnesses = _witnesses(accounts)
    for scenario in accounts.scenarios():
        counts = accounts.counts(scenario)
        if counts.get("ok") and not any(counts.get(name) for name in DEFECTS):
            yield Clause(
                rule=DELIVERED, subject=scenario, transport=transport, outcome=Outcome.PASS,
                message=f"{counts['ok']} deliveries, each once, in its room, in time", seen=counts["ok"],
                clause="Every delivery that was owed is accounted for.", source=source,
            )  # fmt: skip
        for name in (*DEFECTS, *FAILURES, *OURS):
            if counts.get(name):
                yield Clause(
                    rule=f"none-{name.replace('_', '-')}", subject=scenario, transport=transport,
                    outcome=_outcome(name, verdict), message=f"{counts[name]} {name}", clause=OWED[name],
                    source=source, expected=f"no {name}", got=str(counts[name]), seen=counts[name],
                    evidence=tuple(text for room, text in witnesses.get(name, ()) if f"-{scenario}-" in room),
                )  # fmt: skip


def _outcome(name: str, verdict: Verdict) -> Outcome:
    if name == "own_error":
        return Outcome.ERROR
    return _weight(name not in OURS and not (verdict.limits and name in MAYBE_OURS), verdict)


def _weight(theirs: bool, verdict: Verdict) -> Outcome:
    """A fault is what it is in the run's own verdict: one that holds all the same was asked for, or forgiven."""
    if theirs and verdict.code == BROKEN:
        return Outcome.FAIL
    return Outcome.WARNING if theirs and verdict.code == HOLDS else Outcome.INCONCLUSIVE


def _witnesses(accounts: Accounts) -> Mapping[str, list[tuple[str, str]]]:
    """(room, what it saw) of each witness, by its defect. A room's name tells its scenario."""
    found: dict[str, list[tuple[str, str]]] = {}
    for account in accounts.told.values():
        for one in account["witnesses"]:
            text = f"socket {one['socket']} of {one['room']}, stream {one['stream']}, number {one['number']}"
            told = " ".join(part for part in (one.get("why", ""), one.get("frame", "")) if part)
            found.setdefault(one["defect"], []).append((one["room"], f"{text}: {told}"))
    return found
