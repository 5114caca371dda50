"""What a monitor prints: a mark that says whether it was sent or received, an event, and its payload. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from conformance.align import loose, sides
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Direction, Side
from conformance.align.vocabulary import Vocabulary

_IN = r"<<?-{0,2}|⬇️?|↓|←|◀|⇦|🔽|📥|in(?:coming)?|recv|received|rx|nhận"
_OUT = r"-{0,2}>>?|⬆️?|↑|→|▶|⇨|🔼|📤|out(?:going)?|sent|send|tx|gửi"
MARK = rf"(?:(?P<in>{_IN})|(?P<out>{_OUT}))"
LINE = re.compile(
    rf"^[ \t]*(?:(?:\[[^\]\n]*\]|\d[\d:.TZ-]*)[ \t]+)?{MARK}[ \t:]+"
    r"(?P<quote>['\"`]?)(?P<name>[A-Za-z][\w-]*(?::[\w-]+)*)(?P=quote)"
    r"(?=[ \t,:]*(?P<payload>\{)|[ \t]*$)",
    re.MULTILINE | re.IGNORECASE,
)
"""A line of a monitor: `< name {...}`."""
BEFORE = re.compile(rf"{MARK}[ \t:]+\Z", re.IGNORECASE)
"""What stands before a packet on its line."""
BESIDE_A_CLIENT = re.compile(
    r"\b(?:monitors?|wscat|websocat|dev-?\s?tools|network\s+tab|browsers?|console|prints?|cli|trình\s+duyệt)\b",
    re.IGNORECASE,
)
"""What says that it is a client's socket that is watched."""
WIDE = 24
"""Characters before a packet in which its mark stands."""


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The events of a monitor's lines, sent or received by whom the text above names; a client where it names none."""
    found = [one for one in LINE.finditer(piece.text) if words.known(one["name"]) or ":" in one["name"]]
    if not any(words.known(one["name"]) for one in found):
        return

    placed = partial(piece.span, file)

    read = []
    for one in found:
        if not words.known(one["name"]) and not words.surely_an_event(one["name"]):
            continue
        shown = loose.payload(piece.text, one.start("payload"), placed) if one["payload"] else None
        read.append(
            Claim(
                kind="event", subject=one["name"], origin="document", how="packet", section=piece.section,
                place=placed(one.start("name"), one.end("name")), reading="hears" if one["in"] else "sends",
                payload=shown[0] if shown and shown[0].fields else None,
            )
        )  # fmt: skip
    firm, hint = _side(piece)
    yield from sides.settled(read, words, firm, hint, consistent=True)


def _side(piece: Piece) -> tuple[Side | None, Side | None]:
    """(the side that the text above names, the side that headings do)."""
    above = next((text for kind, text in piece.trail if kind not in ("fence", "table")), "")
    said = sides.said(above) or ("client" if BESIDE_A_CLIENT.search(above) else None)
    return said, sides.of_texts(reversed(piece.section)) or "client"


def direction(text: str, offset: int) -> Direction | None:
    """The direction that the mark before a packet gives to it, as the tools of browsers and `wscat` write it."""
    begin = max(text.rfind("\n", 0, offset) + 1, offset - WIDE)
    mark = BEFORE.search(text[begin:offset])
    if mark is None:
        return None
    return "to-client" if mark["in"] else "to-server"
