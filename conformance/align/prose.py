"""Prose, lists and tables to claims: names of events and rooms, calls, payload fields, counts and links."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from conformance.align import fences, stance
from conformance.align.markdown import Piece, Span, pieces, spans
from conformance.align.model import Claim, Field, Kind, Payload, Place, Shape, Text
from conformance.align.payload import WORDS
from conformance.align.typescript import Code
from conformance.align.vocabulary import NAME, Vocabulary

NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
COUNT = re.compile(
    r"\b(?:all|the following|total of|these|lists?|listed:?|has|defines|emits|there are|exactly)\s+"
    r"(?:of\s+)?(?:the\s+)?"
    rf"(?P<number>\d+|{'|'.join(NUMBERS)})(?P<more>\+)?\s+(?:\w+\s+){{0,2}}?(?P<what>events?|event names)\b"
    rf"|^\W*(?P<number2>\d+)(?P<more2>\+)?\s+(?:\w+\s+){{0,2}}?events\b|\((?P<number3>\d+)\s+events?\)",
    re.IGNORECASE | re.MULTILINE,
)
"""How people announce how many there are."""

IGNORE = re.compile(r"<!--\s*roomcheck:\s*ignore\s+(?P<rule>[\w-]+|\*)(?P<reason>[^>]*?)\s*-->")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`*✅❌])")
FIELD_HEAD = re.compile(r"field|property|key|parameter|name", re.IGNORECASE)
TYPE_HEAD = re.compile(r"type", re.IGNORECASE)
EVENTS_HEAD = re.compile(r"\bevents?\b|\bsocket|\bemit|\blisten|\bname\b", re.IGNORECASE)
EVENTS_TOLD = re.compile(r"\bevents?\b|\bemit(?:s|ted)?\b|\blisten|\bhears?\b|\bbroadcasts?\b|\backs?\b", re.IGNORECASE)
"""What a paragraph says that is about events."""

WINDOW = 160
"""Characters beside a name that are asked what they say of it."""

TO_A_ROOM = re.compile(r"\W*(?:→|⇒|➜|-->?|=>|->)\W*\w+\W\{")
"""An event and an arrow to a room: that is where it goes."""

OTHER_NAMES = re.compile(
    r"\bscopes?\b|\bpermissions?\b|\broles?\b|\bredis\b|\bqueues?\b|\btopics?\b|\blog(?:s|ged|ger|\s+lines?)?\b|"
    r"\bformat\b|\bkeys?\b|\bmetrics?\b|\bCustomEvent\b",
    re.IGNORECASE,
)
"""What a sentence says of names with colons that are no events."""

OUTSIDE_LINK = re.compile(r"[a-z][a-z0-9+.-]*:|#|//", re.IGNORECASE)


def read(text: str, file: str, words: Vocabulary) -> Text:
    """What a Markdown document claims."""
    written, text = text, text.replace("\r\n", "\n").replace("\r", "\n")
    found: list[Claim] = []
    # Nobody reads a comment; lines and columns stay.
    parts = list(pieces(COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment[0]), text)))
    for piece in parts:
        if piece.kind == "fence":
            found += fences.claims(piece, file, words)
            found += _counts(piece, file)
        else:
            found += _Prose(piece, file, words).claims()
    found += _field_tables(parts, file, words)
    return Text(
        file=file, origin="document", claims=tuple(found), written=written, ignored=tuple(_ignored(text))
    )  # fmt: skip


def _ignored(text: str) -> Iterator[tuple[str, int, int]]:
    """What a comment asks to ignore: its own line, and the paragraph, the table or the fence that follows."""
    lines = text.split("\n")
    for found in IGNORE.finditer(text):
        first = text.count("\n", 0, found.start()) + 1
        last = first
        while last < len(lines) and not lines[last].strip():
            last += 1
        while last < len(lines) and lines[last].strip():
            last += 1
        yield found["rule"], first, last


@dataclass(slots=True)
class _Prose:
    """One piece, as it is read."""

    piece: Piece
    file: str
    words: Vocabulary
    _sentences: list[tuple[int, str, str]] = field(default_factory=list)

    def claims(self) -> Iterator[Claim]:
        """Everything that it says."""
        for span in spans(self.piece):
            if span.link:
                if not OUTSIDE_LINK.match(span.link):
                    yield self._claim("link", span.link, span, 0, "link")
            elif span.code:
                yield from self._code(span)
            else:
                yield from self._plain(span)
        yield from self._calls()
        yield from _counts(self.piece, self.file)

    def _claim(self, kind: Kind, subject: str, span: Span, at: int, how: str) -> Claim:
        line, column = self.piece.place(span.offset + at)
        sentence, before = self._sentence(span.offset + at)
        first = self.piece.kind in ("item", "cell", "heading") and not self.piece.text[: span.offset + at].strip("`*_ ")
        return Claim(
            kind=kind,
            subject=subject,
            place=Place(file=self.file, line=line, column=column, end=column + len(subject)),
            origin="document",
            how=how,
            direction=stance.direction(before) or self.piece.direction,
            refuted=span.struck
            or self.piece.refuted
            or stance.refuted(sentence, first=first)
            or (self._undocumented(kind, subject) and self._gone(span, at, subject)),
            section=self.piece.section,
            listed=self.piece.kind in ("item", "cell"),
        )

    def _like_an_event(self, name: str, offset: int) -> bool:
        if name in self.words.events or name in self.words.retired:
            return True
        # Scopes, channels of Redis, lines of logs: they look like events, and the sentence says what they are.
        return self.words.like_an_event(name) and not OTHER_NAMES.search(self._sentence(offset)[1])

    def _undocumented(self, kind: Kind, subject: str) -> bool:
        if kind == "event":
            return subject not in self.words.events
        return kind == "room" and not self.words.is_room(subject)

    def _gone(self, span: Span, at: int, subject: str) -> bool:
        """Whether what stands right beside a name that is not documented says that it is a name of before."""
        text, begin = self.piece.text, span.offset + at
        after = text[begin + len(subject) :][:WINDOW]
        if "{" not in subject and TO_A_ROOM.match(after):
            return False
        return stance.gone(text[max(0, begin - WINDOW) : begin], after)

    def _sentence(self, offset: int) -> tuple[str, str]:
        """What speaks of a name: its whole row or item, or its sentence and one that says `this is wrong` after it."""
        piece = self.piece
        if piece.kind == "cell":
            return piece.row, piece.row
        if piece.kind in ("item", "heading", "html"):
            line = piece.text
            return line, line
        if not self._sentences:
            self._sentences = list(_sentences(piece.text))
        at = bisect.bisect_right(self._sentences, offset, key=lambda one: one[0]) - 1
        return self._sentences[at][1:] if at >= 0 else (piece.text, piece.text)

    def _events_are_meant(self) -> bool:
        texts = (*self.piece.section[-1:], self.piece.above, self.piece.head, self.piece.row)
        if self.piece.kind == "paragraph":
            return EVENTS_TOLD.search(self.piece.text) is not None
        return any(EVENTS_HEAD.search(text) for text in texts) or EVENTS_TOLD.search(self.piece.text) is not None

    def _code(self, span: Span) -> Iterator[Claim]:
        text, words = span.text, self.words
        name = text.strip("'\"")
        at = text.find(name)
        if words.room.fullmatch(name) or (words.room_example.fullmatch(name) and self._room_is_meant()):
            yield self._claim("room", name, span, at, "inline code")
        elif NAME.fullmatch(name):
            if self._like_an_event(name, span.offset + at) or self._events_are_meant():
                yield self._claim("event", name, span, at, "inline code")
        elif name in words.events or name in words.retired or self._is_slip(name):
            yield self._claim("event", name, span, at, "inline code")
        elif re.search(r"\.(?:on|once|emit|to|in|join|leave)\(", text):
            line, column = self.piece.place(span.offset)
            code = Code(text=text, file=self.file, origin="document", line=line, columns=column - 1)
            whole = self._claim("event", text, span, 0, "inline code")
            for claim in code.claims():
                yield replace(claim, refuted=whole.refuted, section=whole.section, listed=whole.listed)
        else:
            yield from self._rooms(span)

    def _is_slip(self, word: str) -> bool:
        """Whether a word is a documented name in another spelling, or nearly one that has no colons."""
        if self.words.other_spelling(word):
            return self._events_are_meant()
        if not re.fullmatch(r"[a-z]+", word) or self.piece.kind not in ("item", "cell"):
            return False
        near = self.words.nearest(word)
        first = self.piece.text.lstrip("*_` ").startswith(word)
        return near is not None and ":" not in near and first and self._events_are_meant() and len(word) > 3

    def _plain(self, span: Span) -> Iterator[Claim]:
        # Most text has none of this: what can be told by a letter is not asked of a pattern.
        for one in NAME.finditer(span.text) if ":" in span.text else ():
            if self._like_an_event(one[0], span.offset + one.start()) and not self.words.room_example.fullmatch(one[0]):
                yield self._claim("event", one[0], span, one.start(), "text")
        yield from self._rooms(span)

    def _rooms(self, span: Span) -> Iterator[Claim]:
        if self.words.base not in span.text.lower():
            return
        for one in self.words.room.finditer(span.text):
            yield self._claim("room", one[0], span, one.start(), "text")
        for one in self.words.room_example.finditer(span.text):
            if self._room_is_meant():
                yield self._claim("room", one[0], span, one.start(), "text")

    def _room_is_meant(self) -> bool:
        texts = (self.piece.text, self.piece.row, self.piece.head, self.piece.above, *self.piece.section[-1:])
        return any(re.search(r"\brooms?\b|\bchannels?\b", text, re.IGNORECASE) for text in texts)

    def _calls(self) -> Iterator[Claim]:
        piece = self.piece
        if "/" not in piece.text:
            return
        found = list(fences.CALL.finditer(piece.text))
        if not found and piece.kind == "cell":
            method = re.search(r"\b(GET|POST|PUT|PATCH|DELETE)\b", piece.row)
            path = re.match(r"\W*(/[^\s`|]+)", piece.text)
            if method and path:
                yield self._claim(
                    "call", f"{method[1]} {path[1]}", Span(text=piece.text, offset=0), path.start(1), "table"
                )
        for one in found:
            subject = f"{one['method']} {one['path'].rstrip('.:')}"
            claim = self._claim("call", subject, Span(text=piece.text, offset=0), one.start("path"), "text")
            yield replace(claim, place=replace(claim.place, end=claim.place.column + len(one["path"].rstrip(".:"))))


def _sentences(text: str) -> Iterator[tuple[int, str, str]]:
    """(where it begins, the sentence with one after it that speaks of it, the sentence) of each."""
    parts, begin = SENTENCE.split(text), 0
    for number, part in enumerate(parts):
        begin = text.find(part, begin)
        after = parts[number + 1] if number + 1 < len(parts) else ""
        speaks = f" {after}" if re.match(r"(?:This|That|It|These|Both)\b", after) else ""
        yield begin, part + speaks, part
        begin += len(part)


def _counts(piece: Piece, file: str) -> Iterator[Claim]:
    for found in COUNT.finditer(piece.text) if "event" in piece.text.lower() else ():
        group = next(name for name in ("number", "number2", "number3") if found[name])
        written = found[group].lower()
        number = NUMBERS.index(written) if written in NUMBERS else int(written)
        more = "+" if found["more"] or found["more2"] else ""
        line, column = piece.place(found.start(group))
        yield Claim(
            kind="count", subject=f"{number}{more}", origin="document", how=piece.kind, section=piece.section,
            place=Place(file=file, line=line, column=column, end=column + len(written)), refuted=piece.refuted,
        )  # fmt: skip


def _field_tables(parts: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """Tables of fields and their types, under a heading or a paragraph that names one event."""
    table: list[Piece] = []
    for piece in (*parts, None):
        if piece is not None and piece.kind == "cell" and (not table or piece.section == table[0].section):
            table.append(piece)
            continue
        yield from _fields(table, file, words)
        table = [piece] if piece is not None and piece.kind == "cell" else []


def _fields(table: list[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    cells = [cell for cell in table if cell.head]
    heads = list(dict.fromkeys(cell.head for cell in cells))
    if len(heads) < 2 or not FIELD_HEAD.search(heads[0]) or not TYPE_HEAD.search(heads[1]):
        return
    event = fences.named(cells[0], words)
    if event is None:
        return
    fields = []
    for name, kind in zip(
        (cell for cell in cells if cell.head == heads[0]),
        (cell for cell in cells if cell.head == heads[1]),
        strict=False,
    ):
        bare = name.text.strip("`* ?")
        line, column = name.place(name.text.find(bare))
        shape: Shape = WORDS.get(re.split(r"[^a-z]", kind.text.strip("`* ").lower(), maxsplit=1)[0], "unknown")
        place = Place(file=file, line=line, column=column, end=column + len(bare))
        if re.fullmatch(r"\w+", bare):
            fields.append(Field(name=bare, place=place, shape=shape, placeholder=True))
    if fields:
        yield Claim(
            kind="event", subject=event, place=fields[0].place, origin="document", how="payload",
            payload=Payload(fields=tuple(fields)), section=cells[0].section, refuted=cells[0].refuted,
        )  # fmt: skip
