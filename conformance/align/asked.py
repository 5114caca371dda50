"""The event that a question asks the receivers of by a word of its name: `Who gets a message?` Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.align.vocabulary import Vocabulary

WHO = re.compile(
    r"\b(?:who(?:\s+else)?|does\s+everyone|does\s+everybody)\s+(?:gets?|sees?|hears?|receives?|is\s+told\s+of)\s+"
    r"(?:an?|the|my|your|each|every|such\s+an?)\s+(?:new\s+)?(?P<noun>[a-z]+)(?=[\s?*_]*(?:\?|when|$))",
    re.IGNORECASE,
)
SPLIT = re.compile(r"[:_-]")


def event(sentence: str, words: Vocabulary) -> str | None:
    """The one event of the shortest name that has the noun of a question, which the server sends; empty where none is.

    None where the sentence is no such question.
    """
    found = WHO.search(sentence)
    if found is None:
        return None
    noun = found["noun"].lower().removesuffix("s")
    named = [
        (len(parts), name)
        for name in words.bundle.events
        if "to-client" in words.ways(name) and noun in (parts := [one.lower() for one in SPLIT.split(name)])
    ]
    least = min(named, default=(0, ""))
    return least[1] if sum(one[0] == least[0] for one in named) == 1 else ""
