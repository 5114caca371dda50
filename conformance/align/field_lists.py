"""Tables and lists of fields and their types, under what names their event, to payloads. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, zip_longest

from conformance.align import labels, languages, loose, paths, told_values
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Field, Payload, Place
from conformance.align.shown import known_fields, schemas
from conformance.align.vocabulary import Vocabulary

FIELD_HEAD = re.compile(
    rf"\b(?:{languages.FIELD})\b|\bmembers?\b|field|propert(?:y|ies)|key|parameter|name|param\b|attribute|"
    rf"argument|\bfeld\b|\bchamp\b|\bcampo\b|trường|\btên\b|字段|参数",
    re.IGNORECASE,
)
TYPE_HEAD = re.compile(r"type|\btyp\b|\btipo\b|kiểu|类型", re.IGNORECASE)
EXAMPLE_HEAD = re.compile(
    r"(?:example|sample)(?:\s+value)?s?|values?|e\.?g\.?|ví\s+dụ|giá\s+trị(?:\s+mẫu)?|beispiel|wert|exemple|"
    r"valeur|ejemplo|valor|exemplo|esempio|valore|voorbeeld|"
    r"przykład|contoh",
    re.IGNORECASE,
)
"""The head of a column that shows a value of each field."""
DEFAULT = re.compile(
    r"default(?:\s+values?)?|standard(?:wert)?|mặc\s+định|défaut|por\s+defecto|padrão|predefinito", re.IGNORECASE
)
"""The head of a column of what holds where nothing is given."""
LEAST_HEAD = re.compile(r"min(?:imum|\.)?(?:\s+values?)?|tối\s+thiểu|mindestens", re.IGNORECASE)
MOST_HEAD = re.compile(r"max(?:imum|\.)?(?:\s+values?)?|limit|tối\s+đa|höchstens", re.IGNORECASE)
RANGE_HEAD = re.compile(
    r"(?:allowed\s+|valid\s+)?(?:ranges?|bounds?|interval)|(?:value\s+)?range|bereich|plage|rango|phạm\s+vi|khoảng",
    re.IGNORECASE,
)
"""The head of a column of the bounds of each number."""
RANGE = re.compile(
    r"[`*_\s\[(]*(?:(?P<minimum>-?\d+)\s*°?\s*(?:\.\.+|…|–|—|-|to|bis|đến|,|and)\s*(?P<maximum>-?\d+)|(?:>=|≥)\s*(?P<least>-?\d+)|"
    r"(?:<=|≤)\s*(?P<most>-?\d+))(?![\w.]*\d)"
)
NUMBER = re.compile(r"[`*_\s]*(-?\d+)[`*_\s]*")
WORD = re.compile(r"`[\w.:-]+`")
ITEM = re.compile(
    r"^[`*_]*(?P<name>[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*)\??[`*_]*\??"
    r"(?:\s*[:—–-]*\s*[`*_]*\((?P<inside>[^)]*)\)"
    r"|[\s:—–-]+(?:[`*_]+|<(?:em|i|code|kbd)>)(?P<marked>\w+?)(?:[`*_,?\s]|</)"
    r"|\s*[:—–-]+\s*(?P<kind>\w+)\b)?",
    re.DOTALL,
)


PAYLOAD = re.compile(
    rf"^\W*(?:\w+\s+){{0,2}}(?:payload|fields?|data|body|dữ\s+liệu|nội\s+dung|tham\s+số|daten|données|datos|"
    rf"dados|dati|{languages.FIELD})\b[^.]{{0,40}}:?\W*$",
    re.IGNORECASE,
)
"""A label of a list of fields."""


SEVERAL = re.compile(r"[`*_?\s]*(?:[,/+&]|\s(?:and|or|và|und|et|y|e|en)\s)[`*_\s]*")
"""What stands between two names in one cell: ``latitude`, `longitude``."""
NESTED = re.compile(r"[`*_\s↳└>-]*\w+\??(?:\[[^\]]*\])?(?:\.|\[\])")
"""A field of a field: `items[].id`."""


def claims(parts: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """The payloads that tables and nested lists give."""
    table: list[Piece] = []
    for piece in (*parts, None):
        if piece is not None and piece.kind == "cell" and (not table or piece.section == table[0].section):
            table.append(piece)
            continue
        yield from _table(table, file, words)
        table = [piece] if piece is not None and piece.kind == "cell" else []
    yield from _lists(parts, file, words)
    yield from _below_labels(parts, file, words)
    yield from _below_headings(parts, file, words)


def _table(table: list[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    cells = [cell for cell in table if cell.head]
    heads = list(dict.fromkeys(cell.head for cell in cells))
    if len(heads) < 2 or not FIELD_HEAD.search(heads[0]):
        return
    untyped = languages.REQUIRED.fullmatch(heads[1].strip("`*_ ")) is not None
    exemplary = not untyped and not TYPE_HEAD.search(heads[1])
    if exemplary and not EXAMPLE_HEAD.fullmatch(heads[1].strip("`*_ ")):
        return
    first = cells[0]
    if first.trail[:1] and first.trail[0][0] == "fence":
        first = replace(first, trail=first.trail[1:])  # A table below an example tells of the same.
    own = labels.subject(first, words)
    if own is None:
        return
    fields, whole = [], True
    bounds = {
        word: {cell.lines[0][0]: cell for cell in cells if head.fullmatch(cell.head.strip("`*_ "))}
        for word, head in (("default", DEFAULT), ("minimum", LEAST_HEAD), ("maximum", MOST_HEAD))
    }
    always = next((head for head in heads[1:] if languages.REQUIRED.fullmatch(head)), None)
    marks = [cell.text for cell in cells if cell.head == always]
    for name, kind, mark in zip_longest(
        [cell for cell in cells if cell.head == heads[0]], [cell for cell in cells if cell.head == heads[1]], marks
    ):
        if name is None or kind is None:
            break
        several = SEVERAL.split(name.text.strip("`*_ ?"))
        if not all(re.fullmatch(r"\w+", bare) for bare in several):
            whole = whole and NESTED.match(name.text) is not None
            continue
        for bare in several:
            told_kind = "" if untyped else _kind(kind.text)
            made = _shown(name, bare, kind.text, file) if exemplary else _field(name, bare, told_kind, file)
            limit = told_values.most_of(name.row, kind.text)
            told = [
                (word, int(number[1]))
                for word, cells_of in bounds.items()
                if (cell := cells_of.get(name.lines[0][0])) and (number := NUMBER.fullmatch(cell.text))
            ]
            told += _ranged(name.lines[0][0], cells)
            made = replace(made, told=tuple(told)) if told else made
            fields.append(
                replace(made, optional=mark is not None and languages.NO.fullmatch(mark) is not None, most=limit)
            )
    if fields:
        made_of = _claim(own, cells[0], fields, fields[0].place)
        made_of = replace(made_of, payload=Payload(fields=tuple(fields), whole=whole))
        made_of = _unquoted(made_of, words) if exemplary else made_of
        yield _of_query(_but_for_the_room(made_of, words), words)


def _ranged(line: int, cells: Sequence[Piece]) -> list[tuple[str, int]]:
    """The bounds that a column of ranges gives to the field of a row."""
    row = (one for one in cells if one.lines[0][0] == line)
    cell = next((one for one in row if RANGE_HEAD.fullmatch(one.head.strip("`*_ "))), None)
    found = RANGE.match(cell.text) if cell is not None else None
    words = {"minimum": "minimum", "maximum": "maximum", "least": "minimum", "most": "maximum"}
    return [(words[group], int(text)) for group, text in found.groupdict().items() if text] if found else []


def _of_query(claim: Claim, words: Vocabulary) -> Claim:
    """A table of the parameters of a call without a body, in which those of its path may stand, too."""
    call = paths.call_of(words.bundle, claim.subject) if claim.kind == "call" else None
    if call is None or call.body is not None or call.query is None or claim.payload is None:
        return claim
    known = call.query.document.get("properties", {})
    fields = tuple(field for field in claim.payload.fields if field.name in known)
    return replace(claim, payload=None, query=Payload(fields=fields, whole=False)) if fields else claim


def _unquoted(claim: Claim, words: Vocabulary) -> Claim:
    """A table of examples, in which a text of digits stands without quotes."""
    if claim.kind != "event" or claim.payload is None:
        return claim
    texts = {
        name
        for schema in schemas(words.bundle, claim)
        for name, part in schema.get("properties", {}).items()
        if isinstance(part, dict) and "string" in (part.get("type") or ())
    }
    fields = (
        replace(one, shape="unknown", value=None) if one.shape == "number" and one.name in texts else one
        for one in claim.payload.fields
    )
    return replace(claim, payload=replace(claim.payload, fields=tuple(fields)))


def _but_for_the_room(claim: Claim, words: Vocabulary) -> Claim:
    """A table of fields that has all but the room's key, of which the text around it speaks, leaves out nothing."""
    there = {field.name for field in claim.payload.fields} if claim.payload else set[str]()
    for schema in schemas(words.bundle, claim) if claim.kind == "event" and claim.payload else ():
        required, known = set(schema.get("required", ())), set(schema.get("properties", ()))
        if required - there == {words.bundle.room.key} and there <= known and claim.payload:
            return replace(claim, payload=replace(claim.payload, whole=False))
    return claim


