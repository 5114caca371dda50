"""The parameters of a query that a text names: behind a label, in a column, a list, or an object in code. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial

from conformance.align import (
    answers,
    field_lists,
    http,
    labels,
    loose,
    moods,
    named_fields,
    needs,
    paths,
    purpose,
    sentences,
)
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Field, Payload, Place
from conformance.align.vocabulary import Vocabulary, fold
from contracts.model import Call

_WORDS = (
    r"query\s*-?\s*(?:string\s+)?(?:parameters?|params?|strings?|fields?|arguments?|args?)|(?:query|search)\s*params|"
    r"abfrage-?parameter|parameter\s+der\s+abfrage|paramètres?\s+de\s+(?:la\s+)?requête|"
    r"par[aá]metros?\s+de\s+(?:la\s+)?(?:consulta|query)|parâmetros?\s+de\s+(?:consulta|query)|parametri\s+(?:di\s+)?query|"
    r"tham\s+số\s+(?:truy\s+vấn|query)"
)
HINTS = ("query", "param", "parâm", "parám", "paràm", "truy v")
"""Letters of which every text of parameters has some."""
LABEL = re.compile(
    rf"(?<![\w-])(?:(?:{_WORDS}|query)[*_]*\s*(?:\([^)`]*\)\s*)?[:：][*_\s]*|(?:{_WORDS})\s+)(?=`\??\w+[`=?])",
    re.IGNORECASE,
)
"""What stands before the names of parameters: `Query parameters: `limit``."""
ALONE = re.compile(rf"[\W_\d]*(?:\w+\s+)?(?:{_WORDS}|query)[\W_]*(?:\(optional\)[\W_]*)?", re.IGNORECASE)
"""A heading, a label or the head of a column that says no more."""
QUERY = re.compile(r"`\??(?P<query>\w+=[^`&\s]*(?:&\w+=[^`&\s]*)*)`")
"""Parameters as they stand in a path: ``?skip=0&limit=20``."""
OBJECT = re.compile(
    r"\b(?:queryParameters|queryParams|searchParams|params|query)['\"]?\s*[:=]\s*(?:const\s+)?(?:<[^>`]*>\s*)?(?=\{)"
)
"""What stands before an object of parameters in code."""
CALLED = re.compile(
    r"\.(?P<method>get|post|put|patch|delete)\(\s*[`'\"](?:https?://[^/'\"\s]+|\$\{?\w+\}?(?=/))?(?P<path>/[^'\"\s]+)['\"]"
)
"""A call of HTTP in a line of code."""
NAME = re.compile(r"[`*_\s]*(?P<name>[A-Za-z]\w*)\??[`*_]*\??(?![\w.`-])")
"""The name that an item or a row begins with."""
IN_QUERY = re.compile(r"[`*_\s]*(?:query|querystring|query\s+string|query\s+param(?:eter)?)[`*_\s]*", re.IGNORECASE)
"""A cell that says where a parameter stands."""
BEGINS = re.compile(r"[\W_]*(?:(?:the|its|optional|available|supported|allowed)\s+)*", re.IGNORECASE)
"""What a label has before it that begins a sentence."""
BEHIND = re.compile(
    r"[`*_]*(?:(?!\b(?:no|not|never|without|nor|will|would|could|might|had|once|kein\w*|nicht|pas|sans|sin|không|sẽ)\b)[^`.;:]){0,32}",
    re.IGNORECASE,
)
"""What stands between a call and what is said of its query."""
COLONS = (":", "：")
LONG = 80
"""Characters of a label."""


def claims(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The queries of which a paragraph, an item or a cell names parameters."""
    if "`" not in piece.text and (piece.kind != "cell" or piece.column):
        return
    if piece.kind not in ("paragraph", "item", "cell") or not _asked(piece):
        return
    if "`" in piece.text:
        yield from _labelled(piece, file, words)
        yield from _objects(piece, file, words)
    if piece.kind in ("item", "cell"):
        yield from _listed(piece, file, words)


def _asked(piece: Piece) -> bool:
    """Whether a piece, or what labels it, speaks of parameters at all: most do not."""
    if piece.kind == "paragraph":
        return _speaks(piece.text)
    around = (piece.row or piece.text, piece.lead[:LONG], piece.head, *piece.section[-1:])
    return any(map(_speaks, around))


@lru_cache(maxsize=256)
def _speaks(text: str) -> bool:
    small = text.lower()
    return any(hint in small for hint in HINTS)


