"""What people say in English, as patterns: that a name is wrong or gone, who sends and who hears, what an object is.

Words of other languages come from `languages.py`; what is concluded from them stands in `stance.py` and `labels.py`.
"""

from __future__ import annotations

import re

from conformance.align import languages

USE = r"(?:be\s+)?(?:used?|emit|emitted|sen[dt]|listen|subscribe|call|rely|join|broadcast|write|name|expect)\w*"
NAMES = r"(?:names?|events?|rooms?|channels?|formats?|way|usage|code|examples?|approach|pattern|spelling|template)\b"
FORBIDDEN = re.compile(
    rf"""\b(?:do\s+not|don['’]?t|must\s+not|mustn['’]t|should\s+not|shouldn['’]t|cannot|can['’]t|never|may\s+not)
      \s+(?:\w+\s+)?{USE}(?!\s+(?:\w+\s+){{0,3}}(?:yourself|themselves|itself)\b)
    | \bavoid\s+(?:using|emitting|sending|listening|the\b|[`'"]) | \bnot\s+(?:supported|used|allowed)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What forbids the name that it goes before; behind a name it may speak of anything: `x`, never sent to its sender."""

OF_A_MEMBER = (
    r"(?:[`*_(]*(?:GET|POST|PUT|PATCH|DELETE)\b|(?:an?|the|its|that|this|every|each|all)\s+(?:\w+\s+)?(?:calls?|requests?|rooms?|"
    r"rosters?|lists?|participants|members|maps?|sets?|groups?|channels?)\b)"
)
"""What follows `removed with` and `removed from` where it is a member that is removed, and no name."""
PHRASES = (
    *((mark, mark) for mark in "❌✗✘🚫⛔👎"),
    *((word, rf"(?<!not )\b{word}\b") for word in ("deprecated", "obsolete", "retired", "prohibited")),
    *((word, rf"\b{word}\b") for word in ("superseded", "formerly", "previously", "renamed", "misleading", "veraltet")),
    (":", rf"^\W*(?:{languages.DONTS})\W{{0,4}}:"),
    ("forbidden", r"(?<![`'\"])\bforbidden\b(?!:\s)"),
    ("legacy", rf"\blegacy\s+{NAMES}|\(legacy\)|\blegacy\W*$"),
    ("incorrect", rf"\bincorrect(?:ly)?\b(?:\s*(?:[!:)→]|$)|\s+{NAMES})|\b(?:is|are|was|were)\s+incorrect\b"),
    ("wrong", rf"(?<!went )(?<!goes )(?<!go )(?<!going )\bwrong(?:ly)?\b(?:\s*(?:[!:)→]|$)|\s+{NAMES})"),
    ("wrong", rf"{NAMES}\s+(?:is|are|was|were)\s+wrong\b"),
    ("wrong", r"(?:^|[.!?]\s+)\W*(?:this|that|it|these|both|`[^`]+`)\s+(?:is|are|was|were)\s+wrong\b"),
    ("wrong", r"[`\"]\s+(?:is|was)\s+wrong\b|\bwhich\s+(?:is|was)\s+wrong\b"),
    ("ignored", r"\b(?:must|should|will|has\s+to)\s+be\s+(?:ignored|rejected|refused)\b"),
    ("reject", r"\b(?:must|should)\s+be\s+(?:rejected|refused)\b"),
    (
        "still",
        r"\bstill\s+(?:emits?|uses?|listens?|sends?|subscribes?)\b.*\b(?:please|use|change|replace|rename|instead)\b",
    ),
    ("nothing", r"\b(?:changes|achieves|reaches|does)\s+nothing\b"),
    ("dead", r"\bdead\s+code\b"),
    ("not ", r"\bnot\s+(?:built|shipped|deployed|maintained)\b"),
    ("out of date", r"\bout\s+of\s+date\b"),
    ("outdated", r"\boutdated\b"),
    ("wrong since", r"\bwrong\s+since\b"),
    ("belong", r"\bbelongs?\s+to\s+(?:version|v\d|the\s+old|an\s+old)"),
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
    ("any", r"\b(?:nobody|no\s+one|nothing)\b[^.;]{0,60}\bany\s*more\b"),
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
    ("|", rf"(?:\||^)\W*(?:{languages.REJECTED})\W*(?:\||$)"),
    ("removed", rf"\bremoved\s+(?:in|from|since|with)\b(?!\s+{OF_A_MEMBER})"),
    *languages.REFUTED,
)
"""What makes a name in the same sentence one that is quoted, not used: a word that is in it, and how it has to stand.

A sentence is asked for the word first, which costs a tenth of what the patterns would, all in one.
"""


STATED = re.compile(r"✅|✓|✔|☑|👍|\b(?<!in)correct(?:ed)?\b|\bright\b|\bactual\b", re.IGNORECASE)

LIST = r"(?:[`*_'\"(]*[\w:{}-]+[`*_'\")]*(?:\s*[,/]\s*|\s+(?:and|or|und|oder)\s+))*[`*_'\"(]*$"
LEADS = re.compile(
    rf"""(?:\b(?:instead|in\s+place|in\s+favou?r)\s+of | \brather\s+than
      | \b(?:replac|supersed|ignor|remov|renam)\w*(?:\s+(?:the|from|of))? | \bdrop(?:s|ped)? | \bavoid
      | \b(?:there\s+is\s+)?no(?:thing)?(?:\s+(?:more|emits?|sends?))?
      | \b(?:no\s+(?:one|clients?|apps?|handlers?|code|sockets?|listeners?|components?)|nobody
        |none\s+of\s+\w+(?:\s+\w+)?)
        \s+(?:\w+\s+)?(?:emits?|sends?|listens?|uses?|subscribes?|handles?|receives?|hears?)(?:\s+(?:to|for))?
      | \bfrüher | \bvormals | \behemals | \banciennement | \bantes | \banteriormente | \bранее
      | \bwas | \bold | \bv\d+(?:\.\d+)*: | \bgrep\s+(?:\w+\s+){{0,2}}for | \bstatt | \bchang\w*\s+from
      | \bnot\s+(?:by|via|through|with|over|as|on|under)
      | \b(?:nothing|none|any\w*|an?\s+\w+|no\s+\w+)\s+named | (?<!under\ )\bthe\s+name | \bmigrate\s+(?:\w+\s+)?from)
      \s+(?:the\s+(?:old\s+)?|event\s+)?{LIST}""",
    re.IGNORECASE | re.VERBOSE,
)
"""What stands right before a name that is gone: `instead of X`, `replaces X`, `(was X)`, `from X`."""

FROM = re.compile(rf"\bfrom\s+(?:the\s+(?:old\s+)?|event\s+|room\s+)?{LIST}", re.IGNORECASE)
INTO = re.compile(r"[`*_'\")]*\s*(?:to|into|→|->)\s", re.IGNORECASE)
"""What stands on both sides of a name from which another was made: `from X to Y`."""

TRAILS = re.compile(
    r"""^[`*_'")]*\s*(?:events?\s+|handlers?\s+)?(?:
      (?:→|⇒|➜|-->?|=>|->)\s*(?:[*_'"(]*[\w-]+[:(] | [*_]*`\w)
      | (?:is|was)\s+(?:from|of|in)\s+(?:v\d|version\s+\d|the\s+old|an?\s+(?:old|earlier))
      | ,?\s*which\s+(?:\w+\s+){0,4}(?:do(?:es)?\s+not|do(?:es)?n['’]t|never|no\s+longer|nobody)\b
      | (?:is|are)\s+now\s+[`*_'"] | becomes?\s+[`*_'"(]*[\w-]*[`:] | became\b | (?:left|disappeared|went\s+with)\b
      | has\s+no\s+effect | does\s+nothing | never\s+(?:fires|comes|arrives|existed)
      | (?:is|are|was|were|has\s+been|have\s+been)\s+(?:\w+\s+)?
        (?:gone|dead|removed|dropped|deleted|ignored|obsolete|replaced|rejected|refused|blocked|unsupported|unknown|forbidden)
      | (?:is|are|was|were)\s+(?:not|never)\s+(?:really\s+)?
        (?:handled|fired|implemented|supported|received|sent|emitted|used|heard) | too\b\.?$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
"""What stands right after one: `X → Y`, `X becomes Y`, `X is gone`, `X has no effect`."""

BEFORE = re.compile(
    rf"\W*(?:{languages.NEVER}|removed(?:\s+events?|\s+names?)?|(?:common\s+)?mistakes|pitfalls|anti-?patterns?|forbidden|before|old|was|"
    r"wrong|incorrect|previously|until now|deprecated|don['’]?ts?|do not|bad|legacy|retired|retired names?|old names?|"
    rf"not(?:\s+(?:this|these|that|so))?|instead\s+of|{languages.WRONG}|{languages.GONE}|"
    rf"{languages.UNSENT})\W*(?:\(.*\))?\W*",
    re.IGNORECASE,
)
"""A label above what is quoted as wrong, or the head of a column of it."""

AFTER = re.compile(
    r"\W*(?:after|new|now|today|correct(?:ed)?|right|fixed|dos?|good|use|use this|write|write this|current|instead|"
    rf"{languages.RIGHT})\W*(?:\(.*\))?\W*",
    re.IGNORECASE,
)
"""A label that ends it."""

TROUBLE = re.compile(
    r"trouble|symptom|problem|causes?\b|issue|mistake|pitfall|faq|question|error|gotcha", re.IGNORECASE
)
"""The heading or the head of a column under which people tell what goes wrong."""
HISTORY = re.compile(
    rf"(?:{languages.CHANGES})|^\W*(?:\d+\W+)?(?:{languages.BACKGROUND})\W*$|"
    r"change\s*log|\bchanges\s+(?:since|in|from|of)\b|^\W*changes\W*$|release\s+notes|version\s+history|"
    r"^\W*history\W*$|what['’]s\s+new|"
    r"\bmigrat|\bupgrad|(?<!not )\bdeprecat|\broll(?:ing)?[-\s]?back|\bcompat|\bv?\d+(?:\.\w+)*\s*(?:→|->|to)\s*v?\d",
    re.IGNORECASE,
)
"""The heading under which names of all versions stand."""
LEFT_OVER = re.compile(r"\W*(?:old|dead|left-?overs?|archived?|negative\s+tests?|retired)\b", re.IGNORECASE)
"""The heading under which names stand that are still found somewhere, or are tried to show that they are gone."""
FAILS = re.compile(
    r"[`*_'\")]*\s*(?:(?:also|now|always|then)\s+)?(?:(?:returns?|gives?|answers?|responds?|replies|ends|yields|"
    r"is|→|=|->|:)\s*"
    r"(?:with\s+|in\s+)?(?:an?\s+)?(?:HTTP\s+)?[`*]*40[45]\b|"
    r"does\s+not\s+exist)(?!\W*\s*(?:[\w\s]{0,24}\s)?(?:if|when|unless|for|where)\b)(?=\W)",
    re.IGNORECASE,
)
"""What follows a call that is quoted because it is not there: `returns 404`, unless it says when."""
OPEN = re.compile(
    r"\bto-?dos?\b|\broad\s?map\b|\bideas?\b|\bfuture\b|\bplanned\b|\bnot\s+(?:yet\s+)?(?:implemented|done|"
    r"built)\b|\bbacklog\b|"
    r"\bout\s+of\s+scope\b|\bopen\s+(?:questions?|points?|issues?)\b|\bwish|\bnext\s+steps\b|"
    r"\bdid\s+not\s+get\s+to\b|\bproposals?\b|"
    r"\blater\b|\bnon-?goals\b|\bconsidered\b|\balternatives\b",
    re.IGNORECASE,
)
"""The heading under which names stand that are not there, or not yet."""
COMPONENT = re.compile(
    r"[\W_]*(?:the\s+)?`?(?:[A-Z]\w*[a-z][A-Z]\w*|[\w/-]+\.(?:ts|js|py))`?[*_]*\W{0,3}\s*"
    r"(?:emits|sends|broadcasts|handles|listens|hears|receives|subscribes)\b"
)
"""A class or a file that does something: whose it is, the heading says."""
REMEDY = re.compile(r"fix|solution|remedy|answer|instead|do this|what to do|resol", re.IGNORECASE)


ARROW = r"\s*(?:→|⇒|➜|->|-->|=>|to)\s*(?:the\s+)?"
PEER = (
    rf"(?:peers?(?:\s+(?:services?|servers?))?|(?:an)?other\s+services?|some\s+(?:other\s+)?service|{languages.PEERS})"
)
"""Another service: of the service of the contracts it is a client."""
CLIENT = (
    r"(?:clients?|(?:mobile\s+|web\s+)?apps?|citizens?|rescuers?|browsers?|front-?ends?|dashboards?|"
    r"phones?|devices?|consoles?|responders?|dispatchers?|agents?|"
    r"kiosks?|tablets?|terminals?|volunteers?|operators?|wearables?|"
    rf"{PEER}|{languages.CLIENTS})"
)
SERVER = (
    r"(?:(?<![-\w])(?<!peer\ )(?<!other\ )(?:servers?|service|backend)|"
    r"(?:real-?time|rt|sos|sockets?)-(?:service|server)|"
    rf"{languages.REALTIME}|(?<=[Tt]he\ )relay|{languages.SERVERS})"
)
ARROW_TO_SERVER = re.compile(
    rf"\b{CLIENT}{ARROW}(?:realtime\s+)?{SERVER}\b|\bC\s*(?:→|->)\s*S\b|\bC2S\b", re.IGNORECASE
)
ARROW_TO_CLIENT = re.compile(
    rf"\b{SERVER}{ARROW}(?:all\s+)?(?:{CLIENT}|room)\b|\bS\s*(?:→|->)\s*C\b|\bS2C\b", re.IGNORECASE
)
"""An arrow from one side to the other, whatever else is said: `Client → Server events`."""
TO_SERVER = re.compile(
    rf"""\b{CLIENT}{ARROW}(?:realtime\s+)?{SERVER}\b | \bC\s*(?:→|->)\s*S\b | \bC2S\b
    | \b(?:emitted|sent|triggered|fired)\s+(?:by|from)\s+(?:the\s+|a\s+|any\s+)?(?:\w+\s+)?{CLIENT}\b
    | \b{CLIENT}\s+(?:can\s+|may\s+|must\s+)?(?:emit|send)s?\b | \bincoming\s+events?\b(?!\s*\(client\s*\))
    | \bserver\s+(?:listens|receives|handles)\b | \bclient[-\s]emitted\b | \bclient\s+events\b
    | \boutgoing\s*\(client\s*\)
    """,
    re.IGNORECASE | re.VERBOSE,
)
TO_CLIENT = re.compile(
    rf"""\b{SERVER}{ARROW}(?:all\s+)?(?:{CLIENT}|room)\b | \bS\s*(?:→|->)\s*C\b | \bS2C\b
    | \b(?:emitted|sent|broadcast)\s+(?:by|from)\s+(?:the\s+)?(?:realtime\s+)?{SERVER}\b
    | \bservers?\s+(?:emit|send|broadcast)s?\b | \boutgoing\s+events?\b(?!\s*\(client\s*\))
    | \b{CLIENT}\s+(?:listen|subscribe|receive|hear)s?\b | \bserver[-\s]emitted\b | \bserver\s+events\b
    | \bincoming\s*\(client\s*\)
    """,
    re.IGNORECASE | re.VERBOSE,
)
SIDES = (
    "client", "server", "incoming", "outgoing", "→", "->", " by ", " from ", "app", "service", "backend", "s2c", "c2s",
    "citizen", "rescuer", "browser", "front", "dashboard", "phone", "device", "console", "responder", "dispatcher",
    "agent", "relay", "rt", "gateway", "hub", "kiosk", "tablet", "terminal", "volunteer", "operator", "wearable",
    "peer",
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
    rf"|(?P<hears>listens?|subscribes?|receives?|hears?|handles?|(?-i:gets?)|listening|subscribing|"
    rf"{languages.HEARS}))\b",
    re.IGNORECASE,
)
SEES = re.compile(
    rf"\b(?:expects?|awaits?|waits?\s+for|prints?|shows?|displays?|sees?|logs?|renders?|draws?|reacts?\s+to|"
    rf"(?:gets?|is|are)\s+(?:back|shown|told|given)|"
    rf"{languages.SEES})\b",
    re.IGNORECASE,
)
"""What a client does with what it gets."""
PARTLY = re.compile(r"\bof\s+(?:an?\s+|the\s+|every\s+|each\s+)?[`*_'\"]*$", re.IGNORECASE)
PASSING = re.compile(
    r"\b(?:relays?|forwards?|passes\s+on|distributes?)\s+(?:the\s+|an?\s+|every\s+|each\s+)?[`*_'\"]*$",
    re.IGNORECASE,
)
PASSES_ON = re.compile(r"relay|forward|pass|distribut", re.IGNORECASE)
"""What a server does with what it was sent."""
AWAITS = re.compile(
    r"expect|await|wait|erwartet|wartet|attend|espera|aspetta|verwacht|czeka|menunggu|đợi|chờ", re.IGNORECASE
)
WATCHER = re.compile(
    r"\b(?:monitors?|screens?|windows?|terminals?|the\s+other|(?:the\s+)?network\s+tab|dev-?tools|màn\s+hình|"
    r"máy\s+kia)\b",
    re.IGNORECASE,
)
"""What shows that which a client gets."""
JOINING = re.compile(
    r"(?:\b(?:and|then|but|or|und|dann|et|puis|y|luego|e|poi|en|rồi|và|sau\s+đó)\b|,)\s*", re.IGNORECASE
)
GOES_ON = re.compile(
    r"(?:the|an?|its?|his|her|their|this|that|these|those|each|every|all|any|both|another|one|two|three|also|"
    r"later|next|finally|often|sometimes|optionally|"
    r"not|no|new|own|event|events|name[ds]?|called|message|messages|only|just|even|when|if|once|after|before|"
    r"while|on|in|at|to|for|from|by|with|without|as|of|"
    r"der|die|das|den|le|la|les|el|los|il|lo|het|de|một|các|sự|khi|cho|tới|với|bằng|cả|sau|lại|"
    r"and|then|but|or|und|dann|et|puis|y|luego|e|poi|en|rồi|và)\b|[^\w\s]|\d|\Z",
    re.IGNORECASE,
)
"""What stands behind a conjunction where the verb before it still holds: no other verb."""
ALL = (
    r"everyone|everybody|(?:the\s+)?other\s+(?:phones?|sides?|browsers?|windows?|devices?|tabs?|users?|"
    r"sockets?)|(?:the\s+|all\s+)?(?:other\s+)?members|(?:the\s+)?others|the\s+(?:whole\s+)?room|"
    rf"{languages.OTHERS}"
)
"""Whoever hears a broadcast."""
EVERYBODY = re.compile(ALL, re.IGNORECASE)
TO_OTHERS = re.compile(
    rf"\b(?:to|for|an|für|à|aux?|pour|al|ai|agli|para|aan|voor|cho|tới|đến|kepada)\s+(?:{ALL})\b", re.IGNORECASE
)
"""Those that something is sent to."""
ACTOR = (
    r"(?-i:[A-D])(?=\s+(?:then\s+|also\s+)?"
    r"(?:sends?|emits?|gets?|hears?|sees?|receives?|listens?|gửi|nhận|thấy|nghe|phát)\b)"
)
"""One of several who are named by letters, as in tests: `A sends, B hears`."""
SUBJECT = re.compile(
    rf"\b(?:(?P<client>{CLIENT}|{ALL}|{ACTOR})|(?P<server>{SERVER}|realtime|gateway))\b(?!['’]s|-)", re.IGNORECASE
)
LED = re.compile(
    r"[\W_]*(?:(?P<sends>emits?|sends?|publishes|broadcasts)|(?:listens?|subscribes?|receives?|hears?|handles?))"
    r"(?:\s+(?:to|for))?(?:\s+events?)?[^\w:]*:",
    re.IGNORECASE,
)
LABELLED = re.compile(r"[\W_]*(?P<label>[^`:\n.]{3,40}?)[*_]*:[*_]*\s+(?=[*_]*`)")
"""A label at the beginning of what it lists."""
PASSIVE = re.compile(
    rf"[`'\"*_)]*[\s(,:—–-]*(?:(?:is|are|gets?)\s+)?(?:sent|emitted|triggered|fired|broadcast(?:ed)?)\s+(?:by|from)\s+"
    rf"(?:the\s+|an?\s+|any\s+|every\s+|your\s+)?(?:\w+\s+)?(?:(?P<client>{CLIENT})|(?P<server>{SERVER}))\b",
    re.IGNORECASE,
)
PLACED = re.compile(
    rf"\b(?:in|on|inside)\s+(?:the|your|an?|every)\s+(?:\w+\s+)?(?:(?P<client>{CLIENT})|(?P<server>{SERVER}))\b",
    re.IGNORECASE,
)
"""Where something is done: `Subscribe in your app`."""
NO_SUBJECT = re.compile(
    rf"\b(?:to|from|with|by|of|for|into|at|on)\s+(?:the\s+|an?\s+|our\s+|all\s+|other\s+|every\s+|any\s+)*(?:\w+\s+)?"
    rf"(?:{CLIENT}|{ALL}|{SERVER})\b",
    re.IGNORECASE,
)
"""A side that nothing is said to do: it is done to it, or by it."""

# --- what stands above an object

OTHER_OBJECT = re.compile(
    r"\bjwt\b|\btokens?\b|\bclaims\b|\bconfig|\bstor(?:e|es|ed|ing)\b|\bdocument\b|\bmongo|\bdatabase|"
    r"\binvalid\b|\bredis\b|"
    r"\b(?:others|everyone|members|they)\s+(?:\w+\s+)?(?:receive|get|hear)|\bheaders?\b|\benvironment\b|"
    r"\bschema\s+of\b|"
    r"\bsaved?\b|\bpersist|\blog(?:s|ged)?\b|\bwrong\b|\bold\b|\bmodel\b",
    re.IGNORECASE,
)
"""A paragraph above an object that is no payload of the event that the heading names."""

ANSWER = re.compile(
    r"\b(?:response|answers?|reply|replies|ack(?:nowledg\w+)?|returns?|returned|callback|error|errors|result|"
    r"success)\b",
    re.IGNORECASE,
)

OF_EVENTS = re.compile(rf"\b(?:{languages.EVENT_WORDS}|sockets?(?:\.io)?|websockets?|realtime)\b", re.IGNORECASE)
"""A heading under which names are those of events."""

ANSWERS = re.compile(
    r"^\W*(?:\w+\s+)?(?:response|answer|reply|ack|returns?|callback)\b|\b(?:answers?|responds?|replies|reply|"
    r"response|ack)\s+(?:to|of|for)\b",
    re.IGNORECASE,
)
"""A label that speaks of an answer to what it names: `Response of x:`, `What does the server answer to x?`."""

CAUSE = re.compile(
    r"\b(?:after|when(?:ever)?|once|following|upon|because|triggered|caused|result|as\s+soon\s+as|each\s+time|"
    r"every|on\s+each|"
    r"nach|wenn|sobald|après|cuando|tras|quando|khi|sau)\b[^.;:{}]*$"
    rf"|\b(?:{languages.CAUSED})[\s*_`]*:[\s*_`]*$",
    re.IGNORECASE,
)
"""What stands before a call that only causes what is shown: `Sent after POST /x`."""

BODY = re.compile(r"\b(?:request\s+body|body|http\s+request)\b", re.IGNORECASE)

DOWN = re.compile(
    r"\bbroadcasts?\b|\bserver\s+(?:emits|sends|broadcasts)|\breceives?\b|\breceived\b|\blisteners?\b|"
    r"\bto\s+the\s+room\b|"
    r"\bserver\s*(?:→|->|=>|to)\s*client",
    re.IGNORECASE,
)

UP = re.compile(r"\bclient\s+(?:emits|sends)|\bemit\b|\bclient\s*(?:→|->|=>|to)\s*server", re.IGNORECASE)

ASSIGNED = re.compile(
    r"(?:\b(?:event(?:\s+name)?|name|event\s+type)|\bas|\bemits?|"
    r"\bbroadcasts?(?:\s+\w+){0,3})\**\s*[:=]\**\s*`?(?P<name>[\w:-]+)",
    re.IGNORECASE,
)
"""A label that gives the name: `**Event Name:** x`, `**Server broadcasts to others as:** x`."""

# --- what prose speaks of

EVENTS_HEAD = re.compile(
    r"\bevents?\b|\b(?:in|out)bound\b|\b(?:incom|outgo)ing\b|\bsocket|\bemit|\blisten|\bname\b", re.IGNORECASE
)
EVENTS_TOLD = re.compile(
    r"\bevents?\b|\bemit(?:s|ted)?\b|\blisten|\bhears?\b|\bbroadcasts?\b|\backs?\b|\bsends?\b|\bsent\b|"
    r"\bsubscri|\breceiv|\basked\s+by\b|\bothers\s+in\s+the\s+room\b|"
    rf"\b(?:{languages.EVENT_WORDS}|{languages.SENDS}|{languages.HEARS})\b",
    re.IGNORECASE,
)
"""What a paragraph says that is about events."""
ROOM_WORDS = re.compile(rf"\b(?:rooms?|channels?|{languages.ROOMS})\b", re.IGNORECASE)
JOINED = re.compile(r"\bjoin(?:s|ed|ing)?\b", re.IGNORECASE)
"""What is done to rooms alone."""
