"""What a document says that HTTP calls answer: statuses in prose and tables, and answers below requests. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise

from conformance.align import labels, loose, moods, paths, sentences
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Payload, Place
from conformance.align.vocabulary import Vocabulary

_GIVES = (
    r"answers?|answered|returns?|returned|responds?|replies|gets?|gives?|yields|expect(?:s|ed)?|results?|kết\s+quả|"
    r"status(?:\s+codes?)?|http(?:/\d(?:\.\d)?)?|responses?|reply|success|codes?|"
    r"trả(?:\s+về|\s+lời)?|phản\s+hồi|nhận(?:\s+được|\s+về)?|mã(?:\s+trạng\s+thái|\s+thành\s+công)?|antwortet|"
    r"liefert|renvoie|retourne|répond|devuelve|responde|"
    r"retorna|restituisce|risponde|geeft|antwoordt|zwraca|mengembalikan"
)
STATUS = re.compile(
    rf"(?:\b(?:{_GIVES})\b|→|->|=>|➜)[\s*_:(=]*(?:(?:with|by|is|are|an?|the|code|status|http|mit|avec|con|com|"
    rf"met|mã|là|:)[\s*_:(=]+){{0,4}}`?(?P<given>2\d\d)\b(?!\s*[-–:.]?\d)"
    r"|(?<![\w.-])(?P<named>2\d\d)`?\s+(?:OK|Created|Accepted|No\s+Content)\b",
    re.IGNORECASE,
)
"""A status of what went well: `answers 201`, `201 Created`."""
WELL = re.compile(r"2\d\d")
OTHER_UNIT = re.compile(
    r"`?\**\s*(?:ms|milli|s\b|sec|min|%|KB|MB|bytes?|chars?|characters?|messages?|items?|users?|clients?|times|"
    r"giây|phút|ký\s+tự|tin)",
    re.IGNORECASE,
)
"""What follows a number that is no status."""
HEAD = re.compile(
    r"(?:http\s+|success\s+|response\s+)?(?:status|code|answers?|success|returns?|response)(?:\s+code)?s?|"
    r"expected(?:\s+(?:result|status|response))?|"
    r"mã(?:\s+(?:thành\s+công|trạng\s+thái|trả\s+về|http))?|trạng\s+thái|kết\s+quả(?:\s+mong\s+đợi)?|mong\s+đợi|"
    r"antwort|réponse|respuesta|resposta|risposta",
    re.IGNORECASE,
)
"""The head of a column of statuses."""
CELL = re.compile(r"[\W_]*(?P<status>2\d\d)\b(?!\s*(?:ms|s\b|%))")
REPLY = re.compile(
    r"^[ \t]*(?:(?:#|//|→|->|=>|<|←)[ \t]*)*(?:HTTP/[\d.]+[ \t]+)?(?:(?P<status>[1-5]\d\d)\b[^\n{]*)?(?P<body>\{)?",
    re.MULTILINE,
)
"""What stands below a request: its status, or the object that it answers."""
MARKED = re.compile(r"^[ \t]*(?:#|//|→|->|=>|<|←|HTTP/|\{)", re.MULTILINE)
FAILS = re.compile(
    r"\b(?:[45]\d\d|invalid|bad|wrong|empty|missing|without|refus\w*|reject\w*|fails?|unless|sai|thiếu|"
    r"không\s+hợp\s+lệ|rỗng)\b",
    re.IGNORECASE,
)
"""What says that a call is not answered as it is when all is well."""
LAST = 4000
"""Characters below a request in which its answer stands."""

FIRST = re.compile(
    r"[\s*_`]*(?:HTTP\s+)?(?P<status>2\d\d)(?:\s+(?:OK|Created|Accepted|No\s+Content))?[*_`]*\s*[:–—→-]+\s+(?!\d)"
)
"""A status that an item begins with, and what it means behind it."""


def statuses(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The statuses that prose, a cell or a heading gives to the one call that it names, or that stands above it."""
    if "2" not in piece.text or piece.kind not in ("paragraph", "item", "cell", "heading"):
        return
    if piece.kind == "cell":
        found = CELL.match(piece.text)
        if found and HEAD.fullmatch(piece.head.strip("`*_ ")):
            own = called((piece.row, *reversed(piece.titles)), words)
            if own is not None:
                yield claim(piece, file, own, found)
        return
    if not WELL.search(piece.text):
        return
    first = FIRST.match(piece.text) if piece.kind == "item" else None
    if first is not None and not labels.CALL.search(piece.text):
        own = called((piece.lead, *reversed(piece.titles)), words)
        if own is not None:
            yield claim(piece, file, own, first)
        return
    text = piece.text.replace("__", "**")  # An underscore is a letter to a pattern of words.
    for begin, _, sentence in sentences.of(text):
        found = STATUS.search(text, begin, begin + len(sentence)) if WELL.search(sentence) else None
        if found is None or OTHER_UNIT.match(piece.text, found.end()) or sentence.rstrip().endswith("?"):
            continue
        named = list(labels.CALL.finditer(sentence))
        before = [one for one in named if begin + one.start() < found.start()]
        around = () if piece.kind == "heading" else (text for kind, text in piece.trail if kind not in labels.SKIPPED)
        own = called([sentence] if named else [piece.text[:begin], *around, *reversed(piece.titles)], words)
        if own is not None and (before or not named) and not moods.THEN.search(sentence):
            yield claim(piece, file, own, found)


