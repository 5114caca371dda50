"""Which part of the new contracts is which of the old ones: by name, and by shape where a name is gone. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, TypeAlias

from conformance.diff.model import WAYS, Way
from conformance.diff.prepared import look, prepared
from conformance.diff.versions import File, Version, Where

LIKE = 0.6
"""How alike a part that is gone and one that is new have to be for the new one to be the old under another name. With
one of three fields changed two thirds are the same; with others in place of two, half."""

SAID = 2.0
"""How alike a name is that the new contracts give in place of a retired one: more than any other."""

MOST_PAIRS = 40_000
"""Names that are gone times names that are new, up to which they are compared: a bundle in which more than two hundred
have changed is another one."""

Facts: TypeAlias = Mapping[str, set[str]]
"""What is said of each message or call, by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """The same part in both versions; None where it is in one alone."""

    subject: str
    """As reports name it: by its new name, where it has one."""
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None
    old_file: File | None
    new_file: File | None
    where: Where = ()
    """Where the part is in its file."""
    way: Way | None = None

    def place(self, *inside: str | int) -> str:
        """`file:line` of something in the part: in the new version, where the part is there."""
        for part, file in ((self.new, self.new_file), (self.old, self.old_file)):
            if part is not None and file is not None:
                return file.place((*self.where, *inside))
        return ""

    def inner(self, *steps: str) -> Both:
        """A part of the part; empty in a version that has none."""
        return Both(
            subject=self.subject, old=_at(self.old, steps), new=_at(self.new, steps), old_file=self.old_file,
            new_file=self.new_file, where=(*self.where, *steps), way=self.way,
        )  # fmt: skip

    def values(self, key: str, default: Any = None) -> tuple[Any, Any]:
        """(old, new) of a key."""
        return (self.old or {}).get(key, default), (self.new or {}).get(key, default)

    @property
    def is_in_both(self) -> bool:
        """Whether both versions have it."""
        return self.old is not None and self.new is not None

    @property
    def old_name(self) -> str:
        """Its name in the old version."""
        return str(self.old_file.document.get("event", "")) if self.old_file else ""

    @property
    def new_name(self) -> str:
        """Its name in the new version."""
        return str(self.new_file.document.get("event", "")) if self.new_file else ""


