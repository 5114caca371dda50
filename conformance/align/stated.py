"""Values that a line of prose or a cell gives to a field: `x` with `field: "value"`, choices, limits. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.align import labels, languages, loose, moods, paths, value_runs
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Field, Payload
from conformance.align.vocabulary import Vocabulary
from contracts.model import Call

GIVEN = re.compile(r"`\{?\s*['\"]?(?P<field>[A-Za-z]\w*)['\"]?\s*[:=]\s*(?P<value>'[^'`\n]+'|\"[^\"`\n]+\")\s*\}?`")
"""A field and its value in code: `status: "active"`."""
VALUE = re.compile(r"['\"`]+(?P<value>[\w-]+)['\"`]+")
LIMIT = re.compile(
    rf"\b(?:{languages.AT_MOST})\s+\**`?(?P<first>\d+)`?\**(?=(?:\s+\w+){{0,2}}?\s+(?:{languages.A_PAGE})(?!\w))"
    rf"|\b(?:{languages.AT_MOST})\s+\**`?(?P<fourth>\d+)`?\**\s+(?:messages|entries|items|results|records|rows|of\s+them)\s+(?:at\s+(?:a\s+time|once)|"
    rf"(?:per|in\s+one|in\s+a\s+single|with\s+one)\s+(?:call|request|query|go|answer|response))\b"
    rf"|(?:{languages.A_PAGE})\s+(?:\w+\s+)?(?:{languages.AT_MOST})\s+\**`?(?P<third>\d+)"
    rf"|`limit`[^.\n]{{0,60}}?\b(?:{languages.AT_MOST})\s+\**`?(?P<second>\d+)",
    re.IGNORECASE,
)
"""How many items a page may have at most."""
SHOWN = re.compile(
    r"\b(?:shows?|shown|screens?|views?|draws?|drawn|renders?|rendered|displays?|displayed|lists|app|ui)\b",
    re.IGNORECASE,
)
"""What is said of what a screen has, and not of what is asked for."""
ASKED = re.compile(
    r"\b(?:ask|request|fetch|load|get|give|return|page|call|quer|answer|list|take|retriev|read)\w*\b", re.IGNORECASE
)
"""What is said of items that are asked for."""
PAGES = (
    "page",
    "seite",
    "pagina",
    "página",
    "stron",
    "halaman",
    "trang",
    "`limit`",
    " at a time",
    " at once",
    "request",
    "call",
)
"""What every limit of a page has one of."""
DIGIT = re.compile(r"\d")
DENIED = re.compile(
    r"\b(?:not|never|instead\s+of|rejects?|invalid|nicht|pas|no|não|nie|niet|non|không)\b", re.IGNORECASE
)


SET = re.compile(
    r"`(?P<field>[A-Za-z]\w*)`\s+(?:(?:is\s+|was\s+)?(?:set\s+|changed\s+|changes\s+|updated\s+|switched\s+)?(?:to|=|as)|:=|=|:|equals?|becomes|turns|"
    r"(?:là|thành|bằng)|auf|à|en)\s+`(?P<value>['\"]?[a-z][\w-]*['\"]?)`"
    r"|\b(?:with|has|have|had|of|having|carr(?:y|ies)|gets?)\s+(?:an?\s+|the\s+)?`(?P<beside>[A-Za-z]\w*)`\s+`(?P<shown>['\"]?[a-z][\w-]*['\"]?)`"
)
"""A field and the value that it is set to: ``status` to `closed``."""


def _set(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The one value that a field with choices is said to be set to."""
    for found in SET.finditer(piece.text):
        of, group = ("field", "value") if found["value"] else ("beside", "shown")
        value = found[group].strip("'\"")
        owners = words.choices.get(found[of], {})
        if (
            not owners
            or value in loose.TYPES
            or value in NOTHING
            or value in words.sent
            or GOES_ON.match(piece.text, found.end())
        ):
            continue
        sentence = piece.row if piece.kind == "cell" else _sentence(piece.text, found.start())[1]
        plain = re.sub(r"`[^`]*`", " ", sentence)
        if value_runs.ELSEWHERE.search(plain) or moods.THEN.search(sentence) or moods.wrong_on_purpose((sentence,)):
            continue
        named = labels.events(piece.text if piece.kind == "cell" else sentence, words)
        fitting = [one for one in named if one in owners]
        if words.bundle.errors in labels.events(sentence, words) or (named and not fitting):
            continue
        if len(set(owners.values())) != 1 or (of == "beside" and not fitting and found[of].islower()):
            continue  # A short name may be of anything.
        place = piece.span(file, found.start(group), found.end(group))
        field = Field(name=found[of], place=place, shape="string", value=value)
        subject = fitting[0] if fitting else next(iter(owners))
        yield Claim(
            kind="call" if " " in subject else "event", subject=subject, place=place, origin="document", how="values",
            section=piece.section, refuted=piece.refuted, payload=Payload(fields=(field,), whole=False),
        )  # fmt: skip


