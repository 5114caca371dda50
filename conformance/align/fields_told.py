"""Fields that are told below the heading of their event, read off it by name, or told of the items of a list. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from conformance.align import labels, languages, moods, named_fields, needs, sentences
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Field, Payload, Place
from conformance.align.shown import known_fields, schemas
from conformance.align.vocabulary import Vocabulary

LISTED = re.compile(
    r"(?:^|(?<=[.;\n])\s*)[\W_]*(?:the\s+)?(?:(?P<optional>optional(?:ly)?|tùy\s+chọn|không\s+bắt\s+buộc|facultatif|opcional\w*)"
    r"|required|mandatory|obligatory|bắt\s+buộc|pflicht|erforderlich|obligatoires?|obligatori\w*)"
    r"(?:\s+(?:fields?|keys?|params?|parameters?|felder|champs|campos|trường))?[*_]*\s*[:：][*_]*\s*(?=`)",
    re.IGNORECASE,
)
"""What begins a line of fields that have to be there, or may be: `Required: `a`, `b``."""
GETS = re.compile(
    r"\b(?:you|we|clients?|it|they|everybody|everyone|the\s+(?:room|app|client|server|payload|event|message|data|object))\s+"
    r"(?:\w+\s+)?(?:gets?|receives?|sends?|sees?|passes|carries|has|have|contains?|includes?|holds?|needs?|takes?)\s+"
    r"(?:(?:the|a|an|only|just|fields?)\s+){0,2}(?=`)|\b(?:plus|together\s+with|along\s+with|in\s+addition\s+to\s+that)\s+(?=`)|"
    r"^[\W_]*(?:carries|contains|includes|holds|has|needs|takes|sends|gồm|chứa|có|cần)\s+(?:(?:the|a|an)\s+)?(?=`)",
    re.IGNORECASE,
)
"""What stands before the fields of what the heading names."""
MAY_BE_LEFT = re.compile(
    rf"`(?P<name>[A-Za-z]\w*)`,?\s+(?:(?:{languages.IS_OPTIONAL})|(?:may|can)\s+be\s+(?:left\s+out|omitted|missing|absent|skipped))",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"\b(?:not|never|no\s+longer|without|neither|không|chưa|nicht|pas|non|não|was|were|had|planned|later|will|would|sẽ|"
    r"header\w*|environment|variables?|install|package|import|token|screen|database|table|column|state|store|component|"
    r"log(?:s|ged)?|cookie|claims?)\b|n['’]t\b",
    re.IGNORECASE,
)
"""What says that it is not so, or of something else than what is sent."""
READ = re.compile(
    r"`(?:payload|data|msg|message|evt|event|args?|body|res|resp|response|reply|ack|answer|p|d)(?:\?\.|!?\.|\[['\"])(?P<name>[A-Za-z]\w*)"
    r"(?:['\"]\])?`"
)
"""A field that a text reads of what came: `payload.status`."""
OWN = frozenset(
    {"length", "map", "filter", "forEach", "toString", "json", "then", "data", "body", "error", "err", "type", "target",
     "preventDefault", "keys", "values", "ok", "status_code", "statusCode", "headers", "payload", "push", "text"}
)  # fmt: skip
"""What any object has, or one that carries a payload."""
ENTRIES = re.compile(
    r"`(?P<list>\w+)`,?\s+(?:each|every\s+one|all|jeder?|chacun)\s+(?:(?:of\s+them|entry|one)\s+)?(?:has|have|having|with|carries|carrying|holds|holding|có|mit|avec)\s+"
    r"(?:(?:the|an?|its)\s+)?(?=`)|"
    r"\b(?:each|every|an?|one|mỗi|jeder?|chaque|cada)\s+(?:\w+\s+){0,2}?(?:of|in|from|trong|của|von|de)\s+(?:the\s+)?`(?P<name>\w+)`"
    r"[^`.]{0,40}?\b(?:has|have|with|carries|contains|holds|is|consists\s+of|there\s+(?:is|are)|có|gồm|hat|contient|tiene)\b[^`.]{0,24}(?=`)",
    re.IGNORECASE,
)
"""What stands before the fields of what a list holds."""
SINGLE = ("ach ", "very ", "one ", "ỗi ", "ede", "haque ", "ada ", " an ", " a ", "A ")
"""Of which words each of them has one."""
OF_SOMETHING = re.compile(r"[:`]|[A-Z]{3,} ?/|^\w+$")
"""A heading that may name an event or a call."""
LEAST = 2


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The fields that a paragraph or an item tells."""
    if piece.kind not in ("paragraph", "item") or "`" not in piece.text:
        return
    yield from _read(piece, file, words)
    yield from _entries(piece, file, words)
    if not piece.section or not OF_SOMETHING.search(piece.section[-1]):
        return
    if labels.events(piece.text, words) or labels.CALL.search(piece.text):
        return
    own = labels.one(piece.section[-1], words)
    if own is None or (own.kind == "event" and own.name not in words.events):
        return
    for found in LISTED.finditer(piece.text):
        names = named_fields.run(piece.text, found.end())
        optional = found["optional"] is not None
        yield from _claim(piece, file, own, names, words, least=1 if optional else LEAST, optional=optional)
    for begin, _, sentence in sentences.of(piece.text):
        plain = re.sub(r"`[^`]*`|\b(?:what|as|that|which)\s+(?:was|were)\s+\w+", " ", sentence)
        if DENIED.search(plain) or moods.THEN.search(sentence) or needs.PLANNED.search(sentence):
            continue
        for told in MAY_BE_LEFT.finditer(sentence):
            name = named_fields.LISTED.match(piece.text, begin + told.start())
            yield from _claim(piece, file, own, [name] if name else [], words, least=1, optional=True)
        gets = GETS.search(piece.text, begin, begin + len(sentence))
        if gets is not None:
            yield from _claim(piece, file, own, named_fields.run(piece.text, gets.end()), words, least=LEAST)


