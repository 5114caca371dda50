"""What passes, counted while it passes: names, directions, and what breaks the contracts by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from conformance.analysis.recorded import named
from conformance.model.payload import payload_of
from conformance.model.transcript import AnyEntry, Called, Got, Sent
from contracts.form import REMEMBERED
from contracts.model import Broadcast, Bundle, Request
from contracts.parts import in_namespaces, parts_of

Direction: TypeAlias = Literal["client to server", "server to client", "HTTP"]

MOST_NAMES = 1_000
"""Rows that are kept; a service or a client that makes up names has no more."""

OTHERS = "(other names)"


@dataclass(slots=True, kw_only=True)
class Row:
    """One name in one direction."""

    name: str
    direction: Direction
    count: int = 0
    violations: int = 0
    latest: str = ""
    """What was wrong with the latest that broke the contracts."""


@dataclass(slots=True, kw_only=True)
class Live:
    """The rows, by when each was first seen."""

    bundle: Bundle | None = None
    rows: dict[tuple[str, Direction], Row] = field(default_factory=dict)

    def see(self, namespace: str, entry: AnyEntry) -> Row | None:
        """Count an entry; its row, or None where it is no event and no call."""
        match entry:
            case Sent(event=name):
                direction: Direction = "client to server"
            case Got(event=name):
                direction = "server to client"
            case Called():
                entry = named(self.bundle, entry) if self.bundle is not None else entry
                name, direction = f"{entry.method} {entry.path}", "HTTP"
            case _:
                return None
        if namespace != "/":
            name = f"{namespace} {name}"
        key = (name, direction)
        if key not in self.rows and len(self.rows) >= MOST_NAMES:
            key = (OTHERS, direction)
        row = self.rows.setdefault(key, Row(name=key[0], direction=direction))
        row.count += 1
        wrong = problem(self.bundle, namespace, entry) if self.bundle is not None else ""
        if wrong:
            row.violations += 1
            row.latest = wrong
        return row


def problem(bundle: Bundle, namespace: str, entry: AnyEntry) -> str:
    """What is wrong with an entry, by itself, by contracts; empty where nothing is."""
    parts = [part for part in parts_of(bundle) if in_namespaces(namespace, (part.namespace,))]
    if not parts:
        return "a namespace that no contract has" if isinstance(entry, Sent | Got) else ""
    said = [next(_problems(part, entry), "") for part in parts]
    return "" if "" in said else said[0]


def _problems(bundle: Bundle, entry: AnyEntry) -> Iterator[str]:
    match entry:
        case Sent():
            yield from _of_client(bundle, entry)
        case Got():
            yield from _of_service(bundle, entry)
        case Called():
            yield from _of_call(bundle, entry)


def _of_call(bundle: Bundle, called: Called) -> Iterator[str]:
    call = bundle.calls.get(called.call)
    if call is None:
        return
    if call.body is not None and not call.body.is_valid(called.body):
        yield "its body breaks its schema"
    elif called.status in call.status and not call.answer.is_valid(called.answer):
        yield "its answer breaks its schema"


def _fits(one: Request | Broadcast, args: tuple[Any, ...]) -> bool:
    """Whether arguments keep a schema; one whose room only the socket remembers is judged at the end."""
    if one.form is None:
        return one.payload.is_valid(payload_of(args))
    return one.form.room_at == REMEMBERED or one.payload.is_valid(one.form.fields(args))


def _of_client(bundle: Bundle, sent: Sent) -> Iterator[str]:
    request = bundle.request(sent.event)
    retired = next((one for one in bundle.retired if one.event == sent.event), None)
    if request is not None:
        if not _fits(request, sent.args):
            yield "breaks its schema"
    elif retired is not None:
        yield f"retired: use {retired.instead}"
    elif bundle.broadcast(sent.event) is not None:
        yield "sent the wrong way: the server sends it"
    elif sent.event not in bundle.events:
        yield "in no contract"


def _of_service(bundle: Bundle, got: Got) -> Iterator[str]:
    broadcast = bundle.broadcast(got.event)
    if got.fault:
        yield got.fault
    elif broadcast is not None:
        if not _fits(broadcast, got.args):
            yield "breaks its schema"
    elif got.event in bundle.reply_names() or got.event in (bundle.errors, *bundle.elsewhere):
        return
    elif any(one.event == got.event for one in bundle.retired):
        yield "retired"
    elif bundle.request(got.event) is not None:
        yield "sent the wrong way: clients send it"
    else:
        yield "in no contract"
