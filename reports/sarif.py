"""SARIF 2.1.0 for code scanning: what broke is a result, what could not be told is a notification.

What passed is no result: readers show every result as an alert, whatever its kind says.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from conformance.align import rule as reading
from conformance.diff import rule as comparing
from conformance.journal.records import Journal
from conformance.judge.rule import fuzz_rules, record_rules, rules
from conformance.model.verdict import Outcome, Verdict
from reports.parts.ending import cut
from reports.parts.places import Spot, anchor, related, subject_of

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Outcome.FAIL: "error", Outcome.WARNING: "warning", Outcome.KNOWN: "warning"}
"""What is a result, and how bad it is."""

MOST_RESULTS = 5000
"""GitHub shows so many results of a run, the worst, and takes no more than 25,000."""

MOST_CHARACTERS = 4000
"""Characters of one text; what is cut says so."""

MOST_RELATED = 20


def render(journals: Sequence[Journal]) -> str:
    """The log: a run for each journal."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(journal) for journal in journals]}
    return json.dumps(log, ensure_ascii=True, indent=1) + "\n"


def _run(journal: Journal) -> dict[str, Any]:
    described = {one["id"]: one for one in _rules(journal)}
    shown = [verdict for outcome in LEVELS for verdict in journal.verdicts if verdict.outcome is outcome]
    for verdict in shown:  # A rule of another version is named, too.
        described.setdefault(verdict.rule, {"id": verdict.rule, "shortDescription": {"text": _text(verdict.clause)}})
    index = {name: number for number, name in enumerate(described)}
    seen: Counter[str] = Counter()
    results = [_result(journal, verdict, index[verdict.rule], seen) for verdict in shown[:MOST_RESULTS]]
    footer = journal.footer
    invocation: dict[str, Any] = {
        "executionSuccessful": footer is not None and footer.exit_code in (0, 1),
        "commandLine": _text(" ".join(journal.header.again)),
        "toolExecutionNotifications": list(_notifications(journal, len(shown))),
    }
    if footer:
        invocation["exitCode"] = footer.exit_code
    if journal.header.began:
        invocation["startTimeUtc"] = journal.header.began.replace("+00:00", "Z")
    return {
        "tool": {"driver": {
            "name": "Roomcheck",
            "semanticVersion": _text(journal.header.version),
            "rules": list(described.values()),
        }},
        "automationDetails": {"id": f"roomcheck/{_text(journal.header.command)}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": results,
    }  # fmt: skip


def _rules(journal: Journal) -> Iterator[dict[str, Any]]:
    """Every rule of the command with its help; an alignment and a fuzz have those of a check, too."""
    if journal.header.command == "align":
        for one in reading.rules():
            yield _described(one.id, one.title, one.why, one.clause, "error")
    if journal.header.command == "diff":
        for change in comparing.rules():
            yield _described(change.id, change.title, change.why, change.clause, "error")
        return
    own = {"fuzz": (*rules(), *fuzz_rules()), "record": record_rules()}
    for rule in own.get(journal.header.command, rules()):
        yield _described(rule.id, rule.title, rule.why, rule.clause, LEVELS[rule.level])


def _described(name: str, title: str, why: str, clause: str, level: str) -> dict[str, Any]:
    text = "\n\n".join(part for part in (title, why, f"Clause: {clause}") if part)
    return {
        "id": name,
        "shortDescription": {"text": title},
        "fullDescription": {"text": why or title},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": level},
    }


def _result(journal: Journal, verdict: Verdict, number: int, seen: Counter[str]) -> dict[str, Any]:
    spot = anchor(journal, verdict)
    told = [verdict.message, *([verdict.hint] if verdict.hint else []), *verdict.evidence[:MOST_RELATED]]
    if len(verdict.evidence) > MOST_RELATED:
        told.append(f"({len(verdict.evidence) - MOST_RELATED} more lines are in the journal)")
    made: dict[str, Any] = {
        "ruleId": verdict.rule,
        "ruleIndex": number,
        "kind": "fail",
        "level": LEVELS[verdict.outcome],
        "message": {"text": f"{_text(subject_of(verdict))}: " + "\n".join(map(_text, told))},
        "locations": [{**_located(spot), "logicalLocations": [{"name": _text(subject_of(verdict)), "kind": "event"}]}],
        "partialFingerprints": {"roomcheck/v1": _fingerprint(verdict, spot, seen)},
    }
    places = list(dict.fromkeys(related(journal, verdict)))[:MOST_RELATED]
    if places:
        made["relatedLocations"] = [{**_located(place), "message": {"text": "also mentions it"}} for place in places]
    if verdict.outcome is Outcome.KNOWN:
        made["suppressions"] = [{"kind": "external", "justification": _text(verdict.known)}]
    return made


def _located(spot: Spot) -> dict[str, Any]:
    location = {"uri": _text(spot.uri)}
    if ":" not in location["uri"].split("/", 1)[0]:
        location["uriBaseId"] = "%SRCROOT%"
    return {
        "physicalLocation": {
            "artifactLocation": location,
            "region": {"startLine": spot.line, "startColumn": spot.column},
        }
    }


def _fingerprint(verdict: Verdict, spot: Spot, seen: Counter[str]) -> str:
    """What stays the same while lines move: rule, subject, file, and the how-manieth of them it is."""
    facts = (verdict.rule, subject_of(verdict), verdict.transport, spot.file, verdict.got if verdict.act == "" else "")
    digest = hashlib.sha256("\0".join(facts).encode("utf-8", "backslashreplace")).hexdigest()
    seen[digest] += 1
    return f"{digest[:40]}:{seen[digest]}"


def _notifications(journal: Journal, shown: int) -> Iterator[dict[str, Any]]:
    """Our own errors, what could not be told, and what this report leaves out."""
    if journal.footer is None:
        yield _note("error", "the journal is truncated: the run was cut off before its end")
    for text in journal.notes:
        yield _note("error", text)
    for text in journal.remarks:
        yield _note("note", text)
    if shown > MOST_RESULTS:
        yield _note("warning", f"{shown - MOST_RESULTS} more results are left out: the journal has them")
    unclear = [verdict for verdict in journal.verdicts if verdict.outcome in (Outcome.ERROR, Outcome.INCONCLUSIVE)]
    unclear.sort(key=lambda verdict: verdict.outcome is not Outcome.ERROR)
    for verdict in unclear[:MOST_RESULTS]:
        level = "error" if verdict.outcome is Outcome.ERROR else "note"
        yield _note(level, f"{verdict.rule}: {verdict.subject}: {verdict.message}")
    if len(unclear) > MOST_RESULTS:
        yield _note("warning", f"{len(unclear) - MOST_RESULTS} more notes are left out: the journal has them")
    if journal.not_exercised:
        yield _note("note", f"{len(journal.not_exercised)} clauses were not exercised; the journal says why")


def _note(level: str, text: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": _text(text)}}


def _text(text: str) -> str:
    return cut(text, MOST_CHARACTERS)
