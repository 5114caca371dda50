"""The cells of tables that are written as HTML in Markdown. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from conformance.align.markdown import Piece
from conformance.align.tags import CODE_TAG, TAG

ROW = re.compile(r"<tr\b[^>]*>(?P<cells>(?:(?!<tr\b|</table).)*)", re.DOTALL | re.IGNORECASE)
CELL = re.compile(r"<(?P<kind>t[hd])\b[^>]*>(?P<text>(?:(?!<t[hd]\b|</t[rhd]\b).)*)", re.DOTALL | re.IGNORECASE)
MOST = 200
"""Rows of a table that are read."""


def cells(piece: Piece) -> Iterator[Piece]:
    """The cells of the rows below a head, as those of a table of Markdown."""
    heads: list[str] = []
    for number, row in enumerate(ROW.finditer(piece.text)):
        found = list(CELL.finditer(piece.text, *row.span("cells")))
        texts = [_plain(one["text"]) for one in found]
        if found and all(one["kind"].lower() == "th" for one in found):
            heads = texts
            continue
        if number > MOST or not heads or len(texts) != len(heads):
            continue
        whole = " | ".join(texts)
        for column, (one, text) in enumerate(zip(found, texts, strict=True)):
            first = one.start("text") + len(one["text"]) - len(one["text"].lstrip())
            lines = (piece.place(first),)
            yield replace(piece, kind="cell", text=text, lines=lines, row=whole, head=heads[column], column=column)


def _plain(html: str) -> str:
    """A cell's text, its code set apart as Markdown does."""
    text = TAG.sub(lambda tag: "`" if CODE_TAG.match(tag[0]) else "", html)
    return re.sub(r"\s+", " ", text).strip()
