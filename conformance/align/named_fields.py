"""Payloads that are told by the names of their fields alone: in an object, a cell, or a line behind `Payload:`. Pure.

Such a text says what is in a payload. That nothing else is, it says only where it marks what may be left out, or where
the payloads beside it are told in full.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from conformance.align import labels, languages, loose, sentences, stance
from conformance.align.company import List
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Field, Payload, Place
from conformance.align.shown import known_fields, schemas
from conformance.align.vocabulary import Vocabulary

HEAD = re.compile(
    rf"\W*(?:keys?|members?|payload|fields?|data|body|args?|arguments?|params?|parameters?|dữ\s+liệu|nội\s+dung|tham\s+số|"
    rf"daten|données|datos|dados|{languages.FIELD})\W*",
    re.IGNORECASE,
)
"""The head of a column of payloads."""
NAMES = re.compile(r"\s*`?[A-Za-z]\w*\??`?(?:\s*,\s*`?[A-Za-z]\w*\??`?)*\s*|\s*\{\s*\w+\??(?:\s*,\s*\w+\??)*\s*\}\s*")
NAME = re.compile(r"(?P<name>[A-Za-z]\w*)(?P<optional>\?)?")
LABELLED = re.compile(
    rf"[\W_]*(?:\w+\s+)?(?:payload|fields?|data|{languages.FIELD})[*_]*:[*_]*\s+(?P<fields>`\w+\??`[^.;\n]*)\.?\s*",
    re.IGNORECASE,
)
"""A line that lists the fields of what the heading names."""
BRACKETED = re.compile(
    r"[\W_]*`(?P<event>[^`\n]+)`[*_]*\s+\((?P<fields>[A-Za-z]\w*\??(?:\s*,\s*[A-Za-z]\w*\??)+)\)(?!\w)"
)
"""An event at the beginning of an entry with the names of its fields in brackets: ``take` (room, pen)`."""
LISTED = re.compile(r"`(?P<name>[A-Za-z]\w*)(?P<optional>\?)?`(?:\s*\((?P<inside>[^)]*)\))?")
BETWEEN = re.compile(
    r"[\s,*_&]*(?:\b(?:and|und|et|y|e|en|i|dan|và)\b[\s*_]*)?(?:(?:the|an?|its|their)\s+(?:[a-z]+\s+)?(?=`))?"
)
BEHIND = re.compile(
    rf"\b(?:with|has|have|carries|contains|needs|fields?|có|gồm|chứa|kèm(?:\s+theo)?|với|mang|{languages.FIELD})\s+(?:(?:the|a|"
    rf"an)\s+)?(?=`[A-Za-z]\w*\??`(?:\s*,|\s+and\s+(?:(?:an?|the|its)\s+)?`))",
    re.IGNORECASE,
)
"""What stands before the fields in a sentence that names an event."""
TWO = re.compile(r"`\s+(?:and|und|et|y|e|en|i|dan|và)\s+(?:(?:an?|the|its)\s+)?`")
MAY = re.compile(r"\bMAY\s+(?:have|be|contain|include)\s+(?=`)")
"""What stands before fields that may be left out, as standards have it."""
INSIDE = re.compile(r"\((?:payload|data|args?|arguments?|body|fields?)\s*:\s*(?=`)", re.IGNORECASE)
"""What stands before fields in brackets behind their event."""
OPTIONAL = re.compile(rf"`(?P<name>[A-Za-z]\w*)`\s+(?:{languages.IS_OPTIONAL})", re.IGNORECASE)
OWN = re.compile(r"[a-z]+[A-Z_]\w*")
"""A name that nobody writes but for a field's."""
LEAST = 2
"""From how many payloads on that are told in full others beside them are taken to be."""


@dataclass(slots=True)
class Told:
    """The payloads of a document that names tell, by the list or the column that they stand in."""

    claims: dict[List, list[Claim]] = field(default_factory=lambda: defaultdict(list))

    def completed(self, words: Vocabulary) -> Iterator[Claim]:
        """All of them; those beside which most are told in full say that nothing else is in theirs."""
        for some in self.claims.values():
            full = [_missing(claim, words) == set() for claim in some]
            in_full = sum(full) >= LEAST and sum(full) >= LEAST * (len(full) - sum(full))
            for claim in some:
                payload = claim.payload
                yield replace(claim, payload=replace(payload, whole=True)) if in_full and payload else claim