def _at(part: Mapping[str, Any] | None, steps: Sequence[str]) -> Mapping[str, Any] | None:
    for step in steps:
        if part is None:
            return None
        part = part.get(step)
    return part


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two versions, with what of one is what of the other."""

    old: Version
    new: Version

    @cached_property
    def head(self) -> Both:
        """The bundles themselves."""
        return _both(self.new.bundle.name, self.old.head, self.new.head)

    @cached_property
    def messages(self) -> tuple[Both, ...]:
        """The directions of events: what clients send, and what the service sends."""
        return tuple(one for way in WAYS for one in _of_way(self.old, self.new, way))

    @cached_property
    def calls(self) -> tuple[Both, ...]:
        """The HTTP calls."""
        return tuple(_calls(self.old, self.new))

    def of(self, way: Way) -> Iterator[Both]:
        """The messages of a direction that both versions have."""
        return (one for one in self.messages if one.way == way and one.is_in_both)

    @cached_property
    def renamed_requests(self) -> Mapping[str, str]:
        """The new names of what clients send, by the old ones, where these are others."""
        return self._renamed("client_to_server")

    @cached_property
    def renamed_broadcasts(self) -> Mapping[str, str]:
        """The new names of what the service sends, by the old ones, where these are others."""
        return self._renamed("server_to_client")

    def _renamed(self, way: Way) -> Mapping[str, str]:
        return {one.old_name: one.new_name for one in self.of(way) if one.old_name != one.new_name}

    @cached_property
    def renamed_calls(self) -> Mapping[str, str]:
        """The new names of calls, by their old ones, where these are others."""
        kept = [(one.old, one.new) for one in self.calls if one.old is not None and one.new is not None]
        return {old["call"]: new["call"] for old, new in kept if old["call"] != new["call"]}


def _both(subject: str, old: File | None, new: File | None, *steps: str, way: Way | None = None) -> Both:
    return Both(
        subject=subject, old=_at(old.document, steps) if old else None, new=_at(new.document, steps) if new else None,
        old_file=old, new_file=new, where=steps, way=way,
    )  # fmt: skip


def _of_way(old: Version, new: Version, way: Way) -> Iterator[Both]:
    was = {name: file for name, file in old.events.items() if way in file.document}
    now = {name: file for name, file in new.events.items() if way in file.document}
    gone, come = [name for name in was if name not in now], [name for name in now if name not in was]
    moved = dict(_moved(old, new, way, gone, come))
    for name, file in was.items():
        its = moved.get(name, name)
        yield _both(its, file, now.get(its), way, way=way)
    for name in come:
        if name not in moved.values():
            yield _both(name, None, now[name], way, way=way)


def _moved(old: Version, new: Version, way: Way, gone: list[str], come: list[str]) -> Iterator[tuple[str, str]]:
    """(old name, new name) of what is gone and is there under another name: the most alike first."""
    said = {
        (item["event"], name)
        for item in new.head.document.get("retired_events", ())
        for name in come
        if item["direction"] == way and name in {one.rstrip(".:") for one in re.split(r"[^\w:.\-/]+", item["instead"])}
    }
    was = {name: _facts(old.events[name].document[way]) for name in gone}
    now = {name: _facts(new.events[name].document[way]) for name in come}
    yield from _best(was, now, said)


def _best(was: Facts, now: Facts, said: Set[tuple[str, str]] = frozenset()) -> Iterator[tuple[str, str]]:
    """The pairs that are alike enough, the most alike first, where nothing else is as much like either of them."""
    scores = {pair: SAID for pair in said if pair[0] in was}
    if len(was) * len(now) <= MOST_PAIRS:
        for pair in product(was, now):
            facts, its = was[pair[0]], now[pair[1]]
            likeness = len(facts & its) / max(1, len(facts | its))
            if likeness >= LIKE:
                scores.setdefault(pair, likeness)
    of_old: dict[str, dict[str, float]] = {}
    of_new: dict[str, dict[str, float]] = {}
    for (one, other), score in scores.items():
        of_old.setdefault(one, {})[other] = score
        of_new.setdefault(other, {})[one] = score
    for (one, other), score in sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])):
        if one not in of_old or other not in of_new:
            continue
        rivals = [its for name, its in of_old[one].items() if name != other and name in of_new]
        rivals += [its for name, its in of_new[other].items() if name != one and name in of_old]
        if max(rivals, default=0.0) < score:
            del of_old[one], of_new[other]
            yield one, other


def _facts(part: Mapping[str, Any]) -> set[str]:
    found = set()
    for place, schema in enumerate(args_of(part)):
        node = prepared(schema).node
        node = node if isinstance(node, dict) else {}
        found |= {f"{place}/{name} {look(inner)}" for name, inner in node.get("properties", {}).items()}
        found.add(f"{place} {look({key: value for key, value in node.items() if key != 'properties'})}")
    for key in ("receivers", "room", "sender", "echoes"):
        if key in part:
            found.add(f"{key} {look(part[key])}")
    effect = part.get("effect", {})
    if "membership" in effect:
        found.add(f"membership {effect['membership']}")
    if "reply" in part:
        found |= {f"reply {look(prepared(schema).node)}" for schema in args_of(part["reply"])}
    return found


def args_of(part: Mapping[str, Any]) -> list[Any]:
    """The schemas of the arguments of a message."""
    return list(part["args"]) if "args" in part else [part.get("payload", {})]


def _calls(old: Version, new: Version) -> Iterator[Both]:
    """Calls are the same by their name, by method and path, or by what they take and answer."""
    was, now = dict(old.calls), dict(new.calls)
    found: dict[str, str] = {name: name for name in was if name in now}
    places = {route(file.document): name for name, file in now.items() if name not in was}
    for name, file in was.items():
        if name not in found and route(file.document) in places:
            found[name] = places.pop(route(file.document))
    gone, come = [n for n in was if n not in found], [n for n in now if n not in found.values()]
    found.update(
        _best({name: _call_facts(was[name].document) for name in gone},
              {name: _call_facts(now[name].document) for name in come})
    )  # fmt: skip
    for name, file in was.items():
        its = now.get(found.get(name, ""))
        document = (its or file).document
        yield _both(f"{document['method']} {document['path']}", file, its)
    for name in come:
        if name not in found.values():
            document = now[name].document
            yield _both(f"{document['method']} {document['path']}", None, now[name])


def route(document: Mapping[str, Any]) -> tuple[str, str]:
    """The method and the path of a call, whatever its parameters are called."""
    return document["method"], re.sub(r":[^/]+", ":", document["path"])


def _call_facts(one: Mapping[str, Any]) -> set[str]:
    parts = [f"{key} {look(prepared(one.get(key, {})).node)}" for key in ("body", "query")]
    return {*parts, f"answer {look(prepared(one['answer']['payload']).node)}", one["method"], f"role {one['role']}"}
