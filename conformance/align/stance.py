"""How people say that something is wrong, old or forbidden, and in which direction an event goes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

from conformance.align import bygone, english, languages
from conformance.align.model import Direction

Stance: TypeAlias = Literal["stated", "refuted"]
_PHRASES = tuple((word, re.compile(pattern, re.IGNORECASE)) for word, pattern in english.PHRASES)
_PLAIN = tuple((word, pattern) for word, pattern in _PHRASES if word.isascii())
"""Those that a text without any other letters may have."""

NEUTRAL = re.compile(r"[`*_]+")
"""Marks that say nothing."""
HOOK = re.compile(r"\buse[A-Z]\w*(?=\(|`|\b)")
"""The name of a hook, which is a client's."""
LEAD = 24
"""Characters of a label that begins a paragraph."""

CLAUSE = 400
"""Characters before a name in which the verb stands that is said of it."""
LABEL_CHARACTERS = 70
"""What is longer is a sentence that speaks for itself alone."""


@lru_cache(maxsize=4096)
def refuted(text: str, *, first: bool = False) -> bool:
    """Whether a sentence quotes what it names as wrong, old or forbidden.

    Args:
        first: the name begins it, so that what follows describes it.
    """
    text = text.replace("*", "").replace("__", "").replace("\n", " ")
    text = MEMBER_OUT.sub("leaves", EFFECT.sub("", text) if "where" in text or "which" in text else text)
    small = text.lower()
    phrases = _PLAIN if text.isascii() else _PHRASES
    return any(word in small and pattern.search(text) for word, pattern in phrases) or (
        not first and english.FORBIDDEN.search(text) is not None
    )


def gone(before: str, after: str) -> bool:
    """Whether what stands right beside a name says that it is a name of before.

    Args:
        before: the sentence up to the name.
        after: what follows the name.
    """
    near = MEMBER_OUT.sub("leaves", before[-LABEL_CHARACTERS * 2 :])
    if english.FROM.search(near) and english.INTO.match(after):
        return True
    if languages.GUIDE_SAYS.search(near) and languages.CONTRAST.match(after):
        return True
    return english.LEADS.search(near) is not None or english.TRAILS.match(after) is not None


ABOUT_ERRORS = re.compile(
    r"\W*(?:\d[\d.]*\W+)?[❌✗✘🚫⛔]\ufe0f?\W*(?:(?:socket|server|api|event|http|common|possible|connection)\s+)?"
    r"(?:errors?|failures?|exceptions?|lỗi|fehler|erreurs?|errores|erros|errori|fouten|błędy)"
    r"(?:\s+(?:&\s+|and\s+)?(?:events?|handling|codes?|responses?|format|payloads?|messages?|reference|management|xử\s+lý))*\W*",
    re.IGNORECASE,
)
"""A heading about errors, with the sign that people draw for them: it says of nothing that it is wrong."""
MEMBER_OUT = re.compile(
    r"\b(?:sockets?|clients?|users?|members?|participants?|connections?|devices?|s?he|they|you|rescuers?|citizens?)\s+"
    r"(?:is|are|gets?|was|were|will\s+be|has\s+been|have\s+been)\s+(?:\w+ly\s+|then\s+)?(?:removed|dropped|kicked|taken)\s+(?:from|out\s+of)\b",
    re.IGNORECASE,
)
"""What is said of who is taken out of a room, and not of the room's name."""

TIMED = re.compile(
    r"(?:^|[\s(])(?:after|before|since|until|upon|without|despite|nach|après|sau)\s+(?:an?\s+|the\s+|every\s+|each\s+)?[`*_'\"(]*$",
    re.IGNORECASE,
)
"""What stands before a name that only says when something else happens: `After X a client hears nothing`."""
NEW_NAME = re.compile(
    r"\brenam\w+\s+(?:(?:from|the\s+event)\s+)?[`*'\"]+[^`*'\"\n]+[`*'\"]+\s+(?:to|into|→|->)\s+[`*'\"]*$",
    re.IGNORECASE,
)
"""What stands before the name that something is given: `Renamed `x` to `y``."""


def but_for_a_new_name(sentence: str, offset: int) -> str:
    """A sentence, of which only the rest is asked of the name that something in it is given."""
    return sentence[offset:] if NEW_NAME.search(sentence, 0, max(0, offset)) else sentence


