"""Reads a folder of contract files and refuses, with file and line, what it does not understand."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from contracts.cause import causes_of, names_of
from contracts.causes import cause_faults, socket_faults, with_causes
from contracts.faults import ContractError, Fault, line_of
from contracts.folder import HERE as HERE
from contracts.folder import Source, heads, line_holding, locate, read_folder, strayed
from contracts.folder import bundled as bundled
from contracts.generated import completed
from contracts.given import given_of
from contracts.given_faults import given_faults
from contracts.limit_faults import limit_faults
from contracts.limits import limits_of
from contracts.messages import answer_of, message_faults, message_of, reply_of, room_faults
from contracts.model import (
    DEFAULT_DEADLINE_MS,
    Broadcast,
    Bundle,
    Call,
    Event,
    Page,
    Request,
)
from contracts.receivers import address_faults, receivers_of, sender_of
from contracts.recovery import Recovery
from contracts.refusal import refusal_of
from contracts.replies import Examples, Invalid
from contracts.reply_faults import reply_faults
from contracts.retired import Retired
from contracts.room import Room
from contracts.roomless import no_room, roomless_faults
from contracts.rooms import DIRECTIONS, Kinds, call_faults, crossing_faults, kind_faults, kinds_of, rooms_of
from contracts.schema import Schema, shown
from contracts.slips import slips
from contracts.trigger import Preset, Trigger

DEFAULT_BUNDLE = "sos"
TRIGGERED = (200, 201, 202, 204)
"""How a trigger is answered where nothing else is said: any of HTTP's ways to say that it was taken."""


def load(name_or_dir: str = DEFAULT_BUNDLE) -> Bundle:
    """Load all contracts of a bundle.

    Args:
        name_or_dir: a bundled name such as `sos`, or a folder that holds `bundle.json`, `events/` and `http/`.

    Raises:
        ContractError: with every fault of every file.
    """
    return load_source(name_or_dir)[0]


def load_source(name_or_dir: str) -> tuple[Bundle, Source]:
    """The same, with the documents that the contracts were read from.

    Raises:
        ContractError: with every fault of every file.
    """
    folder = locate(name_or_dir)
    faults: list[Fault] = []
    files = read_folder(folder, faults, ())
    if not files.events:
        faults.append(
            Fault(
                file=folder / "events", line=1, message=f"expected at least one event file, found none{strayed(folder)}"
            )
        )
    if not faults:
        faults += [fault for path, document in files.events for fault in message_faults(path, document)]
        faults += slips(heads(folder)[0], files.head, files.events)
        faults += kind_faults(heads(folder)[0], files.head, files.events)
    if faults:
        raise ContractError(faults)
    bundle = _bundle(folder, files)
    faults.extend(_name_faults(bundle, files))
    if not faults:
        faults.extend(cause_faults(bundle))
    bundle = with_causes(bundle)
    faults.extend(_field_faults(bundle))
    faults.extend(_uncaused(bundle, files))
    faults.extend(socket_faults(bundle))
    faults.extend(address_faults(bundle))
    faults.extend(room_faults(bundle))
    faults.extend(reply_faults(bundle))
    faults.extend(given_faults(bundle))
    faults.extend(roomless_faults(bundle))
    faults.extend(limit_faults(bundle))
    faults.extend(crossing_faults(bundle.events))
    faults.extend(call_faults(bundle.calls, bundle.rooms or {"": bundle.room}))
    if faults:
        raise ContractError(faults)
    return bundle, files


def _examples(document: dict[str, Any]) -> Examples:
    """The examples of a call's body; none where it has none."""
    if "body" not in document:
        return Examples()
    examples = completed(document.get("examples"), document["body"], answer=document.get("invalid_answer"))
    return Examples(
        valid=tuple(examples["valid"]), invalid=tuple(Invalid(**invalid) for invalid in examples["invalid"])
    )


def _request(name: str, document: dict[str, Any] | None, room: Room, kind: str | None) -> Request | None:
    if document is None:
        return None
    carried = message_of(document, room, about=kind is not None)
    effect = document.get("effect", {})
    return Request(
        event=name,
        payload=carried.payload,
        form=carried.form,
        examples=carried.examples,
        invalid_answer=document.get("invalid_answer"),
        broadcasts=names_of(effect.get("broadcast")),
        membership=effect.get("membership"),
        does=effect.get("other"),
        given=given_of(document.get("given")),
        reply=reply_of(document.get("reply"), room, about=kind is not None),
        deadline_ms=document.get("deadline_ms", DEFAULT_DEADLINE_MS),
        most_per_s=document.get("most_per_s"),
        texts=tuple(document.get("texts", ())),
        by_peer="by" in document,
        kind=kind,
    )


