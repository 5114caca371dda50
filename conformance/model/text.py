"""Transcripts as text: one entry a line for people, and the short script in which rules give examples."""

from __future__ import annotations

from typing import Any, assert_never

from conformance.model.transcript import (
    Acked,
    Answered,
    AnyEntry,
    Called,
    Closed,
    Got,
    Marked,
    Missed,
    Observed,
    Opened,
    Probed,
    Refused,
    Sent,
)
from conformance.model.wire import raw
from conformance.support.printable import printable
from contracts.schema import shown

SHOWN_PAYLOAD = 400
"""Characters of a payload that a line quotes; what is cut is said, and the journal has it whole."""


def line(entry: AnyEntry) -> str:
    """An entry as a person reads it: `  12.3 ms  ann  <- note:added {"room": "r1"}`."""
    return f"{entry.at_s * 1000:9.1f} ms  {printable(entry.actor):<5} {_said(entry)}"


def _said(entry: AnyEntry) -> str:
    match entry:
        case Opened():
            return f"connected as {printable(entry.socket)}"
        case Refused():
            data = f" {printable(shown(entry.data, SHOWN_PAYLOAD))}" if entry.data is not None else ""
            return f"refused with {entry.token} token: {printable(entry.message)}{data}"
        case Closed():
            who = "the client library" if entry.by == "client" else entry.by
            return f"connection closed by {who}" + (f" ({printable(entry.reason)})" if entry.reason else "")
        case Sent():
            number = f" (ack #{entry.ack})" if entry.ack is not None else ""
            return f"-> {printable(entry.event)}{_quoted(entry.args)}{number}"
        case Got():
            asked = (
                f" (ack #{entry.ack}, answered{_quoted(entry.answer) or ' with nothing'})"
                if entry.ack is not None
                else ""
            )
            return f"<- {printable(entry.event)}{_quoted(entry.args)}{asked}{_faulty(entry.fault)}"
        case Answered() | Acked():
            way, fault = ("=>", "") if isinstance(entry, Answered) else ("<=", entry.fault)
            return f"{way} ack #{entry.ack} of {printable(entry.event)}{_quoted(entry.args)}{_faulty(fault)}"
        case Probed():
            return f"<= no such namespace (asked at {entry.asked_s * 1000:.1f} ms: what was sent before has been read)"
        case Called():
            query = "?" + "&".join(f"{name}={value}" for name, value in entry.query.items()) if entry.query else ""
            body = f" {shown(entry.body, SHOWN_PAYLOAD)}" if entry.body is not None else ""
            remarks = "" if entry.token == "own" else f" [{entry.token} token]"
            remarks += " [sent twice: a reused connection was closed unanswered]" if entry.tries > 1 else ""
            answer = printable(shown(entry.answer, SHOWN_PAYLOAD))
            return (
                printable(f"{entry.method} {entry.path}{query}{remarks}{body}")
                + f" => {entry.status} {answer}{_faulty(entry.fault)}"
            )
        case Observed():
            rooms = printable(", ".join(entry.rooms))
            what = f"the socket {entry.socket} in" if entry.socket else f"{entry.event} of {entry.subject} to"
            return f"saw {printable(what)} {rooms}{_quoted(entry.args)}"
        case Marked():
            where = "is in" if entry.mark == "in" else "is out of"
            return f"{where} {printable(entry.room)} (by {entry.how})"
        case Missed():
            return f"missed: {printable(entry.what)}"
        case _:
            assert_never(entry)


def _faulty(fault: str) -> str:
    return f" [{printable(fault)}]" if fault else ""


def _quoted(args: tuple[Any, ...]) -> str:
    return "".join(f" {printable(shown(value, SHOWN_PAYLOAD))}" for value in raw(args))
