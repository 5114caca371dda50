"""Names of events and rooms in fences that are no code with a reader of its own. Pure."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator

from conformance.align import context, drawn
from conformance.align.markdown import Piece, line_starts
from conformance.align.model import Claim
from conformance.align.vocabulary import NAME, Vocabulary

QUOTED = re.compile(r"(['\"`])([A-Za-z][\w-]*(?::[A-Za-z][\w-]*)+)\1")
WORD = re.compile(r"(?<![\w:.-])[A-Za-z][\w.-]*(?::[\w.-]+)*\b(?!:)")
CHANNEL = re.compile(r"#/[\w-]*#(?P<room>[^#\s\"'`]+)#")
"""The channel of Redis by which the adapter of a node tells the others what goes to a room."""
LINE = 2000
"""Characters of a line and of what is below it that are read for a name."""
OWNED = 12
"""Lines above a name in which what it hangs from is looked for."""


def claims(piece: Piece, file: str, words: Vocabulary, *, quoted: bool, sure: bool = False) -> Iterator[Claim]:
    """Names in another language's strings, or anywhere in a diagram.

    Args:
        sure: only what can be nothing else but a name of an event.
    """
    found = [(one[2], one.start(2)) for one in QUOTED.finditer(piece.text)]
    if not quoted:
        found = [(one[0], one.start()) for one in NAME.finditer(piece.text)]
        found += [(one[0], one.start()) for one in WORD.finditer(piece.text) if _plain(piece, one, words)]
    above = next((text for kind, text in piece.trail[:1]), "")
    for name, offset in found:
        line, _, below = piece.text[piece.text.rfind("\n", 0, offset) + 1 :][:LINE].partition("\n")
        begin = offset - piece.text.rfind("\n", 0, offset) - 1
        if words.is_example(name):
            continue
        if not words.known(name) and (context.logged(line) or context.holds(line, below, words.room_example)):
            continue
        said = context.meant(line, begin, (_owner(piece.text, offset), above, *piece.section[-1:]))
        if (
            words.known(name)
            or words.other_spelling(name)
            or (words.surely_an_event(name) and said is not False)
            or (not sure and said is not False and (said or not quoted) and words.like_an_event(name))
        ):
            yield _claim(piece, file, "event", name, offset)
    for name, offset in drawn.names(piece.text, words) if not quoted else ():
        yield _claim(piece, file, "event", name, offset)
    for one in words.room.finditer(piece.text):
        yield _claim(piece, file, "room", one[0], one.start())
    for one in CHANNEL.finditer(piece.text) if "#/" in piece.text else ():
        if words.room_example.fullmatch(one["room"]):
            yield _claim(piece, file, "room", one["room"], one.start("room"))


def _owner(text: str, offset: int) -> str:
    """The nearest line above that a colon ends: what a tree or a list hangs from."""
    starts = line_starts(text)
    number = bisect.bisect_right(starts, offset) - 1
    for above in range(number - 1, max(number - OWNED, 0) - 1, -1):
        line = text[starts[above] : starts[above + 1]]
        if line.rstrip().endswith(":"):
            return line
    return ""


def _plain(piece: Piece, word: re.Match[str], words: Vocabulary) -> bool:
    """Whether a word is a documented name without colons, or in another spelling, in a line of nothing but names."""
    if not words.other_spelling(word[0]) and (word[0] not in words.events or ":" in word[0]):
        return False
    line = piece.text[piece.text.rfind("\n", 0, word.start()) + 1 :].split("\n", 1)[0]
    return all(words.known(one) or words.other_spelling(one) for one in WORD.findall(line))


def _claim(piece: Piece, file: str, kind: str, name: str, offset: int) -> Claim:
    place = piece.span(file, offset, offset + len(name))
    return Claim(kind="room" if kind == "room" else "event", subject=name, place=place, origin="document", how="text")
