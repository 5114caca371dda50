"""Texts of which a contract says nothing more: a key, a name, or whom a request is about may stand in one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from contracts.model import Bundle, Request


def open_texts(bundle: Bundle, request: Request) -> tuple[str, ...]:
    """The fields of a request, besides its room, that take any text, or any UUID."""
    left = {bundle.room.key, *(one.field for one in request.given)}
    return tuple(name for name, shape in request.payload.properties().items() if name not in left and _is_free(shape))


def made_texts(bundle: Bundle, request: Request, *, echoed: bool) -> dict[str, str]:
    """The generated text of each of these fields that could be any other; none where the examples are written.

    Args:
        echoed: whether those are among them that come out as they went in.
    """
    if not request.examples.made or not request.examples.valid:
        return {}
    caused = [one for name in request.broadcasts if (one := bundle.broadcast(name)) is not None]
    left = set() if echoed else {name for one in caused for name in one.echoes}
    example = request.examples.valid[0]
    given = {name: _field(example, name) for name in open_texts(bundle, request) if name not in left}
    return {name: text for name, text in given.items() if isinstance(text, str)}


def is_uuid(text: str) -> bool:
    """Whether a text is a UUID."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _field(example: Any, name: str) -> Any:
    return example.get(name) if isinstance(example, dict) else None


def _is_free(shape: Any) -> bool:
    """Whether a schema takes any text, or any UUID."""
    return (
        isinstance(shape, Mapping)
        and shape.get("type") == "string"
        and not {"enum", "const", "pattern"} & shape.keys()
        and shape.get("format", "uuid") == "uuid"
    )
