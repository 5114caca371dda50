"""JSON Schemas in fences, in JSON or YAML, by what a label, their title or their id says that they are. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.align import labels, specified
from conformance.align.markdown import Piece
from conformance.align.model import Claim
from conformance.align.shown import known_fields
from conformance.align.vocabulary import Vocabulary

PROPERTIES = re.compile(r"(?:^|[{,])[ \t{]*[\"']?properties[\"']?\s*:", re.MULTILINE)
TYPED = re.compile(r"[\"']?type[\"']?\s*:\s*[\"']?object\b|[\"']?\$schema[\"']?\s*:")
NAMES = ("title", "$id", "$comment", "description")
"""Members of a schema that may name its event."""


def is_one(text: str) -> bool:
    """Whether a text is a schema of an object, and no payload."""
    return "properties" in text and PROPERTIES.search(text) is not None and TYPED.search(text) is not None


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The fields that a schema declares; what cannot be read as one claims nothing."""
    line, column = piece.lines[0]
    try:
        root = specified.composed(piece.text, line, "JSON Schema")
    except specified.Unreadable:
        return
    own = next((one for name in NAMES if (at := root.get(name)) and (one := labels.one(at.text, words))), None)
    own = own or labels.subject(piece, words)
    spot = specified.Spot(file=file, line=line, column=column, section=piece.section)
    shown = specified.payload_of(spot.place, root)
    if own is None or shown is None or not shown.fields:
        return
    claim = Claim(
        kind=own.kind, subject=own.name, place=shown.fields[0].place, origin="document", how="payload",
        direction=own.direction, others=own.others, payload=shown, section=piece.section, refuted=piece.refuted,
    )  # fmt: skip
    known = known_fields(words.bundle, claim)
    if sum(field.name in known for field in shown.fields) * 2 >= len(shown.fields):
        yield claim
