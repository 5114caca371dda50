"""Diagrams to claims: arrows of sequence diagrams and flow charts, and those that are drawn with characters. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from conformance.align import context, languages
from conformance.align.company import MANY
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
    r"^\s*(?P<left>\w+(?: +\w+)*)\s*(?:<<)?(?:--?>>?|--?x|--?\)|-\)|->|-->|→)[+-]?\s*[+-]?"
    r"(?P<right>\w+(?: +\w+)*)\s*:(?!:)\s*(?P<said>.*)$"
)
FLOW = re.compile(
    r"^\s*(?P<left>\w+)(?:[\[({]+[^\])}]*[\])}]+)?\s*(?:--+>|-\.->|==>)\s*\|\"?(?P<said>[^|]*?)\"?\|\s*(?P<right>\w+)"
)
FLOW_LABEL = re.compile(
    r"^\s*(?P<left>\w+)(?:[\[({]+[^\])}]*[\])}]+)?\s*--\s*\"?(?P<said>[^|>]*?)\"?\s*-->\s*(?P<right>\w+)"
)

SERVERS = re.compile(
    r"\b(?:servers?|rts{0,3}|realtime|socket(?:\.?io)?(?:\s+server)?|rt|ws|websocket|sos[-\s]service)\b|\bservice\b|"
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
REALTIME = re.compile(
    r"\b(?:real-?time|sockets?|web-?sockets?|ws|rts{0,3}|sos-(?:service|server))\b|[rR]ealtime", re.IGNORECASE
)
OTHER_SERVICE = re.compile(r"\w[-_ ](?:service|svc|worker|api)\b|[a-z]Service\b", re.IGNORECASE)
FIRST = re.compile(r"\s*[`'\"]?(?P<name>[A-Za-z]\w*(?:-\w+)*)(?=[`'\"]?\s*(?:$|[({]))")
"""What stands on an arrow by itself, with its arguments or a note in brackets: `price-update({ price })`."""
RIGHT, LEFT = re.compile(r"[>►→▶]"), re.compile(r"[<◄←◀]")
WORD = re.compile(r"(?<![\w:.-])[A-Za-z][\w.-]*(?::[\w.-]+)*\b(?!:)")
ARROW = re.compile(r"[-─=━]{2,}|[<>►→▶◄←◀]")
DRAWN = re.compile(r"[-─=━<>►→▶◄←◀|│┃┌┐└┘+:\s]{2,}|[<>►→▶◄←◀|│┃]")
"""What stands between the words of a drawn line: arrows and the sides of boxes."""
HEAD = re.compile(r"[^\W\d_][\w.()/-]*(?: [\w.()/-]+)*")
"""The head of a column, whose words one blank parts."""
ROOM = "room"
AGREED = 2
"""From how many right events on a participant of an unknown name is taken for a client."""


def party(name: str) -> Party | None:
    """What a participant is, by its name."""
    if PEERS.search(name) and not re.search(r"realtime|socket", name, re.IGNORECASE):
        return "peer"
    if SERVERS.search(name) and not re.search(r"\bapp\b|\bclient\b", name, re.IGNORECASE):
        return "server"
    return "client" if CLIENTS.search(name) else None


def _party(name: str, *, strong: bool) -> Party | None:
    """What a participant is; beside a server of sockets, another `x-service` is a peer of it."""
    if strong and OTHER_SERVICE.search(name) and not REALTIME.search(name):
        return "peer"
    return party(name)


def direction(left: Party | None, right: Party | None) -> Direction | None:
    """The direction of what goes from one to the other."""
    if right == "server" and left in ("client", "peer"):
        return "to-server"
    return "to-client" if left == "server" and right == "client" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrow:
    """An event on an arrow between two participants, each by what the diagram calls it."""

    offset: int
    event: str
    line: str
    sender: str
    receiver: str
    sure: bool = False
    """It is an event by what stands on the other arrows."""


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The events of a diagram's arrows, each with its direction."""
    arrows = list(_arrows(piece.text, words))
    actors = _actors(arrows, words)
    strong = any(REALTIME.search(name) for arrow in arrows for name in (arrow.sender, arrow.receiver))
    for arrow in arrows:
        way = direction(*(_party(name, strong=strong) or actors.get(name) for name in (arrow.sender, arrow.receiver)))
        yield from _claim(piece, file, words, arrow, way)


def _actors(arrows: Sequence[_Arrow], words: Vocabulary) -> dict[str, Party]:
    """The participants of unknown names that act as clients do.

    Most of what they say to the server, and hear of it, is as the contracts have it.
    """
    agree: dict[str, int] = defaultdict(int)
    known: dict[str, int] = defaultdict(int)
    for arrow in arrows:
        sender, receiver = party(arrow.sender), party(arrow.receiver)
        name = arrow.sender if receiver == "server" else arrow.receiver
        ways = words.ways(arrow.event)
        if "server" not in (sender, receiver) or not re.search(r"\w", name) or party(name) or len(ways) != 1:
            continue
        known[name] += 1
        agree[name] += ("to-server" if receiver == "server" else "to-client") in ways
    return {name: "client" for name, right in agree.items() if right >= AGREED and right > known[name] - right}


