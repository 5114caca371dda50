"""Objects as guides write them: JSON, literals, types, dictionaries and maps of other languages. Pure.

One tolerant scanner for all of them. It reads the names of an object's own fields and what can be told of each value
without running anything; what it cannot read makes the payload incomplete, never wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from conformance.align import languages
from conformance.align.model import Field, Payload, Place, Shape

Placed = Callable[[int, int], Place]
"""Where (first, last) offsets of a text are in the file."""

OPEN, CLOSE = "{[(<", "}])>"
KEY = re.compile(
    r"""(?:readonly\s+|required\s+|optional\s+)?
    (?:"(?P<double>[^"\n]*)"|'(?P<single>[^'\n]*)'|`(?P<back>[^`\n]*)`|\[['"](?P<computed>[^'"\n]+)['"]\]
      |(?P<bare>[A-Za-z_$][\w$]*))\??""",
    re.VERBOSE,
)
STRING = re.compile(r'[rbf]{0,2}("(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`(?:[^`\\]|\\.)*`)')
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/|#[^\n]*", re.DOTALL)
ELLIPSIS = re.compile(r"\.\.\.|…|\*\*(?=\w)")
NUMBER = re.compile(r"[-+]?\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?")
BARE_WORDS = re.compile(r"[\w-]+(?:\s*\|\s*[\w-]+)+")

PLACEHOLDER = re.compile(
    r"(?:string|number|boolean|integer|object|array)(?:\?|\[\])?|uuid|iso(?:[ -]?8601)?(?: string| date)?|"
    r"date|timestamp|any|null|"
    r"\.{3}|…|<.*>|\{.*\}|\$\{.*\}|.*\|.*|.*\.{3}|your[-_ ].*|\$\w+|(?-i:[A-Z_]*(?:ID|TOKEN|NAME|URL|UUID|JWT))|",
    re.IGNORECASE | re.DOTALL,
)
"""Quoted values that stand for others, as guides write them."""

TYPES: dict[str, Shape] = {
    "string": "string", "str": "string", "text": "string", "uuid": "string", "objectid": "string", "date": "unknown",
    "number": "number", "integer": "number", "int": "number", "float": "number", "double": "number", "long": "number",
    "boolean": "boolean", "bool": "boolean", "object": "object", "dict": "object", "record": "object", "map": "object",
    "array": "array", "list": "array", "null": "null", "none": "null", "undefined": "null", "nil": "null",
}  # fmt: skip
"""Words that name a type, and words for nothing."""

MADE: tuple[tuple[re.Pattern[str], Shape], ...] = (
    (re.compile(r".*\.(?:toISOString|toJSON|isoformat|strftime|toUTCString|toString)\([^()]*\)|(?:String|str)\(.*\)",
                re.DOTALL), "string"),
    (re.compile(r"Date\.now\(\)|\+new\s+Date\(\)|.*\.getTime\(\)|(?:Number|parseInt|parseFloat|int|float|round)\(.*\)|time\.time\(\)",
                re.DOTALL), "number"),
)  # fmt: skip
"""Calls whose answer has one type, whatever they are given."""

CONSTANTS: dict[str, tuple[Shape, Any]] = {"true": ("boolean", True), "false": ("boolean", False)}

MOST_FIELDS = 200
"""Fields of one object; a text with more is data, not an example."""


MOST_INSIDE = 3
"""Objects of a list that are read: the others are alike."""


@dataclass(slots=True)
class _Scanner:
    text: str
    at: int

    def blank(self) -> None:
        """Skip white space and comments."""
        while self.at < len(self.text):
            if self.text[self.at].isspace():
                self.at += 1
            elif (comment := COMMENT.match(self.text, self.at)) is not None:
                self.at = comment.end()
            else:
                return

    def value(self) -> tuple[int, str]:
        """(where it begins, the text) of a value, up to what ends it."""
        while self.at < len(self.text) and self.text[self.at] in " \t\n":
            self.at += 1
        begin, depth = self.at, 0
        while self.at < len(self.text):
            sign = self.text[self.at]
            quoted = STRING.match(self.text, self.at) if sign in "\"'`" else None
            if quoted:
                self.at = quoted.end()
                continue
            if (comment := COMMENT.match(self.text, self.at)) and (not depth or sign != "#"):
                if not depth:
                    break
                self.at = comment.end()
                continue
            if sign in OPEN:
                depth += 1
            elif sign in CLOSE and not self.text.startswith("=>", self.at - 1):
                depth -= 1
                if depth < 0:
                    break
            elif not depth and (sign in ",;" or (sign == "\n" and not self._continues())):
                break
            self.at += 1
        return begin, self.text[begin : self.at].rstrip()

    def _continues(self) -> bool:
        """Whether a value goes on in the next line."""
        before = self.text[: self.at].rstrip()[-1:]
        after = self.text[self.at :].lstrip()[:1]
        return before in ("|", "&", ":", "=") or after in ("|", "&", "?", ".")


def payload(text: str, at: int, place: Placed, *, placeholders: bool = True) -> tuple[Payload, int] | None:
    """The payload of the object that begins at an offset, and the offset behind it; None where there is none.

    Args:
        place: where (first, last) offsets of the text are in the file.
        placeholders: quoted values may stand for others, as in guides.
    """
    if text[at : at + 1] not in ("{", "["):
        return None
    scanner, fields, whole = _Scanner(text, at + 1), list[Field](), True
    end = "}" if text[at] == "{" else "]"
    while len(fields) <= MOST_FIELDS:
        scanner.blank()
        if scanner.at >= len(text):
            return (Payload(fields=tuple(fields), whole=False), scanner.at) if fields else None
        if text[scanner.at] == end:
            return Payload(fields=tuple(fields), whole=whole), scanner.at + 1
        if text[scanner.at] in ",;":
            scanner.at += 1
            continue
        spread = ELLIPSIS.match(text, scanner.at)
        if spread:
            scanner.at, whole = spread.end(), False
            scanner.value()
            continue
        field = _field(scanner, place, placeholders=placeholders)
        if field is None:
            if not fields:
                return None
            whole, before = False, scanner.at
            scanner.value()
            scanner.at += scanner.at == before
            continue
        fields.append(field)
    return None


def _field(scanner: _Scanner, place: Placed, *, placeholders: bool) -> Field | None:
    text, begin = scanner.text, scanner.at
    key = KEY.match(text, begin)
    if key is None:
        return None
    name = next(group for group in key.groups() if group is not None).strip()
    after = key.end()
    while after < len(text) and text[after] in " \t":
        after += 1
    separator = re.compile(r":|=>|=(?!=)").match(text, after)
    if separator is None:
        listed = text.startswith("[]", after)
        while listed and text[after : after + 1] in ("[", "]", " ", "\t"):
            after += 1
        if key["bare"] is None or text[after : after + 1] not in ",;}\n/#" or not text[after : after + 1]:
            return None
        scanner.at = after
        own = place(begin, key.end())
        return Field(name=name, place=own, shape="array", placeholder=True) if listed else Field(name=name, place=own)
    scanner.at = separator.end()
    first, raw = scanner.value()
    told = value(name, raw, placeholders=placeholders)
    inside = _inside(text, first, first + len(raw), place) if raw[:1] in ("{", "[") or raw[:6] == "Array<" else ()
    spot = place(first, first + len(raw.split("\n")[0]))
    return replace(told, place=spot, inside=inside, optional=key[0].endswith("?"))


def _inside(text: str, first: int, last: int, place: Placed) -> tuple[Payload, ...]:
    """The object at an offset, or the first objects of the list there."""
    found: list[Payload] = []
    at = first
    while len(found) < MOST_INSIDE and 0 <= (at := text.find("{", at, last)) < last:
        shown = payload(text, at, place)
        if shown is None or shown[1] <= at:
            break
        found.append(shown[0])
        at = shown[1]
    return tuple(found)


def value(name: str, raw: str, *, placeholders: bool = True) -> Field:
    """What can be told of a field's value as it is written; its place is not known here."""
    nowhere = Place(file="", line=1, column=1)
    raw = re.sub(r"\s+as\s+const$", "", raw.strip())
    quoted = STRING.fullmatch(raw)
    if quoted:
        return _quoted(name, quoted[1][1:-1].strip(), raw, nowhere, placeholders=placeholders)
    if NUMBER.fullmatch(raw):
        return Field(name=name, place=nowhere, shape="number", value=float(raw.replace("_", "")))
    small = raw.lower()
    if small in CONSTANTS:
        shape, constant = CONSTANTS[small]
        return Field(name=name, place=nowhere, shape=shape, value=constant)
    if "|" in raw:
        return _union(name, raw, nowhere)
    if raw.endswith("[]") or re.match(r"(?:Array|List|list|Set)[<\[]", raw):
        return Field(name=name, place=nowhere, shape="array", placeholder=True)
    if raw[:1] in ("{", "["):
        return Field(name=name, place=nowhere, shape="object" if raw[0] == "{" else "array")
    made = next((shape for pattern, shape in MADE if "(" in raw and pattern.fullmatch(raw)), None)
    if made is not None:
        return Field(name=name, place=nowhere, shape=made)
    if small.strip("`*?") in languages.SHAPES:
        return Field(name=name, place=nowhere, shape=languages.SHAPES[small.strip("`*?")], placeholder=True)
    word = re.match(r"[A-Za-z]+", small)
    if word and word[0] in TYPES and re.fullmatch(r"\w+\??(?:\s*\([^)]*\)|\s*,?\s*(?:required|optional))?", small):
        return Field(name=name, place=nowhere, shape=TYPES[word[0]], placeholder=TYPES[word[0]] != "null")
    return Field(name=name, place=nowhere)


def _quoted(name: str, text: str, raw: str, place: Place, *, placeholders: bool) -> Field:
    if raw[0] == "`" and "${" in text:
        return Field(name=name, place=place, shape="string")
    if not placeholders:
        return Field(name=name, place=place, shape="string", value=text)
    parts = [part.strip() for part in text.split("|")]
    if BARE_WORDS.fullmatch(text) and not {part.lower() for part in parts} & TYPES.keys():
        return Field(name=name, place=place, shape="string", values=tuple(parts), placeholder=True)
    if PLACEHOLDER.fullmatch(text):
        small = text.lower().rstrip("?")
        known = TYPES.get(small)
        if small.endswith("[]"):
            known = "array"
        if known is None or known == "null":
            known = "unknown" if small in ("any", "null", "...", "…") or "|" in small or "." in small else "string"
        if re.fullmatch(r"[<{$].*", text, re.DOTALL):
            known = "unknown"
        return Field(name=name, place=place, shape=known, placeholder=True)
    return Field(name=name, place=place, shape="string", value=text)


def _union(name: str, raw: str, place: Place) -> Field:
    """A choice: of literals, each of which has to be allowed, or of types."""
    parts = [part.strip() for part in re.split(r"\\?\|", raw) if part.strip()]
    some = [part for part in parts if TYPES.get(part.lower()) != "null"]
    quoted = [STRING.fullmatch(part) for part in some]
    if some and all(quoted):
        values = tuple(one[1][1:-1] for one in quoted if one)
        return Field(name=name, place=place, shape="string", values=values, placeholder=True)
    shapes = {TYPES.get(part.lower(), "unknown") for part in some}
    shape: Shape = next(iter(shapes)) if len(shapes) == 1 else "unknown"
    return Field(name=name, place=place, shape=shape, placeholder=True)


def objects(text: str) -> Iterator[int]:
    """Where the outermost objects and arrays of a text begin."""
    depth, at = 0, 0
    while at < len(text):
        sign = text[at]
        quoted = STRING.match(text, at) if sign in "\"'`" else None
        comment = COMMENT.match(text, at) if sign in "/#" else None
        if quoted or comment:
            at = (quoted or comment).end()  # type: ignore[union-attr] # One of them is there.
            continue
        if sign in "{[":
            if not depth:
                yield at
            depth += 1
        elif sign in "}]":
            depth = max(0, depth - 1)
        at += 1
