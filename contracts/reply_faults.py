"""Replies and answers that contradict the rest of their contract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contracts.faults import Fault, line_of
from contracts.form import Fields
from contracts.model import Bundle, Event, Request
from contracts.replies import Reply

REPLY = ("client_to_server", "reply")


def reply_faults(bundle: Bundle) -> Iterator[Fault]:
    """What acks and deliveries are said to tell and cannot."""
    for event in bundle.events.values():
        if event.request is not None and event.request.reply is not None:
            yield from _of_reply(event, event.request, event.request.reply)
        if event.broadcast is not None and event.broadcast.volatile and event.broadcast.at_least_once:
            message = "an event that may be lost (`volatile`) is not delivered at least once: say one of the two"
            yield _fault(event, ("server_to_client", "at_least_once"), message)


def _of_reply(event: Event, request: Request, reply: Reply) -> Iterator[Fault]:
    if reply.promises == "membership" and request.membership != "enter":
        message = "promises membership, but the request makes no member: say `effect`: `membership`: `enter`"
        yield _fault(event, (*REPLY, "promises"), message)
    if reply.refused is None:
        return
    count = len(reply.form.schemas) if reply.form is not None else 1
    place = int(reply.refused.at.split("/")[1])
    if place > count:  # An ack without an error may end before it: `ack()`, `ack(err)`.
        message = f"the reply has no argument {place}, at which it would say that it was refused; it has {count}"
        yield _fault(event, (*REPLY, "refused", "at"), message)
    for number, example in enumerate(reply.examples.valid):
        if reply.refused.is_in(_args(example)):
            message = (
                f"this example of a good reply says that the request was refused (`refused` at `{reply.refused.at}`)"
            )
            yield _fault(event, (*REPLY, "examples", "valid", number), message)


def _args(example: Any) -> tuple[Any, ...]:
    return example.args if isinstance(example, Fields) else (example,)


def _fault(event: Event, where: tuple[str | int, ...], message: str) -> Fault:
    path = Path(event.place)
    return Fault(file=path, line=line_of(path, where), message=message)
