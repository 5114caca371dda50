"""Text that a terminal and a report can show."""

from __future__ import annotations

import re


def printable(text: str) -> str:
    """Text from the network, safe for a terminal: control and direction characters are shown as escapes."""
    return re.sub(
        "[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text
    )
