"""Steps of a scenario: what is emitted with which fields, in a table below the step or behind `with`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from conformance.align import loose, moods
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Field, Payload
from conformance.align.vocabulary import NAME, Vocabulary

STEP = re.compile(
    r"^[ \t]*(?:[-*]\s+)?(?:Given|When|Then|And|But|\*|Cho|Khi|Thì|Và|Wenn|Dann|Und)\b[^\n]*", re.MULTILINE
)
WORDS = ("Given", "When", "Then", "And ", "Cho", "Khi", "Wenn")
TABLE = re.compile(r"(?:\n[ \t]*\|[^\n]*\|[ \t]*)+")
HEAD = re.compile(r"fields?|keys?|names?|propert(?:y|ies)|attributes?|trường", re.IGNORECASE)
GIVEN = re.compile(
    r"(?:\b(?:with|and|where|has|having|whose|set\s+to|với|,)\s+(?:a|an|the)?\s*)?[`'\"]?(?P<name>[A-Za-z]\w*)[`'\"]?\s*"
    r"(?:is|=|:|of|equals?|to\s+be|là)?\s*(?P<value>'[^'\n]*'|\"[^\"\n]*\")"
)
"""A field and its value in a step: `with status "active"`."""
FAILS = re.compile(
    r"\b(?:invalid|wrong|unknown|bad|missing|without|rejected|refused|error|fails?|not)\b|n['’]t\b", re.IGNORECASE
)
"""What a scenario says whose payload is wrong on purpose."""
SCENARIO = re.compile(r"^[ \t]*(?:Scenario|Example|Kịch\s+bản|Szenario)\b", re.MULTILINE)

SPELLED = re.compile(
    r"\b(?:emits?|sends?|receives?|hears?|gets?|broadcasts?|gửi|nhận|sendet|empfängt)\s+(?:(?:the|an?)\s+)?(?:event\s+)?"
    r"(?P<quote>['\"`])(?P<name>\w[\w.-]*)(?P=quote)"
)
"""A name without colons that a step says to be an event's."""


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The payloads of the steps of a fence, but for those of scenarios in which something is refused."""
    if not any(word in piece.text for word in WORDS) or not STEP.search(piece.text):
        return
    begins = [found.start() for found in SCENARIO.finditer(piece.text)] or [0]
    for first, last in zip(begins, [*begins[1:], len(piece.text)], strict=True):
        said = NAME.sub(" ", piece.text[first:last])
        if FAILS.search(said) or moods.wrong_on_purpose((piece.text[first:last].split("\n", 1)[0],)):
            continue
        for step in STEP.finditer(piece.text, first, last):
            named = [name for name in dict.fromkeys(NAME.findall(step[0])) if name in words.events]
            if len(named) == 1:
                yield from _of_step(piece, file, step, named[0])
            for one in SPELLED.finditer(piece.text, *step.span()) if not named else ():
                if words.other_spelling(one["name"]):
                    yield Claim(
                        kind="event", subject=one["name"], place=piece.span(file, *one.span("name")),
                        origin="document", how="string", section=piece.section, refuted=piece.refuted,
                    )  # fmt: skip


def _of_step(piece: Piece, file: str, step: re.Match[str], event: str) -> Iterator[Claim]:
    base = Claim(
        kind="event", subject=event, place=piece.span(file, step.start(), step.start() + 1), origin="document",
        how="payload", section=piece.section,
    )  # fmt: skip
    at = piece.text.find(event, step.start()) + len(event)
    for found in GIVEN.finditer(piece.text, at, step.end()):
        told = loose.value(found["name"], found["value"])
        place = piece.span(file, found.start("value"), found.end("value"))
        shown = Payload(fields=(replace(told, place=place),), whole=False)
        yield replace(base, place=place, payload=shown)
    table = TABLE.match(piece.text, step.end())
    fields = _fields(piece, file, table) if table is not None else []
    if fields:
        yield replace(base, place=fields[0].place, payload=Payload(fields=tuple(fields), whole=False))


def _fields(piece: Piece, file: str, table: re.Match[str]) -> list[Field]:
    """The fields of a table: one in each row below a head that says so, or those that the head names."""
    rows: list[list[tuple[str, int]]] = []
    for line in re.finditer(r"\|[^\n]*", table[0]):
        cells, at = [], table.start() + line.start() + 1
        for part in line[0].strip().strip("|").split("|"):
            cells.append((part.strip(), at + len(part) - len(part.lstrip())))
            at += len(part) + 1
        rows.append(cells)
    if not rows or not rows[0][0][0]:
        return []
    downwards = HEAD.fullmatch(rows[0][0][0]) is not None and len(rows[0]) > 1
    names = [row[0] for row in rows[1:]] if downwards else rows[0]
    return [
        Field(name=name, place=piece.span(file, at, at + len(name)))
        for name, at in names
        if re.fullmatch(r"[A-Za-z]\w*", name)
    ]
