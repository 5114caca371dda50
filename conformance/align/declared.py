"""Types and schemas of messages in the code of a guide, by what a label or a comment says that they are. Pure.

Zod, Joi, Yup and io-ts, classes with decorators, Pydantic and typed dictionaries, Kotlin, Swift, Java and Dart: each
field is read by its declaration alone, and what cannot be told of it is left open.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from conformance.align import field_types, labels
from conformance.align.field_types import Member
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Field, Payload
from conformance.align.shown import fields_in, lenient, schemas
from conformance.align.vocabulary import CLOSE, Vocabulary, fold

HEAD = re.compile(
    r"^[ \t]*(?:"
    r"(?:export\s+)?(?:const|let|var|final)\s+(?P<schema>\w+)\b[^=\n]*=\s*(?:\w+\.intersection\(\[\s*)?"
    r"(?:z|[jJ]oi|[yY]up|t|v|s)\.(?:strict)?(?:object|type|partial|strict|interface|looseObject)\((?:\)\.(?:keys|shape)\()?\s*(?=\{)"
    r"|(?:export\s+)?(?:abstract\s+)?class\s+(?P<script>\w+)(?:\s+(?:extends|implements|with)\s+[\w<>, ]+)?\s*(?=\{)"
    r"|(?:public\s+)?(?:data\s+class|record|case\s+class)\s+(?P<record>\w+)\s*(?=\()"
    r"|(?:public\s+|private\s+)?struct\s+(?P<struct>\w+)\s*(?::[^{\n]*)?(?=\{)"
    r"|type\s+(?P<go>\w+)\s+struct\s*(?=\{)"
    r"|class\s+(?P<python>\w+)(?:\([^)\n]*\))?:[ \t]*(?=\n))",
    re.MULTILINE,
)
"""What begins the declaration of a type or of a schema."""
ABOVE = re.compile(r"(?:^[ \t]*(?://|#|\*|/\*|@)[^\n]*\n)+\Z", re.MULTILINE)
"""The comments and the annotations right above a declaration."""
WORDS = (
    "class ",
    "struct ",
    "record ",
    ".object(",
    ".type(",
    ".strictObject(",
    ".interface(",
    "rom_",
    "fromJ",
    "fromM",
)
"""Of which every declaration has one."""
LEAST = 1
"""Fields that are right in what is declared as a payload, where they are half of it."""
MOST = 20_000
"""Characters of code that are read; what is longer is a program."""
BRACKETS = {"{": "}", "(": ")"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """A declared type: the comments above it, and its members."""

    name: str
    comment: str
    members: tuple[Member, ...]
    checks: bool
    """It checks what is sent, and does not only hold what came."""


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The payloads that are declared in a fence."""
    if len(piece.text) > MOST or not any(word in piece.text for word in WORDS):
        return
    found = [*types(piece.text), *_readers(piece.text)]
    if not found:
        return
    own = labels.subject(piece, words)
    for one in found:
        said = labels.shown(one.comment, words) if one.comment else None
        subject = said if isinstance(said, labels.Subject) else own if said is None and len(found) == 1 else None
        if subject is not None:
            yield from of(one, subject, piece, file, words)


def types(text: str) -> Iterator[Type]:
    """The types and schemas that a text declares."""
    for found in HEAD.finditer(text):
        kind = next(name for name, group in found.groupdict().items() if group)
        if kind == "python":
            body = field_types.indented(text, found.end())
        else:
            body = field_types.enclosed(text, found.end(), BRACKETS.get(text[found.end() : found.end() + 1], ""))
        if body is None:
            continue
        members = tuple(field_types.members(text, *body, kind))
        if not members:
            continue
        above = ABOVE.search(text, max(0, found.start() - 600), found.start())
        comment = above[0] if above else ""
        yield Type(
            name=found[kind], comment=comment, members=members, checks=kind == "schema" or "@Is" in text[slice(*body)]
        )


def _meant(shown: Payload, schema: dict[str, Any]) -> Payload:
    """What a model has of a payload: a field of its own is a slip only beside the one that it is in place of."""
    there = {field.name for field in shown.fields}
    missing = [name for name in schema.get("required", ()) if name not in there]
    own = [field for field in shown.fields if field.name not in schema.get("properties", ())]
    if len(own) == len(missing) == 1:
        return shown
    far = {field.name for field in own if not difflib.get_close_matches(field.name, missing, 1, CLOSE)}
    return replace(shown, fields=tuple(field for field in shown.fields if field.name not in far))


READER = re.compile(
    r"\b(?:fromJson|fromMap|from_json|from_dict|fromDict|from_payload|fromJSON|parse)\w*\s*\(\s*(?:final\s+)?"
    r"(?:Map<[^>]*>\s+|cls\s*,\s*|_\s+)?(?P<of>\w+)"
)
"""What makes a model of an object that came."""


def _readers(text: str) -> Iterator[Type]:
    """The keys that a model is made of: `fromJson(json)` that reads `json['status']`."""
    found = READER.search(text)
    if found is None:
        return
    key = re.compile(
        rf"\b{found['of']}(?:\[|\.(?:get|getString|optString|getInt|getDouble|getLong)\()['\"](?P<name>[A-Za-z]\w*)['\"][\])]"
        r"(?:\s+as[?!]?\s+(?P<type>\w+))?"
    )
    members = tuple(
        Member(
            name=one["name"], at=one.start("name"), first=one.start(), last=one.end(), optional=False, text="",
            shape=field_types.SHAPES.get(one["type"] or "", "unknown"),
        )
        for one in key.finditer(text, found.start())
    )  # fmt: skip
    if members:
        above = ABOVE.search(text, 0, text.rfind("\n", 0, found.start()) + 1)
        yield Type(name="", comment=above[0] if above else "", members=members, checks=False)


def of(one: Type, subject: labels.Subject, piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """What a declared type says of what it is the payload of, where most of its fields are those."""
    base = Claim(
        kind=subject.kind, subject=subject.name, place=piece.span(file, 0, 1), origin="document", how="payload",
        direction=subject.direction, others=subject.others, section=piece.section, refuted=piece.refuted,
    )  # fmt: skip
    known = field_types.schemas_of(words, base) if subject.kind == "call" else schemas(words.bundle, base)
    names = fields_in(known)
    right = sum(member.name in names for member in one.members)
    if right < LEAST or right * 2 < len(one.members) or len(known) == 0:
        return
    folded = {fold(name) for name in names}
    sent = one.checks and (subject.kind == "call" or words.ways(subject.name) == {"to-server"})
    fields = [
        Field(
            name=member.name, place=piece.span(file, member.at, member.at + len(member.name)), shape=member.shape,
            placeholder=True, optional=sent and member.optional,
        )
        for member in one.members
        if member.name in names or fold(member.name) not in folded  # In another spelling, it is written by its library.
    ]  # fmt: skip
    shown = Payload(fields=tuple(fields), whole=False)
    if not sent and len(known) == 1:
        shown = _meant(lenient(replace(shown, whole=True), known[0]), known[0])
    yield replace(base, place=fields[0].place, payload=shown)
    for member in one.members:
        for field in field_types.details(member, piece, file, known, checks=one.checks):
            yield replace(base, place=field.place, payload=Payload(fields=(field,), whole=False))
