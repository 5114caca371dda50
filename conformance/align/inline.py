"""Payloads that stand in a line of prose, an item or a row of a table, beside the event that they belong to. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from conformance.align import company, english, labels, loose, moods, named_fields
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Place
from conformance.align.named_fields import Told
from conformance.align.spans import Span
from conformance.align.vocabulary import Vocabulary

ANSWERS = re.compile(
    r"\b(?:ack\w*|respon[ds]\w*|answers?|repl(?:y|ies)|returns?|callback|error|with\s+code|stored?|saved?|cach(?:es?|ed)|keeps?|kept|turns?|maps?|config\w*)\b[^`]{0,40}$",
    re.IGNORECASE,
)
"""What stands right before an object that is no payload of the event."""

ANSWER_OF = re.compile(
    r"\b(?:acks?|acknowledge?ments?|answers?|repl(?:y|ies)|responses?|callback)\s+(?:of|to|for|from)\s+(?:the\s+)?`?\Z",
    re.IGNORECASE,
)
"""What says of a name that its answer is shown."""
ACK_OF = re.compile(
    r"`(?P<name>[\w:-]+)`\s*(?:(?:→|->|=>|⇒|is|gives|returns|,|:|-|–|—)\s*)*(?:(?:an?|the|with|by)\s+){0,2}"
    r"(?:acks?|acked|acknowledged|acknowledges|answered|answers|callback|reply)\s*(?:with|gets|is|of|:|→|->)?\s*\Z",
    re.IGNORECASE,
)
"""A request and its answer right before an object: ``x` → ack `{...}``."""
ACKS = re.compile(r"\b(?:acknowledges?|acks?|answers?|confirms?)\s+`[^`\n]+`\s+(?:with|by)\s*\Z", re.IGNORECASE)
"""What says that an object is what a request is acknowledged with: `acknowledge `x` with`."""
ACKED = re.compile(
    r"\A\W*(?:ack\w*|callback|reply|answer|response)(?:\s+(?:payload|data|body|shape|object))?\W*\Z", re.IGNORECASE
)
"""The head of a column of what requests are answered with."""
MARKS = re.compile(r"\w\?\s*[,}]")
"""A field that is marked as one that may be left out: the others are always there."""
WINDOW = 400
"""Characters before an object that may say whose it is."""


def claims(piece: Piece, spans: Sequence[Span], file: str, words: Vocabulary, told: Told) -> Iterator[Claim]:
    """The payloads of a piece; a row's belongs to the event of the row, and another to the name before it.

    Args:
        told: where those are added that are told by the names of their fields alone.
    """
    made: dict[int, Claim] = {}
    for span in spans:
        if span.code and span.text[:1] == "[" and "{" in span.text:
            yield from _packet(piece, span, file, words)
    for span in (*spans, *_unquoted(piece, words)):
        if not span.code or span.text.lstrip()[:1] != "{" or "}" not in span.text:
            continue
        own = _subject(piece, span, words)
        if own is None or own.kind != "event" or not words.known(own.name) or _is_wrong(piece, span, own, words):
            continue

        def placed(first: int, last: int, span: Span = span) -> Place:
            return piece.span(file, span.offset + first, span.offset + last)

        shown = loose.payload(span.text, span.text.index("{"), placed)
        if shown is None or not shown[0].fields:
            continue
        bare = ":" not in span.text or all(
            field.shape == "unknown" and not field.placeholder for field in shown[0].fields
        )
        claim = Claim(
            kind="event", subject=own.name, origin="document", how="payload", section=piece.section,
            place=placed(0, 1), refuted=piece.refuted, direction=own.direction or piece.direction,
            payload=shown[0], others=own.others,
        )  # fmt: skip
        made[span.offset + len(span.text)] = claim
        if bare:
            whole = shown[0].whole and MARKS.search(span.text) is not None
            told.claims[company.of(piece)].append(replace(claim, payload=replace(shown[0], whole=whole)))
        else:
            yield claim
    yield from named_fields.optional(piece, file, made)


PACKET = re.compile(r"\[\s*(?P<quote>['\"])(?P<name>[^'\"\n]+)(?P=quote)\s*,\s*(?=\{)")
"""A packet in a line of prose: ``["pen:take", {"pen": "red"}]``."""


def _packet(piece: Piece, span: Span, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The payload of a packet that names a documented event."""
    found = PACKET.match(span.text)
    if found is None or found["name"] not in words.events:
        return
    placed = partial(_placed, piece, file, span.offset)
    shown = loose.payload(span.text, found.end(), placed)
    if shown is not None and shown[0].fields:
        yield Claim(
            kind="event", subject=found["name"], origin="document", how="payload", section=piece.section,
            place=placed(found.start("name"), found.end("name")), refuted=piece.refuted, direction=piece.direction,
            payload=shown[0],
        )  # fmt: skip


