"""AsyncAPI 2 and 3 to claims: channels, operations, messages and their schemas. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from conformance.align import sides
from conformance.align.model import Claim, Origin, Payload, Reading
from conformance.align.specified import Node, Spot, Unreadable, composed, payload_of
from conformance.align.vocabulary import Vocabulary

SAYS = re.compile(r"^\s*[\"']?asyncapi[\"']?\s*:\s*[\"']?(?P<version>\d)", re.MULTILINE)
"""What begins such a document."""

READINGS: dict[str, Reading] = {"publish": "hears", "subscribe": "sends", "receive": "hears", "send": "sends"}
"""What the application does: in version 2, others publish what it hears; in version 3, an action is its own."""


def is_one(text: str) -> bool:
    """Whether a text says that it is an AsyncAPI document."""
    return SAYS.search(text[:20_000]) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader(Spot):
    origin: Origin

    def claim(self, name: str, node: yaml.Node, reading: Reading | None, payload: Payload | None = None) -> Claim:
        return Claim(
            kind="event", subject=name, origin=self.origin, how="asyncapi", section=self.section, listed=True,
            place=self.place(node, len(name)), reading=reading, payload=payload,
        )  # fmt: skip


def read(
    text: str, file: str, words: Vocabulary, *, line: int = 1, column: int = 1, section: tuple[str, ...] = ()
) -> list[Claim]:
    """What an AsyncAPI document claims.

    Raises:
        Unreadable: it is no YAML, or has no channels.
    """
    document = composed(text, line, "AsyncAPI")
    version = SAYS.search(text)
    if version is None or version["version"] not in "23":
        raise Unreadable("not readable as AsyncAPI: expected a mapping of version 2 or 3")
    if not (channels := document.get("channels")) or not channels.pairs:
        raise Unreadable("not readable as AsyncAPI: it has no channels")
    reader = _Reader(file=file, origin="document", line=line, column=column, section=section)
    made = _two(reader, document, words) if version["version"] == "2" else _three(reader, document, words)
    return list(sides.settled(list(made), words, None, "server", consistent=True))


def _two(reader: _Reader, document: Node, words: Vocabulary) -> Iterator[Claim]:
    """Version 2: a channel is an event, or one channel carries messages that are named as events are."""
    channels = document.get("channels")
    for key, channel in channels.pairs if channels else ():
        messages = [
            (READINGS[way], one)
            for way in ("publish", "subscribe")
            if (message := channel.get(way, "message")) is not None
            for one in _each(message)
        ]
        yield from _channel(reader, words, key.value, key, messages)


def _three(reader: _Reader, document: Node, words: Vocabulary) -> Iterator[Claim]:
    """Version 3: operations say what is done with a channel, and a channel's address is the event."""
    channels, operations = document.get("channels"), document.get("operations")
    done: dict[int, set[Reading]] = {}
    for _, operation in operations.pairs if operations else ():
        action, channel = operation.get("action"), operation.get("channel")
        if action and channel and action.text in READINGS:
            for node, reading in _carried(operation, channel, READINGS[action.text]):
                done.setdefault(id(node.followed().node), set()).add(reading)
    for key, channel in channels.pairs if channels else ():
        whole = channel.followed()
        address = whole.get("address")
        name, at = (address.text, address.node) if address and address.text else (key.value, key)
        readings = done.get(id(whole.node), set())
        shown = whole.get("messages")
        own = [message for _, message in shown.pairs] if shown else []
        ways: list[Reading | None] = [*sorted(readings)] or [None]
        messages = [
            (reading, one)
            for message in own
            for reading in [*sorted(done.get(id(message.followed().node), ()))] or ways
            for one in _each(message)
        ]
        if not messages:
            yield from (reader.claim(name, at, reading) for reading in ways if _named(name, words))
        yield from _channel(reader, words, name, at, messages)


def _carried(operation: Node, channel: Node, reading: Reading) -> Iterator[tuple[Node, Reading]]:
    """What an operation is about: the messages that it names, else all of its channel; replies go the other way."""
    named = operation.get("messages")
    yield from ((message, reading) for message in (named.items if named else [channel]))
    replies = operation.get("reply", "messages")
    back: Reading = "sends" if reading == "hears" else "hears"
    yield from ((message, back) for message in (replies.items if replies else ()))


def _each(message: Node) -> Iterator[Node]:
    """The messages that are meant: each of `oneOf`, or the one."""
    some = message.followed().get("oneOf")
    for one in some.items if some else (message,):
        yield one.followed()


def _named(name: str, words: Vocabulary) -> bool:
    return words.known(name) or (":" in name and "{" not in name and "/" not in name)


def _channel(
    reader: _Reader, words: Vocabulary, name: str, at: yaml.Node, messages: Sequence[tuple[Reading | None, Node]]
) -> Iterator[Claim]:  # fmt: skip
    """The events of a channel: itself, or its messages where it is no name of an event."""
    for reading, message in messages:
        own = message.get("name")
        shown = payload_of(reader.place, message.get("payload"))
        if _named(name, words):
            yield reader.claim(name, at, reading, shown)
        elif own is not None and own.text:
            yield reader.claim(own.text, own.node, reading, shown)
    if not messages and _named(name, words):
        yield reader.claim(name, at, None)
