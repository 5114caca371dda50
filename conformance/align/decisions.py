"""Sections of decisions that another one has replaced, or that were never taken. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from conformance.align.markdown import Piece

_REPLACED = (
    r"(?:super[sc]eded|replaced|obsoleted|overruled|overtaken|outdated)(?:\s+(?:in\s+part|partly|since\s+\S+))?\s+(?:by|with)\b|"
    r"(?:superseded|deprecated|withdrawn|rejected|declined|abandoned|retired|revoked)\W*$|"
    r"(?:đã\s+)?(?:được|bị)\s+thay\s+(?:thế\s+)?(?:bởi|bằng)|ersetzt\s+durch|abgelöst\s+(?:durch|von)|"
    r"remplacée?\s+par|(?:sustituid|reemplazad|substituíd)[oa]\s+p[oe]r|sostituit[oa]\s+da|vervangen\s+door"
)
_STATUS = r"status|state|trạng\s+thái|statut|estado|stato"
REPLACED = re.compile(rf"\b(?:{_REPLACED})", re.IGNORECASE)
"""What the line of a decision's status says where the decision does not hold any more."""
STATUS = re.compile(rf"[\W_]*(?:{_STATUS})[\W_]*(?::|：|—|–|-|\s(?=super|replac|reject|with))", re.IGNORECASE)
"""What begins the line of a status."""
HEADING = re.compile(rf"\W*(?:{_STATUS})\W*", re.IGNORECASE)
"""The heading of a status that stands in a section of its own."""
SLANTED = re.compile(r"\s*([*_]{1,2})(?![*_\s])[^*\n]{3,}\1\s*")
"""A line that is set apart from the text by slanted or bold letters, as the status below a heading is."""
LONGEST = 160
"""Characters of a line of a status; what is longer is a text that speaks of something else."""
FIRST = 4
"""Pieces below a heading among which the status stands."""


def superseded(parts: Sequence[Piece]) -> frozenset[tuple[str, ...]]:
    """The sections of decisions whose status says that another one holds instead, or none."""
    found = set[tuple[str, ...]]()
    seen = Counter[tuple[str, ...]]()
    for piece in parts:
        if piece.kind not in ("paragraph", "item") or not piece.section:
            continue
        seen[piece.section] += 1
        if seen[piece.section] > FIRST or len(piece.text) > LONGEST or not REPLACED.search(piece.text):
            continue
        own = HEADING.fullmatch(piece.section[-1]) is not None
        if own and len(piece.section) > 1:
            found.add(piece.section[:-1])
        elif STATUS.match(piece.text) or SLANTED.fullmatch(piece.text):
            found.add(piece.section)
    return frozenset(found)


def without_the_gone(parts: list[Piece], gone: frozenset[tuple[str, ...]]) -> list[Piece]:
    """The pieces of a document, of which those of sections that are gone, and of decisions that are, are refuted."""
    over = superseded(parts)
    if not gone and not over:
        return parts
    return [
        replace(piece, refuted=True) if piece.section in gone or _is_within(piece.section, over) else piece
        for piece in parts
    ]


def _is_within(section: tuple[str, ...], sections: frozenset[tuple[str, ...]]) -> bool:
    return any(section[:depth] in sections for depth in range(1, len(section) + 1))
