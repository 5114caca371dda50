"""The ledger and the gates of a run as verdicts of its journal, so that every report tells them as a check's. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from conformance.model.verdict import Outcome
from conformance.model.verdict import Verdict as Clause
from loadtests.ledger.counts import DEFECTS, FAILURES, OURS, WARNINGS, in_room
from loadtests.ledger.first_occurrence import sentence
from loadtests.ledger.totals import Totals
from loadtests.verdict.verdict import BROKEN, HOLDS, MAYBE_OURS, Verdict, rule_of

OWED = {
    "lost": "Every member of a room receives what is published to it.",
    "late": "A broadcast is delivered within the deadline of its contract.",
    "duplicate": "A broadcast is delivered once.",
    "reordered": "What one caller publishes to a room arrives in the order in which it was published.",
    "leaked": "Nothing is delivered outside its room.",
    "contract_failed": "A payload keeps the schema of its contract.",
    "unstored": "A message that was accepted is stored.",
    "stored_twice": "A message that was accepted is stored once.",
    "undocumented": "Every event that the service sends has a contract.",
    "refused_sockets": "A socket that presents valid credentials may connect.",
    "unreached": "The service answers every attempt to connect.",
    "disconnected": "The service ends no connection that keeps to the protocol.",
    "unjoined": "A socket that asks to join a room becomes a member of it.",
    "unleft": "A socket that asks to leave a room is no longer a member of it.",
    "refused": "A documented call is accepted.",
    "unanswered": "A documented call is answered.",
    "unread": "What was stored can be listed.",
    "unsent": "The generator sends what its schedule asks for.",
    "exhausted": "The generator has the descriptors and ports that it needs.",
    "held_up": "The generator waits for sockets that connect and join, and is not kept from it.",
    "script_error": "A scenario of one's own raises no exception.",
    "own_error": "The generator has no internal error.",
}
"""What a count other than zero breaks."""

DELIVERED = "every-delivery-is-accounted-for"
GATE = "gate-holds"


def clauses(accounts: Totals, verdict: Verdict, source: str, transport: str) -> Iterator[Clause]:
    """A verdict for each gate, for each scenario that delivered, and for each count of it that should be none."""
    for judged in verdict.gates:
        message = str(judged)
        outcome = Outcome.PASS if judged.outcome == "holds" else _weight(judged.outcome == "broken", verdict)
        yield Clause(
            rule=GATE, subject=judged.gate.text, transport=transport, outcome=outcome, message=message,
            clause="The gate holds over the whole run.", source=source,
        )  # fmt: skip
    seen = _witnesses(accounts)
    for scenario in accounts.scenarios():
        counts, named = accounts.counts(scenario), in_room(scenario)
        if counts.get("ok") and not any(counts.get(name) for name in DEFECTS):
            yield Clause(
                rule=DELIVERED, subject=scenario, transport=transport, outcome=Outcome.PASS,
                message=f"{counts['ok']} deliveries, each once, in its room, in time", seen=counts["ok"],
                clause="Every delivery that was owed is accounted for.", source=source,
            )  # fmt: skip
        for name in (*DEFECTS, *FAILURES, *WARNINGS, *OURS):
            if counts.get(name):
                yield Clause(
                    rule=rule_of(name), subject=scenario, transport=transport,
                    outcome=_outcome(name, verdict), message=f"{counts[name]} {name}", clause=OWED[name],
                    source=source, expected=f"no {name}", got=str(counts[name]), seen=counts[name],
                    evidence=tuple(text for room, text in seen.get(name, ()) if not room or f"-{named}-" in room),
                )  # fmt: skip


def doubted(clause: Clause) -> Clause:
    """What a rule says of the sample of a run that the generator limited: what it missed may have come too late to us.

    What no slowness explains, such as a payload that breaks its schema, the ledger counts besides.
    """
    if clause.outcome is not Outcome.FAIL:
        return clause
    message = f"{clause.message}; the load generator could not keep up, so this may not be the service's fault"
    return replace(clause, outcome=Outcome.INCONCLUSIVE, message=message)


def _outcome(name: str, verdict: Verdict) -> Outcome:
    if name == "own_error":
        return Outcome.ERROR
    if name in WARNINGS:
        return Outcome.WARNING
    return _weight(name not in OURS and not (verdict.limits and name in MAYBE_OURS), verdict)


def _weight(theirs: bool, verdict: Verdict) -> Outcome:
    """A fault is what it is in the run's own verdict: one that holds all the same was asked for, or forgiven."""
    if theirs and verdict.code == BROKEN:
        return Outcome.FAIL
    return Outcome.WARNING if theirs and verdict.code == HOLDS else Outcome.INCONCLUSIVE


def _witnesses(accounts: Totals) -> Mapping[str, list[tuple[str, str]]]:
    """(room, what it saw) of each witness, by its defect. A room's name tells its scenario."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in accounts.witnesses():
        frame = f": {one.frame}" if one.frame else ""
        found.setdefault(one.defect, []).append((one.room, sentence(one) + frame))
    return found