def _labelled(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The parameters behind a label, or in a column of them."""
    if piece.kind == "cell":
        if ALONE.fullmatch(piece.head):
            call = _call((piece.row,), words)
            fields = _named(piece, file, piece.text.find("`")) if call is not None else ()
            yield from _claim(piece, fields, call, piece.row)
        return
    for begin, _, sentence in sentences.of(piece.text):
        found = LABEL.search(sentence)
        if found is None:
            continue
        own = labels.CALL.search(sentence)
        if own is not None and BEHIND.fullmatch(sentence, own.end(), found.start()):
            around = [sentence]
        elif own is None and BEGINS.fullmatch(sentence, 0, found.start()) and found[0].rstrip("*_ \n")[-1:] in COLONS:
            trail = [text for kind, text in piece.trail if kind not in labels.SKIPPED]
            around = [piece.text[:begin], *trail, *reversed(piece.titles)]
        else:
            continue
        yield from _claim(piece, _named(piece, file, begin + found.end()), _call(around, words), sentence)


def _named(piece: Piece, file: str, begin: int) -> tuple[Field, ...]:
    """The parameters that stand from an offset on, by their names or as in a path."""
    whole = QUERY.match(piece.text, begin) if begin >= 0 else None
    if whole is not None:
        asked = http.query_of(f"?{whole['query']}", piece.span(file, *whole.span("query")))
        return asked.fields if asked is not None else ()
    names = named_fields.run(piece.text, begin) if begin >= 0 else []
    return tuple(named_fields.field_named(piece, file, one) for one in names)


def _objects(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The parameters of objects in inline code, of the call in the same code or in the same sentence."""
    for found in OBJECT.finditer(piece.text):
        first, last = piece.text.rfind("`", 0, found.start()), piece.text.find("`", found.end())
        if piece.text.count("`", 0, found.start()) % 2 == 0 or last < 0:
            continue
        shown = loose.payload(piece.text[:last], found.end(), partial(piece.span, file))
        sentence = piece.row if piece.kind == "cell" else _sentence(piece.text, found.start())
        made = CALLED.search(piece.text, first, found.start()) or _right_before(piece.text, first)
        call = paths.call_of(words.bundle, f"{made['method'].upper()} {made['path']}") if made is not None else None
        if shown is not None:
            yield from _claim(piece, shown[0].fields, call, sentence)


def _right_before(text: str, offset: int) -> re.Match[str] | None:
    """The call right behind which something stands: ``GET /path` with`."""
    found = next(labels.CALL.finditer(text, max(0, offset - 2 * LONG), offset), None)
    return found if found is not None and BEHIND.fullmatch(text, found.end(), offset) else None


def _listed(piece: Piece, file: str, words: Vocabulary) -> Iterator[Claim]:
    """The parameter that an item or a row begins with, below a label or a heading, or by what a cell says."""
    found = NAME.match(piece.text)
    if found is None or piece.column or piece.depth > 1:
        return
    trail = [text for kind, text in piece.trail if kind not in labels.SKIPPED]
    lead = piece.lead if piece.kind == "item" else next(iter(trail), "")
    labelled = len(lead) < LONG and lead.rstrip("*_ ")[-1:] in COLONS and ALONE.fullmatch(lead) is not None
    headed = bool(piece.section) and not lead and ALONE.fullmatch(piece.section[-1]) is not None
    if piece.kind == "cell":
        cells = [cell for cell in piece.row.split("|") if IN_QUERY.fullmatch(cell)]
        if field_lists.FIELD_HEAD.search(piece.head) is None or not (cells or labelled or headed):
            return
        if "`" not in piece.text and not cells:
            return
    elif not (labelled or headed) or "`" not in found[0]:
        return
    call = _call((*trail, *reversed(piece.titles)), words)
    line, column = piece.place(found.start("name"))
    place = Place(file=file, line=line, column=column, end=column + len(found["name"]))
    yield from _claim(piece, (Field(name=found["name"], place=place),), call, piece.row or piece.text)


def _sentence(text: str, offset: int) -> str:
    """The sentence that an offset is in."""
    return next((one for begin, _, one in reversed(sentences.of(text)) if begin <= offset), text)


def _call(around: Iterable[str], words: Vocabulary) -> Call | None:
    """The documented call that the nearest text names which names any."""
    subject = answers.called(iter(around), words)
    return paths.call_of(words.bundle, subject) if subject is not None else None


def _claim(piece: Piece, fields: Sequence[Field], call: Call | None, sentence: str) -> Iterator[Claim]:
    """What is said of the query of a call, unless it is of before, of a plan, or wrong on purpose."""
    if call is None or call.query is None or not fields:
        return
    if moods.THEN.search(sentence) or needs.PLANNED.search(sentence) or purpose.is_of_any(sentence):
        return
    if moods.wrong_on_purpose((sentence,)):
        return
    params = {fold(param) for param in call.params()}
    asked = tuple(field for field in fields if fold(field.name) not in params)
    yield Claim(
        kind="call", subject=call.title, origin="document", how="payload", section=piece.section,
        place=fields[0].place, refuted=piece.refuted, query=Payload(fields=asked, whole=False),
    )  # fmt: skip
