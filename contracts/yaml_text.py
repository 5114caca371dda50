"""YAML as a contract file may have it: one document in the core schema of YAML 1.2, without tags and merge keys.

PyYAML's own loaders read YAML 1.1, where `on` and `no` are booleans and a date is no text. Only its parser is used:
the values are made from its events.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

MOST_DEPTH = 200
"""Levels of mappings and lists, aliases followed: far more than a schema has, and fewer than Python's stack."""
MOST_VALUES = 200_000
"""Values after all aliases are followed. Ten lines of aliases of aliases would otherwise be thousands of millions."""

Where = tuple[int, int]
"""Line and column, both from 1."""

_CORE: tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...] = (
    (re.compile(r"(?:null|Null|NULL|~|)"), lambda text: None),
    (re.compile(r"(?:true|True|TRUE)"), lambda text: True),
    (re.compile(r"(?:false|False|FALSE)"), lambda text: False),
    (re.compile(r"[-+]?[0-9]{1,4000}"), int),
    (re.compile(r"0o[0-7]{1,4000}"), lambda text: int(text[2:], 8)),
    (re.compile(r"0x[0-9a-fA-F]{1,4000}"), lambda text: int(text[2:], 16)),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"), float),
)
"""What plain scalars stand for (YAML 1.2.2, 10.3.2); every other one is a text."""
_NO_JSON = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


class BadYaml(Exception):
    """A text that is not taken; the message says why."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


@dataclass(slots=True)
class Node:
    """A value and where it stands."""

    value: Any
    at: Where
    inside: dict[str | int, Node] = field(default_factory=dict)
    """Of a mapping or a list, by key or place."""
    keys: dict[str, Where] = field(default_factory=dict)
    """Where each key of a mapping stands."""
    values: int = 1
    """How many there are in it, with itself."""
    depth: int = 1
    key: tuple[str, Where] | None = None
    """Of a mapping that is being read: the key whose value comes next."""

    def add(self, inner: Node) -> None:
        """Put in the next value."""
        if self.key is not None:
            (name, self.keys[name]), self.key = self.key, None
            self.value[name] = inner.value
            self.inside[name] = inner
        else:
            self.inside[len(self.value)] = inner
            self.value.append(inner.value)
        self.values += inner.values
        self.depth = max(self.depth, inner.depth + 1)
        if self.values > MOST_VALUES:
            raise BadYaml(f"has more than {MOST_VALUES} values, with its aliases followed", *inner.at)
        if self.depth > MOST_DEPTH:
            raise BadYaml("is nested too deeply to be a contract", *inner.at)


def compose(text: str) -> Node:
    """The one document of a text.

    Raises:
        BadYaml: it is no YAML, or has what a contract may not have.
    """
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _composed(yaml.parse(text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(str(error.problem or error.context or "cannot be read").split())
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise BadYaml(f"is not YAML: {what}, column {column}", line, column) from None
    except yaml.YAMLError as error:
        what = str(error).splitlines()[0]
        place = getattr(error, "position", 0)
        line = text.count("\n", 0, place) + 1 if isinstance(place, int) else 1
        raise BadYaml(f"is not YAML: {what}", line, 1) from None


def _composed(events: Iterable[Any]) -> Node:
    import yaml

    read = _Reading()
    for event in events:
        at = (event.start_mark.line + 1, event.start_mark.column + 1)
        if getattr(event, "tag", None) is not None:
            raise BadYaml(f"has the tag `{event.tag}`: values are taken as they are written, leave it out", *at)
        match event:
            case yaml.DocumentStartEvent() if read.root is not None:
                raise BadYaml("has a second document after `---`: a contract file is one", *at)
            case yaml.ScalarEvent() if _is_key(read.stack):
                _name(read.stack[-1], event, at)
            case yaml.ScalarEvent():
                read.whole(Node(_scalar(event, at), at), event.anchor)
            case yaml.AliasEvent():
                read.whole(read.meant(str(event.anchor), at), None)
            case yaml.CollectionStartEvent():
                read.begin(Node({} if isinstance(event, yaml.MappingStartEvent) else [], at), event.anchor)
            case yaml.CollectionEndEvent():
                read.end()
    if read.root is None:
        raise BadYaml("is empty", 1, 1)
    return read.root


class _Reading:
    """What was read so far of a document."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.stack: list[Node] = []
        """The mappings and lists that are open, the innermost last."""
        self._anchors: dict[str, Node | None] = {}
        """None of what is still open."""
        self._names: list[str | None] = []
        """The anchors of what is open."""

    def begin(self, node: Node, anchor: str | None) -> None:
        """A mapping or a list begins."""
        if _is_key(self.stack):
            raise BadYaml("a key has to be a text", *node.at)
        if len(self.stack) >= MOST_DEPTH:
            raise BadYaml("is nested too deeply to be a contract", *node.at)
        self.stack.append(node)
        self._names.append(anchor)
        if anchor is not None:
            self._anchors[anchor] = None

    def end(self) -> None:
        """The innermost mapping or list ends."""
        self.whole(self.stack.pop(), self._names.pop())

    def whole(self, node: Node, anchor: str | None) -> None:
        """A value is there."""
        if anchor is not None:
            self._anchors[anchor] = node
        if not self.stack:
            self.root = node
        elif _is_key(self.stack):
            raise BadYaml("a key has to be a text", *node.at)
        else:
            self.stack[-1].add(node)

    def meant(self, anchor: str, at: Where) -> Node:
        """What an alias stands for."""
        node = self._anchors.get(anchor)
        if node is None:
            why = "stands inside of what it names" if anchor in self._anchors else "names no anchor above it"
            raise BadYaml(f"the alias `*{anchor}` {why}", *at)
        return node


def _is_key(stack: list[Node]) -> bool:
    """Whether what comes next is a key."""
    return bool(stack) and isinstance(stack[-1].value, dict) and stack[-1].key is None


def _name(mapping: Node, event: Any, at: Where) -> None:
    """Take a key: the text that is written, whatever a value of that form would be."""
    name = event.value
    if name == "<<" and event.implicit[0]:
        raise BadYaml("the merge key `<<` is none of YAML 1.2: write the keys here", *at)
    if event.anchor is not None:
        raise BadYaml("a key has no anchor", *at)
    if name in mapping.keys:
        raise BadYaml(f"the key `{name}` occurs twice", *at)
    mapping.key = (name, at)


def _scalar(event: Any, at: Where) -> Any:
    text: str = event.value
    if not event.implicit[0]:  # In quotes, or a block of text.
        return text
    if _NO_JSON.fullmatch(text):
        raise BadYaml(f"{text} is no number that JSON has", *at)
    for form, made in _CORE:
        if form.fullmatch(text):
            value = made(text)
            if isinstance(value, float) and value in (float("inf"), float("-inf")):
                raise BadYaml(f"the number {text[:20]} is too large", *at)
            return value
    return text


def is_plain(text: str) -> bool:
    """Whether a text stays a text where it stands without quotes, as far as the core schema goes."""
    return not _NO_JSON.fullmatch(text) and not any(form.fullmatch(text) for form, _ in _CORE)
