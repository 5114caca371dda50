"""Texts of contracts as Markdown: nothing in them becomes markup."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")
_BEGINS = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)


def prose(text: str) -> str:
    """A text in a paragraph: one line, and as it is."""
    line = " ".join(visible(text).split())
    return _BEGINS.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", line)) if not line[:1].isdigit() else _MARKUP.sub(r"\\\1", line)


def code(text: str) -> str:
    """A text as inline code; it is never empty."""
    line = visible(text)
    ticks = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    padded = f" {line} " if line[:1] == "`" or line[-1:] == "`" or not line.strip() else line
    return f"{ticks}{padded}{ticks}"


def cell(text: str) -> str:
    """What is Markdown already as the cell of a table: code has its bars escaped there, prose has them so already."""
    return re.sub(r"(?<!\\)\|", r"\\|", text)


def row(*cells: str) -> str:
    """A row of a table."""
    return "| " + " | ".join(map(cell, cells)) + " |"


def fence(text: str, language: str) -> list[str]:
    """The lines of a fence, which nothing in the text ends."""
    ticks = "`" * max(3, max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    return [f"{ticks}{language}", *text.rstrip("\n").split("\n"), ticks]


def visible(text: str) -> str:
    """A text whose characters can be seen: others by their numbers."""
    return "".join(
        one if one.isprintable() or (one.isspace() and ord(one) < 128) else f"\\u{ord(one):04x}" for one in text
    )
