"""Schemas of contracts, which are of JSON Schema 2020-12, in the words of draft 7, and with components for `$ref`.

What another word of draft 7 says is said by it; binary data by `format` and extensions, which are read back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from contracts.binary_schema import LISTS, MAPS, SINGLES
from contracts.exchange.source import CannotSay, Where, holds_ref
from contracts.references import DATA

COMPONENTS = "#/components/schemas/"
IS_BINARY = "x-roomcheck-binary"
BINARY = {"minBytes": "x-roomcheck-min-bytes", "maxBytes": "x-roomcheck-max-bytes"}
BESIDE = "x-roomcheck-beside-ref"
"""Marks a schema whose `$ref` stood beside other words, which draft 7 ignores: it is the last of its `allOf` now."""


class Components:
    """The schemas of a document that have to stand by themselves, because they refer to parts of themselves."""

    def __init__(self, *, draft7: bool) -> None:
        """`draft7`: in the words of draft 7; else those of 2020-12 are kept."""
        self.schemas: dict[str, Any] = {}
        self._draft7 = draft7

    def placed(self, schema: Any, name: str, where: Where) -> Any:
        """A schema as the document has it: itself, or a reference to its component.

        Args:
            name: what the component is called, where one is made.
            where: the place of the schema in its contract file.

        Raises:
            CannotSay: it has something that cannot be said.
        """
        translation = _Older(where) if self._draft7 else _Moved(where)
        made = translation.of(schema, "#", where)
        if not translation.references:
            return made
        base = f"{COMPONENTS}{name}"
        translation.lead(base)
        self.schemas[name] = made
        return {"$ref": base}


class _Moved:
    """A schema whose references are led to where it stands in another document."""

    unsayable: ClassVar[dict[str, str]] = {"$ref": "would be read as a reference"}
    """Names that no field can have, and why."""

    def __init__(self, where: Where) -> None:
        self.where = where
        self.references: list[tuple[dict[str, Any], str]] = []
        self._places: dict[str, str] = {}

    def lead(self, base: str) -> None:
        """Lead all references to the schema's new place."""
        for node, target in self.references:
            if target not in self._places:
                raise CannotSay(f"`$ref`: {target} leads to no schema", self.where)
            node["$ref"] = base + self._places[target][1:]

    def of(self, schema: Any, at: str, where: Where, new: str | None = None) -> Any:
        """A schema translated; `at` is its pointer and `new` that in the translation."""
        new = at if new is None else new
        if not isinstance(schema, Mapping):
            return schema
        self._places[at] = new
        made: dict[str, Any] = {}
        for key, value in schema.items():
            if key == "$ref":
                self.references.append((made, value))
                made[key] = value
            elif key in DATA and holds_ref(value):
                raise CannotSay(f"`{key}`: a value with the field `$ref` would be read as a reference", (*where, key))
            else:
                self.put(made, key, value, (at, new), where, schema)
        return made

    def put(
        self, made: dict[str, Any], key: str, value: Any, pointers: tuple[str, str], where: Where, _: Mapping[str, Any]
    ) -> None:
        """Translate one keyword."""
        made[key] = self.inner(key, key, value, pointers, where)

    def inner(self, key: str, word: str, value: Any, pointers: tuple[str, str], where: Where) -> Any:
        """The value of a keyword that is called `word` in the translation."""
        at, new = f"{pointers[0]}/{key}", f"{pointers[1]}/{word}"
        if key in MAPS:
            for name, why in self.unsayable.items():
                if name in value:
                    raise CannotSay(f"a field called `{name}` {why}", (*where, key, name))
            return {
                name: self.of(one, f"{at}/{_step(name)}", (*where, key, name), f"{new}/{_step(name)}")
                for name, one in value.items()
            }
        if key in LISTS:
            return [self.of(one, f"{at}/{n}", (*where, key, n), f"{new}/{n}") for n, one in enumerate(value)]
        return self.of(value, at, (*where, key), new) if key in SINGLES else value


class _Older(_Moved):
    """The same in the words of draft 7."""

    unsayable: ClassVar[dict[str, str]] = {
        **_Moved.unsayable,
        "__proto__": "breaks AsyncAPI's parser",
        "hasOwnProperty": "breaks AsyncAPI's parser",
    }

    def of(self, schema: Any, at: str, where: Where, new: str | None = None) -> Any:
        """A schema translated."""
        if not isinstance(schema, Mapping) or "$ref" not in schema or len(schema) == 1:
            return super().of(schema, at, where, new)
        made = super().of({key: value for key, value in schema.items() if key != "$ref"}, at, where, new)
        reference: dict[str, Any] = {"$ref": schema["$ref"]}
        self.references.append((reference, schema["$ref"]))
        return {**made, "allOf": [*made.get("allOf", ()), reference], BESIDE: True}

    def put(
        self,
        made: dict[str, Any],
        key: str,
        value: Any,
        pointers: tuple[str, str],
        where: Where,
        schema: Mapping[str, Any],
    ) -> None:
        """Translate one keyword."""
        match key:
            case "$defs":
                made["definitions"] = self.inner(key, "definitions", value, pointers, where)
            case "prefixItems":
                made["items"] = self.inner(key, "items", value, pointers, where)
            case "items" if "prefixItems" in schema:
                made["additionalItems"] = self.inner(key, "additionalItems", value, pointers, where)
            case "dependentRequired":
                made["dependencies"] = value
            case "binary":
                made |= {"type": "string", "format": "binary", IS_BINARY: True}
            case "minBytes" | "maxBytes":
                made[BINARY[key]] = value
            case _:
                super().put(made, key, value, pointers, where, schema)


def _step(name: str) -> str:
    """A name as a step of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def is_list_of_arguments(payload: Mapping[str, Any]) -> bool:
    """Whether a payload is taken for the list of arguments, as other tools write it, where nothing else is said."""
    tuples = any(isinstance(payload.get(key), list) for key in ("items", "prefixItems")) or "additionalItems" in payload
    return payload.get("type") == "array" and (tuples or payload.get("maxItems") == 0)
