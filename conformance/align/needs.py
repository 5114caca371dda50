"""The fields that a sentence says an event or a call needs, takes or has: "`x` requires `a` and `b`". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from conformance.align import labels, moods, named_fields, paths, sentences, stance
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Field, Payload
from conformance.align.shown import known_fields
from conformance.align.vocabulary import Vocabulary
from contracts.model import Call

VERB = re.compile(
    r"(?<![\w-])(?:requires?|takes?|expects?|accepts?|includes?|including|needs?|carry|carries|holds?|comprises?|wants?|"
    r"contains?|consists?\s+of|made\s+(?:up\s+)?of|"
    r"must\s+(?:have|include|carry|contain)|yêu\s+cầu|đòi\s+hỏi|cần(?:\s+có)?|bao\s+gồm|nhận|gồm|"
    r"benötigt|braucht|verlangt|enthält|exige|requiert|nécessite|contient|requiere|necesita|lleva|requer|precisa\s+de|"
    r"richiede|vereist|wymaga)\s+(?:(?:only|also|just|both|at\s+least|the|an?|two|three|four|fields?|"
    r"parameters?|các|trường|felder|champs|campos|campi)\s+){0,4}(?=`[A-Za-z]\w*\??`)",
    re.IGNORECASE,
)
"""What stands before the fields that an event or a call has."""
PASSIVE = re.compile(
    r"\s+(?:(?:all|both|each|always|fields?|deu|đều)\s+)?(?:(?:is|are|has\s+to\s+be|have\s+to\s+be|must(?:\s+all)?\s+be|need\s+to\s+be|will\s+be|"
    r"sind|werden|sont|son|là|được|phải)\s+)(?:(?:all|both|always|được)\s+)?"
    r"(?:required|needed|mandatory|included|expected|sent|contained|carried|passed|bắt\s+buộc|gửi|kèm|erforderlich|"
    r"pflicht|obligatoires?|obligatorios|requeridos)",
    re.IGNORECASE,
)
"""What stands behind them in the passive."""
GOES_ON = re.compile(
    r"\s*(?:[.,;:)—–]|\Z|\s(?:fields?|parameters?|and|or|in|when|where|if|as|which|too|with|every|per|for|và|trong|khi)\b)",
    re.IGNORECASE,
)
"""What stands behind a name that is no adjective: `needs `admin` rights` has no field."""
DENIED = re.compile(
    r"\b(?:not|never|no\s+longer|cannot|without|neither|không|chưa|nicht|pas|non|não)\W+(?:\w+\W+)?$|n['’]t\W+(?:\w+\W+)?$",
    re.IGNORECASE,
)
"""What stands before a verb that is denied."""
PLANNED = re.compile(
    r"\b(?:later|future|next\s+(?:version|release)|plan(?:s|ned)?|proposal|proposed|would|soon|tương\s+lai|sẽ|trước\s+đây)\b",
    re.IGNORECASE,
)
"""What says that it is not so yet, or was."""


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The payloads and queries of which the sentences of a paragraph or an item name fields."""
    if piece.kind not in ("paragraph", "item", "cell") or piece.text.count("`") < LEAST_MARKS:
        return
    before = ""
    for begin, _, sentence in sentences.of(piece.text):
        names, at = _fields(piece.text, begin, sentence)
        above, before = before, sentence
        if not names or any(said.search(sentence) for said in (named_fields.BEHIND, PLANNED, moods.THEN)):
            continue
        fields = tuple(named_fields.field_named(piece, file, one) for one in names)
        claim = _claim(piece, fields, sentence, at, words) or _of_before(piece, fields, sentence, above, words)
        known = known_fields(words.bundle, claim) if claim else set[str]()
        if claim and sum(one.name in known for one in fields) * 2 >= max(len(fields), named_fields.LEAST):
            yield claim


LEAST_MARKS = 4
"""Marks of code in a text that names an event and a field."""


def _fields(text: str, begin: int, sentence: str) -> tuple[list[re.Match[str]], int]:
    """(the names of the fields of a sentence, before where what they are said of has to stand)."""
    names: list[re.Match[str]] = []
    first = len(sentence)
    for verb in VERB.finditer(sentence):
        run = named_fields.run(text, begin + verb.end())
        if DENIED.search(sentence[: verb.start()]) or (len(run) == 1 and not GOES_ON.match(text, run[0].end())):
            continue
        names += run
        first = min(first, verb.start())
    if names:
        return names, first
    for found in named_fields.LISTED.finditer(text, begin, begin + len(sentence)):
        run = named_fields.run(text, found.start())
        if len(run) >= named_fields.LEAST:
            told = PASSIVE.match(text, run[-1].end())
            return (run, len(sentence)) if told and "`" not in told[0] else ([], 0)
    return [], 0


def _claim(
    piece: Piece, fields: tuple[Field, ...], sentence: str, first: int, words: Vocabulary
) -> Claim | None:  # fmt: skip
    """What the fields are said of: the one event or call of the sentence, or the event before the verb."""
    calls, named = _calls(sentence, words), labels.events(sentence, words)
    before = labels.events(sentence[:first], words)
    named = before if len(before) == 1 and len(named) > 1 and not calls else named
    shown = Payload(fields=fields, whole=False)
    place = fields[0].place
    if len(named) == 1 and not calls and named[0] in words.events:
        return Claim(
            kind="event", subject=named[0], origin="document", how="payload", section=piece.section, place=place,
            refuted=piece.refuted, payload=shown,
        )  # fmt: skip
    if len(calls) == 1 and not named and (calls[0].body or calls[0].query):
        return Claim(
            kind="call", subject=calls[0].title, origin="document", how="payload", section=piece.section, place=place,
            refuted=piece.refuted, payload=shown if calls[0].body else None, query=None if calls[0].body else shown,
        )  # fmt: skip
    return None


def _of_before(
    piece: Piece, fields: tuple[Field, ...], sentence: str, above: str, words: Vocabulary
) -> Claim | None:  # fmt: skip
    """What a sentence says of the one event or call that the sentence before it names: `Its payload needs `a``."""
    if not sentences.PRONOUN.match(sentence) or labels.events(sentence, words) or labels.CALL.search(sentence):
        return None
    made = _claim(piece, fields, above, len(above), words) if not moods.THEN.search(above) else None
    if made is None or made.kind != "event":
        return made
    return replace(made, direction=stance.at(above, above.find(made.subject)))


def _calls(sentence: str, words: Vocabulary) -> Sequence[Call]:
    found = {f"{one['method']} {one['path'].rstrip('.:`')}" for one in labels.CALL.finditer(sentence)}
    return [call for title in found if (call := paths.call_of(words.bundle, title)) is not None]
