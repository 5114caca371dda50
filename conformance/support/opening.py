"""What the packets that open a session have to hold, as the official client uses them.

Sources: https://github.com/socketio/engine.io-protocol (handshake) and https://github.com/socketio/socket.io-protocol
(connection to a namespace).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from conformance.support.strict_json import parsed
from contracts.schema import shown

MOST_MS = 2**31 - 1
"""The longest timer of browsers and Node, in milliseconds: the official client runs pingInterval + pingTimeout as one,
and one that is longer ends the connection at once."""


class BadOpening(ValueError):
    """A handshake holds what no client can use; the message says the field and what it is."""


def opening_of(packet: str) -> dict[str, Any]:
    """The handshake of an Engine.IO 4 session, from the packet that opens it.

    Raises:
        BadOpening: a field of it cannot be used.
        ValueError: it is no JSON object.
    """
    try:
        found, fault = parsed(packet[1:])
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if fault:
        raise BadOpening(fault)
    if not isinstance(found, dict):
        raise ValueError(f"expected an object, got {shown(found)}")
    _check(found, FIELDS)
    if found["pingInterval"] + found["pingTimeout"] > MOST_MS:
        raise BadOpening(f"pingInterval + pingTimeout is above {MOST_MS} ms, the longest timer of a client")
    return found


def confirmation_fault(data: Any) -> str:
    """Why the data of the packet that confirms a connection to a namespace cannot be used; empty where it can."""
    if not isinstance(data, dict):
        return f"expected an object with a sid, got {'nothing' if data is None else shown(data)}"
    try:
        _check(data, CONFIRMATION)
    except BadOpening as error:
        return str(error)
    return ""


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_duration(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value <= MOST_MS and math.isfinite(value)


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


Field = tuple[Callable[[Any], bool], str, bool]
"""(whether a value can be used, what is expected, whether it may be missing)."""

FIELDS: Mapping[str, Field] = {
    "sid": (_is_id, "a text that is not empty", False),
    "upgrades": (_are_names, "a list of transports", False),
    "pingInterval": (_is_duration, f"milliseconds from 0 to {MOST_MS}", False),
    "pingTimeout": (_is_duration, f"milliseconds from 0 to {MOST_MS}", False),
    # Engine.IO 4 has it since version 6.2 of its server; a service without a limit sends 0 or null.
    "maxPayload": (lambda value: value in (None, 0) or _is_size(value), "a number of bytes", True),
}

CONFIRMATION: Mapping[str, Field] = {
    "sid": (_is_id, "a text that is not empty", False),
    "pid": (lambda value: value is None or isinstance(value, str), "a text", True),
}


def _check(found: Mapping[str, Any], fields: Mapping[str, Field]) -> None:
    for name, (fits, expected, optional) in fields.items():
        if name not in found:
            if optional:
                continue
            raise BadOpening(f"{name} is missing")
        if not fits(found[name]):
            raise BadOpening(f"expected {expected} for {name}, got {shown(found[name])}")
