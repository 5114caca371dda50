"""Types that a text takes from other files, or from the other fences of a document. Pure."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from conformance.align.scope import Foreign, Scope

IMPORT = re.compile(
    r"\b(?:import|export)\s+(?:type\s+)?(?:\w+\s*,\s*)?\{(?P<names>[^}]*)\}\s*from\s*['\"](?P<path>[^'\"\n]+)['\"]"
)
ONE = re.compile(r"^\s*(?:type\s+)?(?P<name>\w+)(?:\s+as\s+(?P<own>\w+))?\s*$")
OWN_FILES = re.compile(r"(?:\.{1,2}|@|~|src)/")
"""How the path of a file of the same project begins; a package's does not."""
ENDINGS = (
    "", ".ts", ".tsx", ".d.ts", ".mts", ".js", ".mjs", ".cjs", ".jsx", "/index.ts", "/index.tsx", "/index.js"
)  # fmt: skip


def linked(scopes: Mapping[str, tuple[str, Scope]]) -> dict[str, Foreign]:
    """What the types stand for that each file imports.

    Args:
        scopes: the text of each file, and its names.
    """
    declared: dict[str, list[str]] = defaultdict(list)
    for file, (_, scope) in scopes.items():
        for name in scope.types:
            declared[name].append(file)
    return {file: dict(_imported(file, text, scopes, declared)) for file, (text, _) in scopes.items()}


def _imported(
    file: str, text: str, scopes: Mapping[str, tuple[str, Scope]], declared: Mapping[str, list[str]]
) -> Iterable[tuple[str, tuple[Scope, str]]]:
    for statement in IMPORT.finditer(text) if "from" in text else ():
        if not OWN_FILES.match(statement["path"]):
            continue
        named = file_of(file, statement["path"], scopes)
        for part in statement["names"].split(","):
            one = ONE.match(part)
            if one is None:
                continue
            # What a barrel gives on is declared elsewhere: taken where only one file declares it.
            there = [named] if named and one["name"] in scopes[named][1].types else declared.get(one["name"], [])
            if len(there) == 1 and there[0] != file:
                yield one["own"] or one["name"], (scopes[there[0]][1], one["name"])


def file_of(file: str, path: str, files: Iterable[str]) -> str | None:
    """The file that a relative path of an import leads to."""
    if not path.startswith("."):
        return None
    base = posixpath.normpath(posixpath.join(posixpath.dirname(file.replace("\\", "/")), path))
    base = re.sub(r"\.(?:m?js|jsx)$", "", base)
    return next((f"{base}{ending}" for ending in ENDINGS if f"{base}{ending}" in files), None)


def shared(scopes: Iterable[Scope]) -> dict[str, tuple[Scope, str]]:
    """The types that only one of the fences of a document declares."""
    found: dict[str, list[Scope]] = defaultdict(list)
    for scope in scopes:
        for name in scope.types:
            found[name].append(scope)
    return {name: (some[0], name) for name, some in found.items() if len(some) == 1}
