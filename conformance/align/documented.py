"""The schemas of the contracts, each with the event or the call (`POST /path`) that has it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from contracts.model import Bundle

Owned: TypeAlias = tuple[str, dict[str, Any]]
"""(the name of an event or the title of a call, a schema of it)."""


def of_events(bundle: Bundle) -> Iterator[Owned]:
    """The payload of each request and of each broadcast."""
    for name, event in bundle.events.items():
        for side in (event.request, event.broadcast):
            if side is not None:
                yield name, side.payload.document


def of_bodies(bundle: Bundle) -> Iterator[Owned]:
    """The body of each call that has one."""
    return ((call.title, call.body.document) for call in bundle.calls.values() if call.body is not None)


def of_calls(bundle: Bundle) -> Iterator[Owned]:
    """The body and the query of each call."""
    for call in bundle.calls.values():
        for part in (call.body, call.query):
            if part is not None:
                yield call.title, part.document


def fields(owned: Iterable[Owned]) -> set[str]:
    """The names of the fields of some schemas."""
    return {name for _, document in owned for name in document.get("properties", ())}


def params(bundle: Bundle) -> set[str]:
    """The names of the parameters of all paths."""
    return {name for call in bundle.calls.values() for name in call.params()}


def choices(owned: Iterable[Owned]) -> dict[str, dict[str, frozenset[str]]]:
    """The values of each field that has a list of texts, by its owner."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for owner, document in owned:
        for field, schema in document.get("properties", {}).items():
            values = schema.get("enum", ()) if isinstance(schema, dict) else ()
            if values and all(isinstance(value, str) for value in values):
                owners = found.setdefault(field, {})
                owners[owner] = frozenset(values) | owners.get(owner, frozenset())
    return found


def bounded(owned: Iterable[Owned]) -> dict[str, dict[str, dict[str, Any]]]:
    """The schema of each field that has bounds or a default, by its owner; the first where one has several."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for owner, document in owned:
        for field, schema in document.get("properties", {}).items():
            if isinstance(schema, dict) and not schema.keys().isdisjoint(("minimum", "maximum", "default")):
                found.setdefault(field, {}).setdefault(owner, schema)
    return found
