"""What tags of HTML in Markdown say: what is struck or code, where links lead, what a summary folds away. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

LINK = re.compile(r"<(?:a|img)\b[^>]*?\b(?:href|src)\s*=\s*(['\"])(?P<target>[^'\">\s]+)\1", re.IGNORECASE)
FOLDED = re.compile(r"<summary[^>]*>(?P<summary>.*?)</summary>|</details>", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"<[^>]*>")
CODE_TAG = re.compile(r"</?(?:code|kbd)\b", re.IGNORECASE)


CELL = re.compile(r"<(?:td|th|li|dt)\b[^>]*>\s*(?:<(?:code|kbd|b|strong|em)>\s*)*$", re.IGNORECASE)


def begins(html: str, offset: int) -> bool:
    """Whether what stands at an offset begins a cell or an item."""
    return CELL.search(html[max(0, offset - 120) : offset]) is not None


ROW = re.compile(r"<tr\b[^>]*>(?P<row>(?:(?!</?tr\b).)*)", re.DOTALL | re.IGNORECASE)
ROW_CHARACTERS = 600
"""What is longer is no row of a table of events."""
NAMED = re.compile(r"[\w-]+(?::[\w-]+)+")


def row(html: str, offset: int) -> str:
    """The text of the row of a table that an offset is in, its names left out; empty where it names several events."""
    begin = html.rfind("<tr", max(0, offset - ROW_CHARACTERS), offset)
    found = ROW.match(html, begin, begin + 2 * ROW_CHARACTERS) if begin >= 0 else None
    if found is None or found.end() <= offset:
        return ""
    text = TAG.sub(" ", found["row"])
    return NAMED.sub(" ", text) if len(set(NAMED.findall(text))) <= 1 else ""


HEADS = re.compile(r"<tr\b[^>]*>\s*(?P<heads>(?:<th\b[^>]*>(?:(?!</?t[rh]\b).)*</th>\s*)+)", re.DOTALL | re.IGNORECASE)
CELLS = re.compile(r"<t[hd]\b[^>]*>(?P<cell>(?:(?!</?t[rhd]\b).)*)", re.DOTALL | re.IGNORECASE)
SENDER = re.compile(r"\s*(?:from|sender|sent\s+by|emitted\s+by|emitter|who\s+sends)\s*", re.IGNORECASE)
"""The head of a column that names who sends."""
TABLE_CHARACTERS = 20_000
"""Characters above a row in which the head of its table is looked for."""


def sender(html: str, offset: int) -> str:
    """The cell of the row at an offset that stands in a column of senders; empty where there is none."""
    table = html.rfind("<table", max(0, offset - TABLE_CHARACTERS), offset)
    begin = html.rfind("<tr", max(table, offset - ROW_CHARACTERS), offset)
    heads = HEADS.search(html, table, begin) if 0 <= table < begin else None
    found = ROW.match(html, begin, begin + 2 * ROW_CHARACTERS) if heads is not None else None
    if heads is None or found is None or len(set(NAMED.findall(found["row"]))) > 1:
        return ""
    names = [TAG.sub(" ", one["cell"]) for one in CELLS.finditer(heads["heads"])]
    cells = [TAG.sub(" ", one["cell"]) for one in CELLS.finditer(found["row"])]
    return next((cell for name, cell in zip(names, cells, strict=False) if SENDER.fullmatch(name)), "")


def told(tag: str, struck: int, *, code: bool) -> tuple[int, bool]:
    """Whether what follows a tag of HTML is struck, and whether it is code."""
    struck += (tag in ("<s>", "<del>", "<strike>")) - (tag in ("</s>", "</del>", "</strike>"))
    return struck, (code and tag not in ("</code>", "</kbd>")) or tag in ("<code>", "<kbd>")


def folded(html: str) -> Iterator[str]:
    """The text of each summary, its code set apart as Markdown does; empty where what it folds away ends."""
    for found in FOLDED.finditer(html):
        summary = found["summary"] or ""
        yield TAG.sub(lambda tag: "`" if CODE_TAG.match(tag[0]) else "", summary).strip()


PRE = re.compile(
    r"\s*(?P<open><pre\b[^>]*>\s*?(?:<code\b[^>]*>)?)(?P<text>[^<]*)(?P<close></code>\s*)?</pre>\s*", re.IGNORECASE
)
LANGUAGE = re.compile(r"\b(?:lang(?:uage)?[-=]\W?)(?P<name>[\w+-]+)", re.IGNORECASE)
ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&#39;": "'", "&#34;": '"'}
ENTITY = re.compile("|".join(map(re.escape, ENTITIES)))
BLOCK = re.compile(
    r"\s*<(?P<tag>h[1-6]|p)\b[^>]*>(?P<text>(?:(?!</?(?:p|h[1-6]|div|table|ul|ol)\b).)*)</(?P=tag)>\s*",
    re.DOTALL | re.IGNORECASE,
)


def blanked(html: str) -> str:
    """A text with blanks for its tags: what stands around them keeps its place."""
    return TAG.sub(lambda tag: " " * len(tag[0]), html)


def preformatted(html: str) -> tuple[str, str] | None:
    """(language, text) of a block that is nothing but preformatted; the text has its places, with blanks for tags."""
    found = PRE.fullmatch(html)
    if found is None:
        return None
    language = LANGUAGE.search(found["open"])
    text = ENTITY.sub(lambda one: ENTITIES[one[0]].ljust(len(one[0])), found["text"])
    before = re.sub(r"[^\n]", " ", html[: found.start("text")])
    return (language["name"] if language else ""), before + text


def block(html: str) -> tuple[int, str]:
    """(level, text) of a block that is one heading or one paragraph, which has none; empty where it is neither."""
    found = BLOCK.fullmatch(html)
    if found is None:
        return 0, ""
    text = TAG.sub(lambda tag: "`" if CODE_TAG.match(tag[0]) else "", found["text"])
    level = 0 if found["tag"].lower() == "p" else int(found["tag"][1])
    return level, re.sub(r"\s+", " ", text).strip()
