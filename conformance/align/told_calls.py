"""HTTP calls in prose, lists and tables: a method and a path, side by side or apart. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from conformance.align import paths, tags
from conformance.align.labels import CALL
from conformance.align.markdown import Piece
from conformance.align.vocabulary import Vocabulary

METHOD = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE)\b")
ONLY_METHODS = re.compile(r"[\W_]*(?:(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|and|or)[\W_]*)+")
"""A cell that is nothing but methods."""
CELL = re.compile(r"\W*?(?:https?://[^\s/`|]+|\{\{[^}`|]*\}\}|\$\{?\w+\}?|(?<!\{)\{\w+\})?(?P<path>/[^\s`|]+)")
"""A cell that begins with a path, perhaps behind an address or a variable that holds one."""
APART = re.compile(
    r"\b(?P<method>GET|POST|PUT|PATCH|DELETE)\b[`*_]*\s+(?:(?!and\b|or\b|then\b|but\b)[a-z]+\s+){0,5}?"
    r"(?:to|on|of|against|at|from|for|with|auf|an|von|sur|vers|a|en|em|su|naar|tới|đến|vào|lên)\s+(?:(?:the|path|endpoint|url|route)\s+){0,3}"
    r"[`*_'\"]*(?:https?://[^\s/`'\"]+|\{\{\w+\}\}|\$\{?\w+\}?)?(?P<path>/[^\s`'\"|,;)]*\w[^\s`'\"|,;)]*)"
)
"""A method and a path with a few words between them: `POST it to /path`."""
SERVICES = re.compile(
    r"\W*(?:services?|hosts?|servers?|backends?|systems?|components?|owners?|owned\s+by|upstreams?|targets?|apps?|where|dienst|"
    r"dịch\s+vụ|servicio|serviço|servizio)\W*",
    re.IGNORECASE,
)
"""The head of a column that says whose a call is."""
PREFIXES = re.compile(
    r"\W*(?:prefix|base(?:\s+(?:path|url))?|mount(?:ed)?(?:\s+(?:at|point|path))?|router|group|controller)\W*",
    re.IGNORECASE,
)
"""The head of a column of that which goes before a path."""
PREFIX = re.compile(r"[`*\s]*(?P<path>/[\w./:{}-]+)[`*\s]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A call that a text tells."""

    method: str
    path: str
    at: int
    """Where the path begins."""
    end: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What columns say of the calls in the rows of tables, by their lines."""

    others: frozenset[int] = frozenset()
    """The rows of other services than the one that has the documented calls."""
    prefixes: dict[int, str] = field(default_factory=dict)
    """What goes before the path of a row."""


def told(piece: Piece, tables: Tables) -> Iterator[Told]:
    """The calls of a piece."""
    text = piece.text
    if "/" not in text:
        return
    found = list(CALL.finditer(tags.blanked(text) if piece.kind == "html" else text))
    if not found and piece.kind == "cell":
        yield from _of_row(piece, tables)
        return
    how = piece.kind if piece.kind in ("heading", "cell") else "text"
    for one in found:
        yield Told(
            method=one["method"], path=one["path"].rstrip(".:"), at=one.start("path"), end=one.end(), how=how,
        )  # fmt: skip
    if METHOD.search(text):
        taken = {one.start("path") for one in found}
        for one in APART.finditer(text):
            if one.start("path") not in taken:
                path = one["path"].rstrip(".:*_")
                yield Told(method=one["method"], path=path, at=one.start("path"), end=one.end(), how="text")


def _of_row(piece: Piece, tables: Tables) -> Iterator[Told]:
    """The calls of a cell that begins with a path, by the methods of its row."""
    path = CELL.match(piece.text)
    if path is None:
        return
    cells = [cell for cell in piece.row.split("|") if ONLY_METHODS.fullmatch(cell)]
    methods = dict.fromkeys(METHOD.findall(cells[0] if cells else piece.row))
    if not cells:
        methods = dict.fromkeys(list(methods)[:1])
    before = tables.prefixes.get(piece.lines[0][0], "")
    for method in methods:
        yield Told(
            method=method, path=f"{before}{path['path']}", at=path.start("path"), end=path.end(), how="table"
        )  # fmt: skip


def tables(parts: Sequence[Piece], words: Vocabulary) -> Tables:
    """What the columns of a document's tables say of calls: whose they are, and what goes before their paths."""
    rows: dict[tuple[tuple[str, ...], tuple[str, ...]], list[list[Piece]]] = defaultdict(list)
    row: list[Piece] = []
    for piece in parts:
        if piece.kind != "cell":
            row = _kept(row, rows)
            continue
        if row and piece.lines[0][0] != row[0].lines[0][0]:
            row = _kept(row, rows)
        row.append(piece)
    _kept(row, rows)
    others, prefixes = set[int](), dict[int, str]()
    for (_, heads), some in rows.items():
        of = next((at for at, head in enumerate(heads) if SERVICES.fullmatch(head)), None)
        if of is not None and len(heads) > 1:
            others |= _of_others(some, of, words)
        before = next((at for at, head in enumerate(heads) if PREFIXES.fullmatch(head)), None)
        if before is not None:
            prefixes |= {
                cells[0].lines[0][0]: found["path"].rstrip("/")
                for cells in some
                if before < len(cells) and (found := PREFIX.fullmatch(cells[before].text)) is not None
            }
    return Tables(others=frozenset(others), prefixes=prefixes)


def _kept(row: list[Piece], rows: dict[tuple[tuple[str, ...], tuple[str, ...]], list[list[Piece]]]) -> list[Piece]:
    """Keep a row that may name a call, by its headings and the heads of its columns."""
    if row and "/" in row[0].row:
        rows[row[0].section, tuple(cell.head for cell in row)].append(row)
    return []


def _of_others(rows: Sequence[Sequence[Piece]], column: int, words: Vocabulary) -> set[int]:
    """The lines of rows whose service is none that has documented calls, where some has."""
    if any("/" in cells[column].text for cells in rows if column < len(cells)):
        return set()  # It says where a call goes to.
    of = {
        cells[0].lines[0][0]: cells[column].text.strip("`*_ ").lower() for cells in rows if column < len(cells)
    }  # fmt: skip
    own = {
        of[cells[0].lines[0][0]]
        for cells in rows
        for cell in cells
        for one in told(cell, Tables())
        if cells[0].lines[0][0] in of and paths.call_of(words.bundle, f"{one.method} {one.path}") is not None
    }
    counts = {name: sum(one == name for one in of.values()) for name in own}
    if not own:
        return set()
    most = max(counts.values())
    own = {name for name in own if counts[name] == most or counts[name] > 1}
    return {line for line, name in of.items() if name not in own}


def without_others(parts: list[Piece], found: Tables) -> list[Piece]:
    """The pieces of a document, of which the rows of other services are no claims."""
    if not found.others:
        return parts
    return [
        replace(piece, refuted=True) if piece.kind == "cell" and piece.lines[0][0] in found.others else piece
        for piece in parts
    ]
