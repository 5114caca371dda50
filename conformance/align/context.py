"""Whether a name with colons is meant as an event, by the words around it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from conformance.align import languages

OTHER = re.compile(
    r"\bscopes?\b|\bpermissions?\b|\broles?\b|\bredis\b|\bqueues?\b|\btopics?\b|\bkafka\b|"
    r"(?<!decision )(?<!decisions )(?<!change )\blog(?:s|ged|ger|\s+lines?)?\b|"
    r"\bformat\b|\bkeys?\b|\bmetrics?\b|\bCustomEvent\b|\burns?\b|\bcss\b|\btailwind\b|\bclass(?:es)?\b|\bscripts?\b|"
    r"\bnpm\b|\byarn\b|\bdocker\b|\bimages?\b|\bjobs?\b|\bcach(?:e|ed|es)\b|\bdatabase\b|\bcollections?\b|"
    r"\b(?:kept|held|saved|persisted|cached)\s+(?:in|under|at|as)\b|"
    rf"\b(?:{languages.SCOPES})\b|"
    r"\binternal(?:ly)?\b|\bin-process\b|"
    r"\bstate\s+management\b|\bstored?\s+(?:in|under|as)\b|\bhash(?:es)?\b|\bpub/?sub\b|\bchannels?\b|\bprefix(?:es)?\b|"
    r"\balerts?\b|\balarms?\b|\bintents?\b|\bdeep\s*links?\b|\bfeature\s+flags?\b|\bflags?\b|\bnamespaces?\b|\brabbitmq\b|\bnats\b|\bmqtt\b|\bamqp\b|\bsqs\b|\bsns\b|\bconsumers?\b|\bbull(?:mq)?\b|\btags?\b|\btraces?\b|\bspans?\b|\bports?\b|\benv(?:ironment)?\b|\bTTL\b",
    re.IGNORECASE,
)
"""What is said of names with colons that are no events."""

CALLED_IN = re.compile(rf"\b(?:{languages.PAGERS})\b", re.IGNORECASE)
"""What is said of names by which people are called in."""

EVENT = re.compile(
    r"\bevents?\b|\bemit\w*|\blisten\w*|\bsocket(?:\.io|s)?\b|\bsubscri\w*|\bbroadcast\w*|\bhandlers?\b|\bhears?\b|"
    r"\backs?\b|\bfir(?:e|es|ed)\b|\breceiv\w*|\bsends?\b|\bsent\b|\bnotif\w*|\bwebsockets?\b|"
    r"\barriv(?:es?|ed|ing)\b|\bgoes\s+(?:out\s+)?to\b|\bforward\w*|\brelay\w*|\bdistribut\w+|"
    rf"\b(?:{languages.EVENT_WORDS}|{languages.SENDS}|{languages.HEARS})\b",
    re.IGNORECASE,
)
"""What is said of events."""

MEMBERS = re.compile(
    r"\b(?:puts?|plac(?:es?|ed)|adds?|added|moves?|moved)\s+(?:you|them|him|her|everyone|everybody|(?:the|an?|its|every|each|"
    r"all)\s+(?:sockets?|clients?|users?|apps?|callers?|members?|participants?|connections?))\s+(?:in|into|to)\b|"
    r"\b(?:everyone|everybody|all|those|members|sockets|clients|whoever\s+is)\s+(?:\w+\s+)?in\s+(?=[`*])|"
    r"\b(?:đưa|thêm|cho)\s+(?:bạn|client|socket|người\s+dùng)\s+vào\b|\bmọi\s+người\s+trong\s+(?=[`*])",
    re.IGNORECASE,
)
"""What is said of those who are in a room."""
SAID = re.compile(r"\bemit(?:s|ted)?\b|\bevents?\b|\bsocketio\b|\bsocket\.io\b", re.IGNORECASE)
"""What is said of events alone."""
WEAK = re.compile(
    r"alerts?|alarms?|flags?|namespaces?|channels?|format|keys?|prefix(?:es)?|tags?|images?|ports?|class(?:es)?|spans?|traces?",
    re.IGNORECASE,
)
"""What may be said of an event as well."""
DENIED = re.compile(
    r"\bnot\s+(?:an?\s+)?(?:socket(?:\.io)?|realtime|websocket)\s+events?\b|\b(?:DOM|browser|window|custom|domain|internal)\s+events?\b",
    re.IGNORECASE,
)
"""What says that other events are meant than those of sockets."""
ELSEWHERE = re.compile(
    r"\W*(?:events?\s+|messages?\s+)?(?:on|over|via|from|through|in|to)\s+(?:the\s+|our\s+|an?\s+)?(?:[\w-]+\s+){0,2}"
    r"(?:bus|queue|topic|exchange|kafka|rabbitmq|redis|stream|emitter)\b",
    re.IGNORECASE,
)
"""What follows a name of something else than a socket carries."""
LONGEST = 1_000
"""Characters of a sentence that are looked at, around a name. What is longer is a list or generated, and for each of
its names all of it would be looked through."""
NAMES = re.compile(r"[`'\"]?\b[\w-]+(?::[\w-]+)+\b[`'\"]?")


BEFORE = re.compile(
    r"\b(?:emit\w*|on|listen\w*(?:\s+(?:to|for))?|events?|broadcast\w*|sends?|receives?|handles?|hears?|subscribes?\s+to)"
    r"[\s`*\"'(]*$",
    re.IGNORECASE,
)
"""What stands right before the name of an event."""
BEHIND = re.compile(r"[`*\"')]*\s+(?:socket\s+)?(?:events?|broadcasts?)\b", re.IGNORECASE)
"""What stands right behind the name of an event."""
RIGHT_BEFORE = 24
"""Characters before a name that are asked."""


def told_of(text: str, begin: int, end: int) -> bool:
    """Whether the words right beside a name say that it is an event's: "emits `x`", "on `x`", "the `x` event"."""
    return BEFORE.search(text[max(0, begin - RIGHT_BEFORE) : begin]) is not None or (
        BEHIND.match(text, end) is not None
    )


