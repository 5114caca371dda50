"""AsyncAPI 2 and 3 to claims: channels, operations, messages and their schemas. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml

from conformance.align import sides
from conformance.align.markdown import Piece
from conformance.align.model import Claim, Field, Origin, Payload, Place, Reading, Shape
from conformance.align.vocabulary import Vocabulary

SAYS = re.compile(r"^\s*[\"']?asyncapi[\"']?\s*:\s*[\"']?(?P<version>\d)", re.MULTILINE)
"""What begins such a document."""

SHAPES: dict[str, Shape] = {
    "string": "string", "number": "number", "integer": "number", "boolean": "boolean", "object": "object",
    "array": "array", "null": "null",
}  # fmt: skip

READINGS: dict[str, Reading] = {"publish": "hears", "subscribe": "sends", "receive": "hears", "send": "sends"}
"""What the application does: in version 2, others publish what it hears; in version 3, an action is its own."""

MOST_DEPTH = 20
"""References that lead to references."""


class Unreadable(ValueError):
    """A document says that it is AsyncAPI and cannot be read as such."""


def is_one(text: str) -> bool:
    """Whether a text says that it is an AsyncAPI document."""
    return SAYS.search(text[:20_000]) is not None


@dataclass(frozen=True, slots=True)
class _Node:
    """A value of a document with its place."""

    node: yaml.Node
    root: yaml.Node

    @property
    def pairs(self) -> list[tuple[yaml.ScalarNode, _Node]]:
        """The members of a mapping."""
        node = self.node
        if not isinstance(node, yaml.MappingNode):
            return []
        return [(key, _Node(value, self.root)) for key, value in node.value if isinstance(key, yaml.ScalarNode)]

    @property
    def items(self) -> list[_Node]:
        """The items of a list."""
        return [_Node(one, self.root) for one in self.node.value] if isinstance(self.node, yaml.SequenceNode) else []

    @property
    def text(self) -> str:
        """A scalar's text."""
        return str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else ""

    def get(self, *names: str) -> _Node | None:
        """What a mapping has under names, one below the other; references are followed."""
        found: _Node | None = self
        for name in names:
            found = found.followed() if found else None
            found = next((value for key, value in found.pairs if key.value == name), None) if found else None
        return found

    def followed(self) -> _Node:
        """What a reference leads to, or the value itself."""
        found = self
        for _ in range(MOST_DEPTH):
            pointer = next((value.text for key, value in found.pairs if key.value == "$ref"), "")
            if not pointer.startswith("#/"):
                break
            parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer[2:].split("/")]
            there = _Node(self.root, self.root).get(*parts)
            if there is None:
                break
            found = there
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    file: str
    origin: Origin
    line: int
    column: int
    section: tuple[str, ...]

    def place(self, node: yaml.Node, length: int) -> Place:
        quoted = isinstance(node, yaml.ScalarNode) and node.style in ("'", '"')
        line, column = node.start_mark.line, node.start_mark.column + quoted + self.column
        return Place(file=self.file, line=self.line + line, column=column, end=column + length)

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
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {line + mark.line}: " if mark is not None else ""
        raise Unreadable(f"{where}not readable as AsyncAPI: {getattr(error, 'problem', None) or error}") from error
    version = SAYS.search(text)
    if not isinstance(root, yaml.MappingNode) or version is None or version["version"] not in "23":
        raise Unreadable("not readable as AsyncAPI: expected a mapping of version 2 or 3")
    document = _Node(root, root)
    if not (channels := document.get("channels")) or not channels.pairs:
        raise Unreadable("not readable as AsyncAPI: it has no channels")
    reader = _Reader(file=file, origin="document", line=line, column=column, section=section)
    made = _two(reader, document, words) if version["version"] == "2" else _three(reader, document, words)
    return list(sides.settled(list(made), words, None, "server", consistent=True))


def of_fence(piece: Piece, file: str, words: Vocabulary, faults: list[str]) -> Iterator[Claim]:
    """What an AsyncAPI document in a fence claims."""
    line, column = piece.lines[0]
    try:
        made = read(piece.text, file, words, line=line, column=column, section=piece.section)
    except Unreadable as error:
        faults.append(str(error))
        return
    yield from (replace(claim, refuted=piece.refuted) for claim in made)


