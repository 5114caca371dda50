"""Words of prose that are a documented name in another spelling, or with a slip in it. Pure."""

from __future__ import annotations

import re

from conformance.align import context, english
from conformance.align.markdown import Piece
from conformance.align.spans import Span
from conformance.align.vocabulary import Vocabulary

NEAR = 1000
"""Characters of a piece that are asked whether other events than those of sockets are meant."""
LONG = 4
"""Letters from which on a word without separators may be a slip of another."""


def is_told_of(piece: Piece, name: str, span: Span, words: Vocabulary) -> bool:
    """Whether what stands beside a documented name in another spelling says that it is an event's."""
    if not words.spelled_otherwise(name):
        return False
    return context.told_of(piece.text, span.offset, span.offset + len(span.text))


def is_slip(piece: Piece, word: str, words: Vocabulary, *, company: bool) -> bool:
    """Whether a word is a documented name in another spelling, or nearly one that has no colons.

    Args:
        company: it stands in a column or a list of documented events.
    """
    if words.other_spelling(word):
        if re.fullmatch(r"[\w.:-]+", word) is None or context.DENIED.search(piece.text[:NEAR]):
            return False
        # What is set apart by signs is a name; what is only written together may be one of a function.
        leads = piece.kind == "heading" or piece.text.lstrip("*_` ").startswith(word)
        named = company or ":" in word or _events_are_meant(piece)
        return named or (leads and (piece.kind == "heading" or not word.isalnum()))
    if len(word) < LONG or not re.fullmatch(r"[a-z]+", word) or piece.kind not in ("item", "cell"):
        return False
    near = words.nearest(word)
    first = piece.text.lstrip("*_` ").startswith(word)
    return near is not None and ":" not in near and first and _events_are_meant(piece)


def _events_are_meant(piece: Piece) -> bool:
    """Whether a text, or for an entry what stands around it, speaks of events."""
    if english.EVENTS_TOLD.search(piece.text) is not None:
        return True
    around = (*piece.section[-1:], piece.above, piece.head, piece.row) if piece.kind != "paragraph" else ()
    return any(english.EVENTS_HEAD.search(text) for text in around)
