"""Paths in code without a method, where they are slips of documented ones. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from conformance.align import paths, told_calls
from conformance.align.markdown import Piece
from conformance.align.spans import Span
from conformance.align.vocabulary import Vocabulary

METHOD = 24
"""Characters before a path in which its method stands."""


def of(piece: Piece, found: Sequence[Span], words: Vocabulary) -> Iterator[tuple[str, Span]]:
    """(path, what it stands in) of each."""
    if "/" not in piece.text:
        return
    for span in found:
        path = span.text.strip().rstrip(".:")
        if not span.code or not path.startswith("/") or " " in path or _has_method(piece, span):
            continue
        if any(paths.is_slip(path, call.path) for call in words.bundle.calls.values()):
            yield path, span


def _has_method(piece: Piece, span: Span) -> bool:
    """Whether a method stands before a path, or in its row: it was read with it."""
    if piece.kind == "cell" and re.search(r"\b(?:GET|POST|PUT|PATCH|DELETE)\b", piece.row):
        return True
    before = piece.text[max(0, span.offset - METHOD) : span.offset]
    if re.search(r"\b(?:GET|POST|PUT|PATCH|DELETE)\W*$", before):
        return True
    at = span.offset + span.text.find("/")
    return any(one.start("path") == at for one in told_calls.APART.finditer(piece.text))
