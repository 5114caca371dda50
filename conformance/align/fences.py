"""Fenced code to claims: JavaScript and TypeScript, JSON as payloads, calls and names in anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.align import stance
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Place
from conformance.align.payload import payload, text_of
from conformance.align.typescript import Code
from conformance.align.vocabulary import NAME, Vocabulary

if TYPE_CHECKING:
    from tree_sitter import Node

CODE = frozenset({"js", "javascript", "ts", "typescript", "jsx", "tsx", "mjs", "cjs", "node"})
JSON = frozenset({"json", "jsonc", "json5"})
DRAWN = frozenset({"", "text", "txt", "plain", "plaintext", "ascii", "mermaid", "plantuml", "console", "diagram"})
"""What is no programming language: names stand in it without quotes."""

CALL = re.compile(
    r"(?<![\w/-])(?P<method>GET|POST|PUT|PATCH|DELETE)[`*\s|]+(?:https?://[^\s/`'\"]+)?(?P<path>/[^\s`'\"|,;)]*)"
)
CURL = re.compile(r"\bcurl\b(?P<words>(?:[^\n]|\\\n)*)")
URL = re.compile(r"https?://[^\s/'\"`]+(/[^\s'\"`?]*)|\$\{?\w+\}?(/[^\s'\"`?]+)")
QUOTED = re.compile(r"(['\"`])([A-Za-z][\w-]*(?::[A-Za-z][\w-]*)+)\1")


OTHER_OBJECT = re.compile(
    r"\bjwt\b|\btokens?\b|\bclaims\b|\bconfig|\bstor(?:e|es|ed|ing)\b|\bdocument\b|\bmongo|\bdatabase|\binvalid\b|"
    r"\b(?:others|everyone|members|they)\s+(?:\w+\s+)?(?:receive|get|hear)|\bheaders?\b|\benvironment\b",
    re.IGNORECASE,
)
"""A paragraph above an object that is no payload of the event that the heading names."""


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """What a fence claims."""
    language = re.split(r"[\s,{:]", piece.info.lower(), maxsplit=1)[0]
    if language.split("-")[0] in ("diff", "patch"):
        taken_away = {
            number: True for number, line in enumerate(piece.text.split("\n"), piece.lines[0][0]) if line[:1] == "-"
        }
        yield from (_seen(claim, piece, taken_away) for claim in _names(piece, file, words, quoted=False))
        return
    if language in CODE:
        code = _code(piece, file)
        doubtful = dict(_by_line(piece, code))
        yield from (_seen(claim, piece, doubtful) for claim in code.claims())
        yield from (_seen(claim, piece, doubtful) for claim in _calls(piece, file))
    elif language in JSON or (not language and piece.text.lstrip()[:1] in "{["):
        yield from _json(piece, file, words)
    else:
        doubtful = dict(_by_marks(piece))
        yield from (_seen(claim, piece, doubtful) for claim in _calls(piece, file))
        yield from (_seen(claim, piece, doubtful) for claim in _names(piece, file, words, quoted=language not in DRAWN))


def _code(piece: Piece, file: str) -> Code:
    line, column = piece.lines[0]
    text = " ".join((*piece.section, piece.above))
    server = re.search(r"\bserver\b|\bservice\b|\bbackend\b", text, re.IGNORECASE)
    client = re.search(r"\bclient|\bfrontend|\breact|\bapp\b", text, re.IGNORECASE)
    return Code(
        text=piece.text, file=file, origin="document", line=line, columns=column - 1, section=piece.section,
        side="server" if server and not client else "client", tsx=piece.info.lower().startswith(("tsx", "jsx")),
    )  # fmt: skip


def _seen(claim: Claim, piece: Piece, doubtful: dict[int, bool]) -> Claim:
    """A claim with what comments, labels and headings say of it."""
    return replace(claim, refuted=doubtful.get(claim.place.line, piece.refuted), section=piece.section)


def _by_line(piece: Piece, code: Code) -> Iterator[tuple[int, bool]]:
    """For each line of code what comments say of it: one behind it, or those above it up to a blank line."""
    above: dict[int, str] = {}
    behind: dict[int, str] = {}
    covered: set[int] = set()
    for first, last, text, after in code.comments():
        (behind if after else above)[first] = text
        if not after:
            covered |= set(range(first, last + 1))
    said: stance.Stance | None = None
    first_line = piece.lines[0][0]
    for number, line in enumerate(piece.text.split("\n"), first_line):
        if not line.strip():
            said = None
        elif number in above:
            said = stance.label(above[number].strip("/* ")[: stance.LABEL_CHARACTERS]) or said
        if number in covered:
            continue
        own = stance.refuted(behind[number]) if number in behind else None
        right = number in behind and stance.STATED.search(behind[number]) is not None and not own
        if own or right or said:
            yield number, bool(own) or (not right and said == "refuted")


def _by_marks(piece: Piece) -> Iterator[tuple[int, bool]]:
    """For each line of a text that is no code whether it calls itself wrong."""
    for number, line in enumerate(piece.text.split("\n"), piece.lines[0][0]):
        if stance.refuted(line):
            yield number, True


def _calls(piece: Piece, file: str) -> Iterator[Claim]:
    for found in CALL.finditer(piece.text):
        yield _call(piece, file, found["method"], found["path"], found.start("path"))
    for found in CURL.finditer(piece.text):
        words = found["words"]
        method = re.search(r"(?:-X|--request)[ =]*['\"]?([A-Z]+)", words)
        sends = re.search(r"(?:^|\s)(?:-d|--data\S*|--json)\b", words)
        for url in list(URL.finditer(words))[:1]:
            group = 1 if url[1] else 2
            verb = method[1] if method else "POST" if sends else "GET"
            yield _call(piece, file, verb, url[group], found.start("words") + url.start(group))


def _call(piece: Piece, file: str, method: str, path: str, offset: int) -> Claim:
    line, column = piece.place(offset)
    return Claim(
        kind="call", subject=f"{method} {path.rstrip('.')}", origin="document", how="call",
        place=Place(file=file, line=line, column=column, end=column + len(path.rstrip("."))),
    )  # fmt: skip


def _names(piece: Piece, file: str, words: Vocabulary, *, quoted: bool) -> Iterator[Claim]:
    """Names in another language's strings, or anywhere in a diagram."""
    found = (
        ((one[2], one.start(2)) for one in QUOTED.finditer(piece.text))
        if quoted
        else ((one[0], one.start()) for one in NAME.finditer(piece.text))
    )
    for name, offset in found:
        if words.like_an_event(name):
            yield _named(piece, file, "event", name, offset)
    for one in words.room.finditer(piece.text):
        yield _named(piece, file, "room", one[0], one.start())


