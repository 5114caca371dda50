"""The members of a declared type or schema: names, types, choices and bounds, by the text of each. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.align import paths
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Field, Shape
from conformance.align.vocabulary import Vocabulary

STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`]*`")
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/|#[^\n]*", re.DOTALL)
MOST = 20_000
"""Characters of one declaration that are read."""
OPEN, CLOSE = "{[(", "}])"

SHAPES: dict[str, Shape] = {
    "string": "string", "str": "string", "String": "string", "uuid": "string", "number": "number", "int": "number",
    "Int": "number", "Long": "number", "long": "number", "double": "number", "Double": "number", "float": "number",
    "Float": "number", "num": "number", "Integer": "number", "integer": "number", "boolean": "boolean",
    "bool": "boolean", "Bool": "boolean", "Boolean": "boolean",
    "float64": "number", "int64": "number",
    "int32": "number", "array": "array", "List": "array", "list": "array",
}  # fmt: skip
"""Words of types in these languages; every other one may be anything."""

_NAME = r"[A-Za-z_]\w*"
MEMBERS = {
    "schema": re.compile(rf"(?:^|(?<=[,{{\n]))\s*['\"]?(?P<name>{_NAME})['\"]?\s*:\s*(?=[\w(])"),
    "script": re.compile(
        rf"(?:^|(?<=[;{{}}\n)]))\s*(?:(?:public|private|readonly|static|declare|final|late|const)\s+)*"
        rf"(?P<name>{_NAME})\s*[?!]?\s*:\s*(?=[\w'\"{{(])"
    ),
    "record": re.compile(
        rf"(?:^|(?<=[,(\n\s]))(?:val|var)\s+(?P<name>{_NAME})\s*:\s*|"
        rf"(?<![\w.<])(?P<type>[A-Z]\w+|int|long|double|boolean)\s+(?P<java>{_NAME})\s*(?=[,)]|\Z)"
    ),
    "go": re.compile(r"^[ \t]*[A-Z]\w*[ \t]+(?P<type>\*?[\w.\[\]]+)[ \t]+`json:\"(?P<java>[A-Za-z]\w*)", re.MULTILINE),
    "struct": re.compile(rf"\b(?:let|var)\s+(?P<name>{_NAME})\s*:\s*"),
    "python": re.compile(rf"^[ \t]+(?P<name>{_NAME})\s*:\s*", re.MULTILINE),
}  # fmt: skip
"""How a member of each of them begins."""
RENAMED = re.compile(
    r"@(?:SerialName|SerializedName|JsonProperty|Json|Expose)\((?:name\s*=\s*|value\s*=\s*)?[\"'](?P<name>\w+)[\"']"
)
ALIAS = re.compile(r"\balias\s*=\s*[\"'](?P<name>\w+)[\"']")
KEYS = re.compile(
    r"\bCodingKeys\b|\bconvertFromSnakeCase\b|\balias_generator\b|\brename_all\b|\bfromJson\b|\bget\s+\w+\s*\("
)
"""What says that the members are not named as the fields are."""
CHOICE = re.compile(
    r"\.(?:enum|valid|oneOf|picklist|only|equal)\(\s*\[?|@IsIn\(\s*\[|\bLiteral\[|\bz\.union\(\[|\.literals?\(|@IsEnum\(\s*\["
)
"""What begins the choices of a member."""
BOUND = re.compile(
    r"(?:\.|@)(?P<word>min|max|Min|Max|MaxLength|maxLength|default|lte|gte)\(\s*(?P<value>-?\d+)|"
    r"\b(?P<key>ge|le|max_length|default)\s*=\s*(?P<number>-?\d+)"
)
WORDS = {
    "min": "minimum", "Min": "minimum", "gte": "minimum", "ge": "minimum", "max": "maximum", "Max": "maximum",
    "lte": "maximum", "le": "maximum", "default": "default",
}  # fmt: skip
OPTIONAL = re.compile(r"\.optional\(\)|\.nullish\(\)|@IsOptional\(|\bNotRequired\[|\bOptional\[|\.notRequired\(\)")
DECORATED = re.compile(r"(?:^|[\s;{])(?P<all>(?:@\w+\((?:[^()]|\([^()]*\))*\)\s*)+)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of a type."""

    name: str
    at: int
    """Where its name stands in the text."""
    first: int
    last: int
    """Where its declaration stands: decorators, type and what checks it."""
    shape: Shape
    optional: bool
    text: str


def enclosed(text: str, begin: int, end: str) -> tuple[int, int] | None:
    """(first, last) offsets within the bracket that begins at an offset; None where it is not closed."""
    depth, at = 0, begin
    last = min(len(text), begin + MOST)
    while end and at < last:
        sign = text[at]
        if sign in "\"'`" and (quoted := STRING.match(text, at)):
            at = quoted.end()
            continue
        if sign in "/#" and (comment := COMMENT.match(text, at)):
            at = comment.end()
            continue
        depth += (sign in OPEN) - (sign in CLOSE)
        if not depth and sign == end:
            return begin + 1, at
        at += 1
    return None


def indented(text: str, begin: int) -> tuple[int, int] | None:
    """(first, last) offsets of the indented lines behind a head of Python."""
    first = begin + 1
    last = first
    for line in text[first : first + MOST].split("\n"):
        if line.strip() and line[:1] not in (" ", "\t"):
            break
        last += len(line) + 1
    return (first, min(last, len(text))) if last > first else None


