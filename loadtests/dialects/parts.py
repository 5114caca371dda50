"""Which parts of contracts one run plays: several namespaces, and several kinds of rooms, each with its own ledger."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from conformance.support.errors import UsageError
from contracts.model import Bundle
from contracts.parts import parts_of
from loadtests.dialects.dialect import Dialect
from loadtests.dialects.selection import words_of

UNTOLD = "nothing in it tells one publication from another; --part plays it, and counts without accounting"
FOR_ALL = (
    "in its namespace something is published to every socket, and those of several parts are counted apart; --part "
    "plays one of them"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What a run plays: users are given to its parts in turn, by weight."""

    parts: tuple[Dialect, ...]
    weights: Mapping[str, int] = field(default_factory=dict)
    """By the name of each part."""
    left: Mapping[str, str] = field(default_factory=dict)
    """Why each other part is not played."""


def weights_of(text: str) -> dict[str, int]:
    """The parts that `--part` names, with their weights: `/pilots ship=3,/crew`.

    Raises:
        UsageError: it is not written so.
    """
    found: dict[str, int] = {}
    for piece in filter(None, map(str.strip, text.split(","))):
        name, equals, weight = (one.strip() for one in piece.partition("="))
        if not name or (equals and not (weight.isdecimal() and int(weight))):
            raise UsageError(f"--part: expected names of parts, with weights such as '/a=3,/b', got {text!r}")
        found[name] = int(weight) if equals else 1
    return found


def played(bundle: Bundle, *, has_users: bool = True, publish: str = "", wanted: str = "") -> Played:
    """What a run of contracts plays: of several parts those that are named, or else all that can be accounted for.

    Args:
        has_users: whether a service knows sockets by users: each shows a token of its own.
        publish: the event or call that people write to each other by; of parts without it none is played.
        wanted: names of parts, with weights; all where it is empty.

    Raises:
        UsageError: a part that is named cannot be played, or none can; says why not.
    """
    names = [part.part for part in parts_of(bundle)]
    weights = {wanted: 1} if wanted in names else weights_of(wanted)
    if len(names) == 1 or len(weights) == 1:
        only = next(iter(weights), "")
        return Played(parts=(words_of(bundle, has_users=has_users, publish=publish, wanted=only),))
    found, left = dict[str, Dialect](), dict[str, str]()
    for name in weights or names:
        try:
            found[name] = words_of(bundle, has_users=has_users, publish=publish, wanted=name)
        except UsageError as error:
            if weights:
                raise
            left[name] = _reason(str(error), name)
    accounted = {name: words for name, words in found.items() if weights or not words.unaccounted}
    if not accounted:  # The one that can be counted, or the error of all.
        return Played(parts=(words_of(bundle, has_users=has_users, publish=publish),), left=left)
    left |= dict.fromkeys(found.keys() - accounted.keys(), UNTOLD)
    for name in _for_all(accounted):
        if weights:
            raise UsageError(f"--part: {name}: {FOR_ALL}")
        left[name] = FOR_ALL
        del accounted[name]
    return Played(parts=_apart(accounted), weights={name: weights.get(name, 1) for name in accounted}, left=left)


def _reason(error: str, name: str) -> str:
    """What an error says of a part, without the option and the part, which stand before."""
    return re.sub(r"^--\w+: ", "", error).removeprefix(f"{name}: ")


def _for_all(found: Mapping[str, Dialect]) -> list[str]:
    """The parts that cannot be played beside others of their namespace, where any publishes to every socket of it."""
    by_space: dict[str, list[str]] = {}
    for name, words in found.items():
        by_space.setdefault(words.bundle.namespace, []).append(name)
    return [
        name
        for names in by_space.values()
        if any(found[one].writing.reach.everyone for one in names)
        for name in names[1:]
    ]


def _apart(found: Mapping[str, Dialect]) -> tuple[Dialect, ...]:
    """The same parts, whose streams have numbers that no other has."""
    if len(found) == 1:
        return tuple(found.values())
    width = max(words.width for words in found.values())
    return tuple(replace(words, streams=width) for words in found.values())
