"""Templates of settings and contracts: JSON values in which `{name}` stands for a value."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

PLACEHOLDER = re.compile(r"\{(\w+)\}")


def names_in(template: Any) -> Iterator[str]:
    """The names that a template asks for, each as often as it does."""
    match template:
        case str():
            yield from PLACEHOLDER.findall(template)
        case dict():
            for value in template.values():
                yield from names_in(value)
        case list() | tuple():
            for value in template:
                yield from names_in(value)
        case _:
            pass


def written(template: Any, values: Mapping[str, Any]) -> Any:
    """The template with its values. A text that is one placeholder alone becomes the value, of whatever type.

    Raises:
        KeyError: a name has no value.
    """
    match template:
        case str():
            alone = PLACEHOLDER.fullmatch(template)
            if alone:
                return values[alone[1]]
            return PLACEHOLDER.sub(lambda found: str(values[found[1]]), template)
        case dict():
            return {key: written(value, values) for key, value in template.items()}
        case list() | tuple():
            return [written(value, values) for value in template]
        case _:
            return template


def unknown_name(template: Any, known: list[str]) -> str | None:
    """What is wrong with the first name in a template that has no value; None where all have one."""
    for name in names_in(template):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {{{near[0]}}}?" if near else "there are " + ", ".join(f"{{{one}}}" for one in known)
            return f"nothing is called {{{name}}} here; {hint}"
    return None
