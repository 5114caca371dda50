"""What a service serves of its contracts, and what of them it cannot keep: told when it starts, never left out."""

from __future__ import annotations

import random
from collections.abc import Iterator

from conformance.server.rooms import kind_of
from conformance.server.service import Service
from conformance.server.values import made
from contracts.ids import drawn
from contracts.model import Bundle, Call
from contracts.parts import namespaces_of
from contracts.room import Room
from contracts.schema import Schema


def served(bundle: Bundle) -> Iterator[str]:
    """What is served, a line each."""
    requests = [request.event for request in bundle.requests()]
    sent = [broadcast.event for broadcast in bundle.broadcasts()]
    yield f"namespaces: {', '.join(namespaces_of(bundle))}"
    yield f"events of clients: {', '.join(requests) or 'none'}"
    yield f"events of the server: {', '.join(sent) or 'none'}"
    yield f"HTTP calls: {', '.join(call.title for call in bundle.calls.values()) or 'none'}"


def not_served(service: Service) -> Iterator[str]:
    """What the service cannot keep, each by its name and with the reason."""
    bundle = service.bundle
    for event in bundle.events.values():
        if event.request is not None and event.request.by_peer:
            yield f"{event.name}: another service emits it, which is ignored here"
    for broadcast in bundle.broadcasts():
        causes = broadcast.causes
        seen = causes.events or causes.calls or causes.is_seen or causes.every_s is not None or causes.bad_request
        answers = broadcast.event in bundle.reply_names() or broadcast.event == bundle.errors
        if not (seen or answers or broadcast.receivers == "nobody"):
            yield f"{broadcast.event}: never sent, since its cause is {causes.words or 'not documented'}"
        elif not _can_be_made(broadcast.payload, broadcast.examples.valid, kind_of(bundle, broadcast.kind)):
            yield f"{broadcast.event}: no valid payload can be made from its schema; give its contract a valid example"
    for request in bundle.requests():
        reply = request.reply
        if reply is not None and not _can_be_made(reply.payload, reply.examples.valid, kind_of(bundle, request.kind)):
            yield f"{request.event} (reply): no valid payload can be made from its schema; give the reply an example"
    for preset in bundle.presets.values():
        yield f"triggers {preset.name}: their HTTP calls are not offered"
    for call in bundle.calls.values():
        yield from _of_call(service, call)
    yield from _of_tokens(service)


def _can_be_made(schema: Schema, examples: tuple[object, ...], room: Room | None) -> bool:
    """Whether a payload about some room can be made."""
    subject = drawn(room.id, random.Random(0)) if room is not None and room.id is not None else "1"  # noqa: S311 - values of a service for tests
    return schema.is_valid(made(schema, examples, {room.key: str(subject)} if room is not None else {}))


def _of_call(service: Service, call: Call) -> Iterator[str]:
    if call.role in ("list", "read") and service.kept.creator(call) is None:
        yield f"{call.title}: no call creates anything, so that there is nothing to {call.role}"


def _of_tokens(service: Service) -> Iterator[str]:
    auth = service.gate.auth
    if service.bundle.refusal is not None and not service.gate.demands:
        yield "refusal: everybody is let in without a token; give --jwt-key, or --target with credentials"
    if auth.kind == "command":
        yield "refusal: tokens that a command prints cannot be verified, so that any token is taken"
