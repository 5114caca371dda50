"""In which mood a place speaks: of what is, of what was or will go, or of what is wrong on purpose. Pure.

Only what is stated as a fact is held against contracts. The evidence is looked for at each level: the words right
before and behind a name, its sentence or row, the label above its list, and its headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from conformance.align.markdown import Piece

_NAME = r"[`*_'\"(]*[\w:{}<>$./#-]+[`*_'\")]*"
_AND = r"(?:\s*(?:,|/|\+|&)\s*|\s+(?:and|or|und|oder|et|ou|y|o|e|và|hoặc|hay)\s+)"
_THINGS = (
    r"(?:(?:the|our|all|any|every|its|old|dead|stale|unused|last|legacy|both|use|uses|usage|support|of|for|to|"
    r"event|events|room|rooms|name|names|"
    r"handlers?|listeners?|constants?|code|messages?|alias(?:es)?|called|named|with|dash|dashed|"
    r"sự\s+kiện|phòng|tên|kênh|các|những|cũ|hàm|có|dấu|gạch|trình|xử\s+lý|dùng|sử\s+dụng|nghe|phát|gửi)\s+){0,5}"
)
_REMOVES = (
    r"remov(?:e|es|ed|ing|al\s+of)|drop(?:s|ped|ping)?|delet(?:e|es|ed|ing|ion\s+of)|g[eo]t(?:ting)?\s+rid\s+of|"
    r"kill(?:s|ed|ing)?|"
    r"retir(?:e|es|ed|ing)|sunset(?:s|ting)?|phas(?:e|es|ed|ing)\s+out|clean(?:s|ed|ing)?\s+(?:up|out)|"
    r"abandon(?:s|ed)?|"
    r"deprecat(?:e|es|ed|ing)|purg(?:e|es|ed|ing)|stop(?:s|ped)?(?:\s+(?:using|emitting|sending|broadcasting|"
    r"listening))?|"
    r"mov(?:e|ed|ing)\s+(?:away|off)(?:\s+from)?|migrat(?:e|ed|ing)\s+(?:away|off)(?:\s+from)?|strip(?:s|ped)?|"
    r"scrap(?:s|ped)?|"
    r"(?:loại\s+)?bỏ(?:\s+đi)?|gỡ(?:\s+bỏ)?|x(?:oá|óa)(?:\s+bỏ)?|thôi|ngừng|ngưng|dừng|cắt|"
    r"entfern(?:t|en)|gelöscht|abgeschafft|supprim(?:é|ée|er|ons)|retir(?:é|ée|er)|elimin(?:a|ado|ada|ar|amos)|"
    r"quit(?:a|ado|ar|amos)|"
    r"remov(?:ido|ida|er)|rimoss[oaie]|tolt[oaie]|verwijder(?:d|en)|usuni[ęe]t[oaye]|hapus|dihapus"
)
FORBIDS = re.compile(
    r"\b(?:không|đừng|chớ|never|don['’]t|do\s+not|no\s+need\s+to)\s+(?:(?:nên|được|cần|phải|ever)\s+)?"
    r"(?:lắng\s+nghe|nghe|gửi|phát|emit|listen(?:\s+(?:to|for))?|đăng\s+ký|chờ|đợi|wait\s+for|"
    r"expect)\s+(?:(?:sự\s+kiện|event|the)\s+)?[`*_'\"(]*$",
    re.IGNORECASE,
)
"""What stands right before a name that is not to be used."""
REMOVED = re.compile(
    rf"(?<![\w-])(?:{_REMOVES})\s+{_THINGS}(?:{_NAME}{_AND}{_THINGS}){{0,6}}[`*_'\"(]*$", re.IGNORECASE
)
"""What stands right before a name that is taken away: `remove the dead X handler`, `bỏ phòng X`."""

CLEANED = re.compile(
    rf"(?<![\w-])(?:{_REMOVES})\s+(?:the|all|any|every|our|those|các|những)\s+(?:[\w-]+\s+){{1,3}}(?:that|which|who|mà|còn)\s+"
    r"(?:\w+\s+){0,2}(?:speak|use|emit|send|listen|know|contain|mention|join|call|expect|wait|dùng|phát|gửi|nghe)\w*\s+"
    r"(?:(?:to|for|of|about)\s+)?[`*_'\"(]*$",
    re.IGNORECASE,
)
"""What stands right before a name that goes with what speaks it: `delete the mocks that still use X`."""

GOES = re.compile(
    r"""^[`*_'")]*[\s|]*(?:(?:events?|handlers?|listeners?|rooms?|names?|sự\s+kiện|phòng)\s+)?[\s|,(–—:-]*
      (?:(?:which|that|it|this|(?:sự\s+kiện|tên|phòng)\s+(?:này|đó)|nó)\s+)?(?:
      (?:will|shall|is\s+going\s+to|are\s+going\s+to|is\s+to|are\s+to|to|can|should|must)\s+(?:soon\s+)?
        (?:be\s+(?:\w+ly\s+)?(?:removed|dropped|deleted|retired|gone|switched\s+off|shut\s+down|phased\s+out)|go(?:\s+away)?\b(?!\s+to)|disappear|die)
      | (?:goes|go|went)\s+(?:away|in\s+v?\d|with\s+v?\d) | (?:disappears?|disappeared|died|left)\b
      | (?:has|have|had)\s+(?:done|meant|had)\s+(?:nothing|no)\b | (?:does|do|did)\s+nothing\b
      | (?:only|just|merely)\s+(?:writes?|logs?|warns?|prints?)\b
      | (?:is|was|are|were)\s+(?:a\s+)?(?:no-?op|leftover|relic|dead)\b
      | (?:has\s+|had\s+)?no\s+effect\b | kept\s+(?:only\s+)?for\b | (?:is|are)\s+kept\s+only\b
      | (?:has|have)\s+been\s+(?:\w+\s+)?(?:removed|dropped|deleted|retired|renamed|replaced)
      | (?:sẽ|đã|bị|được|cần)\s+(?:\w+\s+)?(?:(?:loại\s+)?bỏ|gỡ|x(?:oá|óa)|ngừng|thay|đổi)
      | (?:là|thì)\s+(?:sai|cũ|không\s+đúng) | (?:không\s+còn|hết\s+(?:dùng|hiệu\s+lực)|cũ\b)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
"""What stands right behind a name that goes, or does nothing any more."""

_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
DATE = re.compile(
    rf"\W*(?:\d{{4}}-\d\d(?:-\d\d)?|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{1,2}}[./-]\d{{4}}|"
    rf"\d{{1,2}}\s+{_MONTHS}\b|{_MONTHS}\s+\d{{1,4}}\b|Q[1-4]\s+\d{{4}}|"
    r"(?:tháng|ngày)\s+\d|\d{1,2}:\d\d(?::\d\d)?\b(?=\W))",
    re.IGNORECASE,
)
"""What begins a row or an item that tells what happened on a day or at a time."""

THEN = re.compile(
    r"""\bold(?:er)?\s+(?:\w+\s+){0,2}?(?:pods?|releases?|builds?|versions?|apps?|clients?|servers?|nodes?|handlers?|code|one|form)
        \s+(?:still|kept|had|used|sent|broadcast|emitted|listened|waited|joined|was|were|did|would)\b
      | \b(?:kept|continued)\s+(?:on\s+)?\w+ing\b
      | \blast\s+(?:one|version|release|build|app|client)s?\s+(?:that|which|to|with)\b
      | \b(?:was|were|had\s+been)\s+(?:still\s+)?(?:wait|listen|subscrib|broadcast|emit|send|us|join)\w*ing\b
      | \b(?:in|by|with|of|before|until|since|up\s+to|from)\s+(?:release|version|v\.?)\s*\d[\w.]*\b
      [^.]{0,60}\b(?:was|were|used|broadcast|emitted|sent|came)\b
      | \b(?:release|version)\s+[01]\.\w+\s+(?:and|still)\b
      | \b(?:the|a)\s+v?[01]\.\w+\s+(?:app|client|release|build|server|service|pod)\b
      | \b(?:until|up\s+to)\s+v?\d+\.\d[\w.]*[^.]{0,60}\b(?:was|were|used|came)\b
      | \bbefore\s+(?:v?\d|version|release|the\s+(?:release|rename|migration|change|upgrade)|that\b)
      | \bused\s+to\b | \bback\s+then\b
      | \bfor\s+historical\s+reasons\b | \bin\s+the\s+(?:old|first)\s+(?:days|version|release|design|draft)\b
      | \btrước\s+(?:ngày|tháng|năm|bản|phiên\s+bản|khi|đây|kia|đó|v?\d)
      | \b(?:bản|phiên\s+bản|app|ứng\s+dụng|máy\s+chủ|tên)\s+(?:trước|cũ)\b | \bhồi\s+(?:đó|trước)\b | \btừng\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What tells of a time before in a sentence."""

STORY = re.compile(
    r"\bincidents\b|\bincident\s+(?:reports?|reviews?|log|history|notes?|timeline)\b|\bpost-?\s?mortems?\b|"
    r"\boutages?\b|\bwhat\s+(?:happened|went\s+(?:wrong|well))\b|\btimeline\b|\bretro(?:spective)?s?\b|\bpast\b|\blessons\b|\broot\s+cause\b|"
    r"\b(?:errors?|bugs?|problems?|mistakes?)\s+(?:we|that)\s+(?:\w+\s+)?(?:had|hit|met|made|saw|found)\b|"
    r"\b(?:lỗi|sự\s+cố|vấn\s+đề)\s+đã\s+(?:gặp|xảy\s+ra|sửa)\b|"
    r"\bsự\s+cố\b|\bnhật\s+ký\b|\blịch\s+sử\b|\bđã\s+xảy\s+ra\b|\bvorfälle?\b|\bincidentes?\b|"
    r"\bbefore\s+(?:v?\d|the)\b",
    re.IGNORECASE,
)
"""The heading under which people tell what happened."""

TAKEN = re.compile(
    r"[\W_]*(?:(?:we|these|this|what\s+we|already|finally|also|now|the\s+following|names?|events?)\s+)*"
    r"(?:remov(?:ed|als?)|dropped|deleted|retired|deprecat(?:ed|ions?)|gone|no\s+longer\s+\w+|sunset|scrapped|"
    r"(?:đã\s+)?(?:(?:loại\s+)?bỏ|gỡ(?:\s+bỏ)?|xoá|xóa)|không\s+còn(?:\s+dùng)?|ngừng(?:\s+dùng)?|lỗi\s+thời|"
    r"entfernt|entfallen|supprimés?|eliminad[oa]s?|removid[oa]s?|rimoss[ie]|verwijderd)"
    r"(?:\s+(?!`)[^\W\d][\w-]*){0,6}\s*(?:\([^)]*\))?[*_\s]*[:：][*_\s]*$",
    re.IGNORECASE,
)
"""A label above a list of what was taken away: `Removed in this sprint:`."""

