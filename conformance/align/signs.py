"""What stands alone below a heading, and what speaks of the fence above it, as patterns."""

from __future__ import annotations

import re

LABEL = re.compile(r"(?:\*\*[^*]+\*\*|__[^_]+__):?(?:\s*\([^()]*\))?")
"""A paragraph or an item that is bold, with a remark in brackets at most: a label of what follows."""
CAPTION = re.compile(
    r"[\W_]*(?:[↑⬆☝]|(?:(?:that|this|these|those)\s+(?:is|are|was|were|shows?|would\s+be)|(?:the\s+)?above|"
    r"seen\s+above|here\s+(?:is|we\s+see)\s+above|"
    r"(?:trên\s+đây|ở\s+trên|đó|đây)\s+là|das\s+(?:ist|war)|c['’]est|esto\s+es|isto\s+é|questo\s+è|dat\s+is)\b)",
    re.IGNORECASE,
)
"""What begins a paragraph that speaks of the fence right above it."""
SIGN = re.compile(
    r"[\W_]*(?:(?:method|endpoint|url|path|event|route|call|sự\s+kiện)[*_`]*\s*:[\s*_`]*)?(?:(?:GET|POST|PUT|"
    r"PATCH|DELETE)[`*_\s]+\S+|[a-z][\w-]*(?::[\w-]+)+)[`*_\s.]*",
    re.IGNORECASE,
)
"""A call or an event that stands alone."""
