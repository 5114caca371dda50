"""How many events a document says that there are. Pure."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from conformance.align import languages
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Place

NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
VALUES = {word: number for number, word in enumerate(NUMBERS)} | languages.NUMBERS
_NUMBER = rf"\d+|{'|'.join(VALUES)}"
_TOLD = rf"(?:{languages.EVENT_WORDS})"
COUNT = re.compile(
    rf"\b(?:all|the\s+following|total\s+of|these|lists?|listed:?|has|have|defines|emits|supports|there\s+are|"
    rf"exactly)\s+"
    rf"(?:of\s+)?(?:the\s+)?(?P<number>{_NUMBER})(?P<more>\+)?\s+(?:[\w-]+\s+){{0,2}}?(?:events?|event\s+names)\b"
    rf"(?!\s+(?:per|a|each|every|in\s+a)\b)"
    rf"|^\W*(?P<number2>\d+)(?P<more2>\+)?\s+(?:\w+\s+){{0,2}}?events\b(?!\s+(?:per|a|each|every|in)\b)"
    rf"|(?<![\w:-])(?P<number5>{_NUMBER})\s+(?:\w+\s+)?{_TOLD}(?=[^.:\n`]{{0,40}}\s?:\s*\**`)"
    rf"|^\W*(?:answer|a|solution|antwort|lösung|réponse|respuesta|resposta|antwoord|risposta|odpowiedź|jawaban|"
    rf"đáp\s+án)"
    rf"\W{{1,5}}(?:there\s+are\s+)?(?P<number6>{_NUMBER})\b(?:\s+{_TOLD})?(?=\W{{0,6}}`)"
    rf"|(?P<total>\b(?:{languages.IN_ALL})\b[^.:;\n`]{{0,40}}?\b(?P<number7>{_NUMBER})\s+(?:[\w.-]+\s+){{0,2}}?{_TOLD}"
    rf"|(?<![\w:-])(?P<number8>{_NUMBER})\s+(?:[\w.-]+\s+){{0,2}}?{_TOLD}\s+(?:{languages.IN_ALL})\b"
    rf"|(?:\bnames?|{_TOLD})\b[^.:;\n`]{{0,40}}?\b(?P<number10>{_NUMBER})\s+(?:{languages.IN_ALL})\b(?=\s*[:.])"
    rf"|^[\W_]*(?:names?|{_TOLD})[*_`]*\s*[:：][*_`\s]*(?P<number11>{_NUMBER})\s+(?:{languages.IN_ALL})\b"
    rf"|\b(?:{languages.KNOWS})\s+(?P<number9>{_NUMBER})\s+(?:[\w.-]+\s+){{0,2}}?{_TOLD}"
    rf"|\b(?:{languages.HOW_MANY})[^?\n]{{0,20}}?{_TOLD}[^?\n]{{0,60}}\?[\s*_\"'(]{{0,6}}(?P<number0>{_NUMBER})(?!\w))"
    rf"(?!\s+(?:{languages.EACH})\b)"
    rf"|\((?P<number3>\d+)\s+events?\)|\bevents?\W*\((?P<number4>\d+)(?:\s+total)?\)",
    re.IGNORECASE | re.MULTILINE,
)
"""How people announce how many there are."""

_SPEAKS = (
    r"emits?|sends?|listens?(?:\s+(?:to|for))?|hears?|receives?|subscribes?(?:\s+to)?|broadcasts?|"
    r"publish(?:es)?|handles?|accepts?|relays?|"
    rf"{languages.SENDS}|{languages.HEARS}"
)
ANNOUNCED = re.compile(
    rf"\b(?:{_SPEAKS})\s+(?:\w+\s+)?(?P<number>{_NUMBER})\s+(?:[\w-]+\s+){{0,2}}?(?:{_TOLD}|"
    rf"of\s+them)\b[^.:`\n]{{0,24}}[:：]\s*$",
    re.IGNORECASE,
)
"""How people announce a list or a table: `A client sends nine events:`."""
COUNTED = ("number", *(f"number{at}" for at in (2, 3, 4, 5, 6, 7, 8, 9, 0, 10, 11)))
"""The groups of which one holds the number."""
IN_ALL = re.compile(rf"\s+(?:{languages.IN_ALL})\b", re.IGNORECASE)
DOCUMENTED = re.compile(r"there\s+are\b.*\b(?:documented|official|public)\b", re.IGNORECASE | re.DOTALL)
"""A count of all that there is: `there are 16 documented events`."""
BELOW = "below"
"""How a number is told that announces the list or the table right below it: `A client sends nine events:`."""
TOTAL = "total"
"""How a number is told that is said of the whole: `18 events in all`, `the service knows 18 events`."""

SAID = "said"
"""How a number is told that announces nothing: `there are 16 events.`"""
SAYS = re.compile(r"(?:has|have|defines|emits|supports|there\s+are|exactly)\b", re.IGNORECASE)
GOES_ON = re.compile(r"[^.;\n]*[:：]")
OF_ALL = re.compile(
    r"there\s+are\s+(?:now\s+|exactly\s+|only\s+)?\S+\s+(?:(?:socket|socket\.io|documented|different)\s+)?events[*_`]*(?=\s*(?:[.;!)]|\Z|now\b|and\s+no\s+more|in\s+the\s+(?:service|"
    r"protocol|api|contract)))",
    re.IGNORECASE,
)
"""A number that can only be that of all events: `There are 18 events.`"""
MANY = 8
"""From which number on."""
"""What stands behind a number that announces something."""

ANNOUNCES = 160
"""Characters before a colon in which the number is that announces what follows it."""
NEAR, FAR = 200, 2000
"""Characters behind a count in which what it announces begins, and in which it ends."""
LINE = "in the sentence at "
"""What marks a section that is the rest of a line after its count."""


TOKEN = re.compile(r"\d+|[^\W\d_]+")
TOLD = frozenset(re.findall(r"[^\W\d_]{3,}", languages.EVENT_WORDS.replace("s?", " ")))
TOLD |= {f"{word}s" for word in TOLD} | {"names", "answer", "antwort", "réponse", "respuesta", "resposta"}
"""Words of which every count of events has one."""
ANSWERS = ("a:", "a)", "a**", "a.")
"""How an answer begins beside a question."""
WHOLE = frozenset(re.findall(r"[^\W\d_]{3,}", f"{languages.IN_ALL} {languages.HOW_MANY}"))
"""Words that ask for a number of the whole, or say that one is."""
BEFORE, BEHIND = 4, 14
"""Words before and behind such a word of which one is the number; far behind only beside a word for the whole."""
NUMBERED = re.compile(r"\W*\d+(?:\.\d+)*[.)]?\s")
"""A heading that begins with a number."""


def numbered(parts: Sequence[Piece]) -> bool:
    """Whether a document numbers its headings, so that `3 Inbound events` announces nothing."""
    return sum(piece.kind == "heading" and NUMBERED.match(piece.text) is not None for piece in parts) > 1


def claims(piece: Piece, file: str, *, numbered: bool = False) -> Iterator[Claim]:
    """The counts of a piece.

    Args:
        numbered: the headings of the document have numbers.
    """
    announced = list(_announced(piece, file))
    yield from announced
    for found in _found(piece.text):
        if numbered and found["number2"] and piece.kind == "heading":
            continue
        group = next(name for name in COUNTED if found[name])
        written = found[group].lower()
        number = VALUES[written] if written in VALUES else int(written)
        of_all = number >= MANY and OF_ALL.match(piece.text, found.start()) is not None
        total = bool(of_all or found["total"] or IN_ALL.match(piece.text, found.end()) or DOCUMENTED.match(found[0]))
        if total and languages.OBSERVED.search(_line(piece.text, found.start())):
            continue
        more = "+" if found["more"] or found["more2"] else ""
        line, column = piece.place(found.start(group))
        if any((one.place.line, one.place.column) == (line, column) for one in announced):
            continue  # It was judged by what stands below it.
        own = section_of(piece, found.end())
        how = TOTAL if total else SAID if _is_said(piece.text, found) else piece.kind
        yield Claim(
            kind="count", subject=f"{number}{more}", origin="document", how=how,
            section=(*piece.section, own) if own else piece.section,
            place=Place(file=file, line=line, column=column, end=column + len(written)), refuted=piece.refuted,
        )  # fmt: skip


def _is_said(text: str, found: re.Match[str]) -> bool:
    """Whether a number is only said, and neither a list nor a table is announced by it."""
    return SAYS.match(found[0]) is not None and GOES_ON.match(text, found.end()) is None


def _announced(piece: Piece, file: str) -> Iterator[Claim]:
    """The number that announces what stands right below a paragraph or an item."""
    if piece.kind not in ("paragraph", "item") or piece.text.rstrip("*_ \n")[-1:] not in (":", "："):
        return
    last = piece.text.rstrip("*_ \n").rsplit("\n", 1)[-1][-ANNOUNCES:]
    found = ANNOUNCED.search(last)
    if found is not None:
        written = found["number"].lower()
        line, column = piece.place(len(piece.text.rstrip("*_ \n")) - len(last) + found.start("number"))
        yield Claim(
            kind="count", subject=str(VALUES[written] if written in VALUES else int(written)), origin="document",
            how=BELOW, section=piece.section, refuted=piece.refuted,
            place=Place(file=file, line=line, column=column, end=column + len(written)),
        )  # fmt: skip


def _line(text: str, offset: int) -> str:
    """The line, or the sentence, around an offset."""
    begin = max(text.rfind("\n", 0, offset), text.rfind(". ", 0, offset)) + 1
    return text[begin:].split("\n", 1)[0].split(". ", 1)[0]


def tells(text: str) -> bool:
    """Whether a number stands near a word for events: most texts have neither, and are not asked what it counts."""
    small = text.lower()
    words = TOKEN.findall(small)
    answers = any(mark in small for mark in ANSWERS)
    if TOLD.isdisjoint(words) and not answers:
        return False
    numbers = [at for at, word in enumerate(words) if word in VALUES or word.isdecimal()]
    told = [at for at, word in enumerate(words) if word in TOLD or (answers and word == "a")] if numbers else []
    behind = 1 if WHOLE.isdisjoint(words) else BEHIND
    return any(-BEFORE <= number - at <= behind for at in told for number in _around(numbers, at))


def _around(numbers: Sequence[int], at: int) -> Sequence[int]:
    """The numbers next to a place: the last before it, and the first behind it."""
    behind = bisect.bisect_left(numbers, at)
    return numbers[max(0, behind - 1) : behind + 1]


@lru_cache(maxsize=64)
def _found(text: str) -> tuple[re.Match[str], ...]:
    """The counts of a text."""
    return tuple(COUNT.finditer(text)) if tells(text) else ()


def section_of(piece: Piece, offset: int) -> str:
    """The name of the enumeration that an offset is in, where a count in the same sentence announces one."""
    if piece.kind not in ("paragraph", "item"):
        return ""
    found = _found(piece.text)
    before = bisect.bisect_right(found, offset, key=re.Match.end)
    begin = found[before - 1].end() if before else -1
    if (
        begin < 0
        or offset - begin > FAR
        or not re.match(
            r"[^.\n`]{0,60}?[:(—–,-]\s*[`*]*[\w-]+[:`*\w-]*|\s+(?:named\s+|called\s+)?`|[^.\n`]{0,30}:\s*`",
            piece.text[begin : begin + NEAR],
        )
    ):
        return ""
    if re.search(r"[.!?]\s|\n\s*\n", piece.text[begin:offset]):
        return ""
    return (
        f"{LINE}{piece.lines[0]}:{begin}"
        if "`" in piece.text[begin : begin + 80] or ":" in piece.text[begin : begin + 80]
        else ""
    )
