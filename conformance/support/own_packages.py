"""The top-level packages of Roomcheck have common names: they are found before others, and what replaced them is told.

A folder `contracts/` where a command is started, or one on `PYTHONPATH`, would otherwise be imported in their place.
Loaded by its path, before anything else of ours: it imports nothing that is not in Python.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec, PathFinder
from typing import NoReturn

TOP = ("cli", "conformance", "contracts", "loadtests", "reports")
MARK = "# Part of the distribution roomcheck."
"""The last line of the files that make the top-level names: a file without it is of another distribution."""

USAGE = 2
"""The exit code of `conformance.model.exit_code`, which cannot be imported yet."""


class OwnPackages:
    """Finds the top-level packages of Roomcheck where this file is installed, before any folder of `sys.path`."""

    def __init__(self, root: str) -> None:
        """`root` is the folder that they are in: that of a checkout, or `site-packages`."""
        self.root = root

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Where a top-level package of ours is; None for everything else."""
        return PathFinder.find_spec(name, [self.root]) if name in TOP else None


def come_first(root: str) -> None:
    """Let the packages in `root` be found before others of their names; end the process where they were replaced.

    Called again, it does nothing.
    """
    if any(type(finder).__name__ == OwnPackages.__name__ for finder in sys.meta_path):
        return
    sys.meta_path.insert(0, OwnPackages(root))
    if told := replaced(root):
        die(told)


def die(message: str) -> NoReturn:
    """Say one message on stderr and end."""
    print(f"roomcheck: {message}", file=sys.stderr, flush=True)
    sys.exit(USAGE)


def replaced(root: str) -> str | None:
    """What has taken the place of a package of ours in its own folder, as a message; None if nothing has.

    Two distributions that are installed into one folder overwrite each other's files, and uninstalling one deletes
    those of the other.
    """
    for name in TOP:
        spec = PathFinder.find_spec(name, [root])
        if spec is None or spec.origin is None:
            return f"the package {name!r} is missing in {root}; install roomcheck again"
        if not _ours(spec.origin):
            by = f", which {other} installed" if (other := _distribution(root, spec.origin)) else ""
            return (
                f"{spec.origin}{by}, stands in place of a package of roomcheck; "
                "install roomcheck into a virtual environment of its own"
            )
    return None


def _ours(path: str) -> bool:
    with open(path, "rb") as file:
        return file.read().rstrip().endswith(MARK.encode())


def _distribution(root: str, path: str) -> str | None:
    """Another distribution that has installed a file, by its own record."""
    from importlib.metadata import distributions

    name = os.path.relpath(path, root).replace(os.sep, "/")
    for found in distributions(path=[root]):
        if found.name != "roomcheck" and any(str(file) == name for file in found.files or ()):
            return str(found.name)
    return None
