"""Edits of contracts, a line each: `FILE /pointer = JSON` sets, `- FILE /pointer` removes; `FILE = JSON` writes a file.

Examples are left out of every file that is edited, unless the edit is about them: they are generated anew.
"""

import json
import shutil
from pathlib import Path
from typing import Any

from conformance.diff.pairing import Pair
from conformance.diff.versions import version
from contracts.load import HERE

OLD = "old "
"""In the name of a file: the edit is one of the old version."""


def edited(bundle: str, text: str, into: Path) -> Pair:
    """A bundle that comes along and its edited version, as they are compared."""
    folders = into / "old", into / "new"
    for folder in folders:
        shutil.copytree(HERE / bundle, folder, dirs_exist_ok=True)
    for line in _joined(text):
        removes = line.startswith("- ")
        words, _, value = line.removeprefix("- ").partition(" = ")
        is_old = words.startswith(OLD)
        name, _, pointer = words.removeprefix(OLD).partition(" ")
        _apply(folders[not is_old], name, pointer, None if removes else json.loads(value), removes=removes)
        if "examples" not in pointer:
            for folder in folders:
                _without_examples(folder / name)
    return Pair(old=version("old", str(folders[0])), new=version("new", str(folders[1])))


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


def _without_examples(path: Path) -> None:
    if path.exists():
        path.write_text(json.dumps(_pruned(json.loads(path.read_text())), indent=2))


def _pruned(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: _pruned(value)
            for key, value in node.items()
            if key != "examples" or not {"payload", "args"} & set(node)
        }
    return [_pruned(one) for one in node] if isinstance(node, list) else node