def _arrows(text: str, words: Vocabulary) -> Iterator[_Arrow]:
    lines = [(line, SEQUENCE.match(line)) for line in text.split("\n")]
    names, alike = _names(text), _plain_names(lines, words)
    columns: list[tuple[int, str]] = []
    sides = ("", "")
    begin = 0
    for line, said in lines:
        found = said or FLOW.match(line) or FLOW_LABEL.match(line)
        if found and NAME.match(line, found.start("right")):
            found = None  # What looks like a participant is the first word of a name.
        if found and not LEFT.search(line.split(found["left"])[0]):
            sender, receiver = (names.get(found[side].strip(), found[side].strip()) for side in ("left", "right"))
            named = [*NAME.finditer(line, found.start("said"))]
            named += [one for one in WORD.finditer(line, found.start("said")) if words.other_spelling(one[0])]
            first = FIRST.match(line, found.start("said"))
            if first is not None and first["name"] in alike:
                yield _Arrow(
                    offset=begin + first.start("name"), event=first["name"], line=line, sender=sender,
                    receiver=receiver, sure=True,
                )  # fmt: skip
                named = [one for one in named if one.start() != first.start("name")]
            for name in {one.start(): one for one in named}.values():
                yield _Arrow(
                    offset=begin + name.start(), event=name[0], line=line, sender=sender, receiver=receiver
                )  # fmt: skip
        elif ":" in line and ARROW.search(line):
            sides = _sides(line, columns, sides)
            yield from _drawn(begin, line, sides)
        else:
            columns = _columns(line) or columns
        begin += len(line) + 1


def _plain_names(lines: Sequence[tuple[str, re.Match[str] | None]], words: Vocabulary) -> set[str]:
    """The names without colons that arrows begin with, where most of those of several words are documented."""
    firsts = {
        first["name"] for line, said in lines if said is not None and (first := FIRST.match(line, said.start("said")))
    }
    known = {name for name in firsts if words.known(name)}
    others = {name for name in firsts - known if words.resembles(name)}
    if len(known) < MANY or len(known) < len(others):
        return known
    return known | others


def _names(text: str) -> dict[str, str]:
    """What the participants of a diagram are called."""
    found = {one["id"]: one["name"] for one in NODE.finditer(text)}
    for one in ALIAS.finditer(text):
        if one["quoted"]:
            found[one["name"] or one["quoted"]] = one["quoted"]
        else:
            found[one["id"]] = one["name"] or one["id"]
    return found


def _columns(line: str) -> list[tuple[int, str]]:
    """Where the heads of a diagram's columns stand, each with its name, if a line has some."""
    heads = [(one.start() + len(one[0]) // 2, one[0]) for one in HEAD.finditer(line)]
    return heads if len(heads) > 1 and any(party(name) for _, name in heads) else []


def _sides(line: str, columns: list[tuple[int, str]], before: tuple[str, str]) -> tuple[str, str]:
    """Who stands left and right of a drawn arrow: beside it, at the heads of the columns, or as in the line before."""
    names = list(NAME.finditer(line))
    if not names:
        return before
    around = [
        [part.strip() for part in DRAWN.split(text) if re.search(r"\w", part)]
        for text in (line[: names[0].start()], line[names[-1].end() :])
    ]
    heads: tuple[str, ...] = before
    if len(columns) == 2:
        heads = (columns[0][1], columns[1][1])
    elif columns:
        drawn = [one.start() for one in re.finditer(r"[-─=━<>►→▶◄←◀]", line)]
        ends = (min(drawn), max(drawn)) if drawn else (0, len(line))
        heads = tuple(min(columns, key=lambda one: abs(one[0] - end))[1] for end in ends)
    left, right = (around[0] or [heads[0]])[-1], (around[1] or [heads[1]])[0]
    if re.search(PLACEHOLDER, line[names[-1].end() :]):
        right = ROOM
    return left, right


def _drawn(begin: int, line: str, sides: tuple[str, str]) -> Iterator[_Arrow]:
    """The events on an arrow that is drawn with characters."""
    for name in NAME.finditer(line):
        before, after = line[: name.start()], line[name.end() :]
        if ARROW.search(before) is None and ARROW.search(after) is None:
            continue
        left_going = LEFT.search(before) is not None or (LEFT.search(after) is not None and not RIGHT.search(line))
        right_going = RIGHT.search(before[-4:]) is not None or RIGHT.search(after) is not None
        if left_going == right_going or sides[0] == sides[1]:
            continue
        sender, receiver = sides if right_going else reversed(sides)
        yield _Arrow(offset=begin + name.start(), event=name[0], line=line, sender=sender, receiver=receiver)


def _claim(
    piece: Piece, file: str, words: Vocabulary, arrow: _Arrow, way: Direction | None
) -> Iterator[Claim]:  # fmt: skip
    name = arrow.event
    if words.is_example(name) and not arrow.sure:
        return
    said = context.meant(arrow.line, arrow.line.find(name), ())
    if (
        not words.known(name)
        and not arrow.sure
        and not words.other_spelling(name)
        and (said is False or not (words.surely_an_event(name) or (way and words.like_an_event(name))))
    ):
        return
    row, column = piece.place(arrow.offset)
    yield Claim(
        kind="event", subject=name, origin="document", how="arrow", direction=way, section=piece.section,
        place=Place(file=file, line=row, column=column, end=column + len(name)),
    )  # fmt: skip