EFFECT = re.compile(r"\b(?:after|upon|on)\s+which\b[^.;`]*|\bwhereupon\b[^.;`]*", re.IGNORECASE)
"""What is said of what comes of an event, and not of its name: `after which the socket is no longer in the room`."""


@lru_cache(maxsize=4096)
def label(text: str) -> Stance | None:
    """What a label such as `Before:` says of all that stands below it; None where it is no such label."""
    words = text.strip()
    if len(words) > LABEL_CHARACTERS or ABOUT_ERRORS.fullmatch(words):
        return None
    if english.BEFORE.fullmatch(words) or bygone.WRONG_LABEL.match(words):
        return "refuted"
    if english.AFTER.fullmatch(words) or bygone.RIGHT_LABEL.match(words) or english.STATED.search(words):
        return "stated"
    return "refuted" if refuted(words) else None


def at(sentence: str, offset: int) -> Direction | None:
    """The direction that a sentence gives to the name at an offset: by the last verb before it, and who does it."""
    before = english.NO_SUBJECT.sub(lambda found: " " * len(found[0]), sentence[max(0, offset - CLAUSE) : offset])
    before = before[max(before.rfind(";"), before.rfind(". ")) + 1 :]
    verb = next(iter(reversed(list(english.VERB.finditer(before)))), None)
    sees = next(iter(reversed(list(english.SEES.finditer(before)))), None)
    if sees is not None and (verb is None or verb.start() < sees.start()):
        return _seen(before, sees)
    if verb is None or english.SUBJECT.search(before, verb.end()) or _is_anothers(before[verb.end() :]):
        return None
    if english.PARTLY.search(before, verb.end()):
        return None  # What is got of it is something else.
    doers = [one for one in english.SUBJECT.finditer(before) if one.end() <= verb.start()]
    doer = doers[-1] if doers else english.PLACED.search(sentence)
    if doer is None:
        return None
    sends, client = verb["sends"] is not None, doer["client"] is not None
    if not client and english.PASSES_ON.match(verb[0]):
        return None  # It may be what it was sent, or what it makes of that.
    return "to-server" if sends == client else "to-client"


def of_something_else(sentence: str, offset: int) -> bool:
    """Whether what is said to be sent or heard is only made of the name at an offset: `what the others get of X`."""
    before = sentence[max(0, offset - CLAUSE) : offset]
    return english.PARTLY.search(before) is not None or english.PASSING.search(before) is not None


def _seen(before: str, verb: re.Match[str]) -> Direction | None:
    """The direction of what somebody is said to expect or to show; what the server shows is not known."""
    if english.SUBJECT.search(before, verb.end()) or _is_anothers(before[verb.end() :]):
        return None
    doers = [one for one in english.SUBJECT.finditer(before) if one.end() <= verb.start()]
    if doers and doers[-1]["server"]:
        return "to-server" if english.AWAITS.search(verb[0]) else None
    return "to-client" if doers or english.WATCHER.search(before, 0, verb.start()) else None


def _is_anothers(between: str) -> bool:
    """Whether another verb, which nobody has listed, stands between a verb and the name: `sends a and expects X`."""
    return any(not english.GOES_ON.match(between, joined.end()) for joined in english.JOINING.finditer(between))


def led(text: str, client: bool | None) -> Direction | None:
    """The direction of what a paragraph lists behind a colon: `App → server: a, b`, or `Emits: a, b` of a side."""
    labelled = english.LABELLED.match(text)
    if labelled is not None and (way := direction(labelled["label"])) is not None:
        return way
    found = english.LED.match(text)
    if found is None or client is None:
        return None
    return "to-server" if (found["sends"] is not None) == client else "to-client"


def in_cell(head_of: str, text: str, offset: int, client: bool | None) -> Direction | None:
    """The direction that a cell gives to a name: by its head, its text, or the verb with which either begins."""
    return head(head_of) or at(text, offset) or begun(text, client) or begun(head_of, client)


def begun(text: str, client: bool | None) -> Direction | None:
    """The direction of what a cell that begins with a verb is said to do, where headings name the side: `emits X`."""
    verb = english.VERB.match(text.lstrip("*_ ")) if client is not None else None
    if verb is None or len(text) > LABEL_CHARACTERS or english.SUBJECT.search(text):
        return None
    return "to-server" if (verb["sends"] is not None) == client else "to-client"


