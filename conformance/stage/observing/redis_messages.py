"""What adapters tell each other through Redis, decoded: an event, and the rooms that it goes to.

The classic adapter publishes MessagePack `[uid, packet, options]`; the sharded and the streams adapter JSON or
MessagePack `{type, data: {packet, opts}}`; python-socketio's manager JSON, or a pickle, which is read by its opcodes
and never loaded: a pickle from the network can run anything.
"""

from __future__ import annotations

import base64
import binascii
import pickletools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from socketio.packet import Packet

EVERYONE = "(the whole namespace)"
"""What stands for the rooms of a broadcast that names none."""

BROADCAST = 3
"""The type of a broadcast among the messages of the sharded and the streams adapter (`MessageType.BROADCAST`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One broadcast that a node told the others."""

    event: str
    args: Sequence[Any]
    rooms: tuple[str, ...]
    namespace: str | None


def of_adapter(message: bytes) -> Told | None:
    """A message of the classic or the sharded adapter; None where it is no broadcast."""
    return _told(_decoded(message))


def of_stream(fields: Any) -> Told | None:
    """An entry of the streams adapter's stream: names and values by turns, or by name."""
    found = dict(fields) if isinstance(fields, dict) else dict(zip(fields[::2], fields[1::2], strict=False))
    if found.get(b"type", b"") != str(BROADCAST).encode():
        return None
    data: bytes = found.get(b"data", b"")
    decoded = _decoded(data)
    if not isinstance(decoded, dict):
        try:
            # MessagePack, in base64, where a packet holds binary.
            decoded = _decoded(base64.b64decode(data, validate=True))
        except (binascii.Error, ValueError):
            return None
    return _told({"type": BROADCAST, "data": decoded})


def of_manager(message: bytes) -> Told | None:
    """A message of python-socketio's manager; None where it is no broadcast."""
    found = _decoded(message) if message[:1] == b"{" else read_pickle(message)
    if not isinstance(found, dict) or found.get("method") != "emit" or not isinstance(found.get("event"), str):
        return None
    room, data = found.get("room"), found.get("data")
    rooms = room if isinstance(room, list | tuple) else [room]
    # Since 5.14 the arguments are a list, and JSON; before, one argument stood alone and several made a tuple.
    args: list[Any] = [data]
    if isinstance(data, tuple) or (isinstance(data, list) and "binary" in found):
        args = list(data)
    if found.get("binary") and args:
        args = _attached(args)
    names = tuple(name for name in rooms if isinstance(name, str))
    return Told(event=found["event"], args=args, rooms=names or (EVERYONE,), namespace=found.get("namespace"))


def _attached(parts: list[Any]) -> list[Any]:
    """The arguments of a broadcast with attachments: placeholders for them first, then each in base64."""
    try:
        data = Packet.reconstruct_binary(parts[0], [base64.b64decode(one) for one in parts[1:]])
    except (IndexError, TypeError, ValueError):
        return parts
    return list(data) if isinstance(data, list) else [data]


def _decoded(message: bytes) -> Any:
    try:
        return msgspec.json.decode(message) if message[:1] in (b"{", b"[") else msgspec.msgpack.decode(message)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _told(message: Any) -> Told | None:
    match message:
        case [_, {"data": [str(event), *args]} as packet, {"rooms": rooms}, *_]:
            pass
        case {"type": 3, "data": {"packet": {"data": [str(event), *args]} as packet, "opts": {"rooms": rooms}}}:
            pass
        case _:
            return None
    names = tuple(name for name in rooms if isinstance(name, str)) if isinstance(rooms, list) else ()
    return Told(event=event, args=args, rooms=names or (EVERYONE,), namespace=packet.get("nsp"))


MARK = object()


def read_pickle(message: bytes) -> Any:
    """The plain values of a pickle, read from its opcodes; None where it holds anything else."""
    stack: list[Any] = []
    memo: list[Any] = []
    try:
        for opcode, argument, _ in pickletools.genops(message):
            if opcode.name == "STOP":
                return stack.pop()
            _step(opcode.name, argument, stack, memo)
    except (ValueError, IndexError, TypeError, AttributeError, _NotPlain):
        return None
    return None


class _NotPlain(Exception):
    """An opcode that makes more than a plain value."""


EMPTY = {"EMPTY_DICT": dict, "EMPTY_LIST": list, "EMPTY_TUPLE": tuple}
CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
VALUES = ("UNICODE", "INT", "FLOAT", "BYTES", "STRING", "LONG")


def _step(name: str, argument: Any, stack: list[Any], memo: list[Any]) -> None:
    """Do what one opcode does to the stack, where it makes plain values alone."""
    if name in EMPTY or name in CONSTANTS:
        stack.append(EMPTY[name]() if name in EMPTY else CONSTANTS[name])
    elif name in TUPLES:
        stack[-TUPLES[name] :] = [tuple(stack[-TUPLES[name] :])]
    elif name == "MARK":
        stack.append(MARK)
    elif name == "TUPLE":
        stack.append(tuple(_marked(stack)))
    elif name in ("SETITEM", "SETITEMS"):
        pairs = _marked(stack) if name == "SETITEMS" else [stack.pop(-2), stack.pop()]
        stack[-1].update(zip(pairs[::2], pairs[1::2], strict=True))
    elif name in ("APPEND", "APPENDS"):
        items = _marked(stack) if name == "APPENDS" else [stack.pop()]
        stack[-1].extend(items)
    elif name == "MEMOIZE":
        memo.append(stack[-1])
    elif name in ("BINPUT", "LONG_BINPUT"):
        memo.insert(argument, stack[-1])
    elif name in ("BINGET", "LONG_BINGET"):
        stack.append(memo[argument])
    elif argument is not None and any(kind in name for kind in VALUES):
        stack.append(argument)
    elif name not in ("PROTO", "FRAME"):
        raise _NotPlain(name)


def _marked(stack: list[Any]) -> list[Any]:
    """Take everything above the last mark off the stack, and the mark."""
    at = len(stack) - 1 - stack[::-1].index(MARK)
    found = stack[at + 1 :]
    del stack[at:]
    return found
