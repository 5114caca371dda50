"""Directions that a line of its own gives to the event of the heading: `Direction: client → server`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.align import labels, stance
from conformance.align.markdown import Piece
from conformance.align.model import Claim
from conformance.align.vocabulary import Vocabulary

KEYED = re.compile(
    r"^[\W_]*(?:direction|sent\s+by|emitted\s+by|emitter|sender|from|flow|richtung|sens|direcci[oó]n|chiều|方向)"
    r"[*_`]*\s*[:：][*_`]*\s*(?P<value>\S[^\n]*?)[\s.]*$",
    re.IGNORECASE | re.MULTILINE,
)  # fmt: skip


ALONE = re.compile(r"\A[\W_]*(?P<value>\w+\s*(?:→|->|=>|➜|⇒)\s*\w+)[\W_]*\Z")
"""A paragraph that is nothing but a direction: `*Server → Client*`."""


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The direction that a paragraph or an item gives to the one event of the heading above it."""
    if piece.kind not in ("paragraph", "item") or not piece.section or piece.depth > 1:
        return
    name = labels.bare(piece.section, words)
    own = [name] if name is not None else labels.events(piece.section[-1], words)
    if len(own) != 1 or labels.events(piece.text, words):
        return
    for found in (*KEYED.finditer(piece.text), *ALONE.finditer(piece.text)):
        value = found["value"].strip("*_` ")
        way = stance.sent_by(value)
        if way is not None:
            begin = found.start("value")
            place = piece.span(file, begin, begin + len(value))
            yield Claim(
                kind="event", subject=own[0], place=place, origin="document", how="text", direction=way,
                refuted=piece.refuted, section=piece.section,
            )  # fmt: skip