def _broadcast(name: str, document: dict[str, Any] | None, room: Room, kind: str | None) -> Broadcast | None:
    if document is None:
        return None
    carried = message_of(document, room, about=kind is not None)
    causes = causes_of(document.get("caused_by"))
    receivers, parts = receivers_of(document["receivers"])
    return Broadcast(
        event=name,
        payload=carried.payload,
        form=carried.form,
        examples=carried.examples,
        receivers=receivers,
        parts=parts,
        causes=causes,
        caused_by_event=next(iter(causes.events), None),
        caused_by_call=next(iter(causes.calls), None),
        deadline_ms=document.get("deadline_ms", DEFAULT_DEADLINE_MS),
        echoes=tuple(document.get("echoes", ())),
        clocks=document.get("clocks", {}),
        **sender_of(document.get("sender")),
        volatile=document.get("volatile", False),
        kind=kind,
        at_least_once=document.get("at_least_once", False),
        answer=answer_of(document.get("answer"), room),
    )


def _call(path: Path, document: dict[str, Any]) -> Call:
    answer = document["answer"]
    page = answer.get("page")
    return Call(
        name=document["call"],
        summary=document["summary"],
        source=document["source"],
        place=str(path),
        method=document["method"],
        path=document["path"],
        role=document["role"],
        status=tuple(answer["status"]),
        answer=Schema(answer["payload"]),
        body=Schema(document["body"]) if "body" in document else None,
        query=Schema(document["query"]) if "query" in document else None,
        examples=_examples(document),
        invalid_answer=document.get("invalid_answer"),
        broadcasts=names_of(document.get("effect", {}).get("broadcast")),
        membership=document.get("effect", {}).get("membership"),
        after=document.get("after"),
        texts=tuple(document.get("texts", ())),
        item=answer.get("item", ""),
        id=answer.get("id"),
        missing=answer.get("missing"),
        page=Page(**page) if page else None,
    )


def _event(path: Path, document: dict[str, Any], known: tuple[Mapping[str, Room], Room, Kinds]) -> Event:
    name, (rooms, usual, kinds) = document["event"], known
    sent, told = (kinds.get((name, way)) for way in DIRECTIONS)
    namespaces = document.get("namespace", ())
    return Event(
        name=name,
        summary=document["summary"],
        source=document["source"],
        place=str(path),
        request=_request(name, document.get("client_to_server"), rooms[sent] if sent is not None else usual, sent),
        broadcast=_broadcast(name, document.get("server_to_client"), rooms[told] if told is not None else usual, told),
        namespaces=(namespaces,) if isinstance(namespaces, str) else tuple(namespaces),
    )


def trigger(event: str, document: dict[str, Any]) -> Trigger:
    """A trigger as a contract or a target writes it."""
    return Trigger(
        event=event,
        method=document["method"],
        url=document["url"],
        status=tuple(document.get("status", TRIGGERED)),
        headers=document.get("headers", {}),
        body=document.get("body"),
        needs=tuple(document.get("needs", ())),
        values={name: tuple(choices) for name, choices in document.get("values", {}).items()},
    )


def _preset(document: dict[str, Any]) -> Preset:
    return Preset(
        name=document["triggers"],
        summary=document["summary"],
        source=document["source"],
        calls=document.get("calls", True),
        triggers={event: trigger(event, one) for event, one in document["events"].items()},
    )


def _bundle(folder: Path, files: Source) -> Bundle:
    head, roles = files.head, files.head.get("roles", {})
    rooms = rooms_of(head, files.events)
    kinds = kinds_of(rooms, files.events)
    usual = next(iter(rooms.values()), no_room(head["source"]))
    retired = tuple(
        Retired(
            event=item["event"],
            direction=item["direction"],
            instead=item["instead"],
            stand_in_call=item.get("stand_in", {}).get("call"),
        )
        for item in head.get("retired_events", ())
    )
    return Bundle(
        name=head["bundle"],
        title=head["title"],
        version=head["version"],
        summary=head["summary"],
        source=head["source"],
        place=str(heads(folder)[0]),
        path=head["path"],
        namespace=head["namespace"],
        room=usual,
        rooms=rooms if "" not in rooms else {},
        namespaces={name: Schema(one["id"]) for name, one in head.get("namespaces", {}).items()},
        events={
            document["event"]: _event(path, document, (rooms, usual, kinds))
            for path, document in sorted(files.events, key=lambda one: str(one[1]["event"]))
        },
        calls={document["call"]: _call(path, document) for path, document in files.calls},
        retired=retired,
        errors=head.get("errors"),
        http_error=Schema(head["http_error"]) if "http_error" in head else None,
        refusal=refusal_of(head["refusal"]) if "refusal" in head else None,
        recovery=Recovery(**head["recovery"]) if "recovery" in head else None,
        limits=limits_of(head.get("limits", [])),
        max_payload_bytes=head.get("max_payload_bytes"),
        socket_role=roles.get("socket", "USER"),
        caller_role=roles.get("caller", "ADMIN"),
        presets={document["triggers"]: _preset(document) for _, document in files.presets},
    )


