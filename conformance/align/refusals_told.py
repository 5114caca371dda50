"""With which status texts say that HTTP calls are refused, and why: in sentences, items, rows and columns. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from conformance.align import answers, labels, moods, needs, paths, quoted_calls, refusals, sentences
from conformance.align.markdown import Piece
from conformance.align.model import Claim
from conformance.align.refusals import Reason
from conformance.align.vocabulary import Vocabulary, fold
from contracts.model import Call

STATUS = re.compile(
    r"(?<![\w.:/#+-])(?P<status>4\d\d)(?![\w:/%+-]|\.\d|\s*(?:ms|s|KB|MB|bytes|characters|messages|users)\b)"
)
FIRST = re.compile(r"[\s*_`]*(?:HTTP\s+)?(?P<status>4\d\d)(?![\w.:/%-])")
"""A status that an item or a cell begins with."""
CELL = re.compile(r"[\s*_`]*(?:HTTP\s+)?(?P<status>4\d\d)(?:\s+[A-Z][\w ]*)?[\s*_`]*")
_BAD = r"(?:no|missing|expired|invalid|bad|absent|malformed|forged)"
_TOKEN = r"(?:access\s+|bearer\s+|auth\w*\s+|jwt\s+)?(?:tokens?|jwt|credentials)"
TOKEN = re.compile(
    rf"\b{_BAD}(?:\s*(?:,|/|\bor\b)\s*(?:an?\s+)?{_BAD})*\s+(?:valid\s+)?{_TOKEN}\b(?!['’]s|\s+(?:role|scope|claim))|"
    rf"\bwithout\s+(?:an?\s+|the\s+|any\s+)?(?:valid\s+|good\s+)?{_TOKEN}\b|"
    rf"\b{_TOKEN}\s+(?:(?:that|which)\s+)?(?:(?:is|was|has)\s+)?(?:missing|expired|invalid|absent|malformed)\b|\bunauthenticated\b|"
    r"\bkein(?:en)?\s+(?:gültige[sn]\s+)?token\b|\bohne\s+(?:gültiges\s+)?token\b|\b(?:thiếu|không\s+có)\s+token\b|"
    r"\btoken\s+hết\s+hạn|\bsans\s+(?:jeton|token)\b|\bs(?:in|em)\s+token\b",
    re.IGNORECASE,
)
ABSENT = re.compile(
    r"\bno\s+such\s+(?P<a>\w+)|(?:\b(?P<b>\w+)\s+)?(?:\b(?:is|was)\s+)?\bnot\s+found\b|"
    r"\b(?P<c>\w+)\s+(?:does\s+not|doesn['’]t)\s+exist\b|\bno\s+(?P<d>\w+)\s+with\s+(?:this|that|the)\s+id\b|"
    r"\bunknown\s+(?P<e>\w*id)\b|\bnicht\s+gefunden\b|\bwenn\s+es\s+\w+\s+\w+\s+nicht\s+gibt\b|\bkhông\s+tìm\s+thấy\b|"
    r"\bkhông\s+tồn\s+tại\b|\bintrouvable\b|\bno\s+existe\b",
    re.IGNORECASE,
)
ANY = frozenset(
    {"id", "resource", "record", "item", "entry", "object", "one", "it", "if", "that", "is", "was", "the", ""}
)
"""Words for what is asked for, whatever it is."""
INVALID = re.compile(
    r"\b(?:invalid|malformed|bad)\s+(?:request\s+)?(?:body|payload|input)\b|\b(?:body|payload|input)\s+(?:is|was)\s+(?:invalid|bad|malformed)\b|"
    r"\bvalidation\s+(?:error|fail\w*)|\bfails?\s+validation\b|\bungültige[rsn]?\s+body\b|"
    r"\b(?:empty|missing|without|no|lacks?|omits?)\s+(?:an?\s+|the\s+)?`(?P<f>\w+)`|`(?P<g>\w+)`\s+(?:is|was)\s+(?:empty|missing)\b",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(
    r"\b(?:sockets?|handshake|connect\w*|upgrade|(?:auth|identity|files?|other|another)\s+(?:service|api)|certificate|role|scope|permission)\b",
    re.IGNORECASE,
)
"""What is refused by others, or for more than one reason."""
DENIED = re.compile(
    r"\b(?:not|never|no|instead\s+of|rather\s+than|kein\w*|nicht|pas|không)\s+(?:an?\s+)?[`*_]*$", re.IGNORECASE
)
GIVES = re.compile(
    r"(?:\A|\b(?:answers?|answered|returns?|returned|responds?|gets?|gives?|yields|is|are|means|with|by|or|mit|avec|con|com|met|"
    r"trả\s+về|nhận|mã|liefert|renvoie|devuelve|code|status|http)|→|->|=>|:|=)[\s*_`(]*(?:an?\s+|the\s+)?(?:HTTP\s+)?(?:status\s+)?(?:code\s+)?[\s*_`(]*$",
    re.IGNORECASE,
)
"""What stands before a status that is an answer."""
TITLE = re.compile(
    r"\b(?:http|errors?|status\w*|refus\w+|wrong|fehler\w*|erreurs?|errores|erros|lỗi|mã)\b", re.IGNORECASE
)
"""A heading of what all calls are refused with."""
OVER_HTTP = re.compile(
    r"\b(?:over|via|by|on)\s+HTTP\b|\bHTTP\s+4\d\d\b|\b(?:every|each|any|all)\s+(?:HTTP\s+)?(?:calls?|requests?|endpoints?)\b",
    re.IGNORECASE,
)
"""What says that all calls are refused so."""
CLAUSE = re.compile(r";|(?:,\s*|\s)(?:and|und|và|et|y|but|aber|while)\s+")
"""What parts one thing that is said from the next."""
LEAST = 2
"""From how many rows on a table tells the reasons of all calls; half of them have to be right for it to be ours."""


def claims(parts: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """The statuses of refusals in a document."""
    table: list[Piece] = []
    for piece in parts:
        if piece.kind == "cell" and (not table or piece.section == table[0].section):
            table.append(piece)
            continue
        yield from _table(table, file, words)
        table = [piece] if piece.kind == "cell" else []
        if piece.kind in ("paragraph", "item") and "4" in piece.text and STATUS.search(piece.text):
            yield from _told(piece, file, words)
    yield from _table(table, file, words)


def _told(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """What an item that begins with a status, or the clauses of a text, say."""
    first = FIRST.match(piece.text) if piece.kind == "item" else None
    if first is not None:
        own = _call((piece.text, piece.lead, *reversed(piece.titles)), words)
        yield from _claim(piece, file, own, first, piece.text[first.end() :], words)
        return
    for begin, _, sentence in sentences.of(piece.text):
        if sentence.rstrip().endswith("?") or moods.THEN.search(sentence) or needs.PLANNED.search(sentence):
            continue
        named = labels.CALL.search(sentence)
        own = _call((sentence,) if named else (piece.text[:begin], piece.lead, *reversed(piece.titles)), words)
        if own is None and not named and OVER_HTTP.search(sentence):
            own = next(iter(words.bundle.calls.values()), None)
        at = begin
        for clause in (*CLAUSE.split(sentence),) if own is not None else ():
            at = piece.text.index(clause, at)
            found = list(STATUS.finditer(piece.text, at, at + len(clause)))
            before = piece.text[at : found[0].start()] if len(found) == 1 else ""
            if len(found) == 1 and GIVES.search(before) and not DENIED.search(before):
                yield from _claim(piece, file, own, found[0], clause, words)


def _table(table: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """The statuses of the rows of a table, of which one column has them, or each column those for a reason."""
    statuses = [cell for cell in table if "4" in cell.text and CELL.fullmatch(cell.text)]
    if not statuses:
        return
    of_none = list[tuple[Piece, re.Match[str], Reason]]()
    for cell in statuses:
        found = CELL.fullmatch(cell.text)
        if found is None:
            continue
        if not answers.HEAD.fullmatch(cell.head.strip("`*_ ")):
            own = _call((cell.row,), words)
            if own is not None:
                yield from _claim(cell, file, own, found, cell.head, words)
            continue
        rest = cell.row.replace(cell.text, " ", 1)
        trail = [text for kind, text in cell.trail if kind not in labels.SKIPPED]
        around = (rest, *trail, *reversed(cell.titles))
        own = _call(around, words)
        if own is not None:
            yield from _claim(cell, file, own, found, rest, words)
        elif TITLE.search(" ".join(cell.titles[-1:])) and not any(map(_is_of_others, around)):
            reason = _reason(rest, None)
            of_none += [(cell, found, reason)] if reason is not None else []
    yield from _of_none(of_none, file, words)


def _of_none(rows: Sequence[tuple[Piece, re.Match[str], Reason]], file: str, words: Vocabulary) -> Iterator[Claim]:
    """The rows of a table of no call alone, where another row has what the contracts say of all calls."""
    meant = [(refusals.of_all(words.bundle, reason), int(found["status"])) for _, found, reason in rows]
    right = sum(one == other for one, other in meant)
    if len(rows) < LEAST or right * 2 < len(rows) or not right:
        return
    for cell, found, reason in rows:
        calls = (
            call for call in words.bundle.calls.values() if refusals.of_call(words.bundle, call, reason) is not None
        )
        own = next(calls, None)
        if own is not None and refusals.of_all(words.bundle, reason) is not None:
            yield _made(cell, file, own, found, reason)


def _call(around: Iterable[str], words: Vocabulary) -> Call | None:
    """The documented call that the nearest text names which names any."""
    subject = answers.called(iter(around), words)
    return paths.call_of(words.bundle, subject) if subject is not None else None


def _claim(
    piece: Piece, file: str, call: Call | None, found: re.Match[str], said: str, words: Vocabulary
) -> Iterator[Claim]:  # fmt: skip
    """What is said of a call by one status and one reason."""
    text = labels.CALL.sub(" ", said)
    if call is None or _is_of_others(text):
        return
    reason = _reason(text, call)
    if reason is not None and refusals.of_call(words.bundle, call, reason) is not None:
        yield _made(piece, file, call, found, reason)


def _is_of_others(text: str) -> bool:
    """Whether a text speaks of what something else refuses, or of sockets."""
    return ELSEWHERE.search(text) is not None or quoted_calls.HOSTS.search(text) is not None


def _reason(text: str, call: Call | None) -> Reason | None:
    """The one reason that a text gives."""
    absent, invalid = ABSENT.search(text), INVALID.search(text)
    found: list[Reason] = ["token"] if TOKEN.search(text) else []
    if absent is not None and (call is None or _is_asked_for(absent, call)):
        found.append("absent")
    if invalid is not None and _is_of_the_body(invalid, call):
        found.append("invalid")
    return found[0] if len(found) == 1 else None


def _is_asked_for(absent: re.Match[str], call: Call) -> bool:
    """Whether what is not there is what the call asks for, by its path."""
    noun = next((word for word in absent.groups() if word), "").lower()
    return noun in ANY or fold(noun).rstrip("s") in fold(call.path)


def _is_of_the_body(invalid: re.Match[str], call: Call | None) -> bool:
    """Whether the field that is missing is one of the body of the call."""
    field = invalid["f"] or invalid["g"]
    known = call.body.document.get("properties", {}) if call is not None and call.body is not None else {}
    return field is None or field in known


def _made(piece: Piece, file: str, call: Call, found: re.Match[str], reason: Reason) -> Claim:
    return Claim(
        kind="call", subject=call.title, origin="document", how="payload", section=piece.section,
        place=piece.span(file, *found.span("status")), refuted=piece.refuted, status=int(found["status"]),
        reason=reason,
    )  # fmt: skip
