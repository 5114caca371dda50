"""OpenAPI 3 and Swagger 2 to claims: methods and paths, bodies, queries, statuses and answers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import yaml

from conformance.align.http import METHODS
from conformance.align.model import Claim, Payload
from conformance.align.specified import Node, Spot, Unreadable, composed, field_of, payload_of

SAYS = re.compile(r"""^\s*["']?(?:openapi|swagger)["']?\s*:\s*["']?[23]\b""", re.MULTILINE)
"""What begins such a document."""

A_PART = re.compile(
    r"""^["']?paths["']?\s*:\s*\n\s+["']?/|"""
    r"""\A\s*["']?/[^\s:"']*["']?\s*:\s*\n\s+["']?(?:get|post|put|patch|delete|parameters|summary)["']?\s*:""",
    re.MULTILINE,
)
"""What a part of one begins with: its paths, or a path with its methods."""

GOOD = re.compile(r"2\d\d")
JSON = re.compile(r"application/(?:[\w.-]+\+)?json\b|\*/\*")


def is_one(text: str) -> bool:
    """Whether a text says that it is an OpenAPI document."""
    return SAYS.search(text[:20_000]) is not None


def is_a_part(text: str) -> bool:
    """Whether a text is made as the paths of an OpenAPI document are."""
    return A_PART.search(text[:20_000]) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader(Spot):
    base: str
    """What every path of the document begins with."""


def read(text: str, file: str, *, line: int = 1, column: int = 1, section: tuple[str, ...] = ()) -> list[Claim]:
    """What an OpenAPI document claims.

    Raises:
        Unreadable: it is no YAML, or has no paths.
    """
    document = composed(text, line, "OpenAPI")
    paths = document.get("paths")
    if paths is None and all(key.value.startswith("/") for key, _ in document.pairs):
        paths = document
    if paths is None:
        raise Unreadable("not readable as OpenAPI: it has no paths")
    reader = _Reader(file=file, line=line, column=column, section=section, base=_base(document))
    return [claim for key, item in paths.pairs for claim in _path(reader, key, item.followed())]


def _base(document: Node) -> str:
    """The path of the only server, or what Swagger has for it."""
    servers, own = document.get("servers"), document.get("basePath")
    found = own.text if own is not None else ""
    if servers is not None and len(servers.items) == 1 and (url := servers.items[0].get("url")) is not None:
        found = _path_of(url.text)
    return found.rstrip("/")


def _path_of(url: str) -> str:
    """The path of an address; none where it has variables, or is no address."""
    try:
        return urlsplit(url).path if "{" not in url else ""
    except ValueError:
        return ""


def _path(reader: _Reader, key: yaml.ScalarNode, item: Node) -> Iterator[Claim]:
    shared = item.get("parameters")
    for method, operation in item.pairs:
        if method.value.lower() not in METHODS or not key.value.startswith("/"):
            continue
        own = operation.get("parameters")
        parameters = [one.followed() for some in (shared, own) if some is not None for one in some.items]
        good = _good(operation)
        title = f"{method.value.upper()} {reader.base}{key.value}"
        yield Claim(
            kind="call", subject=title, origin="document", how="openapi", section=reader.section, listed=True,
            place=reader.place(key, len(key.value)), payload=_body(reader, operation, parameters),
            query=_query(reader, parameters), answer=_shown(reader, good[0][1]) if len(good) == 1 else None,
        )  # fmt: skip
        for status, _ in good:
            # The path is judged by the claim above: this one is about the status alone, at its own place.
            yield Claim(
                kind="call", subject=title, origin="document", how="payload", section=reader.section, listed=True,
                place=reader.place(status, 3), status=int(status.value),
            )  # fmt: skip


def _good(operation: Node) -> list[tuple[yaml.ScalarNode, Node]]:
    """The answers that say that all is well, by their status."""
    answers = operation.get("responses")
    return [(key, value.followed()) for key, value in (answers.pairs if answers else ()) if GOOD.fullmatch(key.value)]


def _body(reader: _Reader, operation: Node, parameters: list[Node]) -> Payload | None:
    """The fields of the body; in version 2 it is one of the parameters."""
    body = operation.get("requestBody")
    if body is not None:
        return _shown(reader, body.followed())
    inside = next((one.get("schema") for one in parameters if _said(one, "in") == "body"), None)
    return payload_of(reader.place, inside)


def _shown(reader: _Reader, part: Node) -> Payload | None:
    """The fields of what a body or an answer has as JSON."""
    content = part.get("content")
    for kind, media in content.pairs if content is not None else ():
        if JSON.match(kind.value):
            return payload_of(reader.place, media.get("schema"))
    return payload_of(reader.place, part.get("schema"))


def _query(reader: _Reader, parameters: list[Node]) -> Payload | None:
    fields = []
    for one in parameters:
        name = one.get("name")
        if _said(one, "in") == "query" and name is not None and isinstance(name.node, yaml.ScalarNode):
            fields.append(field_of(reader.place, name.node, (one.get("schema") or one).followed()))
    return Payload(fields=tuple(fields), whole=False) if fields else None


def _said(part: Node, name: str) -> str:
    found = part.get(name)
    return found.text if found is not None else ""
