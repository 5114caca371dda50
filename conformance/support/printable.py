"""Text that a terminal and a report can show."""

from __future__ import annotations

import re

UNSEEN = "\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
ANY = re.compile(f"[\x00-\x1f{UNSEEN}]")
ANY_IN_LINES = re.compile(f"[\x00-\x08\x0b-\x1f{UNSEEN}]")


def printable(text: str) -> str:
    """Text from the network, safe for a terminal: control and direction characters are shown as escapes."""
    return ANY.sub(_escape, text)


def printable_lines(text: str) -> str:
    """The same for a text of several lines: its line breaks and tabs stay."""
    return ANY_IN_LINES.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
