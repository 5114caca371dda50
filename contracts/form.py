"""How the arguments of an event stand on the wire, and the payload that everything else reads instead of them.

A payload is one object with the room's key in it. Where an event carries several arguments, none, a bare text, or names
its room elsewhere, its `Form` makes such an object of the arguments, and the arguments of the object.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from contracts.binary import is_binary
from contracts.ids import number_of
from contracts.pointer import pointed
from contracts.schema import Problem, Schema

BARE = ("string", "number", "integer", "boolean")
"""Types of a payload that is no object: it has no fields, and cannot name a room by one."""


def is_bare(schema: Mapping[str, Any]) -> bool:
    """Whether a payload is no object, but one value by itself: a text, a number, a boolean or binary data."""
    return schema.get("type") in BARE or bool(schema.get("binary"))


SAYS_FIELDS = {"type", "properties", "required", "minProperties", "enum", "const", "$ref", "allOf", "anyOf", "oneOf"}


def may_be_anything(schema: Mapping[str, Any]) -> bool:
    """Whether nothing says of a payload that it is an object: it may be a text or a list as well."""
    return not SAYS_FIELDS & schema.keys()


RoomAt: TypeAlias = str | None
"""Where the arguments name the room: a pointer into their list; `remembered` where the socket knows it."""

REMEMBERED = "remembered"


class Fields(dict[str, Any]):
    """The payload that is read in place of arguments; `args` are these, as they stood on the wire."""

    __slots__ = ("args",)

    def __init__(self, fields: Mapping[str, Any], args: tuple[Any, ...]) -> None:
        super().__init__(fields)
        self.args = args


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The arguments of one event or reply."""

    schemas: tuple[dict[str, Any], ...]
    room_at: RoomAt
    key: str
    """The field under which the payload names the room."""
    number: bool = False
    """Whether the room is named by an integer. The payload has its digits instead."""

    @property
    def names(self) -> tuple[str, ...]:
        """The fields under which the arguments stand: their titles, or else their places."""
        return tuple(str(schema.get("title", place)) for place, schema in enumerate(self.schemas))

    @property
    def is_object(self) -> bool:
        """Whether there is one argument, and it is an object: its fields are the payload's."""
        return len(self.schemas) == 1 and self.schemas[0].get("type") == "object"

    def fields(self, args: Sequence[Any]) -> Fields:
        """The payload of arguments. The fields of objects in it stand beside them, for what comes out as it went in."""
        given = tuple(args)
        if self.is_object and len(given) == 1 and _is_object(given[0]):
            found = dict(given[0])
        elif self.is_object:
            found = {str(place): value for place, value in enumerate(given)}
        else:
            names = self.names
            named = {names[n] if n < len(names) else str(n): value for n, value in enumerate(given)}
            inner = {name: value for one in given if _is_object(one) for name, value in one.items()}
            found = {**inner, **named}
        room = self.room(given)
        if self.room_at is not None and self.key not in self.names:
            found.pop(self.key, None)
        return Fields({**found, **({self.key: room} if room is not None else {})}, given)

    def room(self, args: Sequence[Any]) -> str | None:
        """The room that the arguments name."""
        if self.room_at in (None, REMEMBERED):
            return None
        value = pointed(list(args), str(self.room_at))
        if self.number:
            return str(value) if isinstance(value, int) and not isinstance(value, bool) else None
        return value if isinstance(value, str) and value else None

    def misnames(self, payload: Any) -> bool:
        """Whether arguments have something in the place of the room that can be no id: that is then what is wrong."""
        if not (isinstance(payload, Fields) and self.is_object and self.room_at == f"/0/{self.key}"):
            return False
        return pointed(list(payload.args), self.room_at) is not None and self.room(payload.args) is None

    def args(self, payload: Mapping[str, Any]) -> tuple[Any, ...]:
        """The arguments of a payload; the room stands where the contract says, or not at all."""
        fields = dict(payload)
        room = fields.get(self.key) if self.room_at is not None else None
        if self.room_at is not None and self.key not in self.names:
            fields.pop(self.key, None)
        if self.is_object:
            # What is no object was read as an argument without a name.
            bare = set(fields) == {"0"} and "0" not in self.schemas[0].get("properties", {})
            args: tuple[Any, ...] = (fields["0"],) if bare else (fields,)
        else:
            names = [*self.names, *(str(n) for n in range(len(self.schemas), len(self.schemas) + len(fields)))]
            given: list[Any] = []
            for name in names:
                if name not in fields:
                    break
                value = fields[name]
                if _is_object(value):
                    value = {inner: fields.get(inner, kept) for inner, kept in value.items()}
                given.append(value)
            args = tuple(given)
        if room is None or self.room_at in (None, REMEMBERED):
            return args
        value = number_of(room) if self.number else room
        placed = _with(list(args), str(self.room_at).split("/")[1:], value)
        return tuple(placed)

    def document(self) -> dict[str, Any]:
        """The schema of the list of arguments."""
        count = len(self.schemas)
        listed: dict[str, Any] = {"type": "array", "minItems": count, "maxItems": count}
        return {**listed, "prefixItems": list(self.schemas)} if count else listed


def _is_object(value: Any) -> bool:
    return isinstance(value, dict) and not is_binary(value)


def _with(node: Any, path: list[str], value: Any) -> Any:
    """A document with a value at a path; where there is nothing of the path, as it was."""
    step, *rest = path
    if isinstance(node, list) and step.isdigit() and int(step) < len(node):
        place = int(step)
        return [*node[:place], _with(node[place], rest, value) if rest else value, *node[place + 1 :]]
    if isinstance(node, dict):
        return {**node, step: _with(node.get(step, {}), rest, value) if rest else value}
    return node


@dataclass(frozen=True)
class FormSchema(Schema):
    """The schema of a payload that stands for arguments: it is these that are held against it."""

    form: Form

    def is_valid(self, payload: object) -> bool:
        """Say whether the arguments that the payload stands for keep their schemas."""
        return isinstance(payload, dict) and self._of_args.is_valid(self._args(payload))

    def explain(self, payload: object) -> Problem | None:
        """Say why they do not, by the argument in which they do not."""
        if not isinstance(payload, dict):
            return Problem(path="", keyword="type", expected="the documented arguments", got=repr(payload))
        problem = self._of_args.explain(self._args(payload))
        if problem is None or not problem.path.startswith("["):
            return problem
        place, _, rest = problem.path[1:].partition("]")
        path = rest.lstrip(".") if self.form.is_object else f"argument {int(place) + 1}{rest}"
        return Problem(path=path, keyword=problem.keyword, expected=problem.expected, got=problem.got)

    def _args(self, payload: dict[str, Any]) -> list[Any]:
        return list(payload.args if isinstance(payload, Fields) else self.form.args(payload))

    @cached_property
    def _of_args(self) -> Schema:
        return Schema(self.form.document())


def schema_of(form: Form) -> FormSchema:
    """The schema of the payload that stands for the arguments of a form."""
    if form.is_object:
        document = form.schemas[0]
        fields = dict(document.get("properties", {}))
        required = [name for name in document.get("required", ()) if name != form.key or form.room_at is None]
    else:
        named = dict(zip(form.names, form.schemas, strict=True))
        fields = {
            name: shape for schema in form.schemas for name, shape in schema.get("properties", {}).items()
        } | named
        required = list(form.names)
    room = {form.key: {"type": "string"}} if form.room_at is not None else {}
    return FormSchema({"type": "object", "required": required, "properties": {**fields, **room}}, form)