def _name_faults(bundle: Bundle, files: Source) -> Iterator[Fault]:
    """Names that one file uses and no other file defines, and names defined twice."""
    for documents, key in ((files.events, "event"), (files.calls, "call"), (files.presets, "triggers")):
        seen: dict[str, tuple[Path, dict[str, Any]]] = {}
        for path, document in documents:
            name = document[key]
            if name in seen:
                other, its = seen[name]
                apart = key == "event" and not set(DIRECTIONS) & its.keys() & document.keys()
                both = "; an event that travels both ways has one file, with both directions" if apart else ""
                yield Fault(file=path, line=1, message=f"the {key} `{name}` is already in {other.name}{both}")
            seen[name] = path, document
    sent = {broadcast.event for broadcast in bundle.broadcasts()}
    emitted = {request.event for request in bundle.requests()}
    wanted: list[tuple[str, str | None, set[str], str]] = []
    for event in bundle.events.values():
        if event.request:
            wanted += [(event.place, name, sent, "event that the server sends") for name in event.request.broadcasts]
        if event.broadcast:
            causes = event.broadcast.causes
            wanted += [(event.place, name, emitted, "event that a client emits") for name in causes.all_events]
            wanted += [(event.place, name, set(bundle.calls), "HTTP call") for name in causes.all_calls]
            wanted += [(event.place, name, sent, "event that the server sends") for name in causes.all_follows]
    for call in bundle.calls.values():
        wanted += [(call.place, name, sent, "event that the server sends") for name in call.broadcasts]
        wanted.append((call.place, call.after, set(bundle.calls), "HTTP call"))
    wanted.append((bundle.place, bundle.errors, sent, "event that the server sends"))
    for retired in bundle.retired:
        wanted.append((bundle.place, retired.stand_in_call, set(bundle.calls), "HTTP call"))
    for path, document in files.presets:
        wanted += [(str(path), event, sent, "event that the server sends") for event in document["events"]]
    for place, name, known, what in wanted:
        if name is not None and name not in known:
            near = difflib.get_close_matches(name, sorted(known), n=1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            line = line_holding(Path(place), shown(name))
            yield Fault(file=Path(place), line=line, message=f"no {what} is called {shown(name)}{hint}")


def _uncaused(bundle: Bundle, files: Source) -> Iterator[Fault]:
    """Broadcasts whose contract leaves the cause out, and that no request or call has as its effect."""
    for path, document in files.events:
        broadcast = bundle.broadcast(document["event"])
        written = "caused_by" in document.get("server_to_client", {"caused_by": {}})
        caused = broadcast is not None and (broadcast.caused_by_event or broadcast.caused_by_call)
        if broadcast is not None and not written and not caused:
            message = "the key `caused_by` is missing, and no request or call says that this broadcast is its effect"
            hint = '; or write what does, such as `{"event": ...}`, `{"connection": true}` or `{"other": "in words"}`'
            asked = bundle.reply_names().get(broadcast.event)
            if asked is not None:
                hint = f"; the `reply` of {shown(asked.event)} describes it already: leave out `server_to_client`"
            yield Fault(file=path, line=line_of(path, ("server_to_client",)), message=message + hint)


def _field_faults(bundle: Bundle) -> Iterator[Fault]:
    """Fields that a contract speaks of and its payload does not have; requests that are good for nothing."""
    for event in bundle.events.values():
        spoken: list[tuple[str, Schema]] = []
        if event.broadcast:
            sender = [event.broadcast.sender] if event.broadcast.sender else []
            names = [*event.broadcast.echoes, *event.broadcast.clocks, *sender]
            spoken += [(name, event.broadcast.payload) for name in names]
        request = event.request
        if request:
            spoken += [(name, request.payload) for name in request.texts]
            if request.reply:
                spoken += [(name, request.reply.payload) for name in request.reply.clocks]
            if not (request.broadcast or request.membership or request.does or request.reply):
                message = f"the request {event.name!r} has neither an `effect` nor a `reply`: add one of them"
                yield Fault(file=Path(event.place), line=1, message=message)
        for name, schema in spoken:
            if name not in schema.properties():
                near = difflib.get_close_matches(name, sorted(schema.properties()), n=1)
                hint = f"; did you mean `{near[0]}`?" if near else ""
                line = line_holding(Path(event.place), shown(name))
                yield Fault(file=Path(event.place), line=line, message=f"the payload has no field `{name}`{hint}")
