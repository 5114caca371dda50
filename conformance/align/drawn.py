"""Names without colons in drawings: at arrows, in calls, and as entries of trees. Pure.

A word in a drawing may be anything. Where most of the words at such places are documented events, the others are meant
as events as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from conformance.align import loose
from conformance.align.company import MANY
from conformance.align.markdown import Piece
from conformance.align.model import Claim
from conformance.align.shown import schemas
from conformance.align.vocabulary import Vocabulary

_WORDS = r"[a-z][a-z0-9]*(?:[A-Z][A-Za-z0-9]*|[_-][A-Za-z][A-Za-z0-9]*)+"
PLACES = re.compile(
    rf"\b(?:emit|on|once)\(\s*(?P<mark>['\"`])(?P<called>{_WORDS})(?P=mark)"
    rf"|(?:[─━═—-]{{2,}}|[►◄▶◀→←]|[─━═—-][>)])\s*(?:(?:WS|ws|[Ee]mits?|[Ee]vents?|on)\b:?\s*)?(?P<sign>['\"`])(?P<arrow>{_WORDS})(?P=sign)"
    rf"|^[ \t│┃|├└┣┗+*•`─━-]*(?<!\w)(?P<entry>{_WORDS}|[a-z][\w-]*(?::[\w-]+)+)(?=[ \t]*(?:$|[ \t]\{{|[ \t]{{2,}}\w))",
    re.MULTILINE,
)
"""Where an event stands in a drawing: in a call, at an arrow in quotes, or first in a line of a tree."""


SENT = re.compile(rf"(?<![\w.:-])(?P<name>{_WORDS})[ \t]*\(?[ \t]*(?=\{{)")
"""An event of several words and the object that goes with it: `placeBid({ amount })`."""


def payloads(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The payloads that stand behind documented names in a drawing; it may leave out some fields."""
    for found in SENT.finditer(piece.text) if "{" in piece.text else ():
        if found["name"] not in words.events:
            continue
        shown = loose.payload(piece.text, found.end(), partial(piece.span, file))
        if shown is None or not shown[0].fields:
            continue
        claim = Claim(
            kind="event", subject=found["name"], origin="document", how="payload",
            place=piece.span(file, *found.span("name")), payload=replace(shown[0], whole=False),
        )  # fmt: skip
        known = {one for schema in schemas(words.bundle, claim) for one in schema.get("properties", ())}
        # A picture may have a note in braces.
        if sum(field.name in known for field in shown[0].fields) * 2 >= len(shown[0].fields):
            yield claim


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
            if name not in known and (words.spelled_otherwise(name) or words.made_alike(name)):
                yield name, offset
