"""Which event or call an object in a guide belongs to: the nearest label wins, then the heading. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from conformance.align import answer_labels, english, languages, paths, stance
from conformance.align.markdown import Piece
from conformance.align.model import Direction
from conformance.align.vocabulary import NAME, Vocabulary

CALL = re.compile(
    r"(?<![A-Za-z0-9/-])(?P<method>GET|POST|PUT|PATCH|DELETE)[`*_\s|:]+(?:https?://[^\s/`'\"]+|\$\{?\w+\}?|"
    r"\{\{?\w+\}?\})?"
    r"(?P<path>/(?:(?!(?<=[\w}])(?:\*\*|__(?!\w)))[^\s`'\"|,;)])*)"
)
Kind: TypeAlias = Literal["event", "call"]

CODE = re.compile(r"`([^`\n]+)`")
PLAIN = re.compile(r"`(?P<name>[a-z][\w-]*)`")
"""A name without colons, in code."""
NUMBER = re.compile(r"^\W*\d+(?:\.\d+)*[.)]?\s+")
"""What numbers a heading."""
QUESTION = re.compile(r"\?\W*$|^\W*\*\*[^*]+\?\*\*")
"""A question, which is a topic of its own."""


NAMED = re.compile(rf"`[^`\n]+`|{NAME.pattern}")
ANSWERED_CALL = re.compile(
    rf"\b(?:responses?|answers?|returns?|reply|replies|result|gets?|body|2\d\d)\b|{languages.ANSWERED.pattern}|"
    rf"trả\s+về|kết\s+quả|phản\s+hồi",
    re.IGNORECASE,
)
"""A label of what a call answers."""
ANSWERED_WELL = re.compile(r"(?<![\w.-])2\d\d(?![\w.-]\w)")
"""The status of a good answer in such a label."""
TOLD_ON = re.compile(
    r"\b(?:told|passed\s+on|relay(?:s|ed)?|forward(?:s|ed)?|distribut\w+|announced|broadcast|"
    r"answered\s+to\s+the\s+room|goes\s+out|becomes|comes\s+out|"
    r"(?:others?|everyone|everybody|the\s+room|members)\s+(?:\w+\s+)?(?:gets?|hears?|receives?|sees?)|"
    r"người\s+khác\s+nhận|cả\s+phòng\s+nhận)\b",
    re.IGNORECASE,
)
"""What says that the server makes something else of what it is sent."""
ENDED = re.compile(r"[.!?;]\W*\s+(?=[^\s\d])")
"""Where a sentence of a label ends."""
BESIDE = re.compile(r"[\s`*_,/&+()]*(?:(?:and|or|und|oder|et|ou|y|o|e|và|hoặc|hay|the|then)[\s`*_,]*)*", re.IGNORECASE)
"""What stands between names of one enumeration."""
FEW = 5
"""Words behind a name up to the colon of its label."""
SKIPPED = ("fence", "table", "behind")
"""What stands above a fence and is no label of it."""
_SHAPED = (
    r"(?:looks?(?:\s+like)?|is\s+(?:shaped|made|built)|has|have|comes?|arrives?|carries|takes|reads|contains|có|"
    r"gồm|chứa|trông)\s*"
    r"(?:(?:like|the|this|these|so|as|in|following|follows|form|shape|format|fields?|structure|dạng|cấu\s+trúc|"
    r"các\s+trường|như|sau)\s*)*"
)
LOOKS = re.compile(
    rf"(?:(?:the|this|that|each|every|such\s+an?|an?|its?|their|mỗi)\s+)?(?:(?:whole|full|complete)\s+)?(?:event|"
    rf"message|payload|body|object|data|frame|notification|it|sự\s+kiện|dữ\s+liệu|gói\s+tin)"
    rf"\s*(?:này\s+)?{_SHAPED}",
    re.IGNORECASE,
)
"""A label that shows what was named before: `The event looks like this:`."""
PART = re.compile(
    r"\b(?:the|its?|our)\s+[`\"']?(?P<word>[a-z]\w+)[`\"']?\s+(?:events?|messages?|payload|broadcast|"
    r"notification|one)\b",
    re.IGNORECASE,
)
"""A label that calls an event by a word of its name: `Payload of the joined event:`."""


ERROR = re.compile(
    r"(?:(?:the|an?)\s+)?(?:errors?|lỗi|fehler|erreurs?|errore|fout|błąd)(?:\s+(?:event|payload|format|shape|"
    r"object|message)s?)?(?:\s+(?:looks?\s+like(?:\s+this)?|có\s+dạng))?",
    re.IGNORECASE,
)
"""A label of what the server sends where it refuses something."""
OF_A_WORD = re.compile(
    r"(?:the\s+)?(?:full\s+)?(?:payload|data|body|fields|example|shape|format|content)\s+(?:of|for)\s+(?:the|"
    r"an?|each|every|such\s+an?)\s+(?P<word>[a-z]\w+)",
    re.IGNORECASE,
)
"""A label that calls an event by one word: `Payload of the message:`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an object belongs to."""

    kind: Kind
    name: str
    direction: Direction | None = None
    others: tuple[str, ...] = ()
    """Other events that its label names, of which it may be the payload."""


def events(text: str, words: Vocabulary) -> list[str]:
    """The documented or retired events that a text names, each once."""
    text = text.replace("__", "**")  # An underscore is a letter to a pattern of words.
    named = [name for name in CODE.findall(text) if words.known(name)] if "`" in text else []
    named += [one[0] for one in NAME.finditer(text) if words.known(one[0])]
    return list(dict.fromkeys(named))


def bare(section: Sequence[str], words: Vocabulary) -> str | None:
    """The documented name without colons that the last heading is nothing but, where one above it speaks of events."""
    if not section:
        return None
    name = NUMBER.sub("", section[-1]).strip("`*_:. ")
    if ":" in name or name not in words.events:
        return None
    return name if any(english.OF_EVENTS.search(text) for text in section[:-1]) else None


def names(text: str) -> Iterator[str]:
    """Everything in a text that has the shape of an event's name, as often as it is there."""
    for found in NAME.finditer(text):
        yield found[0]
    for found in PLAIN.finditer(text):
        yield found["name"]


