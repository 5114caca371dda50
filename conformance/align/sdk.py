"""Tables of an SDK: a method, a hook or a callback in one column, and its event in another. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from conformance.align import english, sides, stance
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Place, Reading
from conformance.align.vocabulary import Vocabulary

HEAD = re.compile(
    r"\b(?:methods?|functions?|calls?|callbacks?|hooks?|helpers?|sdk|api|m[eé]thodes?|m[eé]todos?|funktion(?:en)?|metod[aiy]|funzion[ei]|hàm)\b",
    re.IGNORECASE,
)
"""The head of the column of methods."""
METHOD = re.compile(r"[`*_]*(?:[\w$]+[.:]+)*(?P<name>[a-z_$][\w$]*)\s*(?:\([^)]*\))?[`*_]*")
HEARS = re.compile(r"(?:on|listen|subscribe|observe|watch|handle|add\w*Listener)(?=[A-Z_]|$)")
SENDS = re.compile(
    r"(?:send|emit|set|report|publish|push|post|join|leave|close|start|stop|init|request|update|share)(?=[A-Z_]|$)"
)
"""How the name of a method begins that hears, and one that sends."""
OF_A_CLIENT = re.compile(
    r"\b(?:sdk|clients?|apps?|hooks?|callbacks?|\w*kit|mobile|front-?end|browser|react|vue|swift|kotlin|dart)\b",
    re.IGNORECASE,
)
LEAST = 2
"""From how many methods on that do as the contracts say a table is one of methods."""


def claims(parts: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """The events of such tables, with the directions that the names of the methods, or a column of verbs, give them."""
    tables: dict[tuple[tuple[str, ...], str, int], list[list[Piece]]] = defaultdict(list)
    row: list[Piece] = []
    for piece in parts:
        if piece.kind != "cell" or not piece.head:
            continue
        if piece.column == 0:
            row = []
            tables[piece.section, piece.head, piece.depth].append(row)
        row.append(piece)
    for (section, head, _), rows in tables.items():
        if not HEAD.search(head):
            continue
        made = [one for some in rows if (one := _row(some, file, words)) is not None]
        if made:
            yield from _settled(made, words, (*section, head))


def _settled(made: list[Claim], words: Vocabulary, texts: tuple[str, ...]) -> Iterator[Claim]:
    agree = sum(claim.direction in words.ways(claim.subject) for claim in sides.settled(made, words, "client", None))
    client = any(OF_A_CLIENT.search(text) for text in texts)
    if agree >= LEAST and client:
        yield from sides.settled(made, words, "client", None)


def _row(cells: Sequence[Piece], file: str, words: Vocabulary) -> Claim | None:
    """What a row says: a method, a cell that is nothing but one event, and perhaps a verb."""
    method = METHOD.fullmatch(cells[0].text.strip())
    named = [cell for cell in cells[1:] if cell.text.strip("`*_ ") in words.events]
    if (
        method is None
        or len(named) != 1
        or named[0].refuted
        or any(stance.direction(cell.head) or cell.direction for cell in cells)
    ):
        return None
    verbs = {
        verb["sends"] is not None
        for cell in cells[1:]
        for verb in english.VERB.finditer(cell.text)
        if cell is not named[0]
    }
    reading: Reading | None = None
    if len(verbs) == 1:
        reading = "sends" if verbs.pop() else "hears"
    elif not verbs:
        reading = "hears" if HEARS.match(method["name"]) else "sends" if SENDS.match(method["name"]) else None
    if reading is None:
        return None
    name = named[0].text.strip("`*_ ")
    line, column = named[0].place(named[0].text.index(name))
    place = Place(file=file, line=line, column=column, end=column + len(name))
    return replace(
        Claim(kind="event", subject=name, place=place, origin="document", how="table", section=named[0].section),
        reading=reading,
    )
