"""How people say that something is wrong, old or forbidden, and in which direction an event goes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

from conformance.align import languages
from conformance.align.model import Direction

Stance: TypeAlias = Literal["stated", "refuted"]

_USE = r"(?:be\s+)?(?:used?|emit|emitted|sen[dt]|listen|subscribe|call|rely|join|broadcast|write|name|expect)\w*"
_NAMES = r"(?:names?|events?|rooms?|channels?|formats?|way|usage|code|examples?|approach|pattern|spelling|template)\b"
FORBIDDEN = re.compile(
    rf"""\b(?:do\s+not|don['’]?t|must\s+not|mustn['’]t|should\s+not|shouldn['’]t|cannot|can['’]t|never|may\s+not)
      \s+(?:\w+\s+)?{_USE}
    | \bavoid\s+(?:using|emitting|sending|listening|the\b|[`'"]) | \bnot\s+(?:supported|used|allowed)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What forbids the name that it goes before; behind a name it may speak of anything: `x`, never sent to its sender."""

PHRASES = (
    *((mark, mark) for mark in "❌✗✘🚫⛔👎"),
    *((word, rf"(?<!not )\b{word}\b") for word in ("deprecated", "obsolete", "retired", "prohibited")),
    *((word, rf"\b{word}\b") for word in ("superseded", "formerly", "previously", "renamed", "misleading", "veraltet")),
    (":", rf"^\W*(?:{languages.DONTS})\W{{0,4}}:"),
    ("forbidden", r"(?<![`'\"])\bforbidden\b(?!:\s)"),
    ("legacy", rf"\blegacy\s+{_NAMES}|\(legacy\)|\blegacy\W*$"),
    ("incorrect", rf"\bincorrect(?:ly)?\b(?:\s*(?:[!:)→]|$)|\s+{_NAMES})|\b(?:is|are|was|were)\s+incorrect\b"),
    ("wrong", rf"(?<!went )(?<!goes )(?<!go )(?<!going )\bwrong(?:ly)?\b(?:\s*(?:[!:)→]|$)|\s+{_NAMES})"),
    ("wrong", rf"{_NAMES}\s+(?:is|are|was|were)\s+wrong\b"),
    ("wrong", r"(?:^|[.!?]\s+)\W*(?:this|that|it|these|both|`[^`]+`)\s+(?:is|are|was|were)\s+wrong\b"),
    ("wrong", r"[`\"]\s+(?:is|was)\s+wrong\b|\bwhich\s+(?:is|was)\s+wrong\b"),
    ("ignored", r"\b(?:must|should|will|has\s+to)\s+be\s+(?:ignored|rejected|refused)\b"),
    ("reject", r"\b(?:must|should)\s+be\s+(?:rejected|refused)\b"),
    (
        "still",
        r"\bstill\s+(?:emits?|uses?|listens?|sends?|subscribes?)\b.*\b(?:please|use|change|replace|rename|instead)\b",
    ),
    ("nothing", r"\b(?:changes|achieves|reaches|does)\s+nothing\b"),
    ("nothing happens", r"\bnothing\s+happens\b"),
    ("nobody", r"\bnobody\s+(?:handles|listens|hears|sends|emits)\b"),
    (
        "er ",
        r"\b(?:earlier|older|former)\s+(?:revision|version|release|build|draft|guide|doc|document|client|app)s?\b",
    ),
    ("previous", r"\bprevious\s+(?:revision|version|release|build|draft|guide|document)s?\b"),
    ("what is now", r"\bwhat\s+is\s+now\b"),
    ("mist", r"\bmistyped\b|\bmisspel"),
    ("mistake", r"\bmistaken(?:ly)?\b|\bby\s+mistake\b"),
    ("longer", r"\bno\s+longer\b(?!\s+(?:needed|required|necessary))"),
    (
        "not",
        r"\bnot\s+(?:in\s+(?:the\s+)?code|existing|an?\s+event|a\s+room|exist)\b|\bnot\s+[`*'\"]|\bnot\s+any\s*more\b",
    ),
    ("not", r"\b(?:must|should|may)\s+not\s+(?:be\s+(?:used|sent|emitted)|come\s+back)\b"),
    ("t exist", r"\bdo(?:es)?n['’]t\s+exist\b"),
    ("no such", r"\bno\s+such\b"),
    ("used to", r"\bused\s+to\s+(?:be|emit|send|listen|subscribe|receive|use|broadcast)\b"),
    ("considered", r"\bwe\s+considered\b.*\b(?:took|chose|went|decided|picked|instead|but)\b"),
    ("considered", r"\b(?:considered|rejected)\b.*\b(?:names?|alternatives?|options?|rejected)\b"),
    (
        "still",
        r"\bstill\s+(?:emits?|uses?|listens?|sends?|subscribes?)\b.*\b(?:nothing|fails?|never|ignored|break|miss)",
    ),
    ("called", r"\b(?:once|was)\s+called\b"),
    ("name", r"\bwas\s+(?:named|the\s+name)\b"),
    ("old", r"\bold\s+(?:name|event|format|room|channel)s?\b"),
    ("replaced", r"\breplaced\s+(?:by|with)\b"),
    ("removed", r"\bremoved\s+(?:in|from|since|with)\b"),
    *languages.REFUTED,
)
"""What makes a name in the same sentence one that is quoted, not used: a word that is in it, and how it has to stand.

A sentence is asked for the word first, which costs a tenth of what the patterns would, all in one.
"""

_PHRASES = tuple((word, re.compile(pattern, re.IGNORECASE)) for word, pattern in PHRASES)
_PLAIN = tuple((word, pattern) for word, pattern in _PHRASES if word.isascii())
"""Those that a text without any other letters may have."""

STATED = re.compile(r"✅|✓|✔|☑|👍|\b(?<!in)correct(?:ed)?\b|\bright\b|\bactual\b", re.IGNORECASE)

_LIST = r"(?:[`*_'\"(]*[\w:{}-]+[`*_'\")]*(?:\s*[,/]\s*|\s+(?:and|or|und|oder)\s+))*[`*_'\"(]*$"
LEADS = re.compile(
    rf"""(?:\b(?:instead|in\s+place|in\s+favou?r)\s+of | \brather\s+than
      | \b(?:replac|supersed|ignor|remov|renam)\w*(?:\s+(?:the|from|of))? | \bdrop(?:s|ped)? | \bavoid
      | \b(?:there\s+is\s+)?no(?:thing)?(?:\s+(?:more|emits?|sends?))?
      | \b(?:no\s+(?:one|clients?|apps?|handlers?|code|sockets?|listeners?|components?)|nobody
        |none\s+of\s+\w+(?:\s+\w+)?)
        \s+(?:\w+\s+)?(?:emits?|sends?|listens?|uses?|subscribes?|handles?|receives?|hears?)(?:\s+(?:to|for))?
      | \bfrüher | \bvormals | \behemals | \banciennement | \bantes | \banteriormente | \bранее
      | \bwas | \bold | \bv\d+(?:\.\d+)*: | \bgrep\s+(?:\w+\s+){{0,2}}for | \bstatt | \bchang\w*\s+from
      | \b(?:nothing|none|any\w*|an?\s+\w+|no\s+\w+)\s+named | \bthe\s+name | \bmigrate\s+(?:\w+\s+)?from)
      \s+(?:the\s+(?:old\s+)?|event\s+)?{_LIST}""",
    re.IGNORECASE | re.VERBOSE,
)
"""What stands right before a name that is gone: `instead of X`, `replaces X`, `(was X)`, `from X`."""

FROM = re.compile(rf"\bfrom\s+(?:the\s+(?:old\s+)?|event\s+|room\s+)?{_LIST}", re.IGNORECASE)
INTO = re.compile(r"[`*_'\")]*\s*(?:to|into|→|->)\s", re.IGNORECASE)
"""What stands on both sides of a name from which another was made: `from X to Y`."""

TRAILS = re.compile(
    r"""^[`*_'")]*\s*(?:events?\s+|handlers?\s+)?(?:
      (?:→|⇒|➜|-->?|=>|->)\s*(?:[*_'"(]*[\w-]+[:(] | [*_]*`\w)
      | (?:is|was)\s+(?:from|of|in)\s+(?:v\d|version\s+\d|the\s+old|an?\s+(?:old|earlier))
      | ,?\s*which\s+(?:\w+\s+){0,4}(?:do(?:es)?\s+not|do(?:es)?n['’]t|never|no\s+longer|nobody)\b
      | (?:is|are)\s+now\s+[`*_'"] | becomes?\b | became\b | (?:left|disappeared|went\s+with)\b
      | has\s+no\s+effect | does\s+nothing | never\s+(?:fires|comes|arrives|existed)
      | (?:is|are|was|were|has\s+been|have\s+been)\s+(?:\w+\s+)?
        (?:gone|dead|removed|dropped|deleted|ignored|obsolete|replaced|rejected|refused|blocked|unsupported|unknown|forbidden)
      | (?:is|are)\s+(?:not|never)\s+(?:implemented|supported|received|sent|emitted|used|heard) | too\b\.?$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
"""What stands right after one: `X → Y`, `X becomes Y`, `X is gone`, `X has no effect`."""

BEFORE = re.compile(
    r"\W*(?:removed(?:\s+events?|\s+names?)?|(?:common\s+)?mistakes|pitfalls|anti-?patterns?|forbidden|before|old|was|"
    r"wrong|incorrect|previously|until now|deprecated|don['’]?ts?|do not|bad|legacy|retired|retired names?|old names?|"
    rf"not|{languages.WRONG}|{languages.GONE}|{languages.UNSENT})\W*(?:\(.*\))?\W*",
    re.IGNORECASE,
)
"""A label above what is quoted as wrong, or the head of a column of it."""

AFTER = re.compile(
    r"\W*(?:after|new|now|correct(?:ed)?|right|fixed|dos?|good|use|use this|current|instead|"
    rf"{languages.RIGHT})\W*(?:\(.*\))?\W*",
    re.IGNORECASE,
)
"""A label that ends it."""

TROUBLE = re.compile(
    r"trouble|symptom|problem|causes?\b|issue|mistake|pitfall|faq|question|error|gotcha", re.IGNORECASE
)
"""The heading or the head of a column under which people tell what goes wrong."""
HISTORY = re.compile(
    rf"^\W*(?:\d+\W+)?(?:{languages.BACKGROUND})\W*$|"
    r"change\s*log|\bchanges\s+(?:since|in|from|of)\b|^\W*changes\W*$|release\s+notes|version\s+history|^\W*history\W*$|what['’]s\s+new|"
    r"\bmigrat|\bupgrad|(?<!not )\bdeprecat|\broll(?:ing)?[-\s]?back|\bcompat|\bv?\d+(?:\.\w+)*\s*(?:→|->|to)\s*v?\d",
    re.IGNORECASE,
)
"""The heading under which names of all versions stand."""
FAILS = re.compile(
    r"[`*_'\")]*\s*(?:(?:also|now|always|then)\s+)?(?:(?:returns?|gives?|answers?|responds?|replies|ends|yields|is|→|=|->|:)\s*"
    r"(?:with\s+|in\s+)?(?:an?\s+)?(?:HTTP\s+)?[`*]*40[45]\b|does\s+not\s+exist)(?!\W*\s*(?:[\w\s]{0,24}\s)?(?:if|when|unless|for|where)\b)(?=\W)",
    re.IGNORECASE,
)
"""What follows a call that is quoted because it is not there: `returns 404`, unless it says when."""
OPEN = re.compile(
    r"\bto-?dos?\b|\broad\s?map\b|\bideas?\b|\bfuture\b|\bplanned\b|\bnot\s+(?:yet\s+)?(?:implemented|done|built)\b|\bbacklog\b|"
    r"\bout\s+of\s+scope\b|\bopen\s+(?:questions?|points?|issues?)\b|\bwish|\bnext\s+steps\b|\bdid\s+not\s+get\s+to\b|\bproposals?\b|"
    r"\blater\b|\bnon-?goals\b|\bconsidered\b|\balternatives\b",
    re.IGNORECASE,
)
"""The heading under which names stand that are not there, or not yet."""
COMPONENT = re.compile(
    r"[\W_]*(?:the\s+)?`?(?:[A-Z]\w*[a-z][A-Z]\w*|[\w/-]+\.(?:ts|js|py))`?[*_]*\W{0,3}\s*"
    r"(?:emits|sends|broadcasts|handles|listens|hears|receives|subscribes)\b"
)
"""A class or a file that does something: whose it is, the heading says."""
LEAD = 24
"""Characters of a label that begins a paragraph."""
REMEDY = re.compile(r"fix|solution|remedy|answer|instead|do this|what to do|resol", re.IGNORECASE)

LABEL_CHARACTERS = 70
"""What is longer is a sentence that speaks for itself alone."""

_ARROW = r"\s*(?:→|⇒|➜|->|-->|=>|to)\s*(?:the\s+)?"
_CLIENT = (
    r"(?:clients?|(?:mobile\s+|web\s+)?apps?|citizens?|rescuers?|browsers?|front-?ends?|dashboards?|"
    r"phones?|devices?|consoles?|responders?|dispatchers?|agents?|"
    rf"{languages.CLIENTS})"
)
_SERVER = rf"(?:servers?|service|backend|(?<=[Tt]he\ )relay|{languages.SERVERS})"
TO_SERVER = re.compile(
    rf"""\b{_CLIENT}{_ARROW}(?:realtime\s+)?{_SERVER}\b | \bC\s*(?:→|->)\s*S\b | \bC2S\b
    | \b(?:emitted|sent|triggered|fired)\s+(?:by|from)\s+(?:the\s+|a\s+|any\s+)?(?:\w+\s+)?{_CLIENT}\b
    | \b{_CLIENT}\s+(?:can\s+|may\s+|must\s+)?(?:emit|send)s?\b | \bincoming\s+events?\b(?!\s*\(client\s*\))
    | \bserver\s+(?:listens|receives|handles)\b | \bclient[-\s]emitted\b | \bclient\s+events\b
    | \boutgoing\s*\(client\s*\)
    """,
    re.IGNORECASE | re.VERBOSE,
)
TO_CLIENT = re.compile(
    rf"""\b{_SERVER}{_ARROW}(?:all\s+)?(?:{_CLIENT}|room)\b | \bS\s*(?:→|->)\s*C\b | \bS2C\b
    | \b(?:emitted|sent|broadcast)\s+(?:by|from)\s+(?:the\s+)?(?:realtime\s+)?{_SERVER}\b
    | \bservers?\s+(?:emit|send|broadcast)s?\b | \boutgoing\s+events?\b(?!\s*\(client\s*\))
    | \b{_CLIENT}\s+(?:listen|subscribe|receive|hear)s?\b | \bserver[-\s]emitted\b | \bserver\s+events\b
    | \bincoming\s*\(client\s*\)
    """,
    re.IGNORECASE | re.VERBOSE,
)
SIDES = (
    "client", "server", "incoming", "outgoing", "→", "->", " by ", " from ", "app", "service", "backend", "s2c", "c2s",
    "citizen", "rescuer", "browser", "front", "dashboard", "phone", "device", "console", "responder", "dispatcher",
    "agent", "relay",
)  # fmt: skip
"""What every name of a direction has one of."""

VERSION = re.compile(r"(?:version\s*|v)?(\d+(?:\.\d+)*)(?:\s*\(.*\)|\.x)?(?:\s+(?:names?|events?))?", re.IGNORECASE)
"""The head of a column of what one version has."""

SENDER = re.compile(r"direction|flow|emitted\s+by|emitter|sender|sent\s+by|from|who\s+sends", re.IGNORECASE)
"""The head of a column that says who sends."""

NAMED = re.compile(r"\b(?:name|event)\b", re.IGNORECASE)
"""The key of a row that names an event."""
VERB = re.compile(
    r"\b(?:(?P<sends>emits?|sends?|(?<!the )(?<!all )(?<!of )(?<!ing )(?<!se )broadcasts"
    r"|publish(?:es)?|emitting|sending|relays?|forwards?|pushes|delivers?|fires?|triggers?"
    rf"|{languages.SENDS})"
    rf"|(?P<hears>listens?|subscribes?|receives?|hears?|handles?|(?-i:gets?)|listening|subscribing|{languages.HEARS}))\b",
    re.IGNORECASE,
)
_ALL = r"everyone|everybody|(?:the\s+|all\s+)?(?:other\s+)?members|(?:the\s+)?others|the\s+(?:whole\s+)?room"
"""Whoever hears a broadcast."""
SUBJECT = re.compile(
    rf"\b(?:(?P<client>{_CLIENT}|{_ALL})|(?P<server>{_SERVER}|realtime|gateway))\b(?!['’]s|-)", re.IGNORECASE
)
LED = re.compile(
    r"[\W_]*(?:(?P<sends>emits?|sends?|publishes|broadcasts)|(?:listens?|subscribes?|receives?|hears?|handles?))"
    r"(?:\s+(?:to|for))?(?:\s+events?)?[^\w:]*:",
    re.IGNORECASE,
)
PASSIVE = re.compile(
    rf"[`'\"*_)]*[\s(,:—–-]*(?:(?:is|are|gets?)\s+)?(?:sent|emitted|triggered|fired|broadcast(?:ed)?)\s+(?:by|from)\s+"
    rf"(?:the\s+|an?\s+|any\s+|every\s+|your\s+)?(?:\w+\s+)?(?:(?P<client>{_CLIENT})|(?P<server>{_SERVER}))\b",
    re.IGNORECASE,
)
PLACED = re.compile(
    rf"\b(?:in|on|inside)\s+(?:the|your|an?|every)\s+(?:\w+\s+)?(?:(?P<client>{_CLIENT})|(?P<server>{_SERVER}))\b",
    re.IGNORECASE,
)
"""Where something is done: `Subscribe in your app`."""
NO_SUBJECT = re.compile(
    rf"\b(?:to|from|with|by|of|for|into|at|on)\s+(?:the\s+|an?\s+|our\s+|all\s+|other\s+|every\s+|any\s+)*(?:\w+\s+)?"
    rf"(?:{_CLIENT}|{_ALL}|{_SERVER})\b",
    re.IGNORECASE,
)
"""A side that nothing is said to do: it is done to it, or by it."""


@lru_cache(maxsize=4096)
def refuted(text: str, *, first: bool = False) -> bool:
    """Whether a sentence quotes what it names as wrong, old or forbidden.

    Args:
        first: the name begins it, so that what follows describes it.
    """
    text = text.replace("*", "").replace("__", "")
    small = text.lower()
    phrases = _PLAIN if text.isascii() else _PHRASES
    return any(word in small and pattern.search(text) for word, pattern in phrases) or (
        not first and FORBIDDEN.search(text) is not None
    )


def gone(before: str, after: str) -> bool:
    """Whether what stands right beside a name says that it is a name of before.

    Args:
        before: the sentence up to the name.
        after: what follows the name.
    """
    near = before[-LABEL_CHARACTERS * 2 :]
    if FROM.search(near) and INTO.match(after):
        return True
    if languages.GUIDE_SAYS.search(near) and languages.CONTRAST.match(after):
        return True
    return LEADS.search(near) is not None or TRAILS.match(after) is not None


@lru_cache(maxsize=4096)
def label(text: str) -> Stance | None:
    """What a label such as `Before:` says of all that stands below it; None where it is no such label."""
    words = text.strip()
    if len(words) > LABEL_CHARACTERS:
        return None
    if BEFORE.fullmatch(words):
        return "refuted"
    if AFTER.fullmatch(words) or STATED.search(words):
        return "stated"
    return "refuted" if refuted(words) else None


def at(sentence: str, offset: int) -> Direction | None:
    """The direction that a sentence gives to the name at an offset: by the last verb before it, and who does it."""
    before = NO_SUBJECT.sub(lambda found: " " * len(found[0]), sentence[:offset])
    before = before[max(before.rfind(";"), before.rfind(". ")) + 1 :]
    verb = next(iter(reversed(list(VERB.finditer(before)))), None)
    if verb is None or SUBJECT.search(before, verb.end()):
        return None
    doers = list(SUBJECT.finditer(before, 0, verb.start()))
    doer = doers[-1] if doers else PLACED.search(sentence)
    if doer is None:
        return None
    sends, client = verb["sends"] is not None, doer["client"] is not None
    return "to-server" if sends == client else "to-client"


def led(text: str, client: bool | None) -> Direction | None:
    """The direction of what a paragraph lists behind a verb and a colon: `Emits: a, b`, under what names who does."""
    found = LED.match(text)
    if found is None or client is None:
        return None
    return "to-server" if (found["sends"] is not None) == client else "to-client"


def component(sentence: str, offset: int, client: bool | None) -> Direction | None:
    """The direction of what a component is said to do, under what names the side that it is a part of."""
    if client is None or not COMPONENT.match(sentence):
        return None
    verb = next(iter(reversed(list(VERB.finditer(sentence, 0, offset)))), None)
    if verb is None or SUBJECT.search(sentence, verb.end(), offset):
        return None
    return "to-server" if (verb["sends"] is not None) == client else "to-client"


def after(sentence: str, offset: int) -> Direction | None:
    """The direction that what follows a name gives to it: `x` (sent by clients)."""
    found = PASSIVE.match(sentence, offset)
    if found is None:
        return None
    return "to-server" if found["client"] else "to-client"


@lru_cache(maxsize=4096)
def said(text: str) -> tuple[bool | None, bool | None]:
    """(whether it is a client's, whether it sends) of a label such as `Client`, `Emits`; None where it does not say."""
    text = re.sub(r"\([^)]*\)", "", text)
    doers = {doer["client"] is not None for doer in SUBJECT.finditer(text)} or {
        True for _ in languages.SOCKET_MAY.finditer(text)
    }
    verbs = {verb["sends"] is not None for verb in VERB.finditer(text)}
    return (doers.pop() if len(doers) == 1 else None), (verbs.pop() if len(verbs) == 1 else None)


def versions(labels: Iterable[str]) -> dict[str, Stance]:
    """What labels say that are nothing but versions: of two the older is gone."""
    found = {text: VERSION.fullmatch(text.strip("`*_:-/# ")) for text in labels}
    numbers = {text: tuple(map(int, one[1].split("."))) for text, one in found.items() if one}
    newest = max(numbers.values(), default=())
    if len(set(numbers.values())) < 2:
        return {}
    return {text: "stated" if number == newest else "refuted" for text, number in numbers.items()}


def columns(heads: Sequence[str]) -> list[Stance | None]:
    """What the heads of a table's columns say of what stands below them; of two versions the older is gone."""
    said = [label(head) if head else None for head in heads]
    told = versions(heads)
    for at, head in enumerate(heads):
        said[at] = said[at] or told.get(head)
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
    if any(word in small for word in SIDES):
        up, down = up or TO_SERVER.search(text), down or TO_CLIENT.search(text)
    if up and not down:
        return "to-server"
    return "to-client" if down and not up else None


def sent_by(cell: str) -> Direction | None:
    """The direction that a cell of a column of senders names: `Client`, `server`, `C→S`, `both`."""
    found = direction(cell)
    if found:
        return found
    client = re.search(rf"\b{_CLIENT}\b", cell, re.IGNORECASE)
    server = re.search(rf"\b{_SERVER}\b", cell, re.IGNORECASE)
    if client and not server:
        return "to-server"
    return "to-client" if server and not client else None
