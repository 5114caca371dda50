"""Lists of the values of a field: in a sentence, in a cell, and as the states of a diagram. Pure.

A list is one of a field's where most of its values are: then the others are meant to be some, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from conformance.align import labels, moods, paths, value_runs
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Field, Payload
from conformance.align.shown import fields_in, schemas
from conformance.align.vocabulary import Vocabulary, fold

ALLOWED = (
    r"(?:allowed|valid|possible|legal|permitted|accepted|supported|hợp\s+lệ|cho\s+phép|erlaubt\w*|gültig\w*|permitid[oa]s|"
    r"autorisée?s|valides)"
)
VALUES = r"(?:values?|states?|choices|options|ones|giá\s+trị|trạng\s+thái|werte?|valeurs?|valores|valori|waarden|nilai)"
_FILLS = (
    rf"which|that|whose|the|following|set|with|in|a|an|any|to|these|field|can|may|must|only|{ALLOWED}|các|những|sau|của|"
    r"có\s+thể"
)
_LINKS = (
    rf"is|are|be|has|have|takes?|accepts?|of|one|either|{VALUES}|là|nhận|gồm|có|một|trong|ist|sind|est|es|uno?|una?|de|"
    r"eine[rs]?|von|either|among|between"
)
LINK = re.compile(
    rf"(?:[\s,?*_`'\"]|\b(?:{_FILLS})\b|(?:event|of)\s+`[\w:-]+`|trong\s+`[\w:-]+`|của\s+`[\w:-]+`)*"
    rf"(?:[:=(∈]|[-–—](?=\s)|\b(?:{_LINKS})\b)(?:[\s:=(∈,]|\b(?:{_FILLS}|{_LINKS})\b|[-–—](?=\s))*",
    re.IGNORECASE,
)
"""What stands between a field and its values: `which is one of`, `:`, `có các giá trị`."""
SAID = re.compile(
    rf"\b{ALLOWED}(?:\s+{VALUES})?(?:\s+(?:are|is|là|sind|sont|son))?(?:\s+one\s+of)?[\s:]+(?=[`'\"*_A-Za-z])|"
    r"\b(?:one\s+of|một\s+trong(?:\s+các\s+giá\s+trị)?|eine[rs]?\s+von)[\s:]+(?=[`'\"*_A-Za-z])",
    re.IGNORECASE,
)
"""What stands before the values of a field that is named elsewhere: `Allowed are`."""
ALLOWS = (
    "allowed", "valid", "possible", "legal", "permitted", "accepted", "supported", "hợp", "cho", "erlaubt", "gültig",
    "permitid", "autoris", "one", "một", "eine",
)  # fmt: skip
"""How each of them begins: a text is looked through for these, which is cheaper than for a pattern."""
VALUE = re.compile(r"(?P<mark>`['\"]?|['\"“*_]+|)(?P<value>[A-Za-z][\w-]*)(?P<end>['\"]?`|['\"”*_]+|)")
SEPARATOR = re.compile(
    r"\s*(?:\\?\||/|,|;|·|•|→)?\s*(?:\b(?:or|and|oder|und|ou|et|o|e|y|hoặc|hay|và)\b\s*)?", re.IGNORECASE
)
KEY = re.compile(r"\s*[:=]\s*\S")
"""What stands behind a name that has a value of its own."""
NONE = frozenset({"null", "undefined", "none", "nil", "empty", "unset", "absent", "missing", "nothing", "any", "etc"})
"""Words in a list for no value, or for more of them."""
CLOSED = re.compile(r"\s*(?:[.;:)!|\n]|[-–—(]|\Z|,\s+(?:and|but|which|where|as|depending|according))")
"""What stands behind a list of bare words."""
HEAD = re.compile(rf"\W*(?:{ALLOWED}\s+)?(?:{VALUES}|enum|allowed|range|domain)(?:\s+{ALLOWED})?\W*", re.IGNORECASE)
"""The head of a column of values."""
DENIED = re.compile(
    r"\b(?:not|never|instead\s+of|reject(?:s|ed)?|refus\w+|invalid|unlike|plan(?:s|ned)?|will|would|later|propos\w+|soon|"
    r"nicht|kein\w*|pas|não|nie|niet|non|không|sẽ|old|earlier|formerly|was|were|had|sent|used)\b",
    re.IGNORECASE,
)
"""What says that a list is of something else than what is allowed."""
TRANSITION = re.compile(r"^[ \t]*(?P<from>\[\*\]|[A-Za-z]\w*)[ \t]*-->[ \t]*(?P<to>\[\*\]|[A-Za-z]\w*)", re.MULTILINE)
NAMED = re.compile(r"\bstate\s+(?:\"[^\"\n]*\"\s+as\s+)?(?P<name>\w+)")
"""A state with a text of its own, or with states within."""
LEAST, PLAIN_LEAST = 2, 2
"""Values of a list, and those of bare words that have to be right."""
MOST = 40
"""Values that are read of one list."""
AROUND = 500
"""Characters beside a list that are asked what it is of."""
END = re.compile(r"[.!?;](?:\s+|$)")
SURE = 4
"""States from which on a diagram is one of a field, where nothing names it, and most of them are right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """What has the field: an event, or a call."""

    subject: str
    field: str
    allowed: frozenset[str]