def _claim(
    piece: Piece, file: str, own: labels.Subject, names: Sequence[re.Match[str]], words: Vocabulary, *, least: int,
    optional: bool = False,
) -> Iterator[Claim]:  # fmt: skip
    """The fields of what the heading names, where most of them are its."""
    if len(names) < least:
        return
    fields = [replace(named_fields.field_named(piece, file, one), optional=optional) for one in names]
    claim = Claim(
        kind=own.kind, subject=own.name, origin="document", how="payload", section=piece.section, refuted=piece.refuted,
        place=fields[0].place, payload=Payload(fields=tuple(fields), whole=False),
    )  # fmt: skip
    known = known_fields(words.bundle, claim)
    if sum(one.name in known for one in fields) * 2 >= max(len(fields), 1):
        yield claim


def _read(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The fields that a sentence reads of the payload of the one event that it names, which the server sends."""
    found = list(READ.finditer(piece.text))
    if not found:
        return
    for begin, _, sentence in sentences.of(piece.text):
        inside = [one for one in found if begin <= one.start() < begin + len(sentence) and one["name"] not in OWN]
        named = labels.events(sentence, words) if inside else []
        plain = re.sub(r"`[^`]*`", " ", sentence)
        if len(named) != 1 or "to-client" not in words.ways(named[0]) or needs.PLANNED.search(plain):
            continue
        if moods.THEN.search(sentence) or re.search(r"\b(?:not|never|no)\b|n['’]t\b", plain):
            continue
        for one in inside:
            place = piece.span(file, *one.span("name"))
            yield Claim(
                kind="event", subject=named[0], origin="document", how="on", section=piece.section, place=place,
                refuted=piece.refuted, direction="to-client",
                payload=Payload(fields=(Field(name=one["name"], place=place),), whole=False),
            )  # fmt: skip


def _entries(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The fields of the items of a list, of which only one event or answer has one of that name."""
    for found in ENTRIES.finditer(piece.text) if any(word in piece.text for word in SINGLE) else ():
        group = "name" if found["name"] else "list"
        subject = _with_list(found[group], words)
        names = named_fields.run(piece.text, found.end())
        beside = _fields_of(subject, words) if subject and group == "list" else frozenset[str]()
        while names and names[-1]["name"] in beside:
            names.pop()  # It stands beside the list again: `items`, each with `a` and `b`, and `count`.
        known = _fields_of_entry(subject, found[group], words) if subject else frozenset[str]()
        if group == "list" and sum(one["name"] in known for one in names) * 2 < len(names):
            continue
        if len(names) < LEAST or subject is None or needs.PLANNED.search(piece.text):
            continue
        fields = tuple(named_fields.field_named(piece, file, one) for one in names)
        place = piece.span(file, *found.span(group))
        inside = (Payload(fields=fields, whole=True),)
        outer = Field(name=found[group], place=place, shape="array", inside=inside)
        yield Claim(
            kind="event", subject=subject, origin="document", how="payload", section=piece.section, place=place,
            refuted=piece.refuted, direction="to-client", payload=Payload(fields=(outer,), whole=False),
        )  # fmt: skip


def _fields_of(event: str, words: Vocabulary) -> frozenset[str]:
    """The fields of what the server sends under a name."""
    claim = Claim(kind="event", subject=event, place=_NOWHERE, origin="document", how="payload", direction="to-client")
    return frozenset(known_fields(words.bundle, claim))


def _fields_of_entry(event: str, name: str, words: Vocabulary) -> frozenset[str]:
    """The fields of what a list of an event holds."""
    claim = Claim(kind="event", subject=event, place=_NOWHERE, origin="document", how="payload", direction="to-client")
    parts = (schema.get("properties", {}).get(name) for schema in schemas(words.bundle, claim))
    return frozenset(
        one for part in parts if isinstance(part, dict) for one in part.get("items", {}).get("properties", ())
    )


def _with_list(name: str, words: Vocabulary) -> str | None:
    """The one event that has a list of objects under a name."""
    found = []
    for event in words.events:
        claim = Claim(
            kind="event", subject=event, place=_NOWHERE, origin="document", how="payload", direction="to-client"
        )
        for schema in schemas(words.bundle, claim):
            part = schema.get("properties", {}).get(name)
            if isinstance(part, dict) and isinstance(part.get("items"), dict) and part["items"].get("properties"):
                found.append(event)
    return found[0] if len(found) == 1 else None


_NOWHERE = Place(file="", line=1, column=1)
