"""Whether everything that keeps one schema keeps another, and where it does not. Pure.

`sent` is the schema of whoever sends, `taken` that of whoever receives. A field that no contract speaks of is not sent,
and one that is received is no fault unless the schema forbids it. Where a gap is not `broken`, it could not be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from conformance.diff import keywords
from conformance.diff.gap import Gap, certain, of_keyword, unsure
from conformance.diff.prepared import Node, Prepared, look, refers
from conformance.diff.ways import COMPOSED, Way, are_apart, both, conditional, field_of, finite, item_of, type_of, ways
from contracts.patterns import matches
from contracts.schema import kinds, shown

MOST_COMPARED = 5_000
"""Pairs of parts that are compared before the rest counts as not told."""

DEEPEST = 40
"""Fields inside fields that are compared."""

TOO_LARGE = "the schemas are too large to be compared"

ANY = object()
"""Stands for no value."""


def gaps(sent: Prepared, taken: Prepared) -> list[Gap]:
    """Where what keeps `sent` does not keep `taken`; none where all of it does."""
    return _once(_Comparison(sent, taken).parts(sent.node, taken.node, ()))


def _once(found: Iterable[Gap]) -> list[Gap]:
    """Each gap once, the certain ones in place of the uncertain at the same keyword."""
    made: dict[tuple[Any, ...], Gap] = {}
    for gap in found:
        key = gap.path, gap.keyword, gap.what
        if key not in made or (gap.broken and not made[key].broken):
            made[key] = gap
    refused = {gap.path for gap in made.values() if gap.what in ("refused", "missing")}
    others = {gap.path for gap in made.values() if gap.keyword in ("type", "false") and gap.broken}
    return [
        gap
        for gap in made.values()
        if (gap.what != "unknown" or gap.path not in refused)
        and (
            gap.keyword in ("type", "false")
            or not any(gap.path[:n] in others for n in range(len(gap.path) + (gap.what == "value")))
        )
    ]


class _Comparison:
    """One comparison of two schemas, with what it has left of its time."""

    def __init__(self, sent: Prepared, taken: Prepared) -> None:
        self._sent, self._taken = sent, taken
        self._same_defs = look(sent.defs) == look(taken.defs)
        self._open: set[tuple[str, str]] = set()
        self._left = MOST_COMPARED
        self._looks: dict[int, tuple[Node, str]] = {}

    def parts(self, sent: Node, taken: Node, path: tuple[str | int, ...]) -> list[Gap]:
        """The gaps between two parts."""
        if self._are_same(sent, taken):
            return []
        key = self._look(sent), self._look(taken)
        if key in self._open:
            return []  # It is asked for further out: no gap there, none here.
        self._left -= 1
        if self._left < 0 or len(self._open) >= DEEPEST:
            return [unsure(path, "$ref", TOO_LARGE)]
        self._open.add(key)
        found = []
        for way in ways(sent, self._sent):
            found += self._way(way, taken, path)
            found += self._unknown(way, taken, path)
        self._open.discard(key)
        return found

    def _are_same(self, sent: Node, taken: Node) -> bool:
        return self._look(sent) == self._look(taken) and (self._same_defs or not refers(sent))

    def _look(self, node: Node) -> str:
        """What tells a part apart, found out once: the same parts are asked for again and again."""
        if id(node) not in self._looks:
            self._looks[id(node)] = node, look(node)
        return self._looks[id(node)][1]

    def _way(self, way: Way, taken: Node, path: tuple[str | int, ...]) -> list[Gap]:
        """The gaps between a way of the sender and a part of the receiver."""
        if taken is True:
            return []
        if taken is False:
            return [certain(path, "false", "a value", "none", way)]
        found: list[Gap] = []
        if "$ref" in taken:
            found += self._way(way, self._taken.followed(taken), path)
        for inner in taken.get("allOf", ()):
            found += self._way(way, inner, path)
        if "anyOf" in taken:
            found += self._any(way, taken["anyOf"], "anyOf", path)
        if "oneOf" in taken and not self._holds(way, {"oneOf": taken["oneOf"]}):
            found += self._one(way, taken["oneOf"], path)
        if "not" in taken and not self._holds(way, {"not": taken["not"]}):
            found += self._not(way, taken["not"], path)
        if "if" in taken and not self._holds(way, conditional(taken)):
            found += self._if(way, taken, path)
        return found + self._plain(way, {key: value for key, value in taken.items() if key not in COMPOSED}, path)

    def _holds(self, way: Way, constraint: Mapping[str, Any]) -> bool:
        """Whether the sender keeps a constraint by having the same."""
        return way.has_also(constraint) and (self._same_defs or not refers(constraint))

    # --- alternatives ----------------------------------------------------------------------------------------------

    def _any(self, way: Way, branches: Sequence[Node], keyword: str, path: tuple[str | int, ...]) -> list[Gap]:
        """The gaps where one of several has to hold: the way fits one, or is told apart by type, value or field."""
        self._left -= 1
        if self._left < 0:
            return [unsure(path, keyword, TOO_LARGE)]
        tried = [self._way(way, branch, path) for branch in branches]
        if not all(tried):
            return []
        apart = self._split(way)
        if len(apart) > 1:
            return [gap for one in apart for gap in self._any(one, branches, keyword, path)]
        (kind,) = way.types if len(way.types) == 1 else ("",)
        values = finite(way, kind, self._sent) if kind else None
        if values is not None:
            union = {keyword: list(branches)} if keyword == "anyOf" else {"anyOf": list(branches)}
            return self._values(way, values, union, path, _words(way.types))
        fitting = [
            gaps for gaps, branch in zip(tried, branches, strict=True)
            if not are_apart(([way], self._sent), (ways(branch, self._taken), self._taken))
        ]  # fmt: skip
        if not fitting:
            return [certain(path, keyword, _words(way.types), "none of these", way)]
        best = min(fitting, key=lambda gaps: (sum(gap.broken for gap in gaps), len(gaps)))
        if len(fitting) == 1:
            return best
        return [replace(gap, broken=False, why="several alternatives are possible here") for gap in best]

    def _split(self, way: Way) -> list[Way]:
        """The way in parts of one type; of an object with a listed field, in parts of one value."""
        if len(way.types) > 1:
            return [_of_type(way, kind) for kind in way.types]
        if way.types != ("object",):
            return [way]
        for name in way.plain.get("required", ()):
            inner = ways(way.field(name), self._sent)
            values = [finite(one, one.types[0], self._sent) if len(one.types) == 1 else None for one in inner]
            listed = [value for some in values if some is not None for value in some]
            if len(listed) > 1 and None not in values:
                fields = way.plain.get("properties", {})
                return [way.narrowed(properties={**fields, name: {"enum": [value]}}) for value in listed]
        return [way]

    def _one(self, way: Way, branches: Sequence[Node], path: tuple[str | int, ...]) -> list[Gap]:
        """The gaps where exactly one has to hold."""
        found = self._any(way, branches, "oneOf", path)
        its = [(ways(branch, self._taken), self._taken) for branch in branches]
        own = [one for one in its if not are_apart(([way], self._sent), one)]
        if found or all(are_apart(one, other) for n, one in enumerate(own) for other in own[:n]):
            return found
        return [unsure(path, "oneOf", "a value may keep several of the alternatives")]

    def _not(self, way: Way, taken: Node, path: tuple[str | int, ...]) -> list[Gap]:
        if are_apart(([way], self._sent), (ways(taken, self._taken), self._taken)):
            return []
        return [unsure(path, "not", "what `not` leaves cannot be compared")]

    def _if(self, way: Way, taken: Mapping[str, Any], path: tuple[str | int, ...]) -> list[Gap]:
        found = self._way(way, taken.get("then", True), path) + self._way(way, taken.get("else", True), path)
        return [unsure(path, "if", "conditions cannot be compared")] if found else []

    # --- plain keywords --------------------------------------------------------------------------------------------

    def _plain(self, way: Way, taken: Mapping[str, Any], path: tuple[str | int, ...]) -> list[Gap]:
        if not taken:
            return []
        found: list[Gap] = []
        for kind in way.types:
            one = _of_type(way, kind) if len(way.types) > 1 else way
            values = finite(one, kind, self._sent)
            if values is not None:
                found += self._values(one, values, taken, path, _words(way.types))
            else:
                found += self._of_kind(one, kind, taken, path, _words(way.types))
        return found

    def _values(self, way: Way, values: list[Any], taken: Node, path: tuple[str | int, ...], types: str) -> list[Gap]:
        """The gaps of listed values: each is held against the other schema."""
        schema = self._taken.schema(taken)
        bad = next((value for value in values if not schema.is_valid(value)), ANY)
        if bad is ANY:
            return []
        problem = schema.explain(bad)
        keyword = problem.keyword if problem else "enum"
        listed = types if keyword == "type" else ", ".join(map(shown, values))
        return [certain(path, keyword, listed, _said(taken, keyword), way)]

    def _of_kind(
        self, way: Way, kind: str, taken: Mapping[str, Any], path: tuple[str | int, ...], types: str
    ) -> Iterator[Gap]:
        if taken.get("binary") and kind != "binary":
            yield certain(path, "binary", _words((kind,)), "binary data", way)
            return
        allowed = kinds(taken)
        if allowed and not keywords.is_allowed(way, kind, allowed):
            gap = certain(path, "type", types, _words(allowed), way)
            # Whatever is said to be anything is rarely binary data.
            yield replace(gap, broken=False, why="binary data is no JSON") if kind == "binary" else gap
            return
        if "enum" in taken:
            yield certain(path, "enum", f"any {kind}", _said(taken, "enum"), way)
            return
        match kind:
            case "string":
                found = keywords.of_texts(way, taken)
            case "number" | "integer":
                found = keywords.of_numbers(way, kind, taken)
            case "binary":
                found = keywords.of_sizes(way, taken, "minBytes", "maxBytes")
            case "array":
                found = keywords.of_lists(way, taken)
            case "object":
                found = keywords.of_objects(way, taken)
            case _:
                found = iter(())
        yield from (of_keyword(one, path, way) for one in found)
        if kind == "array":
            yield from self._items(way, taken, path)
        elif kind == "object":
            yield from self._fields(way, taken, path)

    def _items(self, way: Way, taken: Mapping[str, Any], path: tuple[str | int, ...]) -> Iterator[Gap]:
        heads = max(len(way.plain.get("prefixItems", ())), len(taken.get("prefixItems", ())))
        for place in range(heads):
            if place < way.most_items:
                yield from self.parts(way.item(place), item_of(taken, place), (*path, place))
        if heads < way.most_items:
            yield from self.parts(way.item(heads), taken.get("items", True), (*path, -1))
        if "contains" in taken and self._lacks(way, taken["contains"]):
            yield unsure(path, "contains", "whether an item keeps `contains` cannot be told")

    def _lacks(self, way: Way, wanted: Node) -> bool:
        """Whether a list may have no item that keeps a schema."""
        if "contains" in way.plain and not self.parts(way.plain["contains"], wanted, ()):
            return False
        return way.plain.get("minItems", 0) < 1 or bool(self.parts(way.item(0), wanted, ()))

    def _fields(self, way: Way, taken: Mapping[str, Any], path: tuple[str | int, ...]) -> Iterator[Gap]:
        for name in taken.get("required", ()):
            if name not in way.required:
                gap = certain((*path, name), "required", "it may be left out", "it has to be there", way)
                yield replace(gap, what="missing")
        for name in way.names:
            yield from self._field(way, name, taken, path)
        yield from self._patterned(way, taken, path)
        if way.others is not None:
            yield from self._others(way, way.others, taken, path)
        elif taken.get("additionalProperties") is False and way.plain.get("additionalProperties") is not False:
            gap = Gap(
                path=path, keyword="additionalProperties", sent="not spoken of", taken="not allowed", what="closed"
            )
            yield replace(gap, broken=False)
        if "propertyNames" in taken:
            names = self._taken.schema(taken["propertyNames"])
            bad = [name for name in way.names if not names.is_valid(name)]
            for name in bad:
                yield replace(
                    certain((*path, name), "propertyNames", "it may be there", "its name is forbidden", way),
                    what="refused",
                )
            open_names = way.others is not None or "patternProperties" in way.plain
            own = way.plain.get("propertyNames", True)
            if open_names and self.parts(both(own, {"type": "string"}), taken["propertyNames"], ()):
                yield unsure(path, "propertyNames", "the names of other fields cannot be compared")

    def _field(self, way: Way, name: str, taken: Mapping[str, Any], path: tuple[str | int, ...]) -> Iterator[Gap]:
        its = field_of(taken, name, otherwise=True)
        if its is False:
            gap = certain((*path, name), "additionalProperties", "it may be there", "it may not be there", way)
            yield replace(gap, what="refused")
            return
        yield from self.parts(way.field(name), its, (*path, name))

    def _patterned(self, way: Way, taken: Mapping[str, Any], path: tuple[str | int, ...]) -> Iterator[Gap]:
        """Fields whose names match a pattern of the sender."""
        its = taken.get("patternProperties", {})
        for pattern, inner in way.plain.get("patternProperties", {}).items():
            for name, field in taken.get("properties", {}).items():
                if name not in way.plain.get("properties", {}) and matches(pattern, name):
                    yield from self.parts(inner, field, (*path, name))
            if pattern in its:
                yield from self.parts(inner, its[pattern], (*path, pattern))
            else:
                yield from self.parts(inner, taken.get("additionalProperties", True), (*path, pattern))
            if set(its) - {pattern}:
                yield unsure((*path, pattern), "patternProperties", "a name may match several patterns")

    def _others(self, way: Way, extra: Node, taken: Mapping[str, Any], path: tuple[str | int, ...]) -> Iterator[Gap]:
        """Fields that the sender does not document and may send."""
        own = way.plain.get("properties", {})
        for name, field in taken.get("properties", {}).items():
            if name not in own:
                yield from self.parts(extra, field, (*path, name))
        for pattern, field in taken.get("patternProperties", {}).items():
            if pattern not in way.plain.get("patternProperties", {}):
                yield from self.parts(extra, field, (*path, pattern))
        its = taken.get("additionalProperties", True)
        if its is False:
            yield certain(path, "additionalProperties", "other fields may be there", "no others may be there", way)
        else:
            yield from self.parts(extra, its, (*path, "*"))

    def _unknown(self, way: Way, taken: Node, path: tuple[str | int, ...]) -> Iterator[Gap]:
        """Fields that the sender documents and the receiver takes without knowing them."""
        if "object" not in way.types:
            return
        documented = list(_objects(taken, self._taken, set()))
        known = {name for one in documented for name in (*one.get("properties", {}), *one.get("required", ()))}
        patterns = [pattern for one in documented for pattern in one.get("patternProperties", {})]
        if not known and not patterns:
            return
        for name in way.names:
            if name not in known and not any(matches(pattern, name) for pattern in patterns):
                yield Gap(
                    path=(*path, name), keyword="properties", sent="documented", taken="not documented", what="unknown"
                )


def _objects(node: Node, schema: Prepared, seen: set[str]) -> Iterator[Mapping[str, Any]]:
    """A part and all that may hold beside it of the same value."""
    if not isinstance(node, Mapping) or look(node) in seen:
        return
    seen.add(look(node))
    yield node
    inner = [node.get(key) for key in ("then", "else")]
    inner += [one for key in ("allOf", "anyOf", "oneOf") for one in node.get(key, ())]
    for one in [*inner, *([schema.followed(node)] if "$ref" in node else [])]:
        yield from _objects(one, schema, seen)


def _of_type(way: Way, kind: str) -> Way:
    """The part of a way that is of one type."""
    if kind == "binary":
        return Way(
            plain={key: way.plain[key] for key in ("minBytes", "maxBytes") if key in way.plain} | {"binary": True},
            also=way.also,
        )
    if "enum" in way.plain:
        listed = [value for value in way.plain["enum"] if type_of(value) == ("number" if kind == "integer" else kind)]
        return way.narrowed(type=kind, enum=listed)
    return way.narrowed(type=kind)


def _words(types: Iterable[str]) -> str:
    return keywords.types_in_words(types)


def _said(taken: Node, keyword: str) -> str:
    return keywords.said(taken, keyword)
