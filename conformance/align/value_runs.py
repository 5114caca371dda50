"""Values that a text lists in marks of code, of the field that it, its question or its row is about. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from conformance.align import moods
from conformance.align.markdown import Piece
from conformance.align.vocabulary import Vocabulary

VALUE = re.compile(r"`['\"]?(?P<value>[A-Za-z][\w-]*)['\"]?`")
_OR = r"or|and|oder|und|ou|et|o|e|y|hoặc|hay|và|nor|plus|then|sau\s+đó|rồi"
GAP = re.compile(
    rf"\s*(?:\\?\||/|,|;|·|•|→|->|-->|⇒|>)?\s*(?:(?:\b(?:{_OR})|&)\s+)?(?:(?:an?|the|ein|eine|un|une|một|finally|lastly)\s+)?",
    re.IGNORECASE,
)
"""What stands between two values of a list."""
BEHIND = re.compile(r"`?[\"'*_)]*(?:[^`.!?]|\.(?=\w)|`[\w-]+(?::[\w-]+)+`|`(?:GET|POST|PUT|PATCH) [^`\n]*`){0,120}?")
"""What may stand between a field and its values: the rest of a sentence, and names of events and of calls."""
ELSEWHERE = re.compile(
    r"\b(?:not|never|neither|instead|reject(?:s|ed)?|refus\w+|invalid|unlike|wrong|plan(?:s|ned)?|later|propos\w+|soon|"
    r"nicht|kein\w*|pas|não|nie|niet|non|không|sai|sẽ|old|earlier|formerly|previously|was|were|had|used|groups?|"
    r"grouped|maps?|mapped|mapping|shown?|shows|displays?|displayed|labels?|tabs?|filters?|colou?rs?|icons?|drafts?|"
    r"local(?:ly)?|tickets?|translat\w+|screens?|buttons?|database|column|redis|kafka|log(?:s|ged)?|folds?|merges?|"
    r"renders?|rendered|aliases?|legacy|ui|kit|theme\w*|reducer\w*|actions?|seed\w*|analytics|i18n|provider\w*|jira|"
    r"cached?|caches|routes?|urls?|menus?|css|badges?)\b|n['’]t\b",
    re.IGNORECASE,
)
"""What says that a list is of something else, of another time, or of what a screen makes of it."""
LEAST, PLAINLY = 2, 4
"""Values of a list that have to be right; and where nothing names the field."""
ENDS = re.compile(r"[.!?](?:\s|$)|\n\n")
AROUND = 600
"""Characters before and behind a list that are its sentence, where it has no end."""
BESIDE = 200
"""Characters of the text above that may ask what the list answers."""


def may_list(text: str) -> bool:
    """Whether a text has the marks of code, or what stands between bare words, of which a list is made."""
    return text.count("`") >= LEAST * 2 or _separates(text)


def _separates(text: str) -> bool:
    return sum(map(text.count, SIGNS)) >= PLAINLY - 1


SIGNS = ("|", ",", "/", "→", "->")


def lists(piece: Piece, words: Vocabulary) -> Iterator[tuple[str, list[re.Match[str]]]]:
    """(a field, the values that are listed of it) of a paragraph, an item, a heading's cell."""
    text = piece.text
    if text.count("`") < LEAST * 2:
        return
    for values in _runs(text, words):
        sentence = _sentence(text, values[0].start(), values[-1].end())
        plain = re.sub(r"`[^`]*`", " ", sentence)
        if ELSEWHERE.search(plain) or moods.THEN.search(plain):
            continue
        field = _field(piece, values, words)
        if field is not None:
            yield field, values


BARE = re.compile(
    r"(?<![\w`.:/-])[a-z][a-z_-]+(?:\s*(?:\\?\||,|/|→|->)\s*(?:and\s+|or\s+)?[a-z][a-z_-]+){3,}(?![\w`(:])(?=\s*(?:[.,;:)!|\n(]|\Z|[-–—]))"
)
"""Four bare words or more, one behind the other."""
JOINS = frozenset({"and", "or", "then", "now", "so", "it", "etc", "others", "also", "maybe", "finally"})
WORD = re.compile(r"(?P<value>[a-z][a-z_-]+)")


def bare(piece: Piece, words: Vocabulary) -> Iterator[tuple[str, list[re.Match[str]]]]:
    """(a field, its values) of each list of bare words that are plainly those of one field."""
    for found in BARE.finditer(piece.text) if _separates(piece.text) else ():
        values = [one for one in WORD.finditer(piece.text, *found.span()) if one[0] not in JOINS]
        plain = re.sub(r"`[^`]*`", " ", _sentence(piece.text, *found.span()).replace(found[0], " "))
        if not ELSEWHERE.search(plain) and not moods.THEN.search(plain):
            field = _plainly([one[0] for one in values], words)
            if field is not None:
                yield field, values


