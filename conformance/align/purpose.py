"""Requests that are wrong on purpose: what their texts say of them, and of what comes back. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from conformance.align import english, http, languages, moods, paths
from conformance.align.markdown import Piece
from conformance.align.model import Payload, Place
from conformance.align.vocabulary import Vocabulary

AROUND = 160
"""Characters beside a request that are asked what they say of it."""
ON_PURPOSE = re.compile(
    r"\b(?:on\s+purpose|deliberately|intentional(?:ly)?|purposely|wrong\s+here|too\s+(?:much|many|long|big|large|high|far)|"
    r"cố\s+(?:ý|tình)|absichtlich|exprès|a\s+propósito|di\s+proposito|de\s+propósito|expres|celowo)\b",
    re.IGNORECASE,
)
"""What says that a request is wrong and is meant to be."""
ANSWERED = re.compile(
    r"[\W_]*(?:(?:you|this|it|that|both|the\s+(?:server|service|call|answer|request))\s+)?"
    r"(?:(?:should|will|must|would|now|have\s+to)\s+)?(?:gets?|see|is|shows?|prints?|answers?|returns?|gives?|fails?|responds?|ends?|comes?\s+back)\s+"
    r"(?:back\s+)?(?:with\s+|in\s+)?(?:an?\s+|the\s+)?(?:code\s+|error\s+)?[`*]*(?:4(?:00|13|22)\b|INVALID|VALIDATION|BAD_REQUEST|"
    r"error\b|refused|rejected)",
    re.IGNORECASE,
)
"""What the sentence right below a request says of its answer, where it was wrong."""
OF_ANY = re.compile(
    r"\b(?:unknown|unsupported|undocumented|unrecogni[sz]ed|other|extra|additional|arbitrary)\s+(?:query\s+)?(?:param|key|field|arg)|"
    r"\bunbekannte\s+\w*parameter|\btham\s+số\s+(?:lạ|khác)",
    re.IGNORECASE,
)
"""What says that a request has a parameter that nobody knows."""
CAPS = re.compile(
    r"\b(?:caps|clamps|cuts|trims|limits|lowers|ignores|refuses|rejects)\s+(?:it|this|that|them|such)\b|\bis\s+an\s+error\b|"
    r"\bis\s+(?:capped|clamped|cut|refused|rejected|ignored)\b",
    re.IGNORECASE,
)
"""What is said to be done to a request that asks for too much."""
CUT = re.compile(
    r"\b(?:cut|capped|clamped|truncated|trimmed|reduced|limited|shortened|lowered|page|back|cắt|giảm)\s+(?:\w+\s+)?(?:to|at|of|còn|về)\s+"
    r"(?P<a>\d+)|\b(?:not|never|no)\s+(?:\w+\s+)?(?:above|over|more\s+than|beyond)\s+(?P<b>\d+)|"
    r"\b(?:at\s+most|up\s+to|maximum(?:\s+(?:of|is))?|only|tối\s+đa|höchstens|au\s+plus|como\s+máximo)\s+(?P<c>\d+)",
    re.IGNORECASE,
)
"""How less than was asked for is said to come."""
WAS = re.compile(
    r"\b(?:was|were|had\s+been)\s+(?:also\s+|once\s+|still\s+|wrongly\s+)?(?:accepted|allowed|supported|possible|tolerated|used|"
    r"answered|removed|dropped)\b|\bused\s+to\s+(?:be|work|accept)\b|\b(?:từng|đã\s+từng)\b",
    re.IGNORECASE,
)
"""What is said of a call that was there before."""
CALLED_AND_FAILED = re.compile(
    r"[`*_'\")]*,?\s*(?:and|but)\s+(?:(?:I|we|you|they|it)\s+)?(?:always\s+|only\s+)?(?:gets?|got|see|saw|receive[sd]?|answered|answers)\s+"
    r"(?:back\s+)?(?:an?\s+)?[`*]*40[45]\b",
    re.IGNORECASE,
)
"""What follows a call that is not there: `I called X and got 404`."""


def asks_too_much(text: str, asked: Iterable[object]) -> bool:
    """Whether what stands around a request says that it is wrong on purpose, or that less comes than it asks for."""
    if ON_PURPOSE.search(text) or re.search(r"(?:\bor|→|->|=>|\|)\s*[`*]*4(?:00|22)\b", text):
        return True
    if CAPS.search(text):
        return True
    most = max((one for one in asked if isinstance(one, int)), default=0)
    return any(int(one["a"] or one["b"] or one["c"]) < most for one in CUT.finditer(text))


def is_of_any(text: str) -> bool:
    """Whether a text speaks of parameters that are not documented, whichever they are."""
    return OF_ANY.search(text) is not None


def fails(text: str, offset: int) -> bool:
    """Whether what follows a call says that it is quoted because it is not there."""
    return english.FAILS.match(text, offset) is not None or CALLED_AND_FAILED.match(text, offset) is not None


def is_quoted(piece: Piece, words: Vocabulary, old: frozenset[str], subject: str, offset: int, sentence: str) -> bool:
    """Whether a call is quoted because it is not there, or its method because it was there before.

    Args:
        old: the headings of versions that have a later one.
        offset: where the path begins.
    """
    method, _, path = subject.partition(" ")
    if fails(piece.text, offset + len(path)):
        return True
    if not paths.is_documented(words.bundle, subject) and (
        moods.THEN.search(sentence) or any(languages.INTENDED.search(cell) for cell in piece.row.split("|"))
    ):
        return True
    if old.isdisjoint(piece.section) and WAS.search(sentence) is None:
        return False
    fitting = paths.fitting(words.bundle, path)
    return bool(fitting) and all(call.method != method for call in fitting)


def query_of(piece: Piece, called: str, place: Place, offset: int) -> Payload | None:
    """The query of a path, unless what stands around it says that it is one that is refused or cut."""
    query = http.query_of(called, place)
    text = piece.row if piece.kind == "cell" else piece.text[max(0, offset - AROUND) :][: 2 * AROUND]
    if query is None or is_of_any(text) or asks_too_much(text, (one.value for one in query.fields)):
        return None
    return query
