"""What is said in passing of names that were there before, were turned down, or are to come. Pure."""

from __future__ import annotations

import re

DOWN = re.compile(
    r"[\W_]*(?:(?:also|and|we|finally|options?|names?|alternatives?)\s+){0,2}(?:(?:were|was|are|is|have\s+been)\s+)?"
    r"(?:rejected|turned\s+down|discarded|dismissed|declined|ruled\s+out|not\s+(?:chosen|taken|accepted|picked)|voted\s+down|"
    r"(?:alternatives?|options?|names?)\s+(?:we\s+)?(?:considered|weighed|discussed|rejected)|"
    r"không\s+(?:chọn|lấy)|(?:đã|bị)\s+loại(?:\s+bỏ)?|verworfen|abgelehnt|écartée?s?|descartad[oa]s?|rejeitad[oa]s?|scartat[oaie])"
    r"(?:\s+(?:names?|options?|alternatives?|ideas?|because\s+\w+))?[*_]*\s*(?:[:：.]|\s[—–-])",
    re.IGNORECASE,
)
"""What begins a paragraph about names that were weighed and not taken: `Rejected: past participles (...)`."""
PLANS = re.compile(
    r"\b(?:wants?|intends?|plans?|hopes?|wishes|aims?|would\s+like|is\s+going|are\s+going|expects?\s+to\s+need|going\s+to\s+need)\s+"
    r"(?:to|on)\s+(?:\w+\s+){0,3}?(?:add|send|have|get|need|introduce|emit|broadcast|build|ship|offer|support|publish|use|bring)\w*\b"
    r"|\b(?:plans?|planning|counts?|counting)\s+on\b|\b(?:waiting|waits?)\s+for\s+(?:an?\s+)?(?:design|decision|budget|approval)\b"
    r"|\b(?:some\s+day|sooner\s+or\s+later|in\s+the\s+(?:next|coming|spring|summer|autumn|winter|fall)\s+(?:release|version|year|quarter|sprint)|"
    r"next\s+(?:release|year|quarter|spring|summer|autumn|month))\b"
    r"|\b(?:muốn|dự\s+định|dự\s+kiến|sẽ)\s+(?:(?:có\s+)?thêm|bổ\s+sung|làm|phát\s+thêm)\b",
    re.IGNORECASE,
)
"""What tells of a name that somebody wants to have."""
CASE = re.compile(r"\b(?:if|when|whenever|once|who|whoever|where|you|nếu|khi|ai|wenn|si|se|als)\b", re.IGNORECASE)
"""What begins a case that is described: `if a client wants to send`."""
WAS = re.compile(
    r"^[`*_'\")]*\s*,?\s*(?:(?:event|room|name|which|that)\s+)?(?:(?:was|were|had\s+been|had|existed|served|lived|died|came\s+and\s+went|went\s+away|"
    r"disappeared|vanished|lasted)\b|(?:đã\s+)?từng\b)",
    re.IGNORECASE,
)
"""What follows a retired name that is spoken of as one of before: `X was one in 2023`."""
CONDITION = re.compile(
    r"\b(?:when(?:ever)?|once|after|if|as\s+soon\s+as|until|each\s+time|every\s+time|khi|sau\s+khi|nếu)\s+(?:an?\s+|the\s+|the\s+last\s+)?"
    r"[`*_'\"(]*$",
    re.IGNORECASE,
)
"""What stands before a name of which it is only said that it had come: `once X was received`."""
WRONG_LABEL = re.compile(
    r"[\W_]*(?:wrong|incorrect|bad|broken|don['’]?t|do\s+not|never|anti-?pattern|sai|đừng|falsch|faux|incorrecto|errado|sbagliato|fout)"
    r"\s*(?:[—–:]|-\s)\s*\S",
    re.IGNORECASE,
)
RIGHT_LABEL = re.compile(
    r"[\W_]*(?:right|correct|good|do|better|instead|đúng|richtig|juste|correcto|certo|giusto|goed)\s*(?:[—–:]|-\s)\s*\S",
    re.IGNORECASE,
)
"""Labels that say more behind a dash: `Wrong — the socket stores nothing:`."""
BROKEN = re.compile(
    r"\((?:broken|buggy|wrong|bad|faulty|vulnerable|hỏng|lỗi|kaputt|defekt)\)|(?:^|[\W_])(?:the\s+)?bug\b(?!-?\s*\d)\s*(?:[:!]|$|\()|"
    r"<-+\s*(?:the\s+)?(?:bug|typo|culprit|wrong)|\b(?:oops|typo)\b",
    re.IGNORECASE,
)
"""A comment that says of code that it is broken."""


