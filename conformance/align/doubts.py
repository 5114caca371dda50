"""Names that stand in questions, plans, options and histories: nothing says that they are there. Pure."""

from __future__ import annotations

import re

from conformance.align import bygone, company, context, elsewhere, english, languages, moods, stance
from conformance.align.markdown import Piece
from conformance.align.vocabulary import Vocabulary

LABELLED = 600
"""Characters of a paragraph that are asked who speaks in it."""
REPORTER = re.compile(
    r"(?<![\w-])I(?:['’](?:m|ve|d))?\s+(?:\w+\s+){0,2}(?:emit(?:ted)?|sen[dt]|listen(?:ed)?|tr(?:y|ied)|used?|call(?:ed)?|g[eo]t|see|saw|wrote|"
    r"subscribed?)\b|(?:^|[.\s])(?:mình|em|tôi)\s+(?:đã\s+|có\s+)?(?:thử|gửi|emit|nghe|dùng)\b"
)
"""Somebody who tells what he does: he is quoted, and it may be wrong."""

HAPPENED = re.compile(
    r"(?<!\bis\s)(?<!\bare\s)(?<!\bbe\s)\b(?:emitted|sent|listened|heard|expected|waited|joined|called|subscribed|received|used|named|had|was|"
    r"were|got|saw)\b|\b(?:it|we|they|server|service|gateway|client|app)\s+broadcast\b",
    re.IGNORECASE,
)
"""What tells what somebody did, and not what is done."""


def asked(piece: Piece, words: Vocabulary, old: frozenset[str], subject: str, sentence: str) -> bool:
    """Whether a name stands in a question, in a history, or in an account of troubles beside the one to use."""
    if sentence.rstrip("*_ )\"'").endswith("?") or _is_another_thing(piece, words, subject, sentence):
        return True
    if any(english.OPEN.search(text) for text in piece.section[-1:]) and words.slip_of(subject) is None:
        return True
    if languages.INTENDED.search(sentence) and not words.known(subject) and words.slip_of(subject) is None:
        return True
    if any(languages.OPTION.match(text) for text in piece.section) and words.slip_of(subject) is None:
        return True
    if any(text in old for text in piece.section) and words.slip_of(subject) is None:
        return True
    if any(subject in text and moods.REMOVED.search(text[: text.find(subject)]) for text in piece.section):
        return True
    told = () if _is_current(piece.section, old) else piece.section
    before = subject in words.retired or words.is_a_room(subject)
    happened = not words.known(subject) and HAPPENED.search(sentence) is not None
    if (before or happened) and told and moods.told_as_a_story(_nearest(piece, told)):
        return True
    if words.is_a_room(subject) and any(english.HISTORY.search(text) for text in told):
        return True
    if _is_mapped(piece, subject, words):
        return True
    if subject in words.retired and (
        any(english.HISTORY.search(text) for text in told)
        or any(english.LEFT_OVER.match(text) for text in piece.section)
        or languages.IGNORED.search(sentence)
        or languages.PAST.search(sentence)
    ):
        return True
    lead = piece.text.split(":")[0] if piece.kind in ("paragraph", "item") else ""
    above = (piece.head, lead if len(lead) <= stance.LEAD else "", *reversed(piece.section[-1:]))
    if not any(english.TROUBLE.search(context.NAMES.sub(" ", text)) for text in above):
        return False
    return not english.REMEDY.search(piece.head) and words.retired.get(subject, "\0") in (
        sentence if not lead else piece.text
    ).replace(subject, " ")


def _is_another_thing(piece: Piece, words: Vocabulary, subject: str, sentence: str) -> bool:
    """Whether a name is one of another system, of what was turned down, or of what somebody wants to have."""
    before = subject in words.retired or words.is_a_room(subject)
    if words.is_a_room(subject) and elsewhere.is_a_room_of(sentence):
        return True
    if piece.kind == "paragraph" and bygone.turned_down(piece.text):
        return True
    if not words.known(subject) or before:
        text = piece.text[: 2 * context.LONGEST]
        head, _, tail = text.partition(subject)
        if bygone.not_taken(text, subject) or bygone.for_a_time(head, tail):
            return True
    if piece.kind in ("paragraph", "item") and REPORTER.search(piece.text[:LABELLED]):
        return True
    if words.known(subject) or words.slip_of(subject) is not None:
        return False
    return bygone.planned(sentence) or elsewhere.is_of_a_product(sentence)


def _nearest(piece: Piece, told: tuple[str, ...]) -> tuple[str, ...]:
    """What may say that a story is told: a label in bold above a list, else the headings but for the title."""
    if re.fullmatch(r"\s*(?:\*\*|__)[^*_]+(?:\*\*|__):?\s*", piece.lead):
        return (piece.lead,)
    return told[1:] or told


def _is_current(section: tuple[str, ...], old: frozenset[str]) -> bool:
    """Whether a section is that of the latest version of a list of changes: what it states is so."""
    return bool(old) and any(company.VERSION.match(text) and text not in old for text in section)


def _replaced(piece: Piece, subject: str, instead: str) -> bool:
    """Whether a later cell of the row is what is used instead: the table maps names of before to those of now."""
    _, _, behind = piece.row.partition(subject) if piece.kind == "cell" else ("", "", "")
    cells = [cell.strip("`* ") for cell in behind.split("|")]
    return instead in cells and not any(word in piece.head.lower() for word in NOW)


def _is_mapped(piece: Piece, subject: str, words: Vocabulary) -> bool:
    """Whether a later cell of the row is what is right: the table maps names of before to those of now."""
    if subject in words.retired:
        return _replaced(piece, subject, words.retired[subject])
    if not words.is_a_room(subject) or piece.kind != "cell" or any(word in piece.head.lower() for word in NOW):
        return False
    _, _, behind = piece.row.partition(subject)
    return any(words.is_room(cell.strip("`* ")) for cell in behind.split("|"))


NOW = ("now", "new", "current", "today")
"""The heads of columns in which a name of before is a mistake."""
