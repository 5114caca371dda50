"""Bounds and defaults of numbers in sentences: `between -90 and 90`, `capped at 50`, `defaults to 0`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.align import labels, moods, paths, sentences, stated
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Field, Payload
from conformance.align.vocabulary import Vocabulary

_N = r"[`*]*(?P<{}>-?\d+(?:\.\d+)?)[`*]*"
_UNIT = r"(?!\s*(?:%|ms\b|s\b|seconds?|minutes?|times|characters?|chars?|rows?|px|kb|mb|people|users))(?![\w.]*\d)"
RANGE = re.compile(
    rf"(?:\b(?:between|from|range|within|zwischen|entre|tra|từ|trong\s+khoảng)\s+|[\[(:]\s*|\b(?:in|is|must\s+be|can\s+be|may\s+be)\s+)"
    rf"{_N.format('least')}\s*(?:°\s*)?(?:and|to|und|et|y|e|đến|tới|bis|à|a|\.\.+|…|–|—|-|,|≤\s*x\s*≤)\s*"
    rf"{_N.format('most')}{_UNIT}",
    re.IGNORECASE,
)
MOST = re.compile(
    rf"(?:\b(?:at\s+most|up\s+to|max(?:imum|imal|\.)?(?:\s+(?:of|is|value|allowed))*|capped\s+(?:at|to)|no\s+(?:more|greater|higher)"
    rf"\s+than|not\s+exceed|limited\s+to|cannot\s+be\s+(?:more|greater|higher)\s+than|tối\s+đa(?:\s+là)?|höchstens|nicht\s+mehr\s+als)|<=|≤)"
    rf"[\s:=]*{_N.format('most')}{_UNIT}",
    re.IGNORECASE,
)
LEAST = re.compile(
    rf"(?:\b(?:at\s+least|min(?:imum|\.)?(?:\s+(?:of|is|value))*|no\s+(?:less|fewer|lower)\s+than|tối\s+thiểu(?:\s+là)?|mindestens)|>=|≥)"
    rf"[\s:=]*{_N.format('least')}{_UNIT}",
    re.IGNORECASE,
)
DEFAULT = re.compile(
    rf"\b(?:default(?:s|ed)?(?:\s+(?:to|is|of|value|at))*|mặc\s+định(?:\s+là)?|standard(?:mäßig|wert)?(?:\s+ist)?|par\s+défaut|por\s+defecto)"
    rf"[\s:=(,]*{_N.format('default')}{_UNIT}|{_N.format('given')}\s+(?:by\s+default|is\s+the\s+default|is\s+assumed|if\s+(?:it\s+is\s+)?"
    rf"(?:omitted|missing|absent|not\s+(?:given|set|sent)))",
    re.IGNORECASE,
)
OUT = re.compile(
    rf"\b(?:leave\s+(?:it|`\w+`)\s+out|without\s+(?:it|`\w+`)|(?:if|when|where)\s+(?:it|`\w+`)\s+is\s+(?:missing|omitted|left\s+out|absent|not\s+(?:given|sent|"
    rf"set)))\W+(?:and\s+|then\s+)?(?:\w+\s+){{0,3}}?(?:gets?|is|are|returns?|comes?|applies|takes?|gives?|uses?|assumes?)\s+{_N.format('default')}{_UNIT}",
    re.IGNORECASE,
)
"""What comes where a number is not given: `Leave `limit` out and you get 50`."""
TELLS = re.compile(r"\d")
RANGED = re.compile(r"\d\s*(?:to|-|–|bis|đến)\s*-?\d")
SAYS = (
    "between", "from", "range", "most", "up to", "max", "cap", "than", "exceed", "limited", "least", "min", "default",
    "tối", "từ", "khoảng", "mặc định", "zwischen", "höchstens", "entre", "défaut", "≤", "≥", "<=", ">=", "…", "..",
    "omitted", "[", "–", "leave ", "without ", "is missing", "is absent", "left out",
)  # fmt: skip
DENIED = re.compile(
    r"\b(?:not|never|no\s+longer|instead|reject\w*|refus\w*|invalid|was|were|had|used|plan\w*|will|would|later|soon|ui|"
    r"screen|slider|page\s+size\s+of\s+the|we\s+(?:only|never|ask|send|keep|use|pass|drop)|the\s+app|our|app|client|"
    r"example|e\.g|sẽ|trước)\b|n['’]t\b",
    re.IGNORECASE,
)
"""What says that a number is of something else: of the past, of a plan, or of what one client does by itself."""


OMITTED = re.compile(
    r"\bnot\s+(?:be(?:en)?\s+)?(?:given|set|sent|specified|provided|present|passed|exceed|more|greater|less)\b",
    re.IGNORECASE,
)
"""What is no denial of a bound or a default."""


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The bounds that the sentences of a paragraph, an item or a cell give to the numbers that they name."""
    if piece.kind not in ("paragraph", "item", "cell") or not TELLS.search(piece.text):
        return
    small = piece.text.lower()
    if not any(name.lower() in small for name in words.bounded):
        return
    if not any(word in small for word in SAYS) and not RANGED.search(small):
        return
    numbers = words.bounded
    for begin, sentence in _clauses(piece.text):
        plain = re.sub(r"`[^`]*`", " ", sentence)
        if (
            sentence.rstrip("*_ ").endswith("?")
            or DENIED.search(OMITTED.sub(" ", plain))
            or moods.THEN.search(sentence)
        ):
            continue
        for field, first, last in _parts(piece, numbers, sentence):
            found = list(_told(piece, file, field, begin + first, begin + last))
            yield from _held(found, numbers[field], piece, sentence, words) if found else ()


