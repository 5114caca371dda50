"""The namespaces of a bundle: those of fixed names, and those whose names have an id in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from contracts.ids import id_type, number_of
from contracts.model import Bundle, Event
from contracts.parts import namespaces_of
from contracts.schema import Schema


class Namespaces:
    """Which namespaces there are, and which events travel in each."""

    def __init__(self, bundle: Bundle) -> None:
        self._own = bundle.namespace
        self._all = namespaces_of(bundle)
        self._ids: Mapping[str, Schema] = bundle.namespaces

    def takes(self, name: str) -> bool:
        """Whether sockets may connect to a namespace."""
        return any(self._is(name, template) for template in self._all)

    def has(self, event: Event, name: str) -> bool:
        """Whether an event travels in a namespace."""
        return any(self._is(name, template) for template in event.namespaces or (self._own,))

    def concrete(self, event: Event, open_names: Iterable[str]) -> tuple[str, ...]:
        """The namespaces of an event: of templates, those that sockets are in."""
        fixed = [one for one in event.namespaces or (self._own,) if one not in self._ids]
        return tuple(dict.fromkeys([*fixed, *(name for name in open_names if self.has(event, name))]))

    def _is(self, name: str, template: str) -> bool:
        if template not in self._ids:
            return name == template
        before, _, rest = template.partition("{")
        after = rest.partition("}")[2]
        found = re.fullmatch(f"{re.escape(before)}(.+){re.escape(after)}", name)
        if found is None:
            return False
        schema = self._ids[template]
        return schema.is_valid(number_of(found[1]) if id_type(schema) == "integer" else found[1])
