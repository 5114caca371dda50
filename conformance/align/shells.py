"""HTTP calls of HTTPie (`http POST :3000/path name=value`) and of PowerShell (`Invoke-RestMethod`). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from conformance.align import loose
from conformance.align.loose import Placed
from conformance.align.model import Field, Payload

HTTPIE = re.compile(
    r"^[ \t]*(?:[$>#][ \t]+)?(?:https?|xhs?)[ \t]+(?P<words>(?:\\\n|'[^']*'|\"[^\"]*\"|[^\n])*)", re.MULTILINE
)
WORD = re.compile(r"(?:'[^'\n]*'|\"[^\"\n]*\"|\\.|[^\s'\"\\])+")
METHOD = re.compile(r"GET|POST|PUT|PATCH|DELETE")
ADDRESS = re.compile(r"['\"]?(?:https?://[^\s/'\"]+|[\w.-]*:\d*|\$\{?\w+\}?|localhost)(?P<path>/[^\s'\"]*)")
ITEM = re.compile(r"['\"]?(?P<name>[A-Za-z]\w*)(?P<sign>==|:=|=)['\"]?(?P<value>.*?)['\"]?$", re.DOTALL)
"""What is sent: `name=text`, `name:=json`, and `name==text` in the query."""

POWERSHELL = re.compile(
    r"\b(?:Invoke-RestMethod|Invoke-WebRequest|irm|iwr)\b(?P<words>(?:`\n|'[^']*'|\"[^\"]*\"|[^\n|;])*)", re.IGNORECASE
)
VERB = re.compile(r"-Method\s+['\"]?(?P<method>\w+)", re.IGNORECASE)
BODY = re.compile(r"-Body\s+\(?\s*(?:\$(?P<name>\w+)\b|(?:@?['\"]\s*|@)(?=\{))", re.IGNORECASE)

BEFORE = 5_000
"""Characters before a command in which a variable is given its body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as a command makes it."""

    method: str
    path: str
    at: int
    """Where the path begins."""
    span: tuple[int, int]
    body: Payload | None = None
    query: Payload | None = None


def requests(text: str, placed: Placed) -> Iterator[Request]:
    """The requests of both that a text makes."""
    if re.search(r"^\W*(?:https?|xhs?)[ \t]", text, re.MULTILINE):
        yield from _httpie(text, placed)
    if re.search(r"\b(?:Invoke-|irm|iwr)", text, re.IGNORECASE):
        yield from _powershell(text, placed)


def _httpie(text: str, placed: Placed) -> Iterator[Request]:
    for found in HTTPIE.finditer(text):
        words = list(WORD.finditer(text, found.start("words"), found.end("words")))
        at = next((number for number, word in enumerate(words) if ADDRESS.match(word[0])), None)
        address = ADDRESS.match(text, words[at].start()) if at is not None else None
        if at is None or address is None:
            continue
        verb = next((word[0] for word in words[:at] if METHOD.fullmatch(word[0])), None)
        items = [(one, word.start()) for word in words[at + 1 :] if (one := ITEM.match(word[0])) is not None]
        made = [(one, _field(one, begin, placed)) for one, begin in items]
        body = tuple(field for one, field in made if one["sign"] != "==")
        query = tuple(field for one, field in made if one["sign"] == "==")
        piped = re.search(r"(?:<|@)\s*[\w./$-]+", text[words[at].end() : found.end()]) is not None
        yield Request(
            method=verb or ("POST" if body or piped else "GET"), path=address["path"], at=address.start("path"),
            span=found.span(), body=Payload(fields=body, whole=not piped) if body else None,
            query=Payload(fields=query) if query else None,
        )  # fmt: skip


def _field(item: re.Match[str], begin: int, placed: Placed) -> Field:
    """What an item sends; a text of the query is a number where it looks like one."""
    raw = item["value"]
    number = item["sign"] == "==" and re.fullmatch(r"\d+", raw) is not None
    told = loose.value(item["name"], raw if number or item["sign"] == ":=" else f'"{raw}"')
    first = item.start("value")
    return replace(told, place=placed(begin + first, begin + item.end("value")))


def _powershell(text: str, placed: Placed) -> Iterator[Request]:
    for found in POWERSHELL.finditer(text):
        address = ADDRESS.search(text, found.start("words"), found.end("words"))
        if address is None:
            continue
        verb = VERB.search(text, found.start("words"), found.end("words"))
        yield Request(
            method=verb["method"].upper() if verb else "GET", path=address["path"], at=address.start("path"),
            span=found.span(), body=_sent(text, found, placed),
        )  # fmt: skip


def _sent(text: str, command: re.Match[str], placed: Placed) -> Payload | None:
    """The body of a command: an object or a text, there or in a variable that was given it before."""
    found = BODY.search(text, command.start("words"), command.end("words"))
    begin = found.end() if found is not None else None
    if found is not None and found["name"]:
        given = re.compile(rf"\$(?:\w+:)?{found['name']}\s*=\s*(?:@?['\"]\s*|(?:\[\w+\]\s*)?@)(?=\{{)", re.IGNORECASE)
        begin = max(
            (one.end() for one in given.finditer(text, max(0, command.start() - BEFORE), command.start())), default=None
        )
    shown = loose.payload(text, begin, placed) if begin is not None else None
    return shown[0] if shown is not None and shown[0].fields else None
