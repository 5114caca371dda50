"""What a recording shows that contracts do not say, and contracts that are widened by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.form import Form
from contracts.schema import Schema, kinds, shown
from contracts.starter import Documents

WAYS = {"client_to_server": "emitted", "server_to_client": "sent"}
"""The directions of an event, in words."""
RANGES = {"minimum": min, "minLength": min, "minItems": min, "maximum": max}
"""Keywords by which an inferred schema bounds values, each with what keeps the wider bound."""
SAME = ("format", "pattern", "const", "title")
"""Keywords that are kept where both schemas have the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something that was seen and that contracts do not say."""

    event: str
    what: str

    def __str__(self) -> str:
        return f"{self.event}: {self.what}"


def differences(
    old: Sequence[Mapping[str, Any]], new: Documents, samples: Mapping[tuple[str, str], Sequence[tuple[Any, ...]]]
) -> list[Difference]:
    """All differences, by event.

    Args:
        old: the documents of the events of the contracts.
        new: the documents of what was seen.
        samples: recorded arguments by event and direction.
    """
    known = {document["event"]: document for document in old}
    answers = {part["reply"]["event"] for one in old for part in _requests(one) if "event" in part.get("reply", {})}
    found: list[Difference] = []
    for document in new.values():
        event = document.get("event")
        if event is None:
            continue
        if event not in known:
            ways = " and ".join(word for way, word in WAYS.items() if way in document)
            if event not in answers:
                found.append(Difference(event=event, what=f"added: {ways}, and in no contract"))
            continue
        found += [Difference(event=event, what=what) for what in _of_event(known[event], document, samples)]
    return found


def _requests(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [document["client_to_server"]] if "client_to_server" in document else []


def _of_event(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    samples: Mapping[tuple[str, str], Sequence[tuple[Any, ...]]],
) -> Iterator[str]:
    for way, word in WAYS.items():
        if way not in new:
            continue
        if way not in old:
            yield f"added: {word}, and the contract does not say so"
            continue
        ours, seen = old[way], new[way]
        yield from _fields(_schema(ours), _schema(seen), word, "")
        yield from _broken(ours, samples.get((str(new["event"]), way), ()), word)
        whom = ours.get("receivers"), seen.get("receivers")
        if way == "server_to_client" and "volatile" not in seen and whom[0] != whom[1] and isinstance(whom[0], str):
            yield f"sent to {shown(whom[1])}, and the contract says {whom[0]}"
        if "reply" in seen and "reply" not in ours:
            yield "answered, and the contract has no `reply`"


def _schema(part: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of the list of arguments."""
    schemas = part["args"] if "args" in part else [part.get("payload", {})]
    return Form(schemas=tuple(schemas), room_at=None, key="").document()


def _fields(old: Mapping[str, Any], new: Mapping[str, Any], word: str, path: str) -> Iterator[str]:
    """Fields that were seen and that no property of the contract is."""
    if not isinstance(old.get("additionalProperties", True), dict) and "patternProperties" not in old:
        for name in new.get("properties", {}):
            if name not in old.get("properties", {}) and not {"$ref", "anyOf", "allOf", "oneOf"} & old.keys():
                yield f"field added: `{path}{name}` was {word}"
    for name, inner in new.get("properties", {}).items():
        known = old.get("properties", {}).get(name)
        if isinstance(known, dict):
            yield from _fields(known, inner, word, f"{path}{name}.")
    if isinstance(old.get("items"), dict) and isinstance(new.get("items"), dict):
        yield from _fields(old["items"], new["items"], word, f"{path}[].")
    for before, after in zip(old.get("prefixItems", ()), new.get("prefixItems", ()), strict=False):
        yield from _fields(before, after, word, path)


def _broken(part: Mapping[str, Any], samples: Sequence[tuple[Any, ...]], word: str) -> Iterator[str]:
    """Why recorded arguments break the schema of the contract, with how many do."""
    schema = Schema(_schema(part))
    counts: Counter[str] = Counter()
    for args in samples:
        if schema.is_valid(list(args)):
            continue
        problem = schema.explain(list(args))
        if problem is not None:
            path = problem.path.partition(".")[2] if "payload" in part else problem.path
            got = f", got {problem.got}" if problem.keyword in ("enum", "const", "type") else ""
            counts[f"{f'`{path}`: ' if path else ''}{word} with another than {problem.expected}{got}"] += 1
    for what, count in counts.most_common(MOST_TOLD):
        yield f"widened: {what} ({count} times)"


