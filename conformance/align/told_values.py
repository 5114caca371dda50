"""What a document says of the values of a field: lists of them, its type, its longest text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from conformance.align import labels, languages, moods, sentences, value_lists
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Field, Payload, Place, Shape
from conformance.align.shown import schemas
from conformance.align.vocabulary import Vocabulary

LEAD = re.compile(
    r"\b(?:values?|states?|choices|options|one\s+of|either|giá\s+trị|trạng\s+thái|werte?|valeurs?|valores|"
    r"valori|waarden|wartości|nilai)\b[^`\n]{0,40}`(?P<of>[A-Za-z]\w*)`"
    r"|`(?P<field>[A-Za-z]\w*)`\s*(?:(?:is|are|may\s+be|can\s+be|must\s+be|takes?|has|have|là|nhận|gồm|"
    r"có)\s+)?(?:one\s+of|either|values?|the\s+values|một\s+trong|các\s+giá\s+trị)?[^`\n]{0,40}$",
    re.IGNORECASE,
)
"""What stands above a list of the values of a field: ``Values of `status`:``."""
FIRST = re.compile(
    r"(?:[\W_]*?`['\"]?|\*\*['\"]?|__['\"]?|\A['\"]?)(?P<value>[A-Za-z][\w-]*?)(?:['\"]?(?:`|\*\*|__)|['\"]?(?=\s*(?:[:–—]|\s-\s|\(|\Z)))"
)
NAME = re.compile(r"[`*_ ]*(?P<name>[A-Za-z]\w*)[`*_ ]*(?:\s+(?:values?|value))?[`*_ ]*")
VALUE_HEAD = re.compile(
    r"(?:the\s+)?(?:values?|states?|status(?:es)?|giá\s+trị|trạng\s+thái|wert|valeur|valor|valore)",
    re.IGNORECASE,
)
TYPED = re.compile(
    r"(?:`(?P<field>[A-Za-z]\w*)`|\b[Tt]he\s+(?P<bare>[a-z]+(?:[A-Z]\w*)?))(?:\s+(?:of|in|from|trong|"
    r"của)\s+(?:the\s+)?`[\w:-]+`)?\s*(?:,|\()?\s*(?:(?:is|as|"
    r"are|=|:|là|dạng|kiểu|ist|est|es|é|è)\s+|in\s+(?=iso))(?:(?:given|sent|written|encoded|always|now|in|as|a|an|the|một|ở|"
    r"theo|ein|eine|une?|un|uma?)\s+){0,3}"
    r"[`*]?(?P<type>iso[\s-]?8601(?:[\s-]+(?:string|date|timestamp|format))?|iso[\s-]+(?:strings?|dates?|timestamps?)|strings?|texts?|numbers?|integers?|"
    r"booleans?|bool|arrays?|objects?|chuỗi|số(?:\s+nguyên)?|(?:(?:unix|epoch)\s+)?(?:milli)?seconds|(?:unix|"
    r"epoch)\s+(?:time|timestamp|millis)|zeichenkette|zahl|chaîne|nombre|cadena|número)[`*]?(?![\w-])",
    re.IGNORECASE,
)
"""A field and what its value is: ``timestamp` is an ISO 8601 string`."""
SHAPES: tuple[tuple[str, Shape], ...] = (
    ("iso", "string"), ("string", "string"), ("text", "string"), ("chuỗi", "string"), ("zeichenkette", "string"),
    ("chaîne", "string"), ("cadena", "string"), ("bool", "boolean"), ("array", "array"), ("object", "object"),
)  # fmt: skip
"""How the words for types begin; all others are numbers."""
LENGTH = re.compile(
    rf"`(?P<field>[A-Za-z]\w*)`[^.;\n]{{0,60}}?\b(?:{languages.AT_MOST}|limited\s+to|longest|giới\s+hạn|"
    rf"không\s+quá)\s+\**`?(?P<most>\d[\d,. ]*\d|\d)`?\**\s+(?:characters?|chars?|letters|ký\s+tự|zeichen|"
    rf"caractères|caracteres|caratteri|tekens|znaków)\b",
    re.IGNORECASE,
)
"""How long a text may be: ``content` has at most 2000 characters`."""
OF_A_THING = re.compile(
    rf"(?:\A|[.!?:]\s+|\b(?:an?|the|each|every|one|any|your|mỗi)\s+)(?P<thing>[a-z]{{3,}})\s[^.;`\n]{{0,40}}?\b(?:{languages.AT_MOST}|limited\s+to|no\s+longer\s+than)\s+"
    r"\**(?P<most>\d[\d,. ]*\d|\d)\**\s+(?:characters?|chars?|letters|ký\s+tự|zeichen)\b",
    re.IGNORECASE,
)
"""How long the text of what a call writes may be: `A message has at most 2000 characters`."""
REFUSED = re.compile(
    r"(?:`(?P<field>[A-Za-z]\w*)`|\b(?:an?|the)\s+(?P<bare>[a-z]\w+))\s+(?:(?:is|of|with|has|dài)\s+)?"
    r"(?:more\s+than|longer\s+than|over|above|exceeding|quá|hơn|vượt(?:\s+quá)?)\s+\**`?(?P<most>\d[\d,]*)`?\**\s+"
    r"(?:characters?|chars?|letters|ký\s+tự)\b[^.;\n]{0,40}?\b(?:refused|rejected|denied|40[0-9]|413|422|an?\s+error|từ\s+chối|lỗi)",
    re.IGNORECASE,
)
"""How long a text may not be: `a content of more than 2000 characters is refused`."""
ROW = re.compile(
    rf"(?:\b(?:{languages.AT_MOST}|{languages.FIELD}|limit(?:ed\s+to)?|length|≤|<=)[\s:=]*|(?:\d+\s*(?:to|–|-|"
    rf"\.\.|đến)\s*))(?P<most>\d[\d,]*)\s*(?:characters?|chars?|ký\s+tự)\b|"
    r"(?:≤|<=|max(?:imum)?\s*length[\s:=]*|maxLength[\s:=]*)\s*(?P<least>\d[\d,]*)",
    re.IGNORECASE,
)
"""How long the text of a row's field may be."""
ELSEWHERE = re.compile(
    r"\b(?:badge|bubble|toast|banner|notification|push|sms|e-?mail|commit|log|ticket|slack|tweet|header|subject|was|were|used|will|would|planned)\w*\b",
    re.IGNORECASE,
)
"""What says that a text is of something else, or of another time."""
SHORTENED = re.compile(
    r"\b(?:cut|shown|show|list|preview|truncat\w+|ellips\w+|display\w*|label|title|hiển\s+thị|cắt)\b",
    re.IGNORECASE,
)
"""What is said of a text that is only shown shorter."""
TYPES = (
    "iso", "string", "text", "number", "integer", "bool", "array", "object", "chuỗi", "số", "second", "unix",
    "epoch", "zeichenkette", "zahl", "chaîne", "nombre", "cadena", "número",
)  # fmt: skip
CHARACTERS = ("char", "letter", "ký tự", "zeichen", "caract", "caratt", "teken", "znak")
"""Words of which every text has one that tells a type, and that tells a length."""
NOWHERE = Place(file="", line=1, column=1)


