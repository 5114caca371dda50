"""Which schemas a payload that is shown has to keep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from conformance.align import paths
from conformance.align.model import Claim, Payload
from contracts.model import Bundle


def schemas(bundle: Bundle, claim: Claim) -> list[dict[str, Any]]:
    """The schemas of an event, of both directions where nothing says which is meant, and of others named beside it."""
    others = (replace(claim, subject=name, others=(), direction=None) for name in claim.others)
    return [*_own(bundle, claim), *(schema for other in others for schema in _own(bundle, other))]


def _own(bundle: Bundle, claim: Claim) -> list[dict[str, Any]]:
    event, reply = bundle.events.get(claim.subject), bundle.reply_names().get(claim.subject)
    found = []
    if event and event.request and claim.direction != "to-client":
        found.append(event.request.payload.document)
    if event and event.broadcast and claim.direction != "to-server":
        found.append(event.broadcast.payload.document)
    if reply and reply.reply:
        found.append(reply.reply.payload.document)
    if event and event.request and event.request.reply and claim.how == "payload" and claim.direction is None:
        found.append(event.request.reply.payload.document)  # Below its name, its answer may be shown.
    return found


def payloads(bundle: Bundle, claim: Claim) -> Iterator[tuple[Payload, list[dict[str, Any]]]]:
    """Each payload of a claim with the schemas of which it has to keep one: an event's, a call's body and query."""
    if claim.kind == "event" and claim.payload is not None:
        yield claim.payload, schemas(bundle, claim)
    elif claim.kind == "call":
        call = paths.call_of(bundle, claim.subject)
        if call and call.body and claim.payload is not None:
            yield claim.payload, [call.body.document]
        if call and call.query and claim.query is not None:
            yield Payload(fields=claim.query.fields, whole=False), [call.query.document]


def fitting(payload: Payload, documented: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of some schemas that a payload fits best by the names of its fields: the others are of something else."""
    there = {field.name for field in payload.fields}

    def unlike(schema: dict[str, Any]) -> int:
        known, required = set(schema.get("properties", ())), set(schema.get("required", ()))
        return len(there - known) + (len(required - there) if payload.whole else 0)

    least = min(map(unlike, documented), default=0)
    return [schema for schema in documented if unlike(schema) == least]
