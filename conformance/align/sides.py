"""Whose code a text is: what it says, what stands above it, and which reading agrees with the contracts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from conformance.align import languages, stance
from conformance.align.model import Claim, Direction, Reading, Side
from conformance.align.vocabulary import Vocabulary

SERVERS_OWN = re.compile(
    r"""from\s+['"]socket\.io['"] | require\(\s*['"]socket\.io['"]\s*\) | \bnew\s+Server\( | @WebSocketGateway
    | @SubscribeMessage | \bimport\s+(?:flask_socketio|fastapi) | from\s+flask_socketio | \bsocketio\.(?:Async)?Server\(
    | \bSocketIO\(\s*app""",
    re.VERBOSE,
)
"""What only a server has, however much of a client's stands beside it."""

CLIENTS_OWN = re.compile(
    r"""socket\.io-client | ngx-socket-io | socket_io_client | \bimport\s+SocketIO\b | \bSocketManager\(
    | \bsocketio\.(?:Async|Simple)*Client\( | \bIO\.socket\( | \bIO\.io\(""",
    re.VERBOSE,
)
"""What only a client imports or makes."""

SERVER = re.compile(
    r"""(?<![\w.])io\.(?:on|of|to|in|emit|use|sockets|except)\b
    | \b(?:socket|client)\.(?:join|leave|to|in|broadcast|rooms|except)\b
    | \.on\(\s*['"]connection['"] | \b(?:this\.)?(?:server|nsp|io)\.(?:to|in|emit)\(
    | \benter_room\( | \bjoin_room\( | \bleave_room\( | \bskip_sid\b | \broom=""",
    re.VERBOSE,
)
CLIENT = re.compile(
    r"""(?<![\w.])io\(\s*[^)\s] | (?<![\w.])io\(\) | \.connect\(\) | \bManager\(
    | \buse(?:Socket|Effect|State|Ref|Callback)\b
    | \bwindow\. | \bdocument\. | \bset(?!Timeout|Interval|Immediate)[A-Z]\w*\( | \bonMounted\( | \bonUnmounted\(
    | \bfunction\s+use[A-Z]\w*\( | \bconst\s+use[A-Z]\w*\s*= | \bRef< | \bcomputed\( | \buseDebounce\w*\(
    | \.value\.push\( | \blocalStorage\b | \bsetState\( | \bdispatch\( | \b@Injectable\(\{ | \bnew\s+Observable\(
    | \.fromEvent[(<] | \bnavigator\. | \bonConnect\(""",
    re.VERBOSE,
)

_CLIENTS = (
    r"(?:clients?|(?<!new )apps?|front-?ends?|react(?:\s+native)?|vue|angular|flutter|dart|swift|"
    r"kotlin|ios|android|browsers?|dashboards?|"
    r"mobile|web\s+ui|citizens?|rescuers?|dispatchers?|user\s+interface|consumers?|hooks?|components?|"
    r"screens?|widgets?)"
)
_SERVERS = (
    rf"(?:{languages.REALTIME}|(?<!peer )(?<!other )(?<![-\w])(?:servers?|service)|"
    r"backends?|back-end|gateway|server-side|node(?:\.js)?)"
)
SAYS_CLIENT = re.compile(rf"\b{_CLIENTS}\b", re.IGNORECASE)
SAYS_SERVER = re.compile(rf"\b{_SERVERS}\b", re.IGNORECASE)
FILE_OF_SERVER = re.compile(r"\b(?:server|gateway|handlers?|socket-?server)\.(?:js|ts|py)\b", re.IGNORECASE)
FILE_OF_CLIENT = re.compile(
    r"\b(?:client|use\w+|\w*(?:Screen|Page|Component))\.(?:js|ts|tsx|jsx|html|vue|dart)\b|\b(?:app|index)\.(?:tsx|jsx|html|vue|dart)\b"
)
LISTENER = re.compile(
    rf"\b(?P<client>{_CLIENTS})\s+(?:\w+\s+)?(?:listens?|subscribes?|hears?|receives?|emits?|sends?|joins?|connects?|calls?)\b"
    rf"|\b(?P<server>{_SERVERS})\s+(?:\w+\s+)?"
    r"(?:listens?|handles?|receives?|emits?|sends?|broadcasts?|registers?|does)\b",
    re.IGNORECASE,
)
"""A sentence whose subject says who does it."""

LABEL_COMMENT = re.compile(r"^\s*(?://|#|/\*+)[\s=*-]*(?P<text>[^\n]*?)[\s=*-]*(?:\*/)?\s*$")

TOWARDS = re.compile(
    rf"\b(?:to|from|with|by|of|for|into|at)\s+(?:the\s+|an?\s+|our\s+|all\s+|other\s+|every\s+)*(?:{_CLIENTS}|{_SERVERS})\b"
    rf"|\b(?:{_CLIENTS}|{_SERVERS})[-\s](?:events?|sent|emitted|messages?|url|address|responses?|restart\w*)\b"
    rf"|\b(?:{_CLIENTS}|{_SERVERS})\s*(?:→|->|=>|to)\s*(?:{_CLIENTS}|{_SERVERS})\b",
    re.IGNORECASE,
)
"""What names a side as the other end: `Connect to the server`, `server events`, `Client → Server`."""

PLACED = re.compile(
    r"\b(?:on|in)\s+(?:the|your|our)\s+(server|client|app|browser|front-?end)\b(?!\s+sends|\s+emits)|\b(server|client)[-\s]side\b",
    re.IGNORECASE,
)

LABEL_WORDS = 8
"""A paragraph of more words is no label of the code below."""

MAJORITY = 3
"""How many times as many claims have to agree with one reading for the rest to be wrong, where no side is named."""


OWN = ("ocket", "Server(", "@Subscribe", "fastapi", "SocketIO", "Client(", "IO.io(")
"""Of which every text has one that only a server, or only a client, has."""


@lru_cache(maxsize=256)
def own(text: str) -> Side | None:
    """The side that code shows by what it does; None where it shows neither, or both."""
    if any(word in text for word in OWN):
        servers, clients = SERVERS_OWN.search(text), CLIENTS_OWN.search(text)
        if servers or clients:
            return None if servers and clients else "server" if servers else "client"
    server, client = SERVER.search(text), CLIENT.search(text)
    if server and not client:
        return "server"
    return "client" if client and not server else None


def said(text: str) -> Side | None:
    """The side that a sentence, a label or a heading names; None where it names neither, or both."""
    files = FILE_OF_SERVER.search(text), FILE_OF_CLIENT.search(text)
    if any(files) and not all(files):
        return "server" if files[0] else "client"
    doer = list(LISTENER.finditer(text))
    if doer:
        return "client" if doer[-1]["client"] else "server"
    text = TOWARDS.sub(" ", text)
    client, server = SAYS_CLIENT.search(text), SAYS_SERVER.search(text)
    if client and not server:
        return "client"
    return "server" if server and not client else None


def firmly(text: str) -> Side | None:
    """The side that the paragraph above a fence names as its own: by its subject, a file, or as a short label."""
    text = text.strip().rsplit("\n\n", 1)[-1]
    placed = {(one[1] or one[2]).lower() == "server" for one in PLACED.finditer(text)}
    if len(placed) == 1:
        return "server" if placed.pop() else "client"
    if len(TOWARDS.sub(" ", text).split()) <= LABEL_WORDS or FILE_OF_SERVER.search(text):
        return said(text)
    # A longer text tells what somebody does; only where it leads to the code does it say whose that is.
    return said(text) if LISTENER.search(text) and text.rstrip("*_ ").endswith((":", "：")) else None


def turned(side: Side | None, text: str, readings: Iterable[Reading]) -> Side | None:
    """The side of code below a sentence such as `The server sends:`: the other one, where the code only hears."""
    sends, only = stance.said(text)[1], set(readings)
    if side is None or sends is None or len(only) != 1:
        return side
    if only == ({"hears"} if sends else {"sends"}):
        return "client" if side == "server" else "server"
    return side


def halves(text: str) -> list[tuple[int, Side]]:
    """(line, side) of each comment that begins another side's code, lines counted from 0."""
    found: list[tuple[int, Side]] = []
    for number, line in enumerate(text.split("\n")):
        comment = LABEL_COMMENT.match(line)
        if comment and len(comment["text"]) <= 60 and (side := _label(comment["text"])):
            found.append((number, side))
    return found


def _label(text: str) -> Side | None:
    """The side that a comment names as a label does: `Client`, `--- server.js ---`, `On the server:`."""
    words = re.sub(r"[^\w.\s]", " ", text).split()
    if not words or len(words) > 6 or re.search(r"[({;=]", text):
        return None
    return said(text)


def direction(reading: Reading, side: Side) -> Direction:
    """Who hears an event that this side sends or hears."""
    return "to-server" if (reading == "sends") == (side == "client") else "to-client"


def settled(
    claims: Sequence[Claim], words: Vocabulary, firm: Side | None, hint: Side | None, *, consistent: bool = False
) -> Iterator[Claim]:  # fmt: skip
    """Claims with the directions that follow from their side.

    Args:
        firm: the side that the paragraph above or a label names.
        hint: the side that a heading names.
        consistent: all claims are of one side, whichever it is.
    """
    open_ones = [claim for claim in claims if claim.reading is not None]
    if not open_ones:
        yield from claims
        return
    agree = {side: sum(_agrees(claim, side, words) for claim in open_ones) for side in ("client", "server")}
    known = sum(_goes(claim, words) for claim in open_ones)
    side = _side(agree["client"], agree["server"], firm, hint)
    other: Side = "server" if side == "client" else "client"
    certain = consistent or firm is not None or not agree[other] or agree[side] >= MAJORITY * (known - agree[side])
    for claim in claims:
        if claim.reading is None:
            yield claim
        elif len(words.ways(claim.subject)) > 1 and not agree[side]:
            yield replace(claim, reading=None)  # Both sides send it, and only a label says whose code this is.
        elif certain or _agrees(claim, side, words) or not _goes(claim, words):
            yield replace(claim, direction=direction(claim.reading, side), reading=None)
        elif _agrees(claim, other, words):
            yield replace(claim, direction=direction(claim.reading, other), reading=None)
        else:
            yield replace(claim, direction=direction(claim.reading, side), reading=None)


def _side(client: int, server: int, firm: Side | None, hint: Side | None) -> Side:
    if firm:
        return firm
    if client != server:
        return "client" if client > server else "server"
    return hint or "client"


def _goes(claim: Claim, words: Vocabulary) -> bool:
    """Whether the direction of an event tells whose code it is: one that goes both ways tells nothing."""
    return len(words.ways(claim.subject)) == 1


def _agrees(claim: Claim, side: Side, words: Vocabulary) -> bool:
    ways = words.ways(claim.subject)
    return claim.reading is not None and len(ways) == 1 and direction(claim.reading, side) in ways


def of_texts(texts: Iterable[str]) -> Side | None:
    """The side that the first of some texts names, from the nearest on."""
    return next((side for text in texts if (side := said(text))), None)


def directed(claim: Claim, reading: Reading, side: Side | None) -> Claim:
    """A claim with the direction that follows from its side, or with its reading where the side is not known."""
    return replace(claim, direction=direction(reading, side)) if side else replace(claim, reading=reading)