def _missing(claim: Claim, words: Vocabulary) -> set[str] | None:
    """The required fields that a payload has not, by the schema that it fits best; None where it has no schema."""
    there = {one.name for one in claim.payload.fields} if claim.payload else set[str]()
    missing = [set(schema.get("required", ())) - there for schema in schemas(words.bundle, claim)]
    return min(missing, key=len) if missing else None


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The payload of a cell of names, or of a line behind `Payload:`."""
    if piece.kind == "cell" and HEAD.fullmatch(piece.head) and NAMES.fullmatch(piece.text):
        own = labels.of_row(piece.row, words)
        if own is not None and own.kind == "event" and own.name in words.events:
            yield from _claim(piece, file, own, [*NAME.finditer(piece.text)], words)
    elif piece.kind in ("item", "cell") and (found := BRACKETED.match(piece.text)) and found["event"] in words.events:
        own = labels.Subject(kind="event", name=found["event"])
        yield from _claim(piece, file, own, [*NAME.finditer(piece.text, *found.span("fields"))], words)
    elif piece.kind in ("item", "paragraph") and (found := LABELLED.fullmatch(piece.text)):
        names = list(LISTED.finditer(piece.text, found.start("fields")))
        own = labels.subject(replace(piece, trail=()), words)
        if own is not None and own.kind == "event" and own.name in words.events and _only(piece.text, names):
            yield from _claim(piece, file, own, names, words)


def of_sentences(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The fields that a sentence names behind its event: "`x` comes with `a`, `b` and `c`"."""
    if piece.kind not in ("paragraph", "item", "cell"):
        return
    inside = INSIDE.search(piece.text)
    if inside is not None and len(named := labels.events(piece.text, words)) == 1 and named[0] in words.events:
        own = labels.Subject(kind="event", name=named[0])
        yield from _claim(piece, file, own, run(piece.text, inside.end()), words)
    if "`," not in piece.text and not TWO.search(piece.text):
        return
    before = ""
    for begin, _, sentence in sentences.of(piece.text):
        found, above = _behind(sentence, words), before
        before = sentence
        if found is None:
            continue
        there = labels.events(sentence[: found.start()], words)
        told = labels.events(above, words) if sentences.PRONOUN.match(sentence) else []
        named = there or (told if len(told) == 1 else labels.events(piece.text, words))
        if len(named) != 1 or named[0] not in words.events or len(labels.events(sentence, words)) > 1:
            continue
        names = run(piece.text, begin + found.end())
        own = labels.Subject(kind="event", name=named[0])
        for claim in _claim(piece, file, own, names, words):
            known = known_fields(words.bundle, claim)
            if sum(one["name"] in known for one in names) * 2 >= max(len(names), LEAST):
                yield replace(claim, direction=None if there else stance.at(above, max(above.find(own.name), 0)))
        may = MAY.search(sentence, found.end())
        for one in run(piece.text, begin + may.end()) if may else ():
            field = replace(field_named(piece, file, one), optional=True)
            yield Claim(
                kind="event", subject=own.name, origin="document", how="payload", section=piece.section,
                place=field.place, refuted=piece.refuted, payload=Payload(fields=(field,), whole=False),
            )  # fmt: skip


def _behind(sentence: str, words: Vocabulary) -> re.Match[str] | None:
    """Where the fields of a sentence begin: `answered with `x`, which has `a` and `b`` has those of `x`."""
    for found in BEHIND.finditer(sentence):
        first = LISTED.match(sentence, found.end())
        if first is not None and first["name"] not in words.events:
            return found
    return None


def run(text: str, begin: int) -> list[re.Match[str]]:
    """The names that stand one behind the other from an offset on."""
    names: list[re.Match[str]] = []
    while (one := LISTED.match(text, begin)) is not None:
        names.append(one)
        gap = BETWEEN.match(text, one.end())
        begin = gap.end() if gap else one.end()
        if begin == one.end():
            break
    return names


def _only(text: str, names: Sequence[re.Match[str]]) -> bool:
    """Whether nothing but commas stands between names, and nothing behind the last."""
    gaps = [text[one.end() : two.start()] for one, two in pairwise(names)]
    return all(BETWEEN.fullmatch(gap) for gap in gaps) and not re.search(r"\w", text[names[-1].end() :])


def _claim(
    piece: Piece, file: str, own: labels.Subject, names: Sequence[re.Match[str]], words: Vocabulary
) -> Iterator[Claim]:  # fmt: skip
    if not names:
        return
    fields = tuple(field_named(piece, file, one) for one in names)
    claim = Claim(
        kind="event", subject=own.name, origin="document", how="payload", section=piece.section,
        place=fields[0].place, refuted=piece.refuted, direction=own.direction or piece.direction,
        payload=Payload(fields=fields, whole=any(one["optional"] for one in names)),
    )  # fmt: skip
    known = known_fields(words.bundle, claim)
    if any(name.isdecimal() for name in known):
        return  # Its arguments are told by their places: a text may call them as it likes.
    there = [one["name"] for one in names]
    if any(name in known for name in there) or all(OWN.fullmatch(name) for name in there):
        yield claim


def field_named(piece: Piece, file: str, found: re.Match[str]) -> Field:
    """The field that is named, with its type where that stands behind it."""
    kind = re.split(r"[,;]", found["inside"] or "")[0].strip() if "inside" in found.re.groupindex else ""
    told = loose.value(found["name"], kind) if kind in loose.TYPES else Field(name=found["name"], place=_NOWHERE)
    return replace(told, place=piece.span(file, *found.span("name")), placeholder=True)


_NOWHERE = Place(file="", line=1, column=1)


def optional(piece: Piece, file: str, shown: Mapping[int, Claim]) -> Iterator[Claim]:
    """What a text says to be optional behind a payload: "`accuracy` is optional".

    Args:
        shown: the payloads of the piece, by the offset behind each.
    """
    for found in OPTIONAL.finditer(piece.text) if shown else ():
        before = [claim for offset, claim in shown.items() if offset <= found.start()]
        if before and before[-1].payload and found["name"] in {one.name for one in before[-1].payload.fields}:
            place = piece.span(file, *found.span("name"))
            only = Field(name=found["name"], place=place, placeholder=True, optional=True)
            yield replace(before[-1], place=place, payload=Payload(fields=(only,), whole=False))
