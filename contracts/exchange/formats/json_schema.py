"""JSON Schema 2020-12: one document with a schema for each event, named by `urn:roomcheck:BUNDLE:EVENT`.

Its names are absolute, and nobody fetches them. Binary data has the form of examples and journals: an object with the
one key `$binary` and base64. `format` is meant as an assertion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from contracts.binary_schema import LISTS, MAPS, SINGLES, plain_schema
from contracts.exchange.source import WAYS, Exported, schemas_of
from contracts.form import Form

DATA = "json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
IN_NAMES = ":-._~!$'()*+,;=@"
"""What stands in the names of a URN as it is (RFC 8141), besides letters and digits; a slash parts ours."""
BASE64 = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$"
NO_BASE64 = "[^A-Za-z0-9+/=]"
"""Where `$` matches before a newline at the end of a text, as in Python, that is refused by this."""
ANSWERS = {"client_to_server": "reply", "server_to_client": "answer"}


def made(exported: Exported) -> dict[str, Any]:
    """The document."""
    head, base = exported.source.head, f"urn:roomcheck:{quote(exported.bundle.name, safe='-._~')}"
    resources: dict[str, Any] = {}
    meant: dict[str, list[str]] = {}
    for name, place, schema in _schemas(exported):
        resources[f"{base}:{place}"] = schema
        if name is not None:
            meant.setdefault(f"{base}:{_named(name)}", []).append(f"{base}:{place}")
    for urn, places in meant.items():
        resources[urn] = {"$ref": places[0]} if len(places) == 1 else {"anyOf": [{"$ref": one} for one in places]}
    return {
        "$schema": DIALECT,
        "$id": base,
        "title": head["title"],
        "description": head["summary"],
        "$comment": f"Version {head['version']} of the contracts. Nothing is fetched: every $id is in here.",
        "$defs": {urn.removeprefix(f"{base}:"): _resource(urn, one) for urn, one in sorted(resources.items())},
    }


def _resource(urn: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A schema by itself; those of arguments are schemas by themselves as well."""
    if schema.get(ARGUMENTS):
        items = [_resource(f"{urn}/{number}", one) for number, one in enumerate(schema.get("prefixItems", ()))]
        listed = {"prefixItems": items} if items else {}
        return {"$id": urn, **{key: one for key, one in schema.items() if key != ARGUMENTS}, **listed}
    return {"$id": urn, **plainer(schema)}


ARGUMENTS = "x-arguments"
"""Marks the schema of a list of arguments while the document is made."""


def _schemas(exported: Exported) -> Iterator[tuple[str | None, str, dict[str, Any]]]:
    """(the event whose schema it is, its place in a URN, the schema)."""
    for _, document in exported.source.events:
        event = document["event"]
        for way in WAYS:
            if way in document:
                place = f"{_named(event)}/{way.replace('_', '-')}"
                yield event, place, _carried(document[way])
                yield from _answers(document[way].get(ANSWERS[way]), f"{_named(event)}/{ANSWERS[way]}")
    for _, call in exported.source.calls:
        schemas = {"query": call.get("query"), "body": call.get("body"), "answer": call["answer"]["payload"]}
        for key, schema in schemas.items():
            if schema is not None:
                yield None, f"http/{_named(call['call'])}/{key}", schema
    head = exported.source.head
    if "http_error" in head:
        yield None, "http/error", head["http_error"]
    for key in ("rooms", "namespaces"):
        for name, one in head.get(key, {}).items():
            if "id" in one:
                yield None, f"{key}/{quote(name, safe='-._~')}", one["id"]


def _answers(reply: Mapping[str, Any] | None, place: str) -> Iterator[tuple[str | None, str, dict[str, Any]]]:
    if reply is None:
        return
    yield reply.get("event"), place, _carried(reply)
    if "value" in reply.get("refused", {}):
        yield None, f"{place}/refused", reply["refused"]["value"]


def _carried(part: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of the one argument, or of the list of all."""
    schemas = [schema for _, schema in schemas_of(part)]
    if "args" not in part:
        payload: dict[str, Any] = schemas[0]
        return payload
    return {ARGUMENTS: True, **Form(schemas=tuple(schemas), room_at=None, key="").document()}


def _named(event: str) -> str:
    return quote(event, safe=IN_NAMES)


def plainer(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema of contracts without words of their own."""
    made: dict[str, Any] = _spelled(plain_schema(schema))
    return made


def _spelled(node: Any) -> Any:
    """A schema with the format of binary data spelled out."""
    if not isinstance(node, dict):
        return node
    made = {key: _inner(key, value) for key, value in node.items()}
    kind, _, bounds = str(node.get("format", "")).partition(" ")
    if kind != "binary":
        return made
    least, _, most = bounds.partition(" ")
    del made["format"]
    return made | _base64(int(least), int(most) if most else None)


def _inner(key: str, value: Any) -> Any:
    if key in MAPS:
        return {name: _spelled(one) for name, one in value.items()}
    if key in LISTS:
        return [_spelled(one) for one in value]
    return _spelled(value) if key in SINGLES else value


def _base64(least: int, most: int | None) -> dict[str, Any]:
    """The schema of the base64 of so many bytes: four characters for each three, filled up with `=`."""
    parts: list[dict[str, Any]] = [{"pattern": BASE64}, {"not": {"pattern": NO_BASE64}}]
    if least:
        whole = 4 * -(-least // 3)
        parts.append({"minLength": whole})
        if least % 3 != 1:
            fill = "=$" if least % 3 == 0 else "==$"
            parts.append({"anyOf": [{"minLength": whole + 1}, {"not": {"pattern": fill}}]})
    if most is not None:
        whole = 4 * (most // 3)
        if most % 3:
            fill = "==$" if most % 3 == 1 else "=$"
            parts.append({"anyOf": [{"maxLength": whole}, {"maxLength": whole + 4, "pattern": fill}]})
        else:
            parts.append({"maxLength": whole})
    return {"allOf": parts}
