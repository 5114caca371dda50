"""Where clients connect: paths of Socket.IO and namespaces that are none of the contracts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.align import spelled
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Origin
from conformance.align.vocabulary import Vocabulary

_TEXT = r"(?P<quote>['\"`])(?P<path>/?[\w./-]*\w[\w./-]*)(?P=quote)"
OPTION = re.compile(rf"(?<![\w.])['\"]?(?:path|Path|socketio_path|socketioPath)['\"]?\s*[:=]\s*{_TEXT}")
_GIVEN = r"(?P<sign>['\"`])(?P<given>/?[\w./-]*\w[\w./-]*)(?P=sign)"
BUILT = re.compile(
    rf"\.(?:setPath|path)\(\s*{_TEXT}\s*\)|\b\w*[oO]pt(?:ion)?s?\w*\.path\s*=\s*{_GIVEN}",
)
"""How clients in Kotlin, Java, Dart and Swift are told the path."""
APPLIED = re.compile(rf"IO\.Options[^{{}}]{{0,40}}\{{[^{{}}]{{0,300}}?(?<![\w.])path\s*=\s*{_TEXT}")
"""The options of a client in Kotlin, set within braces."""
MAKER = re.compile(
    r"(?<![\w.])(?:io|io\.connect|IO\.io|IO\.socket|new\s+Manager|new\s+(?:\w+\.)?(?:Server|SocketIOServer|IOServer)|@WebSocketGateway|"
    r"socketio\.(?:ASGIApp|WSGIApp)|SocketIO|sio\.connect|IO\.Options)\s*\("
)
"""What makes a socket or a server of Socket.IO, up to its arguments."""
SOCKETS = re.compile(r"socket\.?io|SocketManager|IO\.Options|OptionBuilder|\bio\(|\bsocket\b", re.IGNORECASE)
"""What a text of code has that speaks of Socket.IO."""
MOST = 600
"""Characters of a call's arguments in which its path is looked for."""
NAMESPACE = re.compile(
    r"(?P<name>\w+)\s*(?::[^=\n]+)?=\s*(?P<call>io\(\s*['\"`](?:(?:https?|wss?)://[^/'\"`\n]+)?(?P<path>/[\w-]+)/?['\"`])"
)
CELL = re.compile(
    r"\W*(?:(?:socket\.?io|engine\.?io|handshake|web-?socket)\s+path|path\s+of\s+(?:socket|engine)\.?io)\W*",
    re.IGNORECASE,
)
SPACE = re.compile(r"\W*(?:socket\.?io\s+)?namespace\W*", re.IGNORECASE)
VALUE = re.compile(r"[`*_'\"\s]*(?P<path>/[\w./-]*)")
SAID = re.compile(
    r"\b(?:socket\.?io|engine\.?io|handshake|web-?socket|sockets?)\b[^.\n]{0,60}?(?:(?<![\w`])(?:path|pfad|chemin|ruta|caminho|percorso)\b"
    r"[^`/.\n]{0,30}[`*'\"]+(?P<path>/[\w./-]+)|(?<![\w`])namespace\b[^`/.\n]{0,20}[`*'\"]+(?P<space>/[\w-]+)[`*'\"])"
    r"|\b(?:everything|all\s+(?:events?|sockets?|clients?)|(?:every|each)\s+(?:event|socket|client)|clients?|sockets?|events?)\s+(?:\w+\s+){0,3}?"
    r"(?:in|on|to|under|join|use|uses)\s+(?:the\s+)?namespace\s+[`*'\"]+(?P<own>/[\w-]+)[`*'\"]",
    re.IGNORECASE,
)
"""What a sentence says of the path: `the Socket.IO path `/x``."""
BEGINS = re.compile(
    r"\b(?:connect[_\s-]?error|connection\s+error|handshake|refus\w+|reject\w+|err\.message|message)\b[^.\n]{0,90}?"
    r"\b(?:begins?|starts?|starting|beginning|prefixed|prefix(?:\s+is)?|bắt\s+đầu|beginnt|commence|empieza)\s+(?:with|by|is|bằng|mit|par|con)?\s*"
    r"(?:the\s+)?[`'\"*]+(?P<said>(?-i:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*))\b",
    re.IGNORECASE,
)
"""With what the message of a refused connection is said to begin."""
REFUSES = re.compile(r"connect|handshake|refus|reject|token|\bauth", re.IGNORECASE)
AROUND = 160
"""Characters before such a text in which a refusal is spoken of."""
SAYS = ("begin", "start", "prefix", "bắt đầu", "commence", "empieza")
"""Of which words each such text has one."""
OTHERS = re.compile(
    r"\b(?:another|other|different|vendor|third-?party|their\s+own|its\s+own|proxy|proxies|rewrit\w+|such\s+as|e\.g|exporter|metrics|for\s+example)\b",
    re.IGNORECASE,
)
"""What is said of a path that is not the service's own."""


