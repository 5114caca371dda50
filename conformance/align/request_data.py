"""Requests that are data: collections of Postman and Insomnia, what a browser recorded (HAR). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.align import http, loose, paths
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Field, Payload
from conformance.align.vocabulary import Vocabulary

METHOD = re.compile(r"\"method\"\s*:\s*\"(?P<method>GET|POST|PUT|PATCH|DELETE)\"")
URL = re.compile(r"\"url\"\s*:\s*(?:(?P<parts>\{)|\"(?P<url>[^\"\n]*)\")")
OF_PARTS = re.compile(r"\"raw\"\s*:\s*\"(?P<url>[^\"\n]*)\"")
PATH = re.compile(r"\"path\"\s*:\s*\[(?P<path>[^\]]*)\]")
"""The words of a path, one by one."""
_TEXT = r"\"(?:[^\"\\\n]|\\.)*\""
ASKED = re.compile(rf"\"query\"\s*:\s*(?P<list>\[(?:[^\]\"]|{_TEXT})*\])")
ONE = re.compile(rf"\{{(?:[^{{}}\"]|{_TEXT})*\}}")
KEY = re.compile(r"\"key\"\s*:\s*\"(?P<name>[A-Za-z]\w*)\"")
OFF = re.compile(r"\"disabled\"\s*:\s*true")
RAW = re.compile(r"\"(?:raw|text)\"\s*:\s*\"(?P<body>\{(?:[^\"\\\n]|\\.)*\})\"")
HOST = re.compile(
    r"(?:(?:\w+|\{\{[^}]*\}\})://(?:[^/{]|\{\{[^}]*\}\})*|\{\{[^}]*\}\}(?::(?:\d+|\{\{[^}]*\}\}))?|[\w.-]+:\d+)(?=/)"
)
"""What stands before the path of a request: an address, or a variable that holds one."""
PART = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|[{}]")
"""A string, or what opens or closes an object."""


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The requests of an object, each told at its method where that is wrong, else at its URL."""
    for found, first, last in _requests(piece.text) if '"method"' in piece.text else ():
        url = _url(piece.text, first, last)
        if url is None:
            continue
        path, span, end = url
        fitting = paths.fitting(words.bundle, path)
        wrong = bool(fitting) and all(call.method != found["method"] for call in fitting)
        place = piece.span(file, *(found.span() if wrong else span))
        listed = tuple(_listed(piece, file, span[0], end))
        yield Claim(
            kind="call", subject=f"{found['method']} {path}", origin="document", how="call", place=place,
            section=piece.section, refuted=piece.refuted, payload=_body(piece, file, first, last),
            query=Payload(fields=listed) if listed else http.query_of(path, place),
        )  # fmt: skip


def _url(text: str, first: int, last: int) -> tuple[str, tuple[int, int], int] | None:
    """(path, where it stands, where the address ends) of a request; None where its address has no path.

    An address is one text, or an object with it, or with the words of its path.
    """
    url = URL.search(text, first, last)
    if url is None:
        return None
    end = _end(text, url.start("parts"), last) if url["parts"] else url.end()
    raw = OF_PARTS.search(text, url.end(), end) if url["parts"] else url
    if raw is not None:
        host = HOST.match(raw["url"])
        begin = host.end() if host is not None else 0
        path = raw["url"][begin:]
        return (plain(path), (raw.start("url") + begin, raw.end("url")), end) if path.startswith("/") else None
    words = PATH.search(text, url.end(), end)
    if words is None:
        return None
    path = "".join(f"/{part}" for part in re.findall(r"\"([^\"\n]*)\"", words["path"]))
    return plain(path), words.span(), end


def plain(path: str) -> str:
    """A path with its variables as others write them: `{{sosId}}` is `{sosId}`."""
    return re.sub(r"\{\{\s*(?:[\w]*\.)*\s*(\w+)\s*\}\}", r"{\1}", path)


def _end(text: str, begin: int, last: int) -> int:
    """The end of the object that begins at an offset."""
    depth = 0
    for found in PART.finditer(text, begin, last):
        depth += (found[0] == "{") - (found[0] == "}")
        if not depth:
            return found.end()
    return last


def _listed(piece: Piece, file: str, begin: int, end: int) -> Iterator[Field]:
    """The parameters that an address lists, but for those that are switched off."""
    asked = ASKED.search(piece.text, begin, end)
    for one in ONE.finditer(piece.text, *asked.span("list")) if asked is not None else ():
        key = KEY.search(piece.text, *one.span())
        if key is not None and OFF.search(one[0]) is None:
            yield Field(name=key["name"], place=piece.span(file, *key.span()))


def _body(piece: Piece, file: str, first: int, last: int) -> Payload | None:
    """The body that stands in a string; a quote within it has a sign before it, so that places stay."""
    raw = RAW.search(piece.text, first, last)
    if raw is None:
        return None
    begin = raw.start("body")
    shown = loose.payload(
        raw["body"].replace('\\"', ' "'), 0, lambda one, other: piece.span(file, begin + one, begin + other)
    )
    return shown[0] if shown and shown[0].fields else None


def _requests(text: str) -> Iterator[tuple[re.Match[str], int, int]]:
    """The (method, first, last) of each object that has a method of its own, in one pass."""
    opened: list[int] = []
    methods: dict[int, re.Match[str]] = {}
    for found in PART.finditer(text):
        if found[0] == "{":
            opened.append(found.start())
        elif found[0] == "}":
            begin = opened.pop() if opened else -1
            if begin in methods:
                yield methods[begin], begin, found.end()
        elif opened and (method := METHOD.match(text, found.start())) is not None:
            methods.setdefault(opened[-1], method)
