"""Folders in which every file is one rule or one lie: found by looking, named and told by the file itself."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
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


def pages(folder: Path, package: str) -> Iterator[Page]:
    """Every file of a folder, by name."""
    for name in sorted(path.stem for path in folder.glob("*.py") if path.stem != "__init__"):
        module = importlib.import_module(f"{package}.{name}")
        title, _, why = (module.__doc__ or "").strip().partition("\n")
        yield Page(name.replace("_", "-"), title, why.strip(), module)
