"""The JSON Schemas of contract files for editors: one for each kind of file.

Language servers of editors know draft 7 of JSON Schema; what the language needs of later drafts is put in its words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from contracts.faults import META_SCHEMA

KINDS = {"bundle": "bundle.json", "event": "events/*.json", "http": "http/*.json", "triggers": "triggers/*.json"}
"""Which files each kind is for; YAML as well as JSON."""
DRAFT = "http://json-schema.org/draft-07/schema#"


def file_name(kind: str) -> str:
    """What the schema of a kind is called as a file."""
    return f"{kind}.schema.json"


def editor_schema(kind: str) -> dict[str, Any]:
    """The schema of a kind of contract file."""
    meta = json.loads(META_SCHEMA.read_text("utf-8"))
    defs = {name: _older(one) for name, one in meta["$defs"].items()}
    needed = _reached(defs, kind)
    return {
        "$schema": DRAFT,
        "title": f"Roomcheck: {KINDS[kind]}",
        "description": meta["description"],
        "$ref": f"#/definitions/{kind}",
        "definitions": {name: one for name, one in defs.items() if name in needed},
    }


def written(schema: dict[str, Any]) -> str:
    """A schema as the text of a file."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _older(node: Any, *, is_map: bool = False) -> Any:
    """A schema in the words of draft 7; `is_map`: its keys are names of fields, and not keywords."""
    if isinstance(node, list):
        return [_older(one) for one in node]
    if not isinstance(node, dict):
        return node
    if is_map:
        return {name: _older(one) for name, one in node.items()}
    made: dict[str, Any] = {}
    for key, value in node.items():
        if key in ("dependentRequired", "dependentSchemas"):
            made.setdefault("dependencies", {})
            for name, one in value.items():
                before = made["dependencies"].get(name)
                more = {"required": one} if isinstance(one, list) else _older(one)
                made["dependencies"][name] = more if before is None else {"allOf": [before, more]}
        elif key == "$ref":
            made[key] = value.replace("#/$defs/", "#/definitions/")
        elif key in ("examples", "enum", "const", "default"):
            made[key] = value
        else:
            made[key] = _older(value, is_map=key == "properties")
    if "$ref" in made and len(made) > 1:  # Draft 7 reads nothing beside a reference.
        made["allOf"] = [*made.get("allOf", ()), {"$ref": made.pop("$ref")}]
    return made


def _reached(defs: dict[str, Any], kind: str) -> set[str]:
    """The definitions that one refers to, with those that they do."""
    found, ahead = set[str](), [kind]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += _references(defs[name])
    return found


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rpartition("/")[2]
        for one in node.values():
            yield from _references(one)
    elif isinstance(node, list):
        for one in node:
            yield from _references(one)