GOES_ON = re.compile(r"\s*(?:[|/]|(?:or|oder|hoặc|ou)\b)")
"""What stands behind a value that is the first of a list."""
NOTHING = frozenset({"null", "undefined", "none", "true", "false", "enum", "required", "optional", "any"})
"""Words in the place of a value that are none."""


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The values that a paragraph, an item or a cell states."""
    text = piece.text
    if piece.kind not in ("paragraph", "item", "cell"):
        return
    if "`" in text:
        yield from _given(piece, file, words)
        yield from _set(piece, file, words)
    if DIGIT.search(text):
        small = text.lower()
        if any(word in small for word in PAGES):
            yield from _limits(piece, file, words)


def _sentence(text: str, offset: int) -> tuple[int, str]:
    """(where it begins, the text) of the sentence around an offset."""
    begin = max((found.end() for found in re.finditer(r"[.!?;]\s+", text[:offset])), default=0)
    end = re.compile(r"[.!?;](?:\s|$)").search(text, offset)
    return begin, text[begin : end.start() if end else len(text)]


def _event(piece: Piece, offset: int, words: Vocabulary) -> str | None:
    """The event that a value belongs to: the one of its row, or the last one named before it in its sentence."""
    begin, sentence = (0, piece.row) if piece.kind == "cell" else _sentence(piece.text, offset)
    if DENIED.search(re.sub(r"`[^`]*`", " ", sentence)):
        return None
    before = sentence if piece.kind == "cell" else sentence[: offset - begin]
    named = labels.events(before, words)
    if piece.kind == "cell":
        if words.bundle.errors in named or moods.wrong_on_purpose((sentence,)):
            return None
        named = labels.events(piece.text, words) or named
    if not named and len(every := labels.events(sentence, words)) == 1:
        return every[0] if every[0] in words.events else None
    if not named or (piece.kind == "cell" and len(named) > 1):
        return None
    last = max(named, key=before.rfind)
    return last if last in words.events else None


def _call(piece: Piece, offset: int, words: Vocabulary) -> str | None:
    """The call whose body a value belongs to: the only one that is named before it in its sentence."""
    begin, sentence = _sentence(piece.text, offset)
    if piece.kind == "cell" or DENIED.search(re.sub(r"`[^`]*`", " ", sentence)) or moods.wrong_on_purpose((sentence,)):
        return None
    named = {f"{one['method']} {one['path'].rstrip('.:`')}" for one in labels.CALL.finditer(sentence[: offset - begin])}
    found = [paths.call_of(words.bundle, one) for one in named]
    return found[0].title if len(found) == 1 and found[0] is not None and found[0].body is not None else None


def _given(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    for found in GIVEN.finditer(piece.text):
        event = _event(piece, found.start(), words)
        call = _call(piece, found.start(), words) if event is None else None
        if event is None and call is None:
            continue
        for one in VALUE.finditer(piece.text, found.start("value"), found.end("value")):
            place = piece.span(file, one.start(), one.end())
            value = loose.value(found["field"], f'"{one["value"]}"')
            field = Field(name=found["field"], place=place, shape="string", value=value.value)
            yield Claim(
                kind="event" if event else "call", subject=event or call or "", place=place, origin="document",
                how="payload", section=piece.section,
                refuted=piece.refuted, payload=Payload(fields=(field,), whole=False),
            )  # fmt: skip


def _limits(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The limits of a page that are said of the one documented call with pages."""
    for found in LIMIT.finditer(piece.text):
        call = _paged(piece, words)
        if call is None:
            return
        sentence = _sentence(piece.text, found.start())[1] if found["fourth"] else ""
        if sentence and (SHOWN.search(sentence) or moods.THEN.search(sentence) or not ASKED.search(sentence)):
            continue
        group = next(name for name in ("first", "second", "third", "fourth") if found[name])
        place = piece.span(file, found.start(group), found.end(group))
        field = Field(name=_bounded(call)[0], place=place, shape="number", value=int(found[group]))
        yield Claim(
            kind="call", subject=call.title, place=place, origin="document", how="payload", section=piece.section,
            refuted=piece.refuted, query=Payload(fields=(field,), whole=False),
        )  # fmt: skip


def _bounded(call: Call) -> list[str]:
    """The parameters of a call's query that have a maximum."""
    known = call.query.document.get("properties", {}) if call.query else {}
    return [name for name, schema in known.items() if "maximum" in schema]


def _paged(piece: Piece, words: Vocabulary) -> Call | None:
    """The call that a limit is said of: the only one with pages, where no other is named beside it."""
    paged = [call for call in words.bundle.calls.values() if len(_bounded(call)) == 1]
    if len(paged) != 1:
        return None
    named = {
        found["method"] for found in labels.CALL.finditer(f"{piece.text} {piece.row} {' '.join(piece.section[-1:])}")
    }
    return paged[0] if named <= {paged[0].method} else None
