"""What clients in Dart, Swift, Kotlin and Java read of a payload, and what they ask over HTTP, by strings. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from conformance.align import loose, slips
from conformance.align.http import BASE
from conformance.align.loose import Placed
from conformance.align.model import Field, Payload

HANDLER = re.compile(
    r"\s*(?:async\s*)?(?:\(\s*(?:dynamic\s+|final\s+|var\s+)?(?P<dart>\w+)\s*\)\s*(?:async\s*)?(?P<arrow>=>|\{)"
    r"|\)?\s*\{\s*(?:\[[^\]\n]*\]\s*)?(?P<swift>\w+)(?:\s*,\s*\w+)?\s*(?:in\b|->)"
    r"|(?P<java>\w+)\s*->\s*\{|\{\s*(?P<kotlin>\w+)\s*->)"
)
"""The handler behind the name of an event, up to its body."""
ALIAS = re.compile(
    r"\b(?:let|var|val|final|JSONObject|Map(?:<[^>]*>)?)\s+(?:JSONObject\s+)?(?P<name>\w+)(?:\s*:\s*[\w<>?, ]+)?"
    r"\s*=\s*(?:\(\w+(?:<[^>]*>)?\)\s*)?(?P<of>\w+)(?:\[0\]|!?\.first\b|\s+as\b)"
)
"""A variable that is given what a handler was called with."""
MOST = 1500
"""Characters of a handler's body, and of a call's arguments."""
CALL = re.compile(
    r"\b(?P<of>[\w.]*(?:dio|http|client|api)\w*)\.(?P<method>get|post|put|patch|delete)(?:<[^<>\n]*>)?\(\s*"
    r"(?:Uri\.parse\(\s*)?(?P<quote>['\"])(?P<path>[^'\"\n]+)(?P=quote)",
    re.IGNORECASE,
)
QUERY = re.compile(r"\bqueryParameters\s*:\s*(?:const\s+)?(?:<[^>]*>\s*)?(?=\{)")
BODY = re.compile(r"\b(?:data|body)\s*:\s*(?:jsonEncode\(|json\.encode\()?\s*(?:const\s+)?(?:<[^>]*>\s*)?(?=\{)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A call over HTTP."""

    method: str
    path: str
    at: int
    body: Payload | None = None
    query: Payload | None = None
    via: str = ""
    """The variable of the client that makes it."""


def of_handler(text: str, begin: int, placed: Placed) -> Payload | None:
    """The fields that the handler which begins at an offset reads of the payload; None where it changes it."""
    found = HANDLER.match(text, begin)
    if found is None:
        return None
    body = text[found.end() : _end(text, found.end(), nested=found["arrow"] != "=>")]
    name = next(filter(None, (found["dart"], found["swift"], found["java"], found["kotlin"])))
    names = {one["name"] for one in ALIAS.finditer(body) if one["of"] == name}
    names |= {name} if found["dart"] else set()
    # What is taken out of what came may be read at once: `(args[0] as JSONObject).getString("x")`.
    cast = rf"\(\s*{re.escape(name)}(?:\[0\]|!?\.first)\s+as[?!]?\s+[^()\n]*\)"
    of = "|".join((*map(re.escape, sorted(names)), cast))
    if re.search(rf"(?<![\w.$])(?:{of})\s*\[[^\]\n]*\]\s*=(?!=)", body):
        return None
    reads = re.compile(
        rf"(?<![\w.$])(?:{of})[?!]?(?:\s*\[\s*(['\"])(?P<key>[A-Za-z]\w*)\1\s*\]|\.(?:get|opt|has)\w*\(\s*\"(?P<got>[A-Za-z]\w*)\")"
    )
    fields: dict[str, Field] = {}
    for one in reads.finditer(body):
        group = "key" if one["key"] else "got"
        first = found.end() + one.start(group)
        fields.setdefault(one[group], Field(name=one[group], place=placed(first - 1, first + len(one[group]))))
    return Payload(fields=tuple(fields.values()), whole=False) if fields else None


