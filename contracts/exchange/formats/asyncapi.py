"""AsyncAPI 3.0: a channel a namespace, an operation an event and direction, acks as replies.

What AsyncAPI has no words for stands in extensions `x-roomcheck-...`, which `contracts import` reads back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contracts.binary import holds_binary
from contracts.exchange.draft7 import Components, is_list_of_arguments
from contracts.exchange.source import (
    WAYS,
    CannotSay,
    Exported,
    Faults,
    Where,
    hidden,
    holds_ref,
    schemas_of,
    without,
)
from contracts.exchange.words import of_broadcast, of_request, of_rooms
from contracts.form import Form
from contracts.model import Event
from contracts.starter import file_names

DATA = "yaml"
VERSION = "3.0.0"
NATIVE = ("title", "version", "summary", "path", "namespace")
"""Keys of a bundle that AsyncAPI has words for."""
CARRIED = ("payload", "args", "examples")
"""Keys of what a message carries; examples that the schema rejects are no part of AsyncAPI."""
ACTIONS = {"client_to_server": "receive", "server_to_client": "send"}
"""What the service does."""
HOST = {
    "default": "localhost:3000",
    "description": "Where the service listens, which contracts do not say.",
}

SECURITY = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token, shown in the handshake. A connection without a good one is refused.",
}


@dataclass(slots=True)
class _Writer:
    """The parts of a document that is being made."""

    exported: Exported
    faults: Faults = field(default_factory=Faults)
    components: Components = field(default_factory=lambda: Components(draft7=True))
    channels: dict[str, Any] = field(default_factory=dict)
    operations: dict[str, Any] = field(default_factory=dict)
    messages: dict[str, Any] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    """The key of each channel, by its namespace."""


def made(exported: Exported) -> dict[str, Any]:
    """The document.

    Raises:
        ContractError: something of the contracts cannot be said.
    """
    writer = _Writer(exported)
    head, source = exported.source.head, exported.source
    for namespace in _namespaces(exported):
        _channel(writer, namespace)
    stems = file_names([str(document["event"]) for _, document in source.events])
    for file, document in source.events:
        for way in WAYS:
            if way in document:
                _operations(writer, file, document, way, _key(stems, document, way))
    writer.faults.tell()
    bundle: dict[str, Any] = hidden(without(head, *NATIVE))
    calls, presets = ([hidden(without(one)) for _, one in some] for some in (source.calls, source.presets))
    components = {"messages": writer.messages, "schemas": writer.components.schemas}
    if exported.bundle.refusal is not None:
        components["securitySchemes"] = {"token": SECURITY}
    return {
        "asyncapi": VERSION,
        "info": {"title": head["title"], "version": head["version"], "description": head["summary"]},
        "defaultContentType": "application/json",
        "servers": {"service": _server(exported)},
        "channels": writer.channels,
        "operations": writer.operations,
        "components": {name: one for name, one in components.items() if one},
        "x-roomcheck-bundle": bundle,
        **({"x-roomcheck-http": calls} if calls else {}),
        **({"x-roomcheck-triggers": presets} if presets else {}),
    }


def _namespaces(exported: Exported) -> list[str]:
    """The namespace of the bundle, and those of its events."""
    found = [exported.bundle.namespace, *exported.bundle.namespaces]
    return list(
        dict.fromkeys([*found, *(one for event in exported.bundle.events.values() for one in event.namespaces)])
    )


def _server(exported: Exported) -> dict[str, Any]:
    server: dict[str, Any] = {
        "host": "{host}",
        "pathname": exported.bundle.path,
        "protocol": "ws",
        "description": "Socket.IO, over WebSocket and long polling.",
        "variables": {"host": HOST},
    }
    if exported.bundle.refusal is not None:
        server["security"] = [{"$ref": "#/components/securitySchemes/token"}]
    return server


def _channel(writer: _Writer, namespace: str) -> None:
    names = file_names([*writer.ids, namespace])
    key = names[namespace] if namespace.strip("/") else "root"
    key = f"{key}-namespace" if key in writer.channels else key
    writer.ids[namespace] = key
    bundle = writer.exported.bundle
    about = of_rooms(bundle)
    ids = [part.partition("}")[0] for part in namespace.split("{")[1:]]
    parameters = {name: {"description": "The id of the namespace."} for name in ids}
    writer.channels[key] = {
        "address": namespace,
        "title": f"Namespace {namespace}",
        **({"description": "\n\n".join(about)} if about else {}),
        **({"parameters": parameters} if parameters else {}),
        "messages": {},
    }


def _key(stems: Mapping[str, str], document: Mapping[str, Any], way: str) -> str:
    """What the message of an event is called."""
    both = all(one in document for one in WAYS)
    return stems[document["event"]] + ((f"_{ACTIONS[way]}") if both else "")


def _operations(writer: _Writer, file: Path, document: dict[str, Any], way: str, key: str) -> None:
    event = writer.exported.bundle.events[document["event"]]
    part = document[way]
    message = {
        "name": document["event"],
        "title": document["event"],
        "summary": document["summary"],
        **_carried(writer, file, part, key, (way,)),
        "x-roomcheck-source": document["source"],
        f"x-roomcheck-{way.replace('_', '-')}": hidden(without(part, *CARRIED, "reply", "answer")),
    }
    writer.messages[key] = message
    replies = list(_replies(writer, file, document, way, key))
    for name, one in replies:
        writer.messages[name] = one
    for number, namespace in enumerate(event.namespaces or (writer.exported.bundle.namespace,)):
        channel = writer.ids[namespace]
        carries = [key, *(name for name, _ in replies)]
        writer.channels[channel]["messages"] |= {one: {"$ref": f"#/components/messages/{one}"} for one in carries}
        listed = [{"$ref": f"#/channels/{channel}/messages/{one}"} for one in carries]
        name = f"{ACTIONS[way]}_{key}" if not number else f"{ACTIONS[way]}_{key}_in_{channel}"
        operation: dict[str, Any] = {
            "action": ACTIONS[way],
            "channel": {"$ref": f"#/channels/{channel}"},
            "title": document["event"],
            "summary": document["summary"],
            "description": _described(event, way),
            "messages": listed[:1],
        }
        if replies:
            operation["reply"] = {"channel": {"$ref": f"#/channels/{channel}"}, "messages": listed[1:]}
        writer.operations[name] = operation


def _described(event: Event, way: str) -> str:
    lines = of_request(event.request) if way == WAYS[0] and event.request else []
    lines = of_broadcast(event.broadcast) if way == WAYS[1] and event.broadcast else lines
    return "\n\n".join(lines)


def _replies(
    writer: _Writer, file: Path, document: dict[str, Any], way: str, key: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The messages that answer an event: an ack, a named event, or either with the same payload."""
    name = "reply" if way == WAYS[0] else "answer"
    reply = document[way].get(name)
    if reply is None:
        return
    kinds = [("ack", None)] if name == "answer" or reply.get("ack") else []
    kinds += [("reply", reply["event"])] if "event" in reply else []
    carried = _carried(writer, file, reply, f"{key}_{name}", (way, name))
    rest = {f"x-roomcheck-{name}": hidden(without(reply, *CARRIED))}
    for kind, event in kinds:
        titles = {"name": event, "title": event} if event else {"title": f"Ack of {document['event']}"}
        yield f"{key}_{kind}", {**titles, **carried, **rest}


