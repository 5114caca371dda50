"""Requests that are data: collections of Postman and Insomnia, what a browser recorded (HAR). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.align import http, loose, paths
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Payload, Place
from conformance.align.vocabulary import Vocabulary

METHOD = re.compile(r"\"method\"\s*:\s*\"(?P<method>GET|POST|PUT|PATCH|DELETE)\"")
URL = re.compile(r"\"url\"\s*:\s*(?:\{\s*\"raw\"\s*:\s*)?\"(?P<url>[^\"\n]*)\"")
RAW = re.compile(r"\"(?:raw|text)\"\s*:\s*\"(?P<body>\{(?:[^\"\\\n]|\\.)*\})\"")
HOST = re.compile(r"(?:https?://[^/{]*|\{\{[^}]*\}\})(?=/)")
"""What stands before the path of a request: an address, or a variable that holds one."""
STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"")
MOST = 20_000
"""Characters of one request."""


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The requests of an object, each told at its method where that is wrong, else at its URL."""
    for found in METHOD.finditer(piece.text):
        first, last = _around(piece.text, found.start())
        url = URL.search(piece.text, first, last)
        if url is None:
            continue
        host = HOST.match(url["url"])
        path = url["url"][host.end() if host else 0 :]
        if not path.startswith("/"):
            continue
        path = re.sub(r"\{\{\s*(?:[\w]*\.)?\s*(\w+)\s*\}\}", r"{\1}", path)
        fitting = paths.fitting(words.bundle, path)
        wrong = bool(fitting) and all(call.method != found["method"] for call in fitting)
        place = _placed(piece, file, *(found.span() if wrong else url.span("url")))
        yield Claim(
            kind="call", subject=f"{found['method']} {path}", origin="document", how="call", place=place,
            section=piece.section, refuted=piece.refuted, query=http.query_of(path, place),
            payload=_body(piece, file, first, last),
        )  # fmt: skip


def _body(piece: Piece, file: str, first: int, last: int) -> Payload | None:
    """The body that stands in a string; a quote within it has a sign before it, so that places stay."""
    raw = RAW.search(piece.text, first, last)
    if raw is None:
        return None
    begin, end = raw.span("body")
    text = piece.text[:begin] + raw["body"].replace('\\"', ' "') + piece.text[end:]
    shown = loose.payload(text, begin, lambda one, other: _placed(piece, file, one, other))
    return shown[0] if shown and shown[0].fields else None


def _around(text: str, offset: int) -> tuple[int, int]:
    """The (first, last) offsets of the object that an offset is in, strings left out."""
    low, high = max(0, offset - MOST), min(len(text), offset + MOST)
    opened: list[int] = []
    at = low
    while at < high:
        string = STRING.match(text, at) if text[at] == '"' else None
        if string is not None:
            at = string.end()
            continue
        if text[at] == "{":
            opened.append(at)
        elif text[at] == "}" and opened:
            begin = opened.pop()
            if begin <= offset < at:
                return begin, at + 1
        at += 1
    return offset, offset


def _placed(piece: Piece, file: str, first: int, last: int) -> Place:
    line, column = piece.place(first)
    return Place(file=file, line=line, column=column, end=column + last - first)
