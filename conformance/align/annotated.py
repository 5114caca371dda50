"""HTTP calls that annotations declare: Retrofit and its like in Kotlin, Java and Dart, mappings of Spring. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.align.markdown import Piece
from conformance.align.model import Claim, Field, Origin, Payload

CALL = re.compile(
    r"@(?:(?P<verb>GET|POST|PUT|PATCH|DELETE)|(?P<mapped>Get|Post|Put|Patch|Delete)Mapping)"
    r"\(\s*(?:(?:value|path)\s*=\s*)?(['\"])(?P<path>[^'\"\n]*)\3"
)

QUERY = re.compile(r"@(?:Query|RequestParam)\(\s*(?:(?:value|name)\s*=\s*)?(['\"])(?P<name>[A-Za-z]\w*)\1")
"""A parameter of the query that an annotation names."""
MOST = 600
"""Characters of a function behind the annotation of its call."""


def claims(piece: Piece, file: str, *, origin: Origin = "document") -> Iterator[Claim]:
    """The calls of a text; a path that is given to a base begins without a slash."""
    for found in CALL.finditer(piece.text) if "@" in piece.text else ():
        path = found["path"]
        if "/" not in path or "://" in path:
            continue
        place = piece.span(file, *found.span())
        verb = (found["verb"] or found["mapped"]).upper()
        yield Claim(
            kind="call", subject=f"{verb} /{path.lstrip('/')}", origin=origin, how="call", place=place,
            section=piece.section, query=_query(piece, file, found.end()),
        )  # fmt: skip


def _query(piece: Piece, file: str, begin: int) -> Payload | None:
    """The parameters of the function behind an annotation, up to the next one of a call."""
    after = CALL.search(piece.text, begin, begin + MOST)
    asked = QUERY.finditer(piece.text, begin, after.start() if after is not None else begin + MOST)
    fields = tuple(Field(name=one["name"], place=piece.span(file, *one.span("name"))) for one in asked)
    return Payload(fields=fields, whole=False) if fields else None
