"""AsyncAPI 2 and 3 to the documents of a bundle, and notes of what they do not say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contracts.exchange.foreign import Document, Spot, Unread, read_document
from contracts.exchange.foreign_schema import ForeignSchemas
from contracts.exchange.messages import Part, parts_of
from contracts.exchange.source import WAYS, Where, shown_again, without
from contracts.faults import ContractError, Fault
from contracts.schema import shown
from contracts.slips import RESERVED
from contracts.starter import NO_SOURCE, Documents, file_names

UNKNOWN_CAUSE = {"other": "to be written: what causes it"}
UNKNOWN_EFFECT = {"other": "to be written: what it does"}
UNSAID = {
    "receivers": "who receives it and what causes it is not said: write `receivers` and `caused_by`",
    "effect": "what it does is not said: write its `effect`",
}
EVERYONE = "everyone"
"""Who receives a broadcast of which nothing is said: with a cause in words alone, nothing is judged by it."""
MOST_NOTES = 50
"""Of what is left out, with their lines: to find one takes as long as to read the document."""
MOST_EVENTS = 2_000
"""Far more than a service has; each is a file."""
LONGEST_NAME = 200
"""Characters of an event; longer ones are no names."""


@dataclass(slots=True)
class Imported:
    """What a document says."""

    documents: Documents
    notes: list[str] = field(default_factory=list)
    """What is left out, or has to be written, by line."""


def imported(file: Path, name: str) -> Imported:
    """The documents of a bundle, made of an AsyncAPI document.

    Args:
        name: of the bundle, where the document names none.

    Raises:
        ContractError: it cannot be read, or says nothing that can be taken.
    """
    document = read_document(file)
    try:
        return _Import(document, name).made()
    except Unread as error:
        raise ContractError([Fault(file=file, line=document.line(error.where), message=error.message)]) from None
    except RecursionError:
        raise ContractError([Fault(file=file, line=1, message="is nested too deeply")]) from None


class _Import:
    """The reading of one document."""

    def __init__(self, document: Document, name: str) -> None:
        self._document = document
        self._name = name
        self._notes: dict[tuple[Where, str], None] = {}
        self._schemas = ForeignSchemas(self._note)
        self._unsaid: dict[str, list[str]] = {}

    def _note(self, where: Where, message: str) -> None:
        self._notes.setdefault((where, message))

    def made(self) -> Imported:
        root = self._document.at(())
        version = root.text("asyncapi") if isinstance(root.value, dict) else None
        if version is None or version.split(".")[0] not in ("2", "3"):
            got = f"version {version[:20]}" if version else "a document that does not say so"
            raise Unread((), f"expected AsyncAPI 2 or 3, by a key such as `asyncapi: 3.0.0`, got {got}")
        own = root.get("x-roomcheck-bundle")
        head = self._head(root, own)
        parts = list(parts_of(root, version.split(".")[0], self._schemas, self._note))
        events = self._events(parts, head["namespace"])
        if not events:
            raise Unread(root.mapping("channels").where, "no channel has a message that is an event")
        made: Documents = {"bundle": head}
        stems = file_names(list(events))
        made |= {f"events/{stems[name]}": event for name, event in events.items()}
        made |= self._kept(root, "x-roomcheck-http", "http", "call")
        made |= self._kept(root, "x-roomcheck-triggers", "triggers", "triggers")
        return Imported(documents=made, notes=[*self._told()])

    def _head(self, root: Spot, own: Spot | None) -> dict[str, Any]:
        """The document of the bundle."""
        info = root.mapping("info")
        kept = shown_again(own.value) if own is not None and isinstance(own.value, dict) else {}
        kept = without(kept, "extends", "without")  # What is imported is whole, and takes over no other folder.
        namespace = next((name for name, _ in _addresses(root) if name.startswith("/")), "/")
        return {
            "bundle": self._name,
            "title": self._said(info, "title", own) or self._name,
            "version": self._said(info, "version", own) or "1.0.0",
            "summary": self._said(info, "description", own) or f"To be written: what {self._name} is.",
            "source": f"{self._document.file.name}, AsyncAPI",
            "path": _path(root),
            "namespace": namespace,
            **kept,
        }

    def _said(self, info: Spot, name: str, own: Spot | None) -> str | None:
        """A text about the whole: as it stands in our own export, else in one line."""
        found = info.get(name)
        text = str(found.value) if found is not None and isinstance(found.value, str | int | float) else ""
        return text if own is not None else " ".join(text.split()) or None

    def _kept(self, root: Spot, key: str, folder: str, named: str) -> Documents:
        """Documents that our own export keeps whole."""
        found = root.get(key)
        if found is None:
            return {}
        kept = [shown_again(one.value) for one in found.items() if isinstance(one.value, dict)]
        names = [str(one.get(named, "")) for one in kept]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise Unread(found.where, f"{shown(twice)} is there twice")
        stems = file_names(names)
        return {f"{folder}/{stems[name]}": one for name, one in zip(names, kept, strict=True)}

    def _events(self, parts: list[Part], usual: str) -> dict[str, dict[str, Any]]:
        """The documents of events, by name."""
        events: dict[str, dict[str, Any]] = {}
        spaces: dict[str, list[str]] = {}
        for part in parts:
            if (fault := _misnamed(part.event)) is not None:
                self._note(part.where, f"{fault}: left out")
                continue
            if len(events) == MOST_EVENTS and part.event not in events:
                raise Unread(part.where, f"has more than {MOST_EVENTS} events; import it in parts")
            event = events.setdefault(part.event, {"event": part.event})
            event.setdefault("summary", part.summary or f"To be written: what `{part.event}` means.")
            event.setdefault("source", part.source or NO_SOURCE)
            known = spaces.setdefault(part.event, [])
            if part.namespace not in known:
                known.append(part.namespace)
            if part.way not in event:
                event[part.way] = self._part(part)
            elif {key: event[part.way][key] for key in part.carried if key in event[part.way]} != part.carried:
                self._note(part.where, f"`{part.event}` is there twice with two payloads: the first one is taken")
        for name, known in spaces.items():
            if known != [usual]:
                events[name]["namespace"] = known[0] if len(known) == 1 else known
        return {name: _ordered(event) for name, event in events.items()}

    def _part(self, part: Part) -> dict[str, Any]:
        """What holds of an event in one direction."""
        made: dict[str, Any] = dict(part.rest)
        if not part.is_own:
            if part.way == WAYS[1]:
                made |= {"receivers": EVERYONE, "caused_by": UNKNOWN_CAUSE}
                self._unsaid.setdefault("receivers", []).append(part.event)
                if part.reply is not None:
                    part.reply.setdefault("examples", {})
            else:
                made["effect"] = UNKNOWN_EFFECT
                self._unsaid.setdefault("effect", []).append(part.event)
        made |= part.carried
        if part.reply is not None:
            made["reply" if part.way == WAYS[0] else "answer"] = _without_empty(part.reply)
        return made

    def _told(self) -> Iterator[str]:
        """The notes, by line; then what has to be written."""
        file = self._document.file
        first = list(self._notes)[:MOST_NOTES]
        lines = dict.fromkeys((self._document.line(where), message) for where, message in first)
        yield from (f"{file}:{line}: {message}" for line, message in sorted(lines))
        more = len(self._notes) - len(first)
        yield from [f"{file}: {more} more words or examples are left out"] if more else []
        for what, words in UNSAID.items():
            for event in self._unsaid.get(what, ()):
                yield f"{event}: {words}"


def _addresses(root: Spot) -> Iterator[tuple[str, Spot]]:
    """The channels by their addresses."""
    for key, channel in root.mapping("channels").members():
        yield channel.text("address") or key, channel


def _path(root: Spot) -> str:
    """The path of Socket.IO: that of a server, where it looks like one."""
    servers = root.get("servers")
    for _, server in servers.members() if servers is not None else ():
        path = (server.text("pathname") or "").strip("/")
        if path:
            return f"/{path}/"
    return "/socket.io/"


def _misnamed(name: str) -> str | None:
    """Why a name is none of an event; None where it is one."""
    if not name.strip() or not name.isprintable():
        return f"the name {shown(name)} cannot be printed"
    if len(name) > LONGEST_NAME:
        return f"the name {shown(name)} is too long"
    return f"`{name}` is an event of Socket.IO itself" if name in RESERVED else None


def _ordered(event: dict[str, Any]) -> dict[str, Any]:
    """An event with its keys as people write them."""
    keys = ("event", "summary", "source", "namespace", *WAYS)
    return {key: event[key] for key in keys if key in event}


def _without_empty(reply: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in reply.items() if not (key == "examples" and not value)}
