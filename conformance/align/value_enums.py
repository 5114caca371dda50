"""Enumerations in the code of a guide whose values are those of a documented field. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.align import field_types
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Field, Payload
from conformance.align.vocabulary import Vocabulary, fold

HEAD = re.compile(
    r"^[ \t]*(?:export\s+|public\s+|declare\s+)*(?:const\s+)?(?:"
    r"enum\s+(?:class\s+)?(?P<enum>\w+)[^{\n]*(?=\{)"
    r"|class\s+(?P<python>\w+)\((?:str\s*,\s*)?(?:enum\.)?(?:Str)?Enum\):[ \t]*(?=\n)"
    r"|type\s+(?P<type>\w+)\s*=\s*(?=[|\s]*['\"])"
    r"|(?:const|final|val|let)?\s*(?P<list>\w+)\s*(?::[^=\n]+)?=\s*(?:\w+\.freeze\(|listOf|setOf|new\s+Set\()?\s*(?=[\[(]\s*['\"]))",
    re.MULTILINE,
)
"""What begins an enumeration, a union of texts, or a constant list of them."""
UNION = re.compile(r"[|\s]*(?:['\"][\w-]+['\"]\s*\|?\s*)+")
VALUE = re.compile(r"(?<=['\"])[A-Za-z][\w-]*(?=['\"])")
BARE = re.compile(r"(?<![\w.(])(?!case\b)[a-z]\w*(?=\s*(?:[,;}\n]|\Z))")
"""A value without a text of its own: `admin,`."""
OTHER = frozenset({"unknown", "none", "default", "other", "all", "any", "unspecified", "undefined", "null"})
"""Values with which a client says that it has none of them."""
SURE, FEW = 4, 2
"""Values from which on a list is of a field that nothing names, where nearly all of them are; and of one that is."""


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The values of the enumerations of a fence, of which most are those of one field."""
    if piece.refuted or not words.has_values(piece.text):
        return
    for head in HEAD.finditer(piece.text):
        name = next(group for group in head.groups() if group)
        span = _body(piece.text, head)
        if span is None:
            continue
        found = list(VALUE.finditer(piece.text, *span))
        bare = list(BARE.finditer(piece.text, *span)) if head["enum"] else []
        values = sorted((one for one in (*found, *bare) if one[0].lower() not in OTHER), key=re.Match.start)
        shown = [one[0] if one in found else words.value_of(one[0]) for one in values]
        field = _field(name, shown, words)
        if field is None:
            continue
        subject = next(iter(words.choices[field]))
        for one, value in zip(values, shown, strict=True):
            place = piece.span(file, one.start(), one.end())
            made = Payload(fields=(Field(name=field, place=place, shape="string", value=value),), whole=False)
            yield Claim(
                kind="call" if " " in subject else "event", subject=subject, place=place, origin="document",
                how="values", section=piece.section, payload=made,
            )  # fmt: skip


def _body(text: str, head: re.Match[str]) -> tuple[int, int] | None:
    if head["python"]:
        return field_types.indented(text, head.end())
    if head["type"]:
        union = UNION.match(text, head.end())
        return union.span() if union else None
    end = {"{": "}", "[": "]", "(": ")"}.get(text[head.end() : head.end() + 1], "")
    return field_types.enclosed(text, head.end(), end)


def _field(name: str, values: list[str], words: Vocabulary) -> str | None:
    """The field of which an enumeration has the values: one that it is named after, or plainly.

    Of several with the same values it is the first of the contracts.
    """
    small = fold(name)
    fitting = dict[str, frozenset[str]]()
    for field, owners in words.choices.items():
        every = set(owners.values())
        allowed = next(iter(every))
        right = sum(value in allowed for value in values)
        named = fold(field) in small or small.rstrip("s").endswith(fold(field)[-6:])
        if len(every) != 1 or right * 2 < len(values) or right < FEW:
            continue
        if (named and right * 2 > len(values)) or (right >= SURE and right * 5 >= len(values) * 4):
            fitting[field] = allowed
    return next(iter(fitting)) if len(set(fitting.values())) == 1 else None
