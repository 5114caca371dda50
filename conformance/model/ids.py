"""The room ids that a run makes: their forms, how they are recognised, and pairs that careless services take for one.

Every id is drawn for the run: one with letters begins with `RC-` and the run's nonce, one of digits alone with 15
digits that are derived from the nonce, and one of hexadecimal digits with 20. No id of a real subject begins so, and
`marks` says by what the run's own ids are known wherever they are seen.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

Form: TypeAlias = Literal["digits", "leading-zeros", "hex"]
"""The forms of ids that are tried besides `RC-...`, which each begin with a letter and are never left out."""
FORMS: tuple[Form, ...] = ("digits", "leading-zeros", "hex")

RANDOM_DIGITS = 15
"""Drawn digits at the beginning of an id of digits: with so many no id of a real subject is ever met."""

RANDOM_HEX = 20
"""Drawn digits at the beginning of an id of 24 hexadecimal digits, the length of a database's object ids."""

SPOILT = ("undefined", "null", "None", "[object Object]", "")
"""What languages make of an id that is missing, or is no text, where they put it into the name of a room."""

HEX = re.compile("[0-9a-fA-F]{24}")

PREFIX = "ids with a shared prefix"
CASES = "ids with upper and lower case"

SUFFIXES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        PREFIX: ("1", "12"),
        CASES: ("a", "A"),
        "ids with a colon": ("x:1", "x:2"),
        "ids with colon and dash": ("y:1", "y-1"),
        "ids with a slash": ("x/1", "x/2"),
        "ids with a space": ("x 1", "x 2"),
        "ids with non-Latin letters": ("x-सहायता", "x-मदद"),
    }
)
"""Endings of `RC-...` ids that careless room naming takes for one."""

DIGITS = "ids of digits"
LEADING_ZEROS = "ids with leading zeros"
HEX_DIGITS = "ids of hexadecimal digits"
SUBJECTS: Mapping[str, Form | None] = MappingProxyType(
    {**dict.fromkeys(SUFFIXES), DIGITS: "digits", LEADING_ZEROS: "leading-zeros", HEX_DIGITS: "hex"}
)
"""The ways in which two ids are alike, each with the form of ids that it needs; None for `RC-...`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What the ids of one run begin with."""

    digits: str
    hexadecimal: str

    def number(self, round_number: int) -> int:
        """A number in place of an example's id that is one: under 2^53, so that every language keeps it exactly."""
        return int(self.digits) + round_number


def drawn(nonce: str) -> Drawn:
    """The beginnings that belong to a run's nonce."""
    digest = hashlib.sha256(f"ids of {nonce}".encode()).hexdigest()
    number = int(digest, 16) % (9 * 10 ** (RANDOM_DIGITS - 1)) + 10 ** (RANDOM_DIGITS - 1)
    # A letter comes first, so that an id of hexadecimal digits is never one of digits alone.
    return Drawn(digits=str(number), hexadecimal="abcdef"[int(digest[-1], 16) % 6] + digest[: RANDOM_HEX - 1])


def marks(nonce: str) -> tuple[str, ...]:
    """What the ids of a run contain, one text for each form: where none of them is, nothing is the run's."""
    own = drawn(nonce)
    return (nonce, own.digits, own.hexadecimal, own.hexadecimal.upper())


def described(nonce: str, forms: Collection[Form]) -> tuple[str, ...]:
    """How the ids of a run begin, for people who find them in a service's logs."""
    own = drawn(nonce)
    begins = [f"RC-{nonce}"]
    begins += [own.digits] if "digits" in forms else []
    begins += [f"0{own.digits}"] if "leading-zeros" in forms else []
    begins += [own.hexadecimal, own.hexadecimal.upper()] if "hex" in forms else []
    return tuple(begins)


def pair_of(form: Form, nonce: str, round_number: int) -> tuple[str, str]:
    """Two ids of a form that careless services take for one.

    Args:
        round_number: the round of the run, below 100: each has ids of its own.
    """
    own = drawn(nonce)
    begin = f"{own.digits}{round_number:02d}"
    match form:
        case "digits":
            # Of 18 digits a double keeps the first 16 or so: as numbers both are the same.
            ends = ("1", "2") if float(begin + "1") == float(begin + "2") else ("8", "9")
            return begin + ends[0], begin + ends[1]
        case "leading-zeros":
            return begin, "0" + begin
        case "hex":
            lower = f"{own.hexadecimal}{round_number:04x}"
            return lower, lower.upper()


def form_of(room: str) -> Form | None:
    """The form of an id; None where it is an ordinary text."""
    if room.isascii() and room.isdigit():
        return "leading-zeros" if room.startswith("0") else "digits"
    return "hex" if HEX.fullmatch(room) else None


def alike(rooms: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """(subject, one id, the other) for every two ids that are alike in one of the ways that are tried."""
    known = set(rooms)
    numbers: dict[tuple[int, float], str] = {}
    lower: dict[str, str] = {}
    for room in rooms:
        for subject, (one, two) in SUFFIXES.items():
            other = room.removesuffix(one) + two
            if room.endswith(one) and other in known:
                yield subject, room, other
        form = form_of(room)
        if form == "leading-zeros" and room.lstrip("0") in known:
            yield LEADING_ZEROS, room.lstrip("0"), room
        elif form == "digits" and len(room) > RANDOM_DIGITS:
            first = numbers.setdefault((len(room), float(room)), room)
            if first != room:
                yield DIGITS, first, room
        elif form == "hex":
            first = lower.setdefault(room.lower(), room)
            if first != room:
                yield HEX_DIGITS, first, room
        elif form is None and not room.endswith(SUFFIXES[CASES]):
            first = lower.setdefault(room.lower(), room)
            if first != room:
                yield CASES, first, room
