"""Smaller values: what is tried in place of a payload that was shown to break something."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from contracts.binary import is_binary


def size(value: Any) -> int:
    """How large a value is, for saying that another is smaller: its characters as JSON."""
    return len(json.dumps(value))


def smaller(value: Any) -> Iterator[Any]:
    """Values that are smaller, the smallest first: without parts, and with smaller parts."""
    found = {json.dumps(one): one for one in _smaller(value)}
    yield from sorted((one for one in found.values() if size(one) < size(value)), key=size)


def _smaller(value: Any) -> Iterator[Any]:
    match value:
        case dict() if not is_binary(value):
            for name in value:
                yield {other: inner for other, inner in value.items() if other != name}
            for name, inner in value.items():
                yield from ({**value, name: less} for less in _smaller(inner))
        case list() | tuple():
            items = list(value)
            for place in range(len(items)):
                yield items[:place] + items[place + 1 :]
            for place, inner in enumerate(items):
                yield from ([*items[:place], less, *items[place + 1 :]] for less in _smaller(inner))
            if len(items) == 1:
                yield items[0]
        case str():
            yield from (value[: len(value) // 2], value[:1], "")
        case bool() | None:
            pass
        case int() | float():
            yield from (0, 1, -1)
        case _:
            pass
