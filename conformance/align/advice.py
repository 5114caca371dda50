"""Which documented event is advised for a name that no contract has: shape and family come before letters. Pure.

Whether a name is told at all is not decided here: what is advised may be a guess, what is accused may not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from conformance.align import senses, shown
from conformance.align.model import Claim, Direction, Evidence
from conformance.align.vocabulary import Vocabulary

ENOUGH = 2
"""From how many fields on the shape of a payload tells whose it is."""

ALIKE = 0.7
"""Which part of the fields of two payloads they have to have in common to be of one event."""

Shapes = dict[str, frozenset[str]]
"""The names of the fields that are shown with each name that no contract has."""


def shapes(evidence: Evidence, words: Vocabulary) -> Shapes:
    """What is shown as the payload of names that are not documented, in any of the texts."""
    found: dict[str, set[str]] = defaultdict(set)
    for claim in evidence.stated("event"):
        if claim.payload is not None and not words.known(claim.subject):
            found[claim.subject] |= {field.name for field in claim.payload.fields}
    return {name: frozenset(fields) for name, fields in found.items()}


def advised(words: Vocabulary, claim: Claim, known: Shapes) -> str | None:
    """The event that a wrong name most likely stands for; None where nothing speaks for any of them.

    A name in the past tense is taken for what the service sends, where the text does not say who sends it.
    """
    name, told = claim.subject, claim.direction
    likely: Direction | None = told or ("to-client" if senses.is_past(name) else None)
    return (
        _of_its_shape(words, claim, likely, known.get(name, frozenset()))
        or (_as_told_of(words, name, likely) if likely != told else None)
        or words.nearest(name, told)
        or _alone(words, name, likely)
    )


def _of_its_shape(words: Vocabulary, claim: Claim, way: Direction | None, shape: frozenset[str]) -> str | None:
    """The only event of the same family whose payload has these fields."""
    if len(shape) < ENOUGH:
        return None
    fits = {
        one: max((_alike(shape, fields) for fields in _fields(words, one, way)), default=0.0)
        for one in _kin(words, claim.subject, way)
    }
    best = max(fits.values(), default=0.0)
    found = [one for one, fit in fits.items() if fit == best]
    return found[0] if best >= ALIKE and len(found) == 1 else None


def _alike(shape: frozenset[str], fields: frozenset[str]) -> float:
    return len(shape & fields) / len(shape | fields)


def _fields(words: Vocabulary, name: str, way: Direction | None) -> Iterator[frozenset[str]]:
    for schema in shown.of_event(words.bundle, name, way):
        properties = schema.get("properties")
        if isinstance(properties, dict):
            yield frozenset(properties)


def _as_told_of(words: Vocabulary, name: str, way: Direction | None) -> str | None:
    """The nearest that goes that way, unless another is a nearer relative: `a:b:c` belongs to `a:b:d`, not to `a:e`."""
    found = _in_its_family(words.nearest(name, way), name)
    head = name.rpartition(":")[0]
    closer = [one for one in words.events if head.count(":") and one.rpartition(":")[0] == head]
    return found if found is None or not closer or found in closer else None


def _alone(words: Vocabulary, name: str, way: Direction | None) -> str | None:
    """The only one of its family that is made of as many words."""
    kin = [one for one in _kin(words, name, way) if one.count(":") == name.count(":")]
    return kin[0] if len(kin) == 1 else None


def _kin(words: Vocabulary, name: str, way: Direction | None) -> list[str]:
    return [one for one in sorted(words.going(way)) if _in_its_family(one, name) and not senses.opposed(name, one)]


def _in_its_family(found: str | None, name: str) -> str | None:
    return found if found and ":" in name and found.split(":")[0] == name.split(":")[0] else None
