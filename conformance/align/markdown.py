"""Markdown to pieces of text, each with its place, its headings, and what labels above it say of it.

Blocks are found by markdown-it, a CommonMark parser (with tables and strike-through of GitHub's); what stands inside a
line is asked of it only where a piece has any mark-up, which most have not.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict

from conformance.align import english, signs, stance, tags
from conformance.align.emphasis import in_stars
from conformance.align.model import Direction, Place

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

PieceKind: TypeAlias = Literal["heading", "paragraph", "item", "cell", "fence", "html"]
SHORT = 16
"""A paragraph or an item of so few characters is a label of what is nested in it."""

TRAIL = 8
SHOWN = 2000
"""Characters of a fence that are asked which event it shows."""
"""How many pieces above a fence may say what it shows."""

NEXT = 3
"""Where behind a fence the text of the paragraph right below it is: an opening comes first."""
POINTS = re.compile(r"→|⇒|->|=>|\bto\b")
FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?!\s*#{1,6}\s).*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


@lru_cache(maxsize=256)
def line_starts(text: str) -> tuple[int, ...]:
    """Where each line of a text begins, so that a place is found without reading all that stands before it."""
    return (0, *(found.end() for found in re.finditer("\n", text)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A heading, a paragraph, an item, a cell, a fence, or a block of HTML."""

    kind: PieceKind
    text: str
    lines: tuple[tuple[int, int], ...]
    """(line, column) in the file at which each line of the text begins, counted from 1."""
    section: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    """What stands alone right below each heading, and names what it is about: a call, or an event."""
    refuted: bool = False
    """A heading, a label or the head of its column says that what stands here is wrong or old."""
    direction: Direction | None = None
    """What headings, labels and heads of columns say of who sends."""
    client: bool | None = None
    """Whether headings and labels say that a client does what stands here; None where they do not say."""
    info: str = ""
    """Of a fence: the language and what follows it."""
    row: str = ""
    """Of a cell: the text of its whole row."""
    head: str = ""
    """Of a cell: the head of its column."""
    column: int = 0
    """Of a cell: which of its row it is."""
    above: str = ""
    """The paragraph right above."""
    lead: str = ""
    """Of an item: the paragraph above its list."""
    depth: int = 0
    """Of an item: how deeply it is nested, from 1 on."""
    behind: str = ""
    """Of a fence: the paragraph right below that says what it was: `(that is one x)`."""
    below: str = ""
    """Of a fence: the paragraph right below, whatever it says."""
    under: str = ""
    """Of what is nested in an item: the label that this item is."""
    trail: tuple[tuple[str, str], ...] = ()
    """Of a fence, a cell and an item: (kind, text) of what stands above it in its section, the nearest first."""

    @property
    def titles(self) -> tuple[str, ...]:
        """The headings above it, each with what stands alone right below it."""
        pairs = zip_longest(self.section, self.signs, fillvalue="")
        return tuple(f"{title} {sign}" if sign else title for title, sign in pairs)

    def place(self, offset: int) -> tuple[int, int]:
        """(line, column) of a character of the text."""
        starts = line_starts(self.text)
        number = bisect.bisect_right(starts, offset) - 1
        line, column = self.lines[min(number, len(self.lines) - 1)]
        return line, column + offset - starts[number]

    def span(self, file: str, first: int, last: int) -> Place:
        """Where the characters from one offset of the text to another are, within one line of a file."""
        line, column = self.place(first)
        return Place(file=file, line=line, column=column, end=column + last - first)


@cache
def parser() -> MarkdownIt:
    """The parser of CommonMark with tables and strike-through; `spans.py` asks it of what stands inside a line."""
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    made.core.ruler.disable("inline")
    return made


class _Told(TypedDict):
    """What headings and labels say of a piece."""

    section: tuple[str, ...]
    signs: tuple[str, ...]
    refuted: bool
    direction: Direction | None
    client: bool | None
    under: str


