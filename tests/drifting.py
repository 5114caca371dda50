"""Single drifts of ten kinds, made in honest documents as slips and half-done renames make them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from contracts.load import load

_EVENTS = "|".join(sorted((re.escape(name) for name in load("sos").events if ":" in name), key=len, reverse=True))
_PATHS = r"/api/messages/[:{]?sosId\}?|/api/messages/message/[:{]?messageId\}?|/api/sos/[:{]?sosId\}?/participants/join"
NAME = re.compile(rf"(?<![\w/:-])(?:{_EVENTS})(?![\w:{{(<]|-\w)")
SEND = re.compile(rf"\bsocket\.(?:on|emit)\((['\"])(?!message:typing)(?:{_EVENTS})\1")
ROOM = re.compile(r"sos:(?=\{sosId\}|\$\{sosId\})")
PATH = re.compile(rf"(?<=[A-Z] )(?:{_PATHS})(?![\w/])")
METHOD = re.compile(rf"\b(?:GET|POST|PATCH)(?= (?:{_PATHS})(?![\w/]))")
FIELD = re.compile(
    r"\b(?:latitude|longitude|accuracy|displayName|status|timestamp|userId)\b(?=['\"]?\??\s*:(?!\w|\s*\n\s*\n))"
)
"""A field with something behind its colon: neither a part of a name, nor the last word of a sentence above a list."""
VALUE = re.compile(r"(?<=['\"])(?:arrived|active|resolved|en_route)(?=['\"])")
OTHERS = ("changed", "created", "added", "removed", "finished", "sent", "new", "ended")

Change = Callable[[random.Random, str], str]


def slip(chance: random.Random, word: str) -> str:
    """A letter left out, doubled, or swapped with its neighbour."""
    while True:
        at = chance.randrange(1, len(word) - 1)
        made = chance.choice(
            [
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        )
        if made != word and word[at].isalnum() and word[at + 1].isalnum():
            return made


def _last(chance: random.Random, name: str) -> str:
    head, _, last = name.rpartition(":")
    return f"{head}:{chance.choice([one for one in OTHERS if one != last])}"


def _turned(_: random.Random, call: str) -> str:
    return call.replace(".on(", ".emit(") if ".on(" in call else call.replace(".emit(", ".on(")


def _path(chance: random.Random, path: str) -> str:
    parts = path.split("/")
    at = chance.choice([number for number, part in enumerate(parts) if len(part) > 4 and part.isalpha()])
    parts[at] = slip(chance, parts[at])
    return "/".join(parts)


KINDS: dict[str, tuple[re.Pattern[str], Change]] = {
    "a letter of a name": (NAME, slip),
    "a separator of a name": (NAME, lambda chance, name: name.replace(":", chance.choice("-._"), 1)),
    "capitals of a name": (NAME, lambda _, name: re.sub(r":(\w)", lambda one: one[1].upper(), name)),
    "the last word of a name": (NAME, _last),
    "who sends": (SEND, _turned),
    "the name of a room": (ROOM, lambda chance, _: "sos" + chance.choice("-_.")),
    "a word of a path": (PATH, _path),
    "the method of a call": (METHOD, lambda _, method: "DELETE"),
    "a field of a payload": (FIELD, slip),
    "a value of a payload": (VALUE, lambda chance, _: chance.choice(("finished", "done", "over"))),
}


def _decidable(text: str, at: int) -> bool:
    """Whether the fence around shows whose code it is: a call or two alone may be either side's."""
    fence = text[text.rfind("```", 0, at) : text.find("```", at)]
    return len(SEND.findall(fence)) > 3 or re.search(r"useEffect|\bio\(|new Server", fence) is not None


def changed(text: str, kind: str, chance: random.Random, quoted: Callable[[str, int], bool]) -> str | None:
    """A text with one drift of a kind; None where it has nothing to change."""
    pattern, change = KINDS[kind]
    found = [one for one in pattern.finditer(text) if not quoted(text, one.start())]
    if pattern is SEND:
        found = [one for one in found if _decidable(text, one.start())]
    if not found:
        return None
    one = chance.choice(found)
    return text[: one.start()] + change(chance, one[0]) + text[one.end() :]
