"""HTTP calls of shells and raw requests: `curl`, HTTPie's like, and `POST /path` with its body. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from conformance.align import answers, loose
from conformance.align.http import query_of
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Payload, Place

CURL = re.compile(r"\bcurl\b(?P<words>(?:\\\n|(?P<q>['\"]).*?(?P=q)|[^\n])*)", re.DOTALL)
URL = re.compile(
    r"https?://[^\s/'\"`]+(/[^\s'\"`]*)|\$\{?\w+\}?(/[^\s'\"`]+)|\{\{\w+\}\}(/[^\s'\"`]+)|(?<![\w:/.])(?:localhost|[\w.-]+):\d+(/[^\s'\"`]+)"
)
REQUEST = re.compile(r"^(?P<method>GET|POST|PUT|PATCH|DELETE)\s+(?P<path>\S+)[^\n]*$", re.MULTILINE)
DATA = re.compile(r"(?:-d|--data\S*|--json)[ =]*\$?(['\"])(?=\s*\{)")


def call(piece: Piece, file: str, method: str, path: str, offset: int, body: Payload | None = None) -> Claim:
    """A call that a text makes, with its body and its query."""
    line, column = piece.place(offset)
    path = path.rstrip(".")
    place = Place(file=file, line=line, column=column, end=column + len(path))
    return Claim(
        kind="call", subject=f"{method} {path}", origin="document", how="call", place=place, payload=body,
        query=query_of(path, place),
    )  # fmt: skip


def claims(piece: Piece, file: str) -> Iterator[Claim]:
    """The calls of a fence, with their bodies; raw requests without one are read elsewhere."""

    def placed(first: int, last: int) -> Place:
        line, column = piece.place(first)
        return Place(file=file, line=line, column=column, end=column + last - first)

    made = list(_requests(piece, file, placed))
    yield from (claim for claim, _, own in made if own)
    yield from answers.below(piece, file, sorted(((claim, at) for claim, at, _ in made), key=lambda one: one[1]))


def _requests(
    piece: Piece, file: str, placed: Callable[[int, int], Place]
) -> Iterator[tuple[Claim, tuple[int, int], bool]]:
    """(call, offsets of it with its body, whether it is claimed here) of each request."""
    for found in CURL.finditer(piece.text):
        words = found["words"]
        method = re.search(r"(?:-X|--request)[ =]*['\"]?([A-Z]+)", words)
        sends = re.search(r"(?:^|\s)(?:-d|--data\S*|--json)\b", words)
        data = DATA.search(words)
        begin = found.start("words")
        body = loose.payload(piece.text, begin + words.index("{", data.end()), placed) if data else None
        url = URL.search(words)
        if url:
            group = next(number for number in range(1, 5) if url[number])
            verb = method[1] if method else "POST" if sends else "GET"
            made = call(piece, file, verb, url[group], begin + url.start(group), body[0] if body else None)
            yield made, found.span(), True
    for found in REQUEST.finditer(piece.text):
        rest = re.compile(r"(?:\n[\w-]+:[^\n]*)*\s*\n\s*(?=\{)").match(piece.text, found.end())
        body = loose.payload(piece.text, rest.end(), placed) if rest else None
        if found["path"].startswith("/"):
            made = call(piece, file, found["method"], found["path"], found.start("path"), body[0] if body else None)
            yield made, (found.start(), body[1] if body else found.end()), body is not None