def _two(reader: _Reader, document: _Node, words: Vocabulary) -> Iterator[Claim]:
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


def _three(reader: _Reader, document: _Node, words: Vocabulary) -> Iterator[Claim]:
    """Version 3: operations say what is done with a channel, and a channel's address is the event."""
    channels, operations = document.get("channels"), document.get("operations")
    done: dict[int, set[Reading]] = {}
    for _, operation in operations.pairs if operations else ():
        action, channel = operation.get("action"), operation.get("channel")
        if action and channel and action.text in READINGS:
            done.setdefault(id(channel.followed().node), set()).add(READINGS[action.text])
    for key, channel in channels.pairs if channels else ():
        whole = channel.followed()
        address = whole.get("address")
        name, at = (address.text, address.node) if address and address.text else (key.value, key)
        readings = done.get(id(whole.node), set())
        shown = whole.get("messages")
        own = [message for _, message in shown.pairs] if shown else []
        ways: list[Reading | None] = [*sorted(readings)] or [None]
        messages = [(reading, one) for reading in ways for message in own for one in _each(message)]
        if not messages:
            yield from (reader.claim(name, at, reading) for reading in ways if _named(name, words))
        yield from _channel(reader, words, name, at, messages)


def _each(message: _Node) -> Iterator[_Node]:
    """The messages that are meant: each of `oneOf`, or the one."""
    some = message.followed().get("oneOf")
    for one in some.items if some else (message,):
        yield one.followed()


def _named(name: str, words: Vocabulary) -> bool:
    return words.known(name) or (":" in name and "{" not in name and "/" not in name)


def _channel(
    reader: _Reader, words: Vocabulary, name: str, at: yaml.Node, messages: Sequence[tuple[Reading | None, _Node]]
) -> Iterator[Claim]:  # fmt: skip
    """The events of a channel: itself, or its messages where it is no name of an event."""
    for reading, message in messages:
        own = message.get("name")
        shown = _payload(reader, message.get("payload"))
        if _named(name, words):
            yield reader.claim(name, at, reading, shown)
        elif own is not None and own.text:
            yield reader.claim(own.text, own.node, reading, shown)
    if not messages and _named(name, words):
        yield reader.claim(name, at, None)


def _payload(reader: _Reader, schema: _Node | None) -> Payload | None:
    """The fields of a schema of an object, each with its type and its choices."""
    whole = schema.followed() if schema else None
    properties = whole.get("properties") if whole else None
    if whole is None or properties is None:
        return None
    required = whole.get("required")
    there = {one.text for one in required.items} if required else set[str]()
    fields = [
        replace(_field(reader, key, value.followed()), optional=bool(there) and key.value not in there)
        for key, value in properties.pairs
    ]
    composed = any(key.value in ("allOf", "anyOf", "oneOf", "$ref") for key, _ in whole.pairs)
    return Payload(fields=tuple(fields), whole=not composed)


def _field(reader: _Reader, key: yaml.ScalarNode, schema: _Node) -> Field:
    kinds = {value.text for name, value in schema.pairs if name.value == "type"} - {""}
    shapes = {SHAPES.get(kind, "unknown") for kind in kinds}
    choices, constant = schema.get("enum"), schema.get("const")
    some = choices.items if choices else [constant] if constant is not None else []
    values = tuple(_value(one.node) for one in some)
    if not some and shapes == {"number"}:
        bounds = (schema.get("minimum"), schema.get("maximum"))
        values = tuple(value for one in bounds if one and isinstance(value := _value(one.node), int | float))
    longest = schema.get("maxLength")
    most = _value(longest.node) if longest is not None else None
    at = schema.node if schema.node.start_mark.line >= key.start_mark.line else key
    wrong = choices.node if choices is not None else at
    place = reader.place(wrong if some else key, len(key.value))
    return Field(
        name=str(key.value), place=place, shape=next(iter(shapes)) if len(shapes) == 1 else "unknown",
        placeholder=True, values=values, most=most if isinstance(most, int) else None,
    )  # fmt: skip


def _value(node: yaml.Node) -> Any:
    loaded: Mapping[str, Any] | Any = yaml.safe_load(yaml.serialize(node))
    return loaded