def claims(parts: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """The values of the lists of a document."""
    if not words.choices:
        return
    names = re.compile(rf"(?<![\w.]){'(?:' + '|'.join(map(re.escape, words.choices)) + ')'}(?!\w)", re.IGNORECASE)
    for (kind, _), some in groupby(parts, key=lambda piece: (piece.kind, piece.section)):
        for field, piece, found in value_runs.of_table(list(some), words) if kind == "cell" else ():
            yield from _of(piece, file, words, field, found, sure=True)
    for piece in parts:
        if piece.kind == "fence":
            if "stateDiagram" in piece.text[:200]:
                yield from _diagram(piece, file, words, names)
        elif piece.kind == "cell" and HEAD.fullmatch(piece.head):
            yield from _cell(piece, file, words)
        elif piece.kind in ("paragraph", "item", "cell"):
            told = list(_prose(piece, file, words, names))
            yield from told
            if not value_runs.may_list(piece.text) or not words.has_values(piece.text):
                continue
            seen = {(claim.place.line, claim.place.column) for claim in told}
            for field, values in (*value_runs.lists(piece, words), *value_runs.bare(piece, words)):
                made = _of(piece, file, words, field, values)
                yield from (claim for claim in made if (claim.place.line, claim.place.column) not in seen)


def _prose(piece: Piece, file: str, words: Vocabulary, names: re.Pattern[str]) -> Iterator[Claim]:
    """The lists behind a field, and those of the field that was named before them."""
    taken = 0
    text = piece.text
    small = text.lower()
    named = any(name in small for name in words.choices_lowered)
    if not named and (piece.kind != "cell" or piece.row.split("|", 1)[0].strip("`* ") not in words.choices):
        return
    for found in names.finditer(text) if named else ():
        link = LINK.match(text, found.end()) if found.start() >= taken else None
        values = _run(text, link.end()) if link is not None else []
        if values and not _is_denied(text, found.start()):
            taken = values[-1].end()
            yield from _of(piece, file, words, _named(words, found[0]), values)
    for found in _said(text, small):
        values = _run(text, found.end()) if found.start() >= taken else []
        if not values or _is_denied(text, found.start()):
            continue
        before = [one[0] for one in names.finditer(text, 0, found.start())]
        first = piece.row.split("|")[0].strip("`* ") if piece.kind == "cell" else ""
        field = _named(words, before[-1] if before else first)
        if field:
            yield from _of(piece, file, words, field, values)


def _said(text: str, small: str) -> Iterator[re.Match[str]]:
    """What stands before values, in its order."""
    begins: list[int] = []
    for word in ALLOWS:
        at = small.find(word)
        while at >= 0:
            begins.append(at)
            at = small.find(word, at + 1)
    return (found for at in sorted(begins) if (found := SAID.match(text, at)) is not None)


def _named(words: Vocabulary, name: str) -> str | None:
    """The field of a name, however its letters are written at the beginning of a sentence."""
    return name if name in words.choices else next((one for one in words.choices if one.lower() == name.lower()), None)


def _run(text: str, begin: int) -> list[re.Match[str]]:
    """The values that stand one behind the other from an offset on, all of them marked alike."""
    values: list[re.Match[str]] = []
    while len(values) < MOST and (one := VALUE.match(text, begin)) is not None:
        if bool(one["mark"]) != bool(one["end"]) or (values and one["mark"] != values[0]["mark"]):
            break
        if KEY.match(text, one.end()):
            break
        gap = SEPARATOR.match(text, one.end())
        values.append(one)
        if gap is None or not gap[0].strip() or gap.end() == one.end():
            break
        begin = gap.end()
    if len(values) < LEAST or (not values[0]["mark"] and not CLOSED.match(text, values[-1].end())):
        return []
    return values


def _is_denied(text: str, offset: int) -> bool:
    """Whether the sentence around an offset says that what it lists is not, or not yet, or was."""
    first, last = max(0, offset - AROUND), offset + AROUND
    begin = max((found.end() for found in END.finditer(text, first, offset)), default=first)
    end = END.search(text, offset, last)
    sentence = re.sub(r"`[^`]*`", " ", text[begin : end.start() if end else last])
    return DENIED.search(sentence) is not None or moods.THEN.search(sentence) is not None


def _of(
    piece: Piece, file: str, words: Vocabulary, field: str | None, values: Sequence[re.Match[str]], *,
    sure: bool = False,
) -> Iterator[Claim]:  # fmt: skip
    """The values of a list, where most of them are those of the field."""
    first = values[0].start()
    near = piece.row or piece.text[max(0, first - AROUND) : first + AROUND]
    around = (near, piece.lead if piece.kind == "item" else piece.above, *reversed(piece.titles))
    owner = _owner(field, around, words) if field else None
    if owner is None:
        return
    claim = _claim(piece, file, owner, values[0].start("value"), values[0]["value"])
    fields = fields_in(schemas(words.bundle, claim))
    if any(one["value"] in fields - owner.allowed for one in values):
        return  # A list of fields, of which one is given a value.
    values = [one for one in values if one["value"].lower() not in NONE]
    right = {one["value"] for one in values if fold(one["value"]) in {fold(value) for value in owner.allowed}}
    marked = values[0].re is not VALUE or bool(values[0]["mark"])
    if sure:
        right = {one["value"] for one in values}
    if len(right) * 2 < len(values) or len(right) < (1 if marked else PLAIN_LEAST):
        return
    for one in values:
        if marked or not _is_shown(one["value"], owner):
            yield _claim(piece, file, owner, one.start("value"), one["value"])


def _is_shown(value: str, owner: Owner) -> bool:
    """Whether a bare word is a value as a person is shown it: `En route`."""
    return value[:1].isupper() and not value.isupper() and value.lower() in owner.allowed


def _owner(field: str, texts: Sequence[str], words: Vocabulary) -> Owner | None:
    """What a field belongs to: what is named nearest, or any where all of them allow the same."""
    owners = words.choices[field]
    for text in texts:
        named = [*labels.events(text, words), *_calls(text, owners)]
        found = [owners[name] for name in named if name in owners]
        if named and (found or text is texts[0]):
            subject = next((name for name in named if name in owners), "")
            return Owner(subject=subject, field=field, allowed=found[0]) if len(set(found)) == 1 else None
    if len(set(owners.values())) != 1:
        return None
    subject, allowed = next(iter(owners.items()))
    return Owner(subject=subject, field=field, allowed=allowed)


def _calls(text: str, owners: dict[str, frozenset[str]]) -> list[str]:
    """The calls that a text names: those of the owners by their titles, any other as it stands."""
    found = [(one["method"], one["path"].rstrip(".:")) for one in labels.CALL.finditer(text)]
    return [next((title for title in owners if _fits(f"{method} {path}", title)), path) for method, path in found]


def _fits(called: str, title: str) -> bool:
    method, _, path = called.partition(" ")
    return title.startswith(f"{method} ") and paths.fits(path, title.partition(" ")[2])


def _cell(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """A cell of nothing but values, in the row of a field."""
    cells = [cell.strip("`*_? ") for cell in piece.row.split("|")]
    field = next((cell for cell in cells if cell in words.choices), None)
    begin = len(piece.text) - len(piece.text.lstrip(" `'\"*_")) if piece.text[:1] == " " else 0
    values = _run(piece.text, begin)
    if (
        field
        and values
        and not DENIED.search(piece.text)
        and not re.search(r"\w", piece.text[values[-1].end() :].split("(")[0])
    ):
        yield from _of(piece, file, words, field, values)


def _diagram(piece: Piece, file: str, words: Vocabulary, names: re.Pattern[str]) -> Iterator[Claim]:
    """The states of a diagram, each where it is named first; how its letters are written is for the eye."""
    shown = {found["name"] for found in NAMED.finditer(piece.text)}
    states: dict[str, int] = {}
    for found in TRANSITION.finditer(piece.text):
        for group in ("from", "to"):
            if found[group] != "[*]" and found[group] not in shown:
                states.setdefault(found[group], found.start(group))
    said = " ".join((*(text for kind, text in piece.trail[:1] if kind != "fence"), *piece.section[-1:]))
    meant = {_named(words, one) for one in names.findall(said)} | {
        field for field, owners in words.choices.items() if any(name in owners for name in labels.events(said, words))
    }
    for field in words.choices:
        owner = _owner(field, (said,), words)
        allowed = {fold(value) for value in owner.allowed} if owner else set()
        right = sum(fold(state) in allowed for state in states)
        sure = right >= SURE and right * 5 >= len(states) * 4
        if owner is None or right < LEAST or right * 2 < len(states) or not (field in meant or sure):
            continue
        for state, offset in states.items():
            if fold(state) not in allowed:
                yield _claim(piece, file, owner, offset, state)
        return


def _claim(piece: Piece, file: str, owner: Owner, offset: int, value: str) -> Claim:
    place = piece.span(file, offset, offset + len(value))
    field = Field(name=owner.field, place=place, shape="string", value=value)
    return Claim(
        kind="call" if " " in owner.subject else "event", subject=owner.subject, place=place, origin="document",
        how="values", section=piece.section, refuted=piece.refuted, payload=Payload(fields=(field,), whole=False),
    )  # fmt: skip
