"""What the types of a source say: enumerations of the values of a field, and classes that check what is sent. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from conformance.align import declared, value_enums
from conformance.align.labels import Subject
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Origin
from conformance.align.vocabulary import Vocabulary

SUBSCRIBED = re.compile(
    r"@SubscribeMessage\(\s*(['\"])(?P<event>[\w:-]+)\1\s*\)[^{;]{0,400}?@MessageBody\([^)]*\)\s*\w+\s*:\s*(?P<type>[A-Z]\w*)"
)
"""A handler, and the class of what it is given."""


def checked(files: Mapping[str, str], words: Vocabulary) -> dict[str, str]:
    """The event of each class that one handler alone is given, wherever the class is declared."""
    events: dict[str, set[str]] = {}
    for text in files.values():
        for found in SUBSCRIBED.finditer(text) if "@SubscribeMessage" in text else ():
            if found["event"] in words.events:
                events.setdefault(found["type"], set()).add(found["event"])
    return {name: some.pop() for name, some in events.items() if len(some) == 1}


def claims(piece: Piece, file: str, words: Vocabulary, origin: Origin, events: Mapping[str, str]) -> Iterator[Claim]:
    """What the types of one file claim.

    Args:
        events: of which event a class checks the payload.
    """
    for claim in value_enums.claims(piece, file, words):
        yield replace(claim, origin=origin)
    for one in declared.types(piece.text) if events and "@Is" in piece.text else ():
        if one.name in events:
            own = Subject(kind="event", name=events[one.name], direction="to-server")
            yield from (replace(claim, origin=origin) for claim in declared.of(one, own, piece, file, words))
