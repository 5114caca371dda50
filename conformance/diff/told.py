"""How rules say what has changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from conformance.diff.model import Change, Severity, Way
from conformance.diff.pairing import Both, Pair, args_of
from conformance.diff.prepared import Node, look
from conformance.diff.schemas import Difference, Kind, differences, dotted
from conformance.diff.templates import namespaces, rooms
from contracts.schema import shown

BREAKING, RISKY, SAFE = Severity.BREAKING, Severity.RISKY, Severity.SAFE
NONE = "none"


def change(
    both: Both, severity: Severity, what: str, was: Any, now: Any, why: str, *inside: str | int,
    witness: Any = None, subject: str = "", way: Way | None = None,
) -> Change:  # fmt: skip
    """A change of a part.

    Args:
        inside: where in the part it is.
    """
    return Change(
        subject=subject or both.subject, severity=severity, what=what, was=words(was), now=words(now), why=why,
        place=both.place(*inside), way=way or both.way, witness=witness,
    )  # fmt: skip


def words(value: Any) -> str:
    """A value as people read it."""
    if value is None:
        return NONE
    if isinstance(value, list | tuple):
        return ", ".join(map(words, value)) or NONE
    return value if isinstance(value, str) else shown(value)


def differ(old: Any, new: Any) -> bool:
    """Whether two values are not the same in JSON."""
    return look(old) != look(new)


def promise(
    both: Both, key: str, what: str, *, lost: tuple[Severity, str], other: tuple[Severity, str], gained: str,
    at: tuple[str, ...] = (),
) -> Iterator[Change]:  # fmt: skip
    """The change of something that a contract may promise.

    Args:
        lost: how much it matters that it is promised no more, and why.
        other: the same where something else is promised.
        gained: what it means that it is promised now, which is safe.
        at: the part of the part in which the key is.
    """
    was, now = both.inner(*at).values(key)
    if not differ(was, now):
        return
    severity, why = (SAFE, gained) if was is None else lost if now is None else other
    yield change(both, severity, what, was, now, why, *at, key)


def amount(
    both: Both, key: str, what: str, *, less: tuple[Severity, str], more: tuple[Severity, str], none: float,
    unit: str = "",
) -> Iterator[Change]:  # fmt: skip
    """The change of a number.

    Args:
        none: what is meant where it is left out.
    """
    was, now = both.values(key)
    old, new = (none if was is None else was), (none if now is None else now)
    if old == new:
        return
    severity, why = less if new < old else more
    yield change(both, severity, what, _with(was, old, none, unit), _with(now, new, none, unit), why, key)


def _with(written: Any, meant: Any, none: float, unit: str) -> str:
    if written is None:
        return "no limit" if none in (float("inf"), 0) else f"{meant:g}{unit}"
    return f"{meant:g}{unit}"


# --- schemas -------------------------------------------------------------------------------------------------------


def payloads(pair: Pair, kind: Kind) -> Iterator[Change]:
    """The differences of a kind in all schemas of both versions."""
    for both, old, new, way, label, at in _schemas(pair):
        unheard = both.way == "server_to_client" and both.values("receivers") == ("nobody", "nobody")
        for one in differences(old, new, way):
            if one.kind == kind:
                told = replace(one, severity=SAFE, why="nobody receives it") if unheard else one
                yield _of(both, told, new, way, label, at)


def _of(both: Both, one: Difference, new: Node, way: Way, label: str, at: tuple[str | int, ...]) -> Change:
    what = f"{label} `{dotted(one.path)}`".strip() if one.path else label or "the payload"
    where = (*at, *pointer(new, one.path, one.keyword))
    return change(both, one.severity, what, one.was, one.now, one.why, *where, witness=one.witness, way=way)


def pointer(schema: Node, path: Iterable[str | int], keyword: str) -> list[str | int]:
    """Where in a schema a keyword of a place of a payload is, as far as it can be followed."""
    found: list[str | int] = []
    for step in path:
        heads = schema.get("prefixItems", ()) if isinstance(schema, dict) else ()
        into: list[str | int] = ["properties", step] if isinstance(step, str) else (
            ["prefixItems", step] if 0 <= step < len(heads) else ["items"])  # fmt: skip
        for one in into:
            inner = schema.get(one) if isinstance(schema, dict) else schema[one] if isinstance(one, int) else None
            if inner is None:
                return found
            schema = inner
            found.append(one)
    return [*found, keyword] if isinstance(schema, dict) and keyword in schema else found


Spot = tuple[Both, Node, Node, Way, str, tuple[str | int, ...]]
"""(part, old schema, new schema, who sends, what people call it, where in the part it is)."""


def _schemas(pair: Pair) -> Iterator[Spot]:
    """Every schema that both versions have."""
    for both in pair.messages:
        if both.is_in_both and both.way is not None:
            yield from _args(both, both.way, "")
            yield from _args(both.inner("reply"), "server_to_client", "answer")
            yield from _args(both.inner("answer"), "client_to_server", "answer of the client")
            yield from _one(both.inner("reply", "refused"), "value", "server_to_client", "answer that refuses")
    for both in pair.calls:
        yield from _one(both, "body", "client_to_server", "body")
        yield from _one(both, "query", "client_to_server", "query")
        yield from _one(both.inner("answer"), "payload", "server_to_client", "answer")
    yield from _one(pair.head, "http_error", "server_to_client", "body of HTTP errors")
    refusal = pair.head.inner("refusal")
    yield from _one(refusal, "data", "server_to_client", "data of refused connections")
    for reason in ("missing", "malformed", "forged", "expired"):
        own = refusal.inner("by_token", reason)
        yield from _one(own, "data", "server_to_client", f"data of refused connections ({reason})")
    for label, both in rooms(pair):
        if both.is_in_both and None not in both.values("id"):
            yield from _one(both, "id", "client_to_server", f"ids of {label}")
    for name, both in namespaces(pair):
        if both.is_in_both:
            yield from _one(both, "id", "client_to_server", f"ids of namespaces `{name}`")


def _one(both: Both, key: str, way: Way, label: str) -> Iterator[Spot]:
    old, new = both.values(key)
    if key in ("body", "query") and new is None:
        return  # `call-is-where-it-was` tells of it.
    if key == "query":  # Parameters have names: there is no query but an object.
        old, new = ({"type": "object", **one} if one is not None else None for one in (old, new))
    if old is not None and new is not None:
        yield both, old, new, way, label, (key,)
    elif both.is_in_both and (old is not None or new is not None):
        yield from _bare(both, key, old, new, way, label)


def _bare(both: Both, key: str, old: Node, new: Node, way: Way, label: str) -> Iterator[Spot]:
    """A schema that one version has alone: none is needed where there is none, and nothing is known of it."""
    free: dict[str, Any] = {"type": "object"} if key in ("body", "query") else {}
    yield both, (free if old is None else old), (free if new is None else new), way, label, (key,)


def _args(both: Both, way: Way, label: str) -> Iterator[Spot]:
    if both.old is None or both.new is None:
        return
    old, new = args_of(both.old), args_of(both.new)
    key = "args" if "args" in both.new else "payload"
    if len(old) != len(new):
        yield both, listed(old), listed(new), way, f"{label} arguments".strip(), ("args",)
        return
    for place, (was, now) in enumerate(zip(old, new, strict=True)):
        several = f"argument {place + 1}" if len(old) > 1 else ""
        yield both, was, now, way, f"{label} {several}".strip(), (key, place) if key == "args" else (key,)


def listed(schemas: list[Node]) -> dict[str, Any]:
    """The schema of a list of arguments."""
    made: dict[str, Any] = {"type": "array", "minItems": len(schemas), "maxItems": len(schemas)}
    return {**made, "prefixItems": schemas} if schemas else made
