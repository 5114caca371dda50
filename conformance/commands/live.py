"""Listening to a running service, for `contracts infer`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.support.errors import UsageError

if TYPE_CHECKING:
    from conformance.engine.listening import Listened

USUAL_S = 10.0
"""Seconds that are listened where nothing is said."""


def emits_of(words: list[str]) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """What is to be emitted: each a name, and after it its arguments as JSON.

    Raises:
        UsageError: one cannot be read.
    """
    return tuple(_emit(word) for word in words)


def _emit(words: str) -> tuple[str, tuple[Any, ...]]:
    """The shortest name after which everything is JSON: names may have blanks in them."""
    for place in (n for n, one in enumerate(words) if one == " "):
        args = _values(words[place:])
        if words[:place].strip() and args is not None:
            return words[:place].strip(), args
    if not words.strip() or any(one in words for one in '{["'):
        example = """--emit 'join {"room": "a"}'"""
        raise UsageError(
            f"--emit: expected the name of an event and its arguments as JSON, such as {example}: {words!r}"
        )
    return words.strip(), ()


def _values(text: str) -> tuple[Any, ...] | None:
    """Several JSON values, one after the other; None where that is something else."""
    decoder, found, left = json.JSONDecoder(), [], text.strip()
    while left:
        try:
            value, end = decoder.raw_decode(left)
        except (ValueError, RecursionError):
            return None
        found.append(value)
        left = left[end:].lstrip(" ,")
    return tuple(found)


def listened(url: str, seconds: float, emits: list[str], *, token: str | None, jwt_key: str | None,
             path: str | None, namespace: str | None, redis_url: str | None, ca_file: Path | None,
             insecure: bool) -> Listened:  # fmt: skip
    """Listen to a service.

    Raises:
        UsageError: an option cannot be used.
        Unreachable: it does not answer, or lets nobody in.
    """
    import asyncio
    from dataclasses import replace

    from conformance.engine.listening import ListenRequest, listen
    from conformance.target.resolve import TargetOptions, aim

    what = emits_of(emits)
    aimed = aim(
        TargetOptions(url=url, token=token, jwt_key=jwt_key, redis_url=redis_url, ca_file=ca_file, insecure=insecure)
    )
    if aimed.target is None:
        raise UsageError(f"{url}: is no address of a service")
    own = replace(aimed.target, path=path or "/socket.io/", namespace=namespace or "/")
    return asyncio.run(listen(ListenRequest(target=own, seconds=seconds, emits=what, secrets=aimed.secrets)))