BEHIND = re.compile(
    r"[\W_]*(?:(?:the|its|expected|successful|sample|example)\s+)*(?:http\s+)?(?:responses?|answers?|reply|returns?|result|"
    r"antwort|réponse|respuesta|resposta|risposta|phản\s+hồi|kết\s+quả|trả\s+về)\b[^.\n]{0,24}?(?<![\w.-])"
    r"(?P<status>2\d\d)(?![\w-])",
    re.IGNORECASE,
)
"""The label of an answer that stands below its request: `Response `201 Created`:`."""
LABEL = 60
"""Characters of such a label."""


def behind(parts: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """The statuses of labels below a fence that makes one documented call, in its section."""
    request: Piece | None = None
    for before, piece in pairwise(parts):
        if before.kind == "fence" and labels.CALL.search(before.text):
            request = before
        if request is None or piece.kind not in ("paragraph", "item", "heading") or len(piece.text) > LABEL:
            continue
        if before is not request and (piece.kind == "heading" or piece.section != request.section):
            continue
        found = BEHIND.match(piece.text)
        own = called((request.text,), words) if found is not None else None
        if found is not None and own is not None and not labels.CALL.search(piece.text):
            yield claim(piece, file, own, found)


def called(texts: Sequence[str] | Iterator[str], words: Vocabulary) -> str | None:
    """The one documented call that the first text names that names any."""
    for text in texts:
        found = {f"{one['method']} {one['path'].rstrip('.:`')}" for one in labels.CALL.finditer(text)}
        documented = [title for title in found if paths.call_of(words.bundle, title)]
        if documented:
            return documented[0] if len(documented) == len(found) == 1 else None
    return None


def claim(piece: Piece, file: str, subject: str, found: re.Match[str]) -> Claim:
    """The status that a match tells of a call."""
    group = next(name for name in found.re.groupindex if found[name])
    line, column = piece.place(found.start(group))
    place = Place(file=file, line=line, column=column, end=column + len(found[group]))
    return Claim(
        kind="call", subject=subject, place=place, origin="document", how="payload", section=piece.section,
        refuted=piece.refuted, status=int(found[group]),
    )  # fmt: skip


def below(piece: Piece, file: str, requests: Sequence[tuple[Claim, tuple[int, int]]]) -> Iterator[Claim]:
    """The statuses and the objects that stand in a fence below each of its requests.

    Args:
        requests: each with its offsets, those of its body included.
    """
    placed = partial(piece.span, file)

    begins = [begin for _, (begin, _) in requests[1:]] + [len(piece.text)]
    for (request, (_, end)), begin in zip(requests, begins, strict=False):
        last = min(begin, end + LAST)
        status: int | None = None
        shown: tuple[Payload, int] | None = None
        at: Place | None = None
        for found in REPLY.finditer(piece.text, end, last):
            if not MARKED.match(piece.text, found.start()):
                continue
            if found["status"] and status is None:
                status, at = int(found["status"]), placed(found.start("status"), found.end("status"))
            if found["body"]:
                shown = loose.payload(piece.text[:last], found.start("body"), placed)
                at = at or placed(found.start("body"), found.end("body"))
                break
        if at is not None and (status is None or 200 <= status < 300):
            yield Claim(
                kind="call", subject=request.subject, place=at, origin="document", how="payload", section=piece.section,
                refuted=piece.refuted, status=status, answer=shown[0] if shown and shown[0].fields else None,
            )  # fmt: skip
