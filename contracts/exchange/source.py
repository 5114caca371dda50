"""The documents of a bundle as other formats are made from them, and what of them goes into extensions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.faults import ContractError, Fault, line_of
from contracts.folder import Source, heads, locate, read_folder
from contracts.load import load
from contracts.model import Bundle

Where = tuple[str | int, ...]

WAYS = ("client_to_server", "server_to_client")

_ESCAPED = re.compile(r"\\*\$ref")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A bundle with its documents; those that it extends are in it."""

    bundle: Bundle
    source: Source
    file: Path
    """That of the bundle."""


class CannotSay(Exception):
    """Something that a format has no words for; `where` is its place in a contract file."""

    def __init__(self, message: str, where: Where = ()) -> None:
        super().__init__(message)
        self.message, self.where = message, where


def exported(name_or_dir: str) -> Exported:
    """Load a bundle to be written in another format.

    Raises:
        ContractError: it is not in order.
    """
    bundle = load(name_or_dir)
    folder = locate(name_or_dir)
    source = read_folder(folder, [], ())
    events = sorted(source.events, key=lambda one: str(one[1]["event"]))
    calls = sorted(source.calls, key=lambda one: str(one[1]["call"]))
    return Exported(
        bundle=bundle,
        source=Source(head=source.head, events=events, calls=calls, presets=source.presets),
        file=heads(folder)[0],
    )


class Faults:
    """Collects what a format has no words for, with its file and line."""

    def __init__(self) -> None:
        self._found: list[Fault] = []

    def add(self, file: Path, error: CannotSay) -> None:
        """One more."""
        self._found.append(Fault(file=file, line=line_of(file, error.where), message=error.message))

    def tell(self) -> None:
        """Raise a ContractError where there are any."""
        if self._found:
            raise ContractError(self._found)


def without(document: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """A document without some keys, and without the `$schema` of editors."""
    return {key: value for key, value in document.items() if key not in names and key != "$schema"}


def hidden(value: Any) -> Any:
    """A value for an extension: readers of other formats would follow a `$ref` in it, so that a backslash is added."""
    if isinstance(value, dict):
        return {f"\\{key}" if _ESCAPED.fullmatch(key) else key: hidden(inner) for key, inner in value.items()}
    return [hidden(inner) for inner in value] if isinstance(value, list) else value


def shown_again(value: Any) -> Any:
    """The value that `hidden` was given."""
    if isinstance(value, dict):
        return {
            key[1:] if key.startswith("\\") and _ESCAPED.fullmatch(key) else key: shown_again(inner)
            for key, inner in value.items()
        }
    return [shown_again(inner) for inner in value] if isinstance(value, list) else value


def holds_ref(value: Any) -> bool:
    """Whether data has a key `$ref`, which readers of other formats would follow."""
    if isinstance(value, dict):
        return "$ref" in value or any(map(holds_ref, value.values()))
    return isinstance(value, list) and any(map(holds_ref, value))


def schemas_of(part: Mapping[str, Any]) -> Iterator[tuple[Where, Any]]:
    """The schemas of what a part carries: of its payload, or of each argument."""
    if "payload" in part:
        yield ("payload",), part["payload"]
    for number, schema in enumerate(part.get("args", ())):
        yield ("args", number), schema
