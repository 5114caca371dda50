"""Paths in texts that are slips of documented ones. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.align import paths
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Place
from conformance.align.vocabulary import Vocabulary

PATH = re.compile(
    r"(?<![\w.:/}\])-])(?P<path>/(?:[\w.:{}$<>*\[\]%-]+/)+[\w.:{}$<>*\[\]%-]+)|(?:https?://[^\s/'\"`]+|\$\{?\w+\}?)(?P<after>/(?:[\w.:{}$<>*\[\]%-]+/?){2,})"
)


SWIFT = re.compile(r"\\\(([^()\s]*)\)")
"""What stands for a value in a string of Swift; written as in others it has the same length."""


def claims(piece: Piece, file: str, words: Vocabulary, known: dict[int, Place] | None = None) -> Iterator[Claim]:
    """Paths without a method that are slips of documented ones; a right one says nothing of a method."""
    calls = list(words.bundle.calls.values())
    text = SWIFT.sub(lambda one: f"${{{one[1]}}}", piece.text)
    for found in PATH.finditer(text) if "/" in text else ():
        path = (found["path"] or found["after"]).rstrip(".:`")
        start = found.start("path") if found["path"] else found.start("after")
        line, column = piece.place(start)
        own = (known or {}).get(line)
        if own and own.column <= column <= max(own.end, own.column):
            continue
        if any(paths.is_slip(path, call.path) for call in calls):
            yield Claim(
                kind="call", subject=path, origin="document", how="path", section=piece.section, refuted=piece.refuted,
                place=Place(file=file, line=line, column=column, end=column + len(path)),
            )  # fmt: skip
