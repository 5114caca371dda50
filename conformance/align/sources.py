"""Source files to claims, by their languages: of a service, or of its clients. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from conformance.align import (
    annotated,
    bases,
    connections,
    imported,
    imports,
    objects,
    others,
    python,
    slips,
    source_types,
    statuses_compared,
)  # fmt: skip
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Origin, Side, Text
from conformance.align.typescript import Code
from conformance.align.vocabulary import Vocabulary

SCRIPTS = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
PAGES = (".vue", ".svelte", ".html")
"""Files in which only what stands between the tags of scripts is code."""
PYTHON = (".py",)
STRINGS = (".dart", ".swift", ".kt", ".java", ".cs")
"""Languages that are read by the strings of `on` and `emit` alone."""

SERVERS = (*SCRIPTS, *PYTHON)
CLIENTS = (*SCRIPTS, *PAGES, *PYTHON, *STRINGS)

NESTED = "{}: nested too deeply or too broken to be parsed, so it was not read"
SCRIPT = re.compile(r"(?P<open><script\b[^>]*>)(?P<code>.*?)(?=</script>)", re.DOTALL)
IGNORE = re.compile(r"roomcheck:\s*ignore\s+(?P<rule>[\w-]+|\*)")
"""In a comment: of this rule nothing is told for this line and the next."""

Read: TypeAlias = Code | python.Code


def read_sources(
    files: Mapping[str, str], words: Vocabulary, origin: Origin, faults: list[str] | None = None
) -> list[Text]:  # fmt: skip
    """What source files claim, names resolved through the constants of all of them.

    Args:
        faults: where it is added what could not be read; None to raise instead.
    """
    outside: dict[str, str] = {}
    codes, texts = list[Read](), list[Text]()
    for file, text in files.items():
        plain = text.replace("\r\n", "\n")
        if file.endswith(STRINGS):
            texts.append(_text(file, text, origin, tuple(_strings(plain, file, words, origin))))
            continue
        try:
            code = _code(plain, file, words, origin)
        except RecursionError:
            if faults is None:
                raise
            faults.append(NESTED.format(file))
            continue
        names = code.scope.names if isinstance(code, Code) else code.names
        outside |= {name: value for name, value in names.items() if "." in name or "room" in name.lower()}
        codes.append(code)
    checked = source_types.checked(files, words)
    types = imports.linked({code.file: (code.text, code.scope) for code in codes if isinstance(code, Code)})
    named = imported.of({
        code.file: imported.Module(text=code.text, names=code.scope.names if isinstance(code, Code) else code.names)
        for code in codes
    })  # fmt: skip
    clients = bases.shared(code.text for code in codes)
    for code in codes:
        code.outside({**outside, **named[code.file]})
        if isinstance(code, Code):
            code.scope.foreign = types[code.file]
        own = bases.Bases(clients={**clients, **bases.of_code(code.text)})
        read = bases.completed(code.claims(), words, partial(_same, own))
        claims = (
            *read,
            *statuses_compared.claims(_piece(code.text), read, code.file, words, origin=origin),
            *_frames(code.text, code.file, words, origin),
            *source_types.claims(_piece(code.text), code.file, words, origin, checked),
            *connections.of_code(_piece(code.text), code.file, words, origin=origin),
        )
        texts.append(_text(code.file, files[code.file], origin, claims, code))
    return texts


def _same(own: bases.Bases) -> bases.Bases:
    return own


def _code(text: str, file: str, words: Vocabulary, origin: Origin) -> Read:
    side: Side = "client" if origin == "client" else "server"
    if file.endswith(PYTHON):
        return python.Code(text=text, file=file, origin=origin, words=words, side=side)
    if file.endswith(PAGES):
        text = _scripts(text)
    tsx = file.endswith(("x", ".js"))
    return Code(text=text, file=file, origin=origin, words=words, side=side, tsx=tsx)


def _scripts(text: str) -> str:
    """A page with everything blanked but its scripts, so that they keep their places."""
    made, at = [], 0
    for found in SCRIPT.finditer(text):
        made.append(re.sub(r"[^\n]", " ", text[at : found.start("code")]))
        made.append(found["code"])
        at = found.end()
    return "".join((*made, re.sub(r"[^\n]", " ", text[at:])))


def _piece(text: str) -> Piece:
    lines = tuple((number, 1) for number, _ in enumerate(text.split("\n"), 1))
    return Piece(kind="fence", text=text, lines=lines)


def _strings(text: str, file: str, words: Vocabulary, origin: Origin) -> list[Claim]:
    piece = _piece(text)
    claims = list(others.claims(piece, file, words, origin=origin))
    claims += annotated.claims(piece, file, origin=origin)
    known = {claim.place.line: claim.place for claim in claims if claim.kind == "call"}
    claims += [replace(claim, origin=origin) for claim in slips.claims(piece, file, words, known)]
    claims += connections.of_code(piece, file, words, origin=origin)
    claims += statuses_compared.claims(piece, claims, file, words, origin=origin)
    return [*claims, *_frames(text, file, words, origin)]


def _frames(text: str, file: str, words: Vocabulary, origin: Origin) -> list[Claim]:
    """The packets in the strings of a text."""
    if "42[" not in text:
        return []
    return [replace(claim, origin=origin) for claim in objects.frames(_piece(text), file, words)]


def _text(file: str, written: str, origin: Origin, claims: tuple[Claim, ...], code: Read | None = None) -> Text:
    comments = code.comments() if code is not None else ()
    asked = ((IGNORE.search(text), last) for _, last, text, _ in comments)
    ignored = tuple((rule["rule"], last, last + 1) for rule, last in asked if rule)
    return Text(file=file, origin=origin, claims=claims, written=written, ignored=ignored)