def _is_other(path: str, words: Vocabulary) -> bool:
    """Whether a path is not the documented one, also behind the prefix of a proxy."""
    own, meant = path.strip("/"), words.bundle.path.strip("/")
    return own != meant and not own.endswith(f"/{meant}")


def of_code(piece: Piece, file: str, words: Vocabulary, *, origin: Origin = "document") -> Iterator[Claim]:
    """The paths and namespaces that a text of code connects to, or serves, where they are other ones."""
    text = piece.text
    if "ath" not in text and "io(" not in text:
        return
    if not SOCKETS.search(text) or not _is_ours(text, words):
        return
    found = list(_paths(text))
    if all(_is_other(path, words) for path, _, _ in found):
        for _, first, last in found:
            yield _claim(piece, file, text[first:last], first, last, "path", origin)
    yield from _namespaces(piece, file, words, origin)


def _is_ours(text: str, words: Vocabulary) -> bool:
    """Whether a text speaks documented events, or none at all."""
    return spelled.are_named(text, words) or re.search(r"\.(?:on|once|emit)\(\s*['\"`]\w+[:_-]\w", text) is None


def _paths(text: str) -> Iterator[tuple[str, int, int]]:
    """(path, first, last) of each path that a socket or a server is given."""
    seen = set[int]()
    for call in MAKER.finditer(text):
        option = OPTION.search(text, call.end(), _end(text, call.end()))
        if option is not None and option.start() not in seen:
            seen.add(option.start())
            yield option["path"], *option.span()
    for applied in APPLIED.finditer(text):
        yield applied["path"], *applied.span("path")
    for built in BUILT.finditer(text):
        yield built["path"] or built["given"], *built.span("path" if built["path"] else "given")


def _end(text: str, begin: int) -> int:
    """Where the arguments that begin at an offset end."""
    depth, last = 1, min(len(text), begin + MOST)
    for at in range(begin, last):
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if not depth:
            return at
    return last


def _namespaces(piece: Piece, file: str, words: Vocabulary, origin: Origin) -> Iterator[Claim]:
    """The namespaces of sockets that speak documented events, where the contracts have them in others."""
    every = list(NAMESPACE.finditer(piece.text)) if "io(" in piece.text else []
    if len(every) < len(re.findall(r"(?<![\w.])io\(", piece.text)):
        return  # Another socket is connected to the main one.
    for found in every:
        name = re.escape(found["name"])
        spoken = re.findall(rf"(?<![\w.]){name}\.(?:on|once|emit)\(\s*['\"`]([\w:.-]+)['\"`]", piece.text)
        if found["path"] not in words.namespaces and any(":" in one and one in words.events for one in spoken):
            yield _claim(piece, file, found["path"], *found.span("call"), "namespace", origin)


def _claim(piece: Piece, file: str, subject: str, first: int, last: int, how: str, origin: Origin) -> Claim:
    return Claim(
        kind="connection", subject=subject, place=piece.span(file, first, last), origin=origin, how=how,
        section=piece.section, refuted=piece.refuted,
    )  # fmt: skip


def told(piece: Piece, words: Vocabulary) -> Iterator[tuple[str, int, str]]:
    """(name, where it begins, `path`, `namespace` or `message`) of what a text says, where it is another one."""
    text = piece.text
    asked = piece.kind != "cell" and any(word in text for word in SAYS) and words.refused_with
    for refused in BEGINS.finditer(text) if asked else ():
        near = text[max(0, refused.start() - AROUND) : refused.end()]
        if REFUSES.search(near) and not any(said.startswith(refused["said"]) for said in words.refused_with):
            yield refused["said"], refused.start("said"), "message"
    if "/" not in text:
        return
    if piece.kind == "cell":
        value = VALUE.match(text) if piece.column else None
        first = piece.row.split("|")[0] if value is not None else ""
        if value is not None and CELL.fullmatch(first) and _is_other(value["path"], words):
            yield value["path"], value.start("path"), "path"
        elif value is not None and SPACE.fullmatch(first) and value["path"] not in words.namespaces:
            yield value["path"], value.start("path"), "namespace"
        return
    for found in SAID.finditer(text):
        last = text.find(". ", found.end())
        sentence = text[text.rfind(". ", 0, found.start()) + 1 : last if last >= 0 else len(text)]
        if OTHERS.search(sentence):
            continue
        if found["path"] and _is_other(found["path"], words):
            yield found["path"].rstrip("."), found.start("path"), "path"
        space = "space" if found["space"] else "own"
        if found[space] and found[space] not in words.namespaces:
            yield found[space], found.start(space), "namespace"
