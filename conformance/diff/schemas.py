"""What a change of a schema means to the side that keeps the old one. Pure.

What clients send is held by the new schema: whatever the old one allowed has to be allowed. What the service sends is
held by the old one: whatever the new one allows has to be what receivers know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from conformance.diff.gap import Gap
from conformance.diff.inclusion import gaps
from conformance.diff.model import Severity, Way
from conformance.diff.prepared import INNER, LISTS, MAPS, Node, Prepared, look, prepared
from contracts.schema import Problem, Schema
from contracts.valid_values import valid_values

Kind: TypeAlias = Literal["needs", "takes", "has", "only"]
"""Which rule it belongs to: what clients have to send, what they may; what receivers are sent, and what beside it."""

TRIED = 40
"""Payloads of the old contracts that are held against the new ones, or the other way round."""

UNDOCUMENTED = "not documented"
OTHERS = "additionalProperties: false"
"""The keyword of differences of fields that nobody speaks of; no payload has one to show."""

TYPING = ("type", "binary")
"""Keywords by which a value of another type is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference between two schemas."""

    kind: Kind
    severity: Severity
    path: tuple[str | int, ...]
    keyword: str
    was: str
    now: str
    why: str
    witness: Any = None
    by_payload: bool = True
    """Whether a payload can show that it breaks; False where that is for receivers to say, and not for the schema."""


def differences(old: Node, new: Node, way: Way) -> tuple[Difference, ...]:
    """How a schema differs from its old version, the worst first; empty where nothing is held to anything else."""
    return _differences(json.dumps(old), json.dumps(new), way)


@lru_cache(maxsize=512)
def _differences(old_text: str, new_text: str, way: Way) -> tuple[Difference, ...]:
    old, new = json.loads(old_text), json.loads(new_text)
    was, now = prepared(old), prepared(new)
    kind: Kind = "takes" if way == "client_to_server" else "only"
    if look(was.node) == look(now.node) and look(was.defs) == look(now.defs):
        return tuple(_defaults(old, new, kind))
    if way == "client_to_server":
        found = [*_of_clients(was, now), *_defaults(old, new, kind)]
        return _shown(found, old, new)
    return _shown([*_of_service(was, now), *_defaults(old, new, kind)], new, old)


def _of_clients(was: Prepared, now: Prepared) -> Iterator[Difference]:
    """The differences of what clients send: those that keep the old schema are held by the new one."""
    worse, better = gaps(was, now), gaps(now, was)
    added = {gap.path for gap in better if gap.what in ("unknown", "refused")}
    for gap in worse:
        match gap.what:
            case "missing":
                before = UNDOCUMENTED if gap.path in added else "optional"
                yield _told("needs", gap, before, "required", "clients that leave it out are refused")
            case "unknown":
                why = "clients that send it are not refused, but nothing is said of it any more"
                yield replace(_told("takes", gap, "documented", UNDOCUMENTED, why), severity=Severity.RISKY)
            case "refused":
                yield _told("takes", gap, "allowed", "not allowed", "clients that send it are refused")
            case "closed":
                yield _others("takes", gap, gap.sent, gap.taken, Severity.RISKY, "clients that send some are refused")
            case "value":
                yield _told("takes", gap, gap.sent, gap.taken, "clients that send what was allowed are refused")
    for gap in _untold(better, worse):
        match gap.what:
            case "unknown" | "refused":
                yield _safe("takes", gap, UNDOCUMENTED, "optional", "clients may leave it out")
            case "missing":
                yield _safe("needs", gap, "required", "optional", "clients that send it are right as before")
            case "closed":
                yield _others("takes", gap, gap.taken, gap.sent, Severity.SAFE, "clients may send some")
            case "value":
                yield _safe("takes", gap, gap.taken, gap.sent, "whatever was allowed still is")


def _of_service(was: Prepared, now: Prepared) -> Iterator[Difference]:
    """The differences of what the service sends: clients that know the old schema receive what keeps the new one."""
    worse, better = gaps(now, was), gaps(was, now)
    removed = {gap.path for gap in better if gap.what in ("unknown", "refused")}
    for gap in worse:
        match gap.what:
            case "missing":
                gone = gap.path in removed
                why = "receivers that read it do not find it" if gone else "receivers that rely on it may not find it"
                yield _told("has", gap, "required", UNDOCUMENTED if gone else "optional", why)
            case "refused":
                why = "receivers that refuse what they do not know refuse it; the old contract allowed no other fields"
                told = _told("only", gap, "not allowed", "allowed", why)
                yield replace(told, severity=Severity.RISKY, by_payload=False)
            case "unknown":
                yield _safe("only", gap, UNDOCUMENTED, "documented", "receivers ignore fields that they do not know")
            case "closed":
                why = "receivers that refuse what they do not know may get some"
                yield _others("only", gap, gap.taken, gap.sent, Severity.RISKY, why)
            case "value":
                yield _told("only", gap, gap.taken, gap.sent, "receivers may get what they do not know")
    yield from _better_for_receivers(_untold(better, worse))


def _better_for_receivers(better: Iterable[Gap]) -> Iterator[Difference]:
    """What of the old schema the service does not send any more: fields are missed, values are not."""
    for gap in better:
        match gap.what:
            case "unknown" | "refused":
                yield _told("has", gap, "documented", UNDOCUMENTED, "receivers that read it do not find it")
            case "missing":
                yield _safe("has", gap, "optional", "required", "receivers find it always")
            case "closed":
                yield _others("only", gap, gap.sent, gap.taken, Severity.SAFE, "receivers get none")
            case "value":
                yield _safe("only", gap, gap.sent, gap.taken, "receivers get nothing that they did not know")


def _untold(gaps: Iterable[Gap], others: Sequence[Gap]) -> Iterator[Gap]:
    """The gaps of one direction less those of which the other has told already, by the same keyword or another type."""
    paths = {one.path for one in others}
    for gap in gaps:
        same = TYPING if gap.keyword in TYPING else (gap.keyword,)
        if gap.what in ("unknown", "refused", "missing"):
            is_told = gap.path in paths
        elif gap.what == "value":
            is_told = any(
                (one.path == gap.path and one.keyword in same)
                or (one.keyword in TYPING and gap.path[: len(one.path)] == one.path)
                for one in others
            )
        else:
            is_told = False
        if not is_told:
            yield gap


def _told(kind: Kind, gap: Gap, was: str, now: str, why: str) -> Difference:
    severity = Severity.BREAKING if gap.broken else Severity.RISKY
    if gap.why:
        was, now = was or gap.keyword, now or gap.keyword
        was, now = (was, now) if was != now else (was, f"{now} (written otherwise)")
        why = f"whether {why} cannot be told: {gap.why}"
    return Difference(kind=kind, severity=severity, path=gap.path, keyword=gap.keyword, was=was, now=now, why=why)


def _others(kind: Kind, gap: Gap, was: str, now: str, severity: Severity, why: str) -> Difference:
    """A difference of fields that nobody speaks of."""
    was, now = f"other fields {was}", f"other fields {now}"
    return Difference(
        kind=kind, severity=severity, path=gap.path, keyword=OTHERS, was=was, now=now, why=why, by_payload=False
    )  # fmt: skip


def _safe(kind: Kind, gap: Gap, was: str, now: str, why: str) -> Difference:
    was, now = was or gap.keyword, now or gap.keyword
    return Difference(kind=kind, severity=Severity.SAFE, path=gap.path, keyword=gap.keyword, was=was, now=now, why=why)


def _defaults(old: Node, new: Node, kind: Kind, path: tuple[str | int, ...] = ()) -> Iterator[Difference]:
    """Defaults that are not what they were: no payload breaks, but what is left out means something else."""
    if isinstance(old, list) and isinstance(new, list):
        for was, now in zip(old, new, strict=False):
            yield from _defaults(was, now, kind, path)
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return
    if look(old.get("default")) != look(new.get("default")):
        was, now = (f"default {json.dumps(one['default'])}" if "default" in one else "no default" for one in (old, new))
        severity, why = (Severity.RISKY, "what leaves it out may mean something else") if "default" in old else (
            Severity.SAFE, "what it means to leave it out was not said before")  # fmt: skip
        yield Difference(kind=kind, severity=severity, path=path, keyword="default", was=was, now=now, why=why)
    for key in old.keys() & new.keys():
        if key in MAPS or key == "$defs":
            for name in old[key].keys() & new[key].keys():
                inside = (*path, name) if key == "properties" else path
                yield from _defaults(old[key][name], new[key][name], kind, inside)
        elif key in INNER or key in LISTS:
            yield from _defaults(old[key], new[key], kind, (*path, -1) if key == "items" else path)


# --- payloads that show it -----------------------------------------------------------------------------------------


def _shown(found: list[Difference], sent: Node, taken: Node) -> tuple[Difference, ...]:
    """The differences, with payloads that show them; one that could not be told is certain where a payload does."""
    for value, problems in _refused(sent, taken):
        fitting = {n for problem in problems for n, one in enumerate(found) if _is_of(one, problem)}
        if not fitting and not any(one.severity is Severity.BREAKING for one in found):
            nearest = _nearest(found, problems[0])
            if nearest is None:
                found.append(_by(value, problems[0]))
            fitting = {len(found) - 1 if nearest is None else nearest}
        for n in fitting:
            if found[n].witness is None:
                severity = Severity.BREAKING if found[n].by_payload else found[n].severity
                found[n] = replace(found[n], severity=severity, witness=value)
    order = list(Severity)
    return tuple(sorted(found, key=lambda one: order.index(one.severity)))


def _is_of(one: Difference, problem: Problem) -> bool:
    """Whether a reason why a payload is rejected is what a difference is about."""
    if one.severity is Severity.SAFE or one.keyword != problem.keyword:
        return False
    inside = one.keyword in ("required", "additionalProperties")
    own = one.path[:-1] if inside and one.path else one.path
    if inside and one.keyword == "required" and one.path and f"`{one.path[-1]}`" not in problem.expected:
        return False
    return _anywhere(dotted(own)) == _anywhere(problem.path)


def _anywhere(path: str) -> str:
    return re.sub(r"\[\d*\]", "[]", path)


def _nearest(found: Sequence[Difference], problem: Problem) -> int | None:
    """The difference that is nearest to what is wrong with a payload; None where none matters."""
    bad = [n for n, one in enumerate(found) if one.severity is not Severity.SAFE and one.keyword != "default"]
    at = _anywhere(problem.path)

    def likeness(n: int) -> int:
        own = _anywhere(dotted(found[n].path))
        return len(own) if at.startswith(own) or own.startswith(at) else -1

    return max(bad, key=likeness, default=None)


def _by(value: Any, problem: Problem) -> Difference:
    """A difference that only a payload shows."""
    return Difference(
        kind="takes", severity=Severity.BREAKING, path=(problem.path,) if problem.path else (), keyword=problem.keyword,
        was="allowed", now="not allowed", why=f"what is right in one version is wrong in the other: {problem}",
        witness=value,
    )  # fmt: skip


def _refused(sent: Node, taken: Node) -> Iterator[tuple[Any, tuple[Problem, ...]]]:
    """Payloads that keep one schema and not the other, each with what is wrong with it."""
    if not isinstance(sent, Mapping) or not isinstance(taken, Mapping):
        return
    schema = Schema(dict(taken))
    for value in valid_values(sent, TRIED):
        problems = () if schema.is_valid(value) else schema.problems(value)
        if problems:
            yield value, problems


def dotted(path: Sequence[str | int]) -> str:
    """A place in a payload as people write it: `user.tags[]`."""
    words = ""
    for step in path:
        if isinstance(step, int):
            words += "[]" if step < 0 else f"[{step}]"
        else:
            words += f".{step}" if words else step
    return words