def _carried(writer: _Writer, file: Path, part: dict[str, Any], key: str, where: Where) -> dict[str, Any]:
    """The payload of a message with its examples: that of the one argument, or the list of all."""
    schemas = []
    for place, schema in schemas_of(part):
        try:
            name = key if place == ("payload",) else f"{key}_{place[1]}"
            schemas.append(writer.components.placed(schema, name, (*where, *place)))
        except CannotSay as error:
            writer.faults.add(file, error)
            schemas.append({})
    message: dict[str, Any] = {"payload": _arguments(schemas) if "args" in part else schemas[0]}
    if "payload" in part and is_list_of_arguments(part["payload"]):
        message["x-roomcheck-arguments"] = "one"
    examples = part.get("examples", {})
    plain = not holds_ref(examples) and not holds_binary(examples)
    if plain and examples.get("valid"):
        message["examples"] = [{"payload": one} for one in examples["valid"]]
    rest = {name: one for name, one in examples.items() if not (plain and name == "valid" and one)}
    if "examples" in part and (rest or "examples" not in message):
        message["x-roomcheck-examples"] = hidden(rest)
    return message


def _arguments(schemas: list[Any]) -> dict[str, Any]:
    """The schema of the list of arguments."""
    if not schemas:
        return {"type": "array", "maxItems": 0}
    count = Form(schemas=tuple(schemas), room_at=None, key="").document()
    return {**without(count, "prefixItems"), "items": schemas, "additionalItems": False}
