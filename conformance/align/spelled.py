"""Names of events in prose in another spelling than that of the contracts, or with a slip: `join_room`. Pure."""

from __future__ import annotations

import re

from conformance.align import context, elsewhere, english, labels, receivers
from conformance.align.markdown import Piece
from conformance.align.spans import Span
from conformance.align.vocabulary import Vocabulary, fold

CODE = re.compile(
    r"\b(?:functions?|methods?|hooks?|helpers?|constants?|consts?|enums?|components?|reducers?|actions?|variables?|selectors?|"
    r"types?|class(?:es)?|interfaces?|structs?|propert(?:y|ies)|callbacks?|stores?|states?|files?|modules?|packages?|wrap(?:s|per)?|"
    r"views?|tables?|columns?|intervals?|settings?|options?|spies|spy|mocks?|stubs?|mutations?|streams?|"
    r"hàm|biến|hằng|kiểu|lớp|funktion|konstante|fonction|constante|función|função|funzione|costante)\b",
    re.IGNORECASE,
)
"""What is said of names in code that are no events."""
TAKES = re.compile(
    r"[`*_'\")]*\s*(?:\([^)]*\)\s*)?(?:also\s+|then\s+|only\s+|never\s+|always\s+)?"
    r"(?:takes?|carries|needs?|requires?|goes|comes|contains?|has|is\s+(?:what|sent|told|heard|for)|tells|reaches|arrives|asks|becomes?|in\s+[A-Z])\b",
    re.IGNORECASE,
)
"""What follows the name of an event that a sentence begins with."""
ABOUT = re.compile(
    r"\b(?:tests?|checks?|contracts?|schemas?|payloads?|listeners?|docs|runs?)\s+(?:for|of|on)\s+(?:each\s+|every\s+)?[`*_]*$",
    re.IGNORECASE,
)
"""What is said to be about an event, right before its name."""
MULTIPLE = re.compile(r"[a-z]+(?:[_-][a-z]+)+|[a-z]+(?:[A-Z][a-z]+)+")
"""A name of several words."""
OPENING = re.compile(r"(?:\[[ xX]\]|[*_`\s])*")
"""The marks that an item or a sentence begins with."""
STRONG = r"emits?|emitting|emitted|listens?\s+(?:to|for|on)|listening\s+(?:to|for|on)|subscribes?\s+to|subscribing\s+to"
SPOKEN = re.compile(
    rf"\b(?:(?P<strong>{STRONG})|sends?|sending|fires?|firing|hears?|receives?|waits?\s+for|gửi|nghe|phát|sendet?|hört|envoyer|envoie|"
    rf"envía|envia|escucha)\s+(?:(?:an?|the|event|socket|message|sự\s+kiện)\s+){{0,3}}[`*_'\"]*$",
    re.IGNORECASE,
)
"""What is done with an event, right before its name."""
OTHERS = re.compile(
    r"\b(?:components?|child(?:ren)?|parents?|widgets?|forms?|buttons?|directives?|DOM|browsers?|windows?|EventEmitters?|props?|headers?|"
    r"fields?|parameters?|propert(?:y|ies)|bod(?:y|ies)|push|analytics|segment|cookies?|tokens?|queries|query|reports?|mails?)\b",
    re.IGNORECASE,
)
"""What else sends and hears, or is sent."""