def _placed(piece: Piece, file: str, offset: int, first: int, last: int) -> Place:
    return piece.span(file, offset + first, offset + last)


UNQUOTED = re.compile(
    r"`(?P<name>[a-z][\w-]*(?::[\w-]+)*)`\s*(?:(?:with|carries|has|có|mit|avec|con|→|⇒|->|=>|:)\s*)?"
    r"(?P<object>\{\s*[A-Za-z]\w*\??(?:\s*,\s*[A-Za-z]\w*\??)*\s*\})"
)
"""An event and the names of its fields in braces that nothing marks as code: ``pen:take` {room, pen}`."""


def _unquoted(piece: Piece, words: Vocabulary) -> Iterator[Span]:
    """The objects of a text right behind the names of events, or alone in a cell, as if they were marked as code."""
    text = piece.text
    if piece.kind == "cell" and text[:1] == "{" and text.rstrip()[-1:] == "}":
        yield Span(text=text.rstrip(), offset=0, code=True)
    for found in UNQUOTED.finditer(text) if "` " in text or "`{" in text else ():
        if found["name"] in words.events:
            yield Span(text=found["object"], offset=found.start("object"), code=True)


def _subject(piece: Piece, span: Span, words: Vocabulary) -> labels.Subject | None:
    if piece.kind == "cell":
        if ACKED.search(piece.head):
            own = labels.one(piece.row.replace(piece.text, " "), words)
            return labels.answer(own, words) if own is not None else None
        if english.ANSWER.search(piece.head) or english.OTHER_OBJECT.search(piece.head):
            return None
        return labels.one(piece.text, words) or labels.of_row(piece.row, words)
    before = piece.text[max(0, span.offset - WINDOW) : span.offset].rstrip("`")
    acked = ACK_OF.search(before)
    if acked is not None and (own := labels.one(acked["name"], words)) is not None:
        return labels.answer(own, words)
    if ANSWERS.search(before) or ACKS.search(before):
        return None
    sentence = re.split(r"(?<=[.!?])\s", before)[-1]
    named = labels.events(sentence, words)
    if named:
        last = max(named, key=lambda name: (sentence.rfind(name), len(name)))
        own = labels.Subject(kind="event", name=last)
        return labels.answer(own, words) if ANSWER_OF.search(sentence[: sentence.rfind(last)]) else own
    return labels.subject(replace(piece, trail=((piece.kind, before),)), words) if _is_label(before) else None


def _is_wrong(piece: Piece, span: Span, own: labels.Subject, words: Vocabulary) -> bool:
    """Whether an object is said to be wrong on purpose: an error is expected of it, or its heading says so."""
    if "to-server" not in words.ways(own.name):
        return False
    if piece.kind == "cell":
        rest = piece.row.replace(piece.text, " ")
        expected = words.bundle.errors in labels.events(rest, words)
        return expected or moods.wrong_on_purpose((piece.head, rest, *piece.section[-1:]))
    return moods.wrong_on_purpose((piece.text.replace(span.text, " "), piece.lead, *piece.section[-1:]))


def _is_label(before: str) -> bool:
    """Whether what stands before an object says that it is a payload: `Payload:`."""
    return (
        re.fullmatch(
            r"\W*(?:event\s+|broadcast\s+)?(?:payload|data|body|params?|emits?|args?)\W*", before, re.IGNORECASE
        )
        is not None
    )
