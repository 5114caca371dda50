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
      | \b(?:was|were|had\s+been)\s+(?:still\s+)?(?:wait|listen|subscrib|broadcast|emit|send|us|join)\w*ing\b
      | \b(?:in|by|with|of|before|until|since|up\s+to|from)\s+(?:release|version|v\.?)\s*\d[\w.]*\b
      [^.]{0,60}\b(?:was|were|used|broadcast|emitted|sent|came)\b
      | \b(?:release|version)\s+[01]\.\w+\s+(?:and|still)\b
      | \b(?:the|a)\s+v?[01]\.\w+\s+(?:app|client|release|build|server|service|pod)\b
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
    r"\boutages?\b|\bwhat\s+happened\b|\btimeline\b|\bretro(?:spective)?s?\b|\bpast\b|\blessons\b|\broot\s+cause\b|"
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
    r"bad\s+(?:input|requests?|payloads?|data|messages?|calls?|values?|ids?)|invalid\b|malformed|"
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


def of_before(piece: Piece, before: str, after: str, sentence: str, *, retired: bool) -> bool:
    """Whether what stands around a name that is not documented says that it was there before, or goes.

    Args:
        retired: the contracts say that there was such a name: on a day of the past it was right.
    """
    if REMOVED.search(before) or FORBIDS.search(before) or GOES.match(after) or THEN.search(sentence):
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
    r"\b(?:as\s+it\s+(?:was|used\s+to\s+be)|(?:the\s+)?(?:bug|culprit|offending|buggy|faulty)\b|"
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