def _clauses(text: str) -> Iterator[tuple[int, str]]:
    """(where it begins, the text) of each sentence, or, where a part of one denies something, of its parts."""
    for begin, _, sentence in sentences.of(text):
        if ";" not in sentence or not DENIED.search(re.sub(r"`[^`]*`", " ", sentence)):
            yield begin, sentence
            continue
        at = begin
        for part in sentence.split(";"):
            yield at, part
            at += len(part) + 1


def _parts(
    piece: Piece, numbers: Mapping[str, Mapping[str, dict[str, Any]]], sentence: str
) -> Iterator[tuple[str, int, int]]:  # fmt: skip
    """(a number, where what a sentence says of it begins, and ends); of several each is told behind its own name."""
    named = sorted((one.start(), name) for name in numbers for one in re.finditer(rf"[`*]{name}[`*]", sentence))
    if len({name for _, name in named}) < SEVERAL:
        field = named[0][1] if named else _leading(piece, numbers)
        if field is not None:
            yield field, 0, len(sentence)
    elif len({name for _, name in named}) == len(named) and not TELLS.search(sentence[: named[0][0]]):
        for (first, name), last in zip(named, [*(at for at, _ in named[1:]), len(sentence)], strict=True):
            yield name, first, last


SEVERAL = 2
"""Numbers from which on a sentence tells of several."""


def _leading(piece: Piece, numbers: Mapping[str, Mapping[str, dict[str, Any]]]) -> str | None:
    """The field that an item begins with."""
    first = re.match(r"[`*_]*(\w+)[`*_]*\s*(?:[:—–(-]|$)", piece.text) if piece.kind == "item" else None
    return first[1] if first and first[1] in numbers else None


def _told(piece: Piece, file: str, name: str, first: int, last: int) -> Iterator[Field]:
    """What is said of a number between two offsets, each at its digits."""
    words = {"least": "minimum", "most": "maximum", "default": "default", "given": "default"}
    taken = [found.span(found.lastindex or 0) for found in stated.LIMIT.finditer(piece.text, first, last)]
    for pattern in (RANGE, MOST, LEAST, DEFAULT, OUT):
        for found in pattern.finditer(piece.text, first, last):
            for group, text in found.groupdict().items():
                if text is not None and not any(begin < found.end(group) <= end for begin, end in taken):
                    number = float(text) if "." in text else int(text)
                    yield Field(
                        name=name, place=piece.span(file, *found.span(group)), placeholder=True,
                        told=((words[group], number),),
                    )  # fmt: skip


def _held(
    found: list[Field], owners: Mapping[str, dict[str, Any]], piece: Piece, sentence: str, words: Vocabulary
) -> Iterator[Claim]:  # fmt: skip
    """What allows more than the contracts, or another default: of the one that is named, or of all that have it."""
    subject = _subject((sentence, piece.text, piece.row, *reversed(piece.titles)), owners, words)
    for field in found:
        word, number = field.told[0]
        bounds = [schema[word] for name, schema in owners.items() if word in schema and subject in (None, name)]
        if not bounds or len(set(bounds)) != 1:
            continue
        wrong = {
            "maximum": number > bounds[0], "minimum": number < bounds[0], "default": number != bounds[0]
        }[word]  # fmt: skip
        if wrong:
            of = subject or next(name for name, schema in owners.items() if word in schema)
            call = " " in of
            shown = Payload(fields=(field,), whole=False)
            query = call and _is_of_query(of, field.name, words)
            yield Claim(
                kind="call" if call else "event", subject=of, place=field.place, origin="document", how="values",
                section=piece.section, refuted=piece.refuted, payload=None if query else shown,
                query=shown if query else None,
            )  # fmt: skip


def _is_of_query(title: str, field: str, words: Vocabulary) -> bool:
    call = paths.call_of(words.bundle, title)
    return call is not None and call.query is not None and field in call.query.document.get("properties", {})


def _subject(texts: tuple[str, ...], owners: Mapping[str, Any], words: Vocabulary) -> str | None:
    """The owner of the field that is named nearest; None where none is."""
    for text in texts:
        named = [name for name in labels.events(text, words) if name in owners]
        called = {f"{one['method']} {one['path'].rstrip('.:`')}" for one in labels.CALL.finditer(text)}
        calls = [call.title for title in called if (call := paths.call_of(words.bundle, title)) is not None]
        named += [title for title in calls if title in owners]
        if len(named) == 1:
            return named[0]
        if named:
            return None
    return None
