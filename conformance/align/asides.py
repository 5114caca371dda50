"""What stands beside the text of a document: definitions of links, and comments that ask to ignore a rule. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from conformance.align import languages
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Place

IGNORE = re.compile(r"<!--\s*roomcheck:\s*ignore\s+(?P<rule>[\w-]+|\*)(?P<reason>[^>]*?)\s*-->")
OUTSIDE_LINK = re.compile(r"[a-z][a-z0-9+.-]*:|#|//", re.IGNORECASE)
DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*<?(?P<target>[^\s>]+)>?", re.MULTILINE)


def definitions(text: str, parts: Sequence[Piece], file: str) -> Iterator[Claim]:
    """Where the references of links lead: `[name]: target`."""
    if "]:" not in text:
        return
    fenced = {line for piece in parts if piece.kind == "fence" for line, _ in piece.lines}
    for found in DEFINITION.finditer(text):
        line = text.count("\n", 0, found.start("target")) + 1
        target = found["target"]
        if line not in fenced and not OUTSIDE_LINK.match(target):
            column = found.start("target") - text.rfind("\n", 0, found.start("target"))
            yield Claim(
                kind="link", subject=target, origin="document", how="link",
                place=Place(file=file, line=line, column=column, end=column + len(target)),
            )  # fmt: skip


def unabbreviated(text: str) -> str:
    """A document with what it calls the server for short written as `RT`, `RTS` or `RTSS`, so that places stay."""
    small = text.lower()
    if not any(word in small for word in OF_SOCKETS):
        return text
    lines = [line for line in text.split("\n") if any(word in line.lower() for word in OF_SOCKETS)]
    lines = [line for line in lines if SHORT.search(line)]
    short = {
        name for line in lines for found in languages.ABBREVIATED.finditer(line) for name in found.groups() if name
    }
    short -= OTHERS
    if not short:
        return text
    return re.sub(rf"(?<![\w:/-])(?:{'|'.join(sorted(short))})(?![\w:/-])", lambda found: "RTSS"[: len(found[0])], text)


SHORT = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2,4}(?![A-Za-z0-9])")
OF_SOCKETS = ("realtime", "real-time", "socket", "ws ")
"""What every line has that says what a server of sockets is called for short."""
FENCE = re.compile(r"\s*(`{3,}|~{3,})")
OTHERS = frozenset(
    {"BFF", "API", "HTTP", "SOS", "JWT", "SDK", "TLS", "URL", "REST", "GET", "POST", "PUT", "WSS", "APP", "WEB"}
)
"""What is short for something else than a server of sockets."""


def ignored(text: str) -> Iterator[tuple[str, int, int]]:
    """What a comment asks to ignore: its own line, and the paragraph, the table or the fence that follows."""
    lines = text.split("\n")
    for found in IGNORE.finditer(text):
        first = text.count("\n", 0, found.start()) + 1
        last = first
        while last < len(lines) and not lines[last].strip():
            last += 1
        # A fence has empty lines of its own.
        mark = FENCE.match(lines[last]) if last < len(lines) else None
        if mark:
            last = next((n for n in range(last + 1, len(lines)) if lines[n].strip().startswith(mark[1])), last)
        while last < len(lines) and lines[last].strip():
            last += 1
        yield found["rule"], first, last