_BAD = (
    r"on\s+purpose|deliberately|intentionally|cố\s+(?:ý|tình)|absichtlich|bad\s+(?:input|requests?|payloads?|data|messages?|calls?|values?|ids?)|invalid\b|malformed|"
    r"negative\s+(?:tests?|cases?|paths?)|unhappy\s+path|garbage|nonsense|rubbish|junk|break\s+things|"
    r"(?:wrong|broken|incomplete|faulty)\s+(?:input|requests?|payloads?|data|fields?|types?|values?|messages?|"
    r"bod(?:y|ies))|"
    r"validation\b|edge\s+cases|error\s+cases|fuzz\w*|"
    r"không\s+hợp\s+lệ|dữ\s+liệu\s+(?:sai|hỏng|xấu|thiếu)|(?:gửi|nhập)\s+sai|ungültig\w*|invalides?|"
    r"inválid[oa]s?|non\s+valid[oaie]|ongeldig\w*|"
    r"nieprawidłow\w+|tidak\s+valid"
)
_REFUSES = (
    r"(?:must|has\s+to|have\s+to|should|will|to)\s+(?:all\s+|each\s+)?(?:be\s+(?:refused|rejected|denied|"
    r"turned\s+down)|fail|end\s+in\s+an?\s+`?error|"
    r"(?:give|get|return|yield|produce|answer(?:\s+with)?|cause|raise|trigger)\s+(?:exactly\s+)?(?:an?\s+|"
    r"one\s+)?`?(?:error|4\d\d))|"
    r"(?:is|are|gets?|was|were)\s+(?:refused|rejected|denied|turned\s+down)|fails?\s+with|(?:answers?|answered|"
    r"returns?|gives?|gets?|got|receives?|received|yields|refused\s+with|ends\s+(?:in|with)|responds?\s+with|"
    r"with|→|->|=>)\s+"
    r"(?:an?\s+|one\s+|HTTP\s+|status\s+)*`?(?:4(?:00|13|22)\b|error\b(?!:)|VALIDATION|BAD_REQUEST|INVALID)|"
    r"(?:trả|nhận|báo|phát)\s+(?:về\s+|lại\s+|ra\s+)?(?:lỗi|`error`|mã\s+4\d\d|4\d\d)|bị\s+từ\s+chối|"
    r"phải\s+(?:lỗi|trả\s+`?error)"
)
REFUSED = re.compile(rf"(?<![\w-])(?:{_BAD}|{_REFUSES})", re.IGNORECASE)
"""What says that what is sent is wrong on purpose."""
GOOD = re.compile(
    r"(?<![\w-])(?:valid\b|good\b|positive|correct|happy\s+path|right\b|accepted|(?<!không )hợp\s+lệ|đúng|gültig\w*)",
    re.IGNORECASE,
)
"""What says that it is right."""
REFUSING = re.compile(
    r"(?<![A-Za-z])(?:reject|refus|invalid|without|missing|bad|malformed|fail|wrong|4\d\d|empty|deni|"
    r"(?:answers?|emits?|with|gives?|gets?)_?\s?(?:an?_?\s?)?error|"
    r"error(?:s)?_?\s(?:on|for|when|if)|từ_?\s?chối|lỗi|thiếu|sai)",
    re.IGNORECASE,
)
"""What the title of a test says of what it sends."""


