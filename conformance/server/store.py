"""What HTTP calls have created, by the path that created it and the room that it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from contracts.model import Bundle, Call


class Store:
    """Items in the order in which they were created. They last as long as the process."""

    def __init__(self, bundle: Bundle) -> None:
        self._creating = [call for call in bundle.calls.values() if call.role == "create"]
        self._items: dict[str, list[tuple[str | None, dict[str, Any]]]] = defaultdict(list)
        self._by_id: dict[tuple[str, str], dict[str, Any]] = {}

    def close(self) -> None:
        """There is nothing to close: nothing is kept on disk."""

    def add(self, call: Call, subject: str | None, item: dict[str, Any]) -> None:
        """Keep an item of a room."""
        self._items[call.name].append((subject, item))
        name = id_field(call)
        if name is not None and name in item:
            self._by_id[call.name, str(item[name])] = item

    def page(self, call: Call, subject: str | None, skip: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """A page of what a list call lists, and how many there are in all."""
        found = [item for about, item in self._of(call) if subject is None or about == subject]
        return found[skip : skip + limit], len(found)

    def read(self, call: Call, params: Mapping[str, str]) -> dict[str, Any] | None:
        """The item that a read call names by the last parameter of its path; None where there is none."""
        creator = self.creator(call)
        last = next(reversed(call.params()), None)
        return self._by_id.get((creator.name, params[last])) if creator is not None and last is not None else None

    def _of(self, call: Call) -> list[tuple[str | None, dict[str, Any]]]:
        creator = self.creator(call)
        return self._items[creator.name] if creator is not None else []

    def creator(self, call: Call) -> Call | None:
        """The call that creates what another lists or reads: the one whose path begins most like it."""
        return max(self._creating, key=lambda one: _shared(one.path, call.path), default=None)


def id_field(call: Call) -> str | None:
    """The field of an item that is its id; None where the contract names none."""
    return call.id.rsplit("/", 1)[-1] if call.id else None


def _shared(left: str, right: str) -> int:
    count = 0
    for one, other in zip(left.split("/"), right.split("/"), strict=False):
        if one != other:
            break
        count += 1
    return count
