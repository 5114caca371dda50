"""Which specification a text is, and what it claims: AsyncAPI of events, OpenAPI of calls. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conformance.align import asyncapi, openapi
from conformance.align.markdown import Piece
from conformance.align.model import Claim
from conformance.align.specified import Unreadable
from conformance.align.vocabulary import Vocabulary


def is_one(text: str) -> bool:
    """Whether a text says that it is a specification."""
    return asyncapi.is_one(text) or openapi.is_one(text)


def may_be_one(text: str) -> bool:
    """Whether a text is one, or made as a part of one is."""
    return is_one(text) or openapi.is_a_part(text)


def read(
    text: str, file: str, words: Vocabulary, *, line: int = 1, column: int = 1, section: tuple[str, ...] = ()
) -> list[Claim]:
    """What a specification claims.

    Raises:
        Unreadable: it is none, or cannot be read as what it says that it is.
    """
    if asyncapi.is_one(text):
        return asyncapi.read(text, file, words, line=line, column=column, section=section)
    if openapi.is_one(text) or openapi.is_a_part(text):
        return openapi.read(text, file, line=line, column=column, section=section)
    raise Unreadable("neither AsyncAPI nor OpenAPI: expected `asyncapi: 3.0.0` or `openapi: 3.1.0`")


def of_fence(piece: Piece, file: str, words: Vocabulary, faults: list[str]) -> Iterator[Claim]:
    """What a specification in a fence claims; what is cut short and does not say that it is one claims nothing."""
    line, column = piece.lines[0]
    try:
        made = read(piece.text, file, words, line=line, column=column, section=piece.section)
    except Unreadable as error:
        if is_one(piece.text):
            faults.append(str(error))
        return
    yield from (replace(claim, refuted=piece.refuted) for claim in made)