def claims(parts: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """What lists, tables, paragraphs and items say of values."""
    for (_, kind, _), some in groupby(parts, key=lambda piece: (piece.section, piece.kind, piece.lead)):
        if kind == "item":
            yield from _listed(list(some), file, words)
        elif kind == "cell":
            yield from _column(list(some), file, words)
    yield from _nested(parts, file, words)
    for piece in parts:
        if piece.kind not in ("paragraph", "item", "cell"):
            continue
        small = piece.text.lower()
        if "`" in piece.text and piece.kind != "cell" and any(word in small for word in TYPES):
            yield from _typed(piece, file, words)
        if any(word in small for word in CHARACTERS):
            yield from _lengths(piece, file, words)
    yield from value_lists.claims(parts, file, words)


def _listed(items: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    lead = items[0].lead.strip()
    if not lead.endswith((":", "：")):
        return
    last = re.split(r"(?<=[.!?])\s+", lead)[-1].rstrip(":： ")
    found = LEAD.search(last)
    if found is not None:
        texts = (lead, *reversed(items[0].section))
        yield from _values([one for one in items if one.depth == 1], found["of"] or found["field"], texts, file, words)


def _nested(parts: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """The values that are nested below the item of their field."""
    for number, piece in enumerate(parts):
        name = OF_ITEM.match(piece.text) if piece.kind == "item" else None
        if name is None or name["name"] not in words.choices or piece.refuted:
            continue
        below: list[Piece] = []
        for one in parts[number + 1 :]:
            if one.kind != "item" or one.depth <= piece.depth:
                break
            below += [one] if one.depth == piece.depth + 1 else []
        if len(below) > 1:
            yield from _values(below, name["name"], (piece.text, piece.lead, *reversed(piece.section)), file, words)


OF_ITEM = re.compile(r"[`*_\W]*(?P<name>[A-Za-z]\w*)[`*_?]*(?:\s*[:—–(-]|\s|$)")
"""The field that an item is about."""


def _column(cells: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """The first column of a table that is named after a field."""
    first = [cell for cell in cells if cell.column == 0 and cell.head]
    if not first:
        return
    head = first[0].head.strip("`*_ ")
    name = NAME.fullmatch(head)
    lead = LEAD.search(first[0].above.rstrip(":： \n"))
    field = (lead["of"] or lead["field"]) if lead and VALUE_HEAD.fullmatch(head) else name["name"] if name else None
    if field and field not in words.choices:  # At the head of a column it may begin with a capital.
        field = next((one for one in words.choices if one.lower() == field.lower()), field)
    if field:
        yield from _values(first, field, (first[0].above, *reversed(first[0].section)), file, words)


def _values(
    pieces: Sequence[Piece], name: str, texts: Sequence[str], file: str, words: Vocabulary
) -> Iterator[Claim]:  # fmt: skip
    """The values with which pieces begin, of a field of the event that is named above, where most of them are right."""
    found = [(piece, one) for piece in pieces if (one := FIRST.match(piece.text))]
    if len(found) != len(pieces):
        return
    event, allowed = _owner(name, texts, words)
    right = sum(one["value"] in allowed for _, one in found)
    if event is None or not right or right * 2 < len(found):
        return
    for piece, one in found:
        if one["value"] not in allowed and GONE.search(piece.row or piece.text):
            continue
        place = piece.span(file, one.start("value"), one.end("value"))
        yield _claim(event, Field(name=name, place=place, shape="string", value=one["value"]), piece)


GONE = re.compile(
    r"\b(?:no\s+longer|not\s+(?:yet|any\s*more|used|sent)|planned|later|internal(?:ly)?|never|formerly|was|were|soon|not\s+told|"
    r"không|chưa|cũ|sẽ)\b",
    re.IGNORECASE,
)
"""What says in a row that its value is not one that is sent."""


def _owner(name: str, texts: Sequence[str], words: Vocabulary) -> tuple[str | None, frozenset[str]]:
    """(the event whose field is meant, its values): the one named nearest, or any where all are alike."""
    for text in texts:
        named = [event for event in labels.events(text, words) if event in words.events]
        if named:
            owners = [event for event in named if _enums(event, name, words)]
            return (owners[0], _enums(owners[0], name, words)) if owners else (None, frozenset())
        if labels.CALL.search(text):
            return None, frozenset()
    every = {event: values for event in words.bundle.events if (values := _enums(event, name, words))}
    return (next(iter(every)), next(iter(every.values()))) if len(set(every.values())) == 1 else (None, frozenset())


def _enums(event: str, name: str, words: Vocabulary) -> frozenset[str]:
    return frozenset(value for schema in _schemas(event, name, words) for value in schema.get("enum", ()))


def _schemas(event: str, name: str, words: Vocabulary) -> list[dict[str, Any]]:
    """What the contracts say of a field of an event."""
    claim = Claim(kind="event", subject=event, place=NOWHERE, origin="document", how="payload")
    found = (schema.get("properties", {}).get(name) for schema in schemas(words.bundle, claim))
    return [one for one in found if isinstance(one, dict)]


def _typed(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The types that sentences give to fields of the one event that they name."""
    for found in TYPED.finditer(piece.text):
        begin, sentence = _sentence(piece.text, found.start())
        name = found["field"] or found["bare"]
        named = [event for event in labels.events(sentence, words) if event in words.events]
        if not named:
            named = [
                event for event in labels.events(piece.text[:begin], words)[-1:] if "to-client" in words.ways(event)
            ]
        if not named and not labels.events(piece.text, words) and not AS_SOMEBODY.search(sentence):
            named = _of_all(name, found["type"], words)
        if len(named) != 1 or moods.THEN.search(sentence) or not _schemas(named[0], name, words):
            continue
        small = found["type"].lower()
        shape: Shape = next((shape for start, shape in SHAPES if small.startswith(start)), "number")
        place = piece.span(file, found.start("type"), found.end("type"))
        if not _denied(sentence, found.start() - begin):
            unit = "s" if re.match(r"(?:(?:unix|epoch)\s+)?seconds", small) else ""
            told = Field(name=name, place=place, shape=shape, placeholder=True, unit=unit)
            yield _claim(named[0], told, piece)


def _of_all(name: str, kind: str, words: Vocabulary) -> list[str]:
    """An event with a time, where all that have one say the same of it."""
    if not TIME.search(kind):
        return []
    owners = [event for event in words.bundle.events if _schemas(event, name, words)]
    types = {str(schema.get("type")) for event in owners for schema in _schemas(event, name, words)}
    return owners[:1] if len(types) == 1 else []


TIME = re.compile(r"iso|second|unix|epoch", re.IGNORECASE)
AS_SOMEBODY = re.compile(
    r"\b(?:apps?|clients?|screens?|dashboards?|reads?|parses|stores?|stored|shows?|shown|draws?|forms?|database|columns?|redis|cache|logs?|exports?|csv|"
    r"not|never|was|were|had|used|would|will)\b|n['’]t\b",
    re.IGNORECASE,
)
"""What says that somebody takes a time for something, or keeps it so."""


def _denied(sentence: str, offset: int) -> bool:
    """Whether what stands right before a field says that it is not so."""
    return re.search(r"\b(?:not|never|no\s+longer|instead\s+of|không)\W*$", sentence[:offset]) is not None


def _lengths(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """How long the text of a field is said to be at most, where all contracts of such a field say the same."""
    texts = {call.name.split("-")[-1].lower(): call.texts[0] for call in words.bundle.calls.values() if call.texts}
    for found in (*LENGTH.finditer(piece.text), *REFUSED.finditer(piece.text), *OF_A_THING.finditer(piece.text)):
        thing = found.groupdict().get("thing")
        named = (
            texts.get(thing.lower().removesuffix("s"), "")
            if thing
            else str(found["field"] or found.groupdict().get("bare"))
        )
        sentence = _sentence(piece.text, found.start())[1]
        if SHORTENED.search(sentence) or (thing and ELSEWHERE.search(sentence)):
            continue
        owned = {
            call.title: call.body.document["properties"][named]["maxLength"]
            for call in words.bundle.calls.values()
            if call.body and "maxLength" in call.body.document.get("properties", {}).get(named, {})
        }
        if len(set(owned.values())) != 1:
            continue
        most = int(re.sub(r"\D", "", found["most"]))
        place = piece.span(file, found.start("most"), found.end("most"))
        claim = _claim("", Field(name=named, place=place, shape="string", placeholder=True, most=most), piece)
        yield replace(claim, kind="call", subject=next(iter(owned)), how="limit")


def most_of(row: str, kind: str) -> int | None:
    """How many characters the row of a field gives to it: by its type, or where the row speaks of nothing shortened."""
    found = ROW.search(kind) or (None if SHORTENED.search(row) else ROW.search(row))
    return int(re.sub(r"\D", "", found["most"] or found["least"])) if found else None


def _sentence(text: str, offset: int) -> tuple[int, str]:
    for begin, _, sentence in sentences.of(text):
        if begin <= offset < begin + len(sentence):
            return begin, sentence
    return 0, text


def _claim(event: str, field: Field, piece: Piece) -> Claim:
    return Claim(
        kind="event", subject=event, place=field.place, origin="document", how="payload", section=piece.section,
        refuted=piece.refuted, payload=Payload(fields=(field,), whole=False),
    )  # fmt: skip