def _named(piece: Piece, file: str, kind: str, name: str, offset: int) -> Claim:
    line, column = piece.place(offset)
    place = Place(file=file, line=line, column=column, end=column + len(name))
    return Claim(kind="room" if kind == "room" else "event", subject=name, place=place, origin="document", how="text")


def _json(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """A payload, of the one event that its label or heading names; or `["event", {...}]`."""
    line, column = piece.lines[0]
    code = Code(
        text=f"({piece.text})", file=file, origin="document", line=line, columns=column - 2, section=piece.section
    )  # fmt: skip
    for node in _values(code):
        event: str | None = None
        shown: Node | None = node
        at = code.place(node)
        if node.type == "array" and node.named_children and node.named_children[0].type == "string":
            event = text_of(node.named_children[0])[1:-1]
            at = code.place(node.named_children[0])
            shown = next((child for child in node.named_children[1:] if child.type == "object"), None)
        elif node.type == "object":
            event = named(piece, words)
        if event and shown is not None and (node.type == "array" or event in words.events):
            refuted = piece.refuted or stance.refuted(piece.above[-stance.LABEL_CHARACTERS :])
            yield Claim(
                kind="event", subject=event, place=at, origin="document", how="payload", section=piece.section,
                payload=payload(shown, code.place, placeholders=True), refuted=refuted,
            )  # fmt: skip


def _values(code: Code) -> Iterator[Node]:
    """The values that stand at the top of a text of JSON."""
    for statement in code.root.named_children:
        if statement.type == "expression_statement":
            for node in statement.named_children:
                inner = (
                    node.named_children[0] if node.type == "parenthesized_expression" and node.named_children else node
                )
                if inner.type in ("object", "array"):
                    yield inner


def named(piece: Piece, words: Vocabulary) -> str | None:
    """The one event that the paragraph above or the nearest heading names."""
    for text in (piece.above, *reversed(piece.section[-1:])):
        if text is piece.above and OTHER_OBJECT.search(text):
            return None
        if re.search(r"\b(?:response|answer|reply|ack|returns?|error|body|request body)\b", text, re.IGNORECASE):
            return None
        names: set[str] = {name for name in re.findall(r"`([^`]+)`", text) if name in words.events}
        names |= {one[0] for one in NAME.finditer(text) if one[0] in words.events}
        if len(names) == 1:
            return next(iter(names))
        if names:
            return None
    return None
