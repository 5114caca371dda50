"""The events of an AsyncAPI document: each message with its direction, namespace, arguments and answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from contracts.exchange.draft7 import is_list_of_arguments
from contracts.exchange.foreign import Spot, Unread
from contracts.exchange.foreign_schema import ForeignSchemas
from contracts.exchange.source import WAYS, Where, shown_again
from contracts.form import Form
from contracts.schema import Schema, shown

ACTIONS = {"receive": WAYS[0], "send": WAYS[1], "publish": WAYS[0], "subscribe": WAYS[1]}
"""Version 3 says what the service does itself; version 2 what others do with it."""
ACKS = ("x-ack", "x-response", "x-acknowledgement")
"""Extensions by which other tools say what an ack carries."""

Note = Callable[[Where, str], None]


@dataclass(slots=True, kw_only=True)
class Part:
    """An event in one direction."""

    event: str
    way: str
    namespace: str
    where: Where
    carried: dict[str, Any]
    """`payload` or `args`, and `examples`."""
    rest: dict[str, Any] = field(default_factory=dict)
    """What our own export says besides."""
    reply: dict[str, Any] | None = None
    summary: str | None = None
    source: str | None = None
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A message as a document has it."""

    message: Spot
    event: str
    way: str
    namespace: str
    replies: tuple[Spot, ...] = ()
    summary: str | None = None


def parts_of(root: Spot, version: str, schemas: ForeignSchemas, note: Note) -> Iterator[Part]:
    """Every event of a document, once for each direction and namespace."""
    for told in _three(root, note) if version == "3" else _two(root):
        yield _part(told, schemas, note)


def _three(root: Spot, note: Note) -> Iterator[_Told]:
    """Version 3: operations name the messages of a channel."""
    channels = root.mapping("channels")
    operations = root.get("operations")
    told = set[Where]()
    for _, operation in operations.members() if operations is not None else ():
        action = operation.text("action")
        if action not in ("send", "receive"):
            raise Unread(operation.where, "expected `action`: send or receive")
        channel = operation.mapping("channel")
        listed = operation.get("messages")
        messages = list(listed.items()) if listed is not None else [one for _, one in _messages(channel)]
        reply = operation.get("reply")
        replies = reply.get("messages") if reply is not None else None
        if reply is not None and replies is None and (there := reply.get("channel")) is not None:
            replies = there.get("messages")
        answers = tuple(_each(replies)) if replies is not None else ()
        told |= {one.where for one in (*messages, *answers)}
        namespace, alone = _place(channel)
        for message in messages:
            event = message.text("name") or (alone if len(messages) == 1 else None) or str(message.where[-1])
            yield _Told(
                message=message, event=alone or event, way=ACTIONS[action], namespace=namespace, replies=answers,
                summary=operation.text("summary"),
            )  # fmt: skip
    for _, channel in channels.members():
        for name, message in _messages(channel):
            if message.where not in told:
                note(message.where, f"the message {shown(name)} is left out: no operation says its direction")


def _two(root: Spot) -> Iterator[_Told]:
    """Version 2: a channel is a namespace whose messages are events, or it is an event itself."""
    for address, channel in root.mapping("channels").members():
        for way in ("publish", "subscribe"):
            operation = channel.get(way)
            message = operation.get("message") if operation is not None else None
            if operation is None or message is None:
                continue
            several = message.get("oneOf")
            messages = list(several.items()) if several is not None else [message]
            namespace, alone = _address(address, channel)
            for one in messages:
                event = alone or one.text("name") or str(one.where[-1])
                answers = tuple(answer for name in ACKS if (answer := operation.get(name)) is not None)
                yield _Told(
                    message=one, event=event, way=ACTIONS[way], namespace=namespace, replies=answers,
                    summary=operation.text("summary"),
                )  # fmt: skip


def _messages(channel: Spot) -> Iterator[tuple[str, Spot]]:
    messages = channel.get("messages")
    return messages.members() if messages is not None else iter(())


def _each(found: Spot) -> Iterator[Spot]:
    yield from found.items()
    yield from (one for _, one in found.members())


def _place(channel: Spot) -> tuple[str, str | None]:
    return _address(channel.text("address") or str(channel.where[-1]), channel)


def _address(address: str, channel: Spot) -> tuple[str, str | None]:
    """The namespace of a channel, and the event where the channel is one: an address that begins with no slash."""
    return (address, None) if address.startswith("/") else ("/", address)