MOST_TOLD = 10
"""Ways in which recorded arguments break one schema that are told."""


def widened(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The document of an event with what another one, of another recording, has seen besides."""
    made = dict(old)
    for way in WAYS:
        if way in new:
            made[way] = _wider_part(old[way], new[way]) if way in old else new[way]
    return made


def _wider_part(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    made = {**new, **old}
    if "payload" in old and "payload" in new:
        made["payload"] = joined(old["payload"], new["payload"])
    elif "args" in old and "args" in new and len(old["args"]) == len(new["args"]):
        made["args"] = [joined(*pair) for pair in zip(old["args"], new["args"], strict=True)]
    else:  # One of the two, in either form.
        made = {name: value for name, value in made.items() if name not in ("payload", "args") or name in old}
    if "reply" in old and "reply" in new:
        made["reply"] = _wider_part(old["reply"], new["reply"])
    return made


def joined(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """A schema that accepts whatever either of two inferred schemas accepts."""
    if not old or not new:
        return {}
    if old == new:
        return old
    if not ({"type"} <= old.keys() and {"type"} <= new.keys()):
        apart = [{name: value for name, value in one.items() if name != "title"} for one in (old, new)]
        title = {"title": old["title"]} if "title" in old else {}
        return {**title, "anyOf": apart} if apart[0] != apart[1] else old
    made: dict[str, Any] = {name: old[name] for name in SAME if name in old and old.get(name) == new.get(name)}
    types = list(dict.fromkeys([*kinds(old), *kinds(new)]))
    if {"integer", "number"} <= set(types):
        types.remove("integer")
    made["type"] = types[0] if len(types) == 1 else types
    for name, wider in RANGES.items():
        bounds = [one[name] for one in (old, new) if name in one]
        if len(bounds) == 2 or (bounds and _is_elsewhere(old, new, name)):
            made[name] = wider(bounds)
    if "enum" in old and "enum" in new:
        made["enum"] = [*old["enum"], *(value for value in new["enum"] if value not in old["enum"])]
    return made | _joined_objects(old, new) | _joined_items(old, new)


TYPE_OF = {"minimum": ("integer", "number"), "maximum": ("integer", "number"), "minLength": ("string",),
           "minItems": ("array",)}  # fmt: skip


def _is_elsewhere(old: dict[str, Any], new: dict[str, Any], name: str) -> bool:
    """Whether the one that lacks a bound has no values that it would be about."""
    lacking = new if name in old else old
    return not set(TYPE_OF[name]) & set(kinds(lacking))


def _joined_objects(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    both = [one for one in (old, new) if "object" in kinds(one)]
    if len(both) == 1:
        return {name: both[0][name] for name in ("properties", "required", "additionalProperties") if name in both[0]}
    if not both:
        return {}
    maps = [one["additionalProperties"] for one in both if "additionalProperties" in one]
    if maps:
        return {"additionalProperties": joined(*maps)} if len(maps) == 2 and joined(*maps) else {}
    ours, theirs = (one.get("properties", {}) for one in both)
    if not ours or not theirs:  # Without fields it is always empty, or a map of anything.
        return {}
    fields = {
        name: joined(ours[name], theirs[name]) if name in ours and name in theirs else (ours | theirs)[name]
        for name in {**ours, **theirs}
    }
    required = [name for name in old.get("required", ()) if name in new.get("required", ())]
    return ({"required": required} if required else {}) | ({"properties": fields} if fields else {})


def _joined_items(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    both = [one for one in (old, new) if "array" in kinds(one)]
    if len(both) == 1:
        return {"items": both[0]["items"]} if "items" in both[0] else {}
    items = [one["items"] for one in both if "items" in one]
    # A list that was always empty says nothing of its items.
    made = joined(*items) if len(items) == 2 else {}
    return {"items": made} if made else {}
