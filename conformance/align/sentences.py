"""Prose to sentences. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

SENTENCE = re.compile(r"(?:(?<=[.!?])|(?<=[.!?]\*\*)|(?<=[.!?][_\"')]))\s+(?=[A-Z`*✅❌])")


SPEAKS = re.compile(r"(?:This|That|It|These|Both|Please|Use|Change|Replace|Rename)\b")
"""How a sentence begins that speaks of the one before it."""

PRONOUN = re.compile(
    r"[\W_]*(?:(?:it|they|this|that)\s+(?:\w+\s+)?(?:has|have|must|needs?|takes?|requires?|carr(?:y|ies)|contains?|holds?|includes?|wants?|expects?|"
    r"accepts?|comes?|consists?)\b|(?:its|their|the)\s+(?:payload|body|data|fields?|object|message)\s)",
    re.IGNORECASE,
)
"""How a sentence begins that tells more of what the one before it is about."""


@lru_cache(maxsize=64)
def of(text: str) -> tuple[tuple[int, str, str], ...]:
    """(where it begins, the sentence with one after it that speaks of it, the sentence) of each."""
    found: list[tuple[int, str, str]] = []
    parts, begin = SENTENCE.split(text), 0
    for number, part in enumerate(parts):
        begin = text.find(part, begin)
        after = parts[number + 1] if number + 1 < len(parts) else ""
        speaks = f" {after}" if SPEAKS.match(after) else ""
        found.append((begin, part + speaks, part))
        begin += len(part)
    return tuple(found)
