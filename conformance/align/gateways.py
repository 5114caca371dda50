"""What a gateway has before the paths of the service: a prefix that all of them share in a document. Pure."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from conformance.align import paths
from conformance.align.vocabulary import CLOSE, Vocabulary
from contracts.model import Call

LEAST = 2
"""From how many calls on, each behind the same words, these are taken for the prefix of a gateway."""
METHOD = re.compile(r"\b(?P<method>GET|POST|PUT|PATCH|DELETE)[`*_\s|:]+$")
NEAR = 24
"""Characters before a path in which its method stands."""
VERSION = re.compile(r"/v(?P<major>\d+)(?![\w.])")
SHORTEST = 3
"""Characters of a prefix at least, its slash included."""


def without_prefix(text: str, words: Vocabulary) -> str:
    """A document in which the prefix of a gateway is written as a variable of the same length, so that places stay.

    Other readers know what stands for the address of a service before its paths, and pass it over.
    """
    firsts = _firsts(words)
    if not any(_is_behind_a_word(text, first) for first in firsts):
        return text
    behind: dict[str, set[str]] = defaultdict(set)
    others: dict[str, set[str]] = defaultdict(set)
    for found in _found(text, firsts):
        method = METHOD.search(text, max(0, found.start() - NEAR), found.start())
        for prefix, call in _split(found["path"], words):
            if not prefix:
                return text  # The paths are those of the contracts.
            right = method is None or method["method"] in _methods(call, words)
            title = f"{method['method'] if method is not None else ''} {paths.pattern(call.path)}"
            (behind if right else others)[prefix].add(title)
    prefixes = {one for one, found in behind.items() if len(found) >= LEAST and len(found) > len(others[one])}
    if len(prefixes) != 1:
        return text  # Another service has paths of the same shape.
    prefix = prefixes.pop()
    if len(prefix) < SHORTEST or _is_of_another_version(prefix, words):
        return text
    name = re.sub(r"\W", "_", prefix[1:-1])

    def written(found: re.Match[str]) -> str:
        known = found["next"] in firsts or difflib.get_close_matches(found["next"], firsts, 1, CLOSE)
        return f"{found['host'] or ''}{{{name}}}" if known else found[0]

    return re.sub(
        rf"(?:(?<![\w/.}}-])|(?<=://)(?P<host>[^\s/`'\"]+)){re.escape(prefix)}(?=/(?P<next>[\w-]+))", written, text
    )


def _found(text: str, firsts: tuple[str, ...]) -> Iterator[re.Match[str]]:
    """The paths of a text that have a first word, in the lines that have it."""
    pattern, marks, begin = _pattern(firsts), [f"/{first}" for first in firsts], 0
    for line in text.split("\n"):
        if any(mark in line for mark in marks):
            yield from pattern.finditer(text, begin, begin + len(line))
        begin += len(line) + 1


def _is_behind_a_word(text: str, first: str) -> bool:
    """Whether the first word of a path has anything right before its slash."""
    at = text.find(f"/{first}")
    while at >= 0:
        if at and (text[at - 1].isalnum() or text[at - 1] in "_-}"):
            return True
        at = text.find(f"/{first}", at + 1)
    return False


@lru_cache(maxsize=4)
def _firsts_of(found: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({paths.parts(path)[0] for path in found if paths.parts(path)[0][:1] not in ("", ":")}))


def _firsts(words: Vocabulary) -> tuple[str, ...]:
    """The first words of the documented paths."""
    return _firsts_of(tuple(call.path for call in words.bundle.calls.values()))


@lru_cache(maxsize=4)
def _pattern(firsts: tuple[str, ...]) -> re.Pattern[str]:
    """A path that has one of these words, with what goes before it."""
    own = "|".join(map(re.escape, firsts))
    return re.compile(
        rf"(?<![\w/.-])(?:https?://[^\s/`'\"<>|]+|\{{\{{?\w+\}}?\}}|\$\{{?\w+\}}?)?"
        rf"(?P<path>(?:/[\w-]+){{0,4}}?/(?:{own})(?![\w-])[^\s`'\"|,;)?]*)"
    )


def _methods(call: Call, words: Vocabulary) -> set[str]:
    """The methods of the calls that have the path of one."""
    return {one.method for one in words.bundle.calls.values() if one.path == call.path}


def _is_of_another_version(prefix: str, words: Vocabulary) -> bool:
    """Whether a prefix says that what is behind it is another version of the calls."""
    version = VERSION.search(prefix)
    return version is not None and version["major"] not in ("1", words.bundle.version.split(".")[0])


def _split(path: str, words: Vocabulary) -> Iterator[tuple[str, Call]]:
    """(what goes before it, the call) of a path that ends as those of calls do."""
    own = paths.parts(path.rstrip(".:*_"))
    for call in words.bundle.calls.values():
        meant = paths.parts(call.path)
        tail = "/".join(own[len(own) - len(meant) :])
        if len(own) >= len(meant) and paths.fits(tail, call.path) and paths.plainly(tail, call.path):
            before = own[: len(own) - len(meant)]
            # A word alone, such as `health`, is a path of many services.
            if before or len(meant) > 1:
                yield "".join(f"/{part}" for part in before), call
