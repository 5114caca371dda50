"""What stands together in a list or a column, and what one says of the other. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias

from conformance.align import english, labels, stance
from conformance.align.markdown import Piece
from conformance.align.vocabulary import NAME, SEVERAL, Vocabulary

List: TypeAlias = tuple[tuple[str, ...], str, int]
Entries: TypeAlias = tuple[List, str]
"""A column by its head, or a list by the paragraph above it."""

VERSION = re.compile(r"\W*(?:v(?:ersion)?\s*)?(\d+\.\d+\.\d+|(?<=v)\d+(?:\.\d+)*)\b(?:\W.*)?$", re.IGNORECASE)
"""A heading that begins with a version."""
SECTION = re.compile(r"\W*(\d+(?:\.\d+)?)[.)]?\s+\D")
"""A heading that begins with the number of a section."""
FIRST = re.compile(
    r"(?:\W*(?:on|when|after|for|emits?|sends?|listens?(?:\s+(?:to|for))?|bei|sur|al|en|no|em|su|bij|khi|saat)\s+(?:the\s+)?)?\W*([\w:-]+)",
    re.IGNORECASE,
)
ALONE = re.compile(r"\W*`[a-z][\w-]*(?::[\w-]+)*`\W*")
MANY = 2
"""From how many documented events on a column or a list is one of events."""


def of(piece: Piece) -> List:
    """The column, or the list, that a piece stands in."""
    return piece.section, piece.kind, piece.column or piece.depth


def events(parts: Sequence[Piece], words: Vocabulary) -> set[List]:
    """The columns and lists whose entries begin with documented events."""
    entries = [piece for piece in parts if piece.kind in ("cell", "item")]
    count = Counter(of(piece) for piece in entries if _begins(piece, words))
    every, names = (
        Counter(of(piece) for piece in entries),
        Counter(of(piece) for piece in entries if ALONE.fullmatch(piece.text)),
    )
    # A short list of nothing but names is one of events where any of them is.
    return {one for one, number in count.items() if number >= MANY or every[one] == names[one] > 1}


FEW = 1
"""From how many documented names on a column whose head speaks of events is one of events."""
ENTRY = re.compile(rf"[\W_]*`?(?P<name>{SEVERAL}|[a-z][\w-]*(?::[\w-]+)+)`?(?![\w(.:/])")
"""An entry that begins with a name of several words, whatever parts them: `sendMessage`, `join_room`."""


LABELLED = re.compile(rf"\W*(?:socket\s+)?event(?:\s+name)?\W*:\W*`(?P<name>{SEVERAL})`\W*", re.IGNORECASE)
"""A paragraph that is nothing but the name of an event, and says so: `**Event:** x`."""
AND = re.compile(r"\s*(?:[/,&+]|\band\b|\bor\b)\s*")
"""What stands between the names of one cell: `user-joined / user-left`."""


def _entries(piece: Piece) -> Entries:
    """The column, or the one list, that a piece stands in; headings stand together below one, and labels anywhere."""
    if piece.kind == "paragraph":
        return ((), piece.kind, 0), ""
    if piece.kind == "heading":
        return (piece.section[:-1], piece.kind, len(piece.section)), ""
    return of(piece), piece.head or piece.lead


def named(parts: Sequence[Piece], words: Vocabulary) -> set[Entries]:
    """The columns and lists of which most entries begin with documented names: those of several words are events."""
    every, known = Counter[Entries](), Counter[Entries]()
    for piece in parts:
        for name in leading(piece) if piece.kind in ("cell", "item", "heading", "paragraph") else ():
            every[_entries(piece)] += 1
            known[_entries(piece)] += words.known(name)
    return {
        one for one, number in known.items()
        if number * 2 >= every[one] and number >= (FEW if english.EVENTS_HEAD.search(one[1]) else MANY)
    }  # fmt: skip


def entries(piece: Piece, named: set[Entries], words: Vocabulary) -> tuple[str, ...]:
    """The names of events that a piece begins with, as an entry of a column or a list of `named`."""
    if piece.kind == "heading" and "`" not in piece.text and not any(map(stance.direction, piece.section[:-1])):
        return ()  # A word of a title.
    found = leading(piece) if _entries(piece) in named else ()
    return tuple(name for name in found if words.resembles(name))


LABEL = 80
"""Characters of such a paragraph."""


def leading(piece: Piece) -> tuple[str, ...]:
    """The names of several words that a cell or a heading consists of, or the one of an item or a label."""
    if piece.kind == "item":
        found = ENTRY.match(piece.text)
        return (found["name"],) if found else ()
    if piece.kind == "paragraph":
        found = LABELLED.fullmatch(piece.text) if len(piece.text) <= LABEL else None
        return (found["name"],) if found else ()
    parts = [ENTRY.fullmatch(one.rstrip("*_` ")) for one in AND.split(piece.text)]
    names = tuple(one["name"] for one in parts if one)
    return names if len(names) == len(parts) else ()


def _begins(piece: Piece, words: Vocabulary) -> bool:
    """Whether a cell or an item begins with a documented name."""
    first = FIRST.match(piece.text) if ":" in piece.text else None
    return first is not None and ":" in first[1] and words.known(first[1].rstrip(":"))


WORD = re.compile(r"\w[\w:.-]*\w")
"""What may be a name in the label that an item is."""


def of_its_own(piece: Piece, name: str, words: Vocabulary) -> Piece:
    """A piece as it speaks of a name: below the heading or in the item of another event, sides are told of that one."""
    if piece.kind == "heading" or (piece.direction is None and piece.client is None):
        return piece
    above = [one for one in WORD.findall(piece.under.replace("__", " ")) if words.known(one)]
    if len(above) == 1 and above[0] != name:
        return replace(piece, direction=None, client=None)
    if not piece.section:
        return piece
    named = [one for one in labels.names(piece.section[-1]) if words.like_an_event(one)]
    of = named[0] if len(named) == 1 else labels.bare(piece.section, words)
    return replace(piece, direction=None, client=None) if of and of != name else piece


def old_versions(parts: Sequence[Piece]) -> frozenset[str]:
    """The headings that are those of a version, all but the latest of a document."""
    found = [(VERSION.match(piece.text), piece.text) for piece in parts if piece.kind == "heading"]
    numbers = {text: tuple(map(int, one[1].split("."))) for one, text in found if one}
    sections = {
        tuple(map(int, one[1].split(".")))
        for piece in parts
        if (one := SECTION.match(piece.text)) and piece.kind == "heading"
    }
    if any(number[:-1] in sections or number[:1] in sections for number in numbers.values()):
        return frozenset()  # They number the sections of the document.
    newest = max(numbers.values(), default=())
    return frozenset(text for text, number in numbers.items() if number != newest)


def gone_sections(parts: Sequence[Piece], words: Vocabulary) -> frozenset[tuple[str, ...]]:
    """The sections of names that are not documented, whose first sentence says that the name is gone."""
    found = set[tuple[str, ...]]()
    for heading, below in pairwise(parts):
        if heading.kind != "heading" or below.kind not in ("paragraph", "item") or below.section != heading.section:
            continue
        named = NAME.findall(heading.text)
        if len(named) == 1 and named[0] not in words.events:
            first = re.split(r"(?<=[.;!])\s", below.text, maxsplit=1)[0]
            if len(first) <= stance.LABEL_CHARACTERS and (stance.refuted(first) or stance.label(first) == "refuted"):
                found.add(heading.section)
    return frozenset(found)


def further_rooms(parts: Sequence[Piece], words: Vocabulary) -> set[int]:
    """The lines of lists and tables that have the documented room and, on these lines, rooms for something else."""
    lists: dict[tuple[tuple[str, ...], str, int], list[tuple[int, str, bool]]] = defaultdict(list)
    for piece in parts:
        if piece.kind != "item" and (piece.kind != "cell" or piece.column):
            continue
        whole = piece.row or piece.text
        if "`" in whole and (words.base in whole.lower() or "{" in whole or "<" in whole):
            own = next((one for one in _rooms(whole, words)), None)
            if own is not None:
                said = re.sub(r"\W+", " ", re.sub(r"`[^`]*`", " ", whole)).strip().lower()
                lists[(piece.section, piece.kind, piece.depth)].append((piece.lines[0][0], said, words.is_room(own)))
    return {
        line
        for some in lists.values()
        for line, said, documented in some
        if not documented and any(right and said != other for _, other, right in some)
        and not any(right and said == other for _, other, right in some)
    }  # fmt: skip


def _rooms(text: str, words: Vocabulary) -> Iterator[str]:
    """The rooms of a text in their order."""
    for code in re.findall(r"`([^`]+)`", text):
        if words.is_a_room(code) or words.is_room(code):
            yield code
