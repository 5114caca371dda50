"""How paths of HTTP calls are compared: placeholders, examples of ids, and slips. Pure."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache
from itertools import takewhile

from conformance.align import senses
from conformance.align.vocabulary import fold
from contracts.model import Bundle, Call

PLACEHOLDER = re.compile(r".*(?:\$?\{[^}]*\}|<[^>]*>|\[[\w.-]+\]|%[sd]|\$\w+).*|:\w+|\*|\.\.\.|…")
CLOSE = 0.75
"""From how alike on (as difflib has it) a word of a path is a slip of another."""

MADE = frozenset({"send", "create", "new", "add", "post", "submit", "store"})
LISTED = frozenset({"history", "list", "all", "recent", "page", "pages"})
"""Words that say no more than that something is made, and that it is listed."""

READ = frozenset({"detail", "details", "view", "read", "get", "one", "single", "info", "show"})
"""Words that say no more than that one of a list is read."""
SWAPPED = 3
"""A path of fewer words is another one when they stand in another order."""

LONG = 4
"""A word of fewer letters is a slip of no other."""

EXAMPLE = re.compile(
    r"[\w-]*\d[\w-]*|(?-i:[A-Z][A-Z0-9_]+)|[0-9a-f]{8,}|(?:my|your|test|some|demo)[-_]?\w*|abc|xyz|me",
    re.IGNORECASE,
)
"""What looks like an id, or stands for one."""


RELATIVE = re.compile(r"(?!\w+:)[\w{}$<>.-]+(?:/[\w{}$<>.:-]+)+(?:\?\S*)?")


def is_relative(path: str) -> bool:
    """Whether a text is a path that is to be joined to a base: `messages/{id}`."""
    return RELATIVE.fullmatch(path) is not None


@lru_cache(maxsize=4096)
def parts(path: str) -> tuple[str, ...]:
    """The words of a path without its query."""
    return tuple(re.split(r"[?#]", path, maxsplit=1)[0].strip("/").split("/"))


def pattern(path: str) -> str:
    """A path with `*` for every placeholder, without its query."""
    return "/" + "/".join("*" if PLACEHOLDER.fullmatch(part) else part for part in parts(path))


def fits(path: str, documented: str) -> bool:
    """Whether a path is a documented one, with placeholders or examples of ids for its parameters."""
    own, meant = parts(path), parts(documented)
    return len(own) == len(meant) and all(
        one == other or (other[:1] == ":" and bool(one)) for one, other in zip(own, meant, strict=True)
    )


def ends(path: str, documented: str) -> bool:
    """Whether a path is the end of a documented one, as that of a router mounted below is."""
    own, meant = parts(path), parts(documented)
    if not any(own) or len(own) > len(meant):
        return False
    return fits(path, "/".join(meant[len(meant) - len(own) :]))


def is_behind(path: str, documented: str) -> bool:
    """Whether a path is a documented one, or one behind the prefix of a gateway."""
    own, meant = parts(path), parts(documented)
    return len(own) >= len(meant) and fits("/".join(own[len(own) - len(meant) :]), documented)


def literal(path: str, documented: str) -> int:
    """How many words of a path are those of a documented one: what is more literal fits better."""
    return sum(one == other for one, other in zip(parts(path), parts(documented), strict=False))


def is_slip(path: str, documented: str) -> bool:
    """Whether a path is a documented one but for one word that is a letter or two off."""
    own, meant = parts(path), parts(documented)
    if len(own) != len(meant):
        return False
    unlike = [
        (one, other) for one, other in zip(own, meant, strict=True) if one != other and not (other[:1] == ":" and one)
    ]
    return len(unlike) == 1 and _slip(*unlike[0])


def is_swapped(path: str, documented: str) -> bool:
    """Whether a path has the words and the parameters of a documented one, or of its end, in another order."""
    own, meant = parts(path), parts(documented)
    meant = meant[len(meant) - len(own) :]
    if len(own) != len(meant) or len(own) < SWAPPED or fits(path, "/".join(meant)):
        return False
    fixed = sorted(one for one in meant if one[:1] != ":")
    left = [one for one in own if one not in fixed]
    return (
        len(fixed) > 1
        and sorted(one for one in own if one in fixed) == fixed
        and all(PLACEHOLDER.fullmatch(one) or EXAMPLE.fullmatch(one) for one in left)
    )


def is_other_word(path: str, documented: str) -> bool:
    """Whether a path is a documented one but for its last word, which says the same: `/remove` for `/leave`."""
    own, meant = parts(path), parts(documented)
    if len(own) != len(meant) or not fits("/".join(own[:-1]), "/".join(meant[:-1])) or meant[-1][:1] == ":":
        return False
    return own[-1] != meant[-1] and senses.of(own[-1]) is not None and senses.of(own[-1]) == senses.of(meant[-1])


def less_than(path: str, call: Call) -> bool:
    """Whether a path is that of a call which changes something, without the last word, which says what is done."""
    own, meant = parts(path), parts(call.path)
    return (
        call.method != "GET"
        and len(own) == len(meant) - 1 > 1
        and meant[-1][:1] != ":"
        and fits(path, "/".join(meant[:-1]))
        and plainly(path, "/".join(meant[:-1]))
    )


def is_below(path: str, documented: str, base: str) -> bool:
    """Whether a path has its last words behind those of a room: `/sos/:sosId/messages` for `/messages/:sosId`."""
    own, meant = parts(path), parts(documented)
    if len(own) != len(meant) + 1 or meant[-1][:1] != ":" or len(meant) < SWAPPED - 1:
        return False
    return (
        own[: len(meant) - 2] == meant[:-2]
        and own[-1] == meant[-2]
        and own[-3].lower().rstrip("s") == base.rstrip("s")
        and PLACEHOLDER.fullmatch(own[-2]) is not None
    )


def reads_by_a_word(path: str, call: Call) -> bool:
    """Whether a path is that of a call which reads one, with a word that says so for a fixed one: `/one/:id`."""
    own, meant = parts(path), parts(call.path)
    if call.role != "read" or len(own) != len(meant) or fits(path, call.path):
        return False
    unlike = [(one, other) for one, other in zip(own, meant, strict=True) if one != other and other[:1] != ":"]
    return len(unlike) == 1 and unlike[0][0].lower() in READ and own[-1] != unlike[0][0]


def more_than(path: str, call: Call) -> bool:
    """Whether a path is a documented one with a word behind or before its last that only says what the call does."""
    own, meant = parts(path), parts(call.path)
    said = MADE if call.method == "POST" else LISTED if call.method == "GET" and call.query else frozenset[str]()
    return len(own) == len(meant) + 1 and any(
        own[at].lower() in said and fits(rest, call.path) and plainly(rest, call.path)
        for at in (len(own) - 1, len(own) - 2)
        if (rest := "/".join(own[:at] + own[at + 1 :]))
    )


def reads_one(path: str, call: Call) -> bool:
    """Whether a path is that of a list with an id and a word that only says that one of it is read: `/:id/detail`."""
    own, meant = parts(path), parts(call.path)
    if (
        call.role != "read"
        or len(own) != len(meant)
        or own[-1].lower() not in READ
        or PLACEHOLDER.fullmatch(own[-2]) is None
    ):
        return False
    return own[: len(own) - 2] == meant[: len(meant) - 2]


def plainly(path: str, documented: str) -> bool:
    """Whether what stands for the parameters of a path can only be that: `/messages/settings` is another path."""
    pairs = zip(parts(path), parts(documented), strict=False)
    return all(
        other[:1] != ":" or PLACEHOLDER.fullmatch(one) is not None or EXAMPLE.fullmatch(one) is not None
        for one, other in pairs
    )


def _slip(word: str, meant: str) -> bool:
    if meant[:1] == ":" or PLACEHOLDER.fullmatch(word) or min(len(word), len(meant)) < LONG:
        return False
    return difflib.SequenceMatcher(None, word.lower(), meant).ratio() >= CLOSE


def wrong_parameter(path: str, call: Call) -> bool:
    """Whether the name of a parameter has a slip in it; one in another spelling or called quite otherwise has none."""
    names = [fold(name) for name in re.findall(r"[:{<](\w+)", path.split("?")[0])]
    right = [fold(name) for name in call.params()]
    # A variable that is called `sos` holds what `sosId` does.
    names = [name for name in names if not any(one.startswith(name) for one in right)]
    return any(name not in right and difflib.get_close_matches(name, right, 1, CLOSE) for name in names)


NAMED = re.compile(r":(\w+)|\$?\{\{?(\w+)\}?\}|\$(\w+)|<(\w+)>|\[(\w+)\]")
"""A placeholder that is one name."""


def anothers_parameter(bundle: Bundle, path: str, call: Call) -> Call | None:
    """The call that is meant where a placeholder has the name of another parameter than the one of its place.

    That two names stand for two things is known where one call has both, or where the other call is asked by the same
    method below the same words; a name such as `id` may stand for any.
    """
    for one, meant in zip(parts(path), parts(call.path), strict=False):
        found = NAMED.fullmatch(one) if meant[:1] == ":" else None
        if found is None:
            continue
        name, right = fold(next(filter(None, found.groups()))), fold(meant[1:])
        if name.startswith(right) or right.startswith(name):
            continue
        for other in bundle.calls.values():
            known = {fold(param) for param in other.params()}
            if name in known and right in known:
                return call
            if name in known and other.method == call.method and _begin_alike(other.path, call.path):
                return other
    return None


def _begin_alike(one: str, other: str) -> bool:
    """Whether two paths have the same words up to a parameter of one of them."""
    fixed, meant = ([*takewhile(lambda part: part[:1] != ":", parts(path))] for path in (one, other))
    least = min(len(fixed), len(meant))
    return least > 0 and fixed[:least] == meant[:least]


def fitting(bundle: Bundle, path: str) -> list[Call]:
    """The documented calls of a path, the most literal first."""
    found = [call for call in bundle.calls.values() if fits(path, call.path)]
    best = max((literal(path, call.path) for call in found), default=0)
    return [call for call in found if literal(path, call.path) == best]


def call_of(bundle: Bundle, subject: str) -> Call | None:
    """The documented call that `POST /path` is."""
    method, _, path = subject.partition(" ")
    return next((call for call in fitting(bundle, path) if call.method == method), None)


def is_documented(bundle: Bundle, subject: str) -> bool:
    """Whether a method and a path are those of a documented call, with no parameter of another one."""
    call = call_of(bundle, subject)
    return call is not None and anothers_parameter(bundle, subject.partition(" ")[2], call) is None
