"""HTTP calls, told from the files of a page: what is JSON on either way, and what is no download."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote

from conformance.model.transcript import Called
from conformance.recording.content import Undecodable, decoded
from conformance.recording.exchange import Body, Exchange
from conformance.recording.heads import Headers, value_of
from conformance.recording.redaction import secrets_of_headers
from conformance.support.strict_json import parsed

HTTP = "http"
"""The actor of all calls: who makes one cannot be told."""

READS = ("GET", "HEAD", "OPTIONS", "TRACE", "CONNECT")
"""Methods whose exchanges are calls only where they are answered with JSON."""

FORM = "application/x-www-form-urlencoded"


def called(exchange: Exchange) -> Called | None:
    """The call that an exchange is; None where it is none, such as a page, a script or a preflight request."""
    body, _ = _value(exchange.body, exchange.headers)
    answer, fault = _value(exchange.answer, exchange.answer_headers)
    if exchange.method in ("OPTIONS", "HEAD", "TRACE", "CONNECT"):
        return None
    if exchange.method == "GET" and not _is_json(exchange.answer_headers):
        return None
    path, query = exchange.path_and_query
    path = unquote(path)
    if exchange.status is None:
        answer = f"no whole answer: {'the connection ended'}"
    return Called(
        at_s=exchange.at_s,
        actor=HTTP,
        call=f"{exchange.method} {path}",
        method=exchange.method,
        path=path,
        params={},
        query=_query_values(query),
        body=body,
        token="shown" if any(True for _ in secrets_of_headers(exchange.headers)) else "none",
        status=exchange.status,
        answer=answer,
        done_s=exchange.done_s,
        fault=fault,
    )


def _is_json(headers: Headers) -> bool:
    kind = value_of(headers, b"content-type").decode("latin-1").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def _value(body: Body, headers: Headers) -> tuple[Any, str]:
    """(what a body says, why `JSON.parse` would refuse it); a remark in place of what is not kept."""
    kind = value_of(headers, b"content-type").decode("latin-1").partition(";")[0].strip().lower()
    if body.is_cut:
        return "(a body that is too large to be recorded)", ""
    if not body.kept:
        return None, ""
    try:
        text = decoded(bytes(body.kept), headers).decode()
    except (Undecodable, UnicodeDecodeError) as error:
        return f"(a body that cannot be read: {error})", ""
    if kind == FORM:
        return {name: values[0] if len(values) == 1 else values for name, values in parse_qs(text).items()}, ""
    if not _is_json(headers):
        return text if kind.startswith("text/") else f"(a body of the type {kind or 'unknown'})", ""
    try:
        value, fault = parsed(text)
    except (ValueError, RecursionError) as error:
        return text, f"it is no JSON: {error}"
    return value, fault


def _query_values(query: str) -> dict[str, Any]:
    """Parameters as a contract speaks of them: whole numbers as such, all else as text."""
    found: dict[str, Any] = {}
    for name, values in parse_qs(query, keep_blank_values=True).items():
        value = values[0]
        found[name] = int(value) if value.isascii() and value.isdigit() and len(value) < 16 else value
    return found