@dataclass(slots=True)
class _Reader:
    """Where in a document the reader is."""

    source: list[str]
    title: tuple[int, str] = (0, "")
    """(level, text) of the first heading, where others stand below it: of directions it says nothing but an arrow."""
    headings: list[tuple[int, str, stance.Stance | None, Direction | None]] = field(default_factory=list)
    labels: list[tuple[int, str, stance.Stance | None, Direction | None]] = field(default_factory=list)
    """(depth, text, stance, direction) of the labels that are in force."""
    signs: list[str] = field(default_factory=list)
    """What stands alone right below each heading."""
    above: str = ""
    lead: str = ""
    """The last paragraph that is no item."""
    trail: list[tuple[str, str]] = field(default_factory=list)
    _told: dict[int, _Told] = field(default_factory=dict)

    def passed(self, kind: str, text: str = "") -> None:
        """Note what was passed; of a long section only what stands nearest."""
        # Both marks make a text bold, but an underscore is a letter to a pattern of words.
        self.trail = [(kind, text.replace("__", "**")), *self.trail[: TRAIL - 1]]

    def lines(self, token: Token, text: str, search_from: int = 0) -> tuple[tuple[int, int], ...]:
        """Where each line of a token's text begins."""
        first = token.map[0] if token.map else 0
        found = []
        for number, line in enumerate(text.split("\n")):
            at = first + number
            whole = self.source[at] if at < len(self.source) else ""
            column = whole.find(line, search_from if not number else 0)
            if column < 0 and "|" in line:
                column = whole.find(line.replace("|", "\\|"), search_from if not number else 0)
            found.append((at + 1, max(column, 0) + 1))
        return tuple(found)

    def piece(
        self, kind: PieceKind, token: Token, depth: int, *, info: str = "", row: str = "", head: str = ""
    ) -> Piece:  # fmt: skip
        """A piece under the headings and labels that are in force."""
        text = token.content
        own = text if kind in ("fence", "html") else in_stars(text)
        return Piece(
            kind=kind, text=own, lines=self.lines(token, text), above=self.above, depth=depth, info=info, row=row,
            head=head, **self.told(depth),
        )  # fmt: skip

    def told(self, depth: int) -> _Told:
        """What headings and labels say at a depth; asked anew where one of them has changed."""
        if depth not in self._told:
            self._told[depth] = _Told(
                section=tuple(text for _, text, _, _ in self.headings), signs=tuple(self.signs),
                refuted=self._stance(depth) == "refuted", direction=self._direction(depth), client=self._client(),
                under=next((text for at, text, _, _ in reversed(self.labels) if 0 < at < depth), ""),
            )  # fmt: skip
        return self._told[depth]

    def _stance(self, depth: int) -> stance.Stance | None:
        for at, _, said, _ in reversed(self.labels):
            if (at < depth or not at) and said:
                return said
        return next((said for _, _, said, _ in reversed(self.headings) if said), None)

    def _direction(self, depth: int) -> Direction | None:
        """What the nearest label or heading says, or two together: `Client` above `emits`."""
        labels = [(text, said) for at, text, _, said in reversed(self.labels) if at < depth or not at]
        client, sends = None, None
        headings = [(text, said) for level, text, _, said in reversed(self.headings) if self._says(level, text)]
        for text, said in (*labels, *headings, *((text, None) for text in self._title())):
            if said:
                return said
            who, does = stance.said(text)
            client, sends = who if client is None else client, does if sends is None else sends
            if client is not None and sends is not None:
                return "to-server" if client == sends else "to-client"
        return None

    def _title(self) -> list[str]:
        """What the title says of whose guide it is: a client's; one that names a service is only about it."""
        titles = [text for level, text, _, _ in self.headings if not self._says(level, text)]
        return ["Client" for text in titles if stance.said(text)[0]]

    def _says(self, level: int, text: str) -> bool:
        """Whether a heading may say who sends: one of a section, or a title with an arrow."""
        return (level, text) != self.title or POINTS.search(text) is not None

    def _client(self) -> bool | None:
        texts = (
            *(text for _, text, _, _ in reversed(self.labels)),
            *(text for level, text, _, _ in reversed(self.headings) if self._says(level, text)),
            *self._title(),
        )
        return next((who for text in texts if (who := stance.said(text)[0]) is not None), None)

    def text(self, token: Token, depth: int) -> Piece:
        """A paragraph, or an item, which is a label of nothing but what is nested in it."""
        if not depth:
            self.label(depth, token.content)
        piece = self.piece("item" if depth else "paragraph", token, depth)
        if depth:
            self.label(depth, token.content)
            piece = replace(piece, lead=self.lead, trail=tuple(self.trail))
        else:
            self.sign(token.content)
            self.lead = token.content
        self.above = token.content
        speaks_of_above = bool(self.trail) and self.trail[0][0] == "fence" and signs.CAPTION.match(token.content)
        self.passed("behind" if speaks_of_above else piece.kind, token.content)
        return piece

    def head(self, level: int, text: str) -> None:
        """A heading begins a section, and ends those within which it does not stand."""
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
            self.signs.pop()
        self.signs.append("")
        said = stance.label(text)
        self.headings.append((level, text, said, stance.direction(text)))
        self.labels.clear()
        self._told.clear()
        self.trail = []

    def sign(self, text: str) -> None:
        """What stands alone right below a heading names what the section is about."""
        if self.headings and not self.trail and signs.SIGN.fullmatch(text):
            self.signs[-1] = text.strip()
            self._told.clear()

    def unfold(self, html: str, depth: int) -> None:
        """A summary is a label of what it folds away, and what stood above is of something else."""
        for summary in tags.folded(html):
            self.label(depth, "")
            self.above = self.lead = summary
            self.trail = []
            if summary:
                self.label(depth, f"{summary}:")
                self.passed("heading", summary)

    def label(self, depth: int, text: str) -> None:
        """A paragraph that may be a label of what follows."""
        if self.labels and self.labels[-1][0] >= depth:
            self._told.clear()
        while self.labels and self.labels[-1][0] >= depth:
            self.labels.pop()
        plain = text.strip()
        if plain.endswith(":") or signs.LABEL.fullmatch(plain) or len(plain) <= SHORT:
            bare = re.split(r"[.!?]\W?\s+(?=\W?[A-ZÀ-Ỹ`])", plain)[-1].strip("*_: ")
            self._told.clear()
            self.labels.append((depth, bare, stance.label(bare), stance.direction(bare)))


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of a document, in their order."""
    front = FRONT_MATTER.match(text)
    if front:
        text = "\n" * front[0].count("\n") + text[front.end() :]
    tokens = parser().parse(text)
    heads = [number for number, token in enumerate(tokens) if token.type == "heading_open"]
    first = [(int(tokens[number].tag[1]), tokens[number + 1].content) for number in heads[:2]]
    title = first[0] if len(first) > 1 and first[1][0] > first[0][0] else (0, "")
    reader, depth = _Reader(text.split("\n"), title=title), 0
    index = 0
    while index < len(tokens):
        token = tokens[index]
        depth += (token.type == "list_item_open") - (token.type == "list_item_close")
        match token.type:
            case "heading_open":
                content = tokens[index + 1]
                reader.head(int(token.tag[1]), content.content)
                yield replace(reader.piece("heading", content, 0), refuted=stance.label(content.content) == "refuted")
                reader.above = reader.lead = ""
                index += 1
            case "table_open":
                end = next(at for at in range(index, len(tokens)) if tokens[at].type == "table_close")
                yield from _table(reader, tokens[index:end], depth)
                reader.passed("table")
                index = end
            case "inline":
                yield reader.text(token, depth)
            case "fence" | "code_block":
                next_ones = tokens[index + 1 : index + NEXT]
                opens = bool(next_ones) and next_ones[0].type == "paragraph_open"
                below = next((one.content for one in next_ones if one.type == "inline"), "")
                caption = below if index + NEXT <= len(tokens) and signs.CAPTION.match(below) else ""
                yield replace(_fence(reader, token, depth), behind=caption, below=below if opens else "")
                reader.sign(token.content.strip())
                reader.passed("fence", token.content[:SHOWN])
            case "html_block":
                yield from _html(reader, token, depth)
        index += 1


def _html(reader: _Reader, token: Token, depth: int) -> Iterator[Piece]:
    """A block of HTML: what is preformatted is a fence, and a heading or a paragraph of its own is a label."""
    shown = tags.preformatted(token.content)
    if shown is not None:
        language, text = shown
        yield replace(reader.piece("fence", token, depth, info=language), text=text, trail=tuple(reader.trail))
        reader.passed("fence", text[:SHOWN])
        return
    yield reader.piece("html", token, depth)
    reader.unfold(token.content, depth)
    level, text = tags.block(token.content)
    if level:
        reader.head(level, text)
        reader.above = reader.lead = ""
    elif text:
        reader.label(depth, text)
        reader.above = reader.lead = text
        reader.passed("paragraph", text)


def _fence(reader: _Reader, token: Token, depth: int) -> Piece:
    piece = reader.piece("fence", token, depth, info=token.info.strip())
    first = (token.map[0] if token.map else 0) + (token.type == "fence")
    found = []
    for number, line in enumerate(token.content.split("\n")):
        whole = reader.source[first + number] if first + number < len(reader.source) else ""
        found.append((first + number + 1, max(whole.find(line), 0) + 1))
    return replace(piece, lines=tuple(found), trail=tuple(reader.trail))


def _sender(rows: list[list[Token]]) -> Direction | None:
    """The direction that a table of one event gives in a row of its own: `Sent by | server`."""
    if any(len(row) != 2 for row in rows):
        return None
    keyed = [row for row in rows if english.SENDER.fullmatch(row[0].content.strip("`*_ :"))]
    return stance.sent_by(keyed[0][1].content) if len(keyed) == 1 else None


def _table(reader: _Reader, tokens: list[Token], depth: int) -> Iterator[Piece]:
    """The cells of a table, each with the head of its column and its whole row."""
    heads: list[str] = []
    labels: list[stance.Stance | None] = []
    rows: list[list[Token]] = []
    trail = tuple(reader.trail)
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(token)
    keyed = _sender(rows)
    for number, row in enumerate(rows):
        # A cross in a column of its own says no to what the column asks, and nothing of the name.
        telling = [
            cell.content
            for head, cell in zip_longest(heads[: len(row)], row, fillvalue="")
            if not isinstance(cell, str) and (not head or re.search(r"\w", cell.content) or JUDGING.search(head))
        ]
        whole = " | ".join(telling)
        senders = [
            stance.sent_by(cell.content) for head, cell in zip(heads, row, strict=False) if english.SENDER.search(head)
        ]
        sender, told = next((one for one in senders if one), None), stance.direction(whole)
        column, of = 0, reader.told(depth)
        names = keyed is not None and english.NAMED.search(row[0].content) is not None
        for at, cell in enumerate(row):
            head = heads[at] if at < len(heads) else ""
            lines = reader.lines(cell, cell.content, column)
            column = lines[0][1] - 1 + len(cell.content)
            said = labels[at] if at < len(labels) else None
            yield Piece(
                kind="cell", text=in_stars(cell.content), lines=lines, section=of["section"], signs=of["signs"],
                client=of["client"], row=whole,
                refuted=said == "refuted" or (of["refuted"] and said is None), above=reader.above, depth=depth,
                head=head, column=at, trail=trail,
                direction=stance.head(head) or sender or told or of["direction"] or (keyed if names else None),
            )  # fmt: skip
        if not number:
            heads = [cell.content for cell in row]
            labels = stance.columns(heads)


JUDGING = re.compile(r"\b(?:status|correct|valid|right|ok|works|exists?|in code|actual|use|allowed)\b", re.IGNORECASE)
"""The head of a column whose ticks and crosses are about the name itself."""
