"""Numbers that announce the entries of the list or the table right below them: `There are three rooms:`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from conformance.align import counts, languages
from conformance.align.markdown import Piece
from conformance.align.model import Claim
from conformance.align.vocabulary import Vocabulary

_NUMBER = rf"\d{{1,2}}|{'|'.join(counts.VALUES)}"
_NOUN = (
    rf"{languages.EVENT_WORDS}|broadcasts|rooms|räume|salas|salons|phòng|fields|properties|keys|parameters|felder|champs|campos|trường|"
    r"endpoints|calls|routes|requests|aufrufe"
)
_VERB = (
    r"has|have|knows?|sends?|emits?|hears?|offers?|exposes?|defines?|uses?|takes?|hat|kennt|sendet|có|gồm|tiene|possui"
)
ANNOUNCES = re.compile(
    rf"[*_\s]*(?:(?:there\s+are|these\s+are(?:\s+the)?|(?:the\s+)?following|these|the|we\s+have|es\s+gibt|il\s+y\s+a|hay|có|"
    rf"(?:it|(?:the|an?|die|der|das)\s+(?:\w+\s+)?\w+)\s+(?:{_VERB}))\s+)?"
    rf"(?P<number>{_NUMBER})\s+(?:(?!{languages.EVENT_WORDS}|main|important|common|typical|most|key|more|other|further|of)\w+\s+)?"
    rf"(?P<noun>{_NOUN})[*_\s]*[:：][*_\s]*",
    re.IGNORECASE,
)
"""A sentence that says no more than how many of what follow."""
ENTRY = re.compile(r"[\s*_\[]*`[^`\n]+`(?!\s*(?:[,/&+|]|(?:and|or|und|oder|et|ou|y|o|và|hoặc)\b)\s*[\s*_]*`)")
"""An entry that begins with one name in code."""
UNCOUNTED = re.compile(
    r"\b(?:deprecated|planned|removed|retired|legacy|old|former(?:ly)?|obsolete|coming|soon|later|internal|same\s+as|alias\w*|not\s+counted|"
    r"veraltet|geplant|dự\s+kiến|obsolète|prévu\w*|obsolet\w+)\b|~~",
    re.IGNORECASE,
)
"""What is said of an entry that may not be counted."""
SENTENCE = re.compile(r"(?<=[.!?])\s+")
LONG = 160
"""Characters of such a sentence."""
LEAST = 2


def claims(parts: Sequence[Piece], file: str, _: Vocabulary) -> Iterator[Claim]:
    """The numbers, each with how many entries stand below it, where every entry is one thing."""
    for at, piece in enumerate(parts):
        if piece.kind != "paragraph" or piece.text.rstrip("*_ \n")[-1:] not in (":", "："):
            continue
        last = SENTENCE.split(piece.text)[-1]
        found = ANNOUNCES.fullmatch(last) if len(last) < LONG else None
        if found is None or next(counts.claims(piece, file), None) is not None:
            continue
        written = found["number"].lower()
        number = counts.VALUES[written] if written in counts.VALUES else int(written)
        entries = _below(parts, at + 1)
        if entries < LEAST or number < LEAST:
            continue
        first = len(piece.text) - len(last) + found.start("number")
        yield Claim(
            kind="count", subject=f"{number} {found['noun']}", origin="document", how="entries", entries=entries,
            section=piece.section, refuted=piece.refuted, place=piece.span(file, first, first + len(written)),
        )  # fmt: skip


def _below(parts: Sequence[Piece], at: int) -> int:
    """How many entries the list or the table has that begins at a piece; 0 where one of them is not just one thing."""
    kind = parts[at].kind if at < len(parts) else "paragraph"
    names = list[str]()
    for piece in parts[at:]:
        if piece.kind != kind or kind not in ("item", "cell") or piece.section != parts[at].section:
            break
        if piece.depth > 1 or piece.column:
            continue
        if kind == "cell" and not piece.head:
            if names:
                break  # The heads of another table.
            continue
        if not ENTRY.match(piece.text) or piece.refuted or UNCOUNTED.search(piece.row or piece.text):
            return 0
        names.append(piece.text.split("`")[1])
    return len(names) if len(set(names)) == len(names) else 0
