"""Folders in which every file is one rule or one lie: found by looking, named and told by the file itself."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
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

    def rule(self) -> dict[str, Any]:
        """What every file of a rule defines, as the fields of a rule."""
        named = {"clause": self.module.CLAUSE, "silent": self.module.SILENT, "speaks": self.module.SPEAKS}
        return {"id": self.id, "title": self.title, "why": self.why, **named}


def pages(package: str) -> Iterator[Page]:
    """Every file of a package, by name."""
    for name in sorted(found.name for found in pkgutil.iter_modules(importlib.import_module(package).__path__)):
        module = importlib.import_module(f"{package}.{name}")
        title, _, why = (module.__doc__ or "").strip().partition("\n")
        yield Page(name.replace("_", "-"), title, why.strip(), module)


def module_of(package: str, name: str) -> Any:
    """A file of a package, imported."""
    return importlib.import_module(f"{package}.{name}")


@cache
def declared(package: str, constant: str) -> dict[str, Any]:
    """The values that the files of a package give a constant, by file name, without importing any of them.

    What they import may be heavy, and above what asks; so the value has to be a literal. A file without it is left out.

    Raises:
        ValueError: a value is not a literal.
    """
    (folder,) = importlib.import_module(package).__path__
    found = {}
    for path in sorted(Path(folder).glob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and any(ast.unparse(target) == constant for target in node.targets):
                found[path.stem] = ast.literal_eval(node.value)
    return found
