"""Rooms and namespaces that are named by templates: which of the new version is which of the old one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.diff.pairing import Both, Pair
from conformance.diff.versions import Version

Steps = tuple[str, ...]


def shape(template: str) -> str:
    """A template, whatever its field is called: names that are made of it are the same."""
    return re.sub(r"\{[^}]*\}", "{}", template)


def rooms(pair: Pair) -> Iterator[tuple[str, Both]]:
    """(label, part) of each kind of rooms: by its name, or by its template where the contracts call it otherwise."""
    old, new = _kinds(pair.old), _kinds(pair.new)
    found = {name: name for name in old if name in new}
    for name, steps in old.items():
        alike = [
            its for its in new if its not in found.values() and _shape(pair.new, new[its]) == _shape(pair.old, steps)
        ]
        if name not in found and alike:
            found[name] = alike[0]
    if len(old) == len(new) == 1:
        found = dict(zip(old, new, strict=True))
    for name, steps in old.items():
        yield _label(name), _both(pair, steps, new.get(found.get(name, "-")))
    for name, steps in new.items():
        if name not in found.values():
            yield _label(name), _both(pair, None, steps)


def namespaces(pair: Pair) -> Iterator[tuple[str, Both]]:
    """(name, part) of each template of namespaces."""
    old, new = (one.head.document.get("namespaces", {}) for one in (pair.old, pair.new))
    shapes = {shape(name): name for name in new}
    for name in old:
        its = shapes.get(shape(name))
        yield its or name, _both(pair, ("namespaces", name), ("namespaces", its) if its else None)
    known = {shape(name) for name in old}
    for name in new:
        if shape(name) not in known:
            yield name, _both(pair, None, ("namespaces", name))


def kind_shape(version: Version, kind: str | None) -> str:
    """The shape of the rooms of a kind, by its name in a version."""
    kinds = _kinds(version)
    steps = kinds.get(kind or "", next(iter(kinds.values()), None) if len(kinds) == 1 else None)
    return _shape(version, steps) if steps else ""


def _kinds(version: Version) -> dict[str, Steps]:
    """Where each kind of rooms is said; the short form has no name."""
    head = version.head.document
    found: dict[str, Steps] = {name: ("rooms", name) for name in head.get("rooms", {})}
    return found | ({"": ("room",)} if "room" in head else {})


def _shape(version: Version, steps: Steps) -> str:
    part: Mapping[str, Any] = version.head.document
    for step in steps:
        part = part[step]
    return shape(part["template"])


def _label(name: str) -> str:
    return f"rooms `{name}`" if name else "rooms"


def _both(pair: Pair, was: Steps | None, now: Steps | None) -> Both:
    head = pair.head
    old, new = head.inner(*was).old if was else None, head.inner(*now).new if now else None
    where = now or was or ()
    return Both(
        subject=head.subject, old=old, new=new, old_file=head.old_file, new_file=head.new_file, where=where
    )  # fmt: skip
