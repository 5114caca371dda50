"""Payloads that clients build before they send them: by `put`, `mapOf`, or under a variable. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from conformance.align import field_types, loose
from conformance.align.loose import Placed
from conformance.align.model import Field, Payload

MADE = re.compile(
    r"(?:new\s+)?JSONObject\(\)|buildJsonObject\b|(?:hash|linked|mutable)?[mM]apOf\s*(?:<[^>\n]*>)?(?=\()"
)
"""What makes an object of nothing, or of pairs."""
DEFINED = r"(?:\b(?:val|var|let|final|const|JSONObject|Map(?:<[^>\n]*>)?|def)\s+|^[ \t]*){}\s*(?::\s*[^=\n]+)?=\s*"
NAME = re.compile(r"[A-Za-z_]\w*(?=\s*[,)\n])")
PUT = re.compile(r"(?<![\w])(?:(?P<of>\w+)\.)?\.?put\(\s*\"(?P<name>\w+)\"\s*,\s*")
PAIR = re.compile(r"\"(?P<name>\w+)\"\s+to\s+")
MOST = 2000
"""Characters between a variable and where it is sent."""


def argument(text: str, at: int, placed: Placed) -> Payload | None:
    """The payload that the argument at an offset is: built there, or above under its name."""
    made = MADE.match(text, at)
    if made is not None:
        end = text.find("\n\n", at, at + MOST)
        return _built(text, made, end if end >= 0 else min(len(text), at + MOST), placed, "")
    name = NAME.match(text, at)
    if name is None:
        return None
    first = max(0, at - MOST)
    pattern = re.compile(DEFINED.format(re.escape(name[0])), re.MULTILINE)
    defined = next(reversed(list(pattern.finditer(text, first, at))), None)
    if defined is None:
        return None
    made = MADE.match(text, defined.end())
    if made is not None:
        return _built(text, made, at, placed, name[0])
    if text[defined.end() : defined.end() + 1] not in ("{", "["):
        return None
    shown = loose.payload(text, defined.end(), placed)
    changed = re.search(rf"\b{re.escape(name[0])}\s*(?:\[|\.\w+\()", text[defined.end() : at])
    return replace(shown[0], whole=False) if shown and changed else shown[0] if shown else None


def _built(text: str, made: re.Match[str], end: int, placed: Placed, name: str) -> Payload | None:
    """The fields that are put into an object up to an offset; one that is put in anywhere else leaves it open."""
    found: list[Field] = []
    pattern = PUT
    if made[0][-5:].endswith("apOf"):
        inside = field_types.enclosed(text, text.find("(", made.end()), ")")
        if inside is None:
            return None
        pattern, end = PAIR, inside[1]
    for one in pattern.finditer(text, made.end(), end):
        if pattern is PUT and one["of"] not in (None, name):
            continue
        last = _value_end(text, one.end(), end)
        raw = text[one.end() : last].strip()
        told = loose.value(one["name"], raw)
        found.append(replace(told, place=placed(one.end(), last)))
    return Payload(fields=tuple(found), whole=pattern is PAIR) if found else None


def _value_end(text: str, at: int, end: int) -> int:
    """Where a value ends: at a comma, or at the bracket that closes what is around it."""
    depth = 0
    while at < end:
        quoted = field_types.STRING.match(text, at) if text[at] in "\"'" else None
        if quoted:
            at = quoted.end()
            continue
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth < 0 or (not depth and text[at] in ",\n"):
            return at
        at += 1
    return at
