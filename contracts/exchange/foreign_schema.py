"""Schemas of other tools, of draft 7 or 2020-12, in the words that contracts have."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from contracts.binary_schema import LISTS, MAPS, SINGLES
from contracts.closed_schema import ClosedSchema
from contracts.exchange.draft7 import BESIDE, BINARY, IS_BINARY
from contracts.exchange.foreign import Spot, Unread
from contracts.exchange.source import Where
from contracts.faults import META_SCHEMA
from contracts.patterns import is_pattern
from contracts.schema import shown

MOST_SCHEMAS = 200_000
"""In all contracts that are made of a document: references to references would otherwise be thousands of millions."""
FORMATS = ("date-time", "date", "uuid")
BINARY_FORMATS = ("binary", IS_BINARY)
ANNOTATIONS = {
    *("examples", "example", "deprecated", "readOnly", "writeOnly", "externalDocs", "discriminator", "xml", "summary"),
    *("$id", "id", "$schema", "$comment", "$anchor", "contentEncoding", "contentMediaType", "nullable"),
}
"""Words that judge no value, or that are taken otherwise."""
RENAMED = {"definitions": "$defs"}
Note = Callable[[Where, str], None]


class ForeignSchemas:
    """Reads the schemas of one document."""

    def __init__(self, note: Note) -> None:
        """`note` is told what of a schema is left out."""
        self._note = note
        self._left = MOST_SCHEMAS

    def read(self, spot: Spot) -> dict[str, Any]:
        """A schema as a contract has it, with what it refers to in its `$defs`.

        Raises:
            Unread: it is none, or too large.
        """
        reading = _Reading(self, spot.followed())
        try:
            made = reading.whole()
            fault = next(_language().faults(made, "schema"), None)
        except RecursionError:
            raise Unread(spot.where, "a schema is nested too deeply") from None
        if fault is not None:
            where, message = fault
            place = f"{'/'.join(map(str, where))}: " if where else ""
            raise Unread(spot.where, f"{place}{message}")
        return made

    def note(self, where: Where, message: str) -> None:
        """Tell what is left out."""
        self._note(where, message)

    def count(self, where: Where) -> None:
        """One more schema is made."""
        self._left -= 1
        if self._left < 0:
            raise Unread(where, f"makes more than {MOST_SCHEMAS} schemas, with references followed")


class _Reading:
    """One schema with all that it refers to."""

    def __init__(self, schemas: ForeignSchemas, spot: Spot) -> None:
        self._schemas = schemas
        self._spot = spot
        self._places: dict[Where, str] = {}
        self._pending: list[tuple[dict[str, Any], Spot, str]] = []
        self._defs: dict[str, Any] = {}

    def whole(self) -> dict[str, Any]:
        made = self._of(self._spot, "#")
        root: dict[str, Any] = made if isinstance(made, dict) else {} if made else {"not": {}}
        self._defs = root.get("$defs", {})
        while self._pending:
            node, spot, reference = self._pending.pop()
            target = spot.led(reference).followed()
            if target.where not in self._places:
                self._add(target)
            node["$ref"] = self._places[target.where]
        if self._defs:
            root["$defs"] = self._defs
        return root

    def _add(self, target: Spot) -> None:
        """Take a schema of another place into `$defs`."""
        wanted = re.sub(r"[^A-Za-z0-9_.-]+", "_", str(target.where[-1] if target.where else "root"))[:60] or "schema"
        name, number = wanted, 1
        while name in self._defs:
            number += 1
            name = f"{wanted}_{number}"
        self._defs[name] = {}
        self._defs[name] = self._of(target, f"#/$defs/{name}")

    def _of(self, spot: Spot, at: str) -> Any:
        if isinstance(spot.value, bool):
            self._places[spot.where] = at
            return spot.value
        if not isinstance(spot.value, dict):
            raise Unread(spot.where, f"expected a schema, got {shown(spot.value)}")
        self._schemas.count(spot.where)
        self._places[spot.where] = at
        schema = spot.value
        made: dict[str, Any] = {}
        if isinstance(schema.get("$ref"), str):
            self._pending.append((made, spot, schema["$ref"]))
            made["$ref"] = schema["$ref"]
            # Draft 7 reads nothing else beside it; what is of its own is for people, or definitions.
            schema = {key: schema[key] for key in ("definitions", "$defs") if key in schema}
        if _is_binary(schema):
            return made | _binary(schema)
        for key, value in schema.items():
            self._put(made, key, value, schema, spot, at)
        if schema.get(BESIDE) is True and isinstance(made.get("allOf"), list):
            made |= made["allOf"].pop()
            self._moved(made)
            if not made["allOf"]:
                del made["allOf"]
        return _nullable(made) if schema.get("nullable") is True else made

    def _moved(self, made: dict[str, Any]) -> None:
        """A reference that was an item of `allOf` stands in its schema now."""
        last, spot, reference = self._pending[-1]
        if last.get("$ref") == made.get("$ref"):
            self._pending[-1] = (made, spot, reference)

    def _put(self, made: dict[str, Any], key: str, value: Any, schema: dict[str, Any], spot: Spot, at: str) -> None:
        """Take one keyword."""
        where = (*spot.where, key)
        match key:
            case "items" if isinstance(value, list):
                self._put_inner(made, key, "prefixItems", value, (spot, at))
            case "additionalItems":
                if isinstance(schema.get("items", []), list):
                    self._put_inner(made, key, "items", value, (spot, at))
            case "dependencies" if isinstance(value, dict):
                made["dependentRequired"] = {name: one for name, one in value.items() if isinstance(one, list)}
                if len(made["dependentRequired"]) < len(value):
                    self._schemas.note(where, "schemas of `dependencies` are left out: contracts have no word for them")
            case "exclusiveMinimum" | "exclusiveMaximum" if isinstance(value, bool):
                made |= _bound(key, value, schema)
            case "format" if value == "any":
                pass
            case _ if (why := _left_out(key, value)) is not None:
                self._schemas.note(where, why)
            case _ if key == "definitions" or (key in _known() and key != "$ref"):
                self._put_inner(made, key, RENAMED.get(key, key), value, (spot, at))

    def _put_inner(self, made: dict[str, Any], key: str, word: str, value: Any, place: tuple[Spot, str]) -> None:
        """Take the value of a keyword, with the schemas in it."""
        spot, at = place
        inner = Spot(document=spot.document, where=(*spot.where, key), value=value)
        at = f"{at}/{word}"
        if word in MAPS:
            if not isinstance(value, dict):
                raise Unread(inner.where, f"`{key}`: expected a mapping of schemas, got {shown(value)}")
            made[word] = {
                name: self._of(_step(inner, name), f"{at}/{_pointed(name)}")
                for name in value
            }  # fmt: skip
        elif word in LISTS:
            if not isinstance(value, list):
                raise Unread(inner.where, f"`{key}`: expected a list of schemas, got {shown(value)}")
            made[word] = [self._of(_step(inner, number), f"{at}/{number}") for number in range(len(value))]
        else:
            made[word] = self._of(inner, at) if word in SINGLES else value


def _bound(key: str, value: bool, schema: dict[str, Any]) -> dict[str, Any]:
    """A bound as draft 4 has it: whether it is exclusive stands beside it."""
    bound = key.replace("exclusiveM", "m")
    return {key: schema[bound]} if value and bound in schema else {}


def _left_out(key: str, value: Any) -> str | None:
    """Why a keyword is left out, where that has to be told."""
    if key == "format" and value not in FORMATS and value != "any":
        return f"`format` {shown(value)} is left out: contracts know {', '.join(FORMATS)}"
    if key == "pattern" and not (isinstance(value, str) and is_pattern(value)):
        return f"`pattern` {shown(value)} is left out: look-around and back-references cannot be used"
    known = key in _known() or key in ANNOTATIONS or key in RENAMED or key == "$ref" or key.startswith("x-")
    return None if known else f"`{key[:60]}` is left out: contracts have no such word in schemas"


def _step(spot: Spot, step: str | int) -> Spot:
    return Spot(document=spot.document, where=(*spot.where, step), value=spot.value[step])


def _pointed(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _is_binary(schema: dict[str, Any]) -> bool:
    return schema.get(IS_BINARY) is True or (schema.get("type") == "string" and schema.get("format") == "binary")


def _binary(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of binary data."""
    made: dict[str, Any] = {key: schema[key] for key in ("title", "description") if key in schema}
    return {**made, "binary": True, **{key: schema[word] for key, word in BINARY.items() if word in schema}}


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema of OpenAPI that takes null as well."""
    if "type" not in schema:
        return schema
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    made = {**schema, "type": [*kinds, "null"] if "null" not in kinds else kinds}
    if isinstance(made.get("enum"), list) and None not in made["enum"]:
        made["enum"] = [*made["enum"], None]
    return made


@cache
def _language() -> ClosedSchema:
    return ClosedSchema(json.loads(META_SCHEMA.read_text("utf-8")))


@cache
def _known() -> frozenset[str]:
    """The keywords that contracts have."""
    return frozenset(json.loads(META_SCHEMA.read_text("utf-8"))["$defs"]["schema"]["properties"]) - {"binary", *BINARY}
