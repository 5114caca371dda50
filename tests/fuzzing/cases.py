"""Inputs for parsers: valid ones, changed where it hurts. The same seed makes the same cases."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

MOST_BYTES = 40_000
"""Of a case."""
DEPTHS = (40, 400, 4_000)
"""How often something is nested or repeated."""

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1e308, -0.0, 2**53 + 1, 10**400, "", " ", "\x00", "\ud800", "\u202e", "ä" * 200, "💥", "a.b", "/",
    "__proto__", "$ref", "{", "}", "${HOME", "${}", "*", "(", "[", "(a+)+$", "2026-13-45", "#/$defs/x", [], {}, [[]], [None], {"": None},
    {"$ref": "#"}, {"type": "object"}, {"type": ["string", "null"]}, {"$binary": "AA=="}, {"$binary": "?"},
)  # fmt: skip
"""What may stand in place of any value of a document."""

PIECES: tuple[bytes, ...] = (
    b"\x00", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r\n", b"\r", b"\xe2\x80\xae", b"\xf0\x9f\x92\xa5", b"9" * 400, b"1e999", b"NaN",
    b"-", b"'", b'"', b"`", b"```", b"~~~", b"\\", b"\\u0000", b"\\ud800", b"${", b"}", b"{", b"[", b"]", b"(", b")", b"<", b">", b"<!--",
    b"-->", b"<script>", b"</script>", b"|", b"|---|", b"#", b"//", b"/*", b"*/", b"\"\"\"", b"&a", b"*a", b"<<: *a", b"!!python/object:os",
    b"%YAML 9.9", b"---\n", b"...\n", b": ", b"? ", b"\t", b"=", b";", b",", b"=>", b"->", b"@", b"\xc2\xa0", b"\xe2\x80\xa8", b"0", b"1",
)  # fmt: skip
"""What may be put anywhere into a text."""

NESTING: tuple[tuple[bytes, bytes], ...] = (
    (b"[", b"]"), (b"{", b"}"), (b"(", b")"), (b'{"a":', b"}"), (b"> ", b""), (b"- ", b""), (b"a: [", b"]"), (b"<b>", b"</b>"), (b"*", b"*"),
    (b"`", b"`"), (b"!", b""), (b"a.", b""), (b"a(", b")"), (b"if x:\n ", b""), (b"\x91", b"\x01"), (b"\x81\xa1a", b"\x01"), (b"[a](", b")"),
    (b"${`", b"`}"), (b"a?b:", b""), (b"&a [*a, ", b"]"), (b"| a ", b""), (b"a\n", b""), (b"9", b""), (b" ", b""), (b"\n", b""), (b"-", b""),
)  # fmt: skip
"""What may be nested or repeated, and what closes it."""


def cases(seeds: Sequence[bytes], words: Sequence[bytes], count: int, seed: int = 0) -> Iterator[bytes]:
    """The seeds as they are, and so many changes of them that there are `count`.

    Args:
        words: of the language that is read: they are put in as the pieces of any text are.
    """
    yield from seeds[:count]
    chance = random.Random(f"{seed} {len(seeds)}")
    pieces = (*PIECES, *words, *words)
    for _ in range(count - len(seeds)):
        made = chance.choice(seeds)
        for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
            made = chance.choice(CHANGES)(made, chance, seeds, pieces)
        yield made[:MOST_BYTES]


Change = Callable[[bytes, random.Random, Sequence[bytes], Sequence[bytes]], bytes]


def _at(text: bytes, chance: random.Random) -> int:
    return chance.randrange(len(text) + 1)


def _span(text: bytes, chance: random.Random) -> tuple[int, int]:
    first = _at(text, chance)
    return first, min(len(text), first + int(chance.expovariate(1 / 20)) + 1)


def _put(text: bytes, chance: random.Random, _: Sequence[bytes], pieces: Sequence[bytes]) -> bytes:
    at = _at(text, chance)
    return text[:at] + chance.choice(pieces) + text[at:]


def _replaced(text: bytes, chance: random.Random, _: Sequence[bytes], pieces: Sequence[bytes]) -> bytes:
    first, last = _span(text, chance)
    return text[:first] + chance.choice(pieces) + text[last:]


def _without(text: bytes, chance: random.Random, *_: Sequence[bytes]) -> bytes:
    first, last = _span(text, chance)
    return text[:first] + text[last:]


def _cut(text: bytes, chance: random.Random, *_: Sequence[bytes]) -> bytes:
    return text[: _at(text, chance)]


def _flipped(text: bytes, chance: random.Random, *_: Sequence[bytes]) -> bytes:
    if not text:
        return text
    at = chance.randrange(len(text))
    return text[:at] + bytes([text[at] ^ 1 << chance.randrange(8)]) + text[at + 1 :]


def _twice(text: bytes, chance: random.Random, *_: Sequence[bytes]) -> bytes:
    first, last = _span(text, chance)
    return text[:last] * 1 + text[first:last] * chance.choice((1, 2, 50)) + text[last:]


def _lines(text: bytes, chance: random.Random, *_: Sequence[bytes]) -> bytes:
    """Lines that are left out, written twice, indented otherwise, or in another order."""
    lines = text.split(b"\n")
    at = chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            del lines[at]
        case 1:
            lines.insert(chance.randrange(len(lines)), lines[at])
        case 2:
            lines[at] = chance.choice((b"  ", b"\t", b"    ")) + lines[at]
        case _:
            lines[at] = lines[at].strip()
    return b"\n".join(lines)


def _spliced(text: bytes, chance: random.Random, seeds: Sequence[bytes], _: Sequence[bytes]) -> bytes:
    other = chance.choice(seeds)
    return text[: _at(text, chance)] + other[_at(other, chance) :]


def _nested(text: bytes, chance: random.Random, *_: Sequence[bytes]) -> bytes:
    opening, closing = chance.choice(NESTING)
    depth = min(chance.choice(DEPTHS), MOST_BYTES // 2 // (len(opening) + len(closing)))
    first, last = _span(text, chance)
    if chance.random() < 0.3:
        return text[:first] + opening * depth + text[last:]
    return text[:first] + opening * depth + text[first:last] + closing * depth + text[last:]


def _json(text: bytes, chance: random.Random, *_: Sequence[bytes]) -> bytes:
    """A document of which one value is another, one key another, or one of either is not there."""
    line = text.split(b"\n")
    whole = chance.random() < 0.5 or len(line) < 3
    at = chance.randrange(len(line))
    try:
        document = json.loads(text if whole else line[at])
    except (ValueError, RecursionError):
        return text
    holders = [found for found in _holders(document) if found]
    if not holders:
        return text
    holder = chance.choice(holders)
    key = chance.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    match chance.randrange(5):
        case 0 if isinstance(holder, dict):
            holder[chance.choice(("", "x", "$ref", "type", "ä", key + " ", key.upper()))] = holder.pop(key)
        case 1:
            del holder[key]
        case 2:
            holder[key] = [holder[key]]
        case 3:
            other = chance.choice(holders)
            holder[key] = json.loads(
                json.dumps(chance.choice(list(other.values() if isinstance(other, dict) else other)))
            )
        case _:
            holder[key] = chance.choice(VALUES)
    made = json.dumps(document, indent=2 if whole else None).encode()
    return made if whole else b"\n".join([*line[:at], made, *line[at + 1 :]])


def _holders(document: Any) -> Iterator[Any]:
    """The objects and lists of a document."""
    left = [document]
    while left:
        found = left.pop()
        if isinstance(found, dict | list):
            yield found
            left += found.values() if isinstance(found, dict) else found


CHANGES: tuple[Change, ...] = (
    _put,
    _put,
    _replaced,
    _without,
    _cut,
    _flipped,
    _twice,
    _lines,
    _spliced,
    _nested,
    _json,
    _json,
)
