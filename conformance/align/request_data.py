"""Requests that are data: collections of Postman and Insomnia, what a browser recorded (HAR). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.align import http, loose, paths
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Payload
from conformance.align.vocabulary import Vocabulary

METHOD = re.compile(r"\"method\"\s*:\s*\"(?P<method>GET|POST|PUT|PATCH|DELETE)\"")
URL = re.compile(r"\"url\"\s*:\s*(?:\{\s*\"raw\"\s*:\s*)?\"(?P<url>[^\"\n]*)\"")
RAW = re.compile(r"\"(?:raw|text)\"\s*:\s*\"(?P<body>\{(?:[^\"\\\n]|\\.)*\})\"")
HOST = re.compile(r"(?:https?://[^/{]*|\{\{[^}]*\}\})(?=/)")
"""What stands before the path of a request: an address, or a variable that holds one."""
PART = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|[{}]")
"""A string, or what opens or closes an object."""


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The requests of an object, each told at its method where that is wrong, else at its URL."""
    for found, first, last in _requests(piece.text) if '"method"' in piece.text else ():
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
        place = piece.span(file, *(found.span() if wrong else url.span("url")))
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