DECIDED = re.compile(
    r"[\W_]*[\w.#-]{1,24}[*_`]*\s*[(\[](?:status:?\s*)?(?:rejected|declined|turned\s+down|withdrawn|superseded|abandoned|"
    r"dismissed|proposed|proposal|draft|deferred|postponed|parked|on\s+hold|under\s+discussion|"
    r"bị\s+(?:loại|từ\s+chối)|(?:đang\s+)?đề\s+xuất|hoãn|abgelehnt|verworfen|vorgeschlagen|zurückgestellt)\b[^)\]\n]{0,40}[)\]]",
    re.IGNORECASE,
)
"""What begins a line of a list of decisions of which one was not taken, or not yet: `**D-7** (rejected): ...`."""
IDEA = re.compile(
    r"[`*_'\")\]]*\s*(?:(?:is|are|was|were|remains?|stays?|là)\s+|(?=(?:chỉ|mới)\b))(?:(?:so\s+far|still|only|just|merely|nothing\s+(?:more\s+than|but)|"
    r"no\s+more\s+than|at\s+best|chỉ|mới)\s+){1,3}(?:là\s+)?(?:an?\s+)?(?:\w+\s+)?"
    r"(?:ideas?|thoughts?|wish(?:es)?|proposals?|plans?|sketch(?:es)?|drafts?|suggestions?|concepts?|ý\s+tưởng|đề\s+xuất)\b",
    re.IGNORECASE,
)
"""What follows a name that nobody has built: `X is only an idea`."""
NOTHING_CAME = re.compile(
    r"[`*_'\")\]]*\s*(?:,\s*)?(?:(?:and|but)\s+(?:\w+\s+){0,2}?(?:gets?|hears?|receives?|sees?|comes|arrives|happens)\s+(?:nothing|no\b)|"
    r"(?:and|but)\s+nothing\s+(?:comes|arrives|happens)\b|"
    r"(?:where|when|while|although)\s+(?:it|they|we|he|she)\s+(?:should|must|ought\s+to)\s+have\b)",
    re.IGNORECASE,
)
"""What follows a name that does not work, or was sent by mistake: `X and get nothing`, `X where it should have ...`."""
USED = re.compile(
    r"\b(?:we|they|it|the\s+(?:\w+\s+)?(?:server|service|gateway|backend|team)s?|clients|apps|servers)\s+(?:still\s+)?"
    r"(?:used|had|joined|sent|emitted|heard|called\s+it|named\s+it|spoke)\s+(?:the\s+)?(?:(?:room|event|name)s?\s+)?[`*_'\"(]*$",
    re.IGNORECASE,
)
UNTIL = re.compile(
    r"[`*_'\")]*\s*(?:\w+\s+){0,3}(?:until|till|up\s+to|before|through|prior\s+to)\b(?!\s+(?:the\s+)?\w+\s+(?:joins?|leaves?))",
    re.IGNORECASE,
)
"""What stands before and after a name that was there for a time: `we used X until 1.0`."""


def turned_down(text: str) -> bool:
    """Whether a text begins by saying that what it names was weighed and not taken."""
    return DOWN.match(text) is not None


def not_taken(text: str, subject: str) -> bool:
    """Whether a text says of a name that its decision was not taken, or that it is no more than an idea."""
    after = text.partition(subject)[2]
    return any(said is not None for said in (DECIDED.match(text), IDEA.match(after), NOTHING_CAME.match(after)))


def for_a_time(before: str, after: str) -> bool:
    """Whether what stands around a name says that it was used up to some time."""
    return USED.search(before) is not None and UNTIL.match(after) is not None


def planned(sentence: str) -> bool:
    """Whether a sentence tells what somebody wants to have, and not what to do where somebody wants something."""
    found = PLANS.search(sentence)
    return found is not None and CASE.search(re.split(r"[,;:]", sentence[: found.start()])[-1]) is None


def was(before: str, after: str) -> bool:
    """Whether what follows a retired name speaks of it as of one of before."""
    return WAS.match(after) is not None and CONDITION.search(before) is None