def component(sentence: str, offset: int, client: bool | None) -> Direction | None:
    """The direction of what a component is said to do, under what names the side that it is a part of."""
    if client is None or not english.COMPONENT.match(sentence):
        return None
    verb = next(iter(reversed(list(english.VERB.finditer(sentence, 0, offset)))), None)
    if verb is None or english.SUBJECT.search(sentence, verb.end(), offset):
        return None
    return "to-server" if (verb["sends"] is not None) == client else "to-client"


def after(sentence: str, offset: int) -> Direction | None:
    """The direction that what follows a name gives to it: `x` (sent by clients)."""
    found = english.PASSIVE.match(sentence, offset)
    if found is None:
        return None
    return "to-server" if found["client"] else "to-client"


SYMPTOM = re.compile(
    r"\b(?:I|we|you|they|nobody|somebody|someone|everybody|(?:the|my|our)\s+\w+)\s+(?:still|never|cannot|can['’]t|could\s+not|"
    r"do(?:es)?\s+not|do(?:es)?n['’]t|keeps?|no\s+longer|gets?\s+(?:nothing|no\b|two|every\w*\s+twice))\b|"
    r"^\W*(?:\w+\W+)?why\b|\btwice\b|\bnot\s+(?:working|arriving|coming)\b|"
    r"\b(?:vẫn|không)\s+(?:nhận|thấy|nghe)(?:\s+được)?\b|\b(?:tại|vì)\s+sao\b",
    re.IGNORECASE,
)
"""The heading of a trouble: what somebody still gets, or does not, is no direction of what stands below."""
WHO = re.compile(
    r"\W*(?:\d[\d.]*\W+)?(?:who|wer|quién(?:es)?|quem|siapa)\s+(?:\w+\s+){0,2}?(?:gets?|sends?|emits?|hears?|receives?|"
    r"listens?|sees?|bekommt|sendet|hört|recibe|envía|recebe|envia|menerima|mengirim)\b",
    re.IGNORECASE,
)
"""The heading that asks for the side, and so names none: `Who gets what`."""


BY_A_SIDE = re.compile(
    rf"\W*(?P<verb>[a-z]+)(?:\s+(?:events?|to|for))?\s*\(\s*(?:by\s+|on\s+|from\s+)?(?:the\s+|your\s+)?"
    rf"(?:(?P<client>{english.CLIENT})|(?P<server>{english.SERVER}))(?:[-\s]side)?\s*\)\W*",
    re.IGNORECASE,
)
"""A label that names who does it in brackets: `Listen (client)`."""
WHAT = re.compile(
    rf"\bwhat(?:ever)?\s+(?:the\s+|our\s+|an?\s+)?(?:{english.SERVER}|{english.CLIENT})\s+(?:has\s+|have\s+|just\s+)?(?:sent|sends?|"
    r"emit(?:s|ted)?|broadcasts?|answer(?:s|ed)|return(?:s|ed)|push(?:es|ed))\b",
    re.IGNORECASE,
)
"""What somebody else is given of a side: `X gets what the server sent`."""


@lru_cache(maxsize=4096)
def said(text: str) -> tuple[bool | None, bool | None]:
    """(whether it is a client's, whether it sends) of a label such as `Client`, `Emits`; None where it does not say."""
    if SYMPTOM.search(text) or WHO.match(text):
        return None, None
    does = BY_A_SIDE.fullmatch(text)
    if does is not None:
        verb = english.VERB.match(does["verb"])
        return (does["client"] is not None, verb["sends"] is not None) if verb else (None, None)
    text = english.TO_OTHERS.sub(" ", WHAT.sub(" ", re.sub(r"\([^)]*\)", "", text)))
    found = list(english.SUBJECT.finditer(text))
    if not english.VERB.search(text):
        # Those who hear a broadcast are its clients only where the same text says that they hear it.
        found = [doer for doer in found if not english.EVERYBODY.fullmatch(doer[0])]
    doers = {doer["client"] is not None for doer in found} or {
        True for _ in (*languages.SOCKET_MAY.finditer(text), *HOOK.finditer(text))
    }
    verbs = {verb["sends"] is not None for verb in english.VERB.finditer(text)}
    return (doers.pop() if len(doers) == 1 else None), (verbs.pop() if len(verbs) == 1 else None)


def versions(labels: Iterable[str]) -> dict[str, Stance]:
    """What labels say that are nothing but versions: of two the older is gone."""
    found = {text: english.VERSION.fullmatch(text.strip("`*_:-/# ")) for text in labels}
    numbers = {text: tuple(map(int, one[1].split("."))) for text, one in found.items() if one}
    newest = max(numbers.values(), default=())
    if len(set(numbers.values())) < 2:
        return {}
    return {text: "stated" if number == newest else "refuted" for text, number in numbers.items()}