def is_another_spelling(
    word: str, piece: Piece, sentence: str, offset: int, words: Vocabulary, *, named: bool
) -> bool:  # fmt: skip
    """Whether a word in code is a documented name with other signs or capitals, and is meant as one.

    Args:
        offset: where in its sentence it stands.
        named: it stands where events are named.
    """
    if re.fullmatch(r"[\w.:-]+", word) is None or context.DENIED.search(sentence):
        return False
    if ":" in word:
        return True
    if word.isupper():
        return False  # A constant that holds the name.
    rest = f"{sentence[:offset]} {sentence[offset + len(word) :]}"
    right = words.nearest(word)
    if right is not None and re.search(rf"(?<![\w:]){re.escape(right)}(?![\w:])", rest):
        return False  # What is called so in code, beside the name itself.
    said = context.meant(sentence, offset, (piece.head, piece.above, *piece.section[-1:]))
    if said is False:
        return False
    # What is set apart by signs is a name; what is only written together may be one of a function.
    leads = piece.kind == "heading" or OPENING.fullmatch(sentence[:offset]) is not None
    if named or (leads and (piece.kind == "heading" or not word.isalnum())):
        return True
    if ABOUT.search(sentence[:offset]):
        return True
    if CODE.search(rest):
        return False
    if said is True or "." in word or any(":" in one for one in labels.events(rest, words)):
        return True
    return leads and TAKES.match(sentence, offset + len(word)) is not None


def are_named(text: str, words: Vocabulary) -> bool:
    """Whether a text names any documented event whose name is no plain word."""
    return any(name in text for name in words.events if ":" in name)


BEGINS = re.compile(r"(?:\[[ xX]\]|[*_`\s])*(?:on|upon|when|after|for|with)\s+[`*_]*", re.IGNORECASE)
"""What stands before the name of an event that a sentence begins with: `On X show ...`."""


def is_a_subject(name: str, sentence: str, offset: int) -> bool:
    """Whether a sentence begins with a name and says what an event does, or what is done on it."""
    before = sentence[:offset]
    if OPENING.fullmatch(before) is not None:
        return TAKES.match(sentence, offset + len(name)) is not None
    return BEGINS.fullmatch(before) is not None


def is_sent(name: str, offset: int, said: tuple[int, str, str], words: Vocabulary) -> bool:
    """Whether a name that is like none of the contracts is said to be sent or heard on a socket.

    Args:
        offset: where in its piece the name stands.
        said: (where it begins, it and the next one, it alone) of its sentence.
    """
    if MULTIPLE.fullmatch(name) is None or name in receivers.OWN:
        return False
    begin, _, sentence = said
    before = sentence[: offset - begin]
    verb = SPOKEN.search(before)
    if verb is None or OTHERS.search(sentence) or CODE.search(sentence) or elsewhere.PRODUCTS.search(sentence):
        return False
    if fold(name) in words.fields or context.meant(sentence, len(before), ()) is False:
        return False
    own = {word.lower() for word in re.findall(r"[a-z]+|[A-Z][a-z]+", name)}
    return bool(own & words.parts) if verb["strong"] else own <= words.parts


LONG = 4
"""Letters from which on a word without separators may be a slip of another."""


def is_told_of(piece: Piece, name: str, span: Span, words: Vocabulary) -> bool:
    """Whether what stands beside a documented name in another spelling says that it is an event's."""
    if not words.spelled_otherwise(name):
        return False
    return context.told_of(piece.text, span.offset, span.offset + len(span.text))


def is_slip(piece: Piece, word: str, words: Vocabulary, sentence: str, offset: int, *, company: bool) -> bool:
    """Whether a word is a documented name in another spelling, or nearly one that has no colons.

    Args:
        offset: where in its sentence it stands.
        company: it stands in a column or a list of documented events.
    """
    if words.other_spelling(word):
        named = company or _events_are_meant(piece)
        return is_another_spelling(word, piece, sentence, offset, words, named=named)
    if len(word) < LONG or not re.fullmatch(r"[a-z]+", word) or piece.kind not in ("item", "cell"):
        return False
    near = words.nearest(word)
    first = piece.text.lstrip("*_` ").startswith(word)
    return near is not None and ":" not in near and first and _events_are_meant(piece)


def _events_are_meant(piece: Piece) -> bool:
    """Whether a text, or for an entry what stands around it, speaks of events."""
    if english.EVENTS_TOLD.search(piece.text) is not None:
        return True
    around = (*piece.section[-1:], piece.above, piece.head, piece.row) if piece.kind != "paragraph" else ()
    return any(english.EVENTS_HEAD.search(text) for text in around)
