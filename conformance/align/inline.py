"""Payloads that stand in a line of prose, an item or a row of a table, beside the event that they belong to. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from conformance.align import english, labels, loose
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Payload, Place
from conformance.align.spans import Span
from conformance.align.vocabulary import Vocabulary

ANSWERS = re.compile(
    r"\b(?:ack\w*|respon[ds]\w*|answers?|repl(?:y|ies)|returns?|callback|error|with\s+code|stored?|saved?|config\w*)\b[^`]{0,40}$",
    re.IGNORECASE,
)
"""What stands right before an object that is no payload of the event."""

WINDOW = 400
"""Characters before an object that may say whose it is."""


def claims(piece: Piece, spans: Sequence[Span], file: str, words: Vocabulary) -> Iterator[Claim]:
    """The payloads of a piece; a row's belongs to the event of the row, and another to the name before it."""
    for span in spans:
        if not span.code or span.text.lstrip()[:1] != "{" or "}" not in span.text:
            continue
        own = _subject(piece, span, words)
        if own is None or own.kind != "event" or not words.known(own.name):
            continue

        def placed(first: int, last: int, span: Span = span) -> Place:
            line, column = piece.place(span.offset + first)
            return Place(file=file, line=line, column=column, end=column + last - first)

        shown = loose.payload(span.text, span.text.index("{"), placed)
        if shown is None or not shown[0].fields:
            continue
        yield Claim(
            kind="event", subject=own.name, origin="document", how="payload", section=piece.section,
            place=placed(0, 1), refuted=piece.refuted, direction=own.direction or piece.direction,
            payload=_lenient(shown[0]),
        )  # fmt: skip


def _lenient(shown: Payload) -> Payload:
    """A payload of bare names tells what is in it, and not that nothing else is."""
    bare = all(field.shape == "unknown" and not field.placeholder for field in shown.fields)
    return replace(shown, whole=shown.whole and not bare)


def _subject(piece: Piece, span: Span, words: Vocabulary) -> labels.Subject | None:
    if piece.kind == "cell":
        if english.ANSWER.search(piece.head) or english.OTHER_OBJECT.search(piece.head):
            return None
        return labels.one(piece.row, words)
    before = piece.text[max(0, span.offset - WINDOW) : span.offset].rstrip("`")
    if ANSWERS.search(before):
        return None
    sentence = re.split(r"(?<=[.!?])\s", before)[-1]
    named = labels.events(sentence, words)
    if named:
        last = max(named, key=sentence.rfind)
        return labels.Subject(kind="event", name=last)
    return labels.subject(replace(piece, trail=((piece.kind, before),)), words) if _is_label(before) else None


def _is_label(before: str) -> bool:
    """Whether what stands before an object says that it is a payload: `Payload:`."""
    return (
        re.fullmatch(
            r"\W*(?:event\s+|broadcast\s+)?(?:payload|data|body|params?|emits?|args?)\W*", before, re.IGNORECASE
        )
        is not None
    )
