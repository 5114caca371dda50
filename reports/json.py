"""The machine-readable report; its JSON Schema is `docs/report.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Sequence

import msgspec

from conformance.journal.records import Journal
from conformance.model.verdict import summary


def render(journals: Sequence[Journal]) -> str:
    """One document, of several journals a list of them. Lone surrogates are escaped, so it is always valid UTF-8."""
    documents = [_document(journal) for journal in journals]
    return json.dumps(documents[0] if len(documents) == 1 else documents, ensure_ascii=True, indent=1) + "\n"


def _document(journal: Journal) -> dict[str, object]:
    return {
        "tool": {"name": journal.header.tool, "version": journal.header.version},
        "target": journal.header.target,
        "bundle": {"place": journal.header.bundle, "version": journal.header.bundle_version},
        "began": journal.header.began,
        "complete": journal.footer is not None,
        "exit_code": journal.footer.exit_code if journal.footer else None,
        "why": journal.footer.why if journal.footer else "",
        "notes": list(journal.notes),
        "remarks": list(journal.remarks),
        "summary": summary(journal.verdicts),
        "verdicts": [_plain(verdict) for verdict in journal.verdicts],
        "not_exercised": [_plain(one) for one in journal.not_exercised],
    }


def _plain(record: msgspec.Struct) -> dict[str, object]:
    fields: dict[str, object] = msgspec.to_builtins(record)
    fields.pop("kind", None)
    fields.pop("place", None)  # The subject and the evidence have it, and the schema of the report is closed.
    return fields
