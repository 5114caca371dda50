"""Fences that list names, one a line, under a heading or a comment that says who sends them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.align import stance
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Direction, Place
from conformance.align.vocabulary import Vocabulary

LINE = re.compile(
    r"[ \t]*[-*•]?[ \t]*(['\"`]?)(?P<name>[A-Za-z][\w-]*(?::[\w-]+)*)\1,?"
    r"(?:[ \t]*(?://|#|→|—|–|--?[ \t]|:[ \t]).*|[ \t]{2,}\S.*|[ \t]*)"
)
"""A name, alone or with what is said of it."""
LABEL = re.compile(r"[ \t]*(?://|#|--|\[|=+|\*+)?[ \t]*")
"""What a label begins with."""
AFTER = " \t\r\f\v:]=*"
"""What it may end with."""


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The names of a fence in which every line is a name or a label, with the directions that labels give."""
    found: list[tuple[re.Match[str], int, Direction | None]] = []
    way = stance.direction(piece.above) if len(piece.above) <= stance.LABEL_CHARACTERS else None
    way = way or piece.direction
    begin = 0
    for line in piece.text.split("\n"):
        label = LABEL.sub("", line, count=1).rstrip(AFTER)
        told = stance.direction(label) if label else None
        one = LINE.fullmatch(line)
        if told is not None and (one is None or not words.known(one["name"])):
            way = told
        elif one is not None and (":" in one["name"] or words.known(one["name"])):
            found.append((one, begin, way))
        elif line.strip() and not line.strip().startswith(("//", "#")):
            return  # Something else stands between them.
        begin += len(line) + 1
    if not any(words.known(one["name"]) for one, _, _ in found):
        return
    for one, at, direction in found:
        if direction is None or not (words.known(one["name"]) or words.surely_an_event(one["name"])):
            continue
        line_number, column = piece.place(at + one.start("name"))
        yield Claim(
            kind="event", subject=one["name"], origin="document", how="text", direction=direction, listed=True,
            place=Place(file=file, line=line_number, column=column, end=column + len(one["name"])),
        )  # fmt: skip