ELSEWHERE = re.compile(
    r"\b(?:analytics|amplitude|mixpanel|post-?hog|matomo|plausible\.io|tag\s+manager|telemetry|"
    r"tracking\s+(?:plan|events?|calls?)|"
    r"redux|vuex|pinia|ngrx|zustand|reducers?|mitt|nanoevents|event-?emitter\d?|(?:local|internal|in-?process|in-?app|browser)[-\s]+(?:event\s+)?bus|"
    r"(?:browser-)?local\s+events?|locally|broadcast-?channel|post-?message|dispatch-?event|"
    r"(?:is|are)\s+(?:not|none\s+of)\s+ours|(?:is|are)\s+nothing\s+of\s+ours|không\s+phải\s+của\s+(?:chúng\s+)?(?:ta|tôi|mình)|"
    r"(?:that|which|they)\s+never\s+leave|never\s+(?:goes|go|sent)\s+(?:over|on|through)\b|never\s+(?:sent|leaves?\s+the\s+\w+)(?=\s*(?:[.;)*]|$))|"
    r"not\s+(?:sent\s+)?(?:to|over|through)\s+(?:our|the|any)\s+(?:own\s+)?(?:servers?|service|sockets?|network|wire)|"
    r"thống\s+kê|phân\s+tích|nội\s+bộ|cục\s+bộ|không\s+(?:gửi\s+)?(?:qua|lên)\s+(?:mạng|máy\s+chủ|socket))\b",
    re.IGNORECASE,
)
"""What is said of names of another thing than the service: those of analytics, or of a bus within an app."""
_GIVEN_UP = (
    r"parked|postponed|shelved|put\s+(?:off|on\s+ice)|on\s+ice|deferred|withdrawn|reverted|rolled\s+back|undone|"
    r"backed\s+out|taken\s+back|turned\s+down|voted\s+down|rejected|abandoned|not\s+(?:decided|agreed|taken\s+up)|"
    r"undecided|(?:never|not)\s+(?:came|come|shipped|landed|happened|merged|built|made\s+it|went\s+live|existed|got\s+built)|"
    r"came\s+to\s+nothing|died|"
    r"hoãn|gác\s+lại|hoàn\s+tác|bị\s+từ\s+chối|chưa\s+(?:làm|có|quyết|chốt)|"
    r"zurückgestellt|verschoben|vertagt|verworfen|abgelehnt|abandonnée?|reportée?|descartad[oa]|aplazad[oa]"
)
GIVEN_UP = re.compile(
    rf"(?:[.;,(—–|]\s*|\b(?:it|that|this|they|which|both|(?:the|that|this)\s+(?:idea|proposal|plan|name|change|event))\s+)"
    rf"[*_]*(?:(?:was|were|is|has|have|been|got|then|later|soon|but|again|đã|bị|được|wurde)\s+){{0,3}}(?:{_GIVEN_UP})\b",
    re.IGNORECASE,
)
"""What is said of a plan that came to nothing, or of a change that was taken back."""
WEIGHED = re.compile(
    r"\b(?:propos(?:ed|es)|suggest(?:ed|s)|sketch(?:ed|es)|drafted|brainstormed|pitched|floated|imagined|toyed\s+with|"
    r"thought\s+(?:about|of)|(?<!\bbe\s)(?<!\bis\s)(?<!\bare\s)asked\s+for|wished\s+for|would\s+(?:like|love|need|want|be\s+called)|"
    r"đề\s+xuất|đề\s+nghị|vorgeschlagen|schlug|proposée?|propuso|sugirió)\b[^.;]*$",
    re.IGNORECASE,
)
"""What stands before a name that somebody only had in mind."""
DISOWNED = re.compile(
    r"(?:^|[.;!(—–]\s+)[*_]*(?:"
    r"(?:please\s+)?(?:do\s+not|don['’]t|never)\s+(?:copy|use|follow|trust|believe|rely\s+on|imitate|repeat|reuse)\s+"
    r"(?:it|them|this|that|those)\b|"
    r"(?:please\s+)?(?:ignore|forget|disregard)\s+(?:it|them|this|that|those)\b|"
    r"(?:it|that|this|they|those)(?:\s+(?:is|was|are|were)|['’]s)\s+(?:\w+\s+)?(?:wrong|outdated|out\s+of\s+date|obsolete|"
    r"a\s+mistake|a\s+leftover|not\s+true|never\s+true|no\s+longer\s+true|fiction|long\s+gone)\b|"
    r"(?:đừng|không)\s+(?:dùng|chép|làm|tin)\s+theo\b|(?:cái|tên|hình)\s+(?:đó|này)\s+(?:đã\s+)?(?:sai|cũ)\b|"
    r"nicht\s+(?:abschreiben|übernehmen)\b)",
    re.IGNORECASE,
)
"""What a later sentence says of what was only shown: `Do not copy it.`"""
FAULTY = re.compile(
    r"""^[`*_'")]*\s*(?:events?\s+|rooms?\s+)?(?:(?:\w+\s+){0,3}?)(?:is|are|has|means)\s+(?:\w+\s+)?(?:an?\s+)?
      (?:bugs?|mistakes?|defects?|violations?|breach|no-?go|anti-?patterns?|red\s+flag)\b
      | ^[`*_'")]*\s*(?:(?:\w+\s+){0,2}?)(?:là|bị\s+coi\s+là)\s+(?:một\s+)?(?:lỗi|bug|sai|vi\s+phạm)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""What follows a name that is not to be found any more: `a service that handles X is a bug`."""
NOTHING = re.compile(
    r"(?:\||→|⇒|->|=>|[:;,—–])\s*[*_`]*(?:nothing|no\s+(?:reaction|effect|answer|reply|response|event|broadcast|change|"
    r"trace|message|one|handler)|nobody|ignored|silence|silent\w*|not\s+(?:stored|broadcast|handled|persisted|relayed|passed)|"
    r"không\s+(?:có\s+(?:gì|phản\s+hồi)|ai)|im\s+lặng|bị\s+bỏ\s+qua|nichts|rien|nada|niente|niets|nic\b)",
    re.IGNORECASE,
)
"""What is said to come of a name that is tried to show that it is gone."""
_AT_FAULT = (
    r"(?:you|your|we|our|somebody|someone|bạn|mình|(?:the|an?|that|this)\s+(?:\w+\s+)?"
    r"(?:app|client|page|screen|view|code|component|hook|listener|handler|widget|script|test))"
)
CAUSE = re.compile(
    r"[\W_]*(?:(?:likely|probable|possible|usual|common|root|the|most)\s+){0,2}"
    r"(?:causes?|reasons?|diagnosis|explanation|why|mistake|culprit|nguyên\s+nhân|lý\s+do|ursache|grund|causa|oorzaak)"
    r"(?![^\W_])(?:[*_]*\s?[.:：?!—–-]|[*_]{2})",
    re.IGNORECASE,
)
"""The label of what went wrong: `**Cause.** You wait for X`."""
AT_FAULT = re.compile(rf"\b{_AT_FAULT}\b", re.IGNORECASE)
"""Whose mistake a cause is."""


def of_nothing(piece: Piece, before: str, after: str, sentence: str) -> bool:
    """Whether a name that is not documented is one of something else, of a plan, or of the reader's mistake."""
    around = (sentence, piece.lead if piece.kind == "item" else "", *piece.section[-1:])
    if piece.kind == "cell":
        around = (*around, piece.above)
    if any(ELSEWHERE.search(text) for text in around if text):
        return True
    behind = after + piece.row.partition(piece.text)[2][:BEHIND] if piece.kind == "cell" else after
    if HUNTED.search(before) or GUESSED.search(before):
        return True
    if WEIGHED.search(before) or GIVEN_UP.search(behind) or FAULTY.match(after):
        return True
    alone = re.split(r"`[^`\n]*[a-z]:[a-z][^`\n]*`", after, maxsplit=1)[0]
    if DISOWNED.search(alone):
        return True
    caused = CAUSE.match(piece.text) or CAUSE.match(f"{piece.head}:" if piece.head else "")
    return caused is not None and AT_FAULT.search(before) is not None


BEHIND = 160
"""Characters of the cells behind a name that are asked what became of it."""


def shows_a_mistake(around: Iterable[str], section: Sequence[str]) -> bool:
    """Whether what stands above code says that it is what somebody does wrong, or what was drawn long ago."""
    return any(
        (CAUSE.match(text) and AT_FAULT.search(text)) or OLD_PICTURE.search(text) for text in around if text
    ) or any(OLD_PLACE.match(text) for text in section[-1:])


OLD_PICTURE = re.compile(
    r"\b(?:it|this|that|they|these|both)\s+(?:is|are|was|were)\s+(?:\w+\s+)?(?:wrong|outdated|obsolete|out\s+of\s+date|history)\b|"
    r"\b(?:wrong|outdated|obsolete|no\s+longer\s+(?:true|so|valid|current))\s+(?:today|now|since)\b|"
    r"\bno\s+longer\s+(?:true|so|valid|current|how)\b|"
    r"\bkept\s+(?:here\s+)?(?:only\s+)?(?:for|as)\s+(?:the\s+)?(?:history|archaeolog\w+|record|memory|a\s+reminder|reference\s+only)\b|"
    r"\b(?:trước\s+đây|ngày\s+trước|đã\s+lỗi\s+thời)\b|\b(?:war|galt)\s+(?:früher|damals)\b",
    re.IGNORECASE,
)
"""What is said of a diagram or of code that shows what was before."""
OLD_PLACE = re.compile(
    r"\W*(?:\d+(?:\.\d+)*[.)]?\W+)?(?:the\s+)?(?:old|ancient|obsolete|outdated|former|historical|museum|attic|graveyard|"
    r"archaeology|how\s+it\s+(?:was|used\s+to\s+be)|"
    r"before\s+the\s+(?:rewrite|rename|migration|move)|sơ\s+đồ\s+cũ|hình\s+cũ|bảo\s+tàng|früher)\b",
    re.IGNORECASE,
)
"""The heading of what was before."""


HUNTED = re.compile(
    r"(?:\bunder\s+no\s+circumstances\s+(?:\w+\s+){1,3}|"
    r"\b(?:if|whenever|when|should)\s+(?:you|we|anyone|anybody|somebody|someone|bạn)\s+(?:ever\s+|still\s+)?"
    r"(?:sees?|finds?|meets?|spots?|comes?\s+across|runs?\s+into|gặp|thấy)\s+(?:an?\s+|the\s+)?|"
    r"\b(?:greps?|search(?:es)?|scans?|hunts?)\s+for\s+(?:the\s+)?|"
    r"\b(?:flags|forbids|bans|prohibits|complains\s+about|warns\s+(?:of|about)|trips\s+over)\s+(?:the\s+|any\s+)?|"
    r"(?::no_entry(?:_sign)?:|:x:|:stop_sign:|🚫|⛔|🛑)\s*(?:\w+\s+)?)[`*_'\"(]*$",
    re.IGNORECASE,
)
"""What stands right before a name that is looked for to be rid of it."""
FRUITLESS = re.compile(
    r"[`*_'\")]*\s*(?:\w+\s+){0,2}(?:do|does|did|must|should|may|will|can|is|are)\s*(?:not|never|n['’]t)\s+(?:\w+\s+)?"
    r"(?:reach|arrive|trigger|cause|store|show|appear|lead|result|do\s+anything|change|produce|heard|seen|delivered|stored|"
    r"relayed|told)\w*\b",
    re.IGNORECASE,
)
"""What follows a retired name of which nothing comes."""
GUESSED = re.compile(
    r"\b(?:you|your\s+\w+)\s+(?:probably|likely|perhaps|maybe|surely|must\s+have|could\s+have|apparently)\b[^.;]*$|"
    r"\b(?:probably|likely|perhaps|maybe)\s+(?:you|your\s+\w+)\b[^.;]*$|\b(?:có\s+lẽ|chắc|có\s+thể)\s+bạn\b[^.;]*$",
    re.IGNORECASE,
)
"""What a helper supposes that the reader does wrong."""
FAILED = re.compile(
    r"[\W_]*(?:that|this|it|which)\s+(?:(?:did|does|has|had|had\s+done)\s+(?:nothing|no\s+effect)|(?:did|does)\s*(?:not|n['’]t)\s+work|"
    r"(?:is|was)\s+(?:wrong|not\s+right|a\s+mistake)|never\s+(?:worked|works)|fails|failed)\b",
    re.IGNORECASE,
)
"""What the sentence right below code says of code that did not work."""


def of_before(piece: Piece, before: str, after: str, sentence: str, *, retired: bool) -> bool:
    """Whether what stands around a name that is not documented says that it was there before, or goes.

    Args:
        retired: the contracts say that there was such a name: on a day of the past it was right.
    """
    if of_nothing(piece, before, after, sentence):
        return True
    if retired and FRUITLESS.match(after):
        return True
    if retired and NOTHING.search(after + (piece.row.partition(piece.text)[2] if piece.kind == "cell" else "")):
        return True
    if (
        REMOVED.search(before)
        or CLEANED.search(before)
        or FORBIDS.search(before)
        or GOES.match(after)
        or THEN.search(sentence)
    ):
        return True
    if retired and piece.kind in ("cell", "item") and DATE.match(piece.row or piece.text):
        return True
    return piece.kind == "item" and TAKEN.match(piece.lead) is not None


def in_contrast(after: str, right: str) -> bool:
    """Whether what follows a wrong name says in the same breath what is right: `you joined X; the service uses Y`."""
    at = after.find(right)
    return at >= 0 and CONTRAST.search(after[:at]) is not None and not re.search(r"\.\s", after[:at])


CONTRAST = re.compile(
    r";|\b(?:but|whereas|while|instead(?!\s+of)|should|must|has\s+to|correct|right|the\s+(?:service|server)\s+(?:uses|"
    r"joins|has|sends|knows|expects)|"
    r"nhưng|nay|thay|phải|đúng|aber|mais|pero|mas|ma|maar)\b",
    re.IGNORECASE,
)
"""What stands between what is wrong and what is right."""


def told_as_a_story(section: Sequence[str]) -> bool:
    """Whether a heading says that what stands below it tells what happened."""
    return any(STORY.search(text) for text in section)


@lru_cache(maxsize=1024)
def _refuses(text: str) -> bool | None:
    """Whether a text says that what is sent is wrong (True) or right (False); None where it says neither."""
    bad, good = REFUSED.search(text), GOOD.search(text)
    if bad is None:
        return False if good else None
    return True


OLD_CODE = re.compile(
    r"\b(?:my|our|the)\s+(?:very\s+)?first\s+(?:attempt|try|guess|draft)\b|\b(?:I|we)\s+(?:at\s+)?first\s+(?:tried|wrote|had)\b|"
    r"\b(?:as\s+it\s+(?:was|used\s+to\s+be)|(?:the\s+)?(?:bug(?![-#\s]*\d)|culprit|offending|buggy|faulty)\b|"
    r"before\s+the\s+(?:fix|change)|what\s+(?:broke|went\s+wrong|caused\s+it)|"
    r"(?:code|test|version|handler|client|app)\s+(?:of\s+)?(?:then|at\s+the\s+time)|trước\s+khi\s+sửa|mã\s+cũ|"
    r"code\s+cũ|đoạn\s+(?:mã\s+)?gây\s+lỗi)",
    re.IGNORECASE,
)
"""What says of code that it was so, and was wrong."""


def of_old_code(around: Iterable[str]) -> bool:
    """Whether a comment or the label above code says that it is what was there before."""
    return any(_is_old(text) for text in around if text)


@lru_cache(maxsize=1024)
def _is_old(text: str) -> bool:
    return OLD_CODE.search(text) is not None


def wrong_on_purpose(around: Iterable[str]) -> bool:
    """Whether what is sent is said to be wrong, by the nearest text that says anything of it."""
    return next((said for text in around if text and (said := _refuses(text)) is not None), False)
