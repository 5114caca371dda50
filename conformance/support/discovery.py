"""Folders in which every file is one rule or one lie: found by looking, named and told by the file itself."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any, NamedTuple


class Page(NamedTuple):
    """A file of such a folder."""

    id: str
    """The file's name with dashes."""
    title: str
    """The first line of its docstring."""
    why: str
    """The rest of it."""
    module: Any


def pages(package: str) -> Iterator[Page]:
    """Every file of a package, by name."""
    for name in sorted(found.name for found in pkgutil.iter_modules(importlib.import_module(package).__path__)):
        module = importlib.import_module(f"{package}.{name}")
        title, _, why = (module.__doc__ or "").strip().partition("\n")
        yield Page(name.replace("_", "-"), title, why.strip(), module)
