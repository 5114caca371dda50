"""Names without colons in drawings: at arrows, in calls, and as entries of trees. Pure.

A word in a drawing may be anything. Where most of the words at such places are documented events, the others are meant
as events as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.align import objects
from conformance.align.company import MANY
from conformance.align.markdown import Piece
from conformance.align.model import Claim
from conformance.align.vocabulary import SEVERAL, Vocabulary

PLACES = re.compile(
    rf"\b(?:emit|on|once)\(\s*(?P<mark>['\"`])(?P<called>{SEVERAL})(?P=mark)"
    rf"|(?:[─━═—-]{{2,}}|[►◄▶◀→←]|[─━═—-][>)])\s*(?:(?:WS|ws|[Ee]mits?|[Ee]vents?|on)\b:?\s*)?(?P<sign>['\"`])(?P<arrow>{SEVERAL})(?P=sign)"
    rf"|^[ \t│┃|├└┣┗+*•`─━-]*(?<!\w)(?P<entry>{SEVERAL}|[a-z][\w-]*(?::[\w-]+)+)(?=[ \t]*(?:$|[ \t]\{{|[ \t]{{2,}}\w))",
    re.MULTILINE,
)
"""Where an event stands in a drawing: in a call, at an arrow in quotes, or first in a line of a tree."""


SENT = re.compile(rf"(?<![\w.:-])(?P<name>{SEVERAL})[ \t]*\(?[ \t]*(?=\{{)")
"""An event of several words and the object that goes with it: `placeBid({ amount })`."""


def payloads(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The payloads that stand behind documented names in a drawing; it may leave out some fields."""
    for found in SENT.finditer(piece.text) if "{" in piece.text else ():
        if found["name"] not in words.events:
            continue
        claim = objects.beside(piece, file, found.span("name"), found.end())
        if claim is not None:
            yield from objects.pictured(claim, words)


def names(text: str, words: Vocabulary) -> Iterator[tuple[str, int]]:
    """(name, offset) of the names of several words at such places that are not documented."""
    if not any(sign in text for sign in ("(", "─", "│", "--", "{", "→", "►", "◄")):
        return
    found = [
        (one[group], one.start(group))
        for one in PLACES.finditer(text)
        for group in ("called", "arrow", "entry")
        if one[group]
    ]
    every = {name for name, _ in found}
    known = {name for name in every if words.known(name)}
    if len(known) >= MANY and len(known) * 2 >= len(every):
        for name, offset in found:
            if name not in known and words.resembles(name):
                yield name, offset