def _part(told: _Told, schemas: ForeignSchemas, note: Note) -> Part:
    message = told.message
    if not isinstance(message.value, dict):
        raise Unread(message.where, f"a message: expected a mapping, got {shown(message.value)}")
    own = message.get(f"x-roomcheck-{told.way.replace('_', '-')}")
    summary = message.text("summary") or told.summary or message.text("description") or message.text("title")
    return Part(
        event=told.event,
        way=told.way,
        namespace=told.namespace,
        where=message.where,
        carried=_carried(message, schemas, note),
        rest=shown_again(own.value) if own is not None and isinstance(own.value, dict) else {},
        reply=_reply(told, schemas, note),
        summary=_summary(told, summary, is_own=own is not None),
        source=message.value.get("x-roomcheck-source"),
        is_own=own is not None,
    )


def _summary(told: _Told, words: str | None, *, is_own: bool) -> str | None:
    """What an event means: as it stands in our own export, else in one line, unless it says no more than the name."""
    if is_own:
        return str(told.message.value.get("summary", ""))
    return " ".join(words.split()) if words and words != told.event else None


def _reply(told: _Told, schemas: ForeignSchemas, note: Note) -> dict[str, Any] | None:
    """How an event is answered."""
    acks = [found for name in ACKS if (found := told.message.get(name)) is not None]
    if told.replies:
        answer = told.replies[0]
        own = answer.get("x-roomcheck-reply" if told.way == WAYS[0] else "x-roomcheck-answer")
        carried = _carried(answer, schemas, note) if answer.get("payload") is not None else _list(answer, schemas, note)
        if own is not None and isinstance(own.value, dict):
            return {**shown_again(own.value), **carried}
        name = answer.text("name")
        ways = {"ack": True} if name is None else {"event": name}
    elif acks:
        carried, ways = _list(acks[0], schemas, note), {"ack": True}
    else:
        return None
    return {**ways, **carried} if told.way == WAYS[0] else carried


def _carried(message: Spot, schemas: ForeignSchemas, note: Note) -> dict[str, Any]:
    """The payload of a message, or the list of its arguments, with its examples."""
    payload = message.get("payload")
    if payload is None:
        note(message.where, "what it carries is not said: it is written without arguments")
        return {"args": []}
    inner = payload.get("schema") if isinstance(payload.value, dict) and "schemaFormat" in payload.value else None
    one = message.text("x-roomcheck-arguments") == "one"
    made = {"payload": schemas.read(inner or payload)} if one else _list(inner or payload, schemas, note)
    examples = _examples(message, made, note)
    return {**made, **({"examples": examples} if examples is not None else {})}


def _list(payload: Spot, schemas: ForeignSchemas, note: Note) -> dict[str, Any]:
    """The arguments that a payload stands for: those of a list of them, or itself."""
    if not isinstance(payload.value, dict) or not is_list_of_arguments(payload.value):
        return {"payload": schemas.read(payload)}
    items = payload.get("items") or payload.get("prefixItems")
    args = [schemas.read(one) for one in items.items()] if items is not None and isinstance(items.value, list) else []
    more = payload.get("additionalItems")
    if more is not None and more.value is not False:
        note(more.where, "any number of further arguments cannot be said: it is written without them")
    titles = [one.get("title") for one in args]
    for number, one in enumerate(args):
        if one.get("title") is not None and titles.index(one["title"]) < number:
            del one["title"]  # The title of an argument is its name, and no two have the same.
    return {"payload": args[0]} if len(args) == 1 and not _is_own_list(payload.value) else {"args": args}


def _is_own_list(payload: dict[str, Any]) -> bool:
    return "minItems" in payload


def _examples(message: Spot, made: dict[str, Any], note: Note) -> dict[str, Any] | None:
    """The examples of a message that keep its schema."""
    own = message.get("x-roomcheck-examples")
    kept = shown_again(own.value) if own is not None and isinstance(own.value, dict) else None
    listed = message.get("examples")
    given = [one.value for one in listed.items() if isinstance(one.value, dict)] if listed is not None else []
    whole = made["payload"] if "payload" in made else Form(schemas=tuple(made["args"]), room_at=None, key="").document()
    schema = Schema(whole)
    valid = [one["payload"] for one in given if "payload" in one and schema.is_valid(one["payload"])]
    if listed is not None and len(valid) < len(given):
        note(listed.where, "examples that break the schema are left out")
    if not valid:
        return kept
    return {"valid": valid, **(kept or {})}
