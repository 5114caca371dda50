"""Fields that a sentence says to be optional of the event or call that it names: "the `a` of `x` is optional". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.align import labels, languages, moods, needs, paths, sentences
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Field, Payload
from conformance.align.shown import known_fields
from conformance.align.vocabulary import Vocabulary

LEFT_OUT = (
    rf"(?:{languages.IS_OPTIONAL})|(?:may|can|need\s+not)\s+be\s+(?:left\s+out|omitted|missing|absent|skipped|given)"
)
TOLD = re.compile(
    rf"`(?P<first>[A-Za-z]\w*)`(?:\s+(?:of|in|on|for)\s+(?:an?\s+|the\s+)?`[^`\n]+`)?,?\s+(?:{LEFT_OUT})"
    r"|\b(?:optional|tùy\s+chọn|facultative?|opcional)\s+`(?P<second>[A-Za-z]\w*)`",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"\b(?:not\s+optional|was|were|had|would|could|should|will|later|planned|if|screen|form|page|database|column|our\s+own|ui|"
    r"sẽ|trước)\b|n['’]t\b",
    re.IGNORECASE,
)
"""What says that it is not so, or of something else than what is sent."""
WORDS = (
    "optional",
    "left out",
    "omitted",
    "missing",
    "absent",
    "skipped",
    "need not",
    "tùy chọn",
    "facultat",
    "opcional",
)
"""Of which every text has one that tells of such a field."""


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The fields of the one event or call that a sentence names, or that stands before what is said to be optional."""
    if piece.kind not in ("paragraph", "item") or piece.text.count("`") < needs.LEAST_MARKS:
        return
    small = piece.text.lower()
    if not any(word in small for word in WORDS):
        return
    for begin, _, sentence in sentences.of(piece.text):
        subject = _subject(sentence, words) if TOLD.search(sentence) else None
        plain = re.sub(r"`[^`]*`", " ", sentence)
        if subject is None or DENIED.search(plain) or moods.THEN.search(sentence) or plain.rstrip("*_ ").endswith("?"):
            continue
        for found in TOLD.finditer(sentence):
            group = "first" if found["first"] else "second"
            place = piece.span(file, begin + found.start(group), begin + found.end(group))
            field = Field(name=found[group], place=place, placeholder=True, optional=True)
            claim = Claim(
                kind="call" if " " in subject else "event", subject=subject, origin="document", how="payload",
                section=piece.section, place=place, refuted=piece.refuted,
                payload=Payload(fields=(field,), whole=False),
            )  # fmt: skip
            if field.name in known_fields(words.bundle, claim):
                yield claim


def _subject(sentence: str, words: Vocabulary) -> str | None:
    """The one event or call with a body that a sentence names."""
    named = [name for name in labels.events(sentence, words) if name in words.events]
    called = {f"{one['method']} {one['path'].rstrip('.:`')}" for one in labels.CALL.finditer(sentence)}
    if len(named) + len(called) != 1:
        return None
    if named:
        return named[0]
    call = paths.call_of(words.bundle, called.pop())
    return call.title if call is not None and call.body is not None else None
