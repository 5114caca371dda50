"""What stands inside a piece of Markdown: code, struck text, links and what lies between. Pure.

Asked of the parser only where a piece has any mark-up but code and stars, which most have not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.align import tags
from conformance.align.markdown import Piece, parser

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of a piece that its mark-up sets apart."""

    text: str
    offset: int
    code: bool = False
    struck: bool = False
    link: str = ""


MARKED = re.compile(r"[`~<\[]|__")


RICH = re.compile(r"[~<\[\\&]|``|(?<!\w)_|_(?!\w)")
"""What a line has that asks for more than its code to be told from its text."""


def _codes(text: str) -> Iterator[Span]:
    """The parts of a text that has no mark-up but code and stars."""
    at = 0
    for number, part in enumerate(text.split("`")):
        if part:
            inner = part.strip(" ") if number % 2 and part.strip() else part
            yield Span(text=inner, offset=at + part.index(inner), code=number % 2 == 1)
        at += len(part) + 1


def _html_links(text: str, offset: int) -> Iterator[Span]:
    """Where the links of HTML lead, at the places of their targets."""
    for found in tags.LINK.finditer(text):
        yield Span(text="", offset=offset + found.start("target"), link=found["target"])


def spans(piece: Piece) -> Iterator[Span]:
    """The parts of a piece: code, struck text, links and what lies between."""
    if not MARKED.search(piece.text):
        yield Span(text=piece.text, offset=0)
        return
    if not RICH.search(piece.text) and piece.text.count("`") % 2 == 0:
        yield from _codes(piece.text)
        return
    own = parser()
    tokens: list[Token] = []
    own.inline.parse(piece.text, own, {}, tokens)
    cursor, struck, code, link = 0, 0, False, ""
    for token in tokens:
        match token.type:
            case "s_open":
                struck += 1
            case "s_close":
                struck -= 1
            case "link_open":
                link = str(token.attrs.get("href", ""))
            case "link_close":
                yield Span(text="", offset=cursor, link=link)
                link = ""
            case "image":
                yield Span(text="", offset=cursor, link=str(token.attrs.get("src", "")))
            case "html_inline":
                yield from _html_links(token.content, max(cursor, piece.text.find(token.content, cursor)))
                cursor = max(cursor, piece.text.find(token.content, cursor) + len(token.content))
                struck, code = tags.told(token.content.lower(), struck, code=code)
            case "code_inline" | "text":
                found = piece.text.find(token.content, cursor)
                offset = found if found >= 0 else cursor
                cursor = offset + len(token.content)
                yield Span(
                    text=token.content, offset=offset, code=code or token.type == "code_inline", struck=struck > 0
                )
            case "softbreak" | "hardbreak":
                yield Span(text="\n", offset=cursor)
