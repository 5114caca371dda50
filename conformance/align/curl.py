"""HTTP calls of shells and raw requests: `curl`, HTTPie's like, and `POST /path` with its body. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from conformance.align import answers, loose, shells
from conformance.align.http import query_of
from conformance.align.loose import Placed
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Field, Payload, Place

CURL = re.compile(r"\bcurl\b(?P<words>(?:\\\n|'[^']*'|\"(?:\\.|[^\"\\])*\"|\\.|[^\n])*)", re.DOTALL)
URL = re.compile(
    r"https?://[^\s/'\"`]+(/[^\s'\"`]*)|\$\{?\w+\}?(/[^\s'\"`]+)|\{\{\w+\}\}(/[^\s'\"`]+)|(?<![\w:/.])(?:localhost|[\w.-]+):\d+(/[^\s'\"`]+)"
)
REQUEST = re.compile(r"^(?P<method>GET|POST|PUT|PATCH|DELETE)\s+(?P<path>\S+)[^\n]*$", re.MULTILINE)
SENDS = re.compile(r"(?:^|\s)(?:-d|--data\S*|--json|-F|--form)(?![\w-])|(?:^|\s)-d(?=['\"@])")
DATA = re.compile(r"(?:-d|--data\S*|--json)[ =]*\$?(['\"])(?=\s*\{)")
"""A body that is written there."""
GIVEN = re.compile(r"(?:-d|--data\S*|--json)[ =]*['\"]?@-")
"""A body that comes from what is written beside the command."""
HEREDOC = re.compile(r"<<-?\s*(['\"]?)(?P<tag>\w+)\1[^\n]*\n")
MOST = 20_000
"""Characters of such a body."""
HERE = re.compile(r"<<<\s*\$?['\"](?=\s*\{)")
"""What is written beside a command: lines up to a word, or a text."""
GET = re.compile(r"(?:^|\s)(?:-G|--get)\b")
PAIR = re.compile(r"(?:-d|--data(?:-urlencode|-raw)?)[ =]*['\"]?(?P<name>[A-Za-z]\w*)=(?P<value>[^\s'\"&]*)")
"""A parameter that is sent in the query."""


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
    placed = partial(piece.span, file)

    made = [*_curled(piece, file, placed), *_raw(piece, file, placed), *_of_shells(piece, file, placed)]
    yield from (claim for claim, _, own in made if own)
    yield from answers.below(piece, file, sorted(((claim, at) for claim, at, _ in made), key=lambda one: one[1]))


Made = tuple[Claim, tuple[int, int], bool]
"""A call, the offsets of it with its body, and whether it is claimed here."""


def _curled(piece: Piece, file: str, placed: Placed) -> Iterator[Made]:
    for found in CURL.finditer(piece.text):
        words, begin = found["words"], found.start("words")
        url = URL.search(words)
        if url is None:
            continue
        method = re.search(r"(?:-X|--request)[ =]*['\"]?([A-Z]+)", words)
        asks = GET.search(words) is not None
        body, end = (None, found.end()) if asks else _body(piece.text, found, placed)
        group = next(number for number in range(1, 5) if url[number])
        verb = method[1] if method else "POST" if SENDS.search(words) and not asks else "GET"
        made = call(piece, file, verb, url[group], begin + url.start(group), body)
        if asks and (query := _query(piece.text, found, placed)):
            made = replace(made, query=Payload(fields=(*(made.query.fields if made.query else ()), *query)))
        yield made, (found.start(), end), True


def _body(text: str, command: re.Match[str], placed: Placed) -> tuple[Payload | None, int]:
    """(the body that a command sends, the offset behind both): in its words, or in what is written beside it."""
    begin, end = command.span("words")
    data, lines = DATA.search(text, begin, end), None
    at = text.index("{", data.end()) if data is not None else None
    if data is None and GIVEN.search(text, begin, end):
        lines, here = _lines(text, command), HERE.search(text, begin, end)
        at = text.find("{", *lines) if lines else here.end() if here else None
    last = max(end, lines[1] if lines else 0)
    if at is None or at < 0:
        return None, last
    # A quote within quotes is written with a sign before it; places stay.
    shown = loose.payload(text[:end].replace('\\"', ' "') + text[end:], at, placed)
    return shown[0] if shown else None, last


def _lines(text: str, command: re.Match[str]) -> tuple[int, int] | None:
    """The (first, last) offsets of the lines that a command is given, from the one behind it up to a word."""
    head = HEREDOC.search(text, text.rfind("\n", 0, command.start()) + 1, command.end() + 1)
    if head is None:
        return None
    tag = re.compile(rf"^[ \t]*{head['tag']}[ \t]*$", re.MULTILINE).search(text, head.end(), head.end() + MOST)
    return (head.end(), tag.start()) if tag is not None else None


def _query(text: str, command: re.Match[str], placed: Placed) -> Iterator[Field]:
    for found in PAIR.finditer(text, *command.span("words")):
        value = found["value"]
        told = loose.value(found["name"], value) if value.isdigit() else Field(name=found["name"], place=placed(0, 0))
        yield replace(told, place=placed(*found.span("value")))


def _raw(piece: Piece, file: str, placed: Placed) -> Iterator[Made]:
    for found in REQUEST.finditer(piece.text):
        rest = re.compile(r"(?:\n[\w-]+:[^\n]*)*\s*\n\s*(?=\{)").match(piece.text, found.end())
        body = loose.payload(piece.text, rest.end(), placed) if rest else None
        if found["path"].startswith("/"):
            made = call(piece, file, found["method"], found["path"], found.start("path"), body[0] if body else None)
            yield made, (found.start(), body[1] if body else found.end()), body is not None


def _of_shells(piece: Piece, file: str, placed: Placed) -> Iterator[Made]:
    for one in shells.requests(piece.text, placed):
        made = call(piece, file, one.method, one.path, one.at, one.body)
        yield replace(made, query=one.query or made.query), one.span, True
