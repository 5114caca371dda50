"""The acks that a text shows of requests: `X is acknowledged with {...}`, and cells of a column of acks. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from conformance.align import inline, labels, loose, moods, needs, sentences, stance
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Payload
from conformance.align.vocabulary import Vocabulary

_OBJECT = r"`(?P<object>\{[^`\n]*\})`"
ACKED = re.compile(
    rf"`(?P<name>[\w:.-]+)`\s+(?:(?:is|gets|will\s+be)\s+)?(?:acknowledged|acked|acknowledges|acks)\s+(?:with|by)\s+{_OBJECT}|"
    rf"\b(?:ack|acknowledge?ment|callback)\s+(?:of|to|for)\s+`(?P<of>[\w:.-]+)`\s+(?:gets|is|has|carries|receives|is\s+called\s+with)\s+"
    rf"{_OBJECT.replace('object', 'given')}",
    re.IGNORECASE,
)
CELL = re.compile(rf"\s*{_OBJECT}\s*")
UNSURE = re.compile(r"\b(?:may|might|could|would|thought|idea|rejected|wish|want|no\s+longer|not)\b", re.IGNORECASE)


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The acks of requests that are not answered under a name of their own as well; those are read with that."""
    if "`{" not in piece.text:
        return
    if piece.kind == "cell":
        found = CELL.fullmatch(piece.text) if inline.ACKED.search(piece.head) else None
        own = labels.one(piece.row.replace(piece.text, " "), words) if found is not None else None
        if found is not None and own is not None and own.kind == "event":
            yield from _claim(piece, file, own.name, found.start("object"), found["object"], words)
        return
    if piece.kind not in ("paragraph", "item"):
        return
    for begin, _, sentence in sentences.of(piece.text):
        said = labels.CODE.sub(" ", sentence)
        if any(one.search(said) for one in (UNSURE, needs.PLANNED, moods.THEN)) or stance.refuted(sentence):
            continue
        for found in ACKED.finditer(piece.text, begin, begin + len(sentence)):
            group = "object" if found["object"] else "given"
            yield from _claim(piece, file, found["name"] or found["of"], found.start(group), found[group], words)


def _claim(piece: Piece, file: str, name: str, at: int, shown: str, words: Vocabulary) -> Iterator[Claim]:
    event = words.bundle.events.get(name)
    if event is None or event.request is None or (event.request.reply is not None and event.request.reply.event):
        return
    made = loose.payload(piece.text[: at + len(shown)], at, partial(piece.span, file))
    if made is not None and made[0].fields:
        yield Claim(
            kind="event", subject=name, origin="document", how="payload", place=piece.span(file, at, at + len(shown)),
            section=piece.section, refuted=piece.refuted, of_reply=True, direction="to-server",
            payload=Payload(fields=made[0].fields, whole=False),
        )  # fmt: skip