def _end(text: str, begin: int, *, nested: bool) -> int:
    """Where a body ends: at the bracket that closes it, or at the end of the call that it is given to."""
    depth, last = 1 if nested else 0, min(len(text), begin + MOST)
    for at in range(begin, last):
        if text[at] in "([{":
            depth += 1
        elif text[at] in ")]}":
            depth -= 1
            if depth < (1 if nested else 0):
                return at
    return last


BUILT = re.compile(r"\.url\(\s*\"(?P<path>[^\"\n]+)\"\s*\)(?P<rest>.{0,200}?)\.build\(", re.DOTALL)
VERB = re.compile(r"\.(?P<method>get|post|put|patch|delete)\(")
"""A request of OkHttp, with its method."""
REQUEST = re.compile(
    r"\b(?P<name>\w+)\s*=\s*URLRequest\(\s*url:\s*URL\(string:\s*\"(?P<path>[^\"\n]+)\"[^\n]*\n"
    r"(?:[^\n]*\n){0,4}?\s*(?P=name)\.httpMethod\s*=\s*\"(?P<method>[A-Z]+)\""
)
"""A request of URLSession, and the line that gives it its method."""


COMPONENTS = re.compile(
    r"\b(?P<name>\w+)\s*=\s*URLComponents\(string:\s*\"(?P<path>[^\"\n]+)\"(?P<rest>.{0,400}?)"
    r"\b(?P=name)[?!]?\.queryItems\s*=\s*\[(?P<items>[^\]]*)\]",
    re.DOTALL,
)
"""An address of Swift that is given the parameters of its query."""
ITEM = re.compile(r"URLQueryItem\(\s*name:\s*\"(?P<name>\w+)\"")


def _with_queries(text: str, placed: Placed) -> Iterator[Called]:
    """What is asked of addresses that are put together piece by piece."""
    for found in COMPONENTS.finditer(text) if "queryItems" in text else ():
        path = BASE.sub("", re.sub(r"^\$\{?\w+\}?(?=/)", "", found["path"]))
        items = ITEM.finditer(text, *found.span("items"))
        fields = tuple(Field(name=one["name"], place=placed(*one.span("name"))) for one in items)
        if path.startswith("/") and fields:
            at = found.end("path") - len(path)
            yield Called(method="GET", path=path, at=at, query=Payload(fields=fields, whole=False))


def _built(text: str) -> Iterator[Called]:
    """The calls whose requests are built piece by piece."""
    for found in (*BUILT.finditer(text), *REQUEST.finditer(text)):
        verb = VERB.search(found["rest"]) if "rest" in found.re.groupindex else found
        path = BASE.sub("", re.sub(r"^\$\{?\w+\}?(?=/)", "", found["path"]))
        if path.startswith("/"):
            method = verb["method"].upper() if verb is not None else "GET"
            yield Called(method=method, path=path, at=found.end("path") - len(path))


def calls(text: str, placed: Placed) -> Iterator[Called]:
    """The calls over HTTP, with their bodies and queries."""
    text = slips.SWIFT.sub(lambda one: f"${{{one[1]}}}", text)
    yield from _built(text)
    yield from _with_queries(text, placed)
    for found in CALL.finditer(text):
        path = BASE.sub("", re.sub(r"^\$\{?\w+\}?(?=/)", "", found["path"]))
        if not path.startswith("/"):
            continue
        last = _end(text, found.end(), nested=True)
        shown = {}
        for part, pattern in (("query", QUERY), ("body", BODY)):
            given = pattern.search(text, found.end(), last)
            made = loose.payload(text[:last], given.end(), placed) if given else None
            shown[part] = made[0] if made is not None and made[0].fields else None
        yield Called(
            method=found["method"].upper(), path=path, at=found.start("path") + len(found["path"]) - len(path),
            via=found["of"], **shown,
        )  # fmt: skip