def one(text: str, words: Vocabulary) -> Subject | None:
    """The one event or call that a text names; None where it names none, or several."""
    assigned = [found["name"] for found in english.ASSIGNED.finditer(text) if words.known(found["name"])]
    if len(set(assigned)) == 1:
        return Subject(kind="event", name=assigned[0], direction=direction(text))
    found = events(text, words)
    calls = [one for one in CALL.finditer(text) if not english.CAUSE.search(text[: one.start()])]
    if len(found) == 1 and not calls:
        return Subject(kind="event", name=found[0], direction=direction(text))
    if calls and not found:
        subjects = {f"{call['method']} {call['path'].rstrip('.:`')}" for call in calls}
        return Subject(kind="call", name=subjects.pop()) if len(subjects) == 1 else None
    return _last(text, words) if found and text.rstrip("*_ \n").endswith((":", "：")) else None


def of_row(row: str, words: Vocabulary) -> Subject | None:
    """The one event or call that a row of a table names, or the event that its first cell is: others cause it."""
    first, *rest = (cell.strip("`*_ ") for cell in row.split(" | "))
    names = [name.strip("`*_ ") for name in re.split(r"\s*[/,&+]\s*", first)]
    if words.events.issuperset(names) and words.events.isdisjoint(rest):
        return Subject(kind="event", name=names[0], others=tuple(names[1:]), direction=direction(row))
    return one(row, words)


def begins_with_another(row: str, name: str, words: Vocabulary) -> bool:
    """Whether the first cell of a row is another event: it is of that one that the row tells."""
    first = row.partition(" | ")[0].strip("`*_ ")
    return first != name and (words.known(first) or words.made_alike(first))


def _last(text: str, words: Vocabulary) -> Subject | None:
    """What the last sentence of a label names, or the name right before its colon, where none is beside it."""
    sentence = ENDED.split(text)[-1]
    if sentence != text and (events(sentence, words) or CALL.search(sentence)):
        return one(sentence, words)
    places = [
        (one.start(), one.end(), one[0].strip("`")) for one in NAMED.finditer(text) if words.known(one[0].strip("`"))
    ]
    begin, end, last = max(places)
    ends = [at for _, at, _ in places if at < end] + [call.end() for call in CALL.finditer(text)]
    before = max(ends, default=0)
    if before > begin or BESIDE.fullmatch(text[before:begin]) or len(text[end:].split()) > FEW:
        return None
    others = tuple(dict.fromkeys(name for _, _, name in places if name != last))
    return Subject(kind="event", name=last, direction=direction(text[before:]), others=others)


def of_before(piece: Piece, text: str, words: Vocabulary) -> Subject | None:
    """The event of what was said before that a label speaks of: `The event looks like this:`, `The joined event:`."""
    if answer_labels.ACKED.fullmatch(text.strip("*_: \n")) and (asked := _asked(piece, words)) is not None:
        return answer(asked, words)
    said = [before for kind, before in piece.trail[1:] if kind not in SKIPPED]
    if LOOKS.fullmatch(text.strip("*_: \n")):
        named = next((found for before in said if (found := events(before, words))), [])
        return Subject(kind="event", name=named[0], direction=direction(text)) if len(named) == 1 else None
    part = PART.search(text) or OF_A_WORD.fullmatch(text.strip("*_: \n"))
    if part is None:
        return None
    word = part["word"].lower()
    every = {name for before in (*said, *piece.section) for name in events(before, words)}
    fitting = [name for name in every if word in re.split(r"[:_-]", name.lower())]
    return Subject(kind="event", name=fitting[0], direction=direction(text)) if len(fitting) == 1 else None