def of_table(cells: Sequence[Piece], words: Vocabulary) -> Iterator[tuple[str, Piece, list[re.Match[str]]]]:
    """(a field, a cell, its values) of a table in which cells of two columns have nothing but values: transitions."""
    told = [(cell, list(VALUE.finditer(cell.text))) for cell in cells]
    told = [(cell, found) for cell, found in told if found and not ONLY.search(VALUE.sub(" ", cell.text))]
    if len({cell.column for cell, _ in told}) < LEAST:
        return
    field = _plainly([one["value"] for _, found in told for one in found], words)
    if field is not None:
        yield from ((field, cell, found) for cell, found in told)


ONLY = re.compile(r"\w{4}")
"""What a cell of nothing but values has not: other words."""


def _plainly(said: Sequence[str], words: Vocabulary) -> str | None:
    """The field of which nearly all of some values are; the first of those that have the same."""
    sure = [
        field
        for field, owners in words.choices.items()
        if (right := max(len({one for one in said if one in allowed}) for allowed in owners.values())) >= PLAINLY
        and sum(any(one in allowed for allowed in owners.values()) for one in said) * 5 >= len(said) * 4 and right
    ]  # fmt: skip
    return sure[0] if len({next(iter(words.choices[field].values())) for field in sure}) == 1 else None


def _runs(text: str, words: Vocabulary) -> Iterator[list[re.Match[str]]]:
    """The lists of at least two values, each as long as it goes on."""
    end = 0
    for first in VALUE.finditer(text):
        if first.start() < end or first["value"] in words.sent:
            continue
        run = [first]
        while (gap := GAP.match(text, run[-1].end())) is not None and gap[0].strip():
            following = VALUE.match(text, gap.end())
            if following is None or following["value"] in words.sent:
                break
            run.append(following)
        end = run[-1].end()
        if len(run) >= LEAST:
            yield run


def _sentence(text: str, first: int, last: int) -> str:
    """The sentence around a list."""
    least, most = max(0, first - AROUND), last + AROUND
    begin = max((text.rfind(sign, least, first) for sign in (". ", "? ", "\n\n")), default=-1)
    end = ENDS.search(text, last, most)
    return text[begin + 1 if begin >= 0 else least : end.start() if end else most]


def _field(piece: Piece, values: Sequence[re.Match[str]], words: Vocabulary) -> str | None:
    """The field of which most of the values are, where it is named before or beside them, or they are plainly its."""
    said = [one["value"] for one in values]
    fitting = []
    for field, owners in words.choices.items():
        right = max(sum(value in allowed for value in said) for allowed in owners.values())
        if right and right * 2 >= len(said) and not (len(said) - right and right == 0):
            fitting.append((right, field))
    if not fitting:
        return None
    first = piece.row.split("|")[0].strip("`*_? ") if piece.kind == "cell" else ""
    begin = values[0].start()
    named = [field for _, field in fitting if field == first or _names_before(piece.text, field, begin)]
    if len(named) == 1:
        return named[0]
    most = max(right for right, _ in fitting)
    if most < LEAST:
        return None
    beside = [field for right, field in fitting if right == most and _is_asked(field, piece, begin)]
    if len(beside) == 1:
        return beside[0]
    sure = [field for right, field in fitting if right >= PLAINLY and right * 5 >= len(said) * 4]
    return sure[0] if len({next(iter(words.choices[field].values())) for field in sure}) == 1 else None


def _names_before(text: str, field: str, begin: int) -> bool:
    """Whether a field is named in marks of code before a list, in the same sentence."""
    at = text.rfind(f"`{field}`", max(0, begin - AROUND), begin)
    if at < 0:
        at = text.rfind(f"**{field}**", max(0, begin - AROUND), begin)
    return at >= 0 and BEHIND.fullmatch(text, at + len(field) + 1, begin) is not None


@lru_cache(maxsize=256)
def _words(field: str) -> re.Pattern[str]:
    """A field by its words: `userType` is also `user types`."""
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", field)
    joined = r"[\s-]?".join(map(re.escape, parts))
    return re.compile(rf"(?<![\w.:`]){joined}(?:s|es)?(?![\w:`])|`{field}`", re.IGNORECASE)


def _is_asked(field: str, piece: Piece, begin: int) -> bool:
    """Whether the text, the question above it or the nearest heading speaks of a field."""
    texts = (piece.text[max(0, begin - AROUND) : begin + AROUND], piece.above[-BESIDE:], *piece.section[-1:])
    return any(_words(field).search(text) for text in texts)
