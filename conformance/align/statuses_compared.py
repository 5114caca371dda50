"""The statuses with which code compares that of a call's answer: `if (res.status !== 200)`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from conformance.align import paths
from conformance.align.markdown import Piece, line_starts
from conformance.align.model import Claim, Origin
from conformance.align.vocabulary import Vocabulary

ASSIGNED = re.compile(r"\b(?P<name>[A-Za-z_]\w*)(?:\s*:\s*[\w<>.\[\]]+)?\s*=\s*(?:await\s+|yield\s+)?[\w.$<>]+\(\s*$")
"""What stands before the arguments of a call whose answer is kept."""
ABOVE = 2
"""Lines above a path in which its call may begin."""
MOST = 1200
"""Characters behind a call in which its answer is compared."""
STATUS = r"(?:status|statusCode|status_code)"


def claims(
    piece: Piece, calls: Iterable[Claim], file: str, words: Vocabulary, *, origin: Origin = "document"
) -> Iterator[Claim]:  # fmt: skip
    """The statuses that are expected of documented calls, where none of them is documented."""
    text = piece.text
    if "status" not in text:
        return
    starts, first = line_starts(text), piece.lines[0][0]
    for call in calls:
        known = paths.call_of(words.bundle, call.subject) if call.kind == "call" and not call.refuted else None
        number = call.place.line - first
        if known is None or not known.status or not 0 <= number < len(starts):
            continue
        at = starts[number] + call.place.column - piece.lines[number][1]
        name = _kept(text, starts[max(0, number - ABOVE)], at)
        found = list(_compared(name, text, at)) if name else []
        if found and not any(int(one["status"]) in known.status for one in found):
            yield Claim(
                kind="call", subject=known.title, place=piece.span(file, *found[0].span("status")), origin=origin,
                how="payload", section=piece.section, status=int(found[0]["status"]),
            )  # fmt: skip


def _kept(text: str, begin: int, at: int) -> str | None:
    """The variable that is given the answer of the call whose path stands at an offset."""
    opening = max(text.rfind("(", begin, at), begin)
    while opening > begin:
        found = ASSIGNED.search(text, begin, opening + 1)
        if found is not None:
            return found["name"]
        opening = text.rfind("(", begin, opening)
    return None


def _compared(name: str, text: str, at: int) -> Iterator[re.Match[str]]:
    """Where the status of an answer is compared with a good one, up to where its variable is given something else."""
    again = re.compile(rf"(?<![\w.]){re.escape(name)}\s*=[^=]").search(text, at, at + MOST)
    last = again.start() if again is not None else at + MOST
    every = rf"(?<![\w.]){re.escape(name)}\.(?:ok\b|{STATUS}\s*[<>])"
    if re.compile(every).search(text, at, last) is not None:
        return  # Any good answer will do.
    of = rf"(?<![\w.]){re.escape(name)}\.{STATUS}"
    yield from re.compile(
        rf"{of}(?:\s*(?:===?|!==?)\s*|\s*,\s*|\)\.to(?:Be|Equal|StrictEqual)\(\s*)(?P<status>20[0-2])(?!\d)"
    ).finditer(text, at, last)
