"""How people say that something is wrong, old or forbidden, and in which direction an event goes. Pure."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from conformance.align.model import Direction

Stance: TypeAlias = Literal["stated", "refuted"]

_USE = r"(?:be\s+)?(?:used?|emit|emitted|sen[dt]|listen|subscribe|call|rely|join|broadcast|write|name|expect)\w*"
FORBIDDEN = re.compile(
    rf"""\b(?:do\s+not|don['’]?t|must\s+not|mustn['’]t|should\s+not|shouldn['’]t|cannot|can['’]t|never|may\s+not)
      \s+(?:\w+\s+)?{_USE}
    | \bavoid\b | \bnot\s+(?:supported|used|allowed)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What forbids the name that it goes before; behind a name it may speak of anything: `x`, never sent to its sender."""

PHRASES = (
    *((mark, mark) for mark in "❌✗✘🚫⛔👎"),
    *((word, rf"\b{word}\b") for word in ("deprecated", "obsolete", "retired", "legacy", "forbidden", "prohibited")),
    *((word, rf"\b{word}\b") for word in ("superseded", "formerly", "previously", "renamed", "misleading")),
    ("incorrect", r"\bincorrect(?:ly)?\b"),
    ("wrong", r"\bwrong(?:ly)?\b"),
    ("mistake", r"\bmistaken(?:ly)?\b|\bby\s+mistake\b"),
    ("longer", r"\bno\s+longer\b"),
    (
        "not",
        r"\bnot\s+(?:in\s+(?:the\s+)?code|existing|an?\s+event|a\s+room|exist)\b|\bnot\s+[`*'\"]|\bnot\s+any\s*more\b",
    ),
    ("not", r"\b(?:must|should|may)\s+not\s+(?:be\s+(?:used|sent|emitted)|come\s+back)\b"),
    ("t exist", r"\bdo(?:es)?n['’]t\s+exist\b"),
    ("no such", r"\bno\s+such\b"),
    ("used to", r"\bused\s+to\s+be\b"),
    ("called", r"\b(?:once|was)\s+called\b"),
    ("name", r"\bwas\s+(?:named|the\s+name)\b"),
    ("old", r"\bold\s+(?:name|event|format|room|channel)s?\b"),
    ("replaced", r"\breplaced\s+(?:by|with)\b"),
    ("instead", r"\binstead\s+of\b"),
    ("rather", r"\brather\s+than\b"),
    ("place of", r"\bin\s+place\s+of\b"),
    ("removed", r"\bremoved\s+(?:in|from|since|with)\b"),
)
"""What makes a name in the same sentence one that is quoted, not used: a word that is in it, and how it has to stand.

A sentence is asked for the word first, which costs a tenth of what the patterns would, all in one.
"""

_PHRASES = tuple((word, re.compile(pattern, re.IGNORECASE)) for word, pattern in PHRASES)

STATED = re.compile(r"✅|✓|✔|☑|👍|\b(?<!in)correct(?:ed)?\b|\bright\b|\bactual\b", re.IGNORECASE)

BEFORE = re.compile(
    r"\W*(?:before|old|was|wrong|incorrect|previously|until now|deprecated|don['’]?ts?|do not|bad|legacy|retired|"
    r"retired names?|old names?|not)\W*(?:\(.*\))?\W*",
    re.IGNORECASE,
)
"""A label above what is quoted as wrong, or the head of a column of it."""

AFTER = re.compile(
    r"\W*(?:after|new|now|correct(?:ed)?|right|fixed|dos?|good|use|use this|current|instead)\W*(?:\(.*\))?\W*",
    re.IGNORECASE,
)
"""A label that ends it."""

LABEL_CHARACTERS = 70
"""What is longer is a sentence that speaks for itself alone."""

_ARROW = r"\s*(?:→|⇒|➜|->|-->|=>|to)\s*(?:the\s+)?"
TO_SERVER = re.compile(
    rf"""\bclients?{_ARROW}servers?\b | \bC\s*(?:→|->)\s*S\b
    | \b(?:emitted|sent)\s+(?:by|from)\s+(?:the\s+|a\s+|any\s+)?(?:client|app|citizen|rescuer|browser)s?\b
    | \bclients?\s+(?:can\s+|may\s+|must\s+)?(?:emit|send)s?\b | \bincoming\s+events?\b
    | \bserver\s+listens\b | \bclient[-\s]emitted\b | \bclient\s+events\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
TO_CLIENT = re.compile(
    rf"""\bservers?{_ARROW}(?:all\s+)?(?:clients?|room)\b | \bS\s*(?:→|->)\s*C\b
    | \b(?:emitted|sent|broadcast)\s+(?:by|from)\s+(?:the\s+)?(?:server|service|backend)\b
    | \bservers?\s+(?:emit|send|broadcast)s?\b | \boutgoing\s+events?\b
    | \bclients?\s+(?:listen|subscribe|receive)s?\b | \bserver[-\s]emitted\b | \bserver\s+events\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
SIDES = ("client", "server", "incoming", "outgoing", "→", "->", " by ", " from ")
"""What every name of a direction has one of."""

SENDER = re.compile(r"direction|emitted\s+by|emitter|sender|sent\s+by|from|who\s+sends", re.IGNORECASE)
"""The head of a column that says who sends."""


def refuted(text: str, *, first: bool = False) -> bool:
    """Whether a sentence quotes what it names as wrong, old or forbidden.

    Args:
        first: the name begins it, so that what follows describes it.
    """
    small = text.lower()
    return any(word in small and pattern.search(text) for word, pattern in _PHRASES) or (
        not first and FORBIDDEN.search(text) is not None
    )


def label(text: str) -> Stance | None:
    """What a label such as `Before:` says of all that stands below it; None where it is no such label."""
    words = text.strip()
    if len(words) > LABEL_CHARACTERS:
        return None
    if BEFORE.fullmatch(words):
        return "refuted"
    if AFTER.fullmatch(words) or STATED.search(words):
        return "stated"
    return "refuted" if refuted(words) else None


def direction(text: str) -> Direction | None:
    """The direction that a text names; None where it names none, or both."""
    small = text.lower()
    if not any(word in small for word in SIDES):
        return None
    up, down = TO_SERVER.search(text), TO_CLIENT.search(text)
    if up and not down:
        return "to-server"
    return "to-client" if down and not up else None


def sent_by(cell: str) -> Direction | None:
    """The direction that a cell of a column of senders names: `Client`, `server`, `C→S`, `both`."""
    found = direction(cell)
    if found:
        return found
    client = re.search(r"\bclients?\b|\bapps?\b", cell, re.IGNORECASE)
    server = re.search(r"\bserver\b|\bservice\b|\bbackend\b", cell, re.IGNORECASE)
    if client and not server:
        return "to-server"
    return "to-client" if server and not client else None
