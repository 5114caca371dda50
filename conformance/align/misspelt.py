"""Words of prose that are a documented name in another spelling, or with a slip in it. Pure."""

from __future__ import annotations

import re

from conformance.align import context, english, spelled
from conformance.align.markdown import Piece
from conformance.align.spans import Span
from conformance.align.vocabulary import Vocabulary

LONG = 4
"""Letters from which on a word without separators may be a slip of another."""


def is_told_of(piece: Piece, name: str, span: Span, words: Vocabulary) -> bool:
    """Whether what stands beside a documented name in another spelling says that it is an event's."""
    if not words.spelled_otherwise(name):
        return False
    return context.told_of(piece.text, span.offset, span.offset + len(span.text))


def is_slip(piece: Piece, word: str, words: Vocabulary, sentence: str, offset: int, *, company: bool) -> bool:
    """Whether a word is a documented name in another spelling, or nearly one that has no colons.

    Args:
        offset: where in its sentence it stands.
        company: it stands in a column or a list of documented events.
    """
    if words.other_spelling(word):
        named = company or _events_are_meant(piece)
        return spelled.is_another_spelling(word, piece, sentence, offset, words, named=named)
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
