"""Every key of the language of contracts is used at least once: in the bundles that come along, or in a case."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contracts.load import HERE, bundled

META = json.loads((HERE / "contract.schema.json").read_text("utf-8"))
TESTS = HERE.parent / "tests"
EXAMPLES = sorted(
    path.parent for pattern in ("cases/*", "services/*") for path in TESTS.glob(f"{pattern}/contracts/bundle.json")
) + [HERE / name for name in bundled()]
KINDS = {"events": "event", "http": "http", "triggers": "triggers"}
OF_VALUES = {"schema", "subschema", "schemas", "schemaList", "type"}
"""Parts that are JSON Schema, whose keywords are not of this language."""
Key = tuple[str, str]


def parts(schema: Any, name: str) -> Iterator[tuple[dict[str, Any], str]]:
    """A part of the meta-schema and what it refers to, each with the name that its keys go by."""
    if not isinstance(schema, dict):
        return
    if "$ref" in schema:
        inner = schema["$ref"].rpartition("/")[2]
        if inner not in OF_VALUES:
            yield from parts(META["$defs"][inner], inner)
    yield schema, name
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from parts(one, name)


def known(schema: Any, name: str, seen: set[int]) -> Iterator[Key]:
    """Every key that a part of the meta-schema allows, with those inside."""
    for part, its_name in parts(schema, name):
        if id(part) in seen:
            continue
        seen.add(id(part))
        for key, inner in part.get("properties", {}).items():
            if key == "$schema":  # Of editors: test_documents.py has it in every kind of file.
                continue
            yield its_name, key
            yield from known(inner, f"{its_name}.{key}", seen)
        for key in ("additionalProperties", "items"):
            yield from known(part.get(key), its_name, seen)


def used(node: Any, schema: Any, name: str) -> Iterator[Key]:
    """The keys that a document has, by the parts of the meta-schema that allow them."""
    for part, its_name in parts(schema, name):
        if isinstance(node, dict):
            properties = part.get("properties", {})
            for key, value in node.items():
                if key in properties:
                    yield its_name, key
                    yield from used(value, properties[key], f"{its_name}.{key}")
                else:
                    yield from used(value, part.get("additionalProperties"), its_name)
        elif isinstance(node, list):
            for one in node:
                yield from used(one, part.get("items"), its_name)


def documents() -> Iterator[tuple[Path, str]]:
    for folder in EXAMPLES:
        yield folder / "bundle.json", "bundle"
        for name, kind in KINDS.items():
            yield from ((path, kind) for path in (folder / name).glob("*.json"))


def test_every_key_of_the_language_is_used() -> None:
    wanted = {key for kind in ("bundle", *KINDS.values()) for key in known(META["$defs"][kind], kind, set())}
    found = {
        key
        for path, kind in documents()
        for key in used(json.loads(path.read_text("utf-8")), META["$defs"][kind], kind)
    }
    assert len(wanted) > 100
    assert sorted(wanted - found) == []
