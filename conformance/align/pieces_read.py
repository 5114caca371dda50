"""What one piece of a document states: names of events and rooms, calls, counts and links. Pure."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from conformance.align import (
    asides,
    bare_paths,
    bygone,
    company,
    connections,
    context,
    counts,
    doubts,
    english,
    inline,
    labels,
    languages,
    moods,
    named_fields,
    purpose,
    quoted_calls,
    remarks,
    sentences,
    sides,
    spelled,
    stance,
    tags,
    told_calls,
)  # fmt: skip
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Direction, Kind, Place
from conformance.align.spans import Span, spans
from conformance.align.typescript import Code
from conformance.align.vocabulary import NAME, Vocabulary

CALLED = re.compile(r"\.(?:on|once|emit|to|in|join|leave)\(|^emit\(")
"""Code that speaks to a socket."""
OF_A_SOCKET = "socket."
"""What a text leaves out that says no more than `emit(...)`."""
TELLING = re.compile(r"[`:/<\[{]")
"""What a text has that names anything: code, links, paths, placeholders, names with colons."""
SEPARATED = re.compile(r"\w[:_.#/-][\w{<$\[:*%]")
"""What every name of a room has: a separator with something on both sides."""
PLACED = re.compile(r"\w[:_.#/-][{<$:]")
LONG = 1000
"""Characters before and after a name that are its sentence, where a text has no end of one."""
WINDOW = 160
"""Characters beside a name that are asked what they say of it."""
TO_A_ROOM = re.compile(r"\W*(?:→|⇒|➜|-->?|=>|->)\W*\w+\W\{")
"""An event and an arrow to a room: that is where it goes."""
BOLD = re.compile(r"\*\*(?P<name>[\w-]+)\*\*(?!\*)")
"""The bold name that an item begins with."""
MOST_NAMES = 500
"""That are read of one text without markup: with more it is data, and for each of them all of it is looked through."""


@dataclass(slots=True)
class Prose:
    """One piece, as it is read."""

    piece: Piece
    file: str
    words: Vocabulary
    numbered: bool = False
    """The headings of the document have numbers."""
    company: bool = False
    """It stands in a column or a list of documented events."""
    old: frozenset[str] = frozenset()
    """The headings of versions that have a later one."""
    others: set[str] = field(default_factory=set)
    """Where it is added what the document says to be no event: scopes, keys, jobs."""
    told: named_fields.Told = field(default_factory=named_fields.Told)
    """Where the payloads are added that are told by the names of their fields alone."""
    further: bool = False
    """It is listed beside the documented room, as another for something else."""
    entries: tuple[str, ...] = ()
    """The names of several words that it begins with, as an entry of a list or a column of documented events."""
    tables: told_calls.Tables = field(default_factory=told_calls.Tables)
    """What the columns of tables say of calls."""
    speaks: bool = False
    """The document names documented events."""
    _sentences: list[tuple[int, str, str]] = field(default_factory=list)

    def claims(self) -> Iterator[Claim]:
        """Everything that it says."""
        text = self.piece.text
        telling = self.entries or TELLING.search(text) or self.words.base in text.lower()
        if self.piece.kind != "heading" and not telling:
            if counts.tells(text) or text[-1:] == ":":
                yield from counts.claims(self.piece, self.file, numbered=self.numbered)
            return
        found = list[Span](spans(self.piece))
        for span in found:
            if span.link:
                if not asides.OUTSIDE_LINK.match(span.link):
                    yield self._claim("link", span.link, span, 0, "link")
            elif span.code:
                yield from self._code(span)
            else:
                yield from self._plain(span)
        yield from self._calls(found)
        for path, at, how in connections.told(self.piece, self.words):
            yield self._claim("connection", path, Span(text=text, offset=0), at, how)
        for path, span in bare_paths.of(self.piece, found, self.words):
            yield self._claim("call", path, span, span.text.find(path), "path")
        if "{" in text and ("`" in text or self.piece.kind == "cell"):
            yield from inline.claims(self.piece, found, self.file, self.words, self.told)
        yield from counts.claims(self.piece, self.file, numbered=self.numbered)

    def _claim(self, kind: Kind, subject: str, span: Span, at: int, how: str) -> Claim:
        offset = span.offset + at
        line, column = self.piece.place(offset)
        begin, sentence, own = self._sentence(offset)
        first = (
            self.piece.kind in ("item", "cell", "heading")
            and offset <= WINDOW
            and not self.piece.text[:offset].strip("`*_ ")
        )
        counted = counts.section_of(self.piece, offset) if kind == "event" else ""
        return Claim(
            kind=kind,
            subject=subject,
            place=Place(file=self.file, line=line, column=column, end=column + len(subject)),
            origin="document",
            how=how,
            direction=self._direction(own, offset - begin, len(subject), first=first),
            refuted=span.struck
            or self.piece.refuted
            or stance.refuted(stance.but_for_a_new_name(sentence, offset - begin), first=first)
            or remarks.corrects(self.piece.text[offset + len(subject) :][:WINDOW])
            or (kind == "call" and quoted_calls.is_quoted(self.piece, self.words, self.old, subject, offset, own))
            or (kind == "room" and self._is_further(subject, sentence))
            or (self._undocumented(kind, subject) and self._gone(kind, span, at, subject, own)),
            section=(*self.piece.section, counted) if counted else self.piece.section,
            listed=self.piece.kind in ("item", "cell") or bool(counted),
        )

    def _direction(self, sentence: str, offset: int, width: int, *, first: bool) -> Direction | None:
        """What is said of a name: by its column, its own clause, and, where it is the subject, by all around it."""
        piece = company.of_its_own(self.piece, sentence[offset : offset + width], self.words)
        if sentence.rstrip("*_ )").endswith("?") or languages.GUIDE_TELLS.search(sentence[:offset]):
            return None
        if piece.kind == "cell":
            if languages.GUIDE_TELLS.search(piece.head):
                return None
            own = stance.in_cell(piece.head, piece.text, offset, piece.client)
            name = sentence[offset : offset + width]
            if piece.column and labels.begins_with_another(piece.row, name, self.words):
                return own
            return own or (piece.direction if piece.column == 0 or self._alone(sentence) else None)
        own = (
            stance.at(sentence, offset)
            or stance.after(sentence, offset + width)
            or stance.led(piece.text, piece.client)
            or stance.component(sentence, offset, piece.client)
        )
        if own:
            return own
        if stance.of_something_else(sentence, offset):
            return None
        if piece.kind == "html":
            at = piece.text.find(sentence) + offset
            own = stance.direction(tags.row(piece.text, at)) or stance.sent_by(tags.sender(piece.text, at))
            if own or (piece.direction and tags.begins(piece.text, at)):
                return own or piece.direction
        if stance.TIMED.search(sentence[:offset]):
            return None
        if self._alone(sentence):
            return stance.direction(sentence) or piece.direction
        return piece.direction if first else None

    def _alone(self, sentence: str) -> bool:
        """Whether a sentence or a row names one event only."""
        first = ""
        for name in labels.names(sentence):
            if name != first and self.words.like_an_event(name):
                if first:
                    return False
                first = name
        return True

    def _like_an_event(self, name: str, offset: int, *, code: bool) -> bool:
        if self.words.known(name):
            return True
        if self.words.is_example(name):
            return False
        if name in self.entries and self.words.spelled_otherwise(name):
            return True
        # Scopes, keys of Redis, lines of logs: they look like events, and what stands around says what they are.
        begin, _, sentence = self._sentence(offset)
        piece = self.piece
        own = piece.section[:-1] if piece.kind == "heading" else piece.section
        said = context.meant(sentence, offset - begin, (piece.head, piece.above, *own[-1:]))
        said = context.led(piece.lead) if said is None else said
        if said is False:
            self.others.add(name)
            return False
        if self.words.surely_an_event(name):
            return True
        # Where nothing around it speaks of events, only what is near to a documented name is meant as one.
        if said or piece.direction or self.company:
            return (code or said is True) and self.words.like_an_event(name)
        if not code or self.words.nearest(name) is not None:
            return code
        # In a document of its events, what begins as they do, and does what they do, is meant as one.
        of_the_room = name.lower().startswith(self.words.base)
        told = self.speaks and said is None and not of_the_room and self.words.like_an_event(name)
        return told and spelled.is_a_subject(name, sentence, offset - begin)

    def _is_further(self, room: str, sentence: str) -> bool:
        """Whether a room is said to be one beside the documented one: it may have any name."""
        if room.lower().startswith(self.words.base) or self.words.is_room(room):
            return False
        return self.further or languages.FURTHER.search(sentence) is not None

    def _undocumented(self, kind: Kind, subject: str) -> bool:
        if kind == "event":
            return subject not in self.words.events
        if kind == "connection":
            return True
        return kind == "room" and not self.words.is_room(subject)

    def _gone(self, kind: Kind, span: Span, at: int, subject: str, sentence: str) -> bool:
        """Whether what stands beside a name that is not documented says that it is one of before, or in doubt."""
        text, begin = self.piece.text, span.offset + at
        after = text[begin + len(subject) :][:WINDOW]
        if "{" not in subject and TO_A_ROOM.match(after):
            return doubts.asked(self.piece, self.words, self.old, subject, sentence)
        before = text[max(0, begin - WINDOW) : begin]
        right = self.words.retired.get(subject) or (self.words.bundle.room.template if kind == "room" else "")
        if right and (moods.in_contrast(after, right) or bygone.was(before, after)):
            return True
        if stance.gone(before, after) or moods.of_before(
            self.piece, before, after, sentence, retired=subject in self.words.retired or self.words.is_a_room(subject)
        ):
            return True
        return doubts.asked(self.piece, self.words, self.old, subject, sentence)

    def _sentence(self, offset: int) -> tuple[int, str, str]:
        """(where it begins, what speaks of a name, its sentence): its row or item, or its sentence and one after it."""
        piece = self.piece
        if piece.kind == "cell":
            return 0, piece.row[: 2 * LONG], piece.row[: 2 * LONG]
        begin, whole, own = 0, piece.text, piece.text
        if piece.kind not in ("item", "heading", "html"):
            if not self._sentences:
                self._sentences = list(sentences.of(piece.text))
            at = bisect.bisect_right(self._sentences, offset, key=lambda one: one[0]) - 1
            begin, whole, own = self._sentences[at] if at >= 0 else (0, piece.text, piece.text)
        if len(whole) <= 2 * LONG:
            return begin, whole, own
        first = max(begin, offset - LONG)
        near = piece.text[first : min(begin + len(whole), offset + LONG)]
        return first, near, near

    def _code(self, span: Span) -> Iterator[Claim]:
        text, words = span.text, self.words
        name = text.strip("'\"")
        at, told = text.find(name), spelled.is_told_of(self.piece, name, span, words)
        if words.room.fullmatch(name) or (words.room_example.fullmatch(name) and self._room_is_meant(span)):
            yield self._claim("room", name, span, at, "inline code")
        elif words.other_room.fullmatch(name):
            if self._room_is_meant(span):
                yield self._claim("room", name, span, at, "inline code")
        elif NAME.fullmatch(name):
            if told or self._like_an_event(name, span.offset + at, code=True):
                yield self._claim("event", name, span, at, "inline code")
        elif (
            words.known(name)
            or told
            or name in self.entries
            or self._is_slip(name, span.offset + at)
            or (self.speaks and spelled.is_sent(name, span.offset + at, self._sentence(span.offset), words))
        ):
            yield self._claim("event", name, span, at, "inline code")
        elif CALLED.search(text):
            line, column = self.piece.place(span.offset)
            if text.startswith("emit("):
                text, column = f"{OF_A_SOCKET}{text}", column - len(OF_A_SOCKET)
            code = Code(text=text, file=self.file, origin="document", words=words, line=line, columns=column - 1)
            whole = self._claim("event", text, span, 0, "inline code")
            said = self._sentence(span.offset)[2].replace(span.text, " ")
            firm = sides.firmly(said) if code.side_of(code.root) is None else None
            wrong = moods.wrong_on_purpose((said, *self.piece.section[-1:]))
            for claim in sides.settled(list(code.claims()), words, firm, None):
                shown = None if wrong and "to-server" in words.ways(claim.subject) else claim.payload
                yield replace(claim, refuted=whole.refuted, section=whole.section, listed=whole.listed, payload=shown)
        elif "{" not in text[:1]:
            yield from self._rooms(span)

    def _is_slip(self, word: str, offset: int) -> bool:
        begin, _, own = self._sentence(offset)
        return spelled.is_slip(self.piece, word, self.words, own, offset - begin, company=self.company)

    def _plain(self, span: Span) -> Iterator[Claim]:
        if self.piece.kind == "heading" and self.piece.text.strip() == span.text.strip():
            word = labels.bare(self.piece.section, self.words) or span.text.strip()
            named = NAME.fullmatch(word) is not None and self._like_an_event(word, span.offset, code=True)
            if named or word in self.words.events or self._is_slip(word, span.offset):
                yield self._claim("event", word, span, span.text.find(word), "heading")
                return
        plain = span.text.strip("*_ ")
        if plain in self.entries and ":" not in plain:
            yield self._claim("event", plain, span, span.text.find(plain), "text")
            return
        bold = BOLD.match(span.text) if self.entries and self.piece.kind == "item" and not span.offset else None
        if bold is not None and bold["name"] in self.entries and ":" not in bold["name"]:
            yield self._claim("event", bold["name"], span, bold.start("name"), "text")
            return
        # Most text has none of this: what can be told by a letter is not asked of a pattern.
        for one in islice(NAME.finditer(span.text), MOST_NAMES) if ":" in span.text else ():
            if self._like_an_event(one[0], span.offset + one.start(), code=False):
                yield self._claim("event", one[0], span, one.start(), "text")
        yield from self._rooms(span)

    def _rooms(self, span: Span) -> Iterator[Claim]:
        text, words = span.text, self.words
        if not SEPARATED.search(text):
            return
        if words.base in text.lower():
            for one in words.room.finditer(text):
                yield self._claim("room", one[0], span, one.start(), "text")
            for one in words.room_example.finditer(text):
                if self._room_is_meant(span):
                    yield self._claim("room", one[0], span, one.start(), "text")
        for one in words.other_room.finditer(text) if PLACED.search(text) else ():
            if not words.room.fullmatch(one[0]) and self._room_is_meant(span):
                yield self._claim("room", one[0], span, one.start(), "text")

    def _room_is_meant(self, span: Span) -> bool:
        piece, (_, whole, own) = self.piece, self._sentence(span.offset)
        if span.code and context.is_an_id(whole, span.text.strip("'\"")):
            return False
        sentence = context.NAMES.sub(" ", own)
        if any(said.search(sentence) for said in (english.ROOM_WORDS, english.JOINED, context.MEMBERS)):
            return True
        if context.OTHER.search(sentence):
            return False
        near = piece.text[max(0, span.offset - LONG) : span.offset + LONG]
        texts = (near, piece.row[: 2 * LONG], piece.head, piece.above, *piece.section[-1:])
        return any(english.ROOM_WORDS.search(text) for text in texts)

    def _calls(self, spans: list[Span]) -> Iterator[Claim]:
        struck = [span for span in spans if span.struck]
        for one in told_calls.told(self.piece, self.tables):
            if any(span.offset <= one.at < span.offset + len(span.text) for span in struck):
                continue
            whole = Span(text=self.piece.text, offset=0)
            claim = self._claim("call", f"{one.method} {one.path}", whole, one.at, one.how)
            place = replace(claim.place, end=claim.place.column + len(one.path))
            yield replace(claim, place=place, query=purpose.query_of(self.piece, one.path, place, one.end))
