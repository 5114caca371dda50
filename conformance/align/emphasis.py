"""Strong emphasis by underscores, written with stars: an underscore is a letter to a pattern of words. Pure."""

from __future__ import annotations

import re

STRONG = re.compile(r"(?P<code>`[^`\n]*`)|(?<![\w_])__(?=[^\s_])(?P<text>[^_`\n]+(?:_[^_`\n]+)*)(?<=\S)__(?![\w_])")


def in_stars(text: str) -> str:
    """A text of the same length in which `__strong__` words outside of code stand between stars."""
    if "__" not in text:
        return text
    return STRONG.sub(lambda found: found["code"] or f"**{found['text']}**", text)