LOGGED = re.compile(
    r"\s*\[?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d\S*\]?\s+(?:\S+\s+){0,3}?"
    r"\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL)\b"
    r"|\s*\[(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL)\]|\s*(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|FATAL)[:\s]\s*\S"
)
"""What begins a line of a log: a time and a level, or a level."""
BRANCH = re.compile(r"\s*[│|]?\s*(?:[└├]─*|\\\-\-|`--|\+--)\s*")
"""What begins a branch of a tree."""


def logged(line: str) -> bool:
    """Whether a line is one of a log, which names what it tells as it likes."""
    return LOGGED.match(line) is not None and SAID.search(line) is None


def holds(line: str, below: str, room: re.Pattern[str]) -> bool:
    """Whether a line that is one name is the key of a store: the branch below it is a room and what is kept of it."""
    branch = BRANCH.match(below)
    return (
        branch is not None and NAMES.fullmatch(line.strip()) is not None and room.match(below, branch.end()) is not None
    )


def is_an_id(sentence: str, name: str) -> bool:
    """Whether a name with a dash is an id: it is called one, or stands beside itself in other letters."""
    before = re.search(rf"\b\w*ids?\b[\s:=`'\"(]*{re.escape(name)}", sentence, re.IGNORECASE)
    others = (found[0] for found in re.finditer(re.escape(name), sentence, re.IGNORECASE))
    return before is not None or any(other != name for other in others)


@lru_cache(maxsize=8192)
def _of(text: str) -> bool | None:
    plain = NAMES.sub(" ", text)
    event, other = EVENT.search(plain), OTHER.search(plain)
    if (event is None) == (other is None):
        return None
    return event is not None


def led(text: str) -> bool | None:
    """Whether the paragraph above a list says that events are listed, or other names; None where it says neither."""
    said = _of(text) if text else None
    return None if said and not SAID.search(text) else said


def _near(text: str, offset: int) -> bool | None:
    """What the word that stands nearest to an offset says; what is said before a name counts for more."""
    plain = NAMES.sub(lambda found: " " * len(found[0]), text)

    def nearest(pattern: re.Pattern[str]) -> int | None:
        ways = [
            offset - one.end() if one.end() <= offset else 2 * (one.start() - offset) for one in pattern.finditer(plain)
        ]
        return min(ways, default=None)

    if SAID.search(plain) and all(WEAK.fullmatch(one[0]) for one in OTHER.finditer(plain)):
        return True
    event, other = nearest(EVENT), nearest(OTHER)
    if event is None or other is None:
        return None if event is other else event is not None
    return event < other


def meant(sentence: str, offset: int, around: Iterable[str]) -> bool | None:
    """Whether an event is meant; None where nothing around the name says anything.

    Args:
        sentence: what the name stands in.
        offset: where in it.
        around: what stands around it, the nearest first: the head of its column, the paragraph above, headings.
    """
    if len(sentence) > LONGEST:
        first = max(0, offset - LONGEST // 2)
        sentence, offset = sentence[first : first + LONGEST], offset - first
    if DENIED.search(sentence):
        return False
    name = NAMES.match(sentence, max(0, offset))
    if name and ELSEWHERE.match(sentence, name.end()):
        return False
    if CALLED_IN.search(NAMES.sub(" ", sentence)) and not SAID.search(sentence):
        return False
    said = _near(sentence, offset) if EVENT.search(sentence) and OTHER.search(sentence) else _of(sentence)
    if said is not None:
        return said
    return next((one for text in around if text and (one := _of(text)) is not None), None)
