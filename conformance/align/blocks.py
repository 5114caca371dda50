"""Blocks of documents that are generated from the contracts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.align.model import DIRECTIONS, Drift, Place
from contracts.model import Bundle

BLOCK = re.compile(
    r"(?P<open>^<!--\s*roomcheck:\s*events-table\s*-->[ \t]*\r?\n)(?P<body>.*?)(?P<close><!--\s*/roomcheck\s*-->)",
    re.DOTALL | re.MULTILINE,
)
OPEN = re.compile(r"^<!--\s*roomcheck:\s*events-table\s*-->", re.MULTILINE)
"""It begins a line: what stands inside one speaks of such a block."""


def table(bundle: Bundle) -> str:
    """Every event with its direction and what it is."""
    rows = ["| event | direction | what it is |", "|---|---|---|"]
    for event in bundle.events.values():
        ways = [DIRECTIONS["to-server"]] if event.request else []
        ways += [DIRECTIONS["to-client"]] if event.broadcast else []
        summary = event.summary.replace("|", "\\|")
        rows.append(f"| `{event.name}` | {', then '.join(ways)} | {summary} |")
    return "\n".join(rows) + "\n"


def updated(text: str, bundle: Bundle) -> str:
    """A document with its blocks as they have to be."""
    ending = "\r\n" if "\r\n" in text else "\n"
    made = table(bundle).replace("\n", ending)
    shown = fenced(text)
    return BLOCK.sub(
        lambda found: found[0] if found.start() in shown else f"{found['open']}{made}{found['close']}", text
    )


def fenced(text: str) -> set[int]:
    """Where blocks begin that stand in a fence: an example, which nobody keeps."""
    shown, fence, at = set(), "", 0
    for line in text.splitlines(keepends=True):
        mark = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif fence and OPEN.match(line):
            shown.add(at)
        at += len(line)
    return shown


def stale(text: str, file: str, bundle: Bundle) -> Iterator[Drift]:
    """Blocks that are not as they have to be, or have no end."""
    if "roomcheck" not in text:
        return
    shown = fenced(text)
    ended = {found.start() for found in BLOCK.finditer(text)} | shown
    for found in BLOCK.finditer(text):
        if found.start() not in shown and found["body"].replace("\r\n", "\n") != table(bundle):
            line = text.count("\n", 0, found.start()) + 1
            yield Drift(
                subject="events-table",
                place=Place(file=file, line=line, column=1),
                expected="the table of the contracts: roomcheck align --update-blocks writes it",
                got="another one",
            )
    for found in OPEN.finditer(text):
        if found.start() not in ended:
            yield Drift(
                subject="events-table",
                place=Place(file=file, line=text.count("\n", 0, found.start()) + 1, column=1),
                expected="`<!-- /roomcheck -->` after it",
                got="no end of the block",
            )
