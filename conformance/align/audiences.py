"""Who is said to receive an event: a column of a table, a sentence, a line below the event's heading. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from conformance.align import asked, html_tables, labels, moods, sentences, stance
from conformance.align.markdown import Piece
from conformance.align.model import Audience, Claim, Place
from conformance.align.vocabulary import Vocabulary

_SENDER = (
    r"(?:sender|sending|author|originator|emitter|socket|client|caller|requester|requestor|asker|typist|typer|"
    r"person|user|connection|one|citizen|rescuer|admin|"
    r"itself|themselves|himself|người\s+\w+|máy\s+(?:gửi|khách)|chính|absender|expéditeur|émetteur|emisor|"
    r"remitente|remetente|mittente|afzender|nadawc\w+|pengirim)"
)
_THE = (
    r"(?:(?:the|its?|their|his|an?|that|của|one's|own|der|den|dem|le|la|l['’]|el|o|il|de|cho|to|for|from|"
    r"chính)\s+){0,2}"
    r"(?:[a-z]+ing\s+)?"
)
_MEMBERS = (
    r"(?:everyone|everybody|(?:the\s+)?(?:whole|entire|full|complete)\s+(?:room|SOS)|(?:the\s+)?room|"
    r"all\s+(?:the\s+)?(?:members|participants|sockets|clients|users)|"
    r"(?:tất\s+cả\s+)?mọi\s+người|cả\s+(?:phòng|nhóm)|toàn\s+(?:bộ\s+)?phòng|phòng|alle(?:n)?|tous|todos|todas|"
    r"tutti|iedereen|wszyscy|semua)"
)
EXCEPT = re.compile(
    rf"\b(?:except(?:ing|\s+for)?|but(?:\s+(?:not|for))?|excluding|excludes|other\s+than|apart\s+from|minus|"
    rf"save(?:\s+for)?|never|not(?:\s+back)?|no\s+longer\s+(?:sent|emitted|delivered|told)|without|"
    rf"(?:ngoại\s+)?trừ(?:\s+ra)?|không\s+(?:gửi\s+)?(?:lại\s+)?cho|außer|sauf|excepto|menos|exceto|tranne|"
    rf"behalve|oprócz|kecuali)\s+{_THE}{_SENDER}\b",
    re.IGNORECASE,
)
"""What leaves out the one who caused it: `everyone but the sender`."""
NOT_BACK = re.compile(
    r"\b(?:sender|author|emitter|one\s+who\s+\w+|socket\s+(?:that|which)\s+\w+|originator|người\s+(?:gửi|"
    r"gõ))\s+(?:itself\s+)?"
    r"(?:does\s+not|doesn['’]t|do\s+not|never|will\s+not|won['’]t|is\s+not|không)\s+(?:\w+\s+){0,2}(?:gets?|"
    r"receives?|hears?|sees?|told|nhận)\b|"
    r"\bsender\s+(?:is\s+)?(?:excluded|left\s+out|skipped)\b",
    re.IGNORECASE,
)
"""What says that it does not come back."""
INCLUDING = re.compile(
    rf"\b(?:includ(?:ing|es|ed)|as\s+well\s+as|and\s+also|also\s+to|even|kể\s+cả|bao\s+gồm\s+(?:cả)?|"
    rf"einschließlich|y\s+compris|incluid[oa]|inclus[oi]v?e?)\s+{_THE}{_SENDER}\b|"
    rf"(?<!\bis a )(?<!\bis an )(?<!\bare )\b{_SENDER}\s+(?:(?:that|which|who|whose)\s+\w+(?:\s+\w+)?\s+)?"
    rf"(?:is\s+)?(?:included|too|as\s+well|"
    rf"also\s+(?:gets|receives|hears))\b|\bback\s+to\s+{_THE}{_SENDER}\b(?:\s+too)?",
    re.IGNORECASE,
)
"""What says that the one who caused it hears it as well."""
ONLY = re.compile(
    rf"\b(?:only|just|solely|exclusively)\s+(?:(?:back\s+)?to\s+|by\s+|for\s+)?{_THE}(?:sender|requester|"
    rf"requestor|caller|asker|originator|(?:socket|client|one|user|person)\s+(?:that|which|who|whose))\b|"
    rf"\bto\s+{_THE}(?:sender|requester|requestor|caller|asker)\s+(?:only|alone)\b|"
    rf"\bto:?\s+{_THE}(?:socket|client|one|user|person)\s+(?:that|which|who)\s+(?:\w+\s+){{1,3}}(?:only|alone)\b|"
    rf"\bchỉ\s+(?:\w+\s+){{0,3}}(?:người\s+(?:gửi|gọi|hỏi|yêu\s+cầu)|máy\s+gửi)\b",
    re.IGNORECASE,
)
"""What says that nobody else hears it."""
_EVERYONE = (
    r"(?:everyone|everybody|whole\s+room|entire\s+room|all\s+(?:(?:the\s+)?(?:members|participants|sockets|clients)|"
    r"(?:in|of)\s+the\s+room)|cả\s+phòng|mọi\s+người)"
)
TO_ALL = re.compile(
    r"\b(?:sent|broadcast|emitted|delivered|relayed|forwarded|pushed|goes|go|reaches|repl(?:ies|ied)|answers|responds|(?:is|are)\s+told|gửi|phát|"
    r"đến|tới)\s+(?:back\s+)?(?:out\s+)?(?:to|cho|tới|đến)?\s*(?:the\s+)?"
    rf"{_EVERYONE}\b|\b(?:is|are|gets?)\s+(?:sent|broadcast|emitted)\s+to\s+the\s+(?:whole\s+)?room\b|^\W*(?:then\s+|so\s+)?(?:the\s+)?{_EVERYONE}(?:\s+(?:in|of)\s+(?:the|that)\s+(?:room|SOS))?\s+(?:then\s+|also\s+)?(?:gets?|"
    r"receives?|hears?|sees?)\s+(?:it|this|the\s+(?:list|answer|reply|response|result|roster|history|messages?))\b",
    re.IGNORECASE,
)
"""What says that a whole room hears it."""
DENIES = re.compile(
    r"\b(?:not|never|no|isn['’]t|aren['’]t|instead\s+of|rather\s+than|không\s+(?:chỉ|phải))\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
HEAD = re.compile(
    r"(?:sent\s+|goes\s+|delivered\s+|emitted\s+)?to\??|(?:who\s+)?(?:gets?|hears?|receives?)(?:\s+(?:it|"
    r"this))?\??|who\s+(?:is\s+)?(?:told|notified)\??|"
    r"receivers?|recipients?|audience|reach|scope|target|destination|broadcast\s+to|ai\s+nhận(?:\s+được)?\??|"
    r"(?:người|bên|nơi|phạm\s+vi)\s+nhận|"
    r"gửi\s+(?:tới|cho|đến)(?:\s+ai)?\??|phạm\s+vi|empfänger|wer\s+(?:bekommt|hört)(?:\s+es)?\??|destinataires?|"
    r"destinatarios?|destinatários?|destinatari|ontvangers?|odbiorcy|penerima",
    re.IGNORECASE,
)
"""The head of a column that says who receives each event."""
SENDER_HEAD = re.compile(
    r"(?:(?:also\s+|back\s+)?to\s+(?:the\s+)?)?(?:the\s+)?sender(?:\s+(?:too|also|itself|gets?(?:\s+(?:it|"
    r"one))?|hears?(?:\s+it)?|receives?(?:\s+it)?|included))*\??|"
    r"(?:includ(?:es|ing)|echo(?:ed)?(?:\s+to)?|back\s+to)\s+(?:the\s+)?sender\??|người\s+gửi(?:\s+(?:có|"
    r"cũng))?(?:\s+nhận)?\??",
    re.IGNORECASE,
)
"""The head of a column that says of each event whether its sender gets it."""
YES = re.compile(r"\W*(?:yes|y|true|có|ja|oui|sí|sim|sì|tak|ya|✓|✔|✅|x)\W*|[✓✔✅☑]️?", re.IGNORECASE)
NO = re.compile(r"\W*(?:no|n|false|never|không|nein|non|não|nee|nie|tidak)\W*|[✗✘❌–—-]️?", re.IGNORECASE)
OTHERS_CELL = re.compile(
    r"\W*(?:(?:the\s+|all\s+)*others?(?:\s+(?:in|of)\s+the\s+room|\s+(?:members|participants|sockets|clients))?|"
    r"(?:những\s+)?người\s+khác(?:\s+trong\s+phòng)?|người\s+còn\s+lại|"
    r"die\s+anderen|les\s+autres|los\s+demás|os\s+outros|gli\s+altri|de\s+anderen|pozostali|yang\s+lain)\W*",
    re.IGNORECASE,
)
ONE_CELL = re.compile(
    r"\W*(?:only\s+)?(?:the\s+)?(?:sender|requester|requestor|caller|asker|same\s+socket|(?:socket|client|"
    r"one)\s+(?:that|who|which)\s+(?:\w+\s+){1,4}\w+|người\s+(?:gửi|yêu\s+cầu|gọi|hỏi))(?:\s+(?:only|alone))?\W*",
    re.IGNORECASE,
)
ROOM_CELL = re.compile(rf"\W*{_MEMBERS}(?:\s+(?:in|of|members)\b.*)?\W*", re.IGNORECASE)
WHOLE = re.compile(
    r"\b(?:everyone|everybody|whole|entire|full|complete|all|mọi|cả|toàn|alle|tous|todos|tutti|iedereen)\b",
    re.IGNORECASE,
)
BEGINS = re.compile(
    r"[\W_]*(?:(?:it\s+|this\s+)?(?:is\s+|gets\s+|được\s+)?(?:only\s+)?(?:sent|broadcast|emitted|delivered|"
    r"relayed|forwarded|goes|told|reaches|pushed|gửi|phát)|"
    r"(?:to|receivers?|recipients?|audience|who(?:\s+(?:gets|hears|receives)\s+it)?|ai\s+nhận|"
    r"người\s+nhận)\s*[:：?])(?!\w)|"
    r"[\W_]*(?:the\s+)?(?:server|service|it)\s+(?:then\s+)?(?:replies|answers|responds)\s+to\b|"
    rf"[\W_]*(?:then\s+|so\s+)?(?:the\s+)?{_EVERYONE}(?:\s+(?:in|of)\s+(?:the|that)\s+(?:room|SOS))?\s+(?:then\s+|also\s+)?(?:gets?|receives?|hears?|"
    r"sees?)\s+(?:it|this|the\s+(?:list|answer|reply|response|result|roster|history|messages?))\b",
    re.IGNORECASE,
)
"""What begins a sentence that says of the event of the heading who receives it."""
LIMITS = (
    "xcept", "no longer", "but ", "but not", "exclud", "other than", "apart from", "minus", "save ", "never", "not ",
    "n't", "to the room",
    "n’t", "without", "includ", "as well", "also", " too", "even ", "only", "just ", "solely", "exclusively",
    "alone", "back to", "everyone", "everybody", "whole", "entire", "all members", "all participants", "trừ",
    "không", "kể cả", "bao gồm", "chỉ", "cả phòng", "mọi người", "außer", "sauf", "menos", "tranne", "behalve",
    "oprócz", "kecuali", "einschl", "compris", "left out", "skipped",
)  # fmt: skip
"""What every text has one of that says more of the receivers of an event than that there are some."""
SAYS = re.compile(
    r"sender|author|who|socket|client|caller|request|asker|origin|emitter|typist|itself|everyone|everybody|room|"
    r"member|participant|rescuer|"
    r"người|phòng|máy|mọi|absender|xpéditeur|emisor|remitente|remetente|mittente|afzender|nadawc|pengirim",
    re.IGNORECASE,
)
"""What every text that says who receives has one of."""


def claims(parts: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """Who is said to receive what."""
    for piece in parts:
        if piece.kind == "html" and "<th" in piece.text:
            yield from _columns(list(html_tables.cells(piece)), file, words)
    for (kind, _), some in groupby(parts, key=lambda piece: (piece.kind, piece.section)):
        if kind == "cell":
            yield from _columns(list(some), file, words)
        elif kind in ("paragraph", "item"):
            told = list(some)
            named = words.heard.search(" ".join(told[0].titles[-1:])) is not None
            for piece in told:
                asks = asked.WHO.search(piece.text) or asked.WHO.search(" ".join(piece.section[-1:]))
                if named or asks or words.heard.search(piece.text) or words.answered.search(piece.text):
                    small = piece.text.lower()
                    if any(word in small for word in LIMITS) and SAYS.search(small):
                        yield from _sentences(piece, _of_heading(piece.titles, words), file, words)


PLAINLY = re.compile(
    rf"[\W_]*(?:(?:goes\s+|sent\s+)?(?:to|for)\s+)?(?:the\s+)?{_MEMBERS}(?:\s+(?:in|of)\s+the\s+room)?,?\s+(?:(?:except|but|apart\s+from|other\s+than|excluding|not|"
    rf"including|incl\.?)(?:\s+for)?\s+{_THE}{_SENDER}|{_THE}{_SENDER}\s+(?:included|too|as\s+well|excluded))[\W_]*",
    re.IGNORECASE,
)
"""A cell that says nothing but who receives, whatever the head of its column is."""


def _columns(cells: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """The receivers of a table; beside rows that leave out the sender, a row of the room has the sender in it."""
    told: list[tuple[Piece, str, Audience]] = []
    asking = {head: asks for head in dict.fromkeys(cell.head for cell in cells) if (asks := _asks(head))}
    for cell in cells:
        if cell.head not in asking:
            said = _of_text(cell.text) if cell.column and PLAINLY.fullmatch(cell.text) else None
            first = labels.events(cell.row.split("|")[0], words) if said is not None else []
            if said is not None and len(first) == 1 and _receives(first[0], words):
                yield _claim(cell, file, first[0], said, 0, len(cell.text))
            continue
        named = [name for name in labels.events(cell.row, words) if _receives(name, words)]
        said = _of_cell(cell.text, asks=asking[cell.head] == "sender")
        if said is not None and len(named) == 1:
            told.append((cell, named[0], said))
    without = {cell.head for cell, _, said in told if said == "others"}
    rooms = {cell.head for cell, _, said in told if said == "room"}
    for cell, name, said in told:
        if said == "others" and OTHERS_CELL.fullmatch(cell.text) and cell.head not in rooms:
            continue  # Where no row tells of the whole room, `the others` says no more than that they hear it.
        whole = said == "room" and cell.head in without and WHOLE.search(cell.text) is not None
        yield _claim(cell, file, name, "everyone-with-sender" if whole else said, 0, len(cell.text))


SCOPED = re.compile(
    r"\b(?:scope|receivers?|recipients?|audience|reach|delivered\s+to|phạm\s+vi|người\s+nhận)[*_]*\s*[:：]\s*[*_`]*"
    r"(?P<who>[^.;,()\n`*_|]{3,40})",
    re.IGNORECASE,
)
"""What says in a word who receives: `Scope: others.` below the name of an event, `(scope: room)` behind one."""


def scoped(parts: Sequence[Piece], file: str, words: Vocabulary) -> Iterator[Claim]:
    """The receivers that labels say; beside some of the whole room, those of the others leave out the sender."""
    told: list[tuple[Piece, str, Audience, re.Match[str]]] = []
    for piece in parts:
        for found in SCOPED.finditer(piece.text) if piece.kind in ("paragraph", "item") else ():
            who = found["who"].strip()
            before = labels.events(re.split(r"[.;]\s", piece.text[: found.start()])[-1], words)
            name = before[-1] if before else _of_heading(piece.titles, words)
            said: Audience | None = "sender" if SELF.fullmatch(who) else _of_cell(who, asks=False)
            if name and _receives(name, words) and said is not None and _of_text(who) is None:
                told.append((piece, name, said, found))
    kinds = {said for _, _, said, _ in told}
    for piece, name, said, found in told:
        if said == "others" and kinds <= {"others"}:
            continue
        whole = said == "room" and "others" in kinds
        yield _claim(piece, file, name, "everyone-with-sender" if whole else said, found.start(), found.end())


PAIR = 2
"""Names that may stand together where a sentence says who receives them: those of a start and a stop."""
SELF = re.compile(r"(?:the\s+)?(?:self|itself|requester|caller)(?:\s+(?:only|alone))?", re.IGNORECASE)


def _asks(head: str) -> str:
    """What the head of a column asks: `who` receives, or whether the `sender` does; nothing of either."""
    plain = head.strip("`*_: ")
    if not plain or len(plain) > stance.LABEL_CHARACTERS:
        return ""
    return "sender" if SENDER_HEAD.fullmatch(plain) else "who" if HEAD.fullmatch(plain) else ""


def _of_cell(text: str, *, asks: bool) -> Audience | None:
    if asks:
        return "everyone-with-sender" if YES.fullmatch(text) else "others" if NO.fullmatch(text) else None
    if OTHERS_CELL.fullmatch(text):
        return "others"
    if ONE_CELL.fullmatch(text):
        return "sender"
    return _of_text(text) or ("room" if ROOM_CELL.fullmatch(text) else None)


def _of_text(text: str) -> Audience | None:
    """Who receives, by a text; None where it does not say, says two things, or denies it."""
    text = stance.NEUTRAL.sub(" ", text)
    found: set[Audience] = set()
    without: tuple[tuple[re.Pattern[str], Audience], ...] = (
        (INCLUDING, "everyone-with-sender"), (EXCEPT, "others"), (NOT_BACK, "others"), (ONLY, "sender"),
    )  # fmt: skip
    for pattern, said in without:
        one = pattern.search(text)
        if one is not None and not DENIES.search(text[: one.start()]):
            found.add(said)
    return found.pop() if len(found) == 1 else None


def _receives(name: str, words: Vocabulary) -> bool:
    """Whether the server sends an event."""
    return "to-client" in words.ways(name)


def _sentences(piece: Piece, heading: str | None, file: str, words: Vocabulary) -> Iterator[Claim]:
    """Who receives the one event of a sentence, or, where it begins by saying so, that of the heading."""
    own, answer = asked.event(" ".join(piece.section[-1:]), words) or "", ""
    for begin, _, sentence in sentences.of(piece.text):
        every = labels.events(sentence, words) if ":" in sentence or "`" in sentence else []
        named = [name for name in every if _receives(name, words)]
        alike = _alike(named, words) if named == every else False
        own = named[0] if len(named) == 1 else "" if named else own
        subject = named[0] if len(named) == 1 or alike else None
        if not every:
            subject = own or ((answer or heading) if BEGINS.match(sentence) else None)
        answer = _answer(every, words) if every else answer
        if not every and (of_question := asked.event(sentence, words)) is not None:
            own = of_question
            continue
        if not subject or not SAYS.search(sentence):
            continue
        said = _of_text(sentence) or ("room" if TO_ALL.search(sentence) else None)
        if said is None or sentence.rstrip("*_ )").endswith("?") or moods.THEN.search(sentence):
            continue
        if not _is_left_out(sentence, subject):
            yield _claim(piece, file, subject, said, begin, begin + len(sentence))


def _alike(named: Sequence[str], words: Vocabulary) -> bool:
    """Whether two names that are told of together have the same receivers."""
    events = [words.bundle.events.get(name) for name in named]
    known = {one.broadcast.receivers for one in events if one is not None and one.broadcast is not None}
    return len(named) == PAIR and len(events) == PAIR and len(known) == 1 and None not in events


def _answer(every: Sequence[str], words: Vocabulary) -> str:
    """The event that answers the one request that a sentence names; empty where there is none."""
    event = words.bundle.events.get(every[0]) if len(every) == 1 else None
    reply = event.request.reply if event is not None and event.request is not None else None
    return (reply.event or "") if reply is not None else ""


def _of_heading(section: Sequence[str], words: Vocabulary) -> str | None:
    bare = labels.bare(section, words)
    named = [bare] if bare else labels.events(section[-1], words) if section else []
    return named[0] if len(named) == 1 and _receives(named[0], words) else None


def _is_left_out(sentence: str, name: str) -> bool:
    """Whether an event is named as the one of which something is not so: `all but X`."""
    return re.search(rf"\b(?:but|except|unlike|besides|trừ)\s+(?:for\s+)?[`*]*{re.escape(name)}", sentence) is not None


def _claim(piece: Piece, file: str, name: str, said: Audience, first: int, last: int) -> Claim:
    line, column = piece.place(first)
    line_end = piece.text.find("\n", first)
    end = column + (min(last, line_end) if line_end >= 0 else last) - first
    place = Place(file=file, line=line, column=column, end=end)
    return replace(
        Claim(kind="receivers", subject=name, place=place, origin="document", how=piece.kind, section=piece.section),
        audience=said, refuted=piece.refuted,
    )  # fmt: skip
