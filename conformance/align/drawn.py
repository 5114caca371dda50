"""Names without colons in drawings: at arrows, in calls, and as entries of trees. Pure.

A word in a drawing may be anything. Where most of the words at such places are documented events, the others are meant
as events as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.align.company import MANY
from conformance.align.vocabulary import Vocabulary

_WORDS = r"[a-z][a-z0-9]*(?:[A-Z][A-Za-z0-9]*|[_-][A-Za-z][A-Za-z0-9]*)+"
PLACES = re.compile(
    rf"\b(?:emit|on|once)\(\s*(?P<mark>['\"`])(?P<called>{_WORDS})(?P=mark)"
    rf"|(?:[─━═—-]{{2,}}|[►◄▶◀→←]|[─━═—-][>)])\s*(?:(?:WS|ws|[Ee]mits?|[Ee]vents?|on)\b:?\s*)?(?P<sign>['\"`])(?P<arrow>{_WORDS})(?P=sign)"
    rf"|^[ \t│┃|├└┣┗+*•`─━-]*(?<!\w)(?P<entry>{_WORDS})(?=[ \t]*(?:$|[ \t]\{{|[ \t]{{2,}}\w))",
    re.MULTILINE,
)
"""Where an event stands in a drawing: in a call, at an arrow in quotes, or first in a line of a tree."""


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