def _kind(text: str) -> str:
    """A type without its mark-up; the values of a choice keep what quotes each of them."""
    text = text.strip("* ")
    return text if "` " in text else text.strip("` ")


def _shown(piece: Piece, name: str, text: str, file: str) -> Field:
    """A field with the value that a table shows of it."""
    first = piece.text.find(name)
    place = piece.span(file, first, first + len(name))
    written = text.strip("* ")
    told = loose.value(name, written.strip("`"))
    if told.shape == "unknown" and WORD.fullmatch(written) and written.strip("`").lower() not in loose.TYPES:
        return Field(name=name, place=place, shape="string", value=written.strip("`"))
    return replace(told, place=place)


def _field(piece: Piece, name: str, kind: str, file: str) -> Field:
    line, column = piece.place(piece.text.find(name))
    told = loose.value(name, kind)
    if told.shape == "unknown":
        told = loose.value(name, re.split(r"[^A-Za-z\[\]]", kind, maxsplit=1)[0])
    place = Place(file=file, line=line, column=column, end=column + len(name))
    return Field(name=name, place=place, shape=told.shape, placeholder=True, values=told.values)


def _claim(own: labels.Subject, piece: Piece, fields: list[Field], place: Place) -> Claim:
    return Claim(
        kind=own.kind, subject=own.name, place=place, origin="document", how="payload", direction=own.direction,
        others=own.others, payload=Payload(fields=tuple(fields)), section=piece.section, refuted=piece.refuted,
    )  # fmt: skip


