"""One word of a text changed, as slips and half-done renames change them."""

import random
import re

WORD = re.compile(
    r"(?<![\w/-])(?:[a-z]+(?::[a-z]+)+|sos:\{sosId\}|(?:GET|POST|PATCH)(?= /)|(?<=[A-Z] )/api[\w/:]+)(?![\w:])"
)
"""The words that guides and clients depend on: names of events and rooms, methods and paths."""

OTHERS = (
    "new",
    "send",
    "sent",
    "update",
    "updated",
    "start",
    "started",
    "left",
    "joined",
    "notify",
    "message",
    "event",
)


def changed(text: str, seed: int) -> tuple[str, str, str]:
    """The text with one word changed, the word, and what it is now."""
    chance = random.Random(seed)  # noqa: S311 - which word, by the seed
    found = chance.choice([one for one in WORD.finditer(text) if not _quoted(text, one.start())])
    word = found[0]
    now = word
    while now == word:
        now = _slip(word, chance)
    return text[: found.start()] + now + text[found.end() :], word, now


def _quoted(text: str, at: int) -> bool:
    """Whether the line is about names that are wrong anyway."""
    line = text[text.rfind("\n", 0, at) + 1 : text.find("\n", at)]
    above = text[: text.rfind("\n", 0, at)].rsplit("\n", 1)[-1]
    return "retired" in line or "❌" in line or "❌" in above


def _slip(word: str, chance: random.Random) -> str:
    if word.isupper():
        return chance.choice([one for one in ("GET", "POST", "PUT", "PATCH", "DELETE") if one != word])
    if "{" in word:
        return word.replace(":", chance.choice("-._"), 1)
    at = chance.randrange(1, len(word) - 1)
    parts = re.split(r"([:/])", word)
    match chance.randrange(5):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + word[at] + word[at:]
        case 2:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case 3:
            index = chance.choice([number for number, part in enumerate(parts) if part.isalpha()])
            parts[index] = chance.choice(OTHERS)
            return "".join(parts)
        case _:
            return word.replace(":", chance.choice(["-", "."]), 1) if ":" in word[1:] else word + "s"
