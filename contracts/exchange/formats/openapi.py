"""OpenAPI 3.1 of the HTTP calls; what they cause and are for stands in extensions `x-roomcheck-...`.

Events, rooms and triggers are no part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from contracts.binary import holds_binary
from contracts.exchange.draft7 import Components
from contracts.exchange.source import CannotSay, Exported, Faults, Where, hidden, holds_ref, without

DATA = "yaml"
VERSION = "3.1.0"
NATIVE = ("call", "summary", "method", "path", "query", "body", "examples", "answer")
"""Keys of a call that OpenAPI has words for."""
IN_QUERY = {"type", "properties", "required", "additionalProperties", "title", "description"}
"""What parameters can say of a query; `additionalProperties` is told in words."""
STRINGS = {"type": "string", "minLength": 1}
JSON = "application/json"
ERROR = "http_error"
NO_CALLS = "these contracts have no HTTP calls, and OpenAPI describes nothing else"


def made(exported: Exported) -> dict[str, Any]:
    """The document.

    Raises:
        ContractError: there are no calls, or something of one cannot be said.
    """
    faults, components = Faults(), Components(draft7=False)
    head = exported.source.head
    if not exported.source.calls:
        faults.add(exported.file, CannotSay(NO_CALLS))
    error = None
    if ERROR in head:
        try:
            error = {"$ref": f"#/components/schemas/{ERROR}"}
            placed = components.placed(head[ERROR], ERROR, (ERROR,))
            components.schemas.setdefault(ERROR, placed)
        except CannotSay as fault:
            faults.add(exported.file, fault)
    paths: dict[str, dict[str, Any]] = {}
    for file, call in exported.source.calls:
        try:
            item = paths.setdefault(_path(call["path"]), {})
            if call["method"].lower() in item:
                raise CannotSay(f"`{call['method']} {call['path']}` is described by another call already", ("path",))
            item[call["method"].lower()] = _Operation(exported, file, call, components, error).made()
        except CannotSay as fault:
            faults.add(file, fault)
    faults.tell()
    secured = exported.bundle.refusal is not None
    security = {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}} if secured else {}
    parts = {**({"schemas": components.schemas} if components.schemas else {}), **security}
    return {
        "openapi": VERSION,
        "info": {"title": head["title"], "version": head["version"], "description": head["summary"]},
        "servers": [{"url": "/", "description": "Where the service listens, which contracts do not say."}],
        **({"security": [{"token": []}]} if secured else {}),
        "paths": paths,
        **({"components": parts} if parts else {}),
    }


def _path(path: str) -> str:
    """A path with its parameters in braces."""
    return "/".join(f"{{{part[1:]}}}" if part.startswith(":") else part for part in path.split("/"))


class _Operation:
    """One call."""

    def __init__(
        self, exported: Exported, file: Path, call: dict[str, Any], components: Components, error: dict[str, Any] | None
    ) -> None:
        self._exported, self._file, self._call = exported, file, call
        self._components = components
        self._error = error

    def made(self) -> dict[str, Any]:
        call = self._call
        answer = hidden(without(call["answer"], "status", "payload"))
        rest = {**hidden(without(call, *NATIVE)), **({"answer": answer} if answer else {})}
        parameters = [*self._in_path(), *self._in_query()]
        return {
            "operationId": call["call"],
            "summary": call["summary"],
            **({"description": text} if (text := "\n\n".join(self._words())) else {}),
            **({"security": [{}, {"token": []}]} if self._is_open() else {}),
            **({"parameters": parameters} if parameters else {}),
            **({"requestBody": self._body()} if "body" in call else {}),
            "responses": dict(self._responses()),
            "x-roomcheck-call": rest,
            **({"x-roomcheck-query": hidden(call["query"])} if self._says_more() else {}),
        }

    def _words(self) -> Iterator[str]:
        broadcasts = self._exported.bundle.calls[self._call["call"]].broadcasts
        if broadcasts:
            yield f"Causes: {', '.join(broadcasts)}."
        if self._call.get("query", {}).get("additionalProperties") is False:
            yield "No other parameters are taken."

    def _is_open(self) -> bool:
        """Whether a call may be made without a token: that of whether the service is well, of which nothing is said."""
        return self._call["role"] == "health" and self._exported.bundle.refusal is not None

    def _says_more(self) -> bool:
        """Whether the schema of the query has words that parameters cannot say; those stand in an extension."""
        query = self._call.get("query", {})
        return bool(query.keys() - IN_QUERY) or "additionalProperties" in query

    def _in_path(self) -> Iterator[dict[str, Any]]:
        for name in self._exported.bundle.calls[self._call["call"]].params():
            yield {"name": name, "in": "path", "required": True, "schema": STRINGS}

    def _in_query(self) -> Iterator[dict[str, Any]]:
        query = self._call.get("query")
        if query is None:
            return
        placed = self._placed(query, "query", ("query",))
        for name in query.get("properties", {}):
            referred = {"$ref": f"{placed['$ref']}/properties/{_step(name)}"} if "$ref" in placed else None
            schema = referred or placed["properties"][name]
            needed = {"required": True} if name in query.get("required", ()) else {}
            yield {"name": name, "in": "query", **needed, "schema": schema}

    def _body(self) -> dict[str, Any]:
        call = self._call
        examples = call.get("examples", {})
        content: dict[str, Any] = {"schema": self._placed(call["body"], "body", ("body",))}
        valid = [] if holds_ref(examples) or holds_binary(examples) else examples.get("valid", [])
        if valid:
            content["examples"] = {f"valid-{number}": {"value": one} for number, one in enumerate(valid, 1)}
        rest = {key: value for key, value in examples.items() if key != "valid" or not valid}
        kept = {"x-roomcheck-examples": hidden(rest)} if rest else {}
        return {"required": True, "content": {JSON: content}, **kept}

    def _responses(self) -> Iterator[tuple[str, Any]]:
        answer = self._call["answer"]
        schema = self._placed(answer["payload"], "answer", ("answer", "payload"))
        for status in answer["status"]:
            yield str(status), {"description": "Success.", "content": {JSON: {"schema": schema}}}
        refusal = self._exported.bundle.refusal
        failures = {
            self._call.get("invalid_answer"): "The body is not what the schema takes.",
            answer.get("missing"): "There is no such thing.",
            refusal.http_status if refusal is not None else None: "There is no good token.",
        }
        content = {"content": {JSON: {"schema": self._error}}} if self._error is not None else {}
        for status, text in failures.items():
            if status is not None and status not in answer["status"]:
                yield str(status), {"description": text, **content}

    def _placed(self, schema: Mapping[str, Any], name: str, where: Where) -> Any:
        return self._components.placed(schema, f"{_id(self._call['call'])}_{name}", where)


def _id(name: str) -> str:
    """A name as components have it: letters, digits, dots, dashes and underscores."""
    return "".join(one if one.isascii() and (one.isalnum() or one in "._-") else "_" for one in name)


def _step(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
