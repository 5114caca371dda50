"""Prose to sentences. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

SENTENCE = re.compile(r"(?:(?<=[.!?])|(?<=[.!?]\*\*)|(?<=[.!?][_\"')]))\s+(?=[A-Z`*✅❌])")


def of(text: str) -> Iterator[tuple[int, str, str]]:
    """(where it begins, the sentence with one after it that speaks of it, the sentence) of each."""
    parts, begin = SENTENCE.split(text), 0
    for number, part in enumerate(parts):
        begin = text.find(part, begin)
        after = parts[number + 1] if number + 1 < len(parts) else ""
        speaks = (
            f" {after}" if re.match(r"(?:This|That|It|These|Both|Please|Use|Change|Replace|Rename)\b", after) else ""
        )
        yield begin, part + speaks, part
        begin += len(part)