def direction(text: str) -> Direction | None:
    """The direction in which a label says that its payload goes."""
    said = stance.direction(text)
    if said:
        return said
    plain = NAME.sub(" ", text)
    down, up = english.DOWN.search(plain) or languages.ROOM_HEARS.search(plain), english.UP.search(plain)
    if (down is None) == (up is None):
        return None
    return "to-client" if down else "to-server"


def subject(piece: Piece, words: Vocabulary) -> Subject | None:
    """What a fence or a table of fields shows, by the labels above it and its headings."""
    behind = one(piece.behind, words) if piece.behind else None
    if behind is not None:
        return behind
    if (wrong := _misnamed(piece, words)) is not None:
        meant = words.nearest(wrong)
        return Subject(kind="event", name=meant) if meant else None
    wanted: Direction | None = None
    passed = False
    body = False
    for number, (kind, text) in enumerate(piece.trail):
        if kind in SKIPPED:
            if not number and kind == "fence" and piece.kind == "fence":
                return None  # Nothing stands between them: it shows something else of the same.
            passed = passed or kind == "fence"
            continue
        own = one(text, words)
        if not number:
            settled, said = _nearest(piece, text, own, words)
            if settled:
                return said
            body = english.BODY.search(text) is not None
            wanted = own.direction if own is not None else None if WAY.match(text) else direction(text)
        if own is None or (own.kind == "call" and not body and number and passed):
            continue
        told = _told_on(own, text, wanted, words) if not number else None
        if told is not None:
            return told
        if own.kind == "event" and wanted and wanted not in words.ways(own.name) and words.ways(own.name):
            continue
        if number and passed and not body and own.kind == "event" and wanted is None and kind != "item":
            break
        return Subject(kind=own.kind, name=own.name, direction=wanted or own.direction)
    return _of_headings(piece, words, wanted, body=body)


WAY = re.compile(
    r"[\W_]*(?:direction|flow|hướng|chiều|richtung|sens|dirección|direção|direzione)[\W_]*[:：]", re.IGNORECASE
)
"""A line that gives the direction of what the heading names, be it right or wrong: it shows that and nothing else."""


def _told_on(own: Subject, text: str, wanted: Direction | None, words: Vocabulary) -> Subject | None:
    """The one broadcast that a request causes, where a label shows what becomes of it: `X is told to the others:`."""
    event = words.bundle.events.get(own.name) if own.kind == "event" else None
    if event is None or event.request is None or event.broadcast is not None or len(event.request.broadcasts) != 1:
        return None
    if wanted != "to-client" and not TOLD_ON.search(NAME.sub(" ", text)):
        return None
    return Subject(kind="event", name=event.request.broadcasts[0], direction="to-client", others=(own.name,))


def _nearest(piece: Piece, text: str, own: Subject | None, words: Vocabulary) -> tuple[bool, Subject | None]:
    """(whether the nearest label settles what is shown, what that is): an answer, another object, what came before."""
    if languages.ANSWERED.search(NAME.sub(" ", text)) and events(text, words):
        return True, _reply(text, words)
    if own is None and languages.SHOWN.fullmatch(text.strip("*_: ")) and piece.trail[1:2]:
        before, code = piece.trail[1]
        named = events(code, words) if before == "fence" else []
        if named:
            return True, Subject(kind="event", name=named[0]) if len(named) == 1 else None
    if own is None and (before_it := of_before(piece, text, words)) is not None:
        return True, before_it
    if own is None and ERROR.fullmatch(text.strip("*_: \n")) and words.bundle.errors in words.events:
        over_http = any(CALL.search(one) for one in (*piece.titles, *(before for _, before in piece.trail[1:])))
        return True, None if over_http else Subject(kind="event", name=words.bundle.errors or "", direction="to-client")
    if answer_labels.OF_AN_ELEMENT.search(text):
        return True, None  # What is shown is one of many, and no whole payload.
    if own is None and OF_A_WORD.fullmatch(text.strip("*_: \n")):
        return True, None  # It shows something that nothing above names.
    if own is None:
        # A question is another topic than what stands above it.
        called = _called(piece, words) if ANSWERED_CALL.search(text) and not labelled_as_error(text) else None
        if called is not None:
            return True, called
        if ANSWERED_CALL.search(text) and ANSWERED_WELL.search(text):
            return True, None
        said = english.OTHER_OBJECT.search(text) or english.ANSWER.search(text) or QUESTION.search(text)
        return bool(said or len(events(text, words)) > 1), None
    if _answers(text) and not english.DOWN.search(NAME.sub(" ", text)):
        return True, answer(own, words)
    return False, None


