"""What may be sent and is not taken, as frozen values. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from conformance.diff.keywords import Found
from conformance.diff.ways import Way

What: TypeAlias = Literal["value", "missing", "unknown", "refused", "closed"]
"""A value that is not taken; a required field that may be missing; one that is not documented, or forbidden; fields
that nobody speaks of, and that are forbidden.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that may be sent and is not taken."""

    path: tuple[str | int, ...]
    """Where in the payload; -1 stands for any item of a list."""
    keyword: str
    sent: str
    """What the schema of the sender says at that keyword, in words."""
    taken: str
    what: What = "value"
    broken: bool = True
    """False where it could not be told; then `why` says why."""
    why: str = ""


def certain(path: tuple[str | int, ...], keyword: str, sent: str, taken: str, way: Way) -> Gap:
    """A gap; one of a way that says more than its plain keywords cannot be told for certain."""
    why = "" if way.is_exact else "`not`, `if`, `oneOf` or patterns stand beside it, which cannot be compared"
    return Gap(path=path, keyword=keyword, sent=sent, taken=taken, broken=way.is_exact, why=why)


def of_keyword(found: Found, path: tuple[str | int, ...], way: Way) -> Gap:
    """The gap of a plain keyword."""
    gap = certain((*path, *found.inside), found.keyword, found.sent, found.taken, way)
    return replace(gap, broken=False, why=found.why) if found.why else gap


def unsure(path: tuple[str | int, ...], keyword: str, why: str) -> Gap:
    """A gap that could not be told."""
    return Gap(path=path, keyword=keyword, sent="", taken="", broken=False, why=why)
