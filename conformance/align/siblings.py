"""Headings that are nothing but a name no contract has, beside those of documented events. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from conformance.align import english, labels, stance
from conformance.align.markdown import Piece
from conformance.align.model import Claim
from conformance.align.vocabulary import Vocabulary

NAME = re.compile(r"[a-z]\w*(?:[:._-][a-z]\w*)+", re.IGNORECASE)
"""A heading that may be a name of an event, with any sign between its words."""
BODY = re.compile(r"\s*[{\[]")


def claims(parts: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """The names of such headings, where a payload stands below, or the heading above speaks of events."""
    groups: dict[tuple[str, ...], list[tuple[Piece, str, bool]]] = defaultdict(list)
    for number, piece in enumerate(parts):
        if piece.kind == "heading" and len(piece.section) > 1:
            name = labels.NUMBER.sub("", piece.text).strip("`*_ ")
            if NAME.fullmatch(name):
                groups[piece.section[:-1]].append((piece, name, _has_payload(parts, number)))
    for above, some in groups.items():
        documented = sum(name in words.events for _, name, _ in some)
        if not documented or not any(english.OF_EVENTS.search(text) for text in above):
            continue
        for piece, name, shows in some:
            if words.known(name) or words.other_spelling(name) or not shows or piece.refuted:
                continue
            if words.like_an_event(re.sub(r"[._-]", ":", name)) and not stance.refuted(piece.text):
                yield _claim(piece, name, file)


def _has_payload(parts: Sequence[Piece], number: int) -> bool:
    """Whether the first fence below a heading, up to the next one, is an object."""
    for piece in parts[number + 1 : number + 1 + NEAR]:
        if piece.kind == "heading":
            return False
        if piece.kind == "fence":
            return BODY.match(piece.text) is not None
    return False


NEAR = 6
"""Pieces below a heading in which its payload is looked for."""


def _claim(piece: Piece, name: str, file: str) -> Claim:
    first = piece.text.find(name)
    place = piece.span(file, first, first + len(name))
    return Claim(
        kind="event", subject=name, place=place, origin="document", how="heading", section=piece.section,
        refuted=piece.refuted, direction=piece.direction,
    )  # fmt: skip