def _lists(parts: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """Items that name one event, with its fields nested right below."""
    for number, piece in enumerate(parts):
        if piece.kind != "item":
            continue
        own = labels.one(piece.text, words) or _of_label(piece, words)
        if own is None or own.kind != "event":
            continue
        below: list[Piece] = []
        for at in range(number + 1, len(parts)):
            one = parts[at]
            if one.kind != "item" or one.depth <= piece.depth:
                break
            below.append(one)
        nested = [one for one in below if one.depth == piece.depth + 1]
        fields = [_item(one, file) for one in nested]
        known = [field for field in fields if field is not None and field.shape != "unknown"]
        if len(known) > 1 and len(known) == len(nested):
            yield replace(_claim(own, piece, known, known[0].place), direction=own.direction or piece.direction)


def _of_label(piece: Piece, words: Vocabulary) -> labels.Subject | None:
    """The event of the heading above an item that is no more than the label of a payload: `- **Payload**:`."""
    if not ITEM_LABEL.fullmatch(piece.text.split("\n", 1)[0]) or not piece.section:
        return None
    return labels.one(piece.section[-1], words)


ITEM_LABEL = re.compile(
    r"[*_`\s]*(?:(?:the|event|request|client|server)\s+)?(?:payload|data|body|fields|parameters|params|arguments|trường|dữ\s+liệu)"
    r"[*_`\s]*[:：]?[*_`\s]*",
    re.IGNORECASE,
)
"""An item that is the label of the fields that are nested in it."""


def _below_labels(parts: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """Lists of nothing but fields and their types, below a label that says that they are a payload."""
    run: list[Piece] = []
    for piece in (*parts, None):
        if (
            piece is not None
            and piece.kind == "item"
            and piece.depth == 1
            and (not run or piece.section == run[0].section)
        ):
            run.append(piece)
            continue
        if piece is not None and piece.kind == "item" and run:
            run.append(piece)  # What is nested makes it another list.
            continue
        if run and PAYLOAD.search(run[0].lead) and all(one.depth == 1 for one in run):
            own = labels.subject(run[0], words)
            fields = [_item(one, file) for one in run]
            known = [field for field in fields if field is not None and field.shape != "unknown"]
            if own is not None and own.kind == "event" and len(known) == len(run):
                yield replace(_claim(own, run[0], known, known[0].place), direction=own.direction or run[0].direction)
        run = []


def _below_headings(parts: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """Items with a field and its type each, below the heading of an event, whatever is nested in them."""
    below = (one for one in parts if one.kind == "item" and one.section and EVENT.search(one.section[-1]))
    for (_, lead), some in groupby(below, key=lambda piece: (piece.section, piece.lead)):
        items = [piece for piece in some if piece.depth == 1]
        if len(items) < LEAST or PAYLOAD.search(lead):
            continue
        own = labels.one(items[0].section[-1], words)
        if own is None or own.kind != "event":
            continue
        shown = [field for one in items if (field := _item(one, file)) is not None and field.shape != "unknown"]
        claim = _claim(own, items[0], shown, shown[0].place) if len(shown) >= LEAST else None
        known = known_fields(words.bundle, claim) if claim else set[str]()
        if claim and sum(one.name in known for one in shown) * 2 > len(items):
            yield replace(claim, payload=Payload(fields=tuple(shown), whole=False))


EVENT = re.compile(r"[:`]")
"""What a heading has that names an event."""
LEAST = 2
"""Items of fields that make a list a payload where no label says that it is one."""


def _item(piece: Piece, file: str) -> Field | None:
    found = ITEM.match(piece.text.split("\n")[0])
    if found is None:
        return None
    kind = (found["inside"] or found["marked"] or found["kind"] or "").strip("`* ")
    made = _field(piece, found["name"], re.split(r"[,;]", kind)[0].strip(), file)
    return replace(made, optional=languages.OPTIONAL.search(found["inside"] or "") is not None)
