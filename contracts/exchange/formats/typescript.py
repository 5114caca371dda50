"""TypeScript: the event maps `ServerToClientEvents` and `ClientToServerEvents` of Socket.IO, as a `.d.ts`.

What types cannot say, such as lengths and ranges, stands in comments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from contracts.exchange.source import WAYS, CannotSay, Exported, Faults, Where, schemas_of
from contracts.exchange.typescript_types import BINARY, Aliases, Types, comment, key, literal, pascal, told, union
from contracts.exchange.words import of_broadcast, of_request
from contracts.model import Event

DATA = None
SIDES = {"client_to_server": "ClientToServerEvents", "server_to_client": "ServerToClientEvents"}
BY_PEERS = "PeerToServerEvents"
HEAD = (
    "Made by `roomcheck contracts export typescript`; change the contracts, and make it anew.",
    "",
    "A field that no schema names is an error here, though a service may send more.",
)
Rows = dict[str, dict[str, list[str]]]
"""The lines of each event, by interface and event."""


def made(exported: Exported) -> str:
    """The text of the file.

    Raises:
        ContractError: a reference leads to no schema.
    """
    writer = _Writer(exported)
    for file, document in exported.source.events:
        for way in WAYS:
            if way in document:
                writer.event(file, document, way)
    writer.faults.tell()
    return writer.text()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parameter:
    """One argument of an event or an answer."""

    name: str
    kind: str
    words: list[str]
    is_optional: bool = False

    @property
    def text(self) -> str:
        """It with its comment."""
        lines = [f"\n    {line}" for line in comment(self.words)]
        return "".join([*lines, "\n    " if lines else "", f"{self.name}{'?' * self.is_optional}: {self.kind}"])


class _Writer:
    """The interfaces that are being made."""

    def __init__(self, exported: Exported) -> None:
        self._exported = exported
        self.faults = Faults()
        self._aliases = Aliases()
        self._rows: Rows = {}
        self._parameters: dict[tuple[str, str], list[str]] = {}
        self._comments: dict[tuple[str, str], list[str]] = {}
        self._prefixes: dict[str, str] = {exported.bundle.namespace: ""}

    def event(self, file: Path, document: dict[str, Any], way: str) -> None:
        """Take an event in one direction."""
        event, part = self._exported.bundle.events[document["event"]], document[way]
        side = BY_PEERS if "by" in part else SIDES[way]
        words = [document["summary"], *_words(event, way)]
        for namespace in event.namespaces or (self._exported.bundle.namespace,):
            try:
                listed = [one.text for one in self._lists(part, (way,))]
                answer = self._ack(part, way)
                self._add(self._named(namespace, side), event.name, [*listed, *([answer] if answer else [])], words)
                reply = part.get("reply", {})
                if "event" in reply:
                    told_by = [one.text for one in self._answers(reply, (way, "reply"))]
                    line = f"Answers {event.name}."
                    self._add(self._named(namespace, SIDES[WAYS[1]]), reply["event"], told_by, [line])
            except CannotSay as error:
                self.faults.add(file, error)

    def _named(self, namespace: str, side: str) -> str:
        """The interface of a namespace."""
        if namespace not in self._prefixes:
            wanted, taken = pascal(namespace) or "Root", set(self._prefixes.values())
            names = (wanted, *(f"{wanted}{number}" for number in range(2, len(taken) + 3)))
            self._prefixes[namespace] = next(one for one in names if one not in taken)
        return self._prefixes[namespace] + side

    def _add(self, interface: str, event: str, parameters: list[str], words: list[str]) -> None:
        place = interface, event
        text = f"({', '.join(parameters)})"
        if text not in self._parameters.setdefault(place, []):
            self._parameters[place].append(text)
        self._comments.setdefault(place, []).extend(one for one in words if one not in self._comments[place])

    def _lists(self, part: Mapping[str, Any], where: Where) -> list[_Parameter]:
        """The parameters that an event has."""
        several = "args" in part
        parameters = []
        for place, schema in schemas_of(part):
            title = str(schema.get("title", "")) if several else ""
            name = title if title.isidentifier() and title.isascii() and title not in WORDS else ""
            name = name or (f"argument{place[1]}" if several else "payload")
            words = told(schema)
            kind = Types(self._aliases, schema, (*where, *place)).of(schema, "    " if words else "  ")
            parameters.append(_Parameter(name=name, kind=kind, words=words))
        return parameters

    def _ack(self, part: Mapping[str, Any], way: str) -> str | None:
        """The parameter by which an event is answered."""
        name = "reply" if way == WAYS[0] else "answer"
        reply = part.get(name)
        if reply is None or (name == "reply" and not reply.get("ack")):
            return None
        answer = ", ".join(one.text for one in self._answers(reply, (way, name)))
        return f"ack{'?' if 'event' in reply else ''}: ({answer}) => void"

    def _answers(self, reply: Mapping[str, Any], where: Where) -> list[_Parameter]:
        """The parameters of an answer, good or refusing: a value that refuses may stand in its place, alone."""
        good = self._lists(reply, where)
        refused = reply.get("refused")
        if refused is None:
            return good
        value = refused.get("value", {})
        kind = Types(self._aliases, value, (*where, "refused", "value")).of(value, "  ")
        if "const" in refused:
            kind = literal(refused["const"])
        elif kind == "unknown":
            kind = "NonNullable<unknown>"
        place, *path = refused["at"].split("/")[1:]
        for step in reversed(path):
            kind = f"{{ {key(step.replace('~1', '/').replace('~0', '~'))}: {kind}; [field: string]: unknown }}"
        at = int(place)
        before = [
            *good[:at],
            *(_Parameter(name=f"argument{n}", kind="unknown", words=[]) for n in range(len(good), at)),
        ]
        mine = replace(good[at], kind=union([good[at].kind, kind])) if at < len(good) else None
        mine = mine or _Parameter(name="refusal", kind=kind, words=[], is_optional=True)
        return [*before, mine, *(replace(one, is_optional=True) for one in good[at + 1 :])]

    def text(self) -> str:
        """The whole file."""
        bundle = self._exported.bundle
        lines = comment([f"{bundle.title} {bundle.version}", *HEAD])
        lines += ["", *comment(["Binary data: a Buffer, an ArrayBuffer or a typed array."])]
        lines.append(f"export type {BINARY} = ArrayBuffer | ArrayBufferView;")
        names = [f"{prefix}{side}" for prefix in self._prefixes.values() for side in SIDES.values()]
        rows: dict[str, list[str]] = {name: [] for name in names}
        for (interface, event), parameters in self._parameters.items():
            kind = " | ".join(f"[{one[1:-1]}]" for one in parameters)
            several = len(parameters) > 1
            listed = f"(...args: {kind}) => void" if several else f"{parameters[0]} => void"
            one = rows.setdefault(interface, [])
            one += [f"  {line}" for line in comment(self._comments[interface, event])]
            one.append(f"  {key(event)}: {listed};")
        for name, (words, kind) in sorted(self._aliases.declared.items()):
            lines += ["", *comment(words), f"export type {name} = {kind};"]
        for name, inner in rows.items():
            lines += ["", f"export interface {name} {{", *inner, "}"]
        lines += ["", *comment(["The events of each namespace."]), "export interface Namespaces {"]
        lines += self._namespaces()
        return "\n".join([*lines, "}", ""])

    def _namespaces(self) -> Iterator[str]:
        for namespace, prefix in self._prefixes.items():
            sides = "; ".join(f"{name}: {prefix}{name}" for name in SIDES.values())
            yield f"  {key(namespace)}: {{ {sides} }};"


WORDS = {
    *("arguments", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete"),
    *("do", "else", "enum", "eval", "export", "extends", "false", "finally", "for", "function", "if", "implements"),
    *("import", "in", "instanceof", "interface", "let", "new", "null", "package", "private", "protected", "public"),
    *("return", "static", "super", "switch", "this", "throw", "true", "try", "typeof", "var", "void", "while", "with"),
    *("yield", "ack", "refusal", "more"),
}
"""Words of the language, and names of parameters of ours, that no argument is called by."""


def _words(event: Event, way: str) -> list[str]:
    if way == WAYS[0]:
        return of_request(event.request) if event.request is not None else []
    return of_broadcast(event.broadcast) if event.broadcast is not None else []
