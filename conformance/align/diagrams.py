"""Diagrams to claims: arrows of sequence diagrams and flow charts, and those that are drawn with characters. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

from conformance.align import context, languages
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Direction, Place
from conformance.align.vocabulary import NAME, PLACEHOLDER, Vocabulary

Party: TypeAlias = Literal["client", "server", "peer"]

ALIAS = re.compile(
    r"^\s*(?:participant|actor|boundary|control|entity)\s+(?:\"(?P<quoted>[^\"]+)\"|(?P<id>[^\s]+))(?:\s+as\s+(?P<name>.+?))?\s*$",
    re.MULTILINE,
)
NODE = re.compile(r"\b(?P<id>\w+)\s*[\[({]+\"?(?P<name>[^\])}|\"\n]+)\"?[\])}]+")
SEQUENCE = re.compile(
    r"^\s*(?P<left>[\w ]+?)\s*(?:<<)?(?:--?>>?|--?x|--?\)|-\)|->|-->|→)[+-]?\s*[+-]?"
    r"(?P<right>[\w ]+?)\s*:(?!:)\s*(?P<said>.*)$"
)
FLOW = re.compile(
    r"^\s*(?P<left>\w+)(?:[\[({]+[^\])}]*[\])}]+)?\s*(?:--+>|-\.->|==>)\s*\|\"?(?P<said>[^|]*?)\"?\|\s*(?P<right>\w+)"
)
FLOW_LABEL = re.compile(
    r"^\s*(?P<left>\w+)(?:[\[({]+[^\])}]*[\])}]+)?\s*--\s*\"?(?P<said>[^|>]*?)\"?\s*-->\s*(?P<right>\w+)"
)

SERVERS = re.compile(
    r"\b(?:servers?|realtime|socket(?:\.?io)?(?:\s+server)?|rt|ws|websocket|sos[-\s]service)\b|\bservice\b|"
    rf"\b(?:{languages.SERVER_ROLES})\b",
    re.IGNORECASE,
)
PEERS = re.compile(
    r"\b(?:bff|api|gateway|workers?|db|database|redis|mongo\w*|postgres\w*|kafka|queue|storage|cache|\w+[-\s]api|auth\w*|"
    r"(?:user|notification|auth|sos|incident|admin)[-\s](?:service|server))\b",
    re.IGNORECASE,
)
CLIENTS = re.compile(
    r"\b(?:clients?|apps?|citizens?|rescuers?|browsers?|users?|mobile|front-?end|dashboard|admins?|dispatch\w*|others?|"
    rf"{languages.CLIENT_ROLES}|"
    r"everyone|everybody|members|room|participants?|victims?|react|web|phone|ui|all)\b|(?:Client|App|User|Citizen|Rescuer)\w?$",
    re.IGNORECASE,
)
RIGHT, LEFT = re.compile(r"[>►→▶]"), re.compile(r"[<◄←◀]")
WORD = re.compile(r"(?<![\w:.-])[A-Za-z][\w.-]*(?::[\w.-]+)*\b(?!:)")
ARROW = re.compile(r"[-─=━]{2,}|[<>►→▶◄←◀]")


def party(name: str) -> Party | None:
    """What a participant is, by its name."""
    if PEERS.search(name) and not re.search(r"realtime|socket", name, re.IGNORECASE):
        return "peer"
    if SERVERS.search(name) and not re.search(r"\bapp\b|\bclient\b", name, re.IGNORECASE):
        return "server"
    return "client" if CLIENTS.search(name) else None


def direction(left: Party | None, right: Party | None) -> Direction | None:
    """The direction of what goes from one to the other."""
    if right == "server" and left in ("client", "peer"):
        return "to-server"
    return "to-client" if left == "server" and right == "client" else None


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The events of a diagram's arrows, each with its direction."""
    names = _names(piece.text)
    columns: list[tuple[int, Party]] = []
    begin = 0
    for line in piece.text.split("\n"):
        found = SEQUENCE.match(line) or FLOW.match(line) or FLOW_LABEL.match(line)
        if found and not LEFT.search(line.split(found["left"])[0]):
            left, right = (party(names.get(found[side].strip(), found[side])) for side in ("left", "right"))
            named = [*NAME.finditer(line, found.start("said"))]
            named += [one for one in WORD.finditer(line, found.start("said")) if words.other_spelling(one[0])]
            for name in {one.start(): one for one in named}.values():
                yield from _claim(piece, file, words, begin + name.start(), name[0], line, direction(left, right))
        elif ":" in line and ARROW.search(line):
            yield from _drawn(piece, file, words, begin, line, columns)
        else:
            columns = _columns(line) or columns
        begin += len(line) + 1


def _names(text: str) -> dict[str, str]:
    """What the participants of a diagram are called."""
    found = {one["id"]: one["name"] for one in NODE.finditer(text)}
    for one in ALIAS.finditer(text):
        if one["quoted"]:
            found[one["name"] or one["quoted"]] = one["quoted"]
        else:
            found[one["id"]] = one["name"] or one["id"]
    return found


def _columns(line: str) -> list[tuple[int, Party]]:
    """Where the heads of a diagram's columns stand, if a line has some."""
    heads = [(one.start(), party(one[0])) for one in re.finditer(r"[A-Za-z][\w.-]*(?: [\w.()-]+)*", line)]
    known = [(at, who) for at, who in heads if who]
    return known if len(known) > 1 else []


def _drawn(
    piece: Piece, file: str, words: Vocabulary, begin: int, line: str, columns: list[tuple[int, Party]]
) -> Iterator[Claim]:  # fmt: skip
    """The events on an arrow that is drawn with characters."""
    for name in NAME.finditer(line):
        before, after = line[: name.start()], line[name.end() :]
        tail = ARROW.search(before)
        head = ARROW.search(after)
        if tail is None and head is None:
            continue
        left_going = LEFT.search(before) is not None
        right_going = RIGHT.search(before[-4:]) is not None or RIGHT.search(after) is not None
        if left_going == right_going:
            continue
        left = _party(re.split(r"[-─=━<>►→▶◄←◀|│]", before)[0], columns[:1])
        right = _party(re.split(r"[-─=━<>►→▶◄←◀|│]", after)[-1], columns[-1:] if columns else [])
        way = direction(left, right) if right_going else direction(right, left)
        yield from _claim(piece, file, words, begin + name.start(), name[0], line, way)


def _party(text: str, column: list[tuple[int, Party]]) -> Party | None:
    text = text.strip()
    if re.search(PLACEHOLDER, text):
        return "client"  # A room.
    if re.search(r"\w", text):
        return party(text)
    return column[0][1] if column else None


def _claim(
    piece: Piece, file: str, words: Vocabulary, offset: int, name: str, line: str, way: Direction | None
) -> Iterator[Claim]:  # fmt: skip
    if words.is_example(name):
        return
    said = context.meant(line, line.find(name), ())
    if (
        not words.known(name)
        and not words.other_spelling(name)
        and (said is False or not (words.surely_an_event(name) or (way and words.like_an_event(name))))
    ):
        return
    row, column = piece.place(offset)
    yield Claim(
        kind="event", subject=name, origin="document", how="arrow", direction=way, section=piece.section,
        place=Place(file=file, line=row, column=column, end=column + len(name)),
    )  # fmt: skip
