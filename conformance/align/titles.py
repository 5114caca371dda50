"""Tests in guides whose titles say that a name is gone: they use it to show that nothing comes of it. Pure."""

from __future__ import annotations

import re

from conformance.align import moods
from conformance.align.markdown import Piece

TITLE = re.compile(
    r"^[ \t]*(?:async\s+)?def\s+(?P<name>test\w*)|\b(?:it|test)(?:\.\w+)?\(\s*(['\"`])(?P<title>.*?)\2", re.MULTILINE
)
"""Where a test begins."""
GONE = re.compile(
    r"(?<![A-Za-z])(?:ignor|reject|refus|retired|silent|nothing|never|no_?longer|old|legacy|removed|gone|deprecated|not|"
    r"without_effect|nobody)",
    re.IGNORECASE,
)
"""What such a title says."""
DECORATED = re.compile(r"(?:^[ \t]*@[^\n]*\n)+\Z", re.MULTILINE)


def of_gone(piece: Piece) -> frozenset[int]:
    """The lines of the tests of a fence whose titles say that a name is gone, with what decorates them."""
    return _lines(piece, GONE)


def of_refusing(piece: Piece) -> frozenset[int]:
    """The lines of the tests of a fence whose titles say that what they send is refused."""
    return _lines(piece, moods.REFUSING)


def _lines(piece: Piece, pattern: re.Pattern[str]) -> frozenset[int]:
    if "test" not in piece.text and "it(" not in piece.text:
        return frozenset()
    titles = list(TITLE.finditer(piece.text))
    lines = set[int]()
    for number, found in enumerate(titles):
        if pattern.search(found["name"] or found["title"]):
            above = DECORATED.search(piece.text, 0, found.start())
            last = titles[number + 1].start() - 1 if number + 1 < len(titles) else len(piece.text)
            lines |= set(range(piece.place(above.start() if above else found.start())[0], piece.place(last)[0] + 1))
    return frozenset(lines)
