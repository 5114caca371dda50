"""What a page shows of an alignment: the matrix, each cell with its place and what stands there. Pure."""

from __future__ import annotations

from typing import Any

from conformance.journal.records import Journal
from reports.parts.checked import MOST_LISTED

TONES = {"ok": "pass", "wrong": "fail", "missing": "fail", "not seen": "skip"}
"""The word of a cell as an outcome, which gives it its colour."""


def parts(journal: Journal, run: str) -> dict[str, Any]:
    """What only an alignment has."""
    matrix = journal.matrix
    rows = list(matrix.rows.items()) if matrix else []
    return {
        "columns": matrix.columns if matrix else (),
        "rows": [(name, [_cell(*cell) for cell in cells]) for name, cells in rows[:MOST_LISTED]],
        "rows_unlisted": max(0, len(rows) - MOST_LISTED),
    }


def _cell(word: str, place: str, text: str) -> dict[str, str]:
    return {"word": word, "tone": TONES.get(word, "skip"), "place": place, "text": text}
