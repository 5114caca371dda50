"""A document of another tool, JSON or YAML, whose references are followed inside it and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from contracts.document_text import JSON_SUFFIX, SUFFIXES, BadText, lines_of, parse, text_of
from contracts.exchange.source import Where
from contracts.faults import ContractError, Fault
from contracts.schema import shown

LONGEST_CHAIN = 50
"""References that lead to references."""


class Unread(Exception):
    """Something that cannot be taken; `where` is its place in the document."""

    def __init__(self, where: Where, message: str) -> None:
        super().__init__(message)
        self.where, self.message = where, message


@dataclass(frozen=True, kw_only=True)
class Document:
    """A whole document."""

    file: Path
    root: Any
    text: str
    form: Path
    """A name whose suffix says whether the text is JSON or YAML."""

    def line(self, where: Where) -> int:
        """The line of a place."""
        return self._lines(where)

    @cached_property
    def _lines(self) -> Callable[[Where], int]:
        return lines_of(self.form, self.text)

    def at(self, where: Where) -> Spot:
        """A place that is there, step by step; references on the way are not followed."""
        value = self.root
        for step in where:
            value = value[step]
        return Spot(document=self, where=where, value=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A value of a document with its place; what it gives is what references lead to."""

    document: Document
    where: Where
    value: Any

    def get(self, name: str) -> Spot | None:
        """What a mapping has under a name; None where it has nothing."""
        value = self.value
        return self._inner(name, value[name]).followed() if isinstance(value, dict) and name in value else None

    def members(self) -> Iterator[tuple[str, Spot]]:
        """The members of a mapping, none of anything else."""
        for name, value in self.value.items() if isinstance(self.value, dict) else ():
            yield name, self._inner(name, value).followed()

    def items(self) -> Iterator[Spot]:
        """The items of a list, none of anything else."""
        for number, value in enumerate(self.value if isinstance(self.value, list) else ()):
            yield self._inner(number, value).followed()

    def text(self, name: str) -> str | None:
        """A text that is not empty under a name; None where there is none, or something else."""
        found = self.get(name)
        return found.value if found is not None and isinstance(found.value, str) and found.value.strip() else None

    def mapping(self, name: str) -> Spot:
        """A mapping that has to be there.

        Raises:
            Unread: it is not.
        """
        found = self.get(name)
        if found is None:
            raise Unread(self.where, f"expected the key `{name}`")
        if not isinstance(found.value, dict):
            raise Unread(found.where, f"`{name}`: expected a mapping, got {shown(found.value)}")
        return found

    def followed(self) -> Spot:
        """What a reference leads to, or the value itself.

        Raises:
            Unread: it leads out of the document, to nothing, or to itself.
        """
        spot = self
        for _ in range(LONGEST_CHAIN):
            if not (isinstance(spot.value, dict) and isinstance(spot.value.get("$ref"), str)):
                return spot
            spot = spot.led(spot.value["$ref"])
        raise Unread(self.where, "`$ref`: it leads to itself, or over too many others")

    def led(self, reference: str) -> Spot:
        """The place that a reference names."""
        if not reference.startswith("#"):
            message = f"`$ref`: {shown(reference)} is outside of this document, and nothing is fetched: bundle it first"
            raise Unread((*self.where, "$ref"), message)
        spot = self.document.at(())
        steps = reference[1:].split("/")[1:]
        for number, step in enumerate(steps):
            name = _unescaped(step)
            value = spot.value
            if isinstance(value, dict) and name in value:
                spot = spot._inner(name, value[name])
            elif isinstance(value, list) and name.isascii() and name.isdigit() and int(name) < len(value):
                spot = spot._inner(int(name), value[int(name)])
            else:
                raise Unread((*self.where, "$ref"), f"`$ref`: {shown(reference)} leads to nothing in this document")
            if number < len(steps) - 1 and spot.where != self.where:
                spot = spot.followed()
        return spot

    def _inner(self, step: str | int, value: Any) -> Spot:
        return Spot(document=self.document, where=(*self.where, step), value=value)


def read_document(file: Path) -> Document:
    """Read a document.

    Raises:
        ContractError: it cannot be read, or is neither JSON nor YAML.
    """
    try:
        text = text_of(file)
        form = file if file.suffix.lower() in SUFFIXES else Path(f"document{_suffix(text)}")
        return Document(file=file, root=parse(form, text), text=text, form=form)
    except OSError as error:
        fault = Fault(file=file, line=1, message=f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        fault = Fault(file=file, line=1, message=f"is not UTF-8: {error.reason} at byte {error.start}")
    except BadText as error:
        fault = Fault(file=file, line=error.line, message=error.message)
    raise ContractError([fault])


def _suffix(text: str) -> str:
    return JSON_SUFFIX if text.lstrip()[:1] == "{" else ".yaml"


def _unescaped(step: str) -> str:
    from urllib.parse import unquote

    return unquote(step).replace("~1", "/").replace("~0", "~")
