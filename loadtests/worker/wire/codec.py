"""Engine.IO 4 and Socket.IO 5 on the wire, as text. Pure.

Source: https://github.com/socketio/engine.io-protocol and https://github.com/socketio/socket.io-protocol (revision 5).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from conformance.support.strict_json import parsed

PING, PONG, NOOP, UPGRADE = b"2", b"3", b"6", b"5"
PROBE, PROBED = b"2probe", b"3probe"
SEPARATOR = b"\x1e"
"""Between the packets of one polling payload."""

_PACKET = re.compile(rb"4([0-4])(/[^,]*,)?(\d*)")

MOST_DIGITS = 15
"""Of the number of an ack: above 2**53 JavaScript counts no more."""
_JSON = msgspec.json.Decoder()
encode_json = msgspec.json.encode
REFUSED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What the quick decoder raises."""

CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR = 0, 1, 2, 3, 4


class Malformed(ValueError):
    """It is no packet of this protocol."""


class Packet(NamedTuple):
    """A Socket.IO packet; `id` is -1 where no ack is asked for."""

    kind: int
    namespace: str
    id: int
    data: Any


def decode(text: bytes) -> Packet:
    """A Socket.IO packet inside an Engine.IO message.

    Raises:
        Malformed: it is none.
    """
    found = _PACKET.match(text)
    if found is None:
        raise Malformed("expected a Socket.IO packet")
    if len(found[3]) > MOST_DIGITS:
        raise Malformed("expected the number of an ack")
    rest = text[found.end() :]
    data = value(rest) if rest else None
    kind = int(found[1])
    if kind in (EVENT, ACK) and not isinstance(data, list):
        raise Malformed("expected a list of arguments")
    if kind == EVENT and not (data and isinstance(data[0], str)):
        raise Malformed("expected the name of an event")
    namespace = found[2].decode("utf-8", "replace")[:-1] if found[2] else "/"
    return Packet(kind, namespace, int(found[3]) if found[3] else -1, data)


def value(text: bytes) -> Any:
    """What a text of JSON says; what the quick decoder refuses is judged by the one of a check.

    Raises:
        Malformed: it is no JSON.
    """
    try:
        return _JSON.decode(text)
    except REFUSED:
        pass
    try:
        value, fault = parsed(text)
    except RecursionError:
        raise Malformed("expected JSON: it is nested too deeply") from None
    except ValueError as error:
        raise Malformed(f"expected JSON: {error}") from None
    if fault:
        raise Malformed(f"expected JSON: {fault}")
    return value


def quick(text: bytes) -> Any:
    """What a text of JSON says; None where the quick decoder refuses it, whether rightly or not."""
    try:
        return _JSON.decode(text)
    except REFUSED:
        return None


def decoded(text: bytes) -> Any:
    """What a text of JSON says; None where it is none."""
    try:
        return value(text)
    except Malformed:
        return None


def connect(namespace: str, auth: Any) -> bytes:
    """The packet that enters a namespace."""
    return b"40" + _within(namespace) + (encode_json(auth) if auth else b"")


def event(namespace: str, name: str, arguments: Sequence[Any], number: int = -1) -> bytes:
    """An event, asking for an ack where it has a number."""
    ack = b"%d" % number if number >= 0 else b""
    return b"42" + _within(namespace) + ack + encode_json([name, *arguments])


def plain_event(namespace: str) -> bytes:
    """What an event of a namespace begins with that asks for no ack and has no attachments."""
    return b"42" + _within(namespace) + b"["


def ack(namespace: str, number: int, arguments: Sequence[Any]) -> bytes:
    """The answer to an event that asked for an ack."""
    return b"43" + _within(namespace) + b"%d" % number + encode_json(list(arguments))


def disconnect(namespace: str) -> bytes:
    """The packet that leaves a namespace."""
    return b"41" + _within(namespace)


def _within(namespace: str) -> bytes:
    return b"" if namespace == "/" else namespace.encode() + b","
