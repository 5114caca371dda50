"""Code Quality of GitLab: a JSON list of what broke, each at its line, with a fingerprint that lines do not move."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from conformance.journal.records import Journal
from conformance.model.verdict import Outcome, Verdict
from conformance.support.printable import printable
from reports.parts.ending import cut, title, untold
from reports.parts.places import anchor, subject_of

SEVERITIES = {
    Outcome.ERROR: "blocker",
    Outcome.FAIL: "major",
    Outcome.WARNING: "minor",
    Outcome.KNOWN: "info",
}
MOST_ISSUES = 5000
MOST_CHARACTERS = 2000


def render(journals: Sequence[Journal]) -> str:
    """The list; its last issue says what is left out."""
    seen: Counter[str] = Counter()
    issues = [issue for journal in journals for issue in _issues(journal, seen)]
    left = len(issues) - MOST_ISSUES
    if left > 0:
        more = f"{left} more issues are left out: the journal has them"
        issues = [*issues[:MOST_ISSUES], _issue("roomcheck", more, "info", "contracts", 1, seen)]
    return json.dumps(issues, ensure_ascii=True, indent=1) + "\n"


def _issues(journal: Journal, seen: Counter[str]) -> Iterator[dict[str, Any]]:
    for outcome, severity in SEVERITIES.items():
        for verdict in journal.verdicts:
            if verdict.outcome is outcome:
                yield _of(journal, verdict, severity, seen)
    place = anchor(journal, NOBODY)
    for note in (*journal.notes, *([title(journal)] if untold(journal) else [])):
        yield _issue("roomcheck", note, "blocker", place.file, place.line, seen)


def _of(journal: Journal, verdict: Verdict, severity: str, seen: Counter[str]) -> dict[str, Any]:
    spot = anchor(journal, verdict)
    text = f"{subject_of(verdict)}: {verdict.message}" + (f" ({verdict.known})" if verdict.known else "")
    return _issue(
        verdict.rule, text, severity, spot.file, spot.line, seen, f"{subject_of(verdict)}\0{verdict.transport}"
    )


NOBODY = Verdict(
    rule="roomcheck", subject="", transport="", outcome=Outcome.ERROR, message="", clause="", source=""
)  # fmt: skip
"""What is said of no event stands at the bundle."""


def _issue(
    rule: str, text: str, severity: str, file: str, line: int, seen: Counter[str], key: str | None = None
) -> dict[str, Any]:
    facts = f"{rule}\0{file}\0{text if key is None else key}"
    digest = hashlib.sha256(facts.encode("utf-8", "backslashreplace")).hexdigest()
    seen[digest] += 1
    return {
        "description": cut(text, MOST_CHARACTERS),
        "check_name": rule,
        "fingerprint": f"{digest[:40]}-{seen[digest]}",
        "severity": severity,
        "location": {"path": printable(file), "lines": {"begin": line}},
    }
