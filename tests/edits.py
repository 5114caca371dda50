"""Edits of contracts, a line each: `FILE /pointer = JSON` sets, `- FILE /pointer` removes; `FILE = JSON` writes a file.

Examples are left out of every file that is edited, unless the edit is about them: they are generated anew.
"""

import json
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from conformance.diff.pairing import Pair
from conformance.diff.versions import Version, version
from contracts.load import HERE

OLD = "old "
"""In the name of a file: the edit is one of the old version."""


def edited(bundle: str, text: str, into: Path) -> Pair:
    """A bundle that comes along and its edited version, as they are compared."""
    lines = _joined(text)
    old = tuple(line for line in lines if line.removeprefix("- ").startswith(OLD))
    new = tuple(line for line in lines if line not in old)
    names = frozenset(_words(line)[0] for line in lines if "examples" not in line)
    return Pair(old=_old(bundle, old, names), new=version("new", str(_written(bundle, new, into / "new", names))))


@cache
def _old(bundle: str, lines: tuple[str, ...], names: frozenset[str]) -> Version:
    """The old version: edits of the same files have the same."""
    return version("old", str(_written(bundle, lines, Path(tempfile.mkdtemp(prefix="edits-")), names)))


def _written(bundle: str, lines: tuple[str, ...], folder: Path, names: frozenset[str]) -> Path:
    shutil.copytree(HERE / bundle, folder, dirs_exist_ok=True)
    for line in lines:
        name, pointer, value = _words(line)
        _apply(folder, name, pointer, json.loads(value) if value else None, removes=line.startswith("- "))
    for path in (folder / name for name in names):
        if path.exists():
            path.write_text(json.dumps(_pruned(json.loads(path.read_text())), indent=2))
    return folder


def _words(line: str) -> tuple[str, str, str]:
    """(file, place in it, value) of an edit."""
    words, _, value = line.removeprefix("- ").partition(" = ")
    name, _, pointer = words.removeprefix(OLD).partition(" ")
    return name, pointer, value


def _joined(text: str) -> list[str]:
    """The lines, each with those that go on with it."""
    found: list[str] = []
    for line in text.strip().splitlines():
        begins = line.startswith(("- ", OLD, "bundle.json", "events/", "http/", "triggers/"))
        found = [*found, line] if begins else [*found[:-1], found[-1] + line]
    return found


def _apply(folder: Path, name: str, pointer: str, value: Any, *, removes: bool) -> None:
    path = folder / name
    if not pointer:
        path.unlink() if removes else path.write_text(json.dumps(value))
        return
    document = json.loads(path.read_text())
    *steps, last = pointer.split("/")[1:]
    part = document
    for step in steps:
        part = part[int(step)] if isinstance(part, list) else part.setdefault(step, {})
    if removes:
        part.pop(last, None)
    else:
        part[last] = value
    path.write_text(json.dumps(document, indent=2))


def _pruned(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: _pruned(value)
            for key, value in node.items()
            if key != "examples" or not {"payload", "args"} & set(node)
        }
    return [_pruned(one) for one in node] if isinstance(node, list) else node
