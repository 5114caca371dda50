"""What a text remarks on what it has named: that it goes, is called otherwise, is the wrong way round. Pure."""

from __future__ import annotations

import re

_IT = r"(?:it|this|that|them|these|those|the\s+(?:handlers?|listeners?|lines?|calls?|names?|events?|branch))"
_ROUND = r"(?:(?:turned|swapped|drawn|the)\s+(?:round|around|other\s+way(?:\s+(?:round|around))?)|reversed|inverted)"
REMARK = re.compile(
    rf"""["”'’`*_)\]]*(?:[.;:!?]["”'’*_)\]]*\s+|\s+[—–-]\s+)[*_]*(?:please\s+)?(?:
      (?:delete|remove|drop|kill|scrap|erase)\s+{_IT}\b
      | rename\s+(?:{_IT}\s+)?(?:to|into)\b
      | wrong\s*[,.;:!—–]
      | (?:it|this|that|both|they)\s+(?:must|should|ha(?:s|ve)\s+to|needs?\s+to|ought\s+to)\s+(?:point|go|be|run)\s+
        {_ROUND}\b
      | (?:it|this|that|they)\s+belongs?\s+(?:to|in|on|under)\s+the\s+other\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
"""What begins the sentence right behind the one that names something."""
TURNED = re.compile(
    rf"\b(?:must|should|ha(?:s|ve)\s+to|needs?\s+to)\s+be\s+{_ROUND}\b|\bthe\s+wrong\s+(?:way|direction)\b",
    re.IGNORECASE,
)
"""What says within the same sentence that a direction is the wrong one."""
ENDS = re.compile(r"[.;:!?](?=[\"”'’*_)\]]*(?:\s|\Z))|\s[—–-]\s")


def corrects(after: str) -> bool:
    """Whether what follows a name says that it does not stay: `... X. Delete it`, `X. Wrong, it is a colon`."""
    end = ENDS.search(after)
    own = after[: end.start()] if end is not None else after
    return TURNED.search(own) is not None or (end is not None and REMARK.match(after, end.start()) is not None)
