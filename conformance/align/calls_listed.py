"""HTTP calls whose method and address are facts of their own: items, lines or rows such as `Method: POST`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from conformance.align import answers, quoted_calls, stance
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Field, Payload
from conformance.align.request_data import HOST, plain
from conformance.align.vocabulary import Vocabulary

METHOD = re.compile(
    r"[\W_]*(?:(?:http|request)\s+)?(?:method|verb|methode|méthode|método|metodo|phương\s+thức)[\s*_`]*(?:[:：|][\s*_`]*)+"
    r"(?P<method>GET|POST|PUT|PATCH|DELETE)[\s*_`]*",
    re.IGNORECASE,
)
HINTS = ("ethod", "éthod", "étod", "etodo", "METHOD", "erb", "VERB", "hương")
"""Letters of which every fact of a method has some."""
ADDRESS = re.compile(
    r"[\W_]*(?:(?:request|full|http)\s+)?(?:url|uri|endpoint|path|route|address|adresse|pfad|chemin|ruta|đường\s+dẫn)[\s*_`]*"
    r"(?:[:：|][\s*_`]*)+(?P<url>[^\s`*|]+)[\s*_`]*",
    re.IGNORECASE,
)
QUERY = re.compile(
    r"[\W_]*(?:(?:url|request)\s+)?(?:(?:query\s*)?param(?:eter)?s?|query)[\s*_`]*(?:[:：|][\s*_]*)+(?P<names>`.*)",
    re.IGNORECASE,
)
PARAMETER = re.compile(r"`(?P<name>[A-Za-z]\w*)(?:=[^`]*)?`(?=\s*(?:[=,;:(]|\Z|and\b|und\b|và\b|et\b|y\b))")

REFUSED = re.compile(r"(?<![\w.:/-])40[45](?![\w:/-]|\.\d)")
"""What is said to come of a call that is not there."""


@dataclass(slots=True)
class Call:
    """What is known of a call so far."""

    method: str = ""
    address: tuple[Piece, str, int] | None = None
    """(the piece, the path, where it begins) of the address."""
    query: tuple[Field, ...] = ()
    texts: list[str] = field(default_factory=list)


def claims(parts: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """The calls whose facts stand side by side: in a list, a paragraph, or a table of two columns."""
    whole = "\n".join(piece.text for piece in parts if piece.kind != "fence")
    if not any(hint in whole for hint in HINTS):
        return
    around: tuple[object, ...] = ()
    one = Call()
    for piece in parts:
        if piece.kind == "cell" and piece.column == 0:
            continue
        own = (piece.kind, piece.section, piece.depth, piece.lead)
        if own != around or piece.kind == "paragraph":
            yield from _made(one, file, words)
            one, around = Call(), own
        for at, line in _lines(piece):
            if METHOD.fullmatch(line) if one.method else ADDRESS.fullmatch(line) if one.address else None:
                yield from _made(one, file, words)
                one = Call()
            _told(one, piece, at, line, file)
    yield from _made(one, file, words)


def _lines(piece: Piece) -> Iterable[tuple[int, str]]:
    """(where it begins, the text) of what may be a fact."""
    if piece.kind not in ("paragraph", "item", "cell") or len(piece.text) > MOST:
        return
    if piece.kind == "cell":
        cells = piece.row.split("|")
        if len(cells) == 2:
            yield -len(cells[0]) - 1, f"{cells[0]}|{piece.text}"
        return
    at = 0
    for line in piece.text.split("\n"):
        yield at, line
        at += len(line) + 1


MOST = 600
"""Characters of a text of facts."""


def _told(one: Call, piece: Piece, at: int, line: str, file: str) -> None:
    """Add what a line says to a call."""
    if found := METHOD.fullmatch(line):
        one.method = found["method"].upper()
    elif found := ADDRESS.fullmatch(line):
        host = HOST.match(found["url"])
        begin = host.end() if host is not None else 0
        if found["url"][begin : begin + 1] == "/":
            one.address = (piece, found["url"][begin:], at + found.start("url") + begin)
    elif found := QUERY.fullmatch(line):
        named = PARAMETER.finditer(line, found.start("names"))
        one.query = tuple(
            Field(name=name["name"], place=piece.span(file, at + name.start("name"), at + name.end("name")))
            for name in named
        )
    one.texts.append(line)


def _made(one: Call, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The call that is told, where a method and an address are."""
    if not one.method or one.address is None:
        return
    piece, path, at = one.address
    subject = f"{one.method} {plain(path)}"
    place = piece.span(file, at, at + len(path))
    said = " ".join(one.texts)
    refused = REFUSED.search(said) is not None and answers.WELL.search(said) is None
    quoted = refused or quoted_calls.is_quoted(piece, words, frozenset(), subject, at, said)
    made = Claim(
        kind="call", subject=subject, origin="document", how="table", place=place, section=piece.section,
        refuted=piece.refuted or quoted or any(stance.refuted(text) for text in one.texts),
    )  # fmt: skip
    yield replace(made, query=Payload(fields=one.query, whole=False)) if one.query else made