def members(text: str, first: int, last: int, kind: str) -> Iterator[Member]:
    """The members between two offsets that are not nested in anything."""
    body = _outermost(text, first, last) if kind != "go" else text[first:last]
    if KEYS.search(text) and kind in ("struct", "script", "python"):
        return
    begins = list(MEMBERS[kind].finditer(body))
    before = 0
    for number, found in enumerate(begins):
        group = "name" if "name" in found.re.groupindex and found["name"] else "java"
        end = begins[number + 1].start() if number + 1 < len(begins) else len(body)
        typed = text[first + found.end() : first + end]
        above = text[first + before : first + found.start(group)]
        before = _ends(body, found.end(), end)
        other = RENAMED.search(above) or ALIAS.search(typed)
        if (
            "(" in body[found.end() : found.end() + 40].split("\n")[0].split("=")[0]
            and kind == "python"
            and "=" not in typed
        ):
            continue
        begin = first + (found.start(group) if kind != "script" else found.start(group) - len(above))
        stop = first + (before if kind == "script" else end)
        yield Member(
            name=other["name"] if other else found[group], at=first + found.start(group), first=begin, last=stop,
            shape=_shape(typed if group == "name" else found["type"]), text=text[begin:stop],
            optional=OPTIONAL.search(text, begin, stop) is not None,
        )  # fmt: skip


def _outermost(text: str, first: int, last: int) -> str:
    """A body of which all that is nested, quoted or a comment is blank."""
    kept, depth, at = [], 0, first
    while at < last:
        sign = text[at]
        found = STRING.match(text, at) if sign in "\"'`" else COMMENT.match(text, at) if sign in "/#" else None
        if found:
            inside = text[at : min(found.end(), last)]
            kept.append(re.sub(r"[^\n'\"]", " ", inside) if sign in "/#" or depth else inside)
            at = found.end()
            continue
        if sign in CLOSE:
            depth -= 1
        kept.append(sign if not depth or sign == "\n" else " ")
        if sign in OPEN:
            depth += 1
        at += 1
    return "".join(kept)


def _ends(body: str, begin: int, end: int) -> int:
    """Where a member of a class ends, and the decorators of the next one may begin."""
    found = re.compile(r"[;\n]").search(body, begin, end)
    return found.end() if found else end


def _shape(typed: str) -> Shape:
    """The shape of a type, by its first word; a choice of several may be anything."""
    plain = typed.lstrip()
    called = re.match(r"(?:z|[jJ]oi|[yY]up|t|v|s)\.(?:coerce\.)?(?P<word>\w+)", plain)
    if called is not None:
        return SHAPES.get(called["word"], "unknown")
    word = re.match(r"[A-Za-z_]\w*", plain)
    after = plain[word.end() :].lstrip() if word else ""
    if word is None or after[:1] == "|" or after.startswith(("[]", "<", ".")) or plain.startswith("["):
        return "unknown"
    return SHAPES.get(word[0], "unknown")


def schemas_of(words: Vocabulary, claim: Claim) -> list[dict[str, Any]]:
    """The schema of the body of a call."""
    call = paths.call_of(words.bundle, claim.subject)
    return [call.body.document] if call is not None and call.body is not None else []


def details(
    member: Member, piece: Piece, file: str, known: Sequence[dict[str, Any]], *, checks: bool
) -> Iterator[Field]:  # fmt: skip
    """The choices and the bounds of a member, each at its place."""
    schema = next((part for one in known if isinstance(part := one.get("properties", {}).get(member.name), dict)), None)
    if schema is None:
        return
    allowed = set(schema.get("enum", ()))
    values = _choices(member) if allowed else []
    if sum(value in allowed for value, _ in values) * 2 >= len(values):
        for value, at in values:
            place = piece.span(file, at, at + len(value))
            yield Field(name=member.name, place=place, shape="string", value=value)
    for found in BOUND.finditer(member.text) if checks or "=" in member.text else ():
        written = found["word"] or found["key"]
        number = int(found["value"] or found["number"])
        group = "value" if found["value"] else "number"
        at = member.first + found.start(group)
        place = piece.span(file, at, at + len(found[group]))
        word = WORDS.get(written, "")
        if member.shape == "string" and word != "default":
            longest = schema.get("maxLength", number)
            if word != "minimum" and (number > longest or found[0][0] == "@"):
                yield Field(name=member.name, place=place, shape="string", placeholder=True, most=number)
        elif word and _is_looser(word, number, schema, own=found[0][0] == "@"):
            yield Field(name=member.name, place=place, placeholder=True, told=((word, number),))


def _is_looser(word: str, number: int, schema: dict[str, Any], *, own: bool) -> bool:
    """Whether a bound allows what the contract does not; the service's own has to be the same."""
    if own or word == "default" or word not in schema:
        return word in schema
    return bool(number > schema[word] if word == "maximum" else number < schema[word])


def _choices(member: Member) -> list[tuple[str, int]]:
    """(value, where it stands) of each text that a member may be."""
    found: list[tuple[str, int]] = []
    for begin in CHOICE.finditer(member.text):
        at = begin.end()
        while at < len(member.text) and member.text[at] not in ")]":
            quoted = STRING.match(member.text, at)
            if quoted:
                found.append((quoted[0][1:-1], member.first + at + 1))
            at = quoted.end() if quoted else at + 1
    return found
