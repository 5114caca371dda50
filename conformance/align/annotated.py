"""HTTP calls that annotations declare: Retrofit and its like in Kotlin, Java and Dart, mappings of Spring. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.align.markdown import Piece
from conformance.align.model import Claim, Origin

CALL = re.compile(
    r"@(?:(?P<verb>GET|POST|PUT|PATCH|DELETE)|(?P<mapped>Get|Post|Put|Patch|Delete)Mapping)"
    r"\(\s*(?:(?:value|path)\s*=\s*)?(['\"])(?P<path>[^'\"\n]*)\3"
)


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
            section=piece.section,
        )  # fmt: skip