def _misnamed(piece: Piece, words: Vocabulary) -> str | None:
    """The one name that the step above a fence gives to an event, where it is not documented."""
    kind, text = piece.trail[0] if piece.trail else ("", "")
    named = {name for name in CODE.findall(text) if NAME.fullmatch(name)} if kind == "item" else set[str]()
    name = named.pop() if len(named) == 1 else ""
    return name if name and not words.known(name) and words.like_an_event(name) else None


def _asked(piece: Piece, words: Vocabulary) -> Subject | None:
    """The one request that was named nearest above; None where a call was, or something that is no request."""
    for text in (*(said for _, said in piece.trail[1:]), *reversed(piece.titles)):
        named = events(text, words)
        if CALL.search(text) or len(named) > 1:
            return None
        if named:
            return Subject(kind="event", name=named[0])
    return None


def labelled_as_error(text: str) -> bool:
    """Whether a label speaks of what is refused."""
    return re.search(r"\berrors?\b|\b[45]\d\d\b|\bfail|\binvalid|lỗi", text, re.IGNORECASE) is not None


def _called(piece: Piece, words: Vocabulary) -> Subject | None:
    """The documented call of which a label below it shows the answer; an event that is named nearer is none."""
    right_above = [text for kind, text in piece.trail[1:2] if kind == "fence"]
    # A request that is shown further above is answered below its body, its headers or its errors as well.
    texts = [
        text for kind, text in piece.trail[1:] if kind not in SKIPPED or (kind == "fence" and CALL.match(text.lstrip()))
    ]
    for text in (*right_above, *texts, *reversed(piece.titles)):
        found = {f"{call['method']} {call['path'].rstrip('.:`')}" for call in CALL.finditer(text)}
        documented = [title for title in found if paths.call_of(words.bundle, title)]
        if documented:
            return Subject(kind="call", name=documented[0]) if len(documented) == 1 else None
        if events(text, words) or (found and CALL.match(text.lstrip())):
            return None
    return None


def answer(own: Subject, words: Vocabulary) -> Subject | None:
    """The named event with which a request is answered; an ack of the same form is held against it."""
    event = words.bundle.events.get(own.name) if own.kind == "event" else None
    reply = event.request.reply if event is not None and event.request is not None else None
    if reply is None or reply.event is None:
        return None
    return Subject(kind="event", name=reply.event, direction="to-client")


def _reply(text: str, words: Vocabulary) -> Subject | None:
    """The one reply that a label names beside what it answers; what it does not name is not known."""
    replies = words.bundle.reply_names()
    named = events(text, words)
    found = [name for name in named if name in replies]
    if not found and len(named) == 1 and words.ways(named[0]) == {"to-client"}:
        return Subject(kind="event", name=named[0], direction="to-client")  # It is the answer itself.
    if not found and len(named) == 1:
        return answer(Subject(kind="event", name=named[0]), words)
    return Subject(kind="event", name=found[0], direction="to-client") if len(found) == 1 else None


def _answers(text: str) -> bool:
    """Whether a label speaks of an answer to what it names: `Response of x:`."""
    return english.ANSWERS.search(text) is not None


def _of_headings(piece: Piece, words: Vocabulary, wanted: Direction | None, *, body: bool) -> Subject | None:
    name = bare(piece.section, words)
    if name is not None:
        return Subject(kind="event", name=name, direction=wanted) if not body else None
    last = piece.section[-1] if piece.section else ""
    if ANSWERED_CALL.search(last) and not labelled_as_error(last) and (called := _called(piece, words)) is not None:
        return called
    for text in reversed(piece.titles):
        own = one(text, words)
        if own is not None:
            if own.kind == "event" and (
                body or (wanted and words.ways(own.name) and wanted not in words.ways(own.name))
            ):
                return None
            return Subject(kind=own.kind, name=own.name, direction=wanted or own.direction)
        if events(text, words) or english.ANSWER.search(text) or english.OTHER_OBJECT.search(text):
            return None
        if not re.search(
            r"\b(?:payload|example|format|structure|data|body|request|fields|parameters|types?)\b", text, re.IGNORECASE
        ):
            return None
    return None


def shown(text: str, words: Vocabulary) -> Subject | Literal["other"] | None:
    """What a comment right above an object says that it is; `other` where it says that it is none of an event's."""
    own = one(text, words)
    if own is None and (english.ANSWER.search(text) or english.OTHER_OBJECT.search(text)):
        return "other"
    return own