THEN = re.compile(
    r"[\W_]*(?:then|earlier|formerly|yesterday|once|in\s+the\s+past|back\s+then|at\s+first|originally|former(?:\s+name)?|"
    r"hồi\s+(?:đó|trước)|ngày\s+trước|xưa|damals|autrefois|antes|toen|dulu)[\W_]*",
    re.IGNORECASE,
)
"""The head of a column of what was, beside one of what is now."""


def columns(heads: Sequence[str]) -> list[Stance | None]:
    """What the heads of a table's columns say of what stands below them; of two versions the older is gone."""
    said = [label(head) if head else None for head in heads]
    told = versions(heads)
    for at, head in enumerate(heads):
        said[at] = said[at] or told.get(head)
    if "stated" in said:
        said = [one or ("refuted" if THEN.fullmatch(head) else None) for one, head in zip(said, heads, strict=True)]
    if "stated" in said:  # Beside what is now, the column of a version is that of an older one.
        said = [one or ("refuted" if english.VERSION.fullmatch(head.strip("`*_ ")) else None)
                for one, head in zip(said, heads, strict=True)]  # fmt: skip
    lowered = [head.strip("`*_ ").lower() for head in heads]
    if lowered[:2] == ["from", "to"] or (
        len(heads) > 1 and languages.PLANNED.fullmatch(lowered[0]) and languages.BUILT.fullmatch(lowered[1])
    ):
        said[:2] = ["refuted", "stated"]
    return said


@lru_cache(maxsize=4096)
def direction(text: str) -> Direction | None:
    """The direction that a text names; None where it names none, or both."""
    small = text.lower()
    up: re.Match[str] | None = None
    down: re.Match[str] | None = None
    if not text.isascii():
        up, down = languages.CJK_TO_SERVER.search(text), languages.CJK_TO_CLIENT.search(text)
    up, down = up or languages.OF_CLIENT.search(text), down or languages.OF_SERVER.search(text)
    if any(word in small for word in english.SIDES):
        arrows = english.ARROW_TO_SERVER.search(text), english.ARROW_TO_CLIENT.search(text)
        if any(arrows) and not all(arrows):
            return "to-server" if arrows[0] else "to-client"
        up, down = up or english.TO_SERVER.search(text), down or english.TO_CLIENT.search(text)
    if up and not down:
        return "to-server"
    return "to-client" if down and not up else None


def head(text: str) -> Direction | None:
    """The direction that the head of a column gives: a name of one, or who does what: `Client sends`, `Others hear`."""
    found = direction(text)
    if found or len(text) > LABEL_CHARACTERS:
        return found
    client, sends = said(text)
    if client is None or sends is None:
        return None
    return "to-server" if client == sends else "to-client"


SHORT = re.compile(r"\W*(?:(?P<from>c)\s*[-–—]+\s*s|s\s*[-–—]+\s*c)\W*", re.IGNORECASE)
"""A direction of two letters: `c-s`."""


ARROW = re.compile(r"[\W_]*(?P<from>\w[\w /-]*?)\s*(?:→|⇒|➜|-+>|=>|\bto\b)\s*(?P<to>\w[\w /-]*?)[\W_]*", re.IGNORECASE)
"""Two roles and an arrow between them, of which one is the server: `Host → Server`."""


def sent_by(cell: str) -> Direction | None:
    """The direction that a cell of a column of senders names: `Client`, `server`, `C→S`, `both`."""
    short = SHORT.fullmatch(cell)
    found = direction(cell)
    if found or short is not None:
        return found or ("to-server" if short is not None and short["from"] else "to-client")
    arrow = ARROW.fullmatch(cell)
    if arrow is not None:
        servers = [
            re.search(rf"\b{english.SERVER}\b", arrow[side], re.IGNORECASE) is not None for side in ("from", "to")
        ]
        if servers[0] != servers[1]:
            return "to-client" if servers[0] else "to-server"
    client = re.search(rf"\b{english.CLIENT}\b", cell, re.IGNORECASE)
    server = re.search(rf"\b{english.SERVER}\b", cell, re.IGNORECASE)
    if client and not server:
        return "to-server"
    return "to-client" if server and not client else None
