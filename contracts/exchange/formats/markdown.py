"""Markdown: a reference of the events and calls, for people; `roomcheck align` holds it against the contracts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.binary import holds_binary
from contracts.data_text import as_json
from contracts.exchange.markdown_text import code, fence, prose, row
from contracts.exchange.source import WAYS, Exported, schemas_of
from contracts.exchange.typescript_types import told
from contracts.exchange.words import of_broadcast, of_request
from contracts.model import Event
from contracts.schema import kinds, shown

DATA = None
DIRECTIONS = {"client_to_server": "client to server", "server_to_client": "server to client"}
SEVERAL = "<!-- roomcheck: ignore * one of several arguments, and no payload by itself -->"
ANSWERED = "<!-- roomcheck: ignore * what clients answer, and no payload of the service -->"
BINARY = "<!-- roomcheck: ignore * binary data has the form of journals -->"
IGNORED = "<!-- roomcheck: ignore * a schema, and no payload -->"
MADE = "<!-- Made by `roomcheck contracts export markdown`: change the contracts, and make it anew. -->"
LIMITS = {
    "dropped": "more are ignored",
    "error": "more are answered with an error",
    "hang-up": "more end the connection",
}


def made(exported: Exported) -> str:
    """The text."""
    head, bundle = exported.source.head, exported.bundle
    lines = [
        f"# {prose(head['title'])}",
        "",
        MADE,
        "",
        prose(head["summary"]),
        "",
        f"Version {prose(head['version'])}.",
    ]
    lines += ["", "## Connecting", "", *_connecting(exported)]
    lines += ["", "## Events", "", row("event", "direction", "what it is"), "|---|---|---|"]
    for event in bundle.events.values():
        lines.append(row(code(event.name), _ways(event), prose(event.summary)))
    for _, document in exported.source.events:
        lines += ["", *_event(bundle.events[document["event"]], document)]
    if exported.source.calls:
        lines += ["", "## HTTP calls"]
    for _, call in exported.source.calls:
        lines += ["", *_call(call)]
    if bundle.retired:
        lines += ["", "## Retired names", "", row("old name", "now"), "|---|---|"]
        lines += [row(code(one.event), code(one.instead)) for one in bundle.retired]
    return "\n".join(lines) + "\n"


def _ways(event: Event) -> str:
    ways = [way for way, one in zip(DIRECTIONS.values(), (event.request, event.broadcast), strict=True) if one]
    return ", then ".join(ways)


def _connecting(exported: Exported) -> Iterator[str]:
    bundle, head = exported.bundle, exported.source.head
    yield f"- Path {code(bundle.path)}, namespace {code(bundle.namespace)}"
    for room in bundle.rooms.values() or [bundle.room]:
        if not room.is_none:
            yield f"- Room {code(room.template)}"
    if bundle.refusal is not None:
        yield f"- A connection without a good token is refused; an HTTP call with {bundle.refusal.http_status}"
    for limit in head.get("limits", ()):
        yield f"- At most {limit['per_s']:g} events a second of a socket: {LIMITS[limit['then']]}"
    if bundle.max_payload_bytes is not None:
        yield f"- A packet has at most {bundle.max_payload_bytes} bytes"
    if bundle.recovery is not None:
        yield f"- A lost connection can be taken up again within {head['recovery']['within_s']:g} s"


def _event(event: Event, document: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {code(event.name)}"
    yield from ("", prose(event.summary))
    if event.namespaces:
        yield from ("", f"In the namespace {' and '.join(map(code, event.namespaces))}.")
    for way in WAYS:
        if way not in document:
            continue
        part, name = document[way], code(event.name)
        yield from ("", f"Direction: {DIRECTIONS[way]}")
        yield from _carried(part, f"payload of {name}")
        reply = part.get("reply")
        if reply is not None:
            named = f"the event {code(reply['event'])}" if "event" in reply else ""
            ways = " or ".join(filter(None, ["an ack" if reply.get("ack") else "", named]))
            yield from _carried(reply, f"response to {name} by {ways}")
        if "answer" in part:
            yield from _carried(part["answer"], f"response of clients to {name} by an ack", ANSWERED)
        words = of_request(event.request) if way == WAYS[0] and event.request else []
        words = of_broadcast(event.broadcast) if way == WAYS[1] and event.broadcast else words
        yield ""
        yield from (f"- {prose(one)}" for one in words)
    yield from ("", f"Source: {prose(event.source)}")


def _carried(part: Mapping[str, Any], what: str, ignored: str | None = None) -> Iterator[str]:
    """What is carried: fields in a table, or each argument."""
    schemas = list(schemas_of(part))
    several = "args" in part
    if not schemas:
        yield from ("", f"{_capital(what)}: no arguments")
    for number, (_, schema) in enumerate(schemas, 1):
        place = f", argument {number} of {len(schemas)}" if several else ""
        yield from ("", f"{_capital(what)}{place}:", "", *_schema(schema, ignored=SEVERAL if several else ignored))
    valid = part.get("examples", {}).get("valid", ())
    if valid and not several:
        yield from ("", f"Example of the {what}:", "")
        ignored = ignored or (BINARY if holds_binary(valid[0]) else None)
        yield from ([ignored, ""] if ignored else [])
        yield from fence(as_json(valid[0]), "json")
    elif valid:
        yield from ("", f"Example of the {what}, the list of arguments:", "", SEVERAL, "")
        yield from fence(as_json(valid[0]), "json")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _schema(schema: Mapping[str, Any], *, ignored: str | None = None) -> Iterator[str]:
    """A schema of an object as a table of its fields; one of anything else in words or as it is."""
    fields = schema.get("properties")
    if fields and schema.keys() <= PLAIN:
        yield from ([ignored, ""] if ignored else [])
        yield from (row("field", "type", "required", "what holds"), "|---|---|---|---|")
        for name in dict.fromkeys((*fields, *schema.get("required", ()))):
            shape = fields.get(name, {})
            needed = "yes" if name in schema.get("required", ()) else "no"
            yield row(code(name), _kind(shape), needed, "; ".join(map(prose, _rest(shape))))
        if any(isinstance(shape, dict) and shape.keys() & NESTED for shape in fields.values()):
            yield from ("", "What is inside of them:", "", IGNORED, "")
            yield from fence(as_json(schema), "json")
    elif schema.keys() <= SIMPLE:
        yield f"- {_kind(schema)}" + "".join(f"; {prose(one)}" for one in _rest(schema))
    else:
        yield from (IGNORED, "", *fence(as_json(schema), "json"))


def _query(schema: Mapping[str, Any]) -> Iterator[str]:
    """The parameters of a query, a line each."""
    fields = schema.get("properties", {})
    for name in dict.fromkeys((*fields, *schema.get("required", ()))):
        shape = fields.get(name, {})
        needed = "required" if name in schema.get("required", ()) else "may be left out"
        yield f"- {code(name)}: " + "; ".join([_kind(shape), needed, *map(prose, _rest(shape))])
    if schema.keys() - PLAIN:
        yield from ("", IGNORED, "", *fence(as_json(schema), "json"))


PLAIN = {"type", "properties", "required", "additionalProperties", "title", "description"}
"""Words that a table of fields tells."""
NESTED = {"properties", "items", "prefixItems", "anyOf", "oneOf", "allOf", "not", "if", "patternProperties", "$ref"}
"""Words of fields that a line does not tell."""
SIMPLE = {
    *("type", "title", "description", "binary", "minBytes", "maxBytes", "minLength", "maxLength", "pattern", "format"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "enum", "const", "default"),
}
"""Words that are told in a line."""


def _kind(schema: Any) -> str:
    if not isinstance(schema, dict):
        return "anything"
    if schema.get("binary"):
        return "binary data"
    return " or ".join(kinds(schema)) or "anything" if "enum" not in schema and "const" not in schema else "one of"


def _rest(schema: Any) -> list[str]:
    """What holds of a field besides its type."""
    if not isinstance(schema, dict):
        return []
    listed = schema.get("enum", [schema["const"]] if "const" in schema else [])
    values = [" or ".join(shown(one) for one in listed)] if listed else []
    return values + [line for line in told(schema) if line != 'type: "integer"']


def _call(call: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {code(call['method'] + ' ' + call['path'])}"
    yield from ("", prose(call["summary"]))
    effect = call.get("effect", {}).get("broadcast", ())
    causes = [effect] if isinstance(effect, str) else list(effect)
    statuses = " or ".join(str(one) for one in call["answer"]["status"])
    yield from ("", f"Answered with {statuses}.")
    if "query" in call:
        yield from ("", "Parameters of the query:", "", *_query(call["query"]))
    if "body" in call:
        yield from ("", "Body:", "", *_schema(call["body"]))
    yield from ("", "Response:", "", *_schema(call["answer"]["payload"]))
    if causes:
        yield from ("", f"Causes: {', '.join(map(code, causes))}.")
    yield from ("", f"Source: {prose(call['source'])}")
